import Safepoint

extension Safetensors.Entry {
  /// Returns the elements as 32-bit floats: exact from F32, F16, BF16 and small integers, rounded from F64 and large ones.
  public func floats() -> [Float] {
    switch type {
    case .f32: words(UInt32.self).map { Float(bitPattern: $0) }
    case .bf16: words(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .f16: words(UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .f64: words(UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: integers().map { Float($0) }
    }
  }

  /// Returns the elements as 64-bit floats: exact from every type but integers beyond 2^53, which are rounded.
  public func doubles() -> [Double] {
    switch type {
    case .f64: words(UInt64.self).map { Double(bitPattern: $0) }
    case .f32, .f16, .bf16: floats().map { Double($0) }
    default: integers().map { Double($0) }
    }
  }

  /// Returns the elements of an integer array; throws when the type is a float or a value does not fit.
  public func int32s() throws(FormatError) -> [Int32] { try narrowed() }

  /// Returns the elements of an integer array; throws when the type is a float or a value does not fit.
  public func uint8s() throws(FormatError) -> [UInt8] {
    if type == .u8 { return Array(bytes) }
    return try narrowed()
  }

  /// Returns the elements of an integer array; throws when the type is a float.
  public func int64s() throws(FormatError) -> [Int64] { try narrowed() }

  private func narrowed<T: FixedWidthInteger>() throws(FormatError) -> [T] {
    switch type {
    case .f64, .f32, .f16, .bf16:
      throw FormatError(.unsupported, in: file, "array \"\(name)\" holds \(type.rawValue), not integers")
    default: break
    }
    var result: [T] = []
    result.reserveCapacity(count)
    for value in integers() {
      guard let value = T(exactly: value) else {
        throw FormatError(.unsupported, in: file, "array \"\(name)\" holds \(value), which is no \(T.self)")
      }
      result.append(value)
    }
    return result
  }

  private func integers() -> [Int64] {
    switch type {
    case .i64: words(UInt64.self).map { Int64(bitPattern: $0) }
    case .i32: words(UInt32.self).map { Int64(Int32(bitPattern: $0)) }
    case .i16: words(UInt16.self).map { Int64(Int16(bitPattern: $0)) }
    case .i8: bytes.map { Int64(Int8(bitPattern: $0)) }
    case .u8: bytes.map { Int64($0) }
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    case .f64, .f32, .f16, .bf16: preconditionFailure("integers() of \(type.rawValue)")
    }
  }

  private func words<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> [T] {
    let bytes = Array(bytes)
    var words = [T](repeating: 0, count: count)
    for place in words.indices {
      if place & 0xFFFF == 0, Safepoint.mustStop(after: 1 << 17) { break }
      words[place] = bytes.littleEndian(at: place * T.bitWidth / 8)
    }
    return words
  }
}
