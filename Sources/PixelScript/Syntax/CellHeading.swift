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
    var rest = line.drop { $0 == "#" || $0 == " " || $0 == "%" }
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
    let start = Self.metadataStart(rest)
    metadata = Self.trimmed(rest[start...])
    let words = Self.trimmed(rest[..<start])
    title += title.isEmpty || words.isEmpty ? words : " " + words
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Where the title ends and what is for other programs begins.
  private static func metadataStart(_ text: Substring) -> Substring.Index {
    for place in text.indices where place == text.startIndex || text[text.index(before: place)] == " " {
      let rest = text[place...]
      if rest.first == "{", rest.last(where: { !$0.isWhitespace }) == "}" { return place }
      let name = rest.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
      let value = rest.dropFirst(name.count)
      guard !name.isEmpty, value.first == "=" else { continue }
      let first = value.dropFirst()
      if let sign = first.first, "\"'[{".contains(sign) { return place }
      if ["true", "false", "null"].contains(where: { first == $0 || first.hasPrefix($0 + " ") }) { return place }
    }
    return text.endIndex
  }
}
