import CJPEG

/// Reading JPEG pictures with libjpeg-turbo.
public enum JPEG {
  /// Returns the picture in the bytes of a gray or color JPEG, baseline or progressive; `file` is the name that errors
  /// give it.
  ///
  /// The size is checked before any pixel is allocated. A broken picture is an error, never a partial result. The turn
  /// that a camera notes beside the picture is not made.
  public static func decode(_ bytes: [UInt8], file: String = "JPEG") throws(FormatError) -> RasterImage {
    guard let decoder = unsafe tjInitDecompress() else {
      throw FormatError(.limit, in: file, "cannot be decoded: no memory for a decoder")
    }
    defer { unsafe tjDestroy(decoder) }
    let result = unsafe bytes.withUnsafeBufferPointer { source in unsafe decode(source, with: decoder, file: file) }
    return try result.get()
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
