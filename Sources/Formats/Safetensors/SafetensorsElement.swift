/// The element types of a safetensors file that are read and written here.
public enum SafetensorsElement: String, Sendable, CaseIterable {
  /// IEEE binary64.
  case f64 = "F64"
  /// IEEE binary32.
  case f32 = "F32"
  /// IEEE binary16.
  case f16 = "F16"
  /// The upper half of a binary32.
  case bf16 = "BF16"
  /// Signed 64-bit integers.
  case i64 = "I64"
  /// Signed 32-bit integers.
  case i32 = "I32"
  /// Signed 16-bit integers.
  case i16 = "I16"
  /// Signed 8-bit integers.
  case i8 = "I8"
  /// Unsigned 8-bit integers.
  case u8 = "U8"
  /// Truth values, one byte each.
  case bool = "BOOL"

  /// The size of one element in bytes.
  public var width: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }
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
