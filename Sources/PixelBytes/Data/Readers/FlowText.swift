/// A value that stands in brackets, in quotes or plain within a line, as YAML's flow style has it.
struct FlowText {
  /// The deepest nesting that is read.
  private static let depthLimit = 16
  private var rest: Substring

  /// The value of a text, behind which nothing but a comment stands; nil for another form.
  static func value(of text: Substring) -> BlockText.Value? {
    var reader = FlowText(rest: text)
    guard let value = reader.value(depth: 0, isPlainToEnd: true) else { return nil }
    return reader.isAtEnd ? value : nil
  }

  /// The key at the beginning of a line and what stands behind its colon; nil for a line without.
  static func field(of text: Substring) -> (name: String, rest: Substring)? {
    var reader = FlowText(rest: text)
    let name: String
    if let first = text.first, "\"'".contains(first) {
      guard let quoted = reader.quoted() else { return nil }
      name = quoted
      reader.skipSpaces()
    } else {
      guard let first = text.first, !"[{&*!|>%@`".contains(first) else { return nil }
      guard let colon = Self.colon(in: text) else { return nil }
      name = String(text[..<colon].reversed().drop { $0 == " " }.reversed())
      reader.rest = text[colon...]
    }
    guard reader.rest.first == ":" else { return nil }
    reader.rest.removeFirst()
    guard reader.rest.isEmpty || reader.rest.first == " " else { return nil }
    reader.skipSpaces()
    return (name, reader.rest.hasPrefix("#") ? "" : reader.rest)
  }

  /// A line without its comment, and how many brackets are open at its end, outside of quotes, behind `open` of them.
  static func scan(_ text: Substring, behind open: Int) -> (text: Substring, open: Int) {
    var reader = FlowText(rest: text)
    var (open, last) = (open, Character(" "))
    while let sign = reader.rest.first {
      // Quotes stand at the beginning of a text, brackets where a value may begin.
      let begins = " [{,:".contains(last)
      if sign == "#", last == " " { return (text[..<reader.rest.startIndex], open) }
      if "\"'".contains(sign), begins {
        guard reader.quoted() != nil else { break }
        last = sign
        continue
      }
      if "[{".contains(sign), open > 0 || begins { open += 1 }
      if "]}".contains(sign), open > 0 { open -= 1 }
      last = sign
      reader.rest.removeFirst()
    }
    return (text, open)
  }

  /// The first colon that ends a key.
  private static func colon(in text: Substring) -> Substring.Index? {
    text.indices.first { place in
      text[place] == ":" && (text.index(after: place) == text.endIndex || text[text.index(after: place)] == " ")
    }
  }

  private var isAtEnd: Bool {
    let spaces = rest.prefix { $0 == " " }
    return spaces.count == rest.count || rest.dropFirst(spaces.count).hasPrefix("#") && !spaces.isEmpty
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

  private mutating func accept(_ sign: Character) -> Bool {
    skipSpaces()
    guard rest.first == sign else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func value(depth: Int, isPlainToEnd: Bool) -> BlockText.Value? {
    skipSpaces()
    guard depth < Self.depthLimit, let first = rest.first else { return nil }
    switch first {
    case "[": return list(depth)
    case "{": return map(depth)
    case "\"", "'": return quoted().map { .text($0) }
    case "|", ">", "&", "!", "%", "@", "`", "*": return nil
    default: return plain(toEnd: isPlainToEnd).map { .text($0) }
    }
  }

  private mutating func list(_ depth: Int) -> BlockText.Value? {
    rest.removeFirst()
    var parts: [BlockText.Value] = []
    while !accept("]") {
      guard let part = value(depth: depth + 1, isPlainToEnd: false) else { return nil }
      if accept(":") {
        // A key with its value is a map of one.
        guard case .text(let name) = part, let fields = field(name, depth) else { return nil }
        parts.append(.map(fields))
      } else {
        parts.append(part)
      }
      guard accept(",") else { return accept("]") ? .list(parts) : nil }
    }
    return .list(parts)
  }

  private mutating func map(_ depth: Int) -> BlockText.Value? {
    rest.removeFirst()
    var fields: [(name: String, value: BlockText.Value)] = []
    while !accept("}") {
      skipSpaces()
      let isQuoted = rest.first.map { "\"'".contains($0) } ?? false
      guard let name = isQuoted ? quoted() : plain(toEnd: false) else { return nil }
      if accept(":") {
        guard let more = field(name, depth) else { return nil }
        fields += more
      }
      guard accept(",") else { return accept("}") ? .map(fields) : nil }
    }
    return .map(fields)
  }

  /// What stands behind the colon of a key; nothing where the value is missing.
  private mutating func field(_ name: String, _ depth: Int) -> [(name: String, value: BlockText.Value)]? {
    skipSpaces()
    if let next = rest.first, ",]}".contains(next) { return [] }
    return value(depth: depth + 1, isPlainToEnd: false).map { [(name, $0)] }
  }

  /// A text without quotes, which ends before a comment; within brackets also before a comma, a bracket, or the colon of a key.
  private mutating func plain(toEnd: Bool) -> String? {
    var (end, last) = (rest.startIndex, Character("x"))
    while end < rest.endIndex {
      let sign = rest[end]
      if sign == "#", last == " " { break }
      if !toEnd {
        if ",[]{}".contains(sign) { break }
        let next = rest.index(after: end)
        if sign == ":", next == rest.endIndex || " ,[]{}".contains(rest[next]) { break }
      }
      last = sign
      end = rest.index(after: end)
    }
    let text = rest[..<end]
    let trimmed = text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex)]
    rest = rest[trimmed.endIndex...]
    return trimmed.isEmpty || trimmed == "-" || trimmed == "?" ? nil : String(trimmed)
  }

  /// A text as it stands in double quotes.
  static func inQuotes(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }

  /// A text in quotes; nil where they do not end, and for an escape that is none.
  private mutating func quoted() -> String? {
    let quote = rest.removeFirst()
    var text = ""
    while let sign = rest.popFirst() {
      if sign == quote {
        if quote == "\"" || rest.first != "'" { return text }
        rest.removeFirst()
        text.append("'")
      } else if sign == "\\", quote == "\"" {
        guard let escape = rest.popFirst(), let character = escaped(escape) else { return nil }
        text.append(character)
      } else {
        text.append(sign)
      }
    }
    return nil
  }

  private static let escapes: [Character: Character] = [
    "\"": "\"", "\\": "\\", "/": "/", " ": " ", "n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\u{7}", "b": "\u{8}",
    "e": "\u{1B}", "f": "\u{C}", "v": "\u{B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}", "P": "\u{2029}",
  ]

  private mutating func escaped(_ sign: Character) -> Character? {
    if let known = Self.escapes[sign] { return known }
    guard let count = ["x": 2, "u": 4, "U": 8][sign] else { return nil }
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16) else {
      return nil
    }
    rest = rest.dropFirst(count)
    return Unicode.Scalar(code).map { Character($0) }
  }
}
