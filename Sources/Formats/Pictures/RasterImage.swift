import Foundation

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

  /// Whether no pixel is transparent.
  public var isOpaque: Bool { stride(from: 3, to: rgba.count, by: 4).allSatisfy { rgba[$0] == 255 } }

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

extension RasterImage: Codable {
  private enum Key: CodingKey { case width, height, rgba }

  /// Reads a picture; throws where its samples do not fit its sizes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let (width, height) = (
      try container.decode(Int.self, forKey: .width), try container.decode(Int.self, forKey: .height)
    )
    let rgba = Array(try container.decode(Data.self, forKey: .rgba))
    guard width > 0, height > 0, width <= rgba.count, height <= rgba.count, rgba.count == 4 * width * height else {
      throw DecodingError.dataCorruptedError(
        forKey: .rgba, in: container, debugDescription: "no samples of such a picture")
    }
    self.init(width: width, height: height, rgba: rgba)
  }

  /// Writes the sizes and the samples.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(Data(rgba), forKey: .rgba)
  }
}
