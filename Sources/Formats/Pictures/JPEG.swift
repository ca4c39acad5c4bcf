import CJPEG

/// Reading and writing JPEG pictures with libjpeg-turbo.
public enum JPEG {
  /// Returns the picture in the bytes of a gray or color JPEG, baseline or progressive; `file` is the name that errors
  /// give it.
  ///
  /// The size is checked before any pixel is allocated. A broken picture is an error, never a partial result. The turn
  /// that a camera notes beside the picture (Exif) is made, as the Python library `datasets` does and Pillow by itself does not.
  public static func decode(_ bytes: [UInt8], file: String = "JPEG") throws(FormatError) -> RasterImage {
    guard let decoder = unsafe tjInitDecompress() else {
      throw FormatError(.limit, in: file, "cannot be decoded: no memory for a decoder")
    }
    defer { unsafe tjDestroy(decoder) }
    let result = unsafe bytes.withUnsafeBufferPointer { source in unsafe decode(source, with: decoder, file: file) }
    return try result.get().turned(orientation(bytes))
  }

  private static func decode(
    _ source: UnsafeBufferPointer<UInt8>, with decoder: tjhandle, file: String
  ) -> Result<RasterImage, FormatError> {
    var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let size = UInt(source.count)
    let isKnown = unsafe tjDecompressHeader3(
      decoder, source.baseAddress, size, &width, &height, &sampling, &space)
    guard isKnown == 0 else {
      return .failure(FormatError(.malformed, in: file, "is not a JPEG picture: \(unsafe reason(decoder))"))
    }
    guard space != TJCS_CMYK.rawValue, space != TJCS_YCCK.rawValue else {
      return .failure(FormatError(.unsupported, in: file, "is a JPEG in the four colors of print, which is not read"))
    }
    do { try RasterImage.checkSize(Int(width), Int(height), file: file) } catch { return .failure(error) }
    let count = 4 * Int(width) * Int(height)
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING
      let failed = unsafe tjDecompress2(
        decoder, source.baseAddress, size, pixels.baseAddress, width, 0, height, Int32(TJPF_RGBA.rawValue), flags)
      filled = failed == 0 ? count : 0
    }
    guard !rgba.isEmpty else {
      return .failure(FormatError(.malformed, in: file, "is a broken JPEG: \(unsafe reason(decoder))"))
    }
    return .success(RasterImage(width: Int(width), height: Int(height), rgba: rgba))
  }

  private static func reason(_ decoder: tjhandle) -> String {
    unsafe String(cString: tjGetErrorStr2(decoder)).lowercased()
  }
}

extension JPEG {
  /// Returns a picture as a JPEG of a quality from 1 to 100, every pixel with a color of its own; what is transparent becomes
  /// white, because the format knows no transparency.
  public static func encode(_ picture: RasterImage, quality: Int = 95) throws(FormatError) -> [UInt8] {
    guard let encoder = unsafe tjInitCompress() else {
      throw FormatError(.limit, in: "JPEG", "cannot be encoded: no memory for an encoder")
    }
    defer { unsafe tjDestroy(encoder) }
    let pixels = opaque(picture)
    let (width, height) = (Int32(picture.width), Int32(picture.height))
    let sampling = Int32(TJSAMP_444.rawValue)
    let capacity = Int(tjBufSize(width, height, sampling))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var target = buffer.baseAddress
      var size = UInt(capacity)
      let failed = unsafe pixels.withUnsafeBufferPointer { source in
        unsafe tjCompress2(
          encoder, source.baseAddress, width, 0, height, Int32(TJPF_RGBX.rawValue), &target, &size, sampling,
          Int32(min(max(quality, 1), 100)), TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT)
      }
      count = failed == 0 ? Int(size) : 0
    }
    if bytes.isEmpty {
      throw FormatError(
        .unsupported, in: "JPEG", "cannot be encoded: \(unsafe String(cString: tjGetErrorStr2(encoder)).lowercased())")
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
      let alpha = Int(pixels[start + 3])
      for place in start..<start + 3 {
        pixels[place] = UInt8((Int(pixels[place]) * alpha + 255 * (255 - alpha) + 127) / 255)
      }
      pixels[start + 3] = 255
    }
    return pixels
  }
}
