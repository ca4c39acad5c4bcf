import Formats
import PixelScript
import Tensors

/// Named tensors on their way to a safetensors file.
final class TensorFile: Savable {
  private let entries: [(name: String, tensor: Tensor)]

  /// Takes a map from names to tensors; throws a type error for any other value in it.
  init(_ map: ScriptMap) throws {
    var entries: [(name: String, tensor: Tensor)] = []
    for (key, value) in map.entries {
      guard let tensor = try TensorObject.convert(value)?.tensor else {
        throw ScriptError(
          .type, "a map that is saved holds tensors only, found \(describe(value)) under \(key.echo)", argument: "x")
      }
      entries.append((key.description, tensor))
    }
    self.entries = entries
  }

  init(_ entries: [(name: String, tensor: Tensor)]) { self.entries = entries }

  static let scriptName = "map of tensors"
  static let fileEndings = ["safetensors"]
  var displayText: String { "\(entries.count) tensors" }

  func save(to path: String, ending: String) throws {
    var file = Safetensors(file: path)
    for (name, tensor) in entries {
      switch tensor.elementType {
      case .float32: try file.append(name, shape: tensor.shape, floats: tensor.values)
      case .int32:
        try file.append(name, shape: tensor.shape, int32s: (0..<tensor.count).map { Int32(tensor.number(at: $0)) })
      case .uint8: try file.append(name, shape: tensor.shape, uint8s: tensor.values.map { UInt8($0) })
      case .bool: try file.append(name, .bool, shape: tensor.shape, bytes: tensor.values.map { UInt8($0) }[...])
      }
    }
    try file.write(to: path)
  }

  /// The tensor `name` of a file, of complex numbers with a last axis of their two parts; throws when it is too large, or holds a whole
  /// number that a tensor would round.
  static func tensor(_ name: String, of file: SafetensorsFile) throws -> Tensor {
    let entry = try file.entry(name)
    try TensorObject.check(entry.shape)
    let type: ElementType =
      switch entry.type {
      case .i64, .i32, .i16, .i8, .u64, .u32, .u16: .int32
      case .u8: .uint8
      case .bool: .bool
      default: .float32
      }
    if entry.type == .c64 {
      try TensorObject.check(entry.shape + [2])
      return Tensor(try file.floats(name), entry.shape + [2])
    }
    if type == .float32 { return Tensor(try file.floats(name), entry.shape) }
    let numbers = try file.doubles(name)
    do { return try Tensor(numbers: numbers, entry.shape, elementType: type) } catch {
      throw FormatError(.unsupported, in: file.path, "array \"\(name)\" can't be read: \(error.description)")
    }
  }
}

extension TensorObject: Savable {
  /// Tensors are saved as safetensors.
  public static let fileEndings = ["safetensors"]
  /// Writes the tensor under the name "tensor".
  public func save(to path: String, ending: String) throws {
    try TensorFile([("tensor", tensor)]).save(to: path, ending: ending)
  }
}
