import Formats
import Safepoint
import Tensors

extension RasterImage {
  /// Returns the picture in the nearest colors of a palette, its alpha merged with white first.
  public func quantized(to palette: Palette = .nes) -> IndexedImage {
    var quantizer = Quantizer(palette)
    let indices = quantizer.indices(of: self, 0..<width * height)
    return IndexedImage(width: width, height: height, indices: indices, palette: palette)
  }

  /// Returns the same, a large picture worked on by up to `threads` threads at once; `poll` is called now and then and
  /// stops the work by throwing.
  public func quantized(
    to palette: Palette = .nes, threads: Int, poll: () throws -> Void = {}
  ) throws -> IndexedImage {
    // A strip fills its own tables, which pays only for many pixels.
    let (pixels, strips) = (width * height, max(width * height >> 18, 1))
    var indices: [UInt8] = []
    indices.reserveCapacity(pixels)
    for first in stride(from: 0, to: strips, by: max(threads, 1)) {
      try poll()
      let parts = try Parallel.map(min(max(threads, 1), strips - first), threads: threads) { part in
        var quantizer = Quantizer(palette)
        let strip = first + part
        return quantizer.indices(of: self, pixels * strip / strips..<pixels * (strip + 1) / strips)
      }
      for part in parts { indices += part }
    }
    return IndexedImage(width: width, height: height, indices: indices, palette: palette)
  }

  /// The picture merged with white, opaque everywhere.
  package var mergedWithWhite: RasterImage {
    var rgba = rgba
    for pixel in stride(from: 0, to: rgba.count, by: 4) where rgba[pixel + 3] < 255 {
      if Safepoint.mustStop(after: 8) { break }
      let alpha = rgba[pixel + 3]
      for sample in pixel..<pixel + 3 { rgba[sample] = mergedSample(rgba[sample], alpha) }
      rgba[pixel + 3] = 255
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }
}

/// A sample with its alpha over white, rounded to the nearest.
func mergedSample(_ sample: UInt8, _ alpha: UInt8) -> UInt8 {
  if alpha == 255 { return sample }
  let (color, opacity) = (Int(sample), Int(alpha))
  let sum = color * opacity + 255 * (255 - opacity)
  return UInt8((sum + 127) / 255)
}
