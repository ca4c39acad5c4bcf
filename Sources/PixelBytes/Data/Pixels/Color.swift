/// An 8-bit sRGB color.
public struct Color: Hashable, Sendable {
  /// The red sample.
  public let red: UInt8
  /// The green sample.
  public let green: UInt8
  /// The blue sample.
  public let blue: UInt8

  /// Creates a color from its samples.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a color from six hexadecimal digits, such as `0xf83800`.
  public init(hex: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: hex >> 16), UInt8(truncatingIfNeeded: hex >> 8), UInt8(truncatingIfNeeded: hex))
  }

  /// The color as six hexadecimal digits.
  public var hex: String {
    [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
