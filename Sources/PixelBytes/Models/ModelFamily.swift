import Synchronization
import Tensors

/// One family of models: its settings, and the layers that are made of them.
///
/// All families share embedding and configuration file; a new one is a type of its own in `ModelFamilies.own`, or one that another
/// program registers.
public protocol ModelFamily: Configurable, Equatable {
  /// The name in scripts.
  static var name: String { get }
  /// The class name in checkpoints; published ones where there are.
  static var architecture: String { get }
  /// What the command does that makes one, in a sentence.
  static var summary: String { get }
  /// A script that makes one, with its output in `# expect:` comments.
  static var example: String { get }
  /// The width of a model of which nobody says it.
  static var usualWidth: Int { get }
  /// The number of layers of a model of which nobody says it; nil where the family's settings say how deep it is.
  static var usualDepth: Int? { get }
  /// Whether an output depends on later positions, so that the loss can only be that of the last one.
  var bidirectional: Bool { get }

  /// Throws where settings that are right by themselves do not go together.
  func check(_ configuration: ModelConfiguration) throws(ConfigurationError)

  /// The width of the embedding in a model whose configuration asks for `width`.
  func embeddingWidth(_ width: Int) -> Int

  /// The layers from the vectors of the embedding to the logits, with their first values.
  func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers
}

extension ModelFamily {
  /// The paper's.
  public static var usualWidth: Int { 81 }
  /// The paper's.
  public static var usualDepth: Int? { 2 }

  /// Everything goes together.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {}

  /// The width that was asked for.
  public func embeddingWidth(_ width: Int) -> Int { width }

  func equals(_ other: any ModelFamily) -> Bool { other as? Self == self }

  /// The settings that config.json keeps, with their values.
  public var settings: [ModelSetting] {
    Self.settings.compactMap { setting in
      guard setting.isStored, let value = setting.value(of: self) else { return nil }
      return ModelSetting(name: setting.name, key: setting.key, value: value)
    }
  }
}

/// One setting of a family, as config.json and `net.config` show it.
public struct ModelSetting: Equatable, Sendable {
  /// The name in scripts.
  public let name: String
  /// The key in config.json.
  public let key: String
  /// The value.
  public let value: SettingValue
}

/// The families there are.
public enum ModelFamilies {
  /// The families of the library, the paper's first.
  private static let own: [any ModelFamily.Type] = [
    LSTMFamily.self, MambaFamily.self, TransformerFamily.self, BiMambaPlusFamily.self, MambaByteFamily.self,
    ImageTransformerFamily.self, ResNetFamily.self, MixMambaFamily.self,
  ]
  private static let registered = Mutex<[any ModelFamily.Type]>([])

  /// Every family: those of the library, and then those that were registered.
  public static var all: [any ModelFamily.Type] { own + registered.withLock { $0 } }

  /// Adds a family of another program: its checkpoints can be loaded from now on, and new sessions have a command that makes it.
  ///
  /// A name or an architecture that another family has is a programmer's mistake.
  public static func register<Family: ModelFamily>(_ family: Family.Type) {
    registered.withLock { families in
      if families.contains(where: { $0 == family }) { return }
      let isNew = (own + families).allSatisfy { $0.name != family.name && $0.architecture != family.architecture }
      precondition(isNew, "there is a family \(family.name) or an architecture \(family.architecture) already")
      families.append(family)
    }
  }
}

/// The body and the head of a model.
public struct SequenceLayers {
  let body: any SequenceBody
  let head: Linear
  let mixing: CountMixing?

  /// Creates the layers of one model; with `mixing` it also reads counts of its sequence.
  public init(body: any SequenceBody, head: Linear, mixing: CountMixing? = nil) {
    (self.body, self.head, self.mixing) = (body, head, mixing)
  }
}

/// The layers between embedding and head.
public protocol SequenceBody {
  /// x [batch, time, width] to [batch, size] after the last position, or [batch * time, size] after every one.
  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor

  /// The same over vectors of which many are equal, for bodies that work out what they share once.
  func callAsFunction(_ x: RepeatedRows, _ positions: Positions, in pass: Pass) -> Tensor

  /// The same for `batch` sequences that grow.
  func stepper(batch: Int) -> any SequenceStepper
}

extension SequenceBody {
  /// Over all vectors written out.
  public func callAsFunction(_ x: RepeatedRows, _ positions: Positions, in pass: Pass) -> Tensor {
    self(x.tensor, positions, in: pass)
  }
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
  public func rows(_ positions: Positions) -> Tensor {
    switch positions {
    case .last: indexed([.all, .position(-1)])
    case .all: reshaped([shape[0] * shape[1], shape[2]])
    }
  }
}
