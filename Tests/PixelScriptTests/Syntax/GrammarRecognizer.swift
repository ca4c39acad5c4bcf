import PixelScript

/// A grammar in EBNF, read from text, that tells whether words are of its language: every rule at every place is tried once.
final class GrammarRecognizer {
  indirect enum Form {
    case word(String)
    case kind(String)
    case rule(String)
    case sequence([Form])
    case choice([Form])
    case optional(Form)
    case repeated(Form)
    case follows(Form, Bool)
  }

  /// What line ends mean inside a rule.
  enum LineEnds { case asOutside, skipped, counted }

  struct Rule {
    let form: Form
    let lineEnds: LineEnds
  }

  private struct Place: Hashable {
    let rule: String
    let index: Int
    let skips: Bool
  }

  let rules: [String: Rule]
  private var tokens: [Token] = []
  private var known: [Place: Int?] = [:]

  init(_ text: String) throws {
    var reader = GrammarReader(text)
    rules = try reader.rules()
  }

  /// True when all the words are a script.
  func accepts(_ words: [Token]) -> Bool {
    (tokens, known) = (words, [:])
    return end(of: .rule("script"), 0, false) == words.count
  }

  /// The place after what a form reads, or nil.
  private func end(of form: Form, _ index: Int, _ skips: Bool) -> Int? {
    switch form {
    case .word(let text): return read(index, skips) { self.text(of: $0) == text }
    case .kind("SPACE"): return index < tokens.count && tokens[index].followsSpace ? index : nil
    case .kind(let kind): return read(index, skips) { self.isKind(kind, $0) }
    case .rule(let name): return end(ofRule: name, index, skips)
    case .sequence(let parts):
      var place = index
      for part in parts {
        guard let next = end(of: part, place, skips) else { return nil }
        place = next
      }
      return place
    case .choice(let forms):
      for form in forms { if let end = end(of: form, index, skips) { return end } }
      return nil
    case .optional(let part): return end(of: part, index, skips) ?? index
    case .repeated(let part):
      var place = index
      while let next = end(of: part, place, skips), next > place { place = next }
      return place
    case .follows(let part, let isWanted): return (end(of: part, index, skips) != nil) == isWanted ? index : nil
    }
  }

  private func end(ofRule name: String, _ index: Int, _ skips: Bool) -> Int? {
    let place = Place(rule: name, index: index, skips: skips)
    if let end = known[place] { return end }
    guard let rule = rules[name] else { return nil }
    let inside = rule.lineEnds == .asOutside ? skips : rule.lineEnds == .skipped
    // A bracket does not go on with a line that has ended.
    let isStopped = rule.lineEnds == .skipped && !skips && tokens[min(index, tokens.count - 1)].kind == .newline
    let result = isStopped ? nil : end(of: rule.form, index, inside)
    known[place] = .some(result)
    return result
  }

  private func read(_ index: Int, _ skips: Bool, _ fits: (Token) -> Bool) -> Int? {
    var place = index
    if skips { while place < tokens.count, tokens[place].kind == .newline { place += 1 } }
    return place < tokens.count && fits(tokens[place]) ? place + 1 : nil
  }

  private func text(of token: Token) -> String? {
    switch token.kind {
    case .keyword(let word): word.rawValue
    case .sign(let sign): sign.rawValue
    default: nil
    }
  }

  private func isKind(_ kind: String, _ token: Token) -> Bool {
    switch (kind, token.kind) {
    case ("NAME", .name), ("NUMBER", .number), ("STRING", .string), ("KEYWORD", .keyword), ("NEWLINE", .newline),
      ("CELL", .cell), ("END", .end):
      true
    case ("FSTRING", .interpolation(let pieces)): pieces.allSatisfy(isRight)
    default: false
    }
  }

  /// True when a value in a string is an expression, and so are those in its format.
  private func isRight(_ piece: Token.Piece) -> Bool {
    guard case .value(let words, let style) = piece else { return true }
    let outer = (tokens, known)
    defer { (tokens, known) = outer }
    (tokens, known) = (words.filter { $0.kind != .newline }, [:])
    guard end(of: .rule("expression"), 0, true) == tokens.count - 1 else { return false }
    return style.format?.allSatisfy(isRight) ?? true
  }
}

/// Reads the text of a grammar.
struct GrammarReader {
  struct Fault: Error { let text: String }

  private let words: [String]
  private var place = 0

  init(_ text: String) {
    var words: [String] = []
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
        continue
      }
      var length = 1
      if first == "\"" {
        length = (rest.dropFirst().firstIndex(of: "\"").map { rest.distance(from: rest.startIndex, to: $0) } ?? 0) + 1
      } else if first.isLetter {
        length = rest.prefix { $0.isLetter || $0 == "_" }.count
      } else if rest.hasPrefix("~=") || rest.hasPrefix(":=") {
        length = 2
      }
      words.append(String(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    self.words = words
  }

  mutating func rules() throws -> [String: GrammarRecognizer.Rule] {
    var rules: [String: GrammarRecognizer.Rule] = [:]
    while place < words.count {
      let name = next()
      let lineEnds: [String: GrammarRecognizer.LineEnds] = ["=": .asOutside, "~=": .skipped, ":=": .counted]
      guard let kind = lineEnds[next()] else { throw Fault(text: "no sign after \(name)") }
      let rule = GrammarRecognizer.Rule(form: try choice(), lineEnds: kind)
      guard next() == ";" else { throw Fault(text: "no end of \(name)") }
      guard rules.updateValue(rule, forKey: name) == nil else { throw Fault(text: "\(name) is there twice") }
    }
    return rules
  }

  private var current: String { place < words.count ? words[place] : "" }

  private mutating func next() -> String {
    place += 1
    return place <= words.count ? words[place - 1] : ""
  }

  private mutating func choice() throws -> GrammarRecognizer.Form {
    var forms = [try sequence()]
    while current == "|" {
      place += 1
      forms.append(try sequence())
    }
    return forms.count == 1 ? forms[0] : .choice(forms)
  }

  private mutating func sequence() throws -> GrammarRecognizer.Form {
    var parts: [GrammarRecognizer.Form] = []
    while !["|", ";", ")", "]", "}", ""].contains(current) { parts.append(try part()) }
    return .sequence(parts)
  }

  private mutating func part() throws -> GrammarRecognizer.Form {
    let word = next()
    switch word {
    case "&", "!": return .follows(try part(), word == "&")
    case "(", "[", "{":
      let inner = try choice()
      guard [")", "]", "}"].contains(next()) else { throw Fault(text: "a bracket is open") }
      return word == "(" ? inner : word == "[" ? .optional(inner) : .repeated(inner)
    default:
      if word.hasPrefix("\"") { return .word(String(word.dropFirst().dropLast())) }
      guard word.first?.isLetter == true else { throw Fault(text: "\(word) has no meaning") }
      return word.allSatisfy(\.isUppercase) ? .kind(word) : .rule(word)
    }
  }
}
