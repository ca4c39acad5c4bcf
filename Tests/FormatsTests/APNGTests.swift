import Formats
import Testing

/// Moving PNGs, written here by the layout of the specification: what each frame leaves to the next one, and for how long it
/// stands.
struct APNGTests {
  /// A frame of one color: its place, its size, what becomes of it behind it, and how it is drawn.
  private struct Frame {
    var x = 0
    var y = 0
    var width = 4
    var height = 3
    var color: [UInt8]
    var delay = (1, 10)
    var disposal = 0
    var isBlended = false
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
  }

  private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(kind.utf8) + content
    var sum = UInt32.max
    for byte in checked {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return bytes(content.count, 4) + checked + bytes(Int(~sum), 4)
  }

  /// Rows without a filter in a block that is not compressed.
  private static func packed(_ frame: Frame) -> [UInt8] {
    var rows: [UInt8] = []
    for _ in 0..<frame.height {
      rows.append(0)
      for _ in 0..<frame.width { rows += frame.color }
    }
    var (a, b) = (1, 0)
    for byte in rows {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    let size: [UInt8] = bytes(rows.count, 2).reversed()
    let head: [UInt8] = [0x78, 0x01, 0x01] + size + size.map { 255 - $0 }
    return head + rows + bytes(b << 16 | a, 4)
  }

  private static func file(_ frames: [Frame]) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", bytes(4, 4) + bytes(3, 4) + [8, 6, 0, 0, 0])
    file += chunk("acTL", bytes(frames.count, 4) + bytes(0, 4))
    var number = 0
    for (place, frame) in frames.enumerated() {
      let sides = [frame.width, frame.height, frame.x, frame.y].flatMap { bytes($0, 4) }
      let delay = bytes(frame.delay.0, 2) + bytes(frame.delay.1, 2)
      file += chunk("fcTL", bytes(number, 4) + sides + delay + [UInt8(frame.disposal), frame.isBlended ? 1 : 0])
      file += place == 0 ? chunk("IDAT", packed(frame)) : chunk("fdAT", bytes(number + 1, 4) + packed(frame))
      number += place == 0 ? 1 : 2
    }
    return file + chunk("IEND", [])
  }

  private typealias Canvas = [[[UInt8]]]

  private static func filled(_ canvas: Canvas, _ frame: Frame, _ color: [UInt8]) -> Canvas {
    var canvas = canvas
    for y in frame.y..<frame.y + frame.height { for x in frame.x..<frame.x + frame.width { canvas[y][x] = color } }
    return canvas
  }

  /// Every way to leave the canvas after the first frame and after one inside it, drawn over what is there or in its place.
  /// How long a frame is seen, as exactly as two numbers of 16 bits have it.
  @Test(arguments: [1, 10, 24, 60, 144, 65535, 29.97, 0.5, 0.3, 100.1, 1 / 3.0])
  func timesOfFramesAreExact(rate: Double) {
    let (time, parts) = APNG.fraction(perSecond: rate)
    #expect(abs(Double(parts) / Double(time) / rate - 1) < 1e-4, "\(time) / \(parts)")
    if rate == rate.rounded() { #expect(time == 1) }
  }

  @Test(arguments: 0...2, 0...2) func framesLeaveWhatTheySay(first: Int, second: Int) throws {
    let clear = Canvas(repeating: [[UInt8]](repeating: [0, 0, 0, 0], count: 4), count: 3)
    for (isBlended, alpha) in [(false, 255), (true, 255), (false, 0), (true, 0)] as [(Bool, UInt8)] {
      let whole = Frame(color: [200, 10, 20, 255], disposal: first)
      let inner = Frame(
        x: 1, y: 1, width: 2, height: 2, color: [3, 90, 70, alpha], disposal: second, isBlended: isBlended)
      let last = Frame(x: 0, y: 0, width: 1, height: 1, color: [0, 0, 250, 255])
      let shown = Self.filled(clear, whole, whole.color)
      let left = first == 0 ? shown : clear
      let drawn = isBlended && alpha == 0 ? left : Self.filled(left, inner, inner.color)
      let behind = second == 0 ? drawn : second == 1 ? Self.filled(left, inner, [0, 0, 0, 0]) : left
      let expected = [shown, drawn, Self.filled(behind, last, last.color)]
      let frames = try APNG.frames(Self.file([whole, inner, last]))
      #expect(
        frames.map(\.image.rgba) == expected.map { (canvas: Canvas) in canvas.flatMap { row in row.flatMap { $0 } } },
        "\(isBlended) \(alpha)")
    }
  }

  /// Delays are shares of a second, of which no denominator means hundredths.
  @Test func delaysAreShares() throws {
    let delays = [(1, 10), (3, 0), (1, 100), (1, 1000), (5, 2), (0, 0), (65535, 65535), (7, 1)]
    let frames = try APNG.frames(Self.file(delays.map { Frame(color: [1, 2, 3, 255], delay: $0) }))
    #expect(frames.map(\.delay) == [10, 3, 1, 0, 250, 0, 100, 700])
  }

  /// A frame lies inside the canvas, up to its edges, and not beyond.
  @Test func framesLieInsideTheCanvas() throws {
    for (x, y, width, height, isInside) in [
      (0, 0, 4, 3, true), (3, 2, 1, 1, true), (4, 2, 1, 1, false), (3, 3, 1, 1, false), (1, 0, 4, 1, false),
      (0, 1, 1, 3, false), (2, 1, 2, 2, true),
    ] {
      let frame = Frame(x: x, y: y, width: width, height: height, color: [9, 8, 7, 255])
      let frames = try? APNG.frames(Self.file([Frame(color: [1, 2, 3, 255]), frame]))
      #expect((frames?.count == 2) == isInside, "\(x) \(y) \(width) \(height)")
    }
  }
}
