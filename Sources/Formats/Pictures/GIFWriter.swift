import Safepoint

/// Writes pictures as an animation that repeats for ever.
///
/// A frame has up to 255 colors exactly, those of more are brought together, and one more for what is transparent: below half.
struct GIFWriter {
  private static let mostColors = 255
  private(set) var bytes: [UInt8]
  private let width: Int
  private let height: Int

  /// Starts an animation of pictures of one size.
  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    bytes = Array("GIF89a".utf8)
    append(width)
    append(height)
    bytes += [0x70, 0, 0]
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
  }

  /// Adds a picture, shown for so many hundredths of a second.
  mutating func append(_ picture: RasterImage, delay: Int) {
    let (colors, pixels) = Self.indexed(picture)
    // The place behind the colors is transparent.
    var bits = 2
    while 1 << bits < colors.count + 1 { bits += 1 }
    bytes += [0x21, 0xF9, 4, 2 << 2 | 1]
    append(delay)
    bytes += [UInt8(colors.count), 0, 0x2C, 0, 0, 0, 0]
    append(width)
    append(height)
    bytes.append(0x80 | UInt8(bits - 1))
    for place in 0..<1 << bits {
      let color = place < colors.count ? colors[place] : 0
      bytes += [UInt8(color >> 16 & 255), UInt8(color >> 8 & 255), UInt8(color & 255)]
    }
    bytes.append(UInt8(bits))
    let data = Self.compressed(pixels, bits: bits)
    for start in stride(from: 0, to: data.count, by: 255) {
      let block = data[start..<min(start + 255, data.count)]
      bytes.append(UInt8(block.count))
      bytes += block
    }
    bytes.append(0)
  }

  /// Ends the animation.
  mutating func finish() { bytes.append(0x3B) }

  private mutating func append(_ number: Int) { bytes += [UInt8(number & 255), UInt8(number >> 8 & 255)] }

  /// The colors of a picture and the place of each pixel's among them, behind the last for what is transparent.
  private static func indexed(_ picture: RasterImage) -> (colors: [Int], pixels: [UInt8]) {
    let count = picture.width * picture.height
    let rgba = picture.rgba
    // Fewer bits of each sample until few enough colors are different.
    for bits in stride(from: 8, through: 1, by: -1) {
      var places: [Int: Int] = [:]
      var sums: [(red: Int, green: Int, blue: Int, count: Int)] = []
      var pixels = [UInt8](repeating: 0, count: count)
      var transparent: [Int] = []
      var isFew = true
      for pixel in 0..<count {
        if Safepoint.mustStop(after: 30) { break }
        let (red, green, blue) = (Int(rgba[4 * pixel]), Int(rgba[4 * pixel + 1]), Int(rgba[4 * pixel + 2]))
        guard rgba[4 * pixel + 3] >= 128 else {
          transparent.append(pixel)
          continue
        }
        let shift = 8 - bits
        let key = (red >> shift) << 16 | (green >> shift) << 8 | blue >> shift
        let place = places[key] ?? sums.count
        if place == sums.count {
          guard place < mostColors else {
            isFew = false
            break
          }
          places[key] = place
          sums.append((0, 0, 0, 0))
        }
        sums[place] = (
          sums[place].red + red, sums[place].green + green, sums[place].blue + blue, sums[place].count + 1
        )
        pixels[pixel] = UInt8(place)
      }
      guard isFew else { continue }
      let colors = sums.map { sum in
        func mean(_ total: Int) -> Int { (total + sum.count / 2) / sum.count }
        return mean(sum.red) << 16 | mean(sum.green) << 8 | mean(sum.blue)
      }
      for pixel in transparent { pixels[pixel] = UInt8(colors.count) }
      return (colors, pixels)
    }
    return ([0], [UInt8](repeating: 0, count: count))
  }

  /// The pixels as codes of growing width for what came before (Lempel, Ziv, Welch).
  private static func compressed(_ pixels: [UInt8], bits: Int) -> [UInt8] {
    var data: [UInt8] = []
    var (buffer, filled) = (0, 0)
    func write(_ code: Int, _ width: Int) {
      buffer |= code << filled
      filled += width
      while filled >= 8 {
        data.append(UInt8(buffer & 255))
        buffer >>= 8
        filled -= 8
      }
    }
    let (clear, end) = (1 << bits, 1 << bits + 1)
    var (known, next, width) = ([Int: Int](), end + 1, bits + 1)
    write(clear, width)
    var prefix = -1
    for pixel in pixels {
      if Safepoint.mustStop(after: 30) { break }
      guard prefix >= 0 else {
        prefix = Int(pixel)
        continue
      }
      let key = prefix << 8 | Int(pixel)
      if let code = known[key] {
        prefix = code
        continue
      }
      write(prefix, width)
      if next < 4096 {
        known[key] = next
        // The reader is one code behind.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        write(clear, width)
        (known, next, width) = ([:], end + 1, bits + 1)
      }
      prefix = Int(pixel)
    }
    if prefix >= 0 { write(prefix, width) }
    write(end, width)
    if filled > 0 { data.append(UInt8(buffer & 255)) }
    return data
  }
}

extension GIF {
  /// Returns the bytes of an animation of frames of one size, one at least; `GIFWriter` says what becomes of their colors.
  ///
  /// Throws a `FormatError` for frames of several sizes, or too large for the format.
  public static func encode(_ frames: [Frame], file: String = "GIF") throws(FormatError) -> [UInt8] {
    let (width, height) = try size(of: frames, file: file)
    guard width < 1 << 16, height < 1 << 16 else {
      throw FormatError(.limit, in: file, "would hold \(width) x \(height) pixels; at most 65535 a side")
    }
    var writer = GIFWriter(width: width, height: height)
    for frame in frames { writer.append(frame.image, delay: min(max(frame.delay, 0), 65535)) }
    writer.finish()
    return writer.bytes
  }

  /// The size that all frames have; an error where they have none in common.
  static func size(of frames: [Frame], file: String) throws(FormatError) -> (width: Int, height: Int) {
    guard let first = frames.first?.image else { throw FormatError(.malformed, in: file, "would have no frame") }
    let other = frames.firstIndex { ($0.image.width, $0.image.height) != (first.width, first.height) }
    guard let other else { return (first.width, first.height) }
    throw FormatError(
      .malformed, in: file,
      "would have frames of several sizes: frame 0 has \(first.width) x \(first.height) pixels, frame \(other) "
        + "\(frames[other].image.width) x \(frames[other].image.height)")
  }
}
