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

  var isFaulty: Bool { row.isFaulty }

  /// The names of the arguments that are given by name, in the order of the call.
  public var labels: [String] { row.binding.labels }
  /// Which of these the next parameter's argument is; nil for one by position, or none.
  public var nextLabel: Int? {
    let place = row.place(of: parameter) - row.binding.positional
    return place >= 0 ? place : nil
  }

  /// Whether the call gives the next parameter, be it nil.
  public var isNextGiven: Bool { row.place(of: parameter) >= 0 }

  /// Whether it gives something else than nil.
  public var hasNext: Bool { isNextGiven && !row[row.place(of: parameter)].isAbsent }

  /// The place of the next parameter's argument, or -1.
  @usableFromInline @inline(__always) mutating func next() -> Int {
    parameter += 1
    return row.place(of: parameter - 1)
  }

  /// The argument at a place.
  @usableFromInline @inline(__always) func argument(_ place: Int) -> Slot { row[place] }

  /// The converted value of the next parameter, or its default: one body for each type, in which its conversion is known.
  @inlinable mutating func take<P>(_ parameter: Parameter<P>) throws -> P {
    let place = next()
    guard P.gathering == .one else {
      if place >= 0, let few = P.convert(few: rest(from: place)) { return few }
      return try takeSeveral(parameter, place)
    }
    guard place >= 0 else { return try parameter.fallback ?? missing(parameter.signature) }
    guard let converted = try P.convert(slot: argument(place)) else { throw mismatch(parameter.signature, place) }
    if parameter.hasChoices { try checkChoice(parameter.signature, place) }
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
    guard let held = try P.hold(row[place]) else { throw mismatch(parameter.signature, place) }
    if parameter.hasChoices { try checkChoice(parameter.signature, place) }
    return held
  }

  @usableFromInline func takeSeveral<P>(_ parameter: Parameter<P>, _ place: Int) throws -> P {
    let signature = parameter.signature
    guard place >= 0 else { return try parameter.fallback ?? missing(signature) }
    let value = several(signature, place)
    let culprit = signature.gathering == .named ? .call : fault.culprit(signature, place)
    guard let converted = try P.convert(value) else {
      if case .list(let list) = value, case .position(let first) = culprit {
        let strange = try list.values.firstIndex { try P.convert(.list([$0])) == nil }
        if let strange { throw fault.mismatch(signature, list[strange], .position(first + strange)) }
      }
      throw fault.mismatch(signature, value, culprit)
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

  /// The arguments by position from a place on.
  @usableFromInline func rest(from place: Int) -> Operands { row.rest(from: place) }

  private var fault: ArgumentFault {
    ArgumentFault(binding: row.binding, first: row.binding.positional > 0 ? row[0].value.typeName : "")
  }

  @usableFromInline func missing<P>(_ signature: Signature) throws -> P { throw fault.missing(signature) }

  /// What is wrong with the argument of a parameter that it does not fit.
  @usableFromInline func mismatch(_ signature: Signature, _ place: Int) -> any Error {
    fault.mismatch(signature, row[place].value, fault.culprit(signature, place))
  }

  /// Throws unless the argument is one of the parameter's choices.
  @usableFromInline func checkChoice(_ signature: Signature, _ place: Int) throws {
    try check(signature, row[place].value, fault.culprit(signature, place))
  }

  private func check(_ signature: Signature, _ value: Value, _ culprit: ScriptError.Culprit) throws(ScriptError) {
    guard let text = fault.stranger(in: value, signature.choices) else { return }
    throw fault.unknownChoice(signature, text, culprit)
  }

  /// Throws when there are arguments that no parameter took.
  @usableFromInline @inline(__always) func finish(_ signatures: [Signature]) throws(ScriptError) {
    if row.isFaulty { throw fault.surplus(signatures) }
  }
}

/// The noun with "a" or "an" before it.
package func withArticle(_ noun: String) -> String {
  // Words such as "tokens" have none.
  let word = noun.prefix { $0 != " " }
  guard let first = noun.first, noun != "nil", !word.hasSuffix("s") || word.hasSuffix("ss") else { return noun }
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
