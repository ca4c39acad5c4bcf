import Tensors

/// One family of models: its settings, and the layers that are made of them.
///
/// All families share embedding and configuration file; a new one is a type of its own in `ModelFamilies.all`.
public protocol ModelFamily: Equatable, Sendable {
  /// The name in scripts.
  static var name: String { get }
  /// The class name in checkpoints; published ones where there are.
  static var architecture: String { get }
  /// Whether an output depends on later positions, so that the loss can only be that of the last one.
  var bidirectional: Bool { get }
  /// What is set beside width, depth, embedding and vocabulary, in the order of the command.
  var settings: [ModelSetting] { get }

  /// Reads the settings from config.json, with the defaults of the published class.
  init(_ fields: ConfigurationFields) throws(ConfigurationError)

  /// Throws where no such model can be.
  func check(_ configuration: ModelConfiguration) throws(ConfigurationError)

  /// The width of the embedding in a model whose configuration asks for `width`.
  func embeddingWidth(_ width: Int) -> Int

  /// The layers from the vectors of the embedding to the logits, with their first values.
  func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers
}

extension ModelFamily {
  /// The width that was asked for.
  public func embeddingWidth(_ width: Int) -> Int { width }

  func equals(_ other: any ModelFamily) -> Bool { other as? Self == self }
}

/// The families there are.
public enum ModelFamilies {
  /// Every family, the paper's first.
  public static let all: [any ModelFamily.Type] = [
    LSTMFamily.self, MambaFamily.self, TransformerFamily.self, BiMambaPlusFamily.self, MambaByteFamily.self,
    ImageTransformerFamily.self, ResNetFamily.self,
  ]
}

/// One setting of a family, as config.json and `net.config` show it.
public struct ModelSetting: Equatable, Sendable {
  /// What a setting may be.
  public enum Value: Equatable, Sendable {
    case count(Int)
    case fraction(Double)
    case flag(Bool)
    case text(String)
  }

  /// The name in scripts.
  public let name: String
  /// The key in config.json.
  public let key: String
  /// The value.
  public let value: Value

  /// Creates a setting; where `key` is left out it is the name.
  public init(_ name: String, key: String? = nil, _ value: Value) {
    (self.name, self.key, self.value) = (name, key ?? name, value)
  }
}

/// The body and the head of a model.
public struct SequenceLayers {
  let body: any SequenceBody
  let head: Linear

  /// Creates the layers of one model.
  public init(body: any SequenceBody, head: Linear) { (self.body, self.head) = (body, head) }
}

/// The layers between embedding and head.
public protocol SequenceBody {
  /// x [batch, time, width] to [batch, size] after the last position, or [batch * time, size] after every one.
  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor

  /// The same for `batch` sequences that grow.
  func stepper(batch: Int) -> any SequenceStepper
}

/// The body of a model in the middle of sequences, with all that it needs to go on.
public protocol SequenceStepper {
  /// The output [batch, size] after the last of the next vectors [batch, time, width].
  mutating func next(_ x: Tensor) -> Tensor

  /// Whether many vectors may come in parts: what later ones change in earlier ones would be worked out for every part.
  var readsInParts: Bool { get }
}

extension SequenceStepper {
  /// True for what reads in one direction.
  public var readsInParts: Bool { true }
}

/// Several sequences each of which goes on by itself.
struct SeparateSteppers: SequenceStepper {
  private var steppers: [any SequenceStepper]
  let readsInParts = false

  /// `count` sequences at their start.
  init(count: Int, _ stepper: () -> any SequenceStepper) { steppers = (0..<count).map { _ in stepper() } }

  mutating func next(_ x: Tensor) -> Tensor {
    if steppers.count == 1 { return steppers[0].next(x) }
    return Tensor.concatenated(steppers.indices.map { steppers[$0].next(x.indexed([.positions([$0])])) })
  }
}

extension Tensor {
  /// From [batch, time, size] to [batch, size] of the last position or [batch * time, size] of all.
  package func rows(_ positions: Positions) -> Tensor {
    switch positions {
    case .last: indexed([.all, .position(-1)])
    case .all: reshaped([shape[0] * shape[1], shape[2]])
    }
  }
}
