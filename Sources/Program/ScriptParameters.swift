import PixelScript

/// The parameters that a script declares, as options of the command line.
struct ScriptParameters {
  private let declared: [ScriptParameter]

  init(_ declared: [ScriptParameter]) { self.declared = declared }

  /// Takes the parameters out of the words after a script and returns what is left for the program.
  ///
  /// `-` and `_` are the same in names; `--flag` alone means true, `--no-flag` false.
  func read(_ words: [String]) throws(UsageError) -> (values: [String: Value], others: [String]) {
    var values: [String: Value] = [:]
    var others: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      guard let (parameter, given, isNegated) = find(word) else {
        others.append(word)
        continue
      }
      let name = parameter.name
      guard values[name] == nil else {
        throw UsageError(message: "the parameter `\(Self.option(name))` is given twice")
      }
      if isNegated {
        values[name] = .bool(false)
      } else if case .bool = parameter.fallback {
        let isWord =
          given == nil
          && rest.first.map { ["true", "false"].contains($0) || parameter.foreignChoice($0) != nil } == true
        values[name] = try value([given ?? (isWord ? rest.removeFirst() : "true")], of: parameter)
      } else if parameter.takesSeveral, given == nil {
        let count = rest.prefix { !Self.isOption($0) }.count
        guard count > 0 else { throw Self.lacksValue(parameter) }
        values[name] = try value(Array(rest.prefix(count)), of: parameter)
        rest = rest.dropFirst(count)
      } else {
        guard let text = given ?? rest.popFirst() else { throw Self.lacksValue(parameter) }
        values[name] = try value([text], of: parameter)
      }
    }
    return (values, others)
  }

  /// The parameter nearest to a misspelt option, as an option.
  func suggestion(for option: String) -> String? {
    let name = String(Self.stem(option).map { $0 == "-" ? "_" : $0 })
    return Suggestion.question(about: name, in: declared.map(\.name)) { "`\(Self.option($0))`" }
  }

  /// All parameters with types, defaults and meanings, for `--help`.
  var help: String {
    guard !declared.isEmpty else { return "This script has no parameters.\n" }
    let heads = declared.map { "\(Self.option($0.name)) <\($0.typeName)>" }
    let widest = min(heads.map(\.count).max() ?? 0, 32)
    let rows = zip(heads, declared).map { head, parameter in
      var facts: [String] = parameter.documentation.map { [$0] } ?? []
      if let choices = parameter.choices { facts.append("one of " + choices.map(\.echo).joined(separator: ", ")) }
      facts.append("default: \(parameter.fallback.echo)")
      return "  " + head + String(repeating: " ", count: max(widest - head.count, 0) + 2)
        + facts.joined(separator: "; ") + "\n"
    }
    return "PARAMETERS:\n" + rows.joined()
  }

  private func find(_ word: String) -> (ScriptParameter, value: String?, isNegated: Bool)? {
    guard word.hasPrefix("--"), word.count > 2 else { return nil }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let given = parts.count > 1 ? parts[1] : nil
    let name = Self.option(Self.stem(word))
    if let found = declared.first(where: { Self.option($0.name) == name }) { return (found, given, false) }
    guard name.hasPrefix("--no-"), given == nil else { return nil }
    let negated = declared.first { Self.option($0.name) == "--" + name.dropFirst(5) }
    guard let negated, case .bool = negated.fallback else { return nil }
    return (negated, nil, true)
  }

  /// True for a word that begins an option: a sign and a letter, not the sign of a number.
  private static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
    return second == "-" || second.isLetter && Double(word) == nil
  }

  private static func lacksValue(_ parameter: ScriptParameter) -> UsageError {
    UsageError(message: "`\(option(parameter.name))` needs a value, \(withArticle(parameter.typeName))")
  }

  private func value(_ words: [String], of parameter: ScriptParameter) throws(UsageError) -> Value {
    do {
      let value = try parameter.value(from: words)
      try parameter.check(value)
      return value
    } catch {
      throw UsageError(message: error.message, help: error.help)
    }
  }

  /// `--name=value` without the value and the signs before it.
  private static func stem(_ option: String) -> String {
    String(option.drop { $0 == "-" }.prefix { $0 != "=" })
  }

  /// A name as an option.
  static func option(_ name: String) -> String { "--" + name.map { $0 == "_" ? "-" : $0 } }
}
