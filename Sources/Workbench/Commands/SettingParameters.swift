import PixelBytes
import PixelScript
import Safepoint

/// The parameters that a table of settings makes; a body gets the owner with all of them.
struct SettingParameters<Owner: Sendable>: CommandParameter {
  private let settings: [Setting<Owner>]
  private let initial: Owner
  private let prepare: (@Sendable (inout Owner) throws -> Void)?
  private let objects: [String: ObjectReader]

  /// The settings that an object stands for in place of the value of one of them; nil for an object of another kind.
  typealias ObjectReader = @Sendable (any ScriptObject, inout Owner) -> [(name: String, value: SettingValue)]?

  /// The settings of a table, with the defaults that `initial` has. `prepare` may set others by those that were given, which stand;
  /// `objects` are the choices that an object may stand for, and for others with it where those are not given.
  init(
    _ settings: [Setting<Owner>], initial: Owner, objects: [String: ObjectReader] = [:],
    prepare: (@Sendable (inout Owner) throws -> Void)? = nil
  ) {
    (self.settings, self.initial, self.objects, self.prepare) = (settings, initial, objects, prepare)
  }

  var signatures: [Signature] { settings.map { parameter($0).signature } }

  func accepts(_ argument: Slot) throws -> Bool {
    try settings.first.map { try parameter($0).accepts(argument) } ?? false
  }

  func take(from arguments: inout ArgumentReader) throws -> Owner {
    var owner = initial
    var given: [(setting: Setting<Owner>, value: SettingValue?)] = []
    var present: Set<String> = []
    var stood: [(name: String, value: SettingValue)] = []
    for setting in settings {
      let isGiven = arguments.isNextGiven
      if arguments.hasNext { present.insert(setting.name) }
      switch try parameter(setting).take(&arguments) {
      case .object(let object): stood += try settings(of: object, for: setting, &owner)
      case .value(let value): if isGiven { given.append((setting, value)) }
      }
    }
    let names = Set(given.map(\.setting.name))
    for (name, value) in stood where !names.contains(name) {
      for setting in settings where setting.name == name { given.append((setting, value)) }
    }
    for setting in settings {
      guard let other = setting.replaced, present.isSuperset(of: [setting.name, other]) else { continue }
      throw ScriptError(
        .value, "`\(setting.name)` decides in place of `\(other)`: give one of them", argument: setting.name)
    }
    try set(given, of: &owner)
    guard let prepare else { return owner }
    try prepare(&owner)
    try set(given, of: &owner)
    return owner
  }

  private func settings(
    of object: any ScriptObject, for setting: Setting<Owner>, _ owner: inout Owner
  ) throws(ScriptError) -> [(name: String, value: SettingValue)] {
    guard let values = objects[setting.name]?(object, &owner) else {
      let found = Value.object(object).typeName
      throw ScriptError(.type, "`\(setting.name)` can't be a \(found)", argument: setting.name)
    }
    return values
  }

  private func set(_ given: [(Setting<Owner>, SettingValue?)], of owner: inout Owner) throws(ScriptError) {
    for (setting, value) in given { do { try setting.set(value, of: &owner) } catch { throw error.scriptError } }
  }

  /// The parameter of a setting, whatever its type.
  private struct Erased {
    let signature: Signature
    let accepts: (Slot) throws -> Bool
    let take: (inout ArgumentReader) throws -> Taken

    init<T>(_ parameter: Parameter<T>, _ value: @escaping (T) -> SettingValue?) {
      (signature, accepts) = (parameter.signature, parameter.accepts)
      take = { .value(value(try parameter.take(from: &$0))) }
    }

    init(_ parameter: Parameter<ChoiceOrObject?>) {
      (signature, accepts) = (parameter.signature, parameter.accepts)
      take = { try parameter.take(from: &$0)?.taken ?? .value(nil) }
    }
  }

