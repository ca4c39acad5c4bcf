import Foundation

extension SafetensorsHeader {
  /// Returns the bytes in front of the data: the same for the same arrays, a multiple of 8, and at least `size` of them.
  static func encoded(
    _ metadata: [String: String], _ arrays: [(name: String, type: ElementType, shape: [Int])], _ file: String,
    size: Int = 0
  ) throws(FormatError) -> [UInt8] {
    var header = try fields(metadata, arrays, file)
    while 8 + header.count < size || header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(header.count))
    return bytes + header
  }

  private static func fields(
    _ metadata: [String: String], _ arrays: [(name: String, type: ElementType, shape: [Int])], _ file: String
  ) throws(FormatError) -> [UInt8] {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      var fields: [String] = []
      if !metadata.isEmpty {
        fields.append("\"__metadata__\":" + String(decoding: try encoder.encode(metadata), as: UTF8.self))
      }
      var begin = 0
      for array in arrays {
        let end = begin + (array.shape + [array.type.width]).product
        let name = String(decoding: try encoder.encode(array.name), as: UTF8.self)
        let shape = array.shape.map(String.init).joined(separator: ",")
        fields.append(
          "\(name):{\"dtype\":\"\(array.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
        begin = end
      }
      return Array("{\(fields.joined(separator: ","))}".utf8)
    } catch {
      throw FormatError(.malformed, in: file, "the header cannot be written: \(error)")
    }
  }
}
