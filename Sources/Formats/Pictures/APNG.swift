import Safepoint

/// Reading animated PNG: each frame is a PNG of its own, whose pixels stand in chunks between those of the first.
public enum APNG {
  /// Returns the frames as they are seen; a PNG that does not move is one frame. `file` is the name that errors give it.
  ///
  /// Frames that together have more pixels than `RasterImage.pixelLimit` are an error, and so is a broken frame, unless `keepsDamaged`,
  /// which gives those before it, or what can be read of the first.
  public static func frames(
    _ bytes: [UInt8], file: String = "PNG", keepsDamaged: Bool = false
  ) throws(FormatError) -> [GIF.Frame] {
    let chunks = try PNGChunk.all(bytes, file: file)
    guard let start = chunks.first(where: { $0.kind == "acTL" && $0.range.count >= 4 }), let header = chunks.first,
      header.kind == "IHDR",
      header.range.count == 13
    else { return [GIF.Frame(image: try PNG.decode(bytes, file: file, keepsDamaged: keepsDamaged), delay: 0)] }
    var animation = Animation(bytes, header.range, file: file)
    try RasterImage.checkSize(animation.width, animation.height, file: file)
    do throws(FormatError) {
      for chunk in chunks { try animation.take(chunk) }
      if chunks.last?.kind != "IEND" { try animation.finishFrame() }
    } catch { if !keepsDamaged || error.kind != .malformed { throw error } }
    let stated = Int(bytes.bigEndian(at: start.range.lowerBound) as UInt32)
    guard keepsDamaged || animation.frames.count >= stated else {
      throw FormatError(
        .malformed, in: file,
        "is a broken PNG: it states \(stated) frames, of which \(animation.frames.count) are there")
    }
    guard !animation.frames.isEmpty else {
      return [GIF.Frame(image: try PNG.decode(bytes, file: file, keepsDamaged: keepsDamaged), delay: 0)]
    }
    return turned(animation.frames, bytes)
  }

  /// The frames as Exif notes that they are to be seen.
  private static func turned(_ frames: [GIF.Frame], _ bytes: [UInt8]) -> [GIF.Frame] {
    frames.map { $0.turned(Exif.orientation(png: bytes)) }
  }

  /// What has been read of an animation, and what its next frames are drawn on.
  private struct Animation {
    private struct Control {
      let left, top, width, height, delay: Int
      let disposal, blending: UInt8
    }

    private let bytes: [UInt8]
    private let header: Range<Int>
    private let file: String
    let width: Int
    let height: Int
    /// The chunks between header and pixels, which every frame needs.
    private var shared: [UInt8] = []
    private var control: Control?
    private var data: [UInt8] = []
    private var hasPixels = false
    private var canvas: [UInt8] = []
    private(set) var frames: [GIF.Frame] = []

    init(_ bytes: [UInt8], _ header: Range<Int>, file: String) {
      (self.bytes, self.header, self.file) = (bytes, header, file)
      width = Int(bytes.bigEndian(at: header.lowerBound) as UInt32)
      height = Int(bytes.bigEndian(at: header.lowerBound + 4) as UInt32)
    }

    mutating func take(_ chunk: PNGChunk) throws(FormatError) {
      // Frames are put into files of their own, whose sums say nothing of these.
      if ["PLTE", "tRNS", "acTL", "fcTL", "IDAT", "fdAT"].contains(chunk.kind), !chunk.isSound(in: bytes) {
        throw broken("has a part \(chunk.kind) whose sum is another than it states")
      }
      switch chunk.kind {
      case "PLTE", "tRNS": if !hasPixels { shared += PNGChunk.bytes(chunk.kind, Array(bytes[chunk.range])) }
      case "fcTL":
        try finishFrame()
        control = try readControl(chunk.range)
      case "IDAT":
        hasPixels = true
        // Pixels without a frame in front are for readers that know no animations.
        if control != nil { data += bytes[chunk.range] }
      case "fdAT": if control != nil { data += bytes[chunk.range].dropFirst(4) }
      case "IEND": try finishFrame()
      default: break
      }
    }

    private func readControl(_ range: Range<Int>) throws(FormatError) -> Control {
      guard range.count >= 26 else { throw broken("is described in \(range.count) bytes") }
      func number(_ place: Int) -> Int { Int(bytes.bigEndian(at: range.lowerBound + place) as UInt32) }
      func half(_ place: Int) -> Int { Int(bytes.bigEndian(at: range.lowerBound + place) as UInt16) }
      let divisor = half(22) == 0 ? 100 : half(22)
      let control = Control(
        left: number(12), top: number(16), width: number(4), height: number(8), delay: half(20) * 100 / divisor,
        disposal: bytes[range.lowerBound + 24], blending: bytes[range.lowerBound + 25])
      guard control.width > 0, control.height > 0, control.left <= width - control.width,
        control.top <= height - control.height
      else { throw broken("does not lie inside the picture") }
      guard frames.count + 1 <= RasterImage.pixelLimit / (width * height) else {
        throw FormatError(
          .limit, in: file,
          "has more than \(frames.count) frames of \(width) x \(height) pixels; at most "
            + "\(RasterImage.pixelLimit >> 20) megapixels are read")
      }
      return control
    }

    private func broken(_ reason: String) -> FormatError {
      FormatError(.malformed, in: file, "is a broken PNG: frame \(frames.count) \(reason)")
    }

    mutating func finishFrame() throws(FormatError) {
      guard let control, !data.isEmpty else { return }
      defer { (self.control, data) = (nil, []) }
      var start = Array(bytes[header])
      for (place, size) in [(0, control.width), (4, control.height)] {
        for byte in 0..<4 { start[place + byte] = UInt8(truncatingIfNeeded: size >> (24 - 8 * byte)) }
      }
      let own =
        PNGChunk.signature + PNGChunk.bytes("IHDR", start) + shared + PNGChunk.bytes("IDAT", data)
        + PNGChunk.bytes("IEND", [])
      let picture: RasterImage
      do throws(FormatError) { picture = try PNG.samples(own, file: file) } catch {
        throw broken("is damaged: \(error.message)")
      }
      if canvas.isEmpty { canvas = [UInt8](repeating: 0, count: 4 * width * height) }
      let before = canvas
      draw(picture, control)
      frames.append(
        GIF.Frame(image: RasterImage(width: width, height: height, rgba: canvas), delay: control.delay))
      if control.disposal == 1 {
        clear(control)
      } else if control.disposal == 2 {
        canvas = before
      }
    }

    private mutating func draw(_ picture: RasterImage, _ control: Control) {
      for y in 0..<control.height {
        if Safepoint.mustStop(after: 8 * control.width) { return }
        for x in 0..<control.width {
          let (source, target) = (4 * (y * control.width + x), 4 * ((y + control.top) * width + x + control.left))
          if control.blending == 1 {
            Blending.over(picture.rgba, source, &canvas, target)
          } else {
            for channel in 0..<4 { canvas[target + channel] = picture.rgba[source + channel] }
          }
        }
      }
    }

    private mutating func clear(_ control: Control) {
      for y in control.top..<control.top + control.height {
        let place = 4 * (y * width + control.left)
        canvas.replaceSubrange(place..<place + 4 * control.width, with: repeatElement(0, count: 4 * control.width))
      }
    }
  }
}
