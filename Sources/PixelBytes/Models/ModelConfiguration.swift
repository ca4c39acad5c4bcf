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

  /// Creates a configuration; throws where no such model can be.
  public init(
    _ family: any ModelFamily, width: Int = 81, depth: Int = 2, embedding: EmbeddingKind = .pxby, vocabulary: Int = 113
  ) throws(ConfigurationError) {
    (self.family, self.width, self.depth) = (family, width, depth)
    (self.embedding, self.vocabulary) = (embedding, vocabulary)
    try Self.check("dim", width, 1...8192)
    try Self.check("depth", depth, 1...64)
    try Self.check("vocabulary", vocabulary, 2...256)
    try family.check(self)
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

  /// Throws unless `dropout` is a share that leaves something.
  static func check(dropout: Double) throws(ConfigurationError) {
    guard (0..<1).contains(dropout) else {
      throw ConfigurationError("dropout must be at least 0 and less than 1, found \(dropout)")
    }
  }

  /// Throws unless the setting `name` is in `range`.
  static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw ConfigurationError("\(name) must be from \(range.lowerBound) to \(range.upperBound), found \(value)")
    }
  }
}

extension ModelConfiguration: Equatable {
  /// True for the same family with the same settings.
  public static func == (a: ModelConfiguration, b: ModelConfiguration) -> Bool {
    a.family.equals(b.family) && a.width == b.width && a.depth == b.depth && a.embedding == b.embedding
      && a.vocabulary == b.vocabulary
  }
}

/// A configuration that no model has; its text says what was expected and found.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, in one sentence without a point.
  public let description: String

  package init(_ description: String) { self.description = description }
}
