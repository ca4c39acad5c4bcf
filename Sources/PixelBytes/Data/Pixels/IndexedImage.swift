import Formats
import Safepoint
import Tensors

/// A picture whose pixels are indices into a palette.
public struct IndexedImage: Equatable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The palette indices, row-major: `width * height` of them.
  public let indices: [UInt8]
  /// The colors that the indices stand for.
  public let palette: Palette

  /// Creates a picture; sizes and indices that do not fit are a programmer's mistake.
  public init(width: Int, height: Int, indices: [UInt8], palette: Palette = .nes) {
    precondition(width > 0 && height > 0, "a picture of \(width) x \(height)")
    precondition(indices.count == width * height, "\(indices.count) indices for \(width) x \(height) pixels")
    let largest = indices.reduce(0) { $0 > $1 ? $0 : $1 }
    precondition(largest < palette.colors.count, "an index outside the palette")
    self.width = width
    self.height = height
    self.indices = indices
    self.palette = palette
  }

  /// Accesses the palette index of the pixel in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> UInt8 { indices[y * width + x] }

  /// The picture in full color, opaque everywhere.
  public var raster: RasterImage {
    var rgba = Kernel.uninitializedBytes(4 * indices.count)
    for y in 0..<height {
      if Safepoint.mustStop(after: 8 * width) { break }
      for place in y * width..<(y + 1) * width {
        let color = palette.colors[Int(indices[place])]
        (rgba[4 * place], rgba[4 * place + 1], rgba[4 * place + 2]) = (color.red, color.green, color.blue)
        rgba[4 * place + 3] = 255
      }
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }
}
