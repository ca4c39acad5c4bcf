/// Decodes whole numbers that are stored as packed differences.
struct DeltaDecoder {
  /// Returns exactly `count` numbers, which wrap around at 64 bits, and leaves `input` behind them.
  static func read(_ count: Int, from input: inout ByteReader) throws(ParquetFault) -> [Int64] {
    let blockSize = try input.size("the size of a block")
    let partCount = try input.size("the number of parts of a block")
    let total = try input.size("the number of differences")
    guard total == count else {
      throw ParquetFault(.malformed, "the differences are of \(total) values; expected \(count)")
    }
    guard blockSize > 0, blockSize <= 1 << 20, partCount > 0, blockSize % partCount == 0,
      (blockSize / partCount) % 8 == 0
    else { throw ParquetFault(.malformed, "a block of \(blockSize) differences has \(partCount) parts") }
    let partSize = blockSize / partCount
    var value = try input.zigzag()
    var values: [Int64] = []
    values.reserveCapacity(count)
    if count > 0 { values.append(value) }
    while values.count < count {
      let least = try input.zigzag()
      let widths = try input.take(partCount, "the widths of differences")
      for place in widths where values.count < count {
        let width = Int(input.bytes[place])
        guard width <= 64 else { throw ParquetFault(.malformed, "differences have \(width) bits") }
        let wanted = min(partSize, count - values.count)
        // The last part may be cut off behind the last value.
        let size = max((wanted * width + 7) / 8, min(partSize * width / 8, input.remaining))
        var bits = BitReader(input.bytes, try input.take(size, "differences"))
        for _ in 0..<wanted {
          value = value &+ least &+ Int64(bitPattern: bits.take(width))
          values.append(value)
        }
      }
    }
    return values
  }

  /// Returns `count` numbers that are lengths of pieces.
  static func lengths(_ count: Int, from input: inout ByteReader) throws(ParquetFault) -> [Int] {
    var lengths: [Int] = []
    lengths.reserveCapacity(count)
    for value in try read(count, from: &input) {
      guard 0...Int64(ParquetLimit.page) ~= value else {
        throw ParquetFault(.malformed, "a piece of bytes has the length \(value)")
      }
      lengths.append(Int(value))
    }
    return lengths
  }
}
