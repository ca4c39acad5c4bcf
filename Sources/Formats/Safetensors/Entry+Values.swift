import Safepoint

extension Safetensors.Entry {
  /// Returns the elements as 32-bit floats: exact from every type but F64 and large integers, which are rounded to the nearest, beyond the
  /// largest to infinity; of complex numbers both parts, one after the other. Of elements of less than a byte, which are not read, none.
  public func floats() -> [Float] {
    switch type {
    case .f32, .c64: words(UInt32.self).map { Float(bitPattern: $0) }
    case .bf16: words(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .f16: words(UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .f8E5M2: bytes.map { Float(Float16(bitPattern: UInt16($0) << 8)) }
    case .f8E4M3: bytes.map { Self.small($0, mantissa: 3, bias: 7, isNaN: $0 & 0x7F == 0x7F) }
    case .f8E4M3FNUZ: bytes.map { Self.small($0, mantissa: 3, bias: 8, isNaN: $0 == 0x80) }
    case .f8E5M2FNUZ: bytes.map { Self.small($0, mantissa: 2, bias: 16, isNaN: $0 == 0x80) }
    case .f8E8M0: bytes.map { $0 == 0xFF ? .nan : Float(sign: .plus, exponent: Int($0) - 127, significand: 1) }
    case .f64: words(UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .u64: words(UInt64.self).map { Float($0) }
    case .f6E2M3, .f6E3M2, .f4: []
    default: integers().map { Float($0) }
    }
  }

  /// A number of 8 bits with so many of mantissa.
  private static func small(_ byte: UInt8, mantissa: Int, bias: Int, isNaN: Bool) -> Float {
    if isNaN { return .nan }
    let (exponent, part) = (Int(byte & 0x7F) >> mantissa, Float(byte & (1 << UInt8(mantissa) - 1)))
    let unit = Float(sign: .plus, exponent: -mantissa, significand: 1)
    let size = Float(
      sign: .plus, exponent: max(exponent, 1) - bias, significand: (exponent == 0 ? 0 : 1) + part * unit)
    return byte & 0x80 == 0 ? size : -size
  }

  /// Returns the elements as 64-bit floats: exact from every type but integers beyond 2^53, which are rounded.
  public func doubles() -> [Double] {
    switch type {
    case .f64: words(UInt64.self).map { Double(bitPattern: $0) }
    case .u64: words(UInt64.self).map { Double($0) }
    default: type.kind == .integer ? integers().map { Double($0) } : floats().map { Double($0) }
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
    guard type.kind == .integer else {
      throw FormatError(.unsupported, in: file, "array \"\(name)\" holds \(type.rawValue), not integers")
    }
    return type == .u64 ? try narrowed(words(UInt64.self)) : try narrowed(integers())
  }

  private func narrowed<T: FixedWidthInteger>(_ values: [some FixedWidthInteger]) throws(FormatError) -> [T] {
    var result: [T] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let value = T(exactly: value) else {
        throw FormatError(.unsupported, in: file, "array \"\(name)\" holds \(value), which is no \(T.self)")
      }
      result.append(value)
    }
    return result
  }

  /// The whole number at a place, with all its digits; nil for other types.
  public func wholeNumber(at place: Int) -> String? {
    let size = type.bits / 8
    guard type.kind == .integer, size > 0, (0..<bytes.count / max(size, 1)).contains(place) else { return nil }
    let first = bytes.startIndex + place * size
    let one = Safetensors.Entry(name: name, type: type, shape: [1], bytes: bytes[first..<first + size], file: file)
    return type == .u64 ? "\(one.words(UInt64.self)[0])" : "\(one.integers()[0])"
  }

  /// The elements of every type of integers but U64.
  private func integers() -> [Int64] {
    switch type {
    case .i64: words(UInt64.self).map { Int64(bitPattern: $0) }
    case .i32: words(UInt32.self).map { Int64(Int32(bitPattern: $0)) }
    case .u32: words(UInt32.self).map { Int64($0) }
    case .i16: words(UInt16.self).map { Int64(Int16(bitPattern: $0)) }
    case .u16: words(UInt16.self).map { Int64($0) }
    case .i8: bytes.map { Int64(Int8(bitPattern: $0)) }
    case .u8: bytes.map { Int64($0) }
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    default: preconditionFailure("integers() of \(type.rawValue)")
    }
  }

  private func words<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> [T] {
    let bytes = Array(bytes)
    var words = [T](repeating: 0, count: bytes.count / (T.bitWidth / 8))
    for place in words.indices {
      if place & 0xFFFF == 0, Safepoint.mustStop(after: 1 << 17) { break }
      words[place] = bytes.littleEndian(at: place * T.bitWidth / 8)
    }
    return words
  }
}
