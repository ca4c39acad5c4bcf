/// A picture of 8-bit red, green, blue and alpha samples.
public struct RasterImage: Equatable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The samples, row-major, four a pixel, alpha not multiplied in: `4 * width * height` bytes.
  public let rgba: [UInt8]

  /// Creates a picture from its samples; a count that does not fit the sizes is a programmer's mistake.
  public init(width: Int, height: Int, rgba: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture of \(width) x \(height)")
    precondition(rgba.count == 4 * width * height, "\(rgba.count) samples for \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.rgba = rgba
  }

  /// The largest number of rows or columns that is read.
  public static let sideLimit = 16_384
  /// The largest number of pixels that is read.
  public static let pixelLimit = 64 << 20

  /// Throws unless a picture of these sizes is small enough to be held in memory.
  static func checkSize(_ width: Int, _ height: Int, file: String) throws(FormatError) {
    guard width > 0, height > 0 else {
      throw FormatError(.malformed, in: file, "states a size of \(width) x \(height) pixels")
    }
    guard width <= sideLimit, height <= sideLimit, width * height <= pixelLimit else {
      throw FormatError(
        .limit, in: file,
        "holds \(width) x \(height) pixels; at most \(sideLimit) a side and \(pixelLimit >> 20) megapixels are read")
    }
  }
}
