import CPNG
import Safepoint

/// Reading and writing PNG pictures with libpng.
public enum PNG {
  /// Reads the PNG file at `path`; throws a `FormatError` when it is missing, broken or too large.
  public static func read(_ path: String) throws(FormatError) -> RasterImage {
    try decode(try readFile(path, limit: RasterImage.fileLimit), file: path)
  }

  /// Returns the picture in the bytes of a PNG of any color type and depth; `file` is the name that errors give it.
  ///
  /// The samples are taken as they are: the gamma, primaries and color profiles that a file may state change nothing, as in most tools
  /// for sprites. The turn that Exif notes is made. The size is checked before any pixel is allocated. A broken picture is an error,
  /// unless `keepsDamaged`, which gives what can be read of it and transparency for the rest.
  public static func decode(
    _ bytes: [UInt8], file: String = "PNG", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    let picture = try samples(bytes, file: file, keepsDamaged: keepsDamaged)
    return picture.turned(Exif.orientation(png: bytes))
  }

  /// The picture as it is stored, whatever Exif notes.
  static func samples(
    _ bytes: [UInt8], file: String, keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    var message = [CChar](repeating: 0, count: 64)
    var (width, height): (UInt32, UInt32) = (0, 0)
    let header = unsafe pb_png_read(
      bytes, bytes.count, &width, &height, nil, keepsDamaged ? 1 : 0, { PNG.mustStop ? 1 : 0 }, &message)
    guard Int(header) == PB_PNG_WHOLE else {
      // What begins as one is one.
      let what = bytes.starts(with: PNGChunk.signature) ? "is a broken PNG" : "is not a PNG picture"
      throw FormatError(.malformed, in: file, "\(what): \(text(message))")
    }
    try RasterImage.checkSize(Int(width), Int(height), file: file)
    let count = 4 * Int(width) * Int(height)
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      // Rows are put together in their place, from several passes.
      unsafe pixels.initialize(repeating: 0)
      let found = unsafe pb_png_read(
        bytes, bytes.count, &width, &height, pixels.baseAddress, keepsDamaged ? 1 : 0, { PNG.mustStop ? 1 : 0 },
        &message)
      filled = Int(found) == PB_PNG_WHOLE || Int(found) == PB_PNG_PART && keepsDamaged ? count : 0
    }
    guard !rgba.isEmpty else {
      throw FormatError(.malformed, in: file, "is a broken PNG: \(text(message))")
    }
    return RasterImage(width: Int(width), height: Int(height), rgba: rgba)
  }

  /// Returns the bytes of a PNG file that holds the picture; it tells how many pixels make an inch when given.
  ///
  /// Pixels have red, green and blue, and `hasAlpha` says whether transparency too; nil where one of them is transparent.
  public static func encode(
    _ picture: RasterImage, dotsPerInch: Double = 0, hasAlpha: Bool? = nil
  ) throws(FormatError) -> [UInt8] {
    // Deflate may grow what it cannot compress, by far less than the sixteenth allowed here.
    let size = picture.rgba.count + picture.rgba.count / 16 + 4096
    var message = [CChar](repeating: 0, count: 64)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe pb_png_write(
        picture.rgba, UInt32(picture.width), UInt32(picture.height), hasAlpha ?? !picture.isOpaque ? 1 : 0,
        UInt32((dotsPerInch / 0.0254).rounded()), buffer.baseAddress, size,
        { PNG.mustStop ? 1 : 0 }, &message)
    }
    guard !bytes.isEmpty else {
      throw FormatError(.unsupported, in: "PNG", "cannot be encoded: \(Self.text(message))")
    }
    return bytes
  }

  /// Writes the picture to a PNG file, whole or not at all.
  public static func write(_ picture: RasterImage, to path: String) throws(FormatError) {
    try AtomicFile.write(try encode(picture), to: path)
  }

  /// Asked for each row, or each kilobyte of a file, which may be a million pixels.
  private static var mustStop: Bool { Safepoint.mustStop(after: 1 << 20) }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
