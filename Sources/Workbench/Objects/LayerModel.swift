import PixelBytes
import PixelScript
import Tensors

/// Layers of a script as a model of tokens, while one command works with it.
///
/// They are called on patches [batch, length, 3, 3] and give logits [batch, V] of the last position or [batch, length, V]
/// of all.
package struct LayerModel: TokenModel {
  /// How many tokens they give logits of, found by a call on a sequence.
  package let tokenCount: Int
  private let layer: LayerObject
  private let context: CallContext
  private let example: Tensor
  /// The functions among the layers, with the values that they read when work with them began.
  package let code: String

  /// Calls the layers once on a sequence of `length` patches; throws when what they give are no logits.
  package init(_ layer: LayerObject, length: Int, _ context: CallContext) throws {
    (self.layer, self.context) = (layer, context)
    code = layer.code(context.interpreter)
    let shape = [length] + ContextShape.patch.dimensions
    try context.allow(shape)
    example = Tensor(repeating: 0, [1] + shape)
    tokenCount = try Self.logits(layer, example, Pass(), context).shape.last ?? 0
  }

  /// The layers with their settings.
  package var structure: String { get throws { try layer.structure() } }
  /// The layers by their titles.
  var outline: String { layer.outline }
  /// The parameters in the order of the layers.
  package var parameters: [Tensors.Parameter] { layer.parameters }
  /// The names of the parameters with the paths to them.
  package var parameterNames: [String] { layer.named.map(\.name) }
  /// The patches of the paper.
  package var contextShape: ContextShape { .patch }
  /// False: functions of a script run on one thread.
  package var isConcurrent: Bool { false }

  /// Throws when the layers have nothing to learn, and for all positions when they give only the last one's logits, or see
  /// later positions than those that they give logits of.
  package func check(_ positions: Positions) throws {
    if parameters.isEmpty { throw ScriptError(.value, "the layers have no parameters to train", argument: "model") }
    guard positions == .all else { return }
    let logits = try Self.logits(layer, example, Pass(), context)
    guard logits.shape.count == 3 else { throw Self.givesLastOnly(logits.shape) }
    let changed = Array(example.values.dropLast(contextShape.cells)) + repeatElement(1, count: contextShape.cells)
    let others = try Self.logits(layer, Tensor(changed, example.shape), Pass(), context)
    let kept = logits.count - tokenCount
    guard logits.values.prefix(kept).elementsEqual(others.values.prefix(kept)) else {
      throw ConfigurationError.seesAhead
    }
  }

  package func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) throws -> Tensor {
    let ids = Tensor(
      contexts.ids.map { Float($0) }, [contexts.count, contexts.length] + contexts.shape.dimensions)
    let logits = try Self.logits(layer, ids, pass, context)
    guard logits.shape.count == 3 else {
      if positions == .all { throw Self.givesLastOnly(logits.shape) }
      return logits
    }
    return logits.rows(positions)
  }

  /// Layers one after the other of which each can go on.
  package func stepper(batch: Int) -> (any TokenStepper)? {
    layer.stepping(batch: batch, context).map { LayerStepper(next: $0) }
  }

  /// Keeps how rows were cut.
  package func remember(_ run: TrainingRecord) {
    guard case .text(let rule)? = run.options["windows"] else { return }
    layer.windows = WindowRule(rawValue: rule)
  }

  private static func logits(
    _ layer: LayerObject, _ patches: Tensor, _ pass: Pass, _ context: CallContext
  ) throws -> Tensor {
    let result = try layer.session.commanding(pass) {
      try layer.call(Arguments([.object(TensorObject(patches))], named: []), context)
    }
    guard let result, let logits = try TensorObject.convert(result)?.tensor else {
      throw ScriptError(
        .type, "the model gives \(result?.typeName ?? "nothing"), not logits [B, V] or [B, L, V]", argument: "model")
    }
    let front = Array(logits.shape.dropLast())
    guard front == [patches.shape[0]] || front == Array(patches.shape[..<2]), logits.count > 0 else {
      throw ScriptError(
        .shape,
        "the model makes \(logits.shape) of patches \(patches.shape), not logits [\(patches.shape[0]), V] or "
          + "[\(patches.shape[0]), \(patches.shape[1]), V]", argument: "model")
    }
    return logits
  }

  private static func givesLastOnly(_ shape: Shape) -> ScriptError {
    ScriptError(
      .value, "loss \"all\" needs logits of all positions [B, L, V]; the model gives \(shape)", argument: "model")
  }
}

/// What `train`, `evaluate` and `generate` work with: a model, or layers that make one.
enum Predictor: ScriptConvertible {
  case model(SequenceModel)
  case layers(LayerObject)

  static let scriptName = "model"

  static func convert(_ value: Value) -> Predictor? {
    if let net = ModelObject.convert(value) { return .model(net.model) }
    return LayerObject.convert(value).map { .layers($0) }
  }

  var scriptValue: Value { .nil }

  /// What the tokens stand for, as far as it is known.
  var vocabulary: Vocabulary? {
    get {
      switch self {
      case .model(let model): model.vocabulary
      case .layers(let layer): layer.vocabulary
      }
    }
    nonmutating set {
      switch self {
      case .model(let model): model.vocabulary = newValue
      case .layers(let layer): layer.vocabulary = newValue
      }
    }
  }

  /// Whether its first values came of a seed of its own.
  var isSeeded: Bool { if case .model(let model) = self { model.isSeeded } else { false } }

  /// The family of a model, "layers" of others.
  var familyName: String {
    switch self {
    case .model(let model): type(of: model.configuration.family).name
    case .layers: "layers"
    }
  }

  /// The number of trained numbers.
  var parameterCount: Int {
    switch self {
    case .model(let model): model.parameterCount
    case .layers(let layer): layer.parameters.reduce(0) { $0 + $1.value.count }
    }
  }

  /// How rows were cut in its last training, as far as it is known.
  var windows: WindowRule? {
    switch self {
    case .layers(let layer): return layer.windows
    case .model(let model):
      guard case .text(let rule)? = model.training.last?.options["windows"] else { return nil }
      return WindowRule(rawValue: rule)
    }
  }

  /// The model; layers are tried on a sequence of `length` patches.
  func model(length: Int, _ context: CallContext) throws -> any TokenModel {
    switch self {
    case .model(let model): model
    case .layers(let layer): try LayerModel(layer, length: length, context)
    }
  }
}
