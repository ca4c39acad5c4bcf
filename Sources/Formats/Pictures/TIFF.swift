import CTIFF
import Safepoint

/// Reading the first picture of TIFF files with libtiff.
public enum TIFF {
  /// Whether bytes begin as a TIFF file does.
  static func isTIFF(_ bytes: [UInt8]) -> Bool {
    [[0x49, 0x49, 42, 0], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 42], [0x4D, 0x4D, 0, 43]].contains(
      Array(bytes.prefix(4)))
  }

  /// Returns the first picture in the bytes of a TIFF, turned as it notes: gray, of a palette, in color or the four colors of print, with
  /// samples of 1 to 8 and 16 bits; `file` is the name that errors give it.
  ///
  /// Other samples, such as floats, are refused by name. A broken picture is an error, unless `keepsDamaged`, which leaves the strips and
  /// tiles transparent that cannot be read.
  public static func decode(
    _ bytes: [UInt8], file: String = "TIFF", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    guard isTIFF(bytes) else { throw FormatError(.malformed, in: file, "is not a TIFF picture") }
    _ = isSilent
    return try unsafe bytes.withUnsafeBufferPointer { source in
      Result { () throws(FormatError) in
        try unsafe decode(source, file: file, keepsDamaged: keepsDamaged)
      }
    }.get()
  }

  /// Said once to the library.
  private static let isSilent: Bool = {
    pb_tiff_silence()
    return true
  }()

  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String, keepsDamaged: Bool
  ) throws(FormatError) -> RasterImage {
    var source = unsafe pb_tiff_file(bytes: bytes.baseAddress, count: bytes.count, place: 0)
    return try unsafe withUnsafeMutablePointer(to: &source) { source in
      Result { () throws(FormatError) in
        var header = pb_tiff_header()
        guard let tiff = unsafe pb_tiff_open(source, &header) else {
          throw FormatError(.malformed, in: file, "is a broken TIFF: its first picture is not described")
        }
        defer { unsafe TIFFClose(tiff) }
        let reader = try unsafe Reader(tiff, header, file: file)
        return try reader.picture(keepsDamaged: keepsDamaged).turned(Int(header.orientation))
      }
    }.get()
  }
}

/// A picture of a file that is open.
@safe private struct Reader {
  /// What the samples of a pixel are.
  private enum Model {
    case gray(isInverted: Bool)
    case palette([UInt8])
    case color, print
    /// Light and color, which the library makes red, green and blue of.
    case drawn

    /// How many samples are color.
    var count: Int {
      switch self {
      case .gray, .palette: 1
      case .color, .drawn: 3
      case .print: 4
      }
    }
  }

  /// The most bytes of a strip, which is no larger than the picture, and of a tile, which may be, with those of all planes.
  private static let stripLimit = 1 << 28, tileLimit = 1 << 25

  private let tiff: OpaquePointer
  private let header: pb_tiff_header
  private let file: String
  private let model: Model
  private let (width, height, samples, bits): (Int, Int, Int, Int)

  init(_ tiff: OpaquePointer, _ header: pb_tiff_header, file: String) throws(FormatError) {
    (unsafe self.tiff, self.header, self.file) = (unsafe tiff, header, file)
    (width, height) = (Int(header.width), Int(header.height))
    (samples, bits) = (Int(header.samples), Int(header.bits))
    try RasterImage.checkSize(width, height, file: file)
    model = try unsafe Self.model(tiff, header, file)
    if case .drawn = model { return }
    guard [1, 2, 4, 8, 16].contains(bits),
      header.format == SAMPLEFORMAT_UINT || bits < 16 && header.format == SAMPLEFORMAT_VOID
    else {
      let kinds = [Int32(2): "whole numbers with a sign", 3: "floats", 5: "complex numbers", 6: "complex numbers"]
      throw FormatError(
        .unsupported, in: file,
        "is a TIFF whose samples are \(kinds[Int32(header.format)] ?? "whole numbers") of \(bits) bits; those of 1 to 8 and 16 are read"
      )
    }
    guard samples >= model.count, samples <= 16, header.piece_width > 0, header.piece_height > 0,
      0 < header.piece_size,
      Size.product(Int(header.piece_size), Int(header.planes))
        <= (header.is_tiled != 0 ? Self.tileLimit : Self.stripLimit)
    else {
      throw FormatError(
        .malformed, in: file,
        "is a broken TIFF: it states \(samples) samples a pixel, in \(header.planes) planes with pieces of \(header.piece_size) bytes"
      )
    }
  }

  private static func model(
    _ tiff: OpaquePointer, _ header: pb_tiff_header, _ file: String
  ) throws(FormatError) -> Model {
    switch Int32(header.photometric) {
    case PHOTOMETRIC_MINISWHITE: return .gray(isInverted: true)
    case PHOTOMETRIC_MINISBLACK: return .gray(isInverted: false)
    case PHOTOMETRIC_RGB: return .color
    case PHOTOMETRIC_SEPARATED where header.inks == INKSET_CMYK: return .print
    case PHOTOMETRIC_YCBCR, PHOTOMETRIC_CIELAB: return .drawn
    case PHOTOMETRIC_PALETTE where header.bits <= 8:
      let count = 1 << Int(header.bits)
      var colors = [UInt16](repeating: 0, count: 3 * count)
      guard unsafe pb_tiff_colors(tiff, &colors, count) != 0 else {
        throw FormatError(.malformed, in: file, "is a broken TIFF: it has no palette")
      }
      // Some programs write samples of 8 bits there.
      let isWide = colors.contains { $0 > 255 }
      return .palette(colors.map { UInt8(truncatingIfNeeded: isWide ? $0 >> 8 : $0) })
    case let other:
      throw FormatError(.unsupported, in: file, "is a TIFF whose colors are of the kind \(other), which is not read")
    }
  }

