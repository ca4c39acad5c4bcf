/// A parameter that a script declares with `param`.
public struct ScriptParameter {
  /// The name.
  public let name: String
  /// The value when none is given; its type is the parameter's.
  public let fallback: Value
  /// The values allowed, when there are only some; of a list they are those of its elements.
  public let choices: [Value]?
  /// What it means.
  public let documentation: String?

  /// What help and errors call its type, such as "list of numbers".
  public var typeName: String {
    guard let element = elementType else { return fallback.typeName }
    return "list of \(element)s"
  }

  /// True when it is a list, which several words give.
  public var takesSeveral: Bool { if case .list = fallback { true } else { false } }

  /// The elements of the default, when it is a list.
  private var elements: [Value] { if case .list(let list) = fallback { list.values } else { [] } }

  /// The type of the default's elements, when it is one list of one type.
  private var elementType: String? {
    guard let first = elements.first?.typeName, elements.allSatisfy({ $0.typeName == first }) else { return nil }
    return first
  }

  /// Reads a value from the words of a command line; throws a type error when they are not of the parameter's type.
  ///
  /// A list is one word for each element, or words with several: `3 4`, `3,4` and `[3, 4]` are the same.
  public func value(from words: [String]) throws(ScriptError) -> Value {
    guard takesSeveral else {
      guard words.count == 1 else { throw mistake(words.joined(separator: " ")) }
      return try value(from: words[0])
    }
    var values: [Value] = []
    for word in words {
      if let several = severalChoices(in: word) {
        values += several
        continue
      }
      guard let read = ListText(isOfStrings: elementType == "string").elements(of: word) else { throw mistake(word) }
      // Of a list of lists each word may be one of these.
      let isElement = words.count > 1 && elementType == "list" && !read.contains { $0.typeName == "list" }
      values += isElement ? [.list(read)] : read
    }
    if elementType == nil, elements.isEmpty, !values.allSatisfy({ $0.typeName == values[0].typeName }) {
      values = words.flatMap { ListText(isOfStrings: true).elements(of: $0) ?? [] }
    }
    let list = Value.list(values)
    guard isOfType(list) else { throw mistake(words.joined(separator: " ")) }
    return list
  }

  /// Reads a value from a word of a command line; throws a type error when it is not of the parameter's type.
  public func value(from text: String) throws(ScriptError) -> Value {
    if let choice = foreignChoice(text) { return choice }
    switch fallback {
    case .string, .nil: return .string(text)
    case .bool where text == "true" || text == "false": return .bool(text == "true")
    case .number:
      let number = Double(text.replacing("_", with: ""))
      if let number, !number.isInfinite || !text.isBeyondNumbers { return .number(number) }
    case .list: return try value(from: [text])
    default: break
    }
    throw mistake(text)
  }

  /// The choice that a word stands for where it is of another type than the default, as `"force"` beside `false`.
  package func foreignChoice(_ text: String) -> Value? {
    choices?.first { $0.typeName != fallback.typeName && $0.description == text }
  }

  /// Choices with blanks between, as `"loss f1"`; nil for anything else.
  private func severalChoices(in word: String) -> [Value]? {
    let parts = word.split(separator: " ").map { Value.string(String($0)) }
    return parts.count > 1 && choices.map { choices in parts.allSatisfy(choices.contains) } == true ? parts : nil
  }

  private func mistake(_ text: String) -> ScriptError {
    ScriptError(
      .type, "the parameter `\(name)` is \(withArticle(typeName)), found \(Display.quoted(Display.start(of: text)))")
  }

  private func isOfType(_ value: Value) -> Bool {
    guard value.typeName == fallback.typeName else { return fallback.isNil || choices?.contains(value) == true }
    guard let element = elementType, case .list(let list) = value else { return true }
    return list.values.allSatisfy { $0.typeName == element }
  }