  private func parameter(_ setting: Setting<Owner>) -> Erased {
    let (name, summary, byName) = (setting.name, setting.summary, setting.isByName)
    func optional<T: ScriptConvertible>(
      _ choices: [String] = [], _ value: @escaping (T) -> SettingValue
    ) -> Erased {
      Erased(Parameter<T?>(name, summary, choices: choices, byName: byName)) { $0.map(value) }
    }
    func made<T: ScriptConvertible>(
      _ convert: (Value) -> T?, _ choices: [String] = [], _ value: @escaping (T) -> SettingValue
    ) -> Erased {
      if setting.isOptional { return optional(choices, value) }
      guard !setting.isRequired, let usual = setting.value(of: initial).flatMap({ convert($0.scriptValue) }) else {
        return Erased(Parameter<T>(name, summary, choices: choices, byName: byName), value)
      }
      // nil stands for what is usual.
      return Erased(Parameter<T?>(name, summary, default: usual, choices: choices, byName: byName)) {
        value($0 ?? usual)
      }
    }
    return switch setting.form {
    case .count: made(Int.convert) { .count($0) }
    case .number: made(Double.convert) { .fraction($0) }
    case .flag: made(Bool.convert) { .flag($0) }
    case .interval: made(IntervalValue.convert) { $0.value }
    case .choice(let choices) where objects[name] != nil:
      Erased(
        Parameter<ChoiceOrObject?>(
          name, summary, default: setting.value(of: initial).flatMap { ChoiceOrObject.convert($0.scriptValue) },
          choices: choices, byName: byName))
    case .choice(let choices): made(String.convert, choices) { .text($0) }
    case .counts: optional { (lengths: CountsValue) in lengths.value }
    case .numbers: optional { (numbers: [Double]) in .list(numbers.map { .fraction($0) }) }
    case .weights: optional { (weights: WeightsValue) in weights.value }
    case .choices: optional { (texts: [String]) in .list(texts.map { .text($0) }) }
    }
  }
}

/// What an argument gives: a value of a setting, or an object that stands for several.
private enum Taken {
  case value(SettingValue?)
  case object(any ScriptObject)
}

/// A text, or an object.
private struct ChoiceOrObject: ScriptConvertible {
  let taken: Taken

  static let scriptName = "string or optimizer"

  static func convert(_ value: Value) -> ChoiceOrObject? {
    switch value {
    case .string(let text): ChoiceOrObject(taken: .value(.text(text.description)))
    case .object(let object): ChoiceOrObject(taken: .object(object))
    default: nil
    }
  }

  var scriptValue: Value {
    switch taken {
    case .value(let value): value?.scriptValue ?? .nil
    case .object(let object): .object(object)
    }
  }
}

/// A number, or a text with a number and its unit.
private struct IntervalValue: ScriptConvertible {
  let value: SettingValue

  static let scriptName = "number of epochs or a text such as \"500 steps\""

  static func convert(_ value: Value) -> IntervalValue? {
    if case .string(let text) = value { return IntervalValue(value: .text(text.description)) }
    return Int.convert(value).map { IntervalValue(value: .count($0)) }
  }

  var scriptValue: Value { value.scriptValue }
}

/// A whole number, or a list of them.
private struct CountsValue: ScriptConvertible {
  let value: SettingValue

  static let scriptName = "whole number or list of them"

  static func convert(_ value: Value) throws(Stopped) -> CountsValue? {
    if let count = Int.convert(value) { return CountsValue(value: .count(count)) }
    return try [Int].convert(value).map { CountsValue(value: .list($0.map { .count($0) })) }
  }

  var scriptValue: Value { value.scriptValue }
}

/// Numbers, or a text that stands for some.
private struct WeightsValue: ScriptConvertible {
  let value: SettingValue

  static let scriptName = "list of numbers or \"balanced\""

  static func convert(_ value: Value) throws(Stopped) -> WeightsValue? {
    if case .string(let text) = value { return WeightsValue(value: .text(text.description)) }
    return try [Double].convert(value).map { WeightsValue(value: .list($0.map { .fraction($0) })) }
  }

  var scriptValue: Value { value.scriptValue }
}

extension SettingValue {
  /// The value in scripts.
  var scriptValue: Value {
    switch self {
    case .count(let value): .number(value)
    case .fraction(let value): .number(value)
    case .flag(let value): .bool(value)
    case .text(let value): .string(value)
    case .list(let values): .list(values.map(\.scriptValue))
    }
  }
}
