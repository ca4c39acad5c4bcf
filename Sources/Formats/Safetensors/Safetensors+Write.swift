import Foundation
import Safepoint

extension Safetensors {
  /// Adds an F32 array at the end; throws as `append(_:_:shape:bytes:)` does.
  public mutating func append(_ name: String, shape: [Int], floats: [Float]) throws(FormatError) {
    try append(name, .f32, shape: shape, bytes: littleEndian(floats.lazy.map(\.bitPattern)))
  }

  /// Adds a BF16 array at the end, each value rounded to the nearest (ties to even); throws as above.
  public mutating func append(_ name: String, shape: [Int], bfloats: [Float]) throws(FormatError) {
    try append(name, .bf16, shape: shape, bytes: littleEndian(bfloats.lazy.map(upperHalf)))
  }

  /// Adds an F64 array at the end; throws as above.
  public mutating func append(_ name: String, shape: [Int], doubles: [Double]) throws(FormatError) {
    try append(name, .f64, shape: shape, bytes: littleEndian(doubles.lazy.map(\.bitPattern)))
  }

  /// Adds an I32 array at the end; throws as above.
  public mutating func append(_ name: String, shape: [Int], int32s: [Int32]) throws(FormatError) {
    try append(name, .i32, shape: shape, bytes: littleEndian(int32s.lazy.map { UInt32(bitPattern: $0) }))
  }

  /// Adds a U8 array at the end; throws as above.
  public mutating func append(_ name: String, shape: [Int], uint8s: [UInt8]) throws(FormatError) {
    try append(name, .u8, shape: shape, bytes: uint8s[...])
  }

  /// Returns the bytes of the file: the same for the same contents, the data starting at a multiple of 8.
  public func encoded() throws(FormatError) -> [UInt8] {
    let arrays = entries.map { ($0.name, $0.type, $0.shape) }
    var bytes = SafetensorsHeader.encoded(metadata, arrays)
    bytes.reserveCapacity(bytes.count + entries.reduce(0) { $0 + $1.bytes.count })
    for entry in entries {
      var rest = entry.bytes
      while !rest.isEmpty, !Safepoint.mustStop {
        bytes += rest.prefix(1 << 20)
        rest = rest.dropFirst(1 << 20)
      }
    }
    return bytes
  }

  /// Writes the file whole or not at all; throws a `FormatError` that says why it could not.
  public func write(to path: String) throws(FormatError) {
    try AtomicFile.write(try encoded(), to: path)
  }
}

/// The nearest BF16 of a 32-bit float; a NaN stays one.
private func upperHalf(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
}

private func littleEndian<T: FixedWidthInteger & UnsignedInteger>(_ words: some Collection<T>) -> ArraySlice<UInt8> {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(words.count * T.bitWidth / 8)
  for word in words {
    if Safepoint.mustStop(after: 8) { break }
    for byte in 0..<T.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: word >> T(8 * byte))) }
  }
  return bytes[...]
}
