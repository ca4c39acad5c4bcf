import PixelBytes
import PixelScript

/// The parameters that a table of settings makes; a body gets the owner with all of them.
struct SettingParameters<Owner: Sendable>: CommandParameter {
  private let settings: [Setting<Owner>]
  private let initial: Owner

  /// The settings of a table, with the defaults that `initial` has.
  init(_ settings: [Setting<Owner>], initial: Owner) { (self.settings, self.initial) = (settings, initial) }

  var signatures: [Signature] { settings.map { parameter($0).signature } }

  func take(from arguments: inout ArgumentReader) throws -> Owner {
    var owner = initial
    for setting in settings {
      let value = try parameter(setting).value(&arguments)
      do { try setting.set(value, of: &owner) } catch { throw error.scriptError }
    }
    return owner
  }

  /// The parameter of one setting, whatever its type.
  private func parameter(
    _ setting: Setting<Owner>
  ) -> (signature: Signature, value: (inout ArgumentReader) throws -> SettingValue?) {
    func made<T: ScriptConvertible>(
      _ parameter: Parameter<T>, _ value: @escaping (T) -> SettingValue?
    ) -> (Signature, (inout ArgumentReader) throws -> SettingValue?) {
      (parameter.signature, { value(try parameter.take(from: &$0)) })
    }
    let (name, summary) = (setting.name, setting.summary)
    let usual = setting.isOptional ? nil : setting.value(of: initial)
    switch (setting.form, usual) {
    case (.count, .count(let usual)?): return made(Parameter<Int>(name, summary, default: usual)) { .count($0) }
    case (.count, _): return made(Parameter<Int?>(name, summary)) { $0.map { .count($0) } }
    case (.number, .count(let usual)?):
      return made(Parameter<Double>(name, summary, default: Double(usual))) { .fraction($0) }
    case (.number, .fraction(let usual)?):
      return made(Parameter<Double>(name, summary, default: usual)) { .fraction($0) }
    case (.number, _): return made(Parameter<Double?>(name, summary)) { $0.map { .fraction($0) } }
    case (.flag, .flag(let usual)?): return made(Parameter<Bool>(name, summary, default: usual)) { .flag($0) }
    case (.flag, _): return made(Parameter<Bool?>(name, summary)) { $0.map { .flag($0) } }
    case (.choice(let choices), .text(let usual)?):
      return made(Parameter<String>(name, summary, default: usual, choices: choices)) { .text($0) }
    case (.choice(let choices), _):
      return made(Parameter<String?>(name, summary, choices: choices)) { $0.map { .text($0) } }
    }
  }
}
