import PixelScript
import Tensors

/// A value that has parameters to train, such as a model.
public protocol Trainable: ScriptObject {
  /// The parameters in the order of the checkpoint.
  var parameters: [Tensors.Parameter] { get }
}

/// What optimizers work on: a model, a parameter, or lists and maps of such; what several of them share is there once.
struct ParameterList: ScriptConvertible {
  let parameters: [Tensors.Parameter]
  /// What each of them is in its model.
  let roles: [ParameterRole]

  static let scriptName = "model, parameter or list of parameters"

  static func convert(_ value: Value) -> ParameterList? {
    var collection = Collection()
    if case .function = value { return nil }
    guard collection.add(value, depth: 0), !collection.parameters.isEmpty else { return nil }
    let parameters = collection.parameters
    // Parts of a model in a list are what they say of themselves.
    guard case .object(let layer as LayerObject) = value else {
      return ParameterList(parameters: parameters, roles: parameters.map(\.role))
    }
    return ParameterList(parameters: layer.parameters, roles: layer.roles)
  }

  private struct Collection {
    var parameters: [Tensors.Parameter] = []
    /// Parameters, and lists and maps, which may contain themselves.
    private var seen: Set<ObjectIdentifier> = []

    /// Adds the parameters of a value; false for what is none and has none.
    mutating func add(_ value: Value, depth: Int) -> Bool {
      switch value {
      case .list(let list):
        return depth < 32
          && (!seen.insert(ObjectIdentifier(list)).inserted
            || list.values.allSatisfy { add($0, depth: depth + 1) })
      case .map(let map):
        return depth < 32
          && (!seen.insert(ObjectIdentifier(map)).inserted
            || map.entries.allSatisfy { add($0.value, depth: depth + 1) })
      // A function among layers has no parameters.
      case .function: return true
      case .object(let trainable as any Trainable): trainable.parameters.forEach { add($0) }
      case .object(let object as TensorObject):
        guard let parameter = object.parameter else { return false }
        add(parameter)
      default: return false
      }
      return true
    }

    private mutating func add(_ parameter: Tensors.Parameter) {
      if seen.insert(ObjectIdentifier(parameter)).inserted { parameters.append(parameter) }
    }
  }

  var scriptValue: Value { .list(parameters.map { .object(TensorObject(parameter: $0)) }) }
}
