import Safepoint

/// Reading GIF pictures and animations with giflib, and writing them.
public enum GIF {
  /// One picture of an animation, as it is seen.
  public struct Frame: Equatable, Sendable {
    /// The whole picture; parts that nothing was drawn on are transparent.
    public let image: RasterImage
    /// How long it is shown, in hundredths of a second.
    public let delay: Int

    /// Creates a frame.
    public init(image: RasterImage, delay: Int) { (self.image, self.delay) = (image, delay) }
  }

  /// Returns the first `limit` frames in the bytes of a GIF; `file` is the name that errors give it.
  ///
  /// The picture is as large as the file states, or as its first frame needs; what lies beyond that of later frames is left out, as
  /// browsers do. Frames that together have more pixels than `RasterImage.pixelLimit` are an error, and so is a broken frame, unless `keepsDamaged`,
  /// which gives the frames before it, or the rows that can be read of the first. A missing end and bytes between frames that belong to nothing are passed over.
  public static func frames(
    _ bytes: [UInt8], limit: Int = .max, file: String = "GIF", keepsDamaged: Bool = false
  ) throws(FormatError) -> [Frame] {
    var stream = try GIFStream(bytes, file: file, keepsDamaged: keepsDamaged)
    let stated = stream.size
    try RasterImage.checkSize(max(1, stated.width), max(1, stated.height), file: file)
    var canvas = Canvas(width: stated.width, height: stated.height)
    var frames: [Frame] = []
    var pixels = 0
    while frames.count < limit {
      let frame = try stream.next { (frameWidth, frameHeight) throws(FormatError) in
        try RasterImage.checkSize(frameWidth, frameHeight, file: file)
        pixels += max(canvas.width * canvas.height, frameWidth * frameHeight)
        guard pixels <= RasterImage.pixelLimit else {
          throw FormatError(
            .limit, in: file,
            "has more than \(frames.count) frames of \(canvas.width) x \(canvas.height) pixels; at most "
              + "\(RasterImage.pixelLimit >> 20) megapixels are read")
        }
      }
      guard let frame else { break }
      // The transparent color need not be one of the palette.
      let colors = frame.colors.count / 3
      if let wrong = frame.pixels.first(where: { $0 >= colors && Int($0) != frame.transparent }) {
        if keepsDamaged, !frames.isEmpty { break }
        throw FormatError(
          .malformed, in: file, "is a broken GIF: frame \(frames.count) has the color \(wrong) of \(colors)")
      }
      if frames.isEmpty {
        let (right, bottom) = (frame.left + frame.width, frame.top + frame.height)
        if right > canvas.width || bottom > canvas.height {
          let (width, height) = (max(canvas.width, right), max(canvas.height, bottom))
          try RasterImage.checkSize(width, height, file: file)
          canvas = Canvas(width: width, height: height)
        }
      }
      let before = canvas
      canvas.draw(frame)
      frames.append(Frame(image: canvas.image, delay: frame.delay))
      switch frame.disposal {
      case .none, .keep: break
      case .background: canvas.clear(frame)
      case .previous: canvas = before
      }
    }
    guard !frames.isEmpty else { throw FormatError(.malformed, in: file, "is a broken GIF: it has no frame") }
    return frames
  }
}

/// What frames are drawn on, one over the other.
private struct Canvas {
  let width: Int
  let height: Int
  var rgba: [UInt8]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    rgba = [UInt8](repeating: 0, count: 4 * width * height)
  }

  /// What is seen.
  var image: RasterImage { RasterImage(width: width, height: height, rgba: rgba) }

  /// Draws the part of a frame that lies inside.
  mutating func draw(_ frame: GIFStream.Frame) {
    forEachPixel(of: frame) { canvas, place, source in
      let index = Int(frame.pixels[source])
      if index == frame.transparent { return }
      for channel in 0..<3 { canvas.rgba[place + channel] = frame.colors[3 * index + channel] }
      canvas.rgba[place + 3] = 255
    }
  }

  /// Makes the place of a frame transparent.
  mutating func clear(_ frame: GIFStream.Frame) {
    forEachPixel(of: frame) { canvas, place, _ in
      for channel in 0..<4 { canvas.rgba[place + channel] = 0 }
    }
  }

  /// Calls `body` with the first byte of each pixel under a frame and the pixel of the frame.
  private mutating func forEachPixel(of frame: GIFStream.Frame, _ body: (inout Canvas, Int, Int) -> Void) {
    guard frame.left < width, frame.top < height else { return }
    for y in 0..<min(frame.height, height - frame.top) {
      if Safepoint.mustStop(after: 8 * frame.width) { break }
      for x in 0..<min(frame.width, width - frame.left) {
        body(&self, 4 * ((y + frame.top) * width + x + frame.left), y * frame.width + x)
      }
    }
  }
}
