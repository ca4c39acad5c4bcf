import CJPEG
import Safepoint

/// Reading and writing JPEG pictures with libjpeg.
public enum JPEG {
  /// Returns the picture in the bytes of a JPEG in gray, color or the four colors of print, baseline or progressive; `file` is the name
  /// that errors give it.
  ///
  /// The size is checked before any pixel is allocated. Bytes that belong to nothing and a missing end are passed over, as all pixels
  /// are there; a broken picture is an error, unless `keepsDamaged`, which gives what can be read of it. The turn that a camera notes
  /// beside the picture (Exif) is made, as the Python library `datasets` does and Pillow by itself does not. The colors of print
  /// become those of light without a profile, as Pillow has them: as Adobe's programs write them, whether or not the file says that it
  /// is one of theirs.
  public static func decode(
    _ bytes: [UInt8], file: String = "JPEG", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    var (header, message) = (pb_jpeg_header(), self.message)
    guard unsafe read(bytes, &header, nil, keepsDamaged, &message) else {
      throw FormatError(.malformed, in: file, "is not a JPEG picture: \(reason(message))")
    }
    let (width, height) = (Int(header.width), Int(header.height))
    try RasterImage.checkSize(width, height, file: file)
    let count = 4 * width * height
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      // What cannot be read is transparent.
      if keepsDamaged { unsafe pixels.initialize(repeating: 0) }
      filled = unsafe read(bytes, &header, pixels.baseAddress, keepsDamaged, &message) ? count : 0
    }
    guard !rgba.isEmpty else {
      throw FormatError(.malformed, in: file, "is a broken JPEG: \(reason(message))")
    }
    return RasterImage(width: width, height: height, rgba: rgba).turned(Exif.orientation(jpeg: bytes))
  }

  private static func read(
    _ bytes: [UInt8], _ header: inout pb_jpeg_header, _ pixels: UnsafeMutablePointer<UInt8>?, _ keepsDamaged: Bool,
    _ message: inout [CChar]
  ) -> Bool {
    unsafe pb_jpeg_read(
      bytes, UInt(bytes.count), &header, pixels, keepsDamaged ? 1 : 0, { Safepoint.mustStop(after: 1 << 16) ? 1 : 0 },
      &message) != 0
  }

  /// Room for what libjpeg says when it fails.
  private static var message: [CChar] { [CChar](repeating: 0, count: Int(PB_JPEG_MESSAGE)) }

  private static func reason(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
  }
}

extension JPEG {
  /// Returns a picture as a JPEG of a quality from 1 to 100, every pixel with a color of its own; what is transparent becomes
  /// white, because the format knows no transparency.
  public static func encode(_ picture: RasterImage, quality: Int = 95) throws(FormatError) -> [UInt8] {
    // At most six bytes a pixel of whole blocks, and the header.
    let capacity = 6 * ((picture.width + 15) / 16 * 16) * ((picture.height + 15) / 16 * 16) + 2048
    let pixels = opaque(picture)
    var message = self.message
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      count = unsafe pb_jpeg_write(
        pixels, UInt32(picture.width), UInt32(picture.height), Int32(min(max(quality, 1), 100)), buffer.baseAddress,
        capacity, { Safepoint.mustStop(after: 1 << 16) ? 1 : 0 }, &message)
    }
    guard !bytes.isEmpty else {
      throw FormatError(.unsupported, in: "JPEG", "cannot be encoded: \(reason(message))")
    }
    return bytes
  }

  /// Writes a picture as a JPEG file, whole or not at all.
  public static func write(_ picture: RasterImage, to path: String) throws(FormatError) {
    try AtomicFile.write(try encode(picture), to: path)
  }

  private static func opaque(_ picture: RasterImage) -> [UInt8] {
    var pixels = picture.rgba
    for start in stride(from: 0, to: pixels.count, by: 4) where pixels[start + 3] < 255 {
      if Safepoint.mustStop(after: 8) { break }
      let alpha = Int(pixels[start + 3])
      for place in start..<start + 3 {
        pixels[place] = UInt8((Int(pixels[place]) * alpha + 255 * (255 - alpha) + 127) / 255)
      }
      pixels[start + 3] = 255
    }
    return pixels
  }
}
