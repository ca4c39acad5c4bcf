import CWebP
import Safepoint

/// Reading WebP pictures and animations with libwebp.
public enum WebP {
  /// Whether bytes begin as a WebP file does.
  static func isWebP(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 12 && bytes.starts(with: "RIFF".utf8) && bytes[8..<12].elementsEqual("WEBP".utf8)
  }

  /// Returns the picture in the bytes of a WebP, of an animation the first frame, turned as Exif notes; `file` is the name that errors
  /// give it. A broken picture is an error, unless `keepsDamaged`, which gives the rows that can be read of it and transparency for the rest.
  public static func decode(
    _ bytes: [UInt8], file: String = "WebP", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    let (bytes, header) = try opened(bytes, file: file, keepsDamaged: keepsDamaged)
    if header.is_animated != 0 { return try frames(bytes, limit: 1, file: file, keepsDamaged: keepsDamaged)[0].image }
    let (width, height) = (Int(header.width), Int(header.height))
    let count = 4 * width * height
    let rgba = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      unsafe pixels.initialize(repeating: 0)
      let found = unsafe pb_webp_read(
        bytes, bytes.count, header.width, header.height, pixels.baseAddress,
        { Safepoint.mustStop(after: 1 << 18) ? 1 : 0 })
      filled = found == 1 || found == 2 && keepsDamaged ? count : 0
    }
    guard !rgba.isEmpty else {
      throw FormatError(.malformed, in: file, "is a broken WebP: its pixels are damaged or not all there")
    }
    return RasterImage(width: width, height: height, rgba: rgba).turned(Exif.orientation(webP: bytes))
  }

  /// The bytes of a file, whole unless damaged ones are kept, and what their header says.
  private static func opened(
    _ bytes: [UInt8], file: String, keepsDamaged: Bool
  ) throws(FormatError) -> (bytes: [UInt8], header: pb_webp_header) {
    guard isWebP(bytes) else { throw FormatError(.malformed, in: file, "is not a WebP picture") }
    var bytes = bytes
    do throws(FormatError) { bytes = try whole(bytes, file: file) } catch { if !keepsDamaged { throw error } }
    var header = pb_webp_header()
    guard unsafe pb_webp_read_header(bytes, bytes.count, &header) != 0 else {
      throw FormatError(.malformed, in: file, "is a broken WebP: its header is damaged")
    }
    try RasterImage.checkSize(Int(header.width), Int(header.height), file: file)
    return (bytes, header)
  }

  /// Returns the first `limit` frames, as they are seen; a picture that does not move is one frame.
  ///
  /// A broken frame is an error, unless `keepsDamaged`, which gives those before it, or what can be read of the first.
  public static func frames(
    _ bytes: [UInt8], limit: Int = .max, file: String = "WebP", keepsDamaged: Bool = false
  ) throws(FormatError) -> [GIF.Frame] {
    let (bytes, header) = try opened(bytes, file: file, keepsDamaged: keepsDamaged)
    guard header.is_animated != 0 else {
      return [GIF.Frame(image: try decode(bytes, file: file, keepsDamaged: keepsDamaged), delay: 0)]
    }
    let (width, height) = (Int(header.width), Int(header.height))
    func read(_ bytes: [UInt8], _ limit: Int) throws(FormatError) -> [GIF.Frame] {
      try unsafe bytes.withUnsafeBufferPointer { source in
        unsafe frames(source, width: width, height: height, limit: limit, file: file, keepsDamaged: keepsDamaged)
      }.get()
    }
    var found: [GIF.Frame] = []
    do throws(FormatError) { found = try read(bytes, limit) } catch {
      guard keepsDamaged else { throw error }
      found = try kept(WebPParts(bytes), width, height, limit, file: file, read: read)
      guard !found.isEmpty else { throw error }
    }
    return found.map { $0.turned(Exif.orientation(webP: bytes)) }
  }

  /// The frames that are whole, or what can be read of the first.
  private static func kept(
    _ parts: WebPParts, _ width: Int, _ height: Int, _ limit: Int, file: String,
    read: ([UInt8], Int) throws(FormatError) -> [GIF.Frame]
  ) throws(FormatError) -> [GIF.Frame] {
    do throws(FormatError) {
      if let whole = parts.animation(limit: limit) { return try read(whole, limit) }
    } catch { if error.kind != .malformed { throw error } }
    guard let (bytes, left, top) = parts.firstFrame else { return [] }
    let part = try decode(bytes, file: file, keepsDamaged: true)
    var canvas = [UInt8](repeating: 0, count: 4 * width * height)
    for y in 0..<max(0, min(part.height, height - top)) {
      for x in 0..<max(0, min(part.width, width - left)) {
        for channel in 0..<4 {
          canvas[4 * ((y + top) * width + x + left) + channel] = part.rgba[4 * (y * part.width + x) + channel]
        }
      }
    }
    return [GIF.Frame(image: RasterImage(width: width, height: height, rgba: canvas), delay: 0)]
  }

  private static func frames(
    _ bytes: UnsafeBufferPointer<UInt8>, width: Int, height: Int, limit: Int, file: String, keepsDamaged: Bool
  ) -> Result<[GIF.Frame], FormatError> {
    var info = WebPAnimInfo()
    guard let decoder = unsafe pb_webp_open(bytes.baseAddress, bytes.count, &info) else {
      return .failure(FormatError(.malformed, in: file, "is a broken WebP: its frames cannot be found"))
    }
    defer { unsafe WebPAnimDecoderDelete(decoder) }
    let count = min(limit, Int(info.frame_count))
    guard Int(info.canvas_width) == width, Int(info.canvas_height) == height, count > 0 else {
      return .failure(FormatError(.malformed, in: file, "is a broken WebP: it has no frame of its size"))
    }
    guard count <= RasterImage.pixelLimit / (width * height) else {
      return .failure(
        FormatError(
          .limit, in: file,
          "has \(count) frames of \(width) x \(height) pixels; at most \(RasterImage.pixelLimit >> 20) megapixels are read"
        ))
    }
    var (frames, before): ([GIF.Frame], Int32) = ([], 0)
    while frames.count < count {
      var (pixels, time): (UnsafeMutablePointer<UInt8>?, Int32) = (nil, 0)
      guard !Safepoint.mustStop(after: 8 * width * height), unsafe WebPAnimDecoderGetNext(decoder, &pixels, &time) != 0,
        let pixels = unsafe pixels
      else {
        if keepsDamaged, !frames.isEmpty { break }
        return .failure(FormatError(.malformed, in: file, "is a broken WebP: frame \(frames.count) is damaged"))
      }
      let rgba = unsafe Array(UnsafeBufferPointer(start: pixels, count: 4 * width * height))
      let delay = max(0, Int(time) - Int(before)) / 10
      frames.append(GIF.Frame(image: RasterImage(width: width, height: height, rgba: rgba), delay: delay))
      before = time
    }
    return .success(frames)
  }
}
