import Foundation

/// The families of models, under the names that scripts use.
public enum ModelKind: String, CaseIterable, Sendable {
  case lstm

  /// The class name in published checkpoints.
  var architecture: String {
    switch self {
    case .lstm: "SimpleRNNModel"
    }
  }
}

/// What a model is made of: everything that its checkpoint's config.json says.
public struct ModelConfiguration: Equatable, Sendable {
  /// The family.
  public var kind: ModelKind
  /// The width of the embedding (`dim`).
  public var width: Int
  /// The hidden or state size (`d_state`).
  public var state: Int
  /// The number of sequence layers.
  public var depth: Int
  /// Whether the first layer reads the sequence both ways.
  public var bidirectional: Bool
  /// How patches are embedded.
  public var embedding: EmbeddingKind
  /// The number of tokens.
  public var vocabulary: Int

  /// Creates a configuration; the defaults are the paper's reference model. Throws where no such model can be.
  public init(
    kind: ModelKind = .lstm, width: Int = 81, state: Int = 64, depth: Int = 2, bidirectional: Bool = true,
    embedding: EmbeddingKind = .pxby, vocabulary: Int = 113
  ) throws(ConfigurationError) {
    (self.kind, self.width, self.state, self.depth) = (kind, width, state, depth)
    (self.bidirectional, self.embedding, self.vocabulary) = (bidirectional, embedding, vocabulary)
    try check("dim", width, 1...8192)
    try check("state", state, 1...8192)
    try check("depth", depth, 1...64)
    try check("vocabulary", vocabulary, 2...256)
    if bidirectional, state % 2 != 0 {
      throw ConfigurationError("state must be even with two directions, each of which gets half; found \(state)")
    }
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw ConfigurationError("\(name) must be from \(range.lowerBound) to \(range.upperBound), found \(value)")
    }
  }
}

/// A configuration that no model has; its text says what was expected and found.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, in one sentence without a point.
  public let description: String

  package init(_ description: String) { self.description = description }
}

extension ModelConfiguration {
  /// The version of this layout, written as `pixelbytes_version`; published files have none.
  static let version = 1

  /// config.json in the published layout.
  public func encoded() throws -> String {
    let fields: [String: Any] = [
      "architectures": [kind.architecture], "model_type": "sequence-generator", "torch_dtype": "float32",
      "dim": width, "d_state": state, "depth": depth, "vocab_size": vocabulary, "bidirectional": bidirectional,
      "pxby_embed": embedding != .center, "pembed": embedding == .pxby, "pixelbytes_version": Self.version,
    ]
    let data = try JSONSerialization.data(withJSONObject: fields, options: [.prettyPrinted, .sortedKeys])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Reads config.json, ours or published; a field that is absent has the published class's default.
  public init(decoding text: String) throws(ConfigurationError) {
    let parsed: Any
    do { parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) } catch {
      throw ConfigurationError("config.json is not JSON")
    }
    guard let fields = parsed as? [String: Any] else { throw ConfigurationError("config.json is not a JSON object") }
    let reader = FieldReader(fields: fields)
    if let version = try reader.optional("pixelbytes_version", Int.self), version > Self.version {
      throw ConfigurationError("config.json is of version \(version); this program reads up to \(Self.version)")
    }
    let names = try reader.optional("architectures", [String].self) ?? [ModelKind.lstm.architecture]
    guard let kind = ModelKind.allCases.first(where: { names == [$0.architecture] }) else {
      let known = ModelKind.allCases.map(\.architecture).joined(separator: ", ")
      throw ConfigurationError("config.json is of a model this program does not have: \(names); it has \(known)")
    }
    let patches = try reader.optional("pxby_embed", Bool.self) ?? true
    let convolves = try reader.optional("pembed", Bool.self) ?? true
    try self.init(
      kind: kind, width: try reader.required("dim", Int.self), state: reader.optional("d_state", Int.self) ?? 64,
      depth: reader.optional("depth", Int.self) ?? 2,
      bidirectional: reader.optional("bidirectional", Bool.self) ?? true,
      embedding: !patches ? .center : convolves ? .pxby : .linear,
      vocabulary: reader.optional("vocab_size", Int.self) ?? 113)
  }
}

/// Typed access to the fields of config.json.
private struct FieldReader {
  let fields: [String: Any]

  func optional<T>(_ name: String, _ type: T.Type) throws(ConfigurationError) -> T? {
    guard let value = fields[name] else { return nil }
    guard let typed = value as? T else {
      throw ConfigurationError("config.json: \(name) should be \(expected(type)), found \(value)")
    }
    return typed
  }

  func required<T>(_ name: String, _ type: T.Type) throws(ConfigurationError) -> T {
    guard let value = try optional(name, type) else { throw ConfigurationError("config.json lacks \(name)") }
    return value
  }

  private func expected(_ type: Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Bool.Type: "true or false"
    default: "a list of strings"
    }
  }
}
