/// What the line says that starts a cell, such as `# %% Title [markdown] tags=["note"]`, in the percent form of Jupytext and of editors.
struct CellHeading {
  private(set) var title = ""
  private(set) var kind = Script.Cell.Kind.code
  /// What stands behind the title for other programs: `{"key": 1}`, or `key="text"` and the like.
  private(set) var metadata = ""

  private static let kinds: [(mark: String, kind: Script.Cell.Kind)] = [
    ("[markdown]", .markdown), ("[md]", .markdown), ("[raw]", .raw), ("[code]", .code),
  ]

  init(_ line: String) {
    var rest = line.drop { "# \t%".contains($0) }
    for (mark, kind) in Self.kinds {
      guard let place = rest.firstRange(of: mark),
        place.lowerBound == rest.startIndex || rest[rest.index(before: place.lowerBound)] == " "
      else { continue }
      title = Self.trimmed(rest[..<place.lowerBound])
      (self.kind, rest) = (kind, rest[place.upperBound...])
      break
    }
    // PyCharm writes the kind of a cell by itself.
    if line.hasPrefix("#%%"), let kind = ["md": Script.Cell.Kind.markdown, "raw": .raw][Self.trimmed(rest)] {
      self.kind = kind
      return
    }
    let start = Self.metadataStart(rest, isTitled: !title.isEmpty)
    metadata = Self.trimmed(rest[start...])
    let words = Self.trimmed(rest[..<start])
    title += title.isEmpty || words.isEmpty ? words : " " + words
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Where the title ends and what is for other programs begins. A title may end in what looks like a number of theirs, as in
  /// `Loss at lr=0.1`; without a title, and before other values of theirs, it is one.
  private static func metadataStart(_ text: Substring, isTitled: Bool) -> Substring.Index {
    for place in text.indices where place == text.startIndex || text[text.index(before: place)] == " " {
      let rest = text[place...]
      if rest.first == "{", rest.last(where: { !$0.isWhitespace }) == "}" { return place }
      let behind = behindNumbers(rest)
      if startsWithValue(behind) { return place }
      let isFirst = !isTitled && text[..<place].allSatisfy(\.isWhitespace)
      if isFirst, !rest.isEmpty, behind.isEmpty { return place }
    }
    return text.endIndex
  }

  /// What follows the sign behind the name of a field; nil where none begins.
  private static func value(_ text: Substring) -> Substring? {
    let name = text.prefix { $0.isLetter || $0.isNumber || "_-.@/".contains($0) }
    let value = text.dropFirst(name.count)
    return name.isEmpty || value.first != "=" ? nil : value.dropFirst()
  }

  /// Whether a field begins whose value no title has.
  private static func startsWithValue(_ text: Substring) -> Bool {
    guard let value = value(text) else { return false }
    if let sign = value.first, "\"'[{".contains(sign) { return true }
    let word = value.prefix { $0 != " " }
    return ["true", "false", "null", "True", "False", "None"].contains(word)
  }

  /// What stands behind fields whose values are numbers, and behind blanks.
  private static func behindNumbers(_ text: Substring) -> Substring {
    var rest = text.drop(while: \.isWhitespace)
    while let value = value(rest) {
      let word = value.prefix { $0 != " " }
      guard word.wholeMatch(of: #/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/#) != nil else { break }
      rest = value[word.endIndex...].drop(while: \.isWhitespace)
    }
    return rest
  }
}
