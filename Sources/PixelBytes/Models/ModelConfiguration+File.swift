import Foundation

extension ModelConfiguration {
  /// The version of this layout, written as `pixelbytes_version`; published files have none.
  static let version = 1

  /// config.json in the published layout.
  public func encoded() throws -> String {
    let family = self.family
    var fields: [String: Any] = [
      "architectures": [type(of: family).architecture], "model_type": "sequence-generator", "torch_dtype": "float32",
      "dim": width, "depth": depth, "vocab_size": vocabulary, "pxby_embed": embedding != .center,
      "pembed": embedding == .pxby, "pixelbytes_version": Self.version,
    ]
    for setting in family.settings {
      fields[setting.key] =
        switch setting.value {
        case .count(let value): value
        case .fraction(let value): value
        case .flag(let value): value
        case .text(let value): value
        }
    }
    let data = try JSONSerialization.data(withJSONObject: fields, options: [.prettyPrinted, .sortedKeys])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Reads config.json, ours or published; a field that is absent has the published class's default.
  public init(decoding text: String) throws(ConfigurationError) {
    let parsed: Any
    do { parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) } catch {
      throw ConfigurationError("is not JSON")
    }
    guard let values = parsed as? [String: Any] else { throw ConfigurationError("is not a JSON object") }
    let fields = ConfigurationFields(values: values)
    if let version = try fields.optional("pixelbytes_version", Int.self), version > Self.version {
      throw ConfigurationError("is of version \(version); this program reads up to \(Self.version)")
    }
    let names = try fields.optional("architectures", [String].self) ?? [LSTMFamily.architecture]
    guard let kind = ModelFamilies.all.first(where: { names == [$0.architecture] }) else {
      let known = ModelFamilies.all.map { $0.architecture }.joined(separator: ", ")
      throw ConfigurationError("is of a model this program does not have: \(names); it has \(known)")
    }
    let patches = try fields.optional("pxby_embed", Bool.self) ?? true
    let convolves = try fields.optional("pembed", Bool.self) ?? true
    try self.init(
      try fields.family(kind), width: try fields.required("dim", Int.self),
      depth: fields.optional("depth", Int.self) ?? 2, embedding: !patches ? .center : convolves ? .pxby : .linear,
      vocabulary: fields.optional("vocab_size", Int.self) ?? 113)
  }
}

/// Typed access to the fields of config.json.
public struct ConfigurationFields {
  let values: [String: Any]

  /// A family with the settings that are there; the others have the defaults of the published class.
  func family<Family: ModelFamily>(_ kind: Family.Type) throws(ConfigurationError) -> any ModelFamily {
    var family = Family.initial
    for setting in Family.settings where setting.isStored {
      if let value = try value(of: setting) { try setting.set(value, of: &family) }
    }
    return family
  }

  private func value<Owner>(of setting: Setting<Owner>) throws(ConfigurationError) -> SettingValue? {
    switch setting.form {
    case .count: try optional(setting.key, Int.self).map { .count($0) }
    case .number: try optional(setting.key, Double.self).map { .fraction($0) }
    case .flag: try optional(setting.key, Bool.self).map { .flag($0) }
    case .choice(let choices): try choice(setting.key, choices).map { .text($0) }
    }
  }

  /// The value of a field, or nil where it is absent or null, as Python writes None; throws where it is of another type.
  public func optional<T>(_ name: String, _ type: T.Type) throws(ConfigurationError) -> T? {
    guard let value = values[name], !(value is NSNull) else { return nil }
    guard let typed = value as? T else {
      throw ConfigurationError("\(name) should be \(expected(type)), found \(value)")
    }
    return typed
  }

  /// The value of a field that must be there.
  public func required<T>(_ name: String, _ type: T.Type) throws(ConfigurationError) -> T {
    guard let value = try optional(name, type) else { throw ConfigurationError("lacks \(name)") }
    return value
  }

  /// The choice that a field names, or nil where it is absent.
  private func choice(_ name: String, _ choices: [String]) throws(ConfigurationError) -> String? {
    guard let text = try optional(name, String.self) else { return nil }
    guard choices.contains(text) else {
      throw ConfigurationError("\(name) should be one of \(choices.joined(separator: ", ")), found \(text)")
    }
    return text
  }

  private func expected(_ type: Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a string"
    default: "a list of strings"
    }
  }
}
