extension Safetensors {
  /// Reads arrays from the bytes of a file; `file` is the name that errors give it.
  ///
  /// Every length and offset is checked: the arrays must cover the data exactly once, without holes or overlaps.
  public init(decoding bytes: [UInt8], file: String = "safetensors") throws(FormatError) {
    let length = try SafetensorsHeader.length(Array(bytes.prefix(9)), fileSize: bytes.count, file)
    let start = 8 + length
    let header = try SafetensorsHeader(Array(bytes[8..<start]), dataSize: bytes.count - start, file)
    try header.checkTypes(file)
    self.init(metadata: header.metadata, file: file)
    for array in header.arrays {
      let range = start + array.range.lowerBound..<start + array.range.upperBound
      try append(array.name, array.type, shape: array.shape, bytes: bytes[range])
    }
  }
}
