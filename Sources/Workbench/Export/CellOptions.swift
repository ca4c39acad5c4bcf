import Formats

/// What the line of a cell says for other programs, such as `tags=["note"] name="first"` or `{"tags": ["note"]}`: in a notebook of Jupyter
/// the metadata of the cell.
enum CellOptions {
  /// The fields that a text says; nil for a text of another form.
  static func fields(_ text: String) -> [JSON.Field]? {
    var words = OptionWords(rest: text[...])
    words.skip()
    if words.rest.first == "{" { return words.value(depth: 0)?.fields.flatMap { words.isAtEnd ? $0 : nil } }
    var fields: [JSON.Field] = []
    while !words.isAtEnd {
      let name = words.rest.prefix(while: isOfName)
      words.rest = words.rest.dropFirst(name.count)
      guard !name.isEmpty else { return nil }
      // A name by itself has no value.
      let isGiven = words.accept("=")
      guard let value = isGiven ? words.value(depth: 0) : .null else { return nil }
      fields.append(.init(String(name), value))
    }
    return fields
  }

  /// The text of fields as it stands in the line of a cell, where `isTitled` behind a title.
  static func text(of fields: [JSON.Field], isTitled: Bool = false) -> String {
    if fields.isEmpty { return "" }
    let arePlain =
      (!isTitled || fields.contains { isMarked($0.value) })
      && fields.allSatisfy { field in
        !field.name.isEmpty && field.name.allSatisfy { $0.isASCII && isOfName($0) }
          && (isMarked(field.value) || field.value.text().allSatisfy { "0123456789+-.eE".contains($0) })
      }
    return arePlain
      ? fields.map { "\($0.name)=\($0.value.text(.spaced))" }.joined(separator: " ") : JSON.object(fields).text(.spaced)
  }

  private static func isOfName(_ letter: Character) -> Bool {
    letter.isLetter || letter.isNumber || "_-.@/".contains(letter)
  }

  /// Whether a value begins as one does that a line of a cell takes for no part of its title.
  private static func isMarked(_ value: JSON) -> Bool {
    switch value {
    case .integer, .number, .literal: false
    default: true
    }
  }

  /// Whether two texts say the same, in whatever order.
  static func areOne(_ text: String, _ other: String) -> Bool {
    if text == other { return true }
    guard let first = fields(text), let second = fields(other), first.count == second.count else { return false }
    return first.allSatisfy { field in
      second.contains { $0.name == field.name && $0.value.text() == field.value.text() }
    }
  }
}

/// The words of options: values as JSON or Python writes them.
private struct OptionWords {
  var rest: Substring

  var isAtEnd: Bool {
    mutating get {
      skip()
      return rest.isEmpty
    }
  }

  mutating func skip() { rest = rest.drop { $0 == " " || $0 == "\t" } }

  mutating func accept(_ sign: Character) -> Bool {
    skip()
    guard rest.first == sign else { return false }
    rest.removeFirst()
    return true
  }

  mutating func value(depth: Int) -> JSON? {
    skip()
    guard depth < 32, let first = rest.first else { return nil }
    switch first {
    case "\"", "'": return text(first).map { .string($0) }
    case "[":
      rest.removeFirst()
      var elements: [JSON] = []
      while !accept("]") {
        guard let element = value(depth: depth + 1) else { return nil }
        elements.append(element)
        if !accept(",") { return accept("]") ? .array(elements) : nil }
      }
      return .array(elements)
    case "{":
      rest.removeFirst()
      var fields: [JSON.Field] = []
      while !accept("}") {
        skip()
        guard let quote = rest.first, "\"'".contains(quote), let name = text(quote), accept(":"),
          let value = value(depth: depth + 1)
        else { return nil }
        fields.append(.init(name, value))
        if !accept(",") { return accept("}") ? .object(fields) : nil }
      }
      return .object(fields)
    default:
      let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }
      rest = rest.dropFirst(word.count)
      switch word {
      case "true", "True": return .bool(true)
      case "false", "False": return .bool(false)
      case "null", "None": return .null
      default:
        do throws(JSONFault) { return try JSON(Array(word.utf8)) } catch { return nil }
      }
    }
  }

  /// A text between quotes, with the escapes of JSON.
  private mutating func text(_ quote: Character) -> String? {
    var (inner, isEscaped) = ("", false)
    var end = rest.index(after: rest.startIndex)
    while end < rest.endIndex, isEscaped || rest[end] != quote {
      // JSON has no escape for a quote of the other kind.
      if isEscaped, rest[end] == "'" { inner.removeLast() }
      inner += !isEscaped && rest[end] == "\"" ? "\\\"" : String(rest[end])
      isEscaped = !isEscaped && rest[end] == "\\"
      end = rest.index(after: end)
    }
    guard end < rest.endIndex else { return nil }
    rest = rest[rest.index(after: end)...]
    do throws(JSONFault) { return try JSON(Array("\"\(inner)\"".utf8)).string } catch { return nil }
  }
}
