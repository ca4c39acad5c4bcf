import Safepoint

extension WebP {
  /// What a still picture or a frame needs at least: the head of a frame, where it lies, and the head of its pixels.
  private static let leastFrame = 32

  /// The bytes of a file in which no part lacks bytes that it states, nor a part of a frame; throws for others.
  ///
  /// A file that states more bytes of itself than there are is whole where nothing of it can be missing, and then states as many as
  /// there are: a picture has its pixels and what its header says stands beside them; in what an animation lacks, no frame has room.
  static func whole(_ bytes: [UInt8], file: String) throws(FormatError) -> [UInt8] {
    let stated = 8 + Int(bytes.littleEndian(at: 4) as UInt32)
    // A length of less than what stands before the first part states none.
    let (kinds, end) = try checkParts(bytes, 12..<max(12, min(stated, bytes.count)), file: file)
    guard stated > bytes.count else { return bytes }
    let flags = kinds.first == "VP8X" && bytes.count > 20 ? bytes[20] : 0
    func has(_ flag: UInt8, _ kind: String) -> Bool { flags & flag == 0 || kinds.contains(kind) }
    let hasPixels =
      flags & 2 != 0
      ? kinds.contains("ANMF") && stated - end < leastFrame
      : kinds.contains("VP8L") || kinds.contains("VP8 ") && has(0x10, "ALPH")
    guard end <= bytes.count, hasPixels, has(0x20, "ICCP"), has(8, "EXIF"), has(4, "XMP ") else {
      throw lacking("it", stated, bytes.count, file)
    }
    var whole = Array(bytes[..<end])
    for place in 0..<4 { whole[4 + place] = UInt8(truncatingIfNeeded: (end - 8) >> (8 * place)) }
    return whole
  }

  /// The kinds of the parts in a range, and where the last one ends.
  @discardableResult private static func checkParts(
    _ bytes: [UInt8], _ range: Range<Int>, file: String
  ) throws(FormatError) -> (kinds: [String], end: Int) {
    var (place, kinds): (Int, [String]) = (range.lowerBound, [])
    while place + 8 <= range.upperBound {
      if Safepoint.mustStop(after: 50) { throw FormatError(.io, in: file, "was not read: the work was stopped") }
      let kind = String(decoding: bytes[place..<place + 4], as: UTF8.self)
      let size = Int(bytes.littleEndian(at: place + 4) as UInt32)
      let end = place + 8 + size
      guard end <= range.upperBound else {
        throw lacking("its part \(kind.debugDescription)", size, range.upperBound - place - 8, file)
      }
      // A frame begins with where it lies.
      if kind == "ANMF", size > 16 { try checkParts(bytes, place + 24..<end, file: file) }
      kinds.append(kind)
      place = end + size % 2
    }
    return (kinds, place)
  }

  private static func lacking(_ part: String, _ stated: Int, _ found: Int, _ file: String) -> FormatError {
    FormatError(
      .malformed, in: file, "is a broken WebP: \(part) states \(stated) bytes, of which \(found) are there")
  }
}

/// The parts of a WebP file that moves, as far as they are there.
struct WebPParts {
  private static let headSize = 12

  private let bytes: [UInt8]
  /// The parts that are whole, with what stands before each.
  private var whole: [(kind: String, range: Range<Int>)] = []
  /// The contents of the first frame, as far as they are there, and how many bytes it states.
  private var first: (range: Range<Int>, size: Int)?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var place = Self.headSize
    while place + 8 <= bytes.count {
      let size = Int(bytes.littleEndian(at: place + 4) as UInt32)
      let kind = String(decoding: bytes[place..<place + 4], as: UTF8.self)
      if kind == "ANMF", first == nil { first = (place + 8..<min(place + 8 + size, bytes.count), size) }
      let end = place + 8 + size + size % 2
      guard end <= bytes.count else { break }
      whole.append((kind, place..<end))
      place = end
    }
  }

  /// A file of the first `limit` frames that are whole; nil where there is none.
  func animation(limit: Int) -> [UInt8]? {
    var (body, frames): ([UInt8], Int) = ([], 0)
    for (kind, range) in whole where kind != "ANMF" || frames < limit {
      body += bytes[range]
      if kind == "ANMF" { frames += 1 }
    }
    return frames == 0 ? nil : Self.file(body, size: body.count)
  }

  /// How many frames are whole.
  var frameCount: Int { whole.count { $0.kind == "ANMF" } }

  /// The first frame as a file of its own, whose end may be missing, and where it lies; nil where its beginning is not there.
  var firstFrame: (bytes: [UInt8], left: Int, top: Int)? {
    guard let (range, size) = first, range.count > 16, size > 16 else { return nil }
    func number(_ place: Int) -> Int {
      (0..<3).reduce(0) { $0 | Int(bytes[range.lowerBound + place + $1]) << (8 * $1) }
    }
    var body = Array(bytes[range.dropFirst(16)])
    var stated = size - 16
    if body.starts(with: "ALPH".utf8) {
      let head = Array("VP8X".utf8) + [10, 0, 0, 0, 0x10, 0, 0, 0] + bytes[range.dropFirst(6).prefix(6)]
      body = head + body
      stated += head.count
    }
    return (Self.file(body, size: stated), 2 * number(0), 2 * number(3))
  }

  private static func file(_ body: [UInt8], size: Int) -> [UInt8] {
    let length = UInt32(truncatingIfNeeded: size + 4)
    return Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("WEBP".utf8)
      + body
  }
}
