import PixelScript
import Tensors

/// The values of all parameters of a model or layer, set by name.
enum ParameterValues {
  /// Copies the values of tensors out of a map with the names and shapes of the parameters: all, or none where one does not fit.
  static func set(
    _ named: [(name: String, parameter: Tensors.Parameter)], from value: Value, of what: String
  ) throws {
    guard let map = ScriptMap.convert(value) else {
      throw ScriptError(.type, "parameters are set to a map from names to tensors, found \(value.typeName)")
    }
    let names = named.map(\.name)
    let known = Set(names)
    if let strange = map.keys.first(where: { !known.contains($0.description) })?.description {
      throw ScriptError(
        .key, "the \(what) has no parameter \(Display.quoted(strange))",
        help: Suggestion.best(for: strange, in: names).map { "did you mean \(Display.quoted($0))?" })
    }
    let values = try named.map { name, parameter -> Tensor in
      guard let value = map[name] else { throw ScriptError(.key, "there is no tensor \(Display.quoted(name))") }
      guard let tensor = try TensorObject.convert(value)?.tensor else {
        throw ScriptError(.type, "\(Display.quoted(name)) is \(value.typeName), not a tensor")
      }
      let shape = parameter.value.shape
      guard tensor.shape == shape else {
        throw ScriptError(.shape, "\(Display.quoted(name)) has the shape \(tensor.shape), expected \(shape)")
      }
      return Tensor(tensor.values, shape)
    }
    for (entry, value) in zip(named, values) { entry.parameter.value = value }
  }
}
