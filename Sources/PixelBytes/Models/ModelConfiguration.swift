import Foundation

/// What a model is made of: everything that its checkpoint's config.json says.
public struct ModelConfiguration: Sendable {
  /// The family, with its settings.
  public var family: any ModelFamily
  /// The width of the embedding (`dim`).
  public var width: Int
  /// The number of sequence layers.
  public var depth: Int
  /// How patches are embedded.
  public var embedding: EmbeddingKind
  /// The number of tokens.
  public var vocabulary: Int
  /// The cells of the contexts that the model reads.
  public var contextShape = ContextShape.patch

  /// Creates a configuration; throws where no such model can be.
  public init(
    _ family: any ModelFamily, width: Int = 81, depth: Int = 2, embedding: EmbeddingKind = .pxby, vocabulary: Int = 113,
    contextShape: ContextShape = .patch
  ) throws(ConfigurationError) {
    (self.family, self.width, self.depth) = (family, width, depth)
    (self.embedding, self.vocabulary, self.contextShape) = (embedding, vocabulary, contextShape)
    try check()
  }

  /// The usual one of a family.
  public init<Family: ModelFamily>(usual family: Family.Type) {
    (self.family, width, depth) = (Family.initial, Family.usualWidth, Family.usualDepth ?? 1)
    (embedding, vocabulary) = (.pxby, 113)
  }

  /// Throws where no such model can be.
  package func check() throws(ConfigurationError) {
    for setting in Self.settings { try setting.check(setting.value(of: self)) }
    try Self.check("context", contextShape.cells, Self.cells)
    try family.check(self)
    try family.checkSettings()
  }

  private static let width = Setting<ModelConfiguration>.count("dim", \.width, 1...8192, "width of the embedding")
  private static let depth = Setting<ModelConfiguration>.count("depth", \.depth, 1...64, "number of layers")
  private static let embedding = Setting<ModelConfiguration>.choice(
    "embedding", \.embedding, "how a 3x3 patch becomes a vector")
  private static let vocabulary = Setting<ModelConfiguration>.count(
    "vocabulary", \.vocabulary, 2...256, "number of tokens")
  /// The cells that a context may have.
  static let cells = 1...64
  /// What is set in every family.
  private static let settings = [width, depth, embedding, vocabulary]

  /// The settings of the models of a family, in the order of its command.
  package static func settings<Family: ModelFamily>(of family: Family.Type) -> [Setting<ModelConfiguration>] {
    let own = Family.settings.map { $0.of(\ModelConfiguration[Part<Family>()]) }
    guard Family.usualDepth != nil else { return own + [width, embedding, vocabulary] }
    let states = own.prefix { $0.name == "state" }
    return [width] + states + [depth] + own.dropFirst(states.count) + [embedding, vocabulary]
  }

  /// Stands for a family as a part of a configuration.
  private struct Part<Family: ModelFamily>: Hashable {}

  /// The family as one of the given type, which it must be.
  private subscript<Family: ModelFamily>(part: Part<Family>) -> Family {
    get {
      guard let family = family as? Family else { preconditionFailure("a configuration of another family") }
      return family
    }
    set { family = newValue }
  }

  /// Creates the configuration of an LSTM; the defaults are the paper's reference model.
  public init(
    width: Int = 81, state: Int = 64, depth: Int = 2, bidirectional: Bool = true, embedding: EmbeddingKind = .pxby,
    vocabulary: Int = 113
  ) throws(ConfigurationError) {
    try self.init(
      LSTMFamily(state: state, bidirectional: bidirectional), width: width, depth: depth, embedding: embedding,
      vocabulary: vocabulary)
  }

  /// Whether an output depends on later positions.
  public var bidirectional: Bool { family.bidirectional }

  /// Throws unless the setting `name` is in `range`.
  static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw ConfigurationError(
        "\(name) must be from \(range.lowerBound) to \(range.upperBound), found \(value)", setting: name)
    }
  }
}

extension ModelConfiguration: Equatable {
  /// True for the same family with the same settings.
  public static func == (a: ModelConfiguration, b: ModelConfiguration) -> Bool {
    a.family.equals(b.family) && a.width == b.width && a.depth == b.depth && a.embedding == b.embedding
      && a.vocabulary == b.vocabulary && a.contextShape == b.contextShape
  }
}

/// A configuration that no model has; its text says what was expected and found.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, in one sentence without a point.
  public let description: String
  /// The setting that is wrong, when it is one.
  public let setting: String?

  /// Creates an error about a whole configuration, or about one setting.
  public init(_ description: String, setting: String? = nil) {
    (self.description, self.setting) = (description, setting)
  }

  /// True for the same text.
  public static func == (a: ConfigurationError, b: ConfigurationError) -> Bool { a.description == b.description }
}
