import Synchronization
import Tensors

/// What a layer is made of: its settings in a table, and the operation that they make.
///
/// The command that makes it, its help and its checks follow from the table; a new one is a type of its own in `Layers.own`, or one
/// that another program registers.
public protocol LayerConfiguration: Configurable {
  /// The name in scripts.
  static var name: String { get }
  /// What the command does that makes one, in a sentence.
  static var summary: String { get }
  /// A script that makes one, with its output in `# expect:` comments.
  static var example: String { get }
  /// Whether first values are drawn, so that the command takes a seed.
  static var drawsValues: Bool { get }

  /// One with the default of every setting.
  init()

  /// Throws where settings that are right by themselves do not go together.
  func check() throws(ConfigurationError)

  /// The layer, whose parameters it asks of a scope.
  func operation(in scope: ParameterScope) -> LayerOperation
}

extension LayerConfiguration {
  /// One with the default of every setting.
  public static var initial: Self { Self() }
  /// They are drawn.
  public static var drawsValues: Bool { true }

  /// Everything goes together.
  public func check() throws(ConfigurationError) {}
}

/// The layers there are for scripts.
public enum Layers {
  /// The layers of the library: those of the last axis or of every element, then those of sequences.
  private static let own: [any LayerConfiguration.Type] = [
    LinearConfiguration.self, EmbeddingConfiguration.self, LayerNormConfiguration.self, RMSNormConfiguration.self,
    DropoutConfiguration.self, ReLU.self, GELU.self, SiLU.self, Convolution1DConfiguration.self,
    Convolution2DConfiguration.self,
    LSTMConfiguration.self, MambaConfiguration.self, SelfAttentionConfiguration.self,
    PatchEmbeddingConfiguration.self,
  ]
  private static let registered = Mutex<[any LayerConfiguration.Type]>([])

  /// Every layer: those of the library, and then those that were registered.
  public static var all: [any LayerConfiguration.Type] { own + registered.withLock { $0 } }

  /// Adds a layer of another program: new sessions have a command that makes it.
  ///
  /// A name that another layer has is a programmer's mistake.
  public static func register<Layer: LayerConfiguration>(_ layer: Layer.Type) {
    registered.withLock { layers in
      if layers.contains(where: { $0 == layer }) { return }
      precondition((own + layers).allSatisfy { $0.name != layer.name }, "there is a layer \(layer.name) already")
      layers.append(layer)
    }
  }
}
