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
  private let row: ArgumentRow
  private var parameter = 0

  init(_ row: ArgumentRow) { self.row = row }

  private var command: String { row.binding.command.text }

  var isFaulty: Bool { row.isFaulty }

  /// Whether the call gives the next parameter, be it nil.
  public var isNextGiven: Bool { row.place(of: parameter) >= 0 }

  /// Whether it gives something else than nil.
  public var hasNext: Bool { isNextGiven && !row[row.place(of: parameter)].isAbsent }

  /// The place of the next parameter's argument, or -1.
  @inline(__always) private mutating func next() -> Int {
    parameter += 1
    return row.place(of: parameter - 1)
  }

  @inline(__always) mutating func take<P>(_ parameter: Parameter<P>) throws -> P {
    let place = next()
    guard P.gathering == .one else { return try takeSeveral(parameter, place) }
    guard place >= 0 else { return try parameter.fallback ?? missing(parameter.signature) }
    guard let converted = try P.convert(slot: row[place]) else {
      throw mismatch(parameter.signature, row[place].value, culprit(parameter.signature, place))
    }
    if parameter.hasChoices {
      try check(parameter.signature, row[place].value, culprit(parameter.signature, place))
    }
    return converted
  }

  /// As `take`, for the time of the call.
  @inline(__always) mutating func hold<P>(_ parameter: Parameter<P>) throws -> P.Held {
    let place = next()
    // What is made of several arguments is a value of its own.
    guard P.gathering == .one else { return P.held(try takeSeveral(parameter, place)) }
    guard place >= 0 else {
      // The parameter keeps its default.
      if let fallback = parameter.fallback { return P.held(fallback) }
      return try missing(parameter.signature)
    }
    guard let held = try P.hold(row[place]) else {
      throw mismatch(parameter.signature, row[place].value, culprit(parameter.signature, place))
    }
    if parameter.hasChoices {
      try check(parameter.signature, row[place].value, culprit(parameter.signature, place))
    }
    return held
  }

  private func takeSeveral<P>(_ parameter: Parameter<P>, _ place: Int) throws -> P {
    let signature = parameter.signature
    guard place >= 0 else { return try parameter.fallback ?? missing(signature) }
    let value = several(signature, place)
    let culprit = signature.gathering == .named ? .call : culprit(signature, place)
    guard let converted = try P.convert(value) else {
      if case .list(let list) = value, case .position(let first) = culprit {
        let strange = try list.values.firstIndex { try P.convert(.list([$0])) == nil }
        if let strange { throw mismatch(signature, list[strange], .position(first + strange)) }
      }
      throw mismatch(signature, value, culprit)
    }
    try check(signature, value, culprit)
    return converted
  }

  /// The arguments of a parameter that takes several as one value.
  private func several(_ signature: Signature, _ place: Int) -> Value {
    let binding = row.binding
    if signature.gathering == .named {
      return .map(binding.gathered.map { (binding.labels[$0 - binding.positional], row[$0].value) })
    }
    return place < binding.positional ? .list((place..<binding.positional).map { row[$0].value }) : row[place].value
  }

  /// The argument as the machine has it, undefined when it is not given and need not be.
  @inline(__always) mutating func take(_ operand: Operand) throws -> Slot {
    let place = next()
    if place >= 0 { return row[place] }
    return operand.signature.isOptional ? .undefined : try missing(operand.signature)
  }

  /// The arguments by position that are left.
  @inline(__always) mutating func takeOperands() -> Operands { row.rest(from: next()) }

  private func missing<Taken>(_ signature: Signature) throws -> Taken {
    let first = row.binding.positional > 0 ? row[0].value.typeName : ""
    throw ScriptError(
      .type, "`\(command)` needs `\(signature.name)`, \(withArticle(signature.type)): \(signature.summary)",
      help: ForeignWord.help(forCommand: "\(command)", on: first))
  }

  private func culprit(_ signature: Signature, _ place: Int) -> ScriptError.Culprit {
    place < row.binding.positional ? .position(place) : .parameter(signature.name)
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
    let first = row.binding.positional > 0 ? row[0].value.typeName : ""
    return ScriptError(
      .type, "`\(command)` expects `\(signature.name)` to be \(withArticle(signature.type)), found \(describe(value))",
      help: signature.type == ScriptFunction.scriptName
        ? "a function is written `fn(x) = x + 1`, one without parameters `fn() = 1 + 1`"
        : ForeignWord.help(forCommand: "\(command)", on: first),
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

  /// The error of an argument by name that is none of the parameters, which is told before any other mistake.
  static func unknownLabel(_ label: String, of command: Command) -> ScriptError {
    let names = command.signature.filter { $0.gathering == .one }.map(\.name)
    let help =
      ForeignWord.help(forParameter: label, of: names) ?? Suggestion.question(about: label, in: names)
      ?? (names.isEmpty ? nil : "its parameters are \(names.map { "`\($0)`" }.joined(separator: ", "))")
    return ScriptError(.name, "`\(command.name)` has no parameter `\(label)`", help: help, culprit: .label(label))
  }

  /// Throws when there are arguments that no parameter took.
  @usableFromInline @inline(__always) func finish(_ signatures: [Signature]) throws(ScriptError) {
    if row.isFaulty { throw surplus(signatures) }
  }

  private func surplus(_ signatures: [Signature]) -> ScriptError {
    if let label = row.binding.repeatedLabel {
      return ScriptError(.type, "`\(command)` got `\(label)` twice, by position and by name", culprit: .label(label))
    }
    let most = signatures.count { $0.gathering == .one && !$0.byName }
    let byName = signatures.filter(\.byName).map { "`\($0.name):`" }.joined(separator: ", ")
    return ScriptError(
      .type,
      "`\(command)` takes at most \(most) argument\(most == 1 ? "" : "s") by position, found \(row.binding.positional)",
      help: byName.isEmpty ? nil : "by name it takes \(byName)", culprit: .position(row.binding.surplus ?? most))
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
