import PixelScript
import Tensors

/// A value that has parameters to train, such as a model.
public protocol Trainable: ScriptObject {
  /// The parameters in the order of the checkpoint.
  var parameters: [Tensors.Parameter] { get }
}

/// What optimizers work on: a model, a parameter, or a list or map of parameters.
struct ParameterList: ScriptConvertible {
  let parameters: [Tensors.Parameter]

  static let scriptName = "model, parameter or list of parameters"

  static func convert(_ value: Value) -> ParameterList? {
    var parameters: [Tensors.Parameter] = []
    let parts: [Value] =
      switch value {
      case .list(let list): list.values
      case .map(let map): map.entries.map(\.value)
      default: [value]
      }
    for case .object(let object) in parts {
      if let trainable = object as? any Trainable {
        parameters += trainable.parameters
      } else if let parameter = (object as? TensorObject)?.parameter {
        parameters.append(parameter)
      } else {
        return nil
      }
    }
    return parameters.isEmpty ? nil : ParameterList(parameters: parameters)
  }

  var scriptValue: Value { .list(parameters.map { .object(TensorObject(parameter: $0)) }) }
}
