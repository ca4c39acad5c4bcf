import PixelScript

/// Finds the call that the end of an unfinished text stands in.
struct CallScanner {
  /// A call whose arguments are being written.
  struct Call: Equatable {
    /// The name of the function or command.
    let name: String
    /// The place of the name among the tokens.
    let place: Int
    /// The labels of the arguments before.
    var labels: [String] = []
    /// The number of arguments before that have no label.
    var positions = 0
    /// The label of the argument being written.
    var label: String?
    /// True when no token of the argument being written is there yet.
    var isAtArgument = true
  }

  private enum Frame {
    case command(Call)
    case parentheses(Call)
    case list
    case brackets
  }

  private let isCallable: (String) -> Bool
  private let tokens: [Token]
  private var frames: [Frame] = []

  /// Returns the innermost call that is open after `tokens`, or nil; `isCallable` knows commands and functions.
  ///
  /// With `throughLists` a place in a list belongs to the call that the list is an argument of.
  static func openCall(
    after tokens: [Token], throughLists: Bool = false, isCallable: (String) -> Bool
  ) -> Call? {
    withoutActuallyEscaping(isCallable) { isCallable in
      var scanner = CallScanner(isCallable: isCallable, tokens: tokens, frames: [])
      for place in tokens.indices { scanner.read(place) }
      while throughLists, case .list = scanner.frames.last { scanner.frames.removeLast() }
      return scanner.innermost
    }
  }

  private init(isCallable: @escaping (String) -> Bool, tokens: [Token], frames: [Frame]) {
    self.isCallable = isCallable
    self.tokens = tokens
    self.frames = frames
  }

  private var innermost: Call? {
    switch frames.last {
    case .command(let call), .parentheses(let call): call
    default: nil
    }
  }

  private mutating func read(_ place: Int) {
    switch tokens[place].kind {
    case .newline where isContinued(place): break
    case .newline, .sign(.semicolon): closeCommand()
    case .sign(.leftParenthesis): open(place)
    case .sign(.leftBracket):
      touchArgument()
      frames.append(isIndex(place) ? .brackets : .list)
    case .sign(.leftBrace):
      touchArgument()
      frames.append(.brackets)
    case .sign(.rightParenthesis), .sign(.rightBracket), .sign(.rightBrace):
      closeCommand()
      _ = frames.popLast()
    case .sign(.comma): nextArgument()
    case .sign(.colon): startLabel(place)
    case .name(let name) where startsStatement(place) && isCallable(name) && isCommandForm(place):
      frames.append(.command(Call(name: name, place: place)))
    default: touchArgument()
    }
  }

  /// A line end after a comma or an operator, or inside brackets, ends nothing.
  private func isContinued(_ place: Int) -> Bool {
    if case .command = frames.last {} else { return true }
    guard place > 0, case .sign(let sign) = tokens[place - 1].kind else { return false }
    return ![.rightParenthesis, .rightBracket, .rightBrace].contains(sign)
  }

  private func startsStatement(_ place: Int) -> Bool {
    guard place > 0 else { return true }
    switch tokens[place - 1].kind {
    case .newline, .sign(.semicolon), .sign(.assign), .sign(.leftBrace), .sign(.rightBrace): return true
    default: return false
    }
  }

  /// True for `[` right behind a value, which takes a part of it.
  private func isIndex(_ place: Int) -> Bool {
    guard place > 0, !tokens[place].followsSpace else { return false }
    switch tokens[place - 1].kind {
    case .name, .string, .sign(.rightBracket), .sign(.rightParenthesis): return true
    default: return false
    }
  }

  /// A name, a space and the start of an argument; a name at the end counts, as more will follow.
  private func isCommandForm(_ place: Int) -> Bool {
    guard place + 1 < tokens.count else { return true }
    let next = tokens[place + 1]
    guard next.followsSpace else { return false }
    switch next.kind {
    case .name, .number, .string, .interpolation: return true
    case .keyword(let word): return [.fn, .true, .false, .nil, .not].contains(word)
    default: return false
    }
  }

  private mutating func open(_ place: Int) {
    touchArgument()
    guard place > 0, !tokens[place].followsSpace, case .name(let name) = tokens[place - 1].kind else {
      return frames.append(.brackets)
    }
    var call = Call(name: name, place: place - 1)
    if place > 1, case .sign(.dot) = tokens[place - 2].kind { call.positions = 1 }
    frames.append(.parentheses(call))
  }

  private mutating func closeCommand() {
    if case .command = frames.last { frames.removeLast() }
  }

  private mutating func change(_ body: (inout Call) -> Void) {
    switch frames.popLast() {
    case .command(var call):
      body(&call)
      frames.append(.command(call))
    case .parentheses(var call):
      body(&call)
      frames.append(.parentheses(call))
    case let other?: frames.append(other)
    case nil: break
    }
  }

  private mutating func touchArgument() { change { $0.isAtArgument = false } }

  private mutating func nextArgument() {
    change { call in
      if let label = call.label { call.labels.append(label) } else { call.positions += 1 }
      call.label = nil
      call.isAtArgument = true
    }
  }

  private mutating func startLabel(_ place: Int) {
    guard place > 0, case .name(let name) = tokens[place - 1].kind else { return touchArgument() }
    change { call in
      if call.label == nil { call.label = name }
    }
  }
}
