import Safepoint

extension APNG {
  /// Returns the bytes of an animation of frames of one size, one at least, which goes on without end; all colors and every degree of
  /// transparency stay. Programs that know no animations show the first frame.
  ///
  /// Throws a `FormatError` for frames of several sizes. Follows the PNG specification, third edition, section 11.3.6.
  public static func encode(_ frames: [GIF.Frame], file: String = "APNG") throws(FormatError) -> [UInt8] {
    let (width, height) = try GIF.size(of: frames, file: file)
    var bytes = PNGChunk.signature
    var sequence: UInt32 = 0
    func numbered(_ rest: [UInt8]) -> [UInt8] {
      var contents: [UInt8] = []
      contents.appendBigEndian(sequence)
      sequence += 1
      return contents + rest
    }
    let hasAlpha = !frames.allSatisfy(\.image.isOpaque)
    for (place, frame) in frames.enumerated() {
      if Safepoint.mustStop { break }
      // Each frame is a PNG of its own; all are of one kind.
      let own = try PNG.encode(frame.image, hasAlpha: hasAlpha)
      let chunks = try PNGChunk.all(own, file: file)
      if place == 0, let header = chunks.first {
        bytes += PNGChunk.bytes(header.kind, Array(own[header.range]))
        var control: [UInt8] = []
        control.appendBigEndian(UInt32(frames.count))
        control.appendBigEndian(UInt32(0))
        bytes += PNGChunk.bytes("acTL", control)
      }
      var control: [UInt8] = []
      for size in [width, height, 0, 0] { control.appendBigEndian(UInt32(size)) }
      control.appendBigEndian(UInt16(min(max(frame.delay, 0), 65535)))
      control.appendBigEndian(UInt16(100))
      bytes += PNGChunk.bytes("fcTL", numbered(control + [0, 0]))
      for chunk in chunks where chunk.kind == "IDAT" {
        let data = Array(own[chunk.range])
        bytes += place == 0 ? PNGChunk.bytes("IDAT", data) : PNGChunk.bytes("fdAT", numbered(data))
      }
    }
    return bytes + PNGChunk.bytes("IEND", [])
  }
}
