import Safepoint

extension APNG {
  /// The most frames in a second.
  public static let mostPerSecond = 65535.0

  /// Returns the bytes of an animation of frames of one size, one at least, which goes on without end, so many of them in a second, or each
  /// for its own time where that is nil; all colors and every degree of transparency stay. Programs that know no animations show the first
  /// frame.
  ///
  /// Throws a `FormatError` for frames of several sizes. Follows the PNG specification, third edition, section 11.3.6.
  public static func encode(
    _ frames: [GIF.Frame], perSecond: Double? = nil, file: String = "APNG"
  ) throws(FormatError) -> [UInt8] {
    let (width, height) = try GIF.size(of: frames, file: file)
    let rate = perSecond.map(fraction)
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
      control.appendBigEndian(rate?.time ?? UInt16(min(max(frame.delay, 0), 65535)))
      control.appendBigEndian(rate?.parts ?? 100)
      bytes += PNGChunk.bytes("fcTL", numbered(control + [0, 0]))
      for chunk in chunks where chunk.kind == "IDAT" {
        let data = Array(own[chunk.range])
        bytes += place == 0 ? PNGChunk.bytes("IDAT", data) : PNGChunk.bytes("fdAT", numbered(data))
      }
    }
    return bytes + PNGChunk.bytes("IEND", [])
  }

  /// How long a frame is seen of which so many are in a second, and in which parts of one that is counted: as exact as two numbers of 16
  /// bits have it.
  package static func fraction(perSecond rate: Double) -> (time: UInt16, parts: UInt16) {
    let most = mostPerSecond
    if rate == rate.rounded(), 1...most ~= rate { return (1, UInt16(rate)) }
    // As many parts as there is room for.
    let parts = rate > 1 ? (most / rate).rounded(.down) * rate : (most * rate).rounded(.down)
    let number = min(max(parts.rounded(), 1), most)
    return (UInt16(min(max((number / rate).rounded(), 1), most)), UInt16(number))
  }
}
