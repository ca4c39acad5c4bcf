import PixelScript
import Tensors

/// What the layers of one session share: whether they train, and the session's random streams.
final class LayerSession {
  let environment: Environment
  /// Whether the call that runs trains; calls inside it do as it does.
  private(set) var isTraining = false
  /// The shape that each layer gave last, while somebody wants to know.
  private var outputs: [ObjectIdentifier: Shape]?
  private var retired: [(LayerObject.Content, [(name: String, layer: LayerObject)])] = []
  private var isEnding = false

  init(_ environment: Environment) { self.environment = environment }

  /// Does something in training or not; as before when nothing is said.
  func training<R>(_ isTraining: Bool?, _ body: () throws -> R) rethrows -> R {
    let before = self.isTraining
    defer { self.isTraining = before }
    self.isTraining = isTraining ?? before
    return try body()
  }

  /// The shapes that layers give while `body` runs.
  func tracing(_ body: () throws -> Void) rethrows -> [ObjectIdentifier: Shape] {
    let before = outputs
    defer { outputs = before }
    outputs = [:]
    try body()
    return outputs ?? [:]
  }

  /// Notes what a layer gave, when it is a tensor.
  func trace(_ layer: LayerObject, _ result: Value) {
    guard outputs != nil, let shape = TensorObject.convert(result)?.shape else { return }
    outputs?[ObjectIdentifier(layer)] = shape
  }

  /// Lets go of what a layer is made of, one after the other: functions may hold layers that hold functions without end.
  func retire(_ content: inout LayerObject.Content, _ members: inout [(name: String, layer: LayerObject)]) {
    retired.append((content, members))
    (content, members) = (.ended, [])
    guard !isEnding else { return }
    isEnding = true
    while !retired.isEmpty { retired.removeLast() }
    isEnding = false
  }
}
