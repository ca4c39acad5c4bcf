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
    return try tensor(
      name, entry.type, entry.shape, file.path, floats: { () throws(FormatError) in try file.floats(name) },
      doubles: { () throws(FormatError) in try file.doubles(name) },
      digits: { (place) throws(FormatError) in try file.wholeNumber(name, at: place) })
  }

  /// The same of an array of a file that was read.
  static func tensor(_ entry: Safetensors.Entry, of file: String) throws -> Tensor {
    try tensor(
      entry.name, entry.type, entry.shape, file,
      floats: { () throws(FormatError) in
        let floats = entry.floats()
        guard entry.type == .f64, floats.contains(where: \.isInfinite) else { return floats }
        if let number = zip(entry.doubles(), floats).first(where: { $0.isFinite && $1.isInfinite })?.0 {
          throw FormatError(
            .unsupported, in: file,
            "array \"\(entry.name)\" holds \(number), which is beyond what numbers of 32 bits hold")
        }
        return floats
      }, doubles: { () throws(FormatError) in entry.doubles() },
      digits: { (place) throws(FormatError) in entry.wholeNumber(at: place) })
  }

  private static func tensor(
    _ name: String, _ element: SafetensorsElement, _ shape: [Int], _ path: String,
    floats: () throws(FormatError) -> [Float], doubles: () throws(FormatError) -> [Double],
    digits: (Int) throws(FormatError) -> String?
  ) throws -> Tensor {
    try TensorObject.check(shape)
    let type: ElementType =
      switch element {
      case .i64, .i32, .i16, .i8, .u64, .u32, .u16: .int32
      case .u8: .uint8
      case .bool: .bool
      default: .float32
      }
    if element == .c64 {
      try TensorObject.check(shape + [2])
      return Tensor(try floats(), shape + [2])
    }
    if type == .float32 { return Tensor(try floats(), shape) }
    do { return try Tensor(numbers: try doubles(), shape, elementType: type) } catch let error as ElementError {
      // Beyond 2 ** 53 a float is another number than the one in the file.
      let place = zip(shape, error.index).reduce(0) { $0 * $1.0 + $1.1 }
      let reason = try digits(place).map(error.description(found:)) ?? error.description
      throw FormatError(.unsupported, in: path, "array \"\(name)\" can't be read: \(reason)")
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
