import PixelBytes
import PixelScript
import Tensors

extension LayerObject {
  /// A layer with the parameters of a scope.
  convenience init(_ configuration: any LayerConfiguration, in scope: ParameterScope, _ session: LayerSession) throws {
    let operation = configuration.operation(in: scope)
    try self.init(
      .operation(operation, of: configuration), own: scope.parameters.map { ($0.name, $0) }, session)
  }

  /// A layer with first values from the session's stream or from `seed`; planned first, it throws when its parameters are too
  /// large for the language or for the budget of memory.
  convenience init(_ configuration: any LayerConfiguration, seed: Int?, _ session: LayerSession) throws {
    let plan = ParameterScope.plan { _ = configuration.operation(in: $0) }
    for (_, shape) in plan.entries { try TensorObject.check(shape) }
    try plan.reserve(for: "a layer")
    let draw = session.environment.withRandom("initialization", seed: seed) { $0.next() }
    try self.init(configuration, in: ParameterScope(random: Random(seed: draw, stream: "initialization")), session)
  }

  /// Layers one after the other, from a list of layers and functions or a map from names to them; lists and maps inside are
  /// models of their own.
  static func sequence(
    of value: Value, _ session: LayerSession, adds: Bool = false, depth: Int = 1
  ) throws -> LayerObject {
    guard depth <= depthLimit else { throw tooDeep }
    let parts: [(name: String, value: Value)]
    switch value {
    case .list(let list): parts = list.values.enumerated().map { ("\($0)", $1) }
    case .map(let map): parts = map.entries.map { ($0.key.description, $0.value) }
    default: throw notLayers(value)
    }
    let members = try parts.map { name, part -> (name: String, layer: LayerObject) in
      switch part {
      case .object(let layer as LayerObject): return (name, layer)
      case .function(let function): return (name, try LayerObject(.function(function), session))
      case .list, .map: return (name, try sequence(of: part, session, depth: depth + 1))
      default:
        throw ScriptError(
          .type, "layer \(name) is \(part.typeName), expected a layer or a function", argument: "layers")
      }
    }
    guard !members.isEmpty else { throw ScriptError(.value, "a model needs at least one layer", argument: "layers") }
    return try LayerObject(.sequence(adds: adds), members: members, session)
  }

  private static func notLayers(_ value: Value) -> ScriptError {
    ScriptError(.type, "expected a list or a map of layers, found \(value.typeName)", argument: "layers")
  }

  /// A function over parts: layers, parameters and models in lists and maps, which are copied so that they stay as they are.
  static func module(_ parts: Value, _ forward: ScriptFunction, _ session: LayerSession) throws -> LayerObject {
    var found = Parts()
    let kept = try found.take(parts, at: [])
    return try LayerObject(
      .module(parts: kept, forward: forward), members: found.layers, own: found.parameters, session)
  }

  /// What has parameters in nested lists and maps, with the paths to it.
  private struct Parts {
    var layers: [(name: String, layer: LayerObject)] = []
    var parameters: [(name: String, parameter: Tensors.Parameter)] = []
    private var budget = 10_000

    /// Returns a copy of the lists and maps and collects what is in them.
    mutating func take(_ value: Value, at path: [String]) throws -> Value {
      budget -= 1
      guard path.count <= LayerObject.depthLimit, budget > 0 else {
        throw ScriptError(.limit, "the parts of a module are too many or contain themselves", argument: "parts")
      }
      switch value {
      case .list(let list):
        return .list(try list.values.enumerated().map { try take($1, at: path + ["\($0)"]) })
      case .map(let map):
        return .map(try map.entries.map { ($0.key.description, try take($0.value, at: path + [$0.key.description])) })
      case .object(let object):
        collect(object, at: path.isEmpty ? "0" : path.joined(separator: "."))
        return value
      default: return value
      }
    }

    private mutating func collect(_ object: any ScriptObject, at path: String) {
      if let layer = object as? LayerObject {
        layers.append((path, layer))
      } else if let model = object as? ModelObject {
        parameters += model.parameters.map { ("\(path).\($0.name)", $0) }
      } else if let parameter = (object as? TensorObject)?.parameter {
        parameters.append((path, parameter))
      }
    }
  }
}
