/// What is wrong with one argument of a call of a command, or with their number.
struct ArgumentFault {
  let binding: Binding
  /// The type of the first argument by position; empty where it is not known.
  let first: String

  private var command: String { binding.command.text }

  /// The error of a parameter that must be given and is not.
  func missing(_ signature: Signature) -> ScriptError {
    ScriptError(
      .type, "`\(command)` needs `\(signature.name)`, \(withArticle(signature.type)): \(signature.summary)",
      help: ForeignWord.help(forCommand: command, on: first))
  }

  /// What errors underline for the argument at a place.
  func culprit(_ signature: Signature, _ place: Int) -> ScriptError.Culprit {
    place < binding.positional ? .position(place) : .parameter(signature.name)
  }

  /// The first string of a value, or of a list, that is none of the choices; nil where anything may be chosen.
  func stranger(in value: Value, _ choices: [String]) -> String? {
    guard !choices.isEmpty else { return nil }
    let values = if case .list(let list) = value { list.values } else { [value] }
    return values.lazy.compactMap { String.convert($0) }.first { !choices.contains($0) }
  }

  /// The error of a value that a parameter does not take.
  func mismatch(_ signature: Signature, _ value: Value, _ culprit: ScriptError.Culprit) -> ScriptError {
    if let text = stranger(in: value, signature.choices) { return unknownChoice(signature, text, culprit) }
    if signature.gathering == .one, signature.type == Int.scriptName, case .number(let number) = value {
      return ScriptError(
        .value, "`\(command)` expects `\(signature.name)` to be \(number.wholeNumber), found \(value.echo)",
        culprit: culprit)
    }
    if signature.gathering == .positional {
      return ScriptError(.type, "`\(command)` expects \(signature.type)s, found \(describe(value))", culprit: culprit)
    }
    return ScriptError(
      .type,
      "`\(command)` expects `\(signature.name)` to be \(withArticle(signature.type)), found \(found(value, signature))",
      help: help(for: signature, found: value) ?? order(signature, value) ?? foreign(culprit),
      culprit: culprit)
  }

  /// What was found: of a list of which only some elements are of the type, the first that is not, and where it stands.
  private func found(_ value: Value, _ signature: Signature) -> String {
    guard case .list(let list) = value, signature.type.hasPrefix("list of ") else { return describe(value) }
    let wanted = signature.type.dropFirst("list of ".count).dropLast()
    func fits(_ element: Value) -> Bool {
      if wanted == Int.scriptName, case .number(let number) = element { return number == number.rounded() }
      return element.typeName == wanted
    }
    let values = list.values
    guard values.contains(where: fits), let place = values.firstIndex(where: { !fits($0) }) else {
      return describe(value)
    }
    return "a list with \(describe(values[place])) at position \(place)"
  }

  /// A value in brackets, or the list with several entries that a parameter's summary shows.
  private func list(of value: Value, _ signature: Signature) -> String {
    if let open = signature.summary.firstIndex(of: "["), let close = signature.summary[open...].firstIndex(of: "]"),
      case let shown = signature.summary[open...close], shown.contains(",")
    {
      return String(shown)
    }
    return "[\(Display.start(of: value.echo))]"
  }

  /// The order of the parameters where a value by position is of the type of another one.
  private func order(_ signature: Signature, _ value: Value) -> String? {
    let all = binding.required
    guard all.contains(where: { $0.name == signature.name }), signature.type != value.typeName,
      all.contains(where: { $0.type == value.typeName })
    else { return nil }
    return "they stand in the order \(all.map(\.name).joined(separator: ", "))"
  }

  /// What a call of the same name does elsewhere, where no argument by name tells that this command is meant.
  private func foreign(_ culprit: ScriptError.Culprit) -> String? {
    if case .parameter = culprit { return nil }
    return ForeignWord.help(forCommand: command, on: first)
  }

  /// The bytes of a text that may be the path of something.
  private static let longestPath = 255

  /// How a value of the type of a parameter is written or opened, where something near it was given.
  private func help(for signature: Signature, found value: Value) -> String? {
    switch (signature.type, value) {
    case (ScriptFunction.scriptName, _):
      "a function is written `fn(x) = x + 1`, one without parameters `fn() = 1 + 1`"
    case ("list of strings", .string), ("list of numbers", .number), ("list of whole numbers", .number):
      "a list stands in brackets: `\(signature.name): \(list(of: value, signature))`"
    case (let type, .string(let text)) where text.utf8.count <= Self.longestPath:
      ForeignWord.opener(of: type).map { "`\($0)(\(Display.quoted(text)))` opens it" }
    default: nil
    }
  }

  /// The error of a string that is none of the choices.
  func unknownChoice(_ signature: Signature, _ text: String, _ culprit: ScriptError.Culprit) -> ScriptError {
    let allowed = signature.choices.map { "\"\($0)\"" }.joined(separator: ", ")
    let near = Suggestion.best(for: text, in: signature.choices).map { "did you mean \"\($0)\"?" }
    return ScriptError(
      .value, "`\(command)` expects `\(signature.name)` to be one of \(allowed), found \"\(Display.start(of: text))\"",
      help: near,
      culprit: culprit)
  }

  /// The error of an argument by name that is none of the parameters, which is told before any other mistake.
  static func unknownLabel(_ label: String, of command: Command) -> ScriptError {
    let names = command.signature.filter { $0.gathering == .one }.map(\.name)
    let isGathered = command.signature.contains { $0.gathering == .positional && $0.name == label }
    let help =
      isGathered
      ? "`\(label)` stand by position, without `\(label):`"
      : ForeignWord.help(forParameter: label, of: names) ?? Suggestion.question(about: label, in: names)
        ?? (names.isEmpty ? nil : "its parameters are \(names.map { "`\($0)`" }.joined(separator: ", "))")
    return ScriptError(.name, "`\(command.name)` has no parameter `\(label)`", help: help, culprit: .label(label))
  }

  /// The error of arguments that no parameter takes.
  func surplus(_ signatures: [Signature]) -> ScriptError {
    if let label = binding.repeatedLabel {
      return ScriptError(.type, "`\(command)` got `\(label)` twice, by position and by name", culprit: .label(label))
    }
    let most = signatures.count { $0.gathering == .one && !$0.byName }
    let byName = signatures.filter(\.byName).map { "`\($0.name):`" }.joined(separator: ", ")
    return ScriptError(
      .type,
      "`\(command)` takes at most \(most) argument\(most == 1 ? "" : "s") by position, found \(binding.positional)",
      help: byName.isEmpty ? nil : "by name it takes \(byName)", culprit: .position(binding.surplus ?? most))
  }
}
