extension SafetensorsHeader {
  /// Returns the bytes in front of the data: the same for the same arrays, a multiple of 8, and at least `size` of them.
  static func encoded(
    _ metadata: [String: String], _ arrays: [(name: String, type: SafetensorsElement, shape: [Int])], size: Int = 0
  ) -> [UInt8] {
    var fields: [JSON.Field] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { JSON.Field($0.key, .string($0.value)) }
      fields.append(JSON.Field("__metadata__", .object(texts)))
    }
    var begin = 0
    for array in arrays {
      let end = begin + array.type.size(of: array.shape.product)
      fields.append(
        JSON.Field(
          array.name,
          .object([
            JSON.Field("dtype", .string(array.type.rawValue)),
            JSON.Field("shape", .array(array.shape.map { .integer($0) })),
            JSON.Field("data_offsets", .array([.integer(begin), .integer(end)])),
          ])))
      begin = end
    }
    var header = Array(JSON.object(fields).text().utf8)
    while 8 + header.count < size || header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(header.count))
    return bytes + header
  }
}
