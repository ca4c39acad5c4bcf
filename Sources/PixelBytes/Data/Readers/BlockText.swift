/// Maps and lists as YAML has them, in lines that are moved in or in brackets; other forms of YAML are none.
struct BlockText {
  indirect enum Value {
    case text(String)
    case list([Value])
    case map([(name: String, value: Value)])

    /// The value of a key in a map.
    subscript(key: String) -> Value? {
      if case .map(let fields) = self { fields.first { $0.name == key }?.value } else { nil }
    }

    /// The same with the last value alone of each key that stands several times in a map, as in the YAML of Python; `repeated` hears of
    /// such keys.
    func settled(_ repeated: inout [String]) -> Value {
      switch self {
      case .text: return self
      case .list(let parts): return .list(parts.map { $0.settled(&repeated) })
      case .map(let fields):
        var found: [(name: String, value: Value)] = []
        for (name, value) in fields {
          if let place = found.firstIndex(where: { $0.name == name }) {
            if !repeated.contains(name) { repeated.append(name) }
            found[place].value = value
          } else {
            found.append((name, value))
          }
        }
        return .map(found.map { ($0.name, $0.value.settled(&repeated)) })
      }
    }

    /// A text or a list of texts.
    var texts: [String]? {
      switch self {
      case .text(let text): return [text]
      case .map: return nil
      case .list(let parts):
        let texts = parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
        return texts.count == parts.count && !texts.isEmpty ? texts : nil
      }
    }
  }

  private var lines: [(indent: Int, text: Substring)] = []
  private var next = 0

  /// Takes the first field of some lines, up to the next field of the same place; nil for lines with tabs before their beginning. Lines
  /// within brackets are one, and so are those of a text behind `|` or `>`.
  init?(field lines: ArraySlice<Substring>) {
    var (open, indent, parts) = (0, 0, [Substring]())
    var rest = lines
    while let line = rest.popFirst() {
      let text = line.drop { $0 == " " }
      if text.isEmpty || text.hasPrefix("#") { continue }
      if text.hasPrefix("\t") { return nil }
      if open == 0, !self.lines.isEmpty, text.startIndex == line.startIndex, !isItem(text) { break }
      if parts.isEmpty { indent = line.count - text.count }
      let found = FlowText.scan(text, behind: open)
      if open == 0, let scalar = ScalarHeader(found.text) {
        self.lines.append((indent, scalar.head + FlowText.inQuotes(scalar.text(&rest, behind: indent))))
        continue
      }
      open = found.open
      parts.append(open > 0 || !parts.isEmpty ? found.text : text)
      guard open == 0 else { continue }
      let line = parts.count == 1 ? Self.continued(parts[0], indent, &rest) : Substring(parts.joined(separator: " "))
      self.lines.append((indent, line))
      parts = []
    }
    // Brackets that do not end are no form that is read.
    if !parts.isEmpty { return nil }
  }

  /// A line with those behind it in which a text goes on, in quotes or further in than its key stands; ends of lines are blanks there, and
  /// blank lines ends of lines.
  private static func continued(_ line: Substring, _ indent: Int, _ rest: inout ArraySlice<Substring>) -> Substring {
    var key = line
    while key.hasPrefix("- ") { key = key.dropFirst(2).drop { $0 == " " } }
    let field = FlowText.field(of: key)
    guard field != nil || key.startIndex > line.startIndex, let first = (field?.rest ?? key).first,
      !"[]{}|>&!%@`*#".contains(first)
    else { return line }
    let column = indent + (field == nil ? 0 : line.count - key.count)
    let isQuoted = "\"'".contains(first)
    var (joined, value, lines) = (String(line), String(field?.rest ?? key), 0)
    while lines < 100, !isQuoted || FlowText.value(of: value[...]) == nil {
      lines += 1
      let blanks = rest.prefix { $0.allSatisfy { $0 == " " } }.count
      guard let next = rest.dropFirst(blanks).first else { break }
      let text = next.drop { $0 == " " }
      let isFurther = next.count - text.count > column
      guard isQuoted || isFurther && !text.hasPrefix("#") && FlowText.field(of: text) == nil else { break }
      let escapes = isQuoted && first == "\"" && joined.hasSuffix("\\") && blanks == 0
      if escapes { (joined, value) = (String(joined.dropLast()), String(value.dropLast())) }
      let more = (escapes ? "" : blanks > 0 ? String(repeating: "\n", count: blanks) : " ") + text
      (joined, value) = (joined + more, value + more)
      rest = rest.dropFirst(blanks + 1)
    }
    return joined[...]
  }

