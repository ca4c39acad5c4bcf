import PixelBytes
import PixelScript
import Tensors

/// What the layers and models of one session share: whether they train, and where dropout draws from.
final class LayerSession {
  unowned let environment: Environment
  /// Whether the call that runs trains; calls inside it do as it does.
  private(set) var isTraining = false
  /// Whether a layer is called.
  private var isCalled = false
  /// The run of a command that calls layers; nil while the script itself does.
  private var commanded: Pass?
  /// The shape that each layer gave last, while somebody wants to know.
  private var outputs: [ObjectIdentifier: Shape]?
  private var retired: [(LayerObject.Content, [(name: String, layer: LayerObject)])] = []
  private var isEnding = false

  init(_ environment: Environment) { self.environment = environment }

  /// Does something in training or not; as before when nothing is said.
  func training<R>(_ isTraining: Bool?, _ body: () throws -> R) rethrows -> R {
    let before = (self.isTraining, isCalled)
    defer { (self.isTraining, isCalled) = before }
    (self.isTraining, isCalled) = (isTraining ?? self.isTraining, true)
    return try body()
  }

  /// Whether `dropout` of a script drops: inside of layers when they train, elsewhere always.
  var drops: Bool { isTraining || !isCalled }

  /// Where `dropout` of a script draws from in the run of a command; nil elsewhere.
  func commandedRandom() -> Random? { commanded.map { Random(seed: $0.draw(), stream: "dropout") } }

  /// Calls layers for a command, which says whether they train, whether they are recorded, and where dropout draws from.
  func commanding<R>(_ pass: Pass, _ body: () throws -> R) rethrows -> R {
    let before = commanded
    defer { commanded = before }
    commanded = pass
    return try training(pass.isTraining, body)
  }

  /// A pass for a call, recorded on `tape` unless a command wants no gradient.
  func pass(recordedOn tape: @autoclosure () -> Tape, draws: Bool = true) -> Pass {
    if let commanded, commanded.tape == nil { return Pass() }
    guard isTraining, draws else { return Pass(recordedOn: tape(), isTraining: isTraining) }
    let draw = commanded?.draw() ?? environment.withRandom("dropout") { $0.next() }
    return Pass(recordedOn: tape(), random: Random(seed: draw, stream: "dropout"))
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
    guard outputs != nil, case .object(let tensor as TensorObject) = result else { return }
    outputs?[ObjectIdentifier(layer)] = tensor.shape
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
