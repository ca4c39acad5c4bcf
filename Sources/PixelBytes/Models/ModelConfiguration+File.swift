import Formats

extension ModelConfiguration {
  /// The version of this layout, written as `pixelbytes_version`; published files have none.
  static let version = 1

  /// config.json in the published layout.
  public func encoded() throws -> String {
    let family = self.family
    var fields: [String: JSON] = [
      "architectures": .array([.string(type(of: family).architecture)]), "model_type": .string("sequence-generator"),
      "torch_dtype": .string("float32"), "dim": .integer(width), "depth": .integer(depth),
      "vocab_size": .integer(vocabulary), "pxby_embed": .bool(embedding != .center),
      "pembed": .bool(embedding == .pxby), "pixelbytes_version": .integer(Self.version),
    ]
    if contextShape != .patch {
      fields["context"] = .array(
        [contextShape.rows, contextShape.columns, contextShape.predicted].map { .integer($0) })
    }
    for setting in family.settings { fields[setting.key] = setting.value.json }
    return JSON.object(fields.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }).text(.indented) + "\n"
  }

  /// Reads config.json, ours or published; a field that is absent has the published class's default.
  public init(decoding text: String) throws(ConfigurationError) {
    let fields: JSON
    do { fields = try JSON(Array(text.utf8)) } catch { throw ConfigurationError("is not JSON") }
    guard fields.fields != nil else { throw ConfigurationError("is not a JSON object") }
    do { try self.init(fields) } catch let error as JSONMismatch {
      throw ConfigurationError(error.description)
    } catch let error as ConfigurationError { throw error } catch {
      throw ConfigurationError("\(error)")
    }
  }

  private init(_ fields: JSON) throws {
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
      try Self.family(kind, fields), width: try fields.required("dim", Int.self),
      depth: fields.optional("depth", Int.self) ?? 2, embedding: !patches ? .center : convolves ? .pxby : .linear,
      vocabulary: fields.optional("vocab_size", Int.self) ?? 113,
      contextShape: fields.optional("context", [Int].self).map { try Self.context($0) } ?? .patch)
  }

  /// The shape of rows, columns and the cell that is predicted.
  private static func context(_ numbers: [Int]) throws(ConfigurationError) -> ContextShape {
    let isShape =
      numbers.count == 3 && numbers.prefix(2).allSatisfy(cells.contains)
      && (0..<numbers[0] * numbers[1]).contains(numbers[2])
    guard isShape else {
      throw ConfigurationError("context should be rows, columns and the cell that is predicted, found \(numbers)")
    }
    return ContextShape(rows: numbers[0], columns: numbers[1], predicted: numbers[2])
  }

  /// A family with the settings that are there; the others have the defaults of the published class.
  private static func family<Family: ModelFamily>(_ kind: Family.Type, _ fields: JSON) throws -> any ModelFamily {
    var family = Family.initial
    for setting in Family.settings where setting.isStored {
      if let value = try value(of: setting, fields) { try setting.set(value, of: &family) }
    }
    return family
  }

  private static func value<Owner>(of setting: Setting<Owner>, _ fields: JSON) throws -> SettingValue? {
    switch setting.form {
    case .count, .interval: return try fields.optional(setting.key).map { .count($0) }
    case .number: return try fields.optional(setting.key).map { .fraction($0) }
    case .flag: return try fields.optional(setting.key).map { .flag($0) }
    case .choice(let choices):
      guard let text = try fields.optional(setting.key, String.self) else { return nil }
      guard choices.contains(text) else {
        throw ConfigurationError("\(setting.key) should be one of \(choices.joined(separator: ", ")), found \(text)")
      }
      return .text(text)
    // No family has such a setting.
    case .counts, .numbers, .weights, .choices: return nil
    }
  }
}