  /// The value of the lines from the next one on that are moved in as it is; nil for a form that is not read.
  mutating func value(depth: Int = 0) -> Value? {
    guard next < lines.count, depth < 16 else { return nil }
    let indent = lines[next].indent
    if isItem(lines[next].text) { return list(indent, depth) }
    guard FlowText.field(of: lines[next].text) != nil else {
      defer { next += 1 }
      return FlowText.value(of: lines[next].text)
    }
    var fields: [(name: String, value: Value)] = []
    while next < lines.count, lines[next].indent == indent, !isItem(lines[next].text) {
      guard let (name, rest) = FlowText.field(of: lines[next].text) else { return nil }
      next += 1
      if !rest.isEmpty {
        guard let value = FlowText.value(of: rest) else { return nil }
        fields.append((name, value))
      } else if next < lines.count,
        lines[next].indent > indent || lines[next].indent == indent && isItem(lines[next].text)
      {
        guard let value = self.value(depth: depth + 1) else { return nil }
        fields.append((name, value))
      }
    }
    return next < lines.count && lines[next].indent > indent ? nil : .map(fields)
  }

  private mutating func list(_ indent: Int, _ depth: Int) -> Value? {
    var parts: [Value] = []
    while next < lines.count, lines[next].indent == indent, isItem(lines[next].text) {
      let rest = lines[next].text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        next += 1
        guard next < lines.count, lines[next].indent > indent else { return nil }
      } else {
        lines[next] = (indent + lines[next].text.count - rest.count, rest)
      }
      guard let part = value(depth: depth + 1) else { return nil }
      parts.append(part)
    }
    return .list(parts)
  }

  private func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }
}

/// A text that stands in the lines behind its key, which `|` keeps and `>` joins.
private struct ScalarHeader {
  /// The line up to the sign.
  let head: Substring
  /// How many places further in its key stands than the line, behind the signs of items.
  private let offset: Int
  private let isFolded: Bool
  /// What becomes of the ends of lines behind the text: "-" leaves all out, "+" keeps all, else one stays.
  private let end: Character?
  private let width: Int?

  /// Nil for a line that ends otherwise.
  init?(_ line: Substring) {
    let line = line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]
    guard let place = line.lastIndex(where: { "|>".contains($0) }) else { return nil }
    let signs = line[line.index(after: place)...]
    let digits = signs.filter(\.isNumber)
    head = line[..<place]
    guard signs.count <= 2, signs.allSatisfy({ "+-123456789".contains($0) }), digits.count < 2,
      signs.count - digits.count < 2, head.hasSuffix(": ") || head.drop(while: { $0 == "-" || $0 == " " }).isEmpty
    else { return nil }
    isFolded = line[place] == ">"
    end = signs.first { "+-".contains($0) }
    width = Int(digits)
    var key = head
    while key.hasPrefix("- ") { key = key.dropFirst(2).drop { $0 == " " } }
    offset = head.count - key.count
  }

  /// Takes the lines of the text, which stand further in than its key does.
  func text(_ lines: inout ArraySlice<Substring>, behind indent: Int) -> String {
    func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " } }
    let first = lines.first { !isBlank($0) }.map { $0.prefix { $0 == " " }.count } ?? 0
    let inner = width.map { indent + offset + $0 } ?? max(first, indent + offset + 1)
    var taken: [Substring] = []
    while let line = lines.first, isBlank(line) || line.prefix(while: { $0 == " " }).count >= inner {
      taken.append(line.dropFirst(inner))
      lines.removeFirst()
    }
    let blanks = taken.reversed().prefix { $0.isEmpty }.count
    taken.removeLast(blanks)
    if taken.isEmpty { return end == "+" ? String(repeating: "\n", count: blanks) : "" }
    return joined(taken) + (end == "-" ? "" : String(repeating: "\n", count: end == "+" ? blanks + 1 : 1))
  }

  /// The text of lines of which the last is not blank.
  private func joined(_ lines: [Substring]) -> String {
    if !isFolded { return lines.joined(separator: "\n") }
    var (text, last, blanks) = ("", Substring(), 0)
    for (place, line) in lines.enumerated() {
      if line.isEmpty {
        blanks += 1
        continue
      }
      let isFirst = place == blanks
      // The ends of lines that stand further in stay.
      let ends = blanks + (!isFirst && (line.hasPrefix(" ") || last.hasPrefix(" ")) ? 1 : 0)
      text += ends > 0 ? String(repeating: "\n", count: ends) : isFirst ? "" : " "
      text += line
      (last, blanks) = (line, 0)
    }
    return text
  }
}
