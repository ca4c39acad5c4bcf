import PixelBytes
import PixelScript
import Safepoint
import Tensors

extension LayerObject {
  /// A copy with parameters of its own; what stands in several places still does, and functions stay the same.
  func copy() throws -> LayerObject {
    var copies = Copies()
    return try copies.layer(self)
  }

  private struct Copies {
    private var layers: [ObjectIdentifier: LayerObject] = [:]
    private var parameters: [ObjectIdentifier: Tensors.Parameter] = [:]

    mutating func layer(_ original: LayerObject) throws -> LayerObject {
      if let known = layers[ObjectIdentifier(original)] { return known }
      let copy = try fresh(original)
      (copy.vocabulary, copy.windows) = (original.vocabulary, original.windows)
      layers[ObjectIdentifier(original)] = copy
      return copy
    }

    private mutating func fresh(_ original: LayerObject) throws -> LayerObject {
      let session = original.session
      switch original.content {
      case .operation(_, let configuration):
        let values = original.parameters.reduce(0) { $0 + $1.value.count }
        try Safepoint.reserve(4, times: values, for: "a copy")
        let scope = ParameterScope(values: original.parameters.map(\.value))
        return try LayerObject(configuration, in: scope, session)
      case .sequence(let adds):
        let members = try original.members.map { (name: $0.name, layer: try layer($0.layer)) }
        return try LayerObject(.sequence(adds: adds), members: members, session)
      case .module(let parts, let forward): return try LayerObject.module(try value(parts), forward, session)
      case .function, .ended: return try LayerObject(original.content, session)
      }
    }

    private mutating func value(_ original: Value) throws -> Value {
      switch original {
      case .list(let list): return .list(try list.values.map { try value($0) })
      case .map(let map): return .map(try map.entries.map { ($0.key.description, try value($0.value)) })
      case .object(let object as LayerObject): return .object(try layer(object))
      case .object(let object as ModelObject): return .object(ModelObject(try object.model.copy(), object.session))
      case .object(let object as TensorObject):
        guard let parameter = object.parameter else { return .object(TensorObject(object.tensor)) }
        let copy = parameters[ObjectIdentifier(parameter)] ?? Tensors.Parameter(parameter.name, parameter.value)
        parameters[ObjectIdentifier(parameter)] = copy
        return .object(TensorObject(parameter: copy))
      default: return original
      }
    }
  }
}

extension LayerObject: Savable {
  /// Layers are saved as the tensors of their parameters.
  public static let fileEndings = TensorFile.fileEndings
  /// Writes the parameters, and the tensors among the parts of modules, under their names.
  public func save(to path: String, ending: String) throws {
    let kept = buffers.map { ($0.name, $0.tensor.tensor.constant) }
    try TensorFile(named.map { ($0.name, $0.parameter.value) } + kept).save(to: path, ending: ending)
  }
}

extension LayerObject {
  /// The tensors among the parts of modules that are not trained, such as running means, with their names (PyTorch's buffers).
  var buffers: [(name: String, tensor: TensorObject)] {
    var found: [(name: String, tensor: TensorObject)] = []
    if case .module(let parts, _) = content { LayerObject.collectTensors(parts, [], &found) }
    for member in members { found += member.layer.buffers.map { ("\(member.name).\($0.name)", $0.tensor) } }
    return found
  }

  private static func collectTensors(
    _ value: Value, _ path: [String], _ found: inout [(name: String, tensor: TensorObject)]
  ) {
    guard path.count <= depthLimit else { return }
    switch value {
    case .list(let list):
      for (place, part) in list.values.enumerated() { collectTensors(part, path + ["\(place)"], &found) }
    case .map(let map):
      for entry in map.entries { collectTensors(entry.value, path + [entry.key.description], &found) }
    case .object(let tensor as TensorObject) where tensor.parameter == nil:
      found.append((path.isEmpty ? "0" : path.joined(separator: "."), tensor))
    default: break
    }
  }
}
