import Foundation

/// Plain Swift values as bytes, with every number exact.
enum PropertyList {
  /// The bytes of a value.
  static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return Array(try encoder.encode([value]))
  }

  /// The value of bytes; throws where they are of another one.
  static func value<T: Decodable>(_ type: T.Type, of bytes: [UInt8]) throws -> T {
    let values = try PropertyListDecoder().decode([T].self, from: Data(bytes))
    guard values.count == 1 else { throw ValueReader.Fault() }
    return values[0]
  }
}
