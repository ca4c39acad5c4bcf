import PixelScript

/// A grammar in EBNF, read from text, that tells whether words are of its language: every rule at every place is tried once.
final class GrammarRecognizer {
  indirect enum Form: Sendable {
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
  enum LineEnds: Sendable { case asOutside, skipped, counted }

  struct Rule: Sendable {
    let form: Form
    let lineEnds: LineEnds
  }

  /// A form with numbers for names, so that trying it compares and keeps no texts.
  private enum Step {
    case word(Int)
    case kind(Int)
    case space
    case text
    case rule(Int)
    case sequence(Range<Int>)
    case choice(Range<Int>)
    case optional(Int)
    case repeated(Int)
    case follows(Int, Bool)
  }

  /// A word of a script: the numbers of its text, where it is a keyword or a sign, and of its kind.
  private struct Word {
    let token: Token
    let text: Int
    let kind: Int
  }

  private static let unknown = -2
  private static let none = -1

  let rules: [String: Rule]
  private var numbers: [String: Int] = [:]
  private var steps: [Step] = []
  /// The steps of sequences and choices, each in a run.
  private var parts: [Int] = []
  /// For each rule its step and what line ends mean in it.
  private var starts: [(step: Int, lineEnds: LineEnds)] = []
  private var words: [Word] = []
  /// Where each rule ends that was tried, by place, rule and whether line ends are skipped.
  private var known: [Int] = []

  init(_ rules: [String: Rule]) throws {
    self.rules = rules
    let names = rules.keys.sorted()
    for (index, name) in names.enumerated() { numbers["rule " + name] = index }
    for name in names {
      guard let rule = rules[name] else { continue }
      starts.append((try add(rule.form), rule.lineEnds))
    }
  }

  private func add(_ form: Form) throws -> Int {
    func run(_ forms: [Form]) throws -> Range<Int> {
      let places = try forms.map(add)
      parts += places
      return parts.count - places.count..<parts.count
    }
    let step: Step =
      switch form {
      case .word(let text): .word(number(of: text))
      case .kind("SPACE"): .space
      case .kind("FSTRING"): .text
      case .kind(let kind): .kind(number(of: kind))
      case .rule(let name): .rule(try rule(name))
      case .sequence(let forms): .sequence(try run(forms))
      case .choice(let forms): .choice(try run(forms))
      case .optional(let form): .optional(try add(form))
      case .repeated(let form): .repeated(try add(form))
      case .follows(let form, let isWanted): .follows(try add(form), isWanted)
      }
    steps.append(step)
    return steps.count - 1
  }

  private func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = numbers.count
    return numbers.count - 1
  }

  private func rule(_ name: String) throws -> Int {
    guard let number = numbers["rule " + name] else { throw GrammarReader.Fault(text: "there is no rule \(name)") }
    return number
  }

  /// True when all the words are a script.
  func accepts(_ tokens: [Token]) throws -> Bool {
    end(of: try rule("script"), in: tokens, skips: false) == tokens.count
  }

  private func end(of rule: Int, in tokens: [Token], skips: Bool) -> Int {
    let outer = (words, known)
    defer { (words, known) = outer }
    words = tokens.map { token in
      let (text, kind) = names(of: token)
      return Word(token: token, text: numbers[text] ?? Self.none, kind: numbers[kind] ?? Self.none)
    }
    known = Array(repeating: Self.unknown, count: 2 * starts.count * (words.count + 1))
    return end(ofRule: rule, 0, skips)
  }

  /// The place after what a step reads, or none.
  private func end(of step: Int, _ index: Int, _ skips: Bool) -> Int {
    switch steps[step] {
    case .word(let text): return read(index, skips) { $0.text == text }
    case .kind(let kind): return read(index, skips) { $0.kind == kind }
    case .text: return read(index, skips, isRight)
    case .space: return index < words.count && words[index].token.followsSpace ? index : Self.none
    case .rule(let rule): return end(ofRule: rule, index, skips)
    case .sequence(let range):
      var place = index
      for part in range {
        place = end(of: parts[part], place, skips)
        if place == Self.none { return Self.none }
      }
      return place
    case .choice(let range):
      for part in range {
        let place = end(of: parts[part], index, skips)
        if place != Self.none { return place }
      }
      return Self.none
    case .optional(let part):
      let place = end(of: part, index, skips)
      return place == Self.none ? index : place
    case .repeated(let part):
      var (place, next) = (index, end(of: part, index, skips))
      while next > place { (place, next) = (next, end(of: part, next, skips)) }
      return place
    case .follows(let part, let isWanted):
      return (end(of: part, index, skips) != Self.none) == isWanted ? index : Self.none
    }
  }

  private func end(ofRule rule: Int, _ index: Int, _ skips: Bool) -> Int {
    let place = 2 * (index * starts.count + rule) + (skips ? 1 : 0)
    if known[place] != Self.unknown { return known[place] }
    let (step, lineEnds) = starts[rule]
    let inside = lineEnds == .asOutside ? skips : lineEnds == .skipped
    // A bracket does not go on with a line that has ended.
    let isStopped = lineEnds == .skipped && !skips && words[min(index, words.count - 1)].token.kind == .newline
    known[place] = isStopped ? Self.none : end(of: step, index, inside)
    return known[place]
  }

  private func read(_ index: Int, _ skips: Bool, _ fits: (Word) -> Bool) -> Int {
    var place = index
    if skips { while place < words.count, words[place].token.kind == .newline { place += 1 } }
    return place < words.count && fits(words[place]) ? place + 1 : Self.none
  }

  private func names(of token: Token) -> (text: String, kind: String) {
    switch token.kind {
    case .keyword(let word): (word.rawValue, "KEYWORD")
    case .sign(let sign): (sign.rawValue, "")
    case .name: ("", "NAME")
    case .number: ("", "NUMBER")
    case .string: ("", "STRING")
    case .newline: ("", "NEWLINE")
    case .cell: ("", "CELL")
    case .end: ("", "END")
    default: ("", "")
    }
  }

  /// True for a string with values that are expressions, as are those in their formats.
  private func isRight(_ word: Word) -> Bool {
    guard case .interpolation(let pieces) = word.token.kind else { return false }
    return pieces.allSatisfy(isRight)
  }

  private func isRight(_ piece: Token.Piece) -> Bool {
    guard case .value(let words, let style) = piece else { return true }
    guard let expression = numbers["rule expression"],
      end(of: expression, in: words.filter { $0.kind != .newline }, skips: true) == words.count(where: {
        $0.kind != .newline
      }) - 1
    else { return false }
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
