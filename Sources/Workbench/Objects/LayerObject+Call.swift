import PixelBytes
import PixelScript
import Tensors

extension LayerObject {
  /// Yes.
  public var isCallable: Bool { true }

  /// `net(x)`, or `net(x, training: true)` with dropout; layers called inside do as the call around them.
  public func call(_ arguments: Arguments, _ context: CallContext) throws -> Value? {
    var arguments = arguments
    var training: Bool?
    if let place = arguments.named.firstIndex(where: { $0.name == "training" }) {
      guard let given = Bool.convert(arguments.named.remove(at: place).value) else {
        throw ScriptError(.type, "`training` is true or false", culprit: .label("training"))
      }
      training = given
    }
    return try session.training(training) {
      if case .module(let parts, let forward) = content {
        arguments.positional.insert(parts, at: 0)
        arguments.named += mode
        return traced(try context.call(.function(forward), arguments.positional, named: arguments.named))
      }
      if let (name, _) = arguments.named.first {
        throw ScriptError(
          .name, "a layer takes its input and `training`, and no `\(name)`",
          help: "`module` takes what its function takes",
          culprit: .label(name))
      }
      guard arguments.positional.count == 1 else {
        throw ScriptError(
          .type, "a layer is called with one argument, a tensor; found \(arguments.positional.count)")
      }
      return try result(of: arguments.positional[0], at: nil, context)
    }
  }

  /// What the layer makes of a value; `path` is its place among layers, which errors tell.
  private func result(of value: Value, at path: String?, _ context: CallContext) throws -> Value {
    try context.poll(steps: 16)
    switch content {
    case .operation(let operation, _):
      return traced(.object(try apply(operation, input(value, at: path), at: path, context)))
    case .function(let function): return traced(try context.call(.function(function), value))
    case .module(let parts, let forward):
      guard takesTraining else { return traced(try context.call(.function(forward), parts, value)) }
      return traced(try context.call(.function(forward), [parts, value], named: mode))
    case .sequence(let adds):
      var result = value
      for (name, layer) in members {
        result = try layer.result(of: result, at: path.map { "\($0).\(name)" } ?? name, context)
      }
      return traced(adds ? .object(try sum(of: input(value, at: path), result, at: path)) : result)
    case .ended: return .nil
    }
  }

  /// What a forward learns that has a parameter `training`.
  private var mode: [(name: String, value: Value)] { takesTraining ? [("training", .bool(session.isTraining))] : [] }

  private func traced(_ result: Value) -> Value {
    session.trace(self, result)
    return result
  }

  /// What layers give, of the shape that they are called with, and that input together.
  private func sum(of input: TensorObject, _ result: Value, at path: String?) throws -> TensorObject {
    guard let output = try TensorObject.convert(result), output.shape == input.shape else {
      let found = try TensorObject.convert(result).map { "\($0.shape)" } ?? result.typeName
      throw ScriptError(.shape, "\(called(at: path)) gives its input's shape \(input.shape), found \(found)")
    }
    return TensorObject.result(of: [input, output]) { $0[0] + $0[1] }
  }

  private func called(at path: String?) -> String { path.map { "layer \($0) (\(title))" } ?? title }

  private func input(_ value: Value, at path: String?) throws -> TensorObject {
    if let tensor = try TensorObject.convert(value) { return tensor }
    if let tokens = TokensObject.convert(value)?.patches {
      return TensorObject(Tensor(tokens.ids.map { Float($0) }, [1, tokens.count, 3, 3]))
    }
    throw ScriptError(.type, "\(called(at: path)) expects a tensor, found \(value.typeName)")
  }

  private func apply(
    _ operation: LayerOperation, _ input: TensorObject, at path: String?, _ context: CallContext
  ) throws -> TensorObject {
    guard let front = operation.input.front(of: input.shape) else {
      throw ScriptError(.shape, "\(called(at: path)) expects \(operation.input), found \(input.shape)")
    }
    try TensorObject.check(front + [operation.work])
    if let largest = operation.largest { try TensorObject.check(largest(input.shape)) }
    try context.reserve(bytes: 4, times: max(front.elementCount, 1), operation.work)
    let (tensors, tape) = TensorObject.recordable([input] + parameters.map { TensorObject(parameter: $0) })
    let pass = session.pass(recordedOn: tape ?? Tape(), draws: operation.draws)
    do { return TensorObject(try operation(tensors[0], in: pass)) } catch LayerInputError.shape(let text) {
      throw ScriptError(.shape, "\(called(at: path)) expects \(text)")
    } catch LayerInputError.index(let text) {
      throw ScriptError(.index, "\(called(at: path)) expects \(text)")
    }
  }
}
