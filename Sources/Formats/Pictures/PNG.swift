import CPNG
import Foundation
import Safepoint

/// Reading and writing PNG pictures with libpng's simplified interface.
public enum PNG {
  /// Reads the PNG file at `path`; throws a `FormatError` when it is missing, broken or too large.
  public static func read(_ path: String) throws(FormatError) -> RasterImage {
    try decode(try readFile(path, limit: RasterImage.fileLimit), file: path)
  }

  /// Returns the picture in the bytes of a PNG of any color type and depth; `file` is the name that errors give it.
  ///
  /// The size is checked before any pixel is allocated. A broken picture is an error, never a partial result.
  public static func decode(_ bytes: [UInt8], file: String = "PNG") throws(FormatError) -> RasterImage {
    let result = unsafe bytes.withUnsafeBufferPointer { source in unsafe decode(source, file: file) }
    return try result.get()
  }

  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String
  ) -> Result<RasterImage, FormatError> {
    var source = unsafe pb_png_source(
      bytes: bytes.baseAddress, left: bytes.count, must_stop: { PNG.mustStop ? 1 : 0 }, message: nil)
    // libpng keeps the address between beginning and finishing, so both happen while the source stands still.
    return unsafe withUnsafeMutablePointer(to: &source) { source in
      guard let stream = unsafe pb_png_open(source) else {
        return .failure(FormatError(.limit, in: file, "cannot be decoded: no memory for a decoder"))
      }
      defer { unsafe fclose(stream) }
      return unsafe decode(stream, of: bytes, file: file)
    }
  }

  private static func decode(
    _ stream: UnsafeMutablePointer<FILE>, of bytes: UnsafeBufferPointer<UInt8>, file: String
  ) -> Result<RasterImage, FormatError> {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { unsafe png_image_free(&image) }
    guard unsafe png_image_begin_read_from_stdio(&image, stream) != 0 else {
      return .failure(FormatError(.malformed, in: file, "is not a PNG picture: \(unsafe reason(image))"))
    }
    let (width, height) = unsafe (Int(image.width), Int(image.height))
    do { try RasterImage.checkSize(width, height, file: file) } catch { return .failure(error) }
    // The header is whole, so these bytes of it are there: the depth, and whether rows are interlaced.
    if unsafe bytes[24] == 16 && bytes[28] == 1 { return unsafe decodeDeep(bytes, width, height, file: file) }
    unsafe image.format = pb_png_format_rgba
    // Without this, 16-bit samples of a file that states no gamma would be taken for linear light.
    unsafe image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: 4 * width * height) { pixels, count in
      let finished = unsafe png_image_finish_read(&image, nil, pixels.baseAddress, 0, nil)
      count = finished == 0 ? 0 : 4 * width * height
    }
    guard !rgba.isEmpty else {
      return .failure(FormatError(.malformed, in: file, "is a broken PNG: \(unsafe reason(image))"))
    }
    return .success(RasterImage(width: width, height: height, rgba: rgba))
  }

  /// Decodes what the simplified interface does not.
  private static func decodeDeep(
    _ bytes: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int, file: String
  ) -> Result<RasterImage, FormatError> {
    var message = [CChar](repeating: 0, count: 64)
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: 4 * width * height) { pixels, count in
      // Rows are put together in their place, from several passes.
      unsafe pixels.initialize(repeating: 0)
      let isWhole = unsafe pb_png_read_deep(
        bytes.baseAddress, bytes.count, UInt32(width), UInt32(height), pixels.baseAddress,
        { PNG.mustStop ? 1 : 0 }, &message)
      count = isWhole == 0 ? 0 : 4 * width * height
    }
    guard !rgba.isEmpty else {
      return .failure(FormatError(.malformed, in: file, "is a broken PNG: \(text(message))"))
    }
    return .success(RasterImage(width: width, height: height, rgba: rgba))
  }

  /// Returns the bytes of a PNG file that holds the picture; it tells how many pixels make an inch when given.
  public static func encode(_ picture: RasterImage, dotsPerInch: Double = 0) throws(FormatError) -> [UInt8] {
    // Deflate may grow what it cannot compress, by far less than the sixteenth allowed here.
    let size = picture.rgba.count + picture.rgba.count / 16 + 4096
    var message = [CChar](repeating: 0, count: 64)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe pb_png_write(
        picture.rgba, UInt32(picture.width), UInt32(picture.height),
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

  private static func reason(_ image: png_image) -> String {
    let bytes = unsafe withUnsafeBytes(of: image.message) { unsafe Array($0.prefix { $0 != 0 }) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
