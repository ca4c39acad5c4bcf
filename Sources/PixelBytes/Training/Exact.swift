/// A number that is the same to the bit after it was written and read, also where JSON has none for it: "inf", "-inf", "nan",
/// and of another NaN the bits.
@propertyWrapper public struct Exact: Codable, Equatable, Sendable {
  /// The number.
  public var wrappedValue: Double

  /// Wraps a number.
  public init(wrappedValue: Double) { self.wrappedValue = wrappedValue }

  private static let names: KeyValuePairs<String, Double> = ["inf": .infinity, "-inf": -.infinity, "nan": .nan]

  /// Writes a number, or a text where it is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let (value, bits) = (wrappedValue, wrappedValue.bitPattern)
    if value.isFinite { return try container.encode(value) }
    try container.encode(
      Self.names.first { $0.value.bitPattern == bits }?.key ?? "0x" + String(bits, radix: 16))
  }

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text: String
    do { text = try container.decode(String.self) } catch DecodingError.typeMismatch {
      wrappedValue = try container.decode(Double.self)
      return
    }
    let bits = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
    guard let value = Self.names.first(where: { $0.key == text })?.value ?? bits.map(Double.init(bitPattern:)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a number, inf, -inf or nan, found \(text)")
    }
    wrappedValue = value
  }
}
