/// Encodes levels in parquet's mixture of runs of equal numbers and groups of packed ones.
enum HybridEncoder {
  /// Returns numbers of at most `width` bits, 1 to 8, as runs or as packed ones, whichever is shorter.
  static func encode(_ values: [UInt8], width: Int) -> [UInt8] {
    var runs = values.isEmpty ? 0 : 1
    for index in values.indices.dropFirst() where values[index] != values[index - 1] { runs += 1 }
    return runs * 3 < values.count * width / 8 ? self.runs(values) : packed(values, width: width)
  }

  /// Returns numbers of at most `width` bits, 1 to 32, as runs or as packed ones, whichever is shorter.
  static func encode(_ values: [UInt32], width: Int) -> [UInt8] {
    var runs = values.isEmpty ? 0 : 1
    for index in values.indices.dropFirst() where values[index] != values[index - 1] { runs += 1 }
    var result: [UInt8] = []
    let bytes = (width + 7) / 8
    guard runs * (bytes + 3) >= values.count * width / 8 else {
      var start = 0
      while start < values.count {
        var end = start + 1
        while end < values.count, values[end] == values[start] { end += 1 }
        result.appendVarint(UInt64(end - start) << 1)
        for byte in 0..<bytes { result.append(UInt8(truncatingIfNeeded: values[start] >> (8 * byte))) }
        start = end
      }
      return result
    }
    result.reserveCapacity(values.count * width / 8 + 16 + width)
    head(values.count, &result)
    var (bits, filled) = (UInt64(0), 0)
    func add(_ value: UInt32) {
      bits |= UInt64(value) << UInt64(filled)
      filled += width
      while filled >= 8 {
        result.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        filled -= 8
      }
    }
    for value in values { add(value) }
    for _ in 0..<(8 - values.count % 8) % 8 { add(0) }
    return result
  }

  /// Returns the numbers of a byte each, which are packed already.
  static func bytes(_ values: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count + 16)
    head(values.count, &result)
    result.append(contentsOf: values)
    result.append(contentsOf: repeatElement(0, count: (8 - values.count % 8) % 8))
    return result
  }

  private static func runs(_ values: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start < values.count {
      var end = start + 1
      while end < values.count, values[end] == values[start] { end += 1 }
      result.appendVarint(UInt64(end - start) << 1)
      result.append(values[start])
      start = end
    }
    return result
  }

  private static func packed(_ values: [UInt8], width: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count * width / 8 + 16)
    head(values.count, &result)
    packed(values, width: width, &result)
    return result
  }

  /// Adds numbers of `width` bits, the lowest first, and zeros to the end of a group of eight.
  static func packed(_ values: [UInt8], width: Int, _ result: inout [UInt8]) {
    for start in stride(from: 0, to: values.count, by: 8) {
      var group: UInt64 = 0
      for index in start..<min(start + 8, values.count) {
        group |= UInt64(values[index]) << UInt64((index - start) * width)
      }
      for byte in 0..<width { result.append(UInt8(truncatingIfNeeded: group >> UInt64(8 * byte))) }
    }
  }

  private static func head(_ count: Int, _ result: inout [UInt8]) {
    if count > 0 { result.appendVarint(UInt64((count + 7) / 8) << 1 | 1) }
  }
}
