/// The evaluated arguments of one call: those written in order, then those written by name.
public struct Arguments {
  /// The arguments by position.
  public var positional: [Value]
  /// The arguments by name, in the order of the call.
  public var named: [(name: String, value: Value)]

  /// Creates the arguments of a call.
  public init(_ positional: [Value] = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}

/// Hands the arguments of a call to the parameters of a command, one after the other.
public struct ArgumentReader {
  let command: String
  var positional: ArraySlice<Value>
  var named: [(name: String, value: Value)]

  init(_ arguments: Arguments, command: String) {
    self.command = command
    positional = arguments.positional[...]
    named = arguments.named
  }

  mutating func take<P>(_ parameter: Parameter<P>) throws -> P {
    let signature = parameter.signature
    guard let (value, culprit) = next(for: signature) else {
      guard let fallback = parameter.fallback else {
        throw ScriptError(
          .type, "`\(command)` needs `\(signature.name)`, \(withArticle(signature.type)): \(signature.summary)")
      }
      return fallback
    }
    guard let converted = try P.convert(value) else {
      if signature.gathering == .positional, case .list(let list) = value, case .position(let first) = culprit {
        let strange = try list.values.firstIndex { try P.convert(.list([$0])) == nil }
        if let strange { throw mismatch(signature, list[strange], .position(first + strange)) }
      }
      throw mismatch(signature, value, culprit)
    }
    try check(signature, value, culprit)
    return converted
  }

  private mutating func next(for signature: Signature) -> (Value, ScriptError.Culprit)? {
    switch signature.gathering {
    case .positional:
      guard !positional.isEmpty else { break }
      defer { positional = [] }
      return (.list(Array(positional)), .position(positional.startIndex))
    case .named:
      defer { named = [] }
      return (.map(named.map { ($0.name, $0.value) }), .call)
    case .one:
      if !signature.byName, let position = positional.indices.first, let value = positional.popFirst() {
        return (value, .position(position))
      }
    }
    guard let place = named.firstIndex(where: { $0.name == signature.name }) else { return nil }
    return (named.remove(at: place).value, .parameter(signature.name))
  }

  private func check(_ signature: Signature, _ value: Value, _ culprit: ScriptError.Culprit) throws(ScriptError) {
    guard let text = stranger(in: value, signature.choices) else { return }
    throw unknownChoice(signature, text, culprit)
  }

  /// The first string of a value, or of a list, that is none of the choices; nil where anything may be chosen.
  private func stranger(in value: Value, _ choices: [String]) -> String? {
    guard !choices.isEmpty else { return nil }
    let values = if case .list(let list) = value { list.values } else { [value] }
    return values.lazy.compactMap { String.convert($0) }.first { !choices.contains($0) }
  }

  private func mismatch(_ signature: Signature, _ value: Value, _ culprit: ScriptError.Culprit) -> ScriptError {
    if let text = stranger(in: value, signature.choices) { return unknownChoice(signature, text, culprit) }
    if signature.gathering == .one, signature.type == Int.scriptName, case .number = value {
      return ScriptError(
        .value, "`\(command)` expects `\(signature.name)` to be a whole number, found \(value.echo)", culprit: culprit)
    }
    if signature.gathering == .positional {
      return ScriptError(.type, "`\(command)` expects \(signature.type)s, found \(describe(value))", culprit: culprit)
    }
    return ScriptError(
      .type, "`\(command)` expects `\(signature.name)` to be \(withArticle(signature.type)), found \(describe(value))",
      help: signature.type == ScriptFunction.scriptName
        ? "a function is written `fn(x) = x + 1`, one without parameters `fn() = 1 + 1`" : nil,
      culprit: culprit)
  }

  private func unknownChoice(
    _ signature: Signature, _ text: String, _ culprit: ScriptError.Culprit
  ) -> ScriptError {
    let allowed = signature.choices.map { "\"\($0)\"" }.joined(separator: ", ")
    let near = Suggestion.best(for: text, in: signature.choices).map { "did you mean \"\($0)\"?" }
    return ScriptError(
      .value, "`\(command)` expects `\(signature.name)` to be one of \(allowed), found \"\(Display.start(of: text))\"",
      help: near,
      culprit: culprit)
  }

  /// Throws when an argument by name is none of the parameters, before any other mistake is looked for.
  func checkLabels(_ signatures: [Signature]) throws(ScriptError) {
    guard !named.isEmpty, signatures.allSatisfy({ $0.gathering != .named }) else { return }
    for (name, _) in named where !signatures.contains(where: { $0.name == name && $0.gathering == .one }) {
      let names = signatures.filter { $0.gathering == .one }.map(\.name)
      let help =
        Suggestion.best(for: name, in: names).map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? nil : "its parameters are \(names.map { "`\($0)`" }.joined(separator: ", "))")
      throw ScriptError(.name, "`\(command)` has no parameter `\(name)`", help: help, culprit: .label(name))
    }
  }

  /// Throws when arguments are left that no parameter took.
  func finish(_ signatures: [Signature]) throws(ScriptError) {
    if let (name, _) = named.first {
      throw ScriptError(.type, "`\(command)` got `\(name)` twice, by position and by name", culprit: .label(name))
    }
    guard let extra = positional.indices.first else { return }
    let most = signatures.count { $0.gathering == .one && !$0.byName }
    let byName = signatures.filter(\.byName).map { "`\($0.name):`" }.joined(separator: ", ")
    throw ScriptError(
      .type,
      "`\(command)` takes at most \(most) argument\(most == 1 ? "" : "s") by position, found \(extra + positional.count)",
      help: byName.isEmpty ? nil : "by name it takes \(byName)", culprit: .position(extra))
  }
}

/// The noun with "a" or "an" before it.
package func withArticle(_ noun: String) -> String {
  guard let first = noun.first, noun != "nil" else { return noun }
  return ("aeiou".contains(first) ? "an " : "a ") + noun
}

/// A short description of a value for errors: its type, and the value itself when that is short.
package func describe(_ value: Value) -> String {
  switch value {
  case .nil: "nil"
  case .bool, .number: "the \(value.typeName) \(value.echo)"
  case .string(let text) where text.utf8.count <= 40: "the string \(value.echo)"
  default: withArticle(value.typeName)
  }
}
