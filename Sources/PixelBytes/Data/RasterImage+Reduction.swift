import Formats

extension RasterImage {
  /// Returns the picture in the nearest colors of a palette, its alpha merged with white first.
  public func quantized(to palette: Palette = .nes) -> IndexedImage {
    // Sprites use few colors, so a small direct-mapped cache answers nearly every pixel.
    var keys = [UInt32](repeating: .max, count: 1024)
    var answers = [UInt8](repeating: 0, count: 1024)
    var indices = [UInt8](repeating: 0, count: width * height)
    for pixel in 0..<width * height {
      let alpha = rgba[4 * pixel + 3]
      let red = mergedWithWhite(rgba[4 * pixel], alpha)
      let green = mergedWithWhite(rgba[4 * pixel + 1], alpha)
      let blue = mergedWithWhite(rgba[4 * pixel + 2], alpha)
      let key = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
      let slot = Int((key &* 0x9E37_79B1) >> 22)
      if keys[slot] != key {
        keys[slot] = key
        answers[slot] = palette.nearest(to: Color(red, green, blue))
      }
      indices[pixel] = answers[slot]
    }
    return IndexedImage(width: width, height: height, indices: indices, palette: palette)
  }

  /// Returns the picture reduced to at most `maxSize` pixels a side by taking the nearest pixel, its aspect ratio kept.
  ///
  /// A picture that already fits is returned as it is; no side becomes less than 1.
  public func fitted(to maxSize: Int) -> RasterImage {
    precondition(maxSize > 0, "a picture of at most \(maxSize) pixels")
    let longest = max(width, height)
    guard longest > maxSize else { return self }
    let newWidth = max(1, (2 * width * maxSize + longest) / (2 * longest))
    let newHeight = max(1, (2 * height * maxSize + longest) / (2 * longest))
    var result: [UInt8] = []
    result.reserveCapacity(4 * newWidth * newHeight)
    for y in 0..<newHeight {
      let row = (2 * y + 1) * height / (2 * newHeight)
      for x in 0..<newWidth {
        let pixel = row * width + (2 * x + 1) * width / (2 * newWidth)
        result += rgba[4 * pixel..<4 * pixel + 4]
      }
    }
    return RasterImage(width: newWidth, height: newHeight, rgba: result)
  }
}

/// A sample with its alpha over white, rounded to the nearest.
private func mergedWithWhite(_ sample: UInt8, _ alpha: UInt8) -> UInt8 {
  let (color, opacity) = (Int(sample), Int(alpha))
  let sum = color * opacity + 255 * (255 - opacity)
  return UInt8((sum + 127) / 255)
}
