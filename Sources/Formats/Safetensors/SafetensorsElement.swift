/// The element types of a safetensors file.
public enum SafetensorsElement: String, Sendable, CaseIterable {
  /// IEEE binary64.
  case f64 = "F64"
  /// IEEE binary32.
  case f32 = "F32"
  /// IEEE binary16.
  case f16 = "F16"
  /// The upper half of a binary32.
  case bf16 = "BF16"
  /// Numbers of 8 bits with 4 of exponent, without infinities.
  case f8E4M3 = "F8_E4M3"
  /// The upper half of a binary16.
  case f8E5M2 = "F8_E5M2"
  /// Powers of two from 2^-127 on.
  case f8E8M0 = "F8_E8M0"
  /// As F8_E4M3, half as large, with one zero and one NaN.
  case f8E4M3FNUZ = "F8_E4M3FNUZ"
  /// As F8_E5M2, half as large, with one zero and one NaN.
  case f8E5M2FNUZ = "F8_E5M2FNUZ"
  /// Numbers of 6 bits, which are not read.
  case f6E2M3 = "F6_E2M3"
  /// Numbers of 6 bits, which are not read.
  case f6E3M2 = "F6_E3M2"
  /// Numbers of 4 bits, which are not read.
  case f4 = "F4"
  /// Complex numbers: two of binary32.
  case c64 = "C64"
  /// Signed 64-bit integers.
  case i64 = "I64"
  /// Signed 32-bit integers.
  case i32 = "I32"
  /// Signed 16-bit integers.
  case i16 = "I16"
  /// Signed 8-bit integers.
  case i8 = "I8"
  /// Unsigned 64-bit integers.
  case u64 = "U64"
  /// Unsigned 32-bit integers.
  case u32 = "U32"
  /// Unsigned 16-bit integers.
  case u16 = "U16"
  /// Unsigned 8-bit integers.
  case u8 = "U8"
  /// Truth values, one byte each.
  case bool = "BOOL"

  /// What an element is.
  enum Kind {
    case float, integer, complex
    /// Elements that are parts of bytes.
    case packed
  }

  var kind: Kind {
    switch self {
    case .f64, .f32, .f16, .bf16, .f8E4M3, .f8E5M2, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ: .float
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .bool: .integer
    case .c64: .complex
    case .f6E2M3, .f6E3M2, .f4: .packed
    }
  }

  /// The size of one element in bits.
  var bits: Int {
    switch self {
    case .f64, .i64, .u64, .c64: 64
    case .f32, .i32, .u32: 32
    case .f16, .bf16, .i16, .u16: 16
    case .f8E4M3, .f8E5M2, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ, .i8, .u8, .bool: 8
    case .f6E2M3, .f6E3M2: 6
    case .f4: 4
    }
  }

  /// The size of one element in whole bytes, 0 when it is less than one.
  public var width: Int { bits / 8 }

  /// The bytes of so many elements.
  func size(of count: Int) -> Int { bits % 8 == 0 ? count * width : count * bits / 8 }
}

/// Returns the product of non-negative sizes, nil when it does not fit in an Int.
func checkedProduct(_ sizes: [Int]) -> Int? {
  var product = 1
  for size in sizes {
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    if overflow { return sizes.contains(0) ? 0 : nil }
    product = next
  }
  return product
}
