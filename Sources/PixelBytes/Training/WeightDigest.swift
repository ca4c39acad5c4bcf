import Formats
import Tensors

/// The weights of a model as a digest, by which another start of a run is told from the same one.
enum WeightDigest {
  /// The SHA-256 of the parameters of a model.
  static func of(_ model: any TokenModel) -> String {
    of(model.parameterNames, model.parameters.map(\.value.values))
  }

  /// The SHA-256 of parameters: of each its name, its number of weights, and their 4 bytes with the lowest first.
  static func of(_ names: [String], _ values: [[Float]]) -> String {
    let hash = SHA256()
    for (name, floats) in zip(names, values) {
      hash.update(Array("\(name.utf8.count):\(name):\(floats.count):".utf8))
      for start in stride(from: 0, to: floats.count, by: 1 << 14) {
        let part = floats[start..<min(start + 1 << 14, floats.count)]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * part.count)
        for float in part {
          let bits = float.bitPattern
          for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        hash.update(bytes)
      }
    }
    return hash.finish()
  }
}
