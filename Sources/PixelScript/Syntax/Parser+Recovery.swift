extension Parser {
  /// Notes an error, unless one about the same token has been noted.
  mutating func record(_ error: SyntaxError) {
    guard lastErrorIndex != index, !isStopped else { return }
    lastErrorIndex = index
    errors.append(error)
    isStopped = errors.count == Parser.errorLimit || error.diagnostic.kind == .limit
  }

  /// Goes on after the statement that starts at `start` and holds an error at the current token or before.
  ///
  /// The end is the first line end outside the statement's brackets. A bracket that was never closed would reach to the end of
  /// the text, so a line that can only be the start of a statement ends it too.
  mutating func recover(from start: Int) {
    let errorIndex = index
    ignoresNewlines = false
    index = isStopped ? tokens.count - 1 : start
    var closers: [Sign] = []
    while true {
      switch current.kind {
      case .end, .cell: return
      case .newline, .sign(.semicolon):
        if index >= errorIndex, closers.isEmpty || startsStatement(at: index + 1) { return }
      case .sign(let sign):
        if let closer = sign.closer {
          if sign == .leftBrace, next.kind == .newline, let end = matchingBrace(from: index) {
            index = end
          } else {
            closers.append(closer)
          }
        } else if let opened = closers.lastIndex(of: sign) {
          closers.removeSubrange(opened...)
        } else if sign == .rightBrace, context.isInBlock {
          return
        }
      default: break
      }
      index += 1
    }
  }

  /// The `}` that closes the `{` here, if there is one in this cell.
  private func matchingBrace(from start: Int) -> Int? {
    var depth = 0
    for place in start..<tokens.count {
      switch tokens[place].kind {
      case .sign(.leftBrace): depth += 1
      case .sign(.rightBrace): depth -= 1
      case .cell: return nil
      default: break
      }
      if depth == 0 { return place }
    }
    return nil
  }

  /// Runs `parse` for what comes before a block. After an error the block is still read, if it begins on the same line.
  mutating func header<Result>(
    placeholder: @autoclosure () -> Result, _ parse: (inout Parser) throws(SyntaxError) -> Result
  ) throws(SyntaxError) -> Result {
    let (opened, outer, start) = (openers.count, ignoresNewlines, index)
    do {
      return try parse(&self)
    } catch {
      var brace = index
      while tokens[brace].kind != .sign(.leftBrace) {
        let kind = tokens[brace].kind
        guard kind != .newline, kind != .cell, kind != .end else { throw error }
        brace += 1
      }
      record(error)
      lost.append(start..<brace)
      index = brace
      ignoresNewlines = outer
      openers.removeSubrange(opened...)
      return placeholder()
    }
  }

  /// True where a line can only be the start of a statement.
  func startsStatement(at index: Int) -> Bool {
    guard index + 1 < tokens.count else { return true }
    switch tokens[index].kind {
    case .keyword(let word):
      switch word {
      case .assert, .break, .continue, .for, .import, .param, .raise, .return, .try, .while: return true
      case .fn:
        if case .name = tokens[index + 1].kind { return true }
        return false
      default: return false
      }
    case .name: return tokens[index + 1].kind == .sign(.assign) || tokens[index + 1].kind.augmentation != nil
    default: return false
    }
  }
}
