import PixelScript
import Tensors

/// The values of all parameters of a model or layer, set by name.
enum ParameterValues {
  /// Copies the values of tensors out of a map with the names and shapes of the parameters: all, or none where one does not fit.
  /// `buffers` are set too where the map has them.
  static func set(
    _ named: [(name: String, parameter: Tensors.Parameter)], _ buffers: [(name: String, tensor: TensorObject)] = [],
    from value: Value, of what: String
  ) throws {
    guard let map = ScriptMap.convert(value) else {
      throw ScriptError(.type, "parameters are set to a map from names to tensors, found \(value.typeName)")
    }
    let names = named.map(\.name) + buffers.map(\.name)
    let known = Set(names)
    if let strange = map.keys.first(where: { !known.contains($0.description) })?.description {
      throw ScriptError(
        .key, "the \(what) has no parameter \(Display.quoted(strange))",
        help: Suggestion.best(for: strange, in: names).map { "did you mean \(Display.quoted($0))?" })
    }
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor? {
      guard let value = map[name] else { return nil }
      guard let tensor = try TensorObject.convert(value)?.tensor else {
        throw ScriptError(.type, "\(Display.quoted(name)) is \(value.typeName), not a tensor")
      }
      guard tensor.shape == shape else {
        throw ScriptError(.shape, "\(Display.quoted(name)) has the shape \(tensor.shape), expected \(shape)")
      }
      return tensor
    }
    let values = try named.map { name, parameter -> Tensor in
      let shape = parameter.value.shape
      guard let found = try tensor(name, shape) else {
        throw ScriptError(.key, "there is no tensor \(Display.quoted(name))")
      }
      return Tensor(found.values, shape)
    }
    let kept = try buffers.map { name, buffer in try tensor(name, buffer.shape)?.constant }
    for (entry, value) in zip(buffers, kept) { if let value { entry.tensor.tensor = value } }
    for (entry, value) in zip(named, values) { entry.parameter.value = value }
  }
}