  func picture(keepsDamaged: Bool) throws(FormatError) -> RasterImage {
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    var readPieces = 0
    if case .drawn = model {
      readPieces = draw(&rgba) ? 1 : 0
      if readPieces == 0, !keepsDamaged { throw broken(0) }
    } else {
      let size = Int(header.piece_size)
      var planes = [[UInt8]](repeating: [UInt8](repeating: 0, count: size), count: Int(header.planes))
      for piece in 0..<Int(header.pieces) {
        if Safepoint.mustStop(after: size) { break }
        var count = size
        for plane in planes.indices {
          let number = UInt32(plane * Int(header.pieces) + piece)
          count = min(
            count, Int(unsafe pb_tiff_read(tiff, Int32(header.is_tiled), number, &planes[plane], Int64(size))))
        }
        guard count > 0 else {
          if keepsDamaged { continue }
          throw broken(piece)
        }
        readPieces += 1
        unpack(planes, count: count, piece, into: &rgba)
      }
    }
    guard readPieces > 0 else { throw broken(0) }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  private func broken(_ piece: Int) -> FormatError {
    FormatError(
      .malformed, in: file,
      "is a broken TIFF: its \(header.is_tiled != 0 ? "tile" : "strip") \(piece) is damaged, not there or packed in a way that is not read"
    )
  }

  private func draw(_ rgba: inout [UInt8]) -> Bool {
    var pixels = [UInt32](repeating: 0, count: width * height)
    guard unsafe pb_tiff_draw(tiff, header.width, header.height, header.orientation, &pixels) != 0 else { return false }
    for (place, pixel) in pixels.enumerated() {
      for sample in 0..<4 { rgba[4 * place + sample] = UInt8(truncatingIfNeeded: pixel >> (8 * UInt32(sample))) }
    }
    return true
  }

  /// Puts the pixels of a piece, of which so many bytes were read, where they belong.
  private func unpack(_ planes: [[UInt8]], count: Int, _ piece: Int, into rgba: inout [UInt8]) {
    let (pieceWidth, pieceHeight) = (Int(header.piece_width), Int(header.piece_height))
    let across = (width + pieceWidth - 1) / pieceWidth
    let (left, top) = (piece % across * pieceWidth, piece / across * pieceHeight)
    let (isPlanar, hasAlpha) = (planes.count > 1, samples > model.count && [1, 2].contains(header.alpha))
    let rowSize = (pieceWidth * (isPlanar ? 1 : samples) * bits + 7) / 8
    let used = model.count + (hasAlpha ? 1 : 0)
    var pixel = SIMD8<Int>()
    for y in 0..<max(0, min(pieceHeight, height - top, count / rowSize)) {
      if Safepoint.mustStop(after: 16 * pieceWidth) { return }
      for x in 0..<max(0, min(pieceWidth, width - left)) {
        for sample in 0..<used {
          pixel[sample] = value(
            isPlanar ? planes[sample] : planes[0], y * rowSize, isPlanar ? x : x * samples + sample)
        }
        let place = 4 * ((y + top) * width + x + left)
        let (color, opacity) = (color(pixel), hasAlpha ? scaled(pixel[model.count]) : 255)
        // Of what was multiplied by its opacity what it was before.
        let isMultiplied = hasAlpha && header.alpha == 1 && opacity > 0
        for part in 0..<3 {
          rgba[place + part] = UInt8(isMultiplied ? min(255, 255 * color[part] / opacity) : color[part])
        }
        rgba[place + 3] = UInt8(opacity)
      }
    }
  }

  /// The number at a place of a row of samples.
  @inline(__always) private func value(_ bytes: [UInt8], _ row: Int, _ place: Int) -> Int {
    switch bits {
    case 8: return Int(bytes[row + place])
    // The library puts the lower byte first.
    case 16: return Int(bytes[row + 2 * place]) | Int(bytes[row + 2 * place + 1]) << 8
    default:
      let bit = place * bits
      return Int(bytes[row + bit / 8]) >> (8 - bits - bit % 8) & (1 << bits - 1)
    }
  }

  /// A sample as one of 8 bits, rounded.
  @inline(__always) private func scaled(_ sample: Int) -> Int {
    let most = 1 << bits - 1
    return bits == 8 ? sample : (sample * 255 + most / 2) / most
  }

  @inline(__always) private func color(_ pixel: SIMD8<Int>) -> SIMD4<Int> {
    switch model {
    case .gray(let isInverted):
      return SIMD4(repeating: isInverted ? 255 - scaled(pixel[0]) : scaled(pixel[0]))
    case .palette(let colors):
      let count = colors.count / 3
      return SIMD4(Int(colors[pixel[0]]), Int(colors[count + pixel[0]]), Int(colors[2 * count + pixel[0]]), 0)
    case .color, .drawn: return SIMD4(scaled(pixel[0]), scaled(pixel[1]), scaled(pixel[2]), 0)
    case .print:
      // As Pillow has them, which rounds such products.
      let rest = 255 - scaled(pixel[3])
      func light(_ sample: Int) -> Int {
        let product = scaled(sample) * rest + 128
        return max(0, rest - ((product >> 8 + product) >> 8))
      }
      return SIMD4(light(pixel[0]), light(pixel[1]), light(pixel[2]), 0)
    }
  }
}