  /// Throws when the value is not of the parameter's type or none of its choices.
  package func check(_ value: Value) throws(ScriptError) {
    guard isOfType(value) else {
      let found = if case .list = value, takesSeveral { value.brief } else { describe(value) }
      throw ScriptError(
        .type, "the parameter `\(name)` is \(withArticle(typeName)), found \(found)", culprit: .label(name))
    }
    guard let choices, !choices.contains(value) else { return }
    var wrong = value
    if case .list(let list) = value, takesSeveral {
      guard let first = list.values.first(where: { !choices.contains($0) }) else { return }
      wrong = first
    }
    var help: String?
    if case .string(let text) = wrong {
      let texts = choices.compactMap { if case .string(let choice) = $0 { choice } else { nil } }
      help = Suggestion.best(for: text, in: texts).map { "did you mean \"\($0)\"?" }
    }
    let allowed = choices.map(\.echo).joined(separator: ", ")
    let each = takesSeveral ? "is a list of" : "is one of"
    throw ScriptError(
      .value, "the parameter `\(name)` \(each) \(allowed), found \(wrong.brief)", help: help, culprit: .label(name))
  }
}

/// A list as people write it on a command line: `3,4`, `[3, 4]`, `[[1, 2], [3]]`, `a,b` or `["a", "b"]`.
private struct ListText {
  /// True when words without quotes are strings even if they look like numbers.
  let isOfStrings: Bool

  private static let depthLimit = 20

  /// The elements, or nil when brackets or quotes do not match.
  func elements(of text: String, depth: Int = 0) -> [Value]? {
    var inner = Substring(text).trimmingSpaces
    if inner.hasPrefix("[") {
      guard inner.hasSuffix("]"), inner.count > 1, depth < ListText.depthLimit else { return parts(of: inner, depth) }
      if let end = closing(inner), inner.index(after: end) == inner.endIndex {
        inner = inner.dropFirst().dropLast().trimmingSpaces
      }
    }
    return inner.isEmpty ? [] : parts(of: inner, depth)
  }

  private func parts(of text: Substring, _ depth: Int) -> [Value]? {
    guard depth < ListText.depthLimit, let words = split(text) else { return nil }
    var values: [Value] = []
    for word in words {
      guard let value = value(of: word.trimmingSpaces, depth) else { return nil }
      values.append(value)
    }
    return values
  }

  private func value(of word: Substring, _ depth: Int) -> Value? {
    if word.hasPrefix("[") {
      guard let end = closing(word), word.index(after: end) == word.endIndex else { return nil }
      return elements(of: String(word), depth: depth + 1).map { .list($0) }
    }
    if let quote = word.first, quote == "\"" || quote == "'" {
      guard word.count > 1, word.last == quote else { return nil }
      return .string(String(word.dropFirst().dropLast()))
    }
    if isOfStrings { return .string(String(word)) }
    if let number = Double(word.replacing("_", with: "")) { return .number(number) }
    return word == "true" || word == "false" ? .bool(word == "true") : .string(String(word))
  }

  /// The bracket that closes the first one.
  private func closing(_ text: Substring) -> Substring.Index? {
    var depth = 0
    for place in text.indices {
      if text[place] == "[" { depth += 1 }
      if text[place] == "]" { depth -= 1 }
      if depth == 0 { return place }
    }
    return nil
  }

  /// The text cut at its commas outside brackets and quotes; nil when these do not match.
  private func split(_ text: Substring) -> [Substring]? {
    var (parts, start, depth, quote): ([Substring], _, _, Character?) = ([], text.startIndex, 0, nil)
    for place in text.indices {
      let letter = text[place]
      if let open = quote {
        if letter == open { quote = nil }
        continue
      }
      switch letter {
      case "\"" where text[start..<place].trimmingSpaces.isEmpty, "'" where text[start..<place].trimmingSpaces.isEmpty:
        quote = letter
      case "[": depth += 1
      case "]": depth -= 1
      case "," where depth == 0:
        parts.append(text[start..<place])
        start = text.index(after: place)
      default: break
      }
      if depth < 0 { return nil }
    }
    return depth == 0 && quote == nil ? parts + [text[start...]] : nil
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var part = self
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return part
  }
}
