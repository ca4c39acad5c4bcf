import Foundation
import Formats
import Testing

/// Pictures that lack bytes in their middle, or whose data is not as their format has it: an error, unless what can be read is kept.
struct MissingBytesTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pictures").path

  private func frames(_ bytes: [UInt8], keeps: Bool = false) throws(FormatError) -> [RasterImage]? {
    do throws(FormatError) { return try RasterImage.frames(bytes, keepsDamaged: keeps).map(\.image) } catch {
      if error.kind == .io { throw error }
      return nil
    }
  }

  /// Of each kind that states how long it or its parts are, or has sums of its bytes.
  @Test(arguments: [
    "lossy.webp", "alpha.webp", "turned.webp", "moving.webp", "turned.png", "moving.apng", "over.apng", "rgb.bmp",
    "palette.bmp", "one.bmp", "masks.bmp", "runs.bmp", "color.aseprite", "tiles.aseprite",
  ])
  func bytesMissingAnywhereAreAnError(name: String) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let whole = try #require(try frames(bytes))
    for count in [1, 8] {
      for place in bytes.indices.dropLast(count) {
        var lacking = bytes
        lacking.removeSubrange(place..<place + count)
        // What is no pixel may be missed by nobody.
        if let found = try frames(lacking) { #expect(found == whole, "\(count) bytes at \(place)") }
      }
    }
  }

  /// A file whose pixels are all there may state more bytes of itself than there are; one that lacks some may not.
  @Test(arguments: [
    "lossy.webp", "alpha.webp", "turned.webp", "moving.webp", "rgb.bmp", "palette.bmp", "one.bmp", "masks.bmp",
    "runs.bmp",
  ])
  func lengthsOfTheWholeThatAreTooLarge(name: String) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let whole = try #require(try frames(bytes))
    let (place, isAnimation) = (name.hasSuffix("bmp") ? 2 : 4, name == "moving.webp")
    let stated = Int(bytes.littleEndian(at: place) as UInt32)
    for more in [1, 2, 7, 31, 32, 100, 65_536, 0x7FFF_0000] {
      var other = bytes
      for k in 0..<4 { other[place + k] = UInt8(truncatingIfNeeded: (stated + more) >> (8 * k)) }
      for keeps in [false, true] {
        // Whether an animation lacks a frame is not told by the frames that are there.
        let expected = isAnimation && more >= 32 && !keeps ? nil : whole
        #expect(try frames(other, keeps: keeps) == expected, "\(more) bytes more")
      }
      for count in 1...40 {
        guard let found = try frames(Array(other.dropLast(count))) else { continue }
        #expect(found == whole, "\(more) bytes more, \(count) less")
      }
    }
  }

  /// What a header says stands beside the pixels is missed, and so is what a picture of two parts lacks.
  @Test(arguments: [("turned.webp", "EXIF"), ("lossy.webp", "VP8 "), ("alpha.webp", "VP8L"), ("moving.webp", "ANMF")])
  func aCutBetweenThePartsOfAWebP(name: String, lacking: String) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let start = try #require(bytes.indices.dropLast(4).last { bytes[$0..<$0 + 4].elementsEqual(lacking.utf8) })
    #expect(try frames(Array(bytes[..<start])) == nil)
    var other = Array(bytes[..<start])
    for k in 0..<4 { other[4 + k] = UInt8(truncatingIfNeeded: (start - 8) >> (8 * k)) }
    let found = try frames(other)
    #expect((found == nil) == (name != "turned.webp" && name != "moving.webp"), "a file that states no more is whole")
  }

  /// Lengths that a file or its first part may state in place of the right one.
  @Test(arguments: ["lossy.webp", "alpha.webp", "moving.webp"], [4, 16])
  func lengthsOfAWebPThatCannotBe(name: String, place: Int) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let whole = try #require(try frames(bytes))
    for length in Array(0...40) + [255, 65_536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
      var other = bytes
      for k in 0..<4 { other[place + k] = UInt8(truncatingIfNeeded: length >> (8 * k)) }
      for keeps in [false, true] {
        if let found = try frames(other, keeps: keeps), !keeps { #expect(found.count <= whole.count, "\(length)") }
      }
    }
  }

  /// A GIF of one frame with the codes, each as many bits wide as it is said to be.
  private func gif(width: Int, height: Int, bits: Int, codes: [(code: Int, width: Int)]) -> [UInt8] {
    var (data, buffer, filled): ([UInt8], Int, Int) = ([], 0, 0)
    for (code, width) in codes {
      buffer |= code << filled
      filled += width
      while filled >= 8 {
        data.append(UInt8(buffer & 255))
        (buffer, filled) = (buffer >> 8, filled - 8)
      }
    }
    if filled > 0 { data.append(UInt8(buffer)) }
    let colors = (0..<3 << bits).map { UInt8(37 * $0 % 256) }
    return Array("GIF89a".utf8) + [UInt8(width), 0, UInt8(height), 0, 0x80 | UInt8(bits - 1), 0, 0] + colors
      + [0x2C, 0, 0, 0, 0, UInt8(width), 0, UInt8(height), 0, 0, UInt8(bits), UInt8(data.count)] + data + [0, 0x3B]
  }

  @Test(arguments: 2...8) func codesOfAGIFThatCannotBeAreAnError(bits: Int) throws {
    let (width, clear, end) = (bits + 1, 1 << bits, 1 << bits + 1)
    let start = (clear, width)
    func pixels(_ count: Int) -> [(Int, Int)] { (0..<count).map { ($0 % 2, width) } }
    // Six pixels: three codes later the first that is made stands for two. What stands behind the last pixel is left.
    let cases: [(codes: [(Int, Int)], reason: String?)] = [
      ([start] + pixels(2) + [(end + 1, width), (0, width), (1, width), (end, width)], nil),
      ([start] + pixels(2) + [(end + 1, width), (1, width), (end, width)], "has 5 of 6 pixels"),
      ([start] + pixels(2) + [(end + 1, width), (end + 2, width), (end, width)], nil),
      (
        [start] + pixels(2) + [(end + 1, width), (end + 2, width), start, (0, width), (end, width)],
        nil
      ),
      (
        [start] + pixels(1) + [(end + 1, width), (end + 2, width), (0, width), (1, width), (end, width)],
        nil
      ),
      ([start, (end + 1, width), (end, width)], "has behind 0 of 6 pixels the code \(end + 1) of \(clear)"),
      ([start] + pixels(1) + [(end + 2, width)], "has behind 1 of 6 pixels the code \(end + 2) of \(end + 2)"),
      (
        [start] + pixels(2) + [start, (end + 1, width)],
        "has behind 2 of 6 pixels the code \(end + 1) of \(clear)"
      ),
    ]
    for (codes, reason) in cases {
      // With two bits the codes grow while these are read.
      var (next, wide, last) = (end + 1, width, false)
      let widened = codes.map { code, _ in
        defer {
          if code == clear {
            (next, wide, last) = (end + 1, width, false)
          } else {
            if last { next += 1 }
            if next == 1 << wide { wide += 1 }
            last = true
          }
        }
        return (code: code, width: wide)
      }
      let bytes = gif(width: 3, height: 2, bits: bits, codes: widened)
      var found: String?
      do throws(FormatError) { _ = try GIF.frames(bytes) } catch { found = error.message }
      #expect(found == reason.map { "is a broken GIF: frame 0 \($0)" }, "\(codes)")
      let kept = try frames(bytes, keeps: true)
      #expect((kept == nil) == (reason?.contains("behind 0") ?? false), "\(codes)")
    }
  }

  /// Runs of a BMP beyond its rows, filled up to four bytes, of either depth and in every form that a run has.
  @Test(arguments: [4, 8]) func runsOfABMPBeyondItsRowsAreAnError(depth: Int) throws {
    let filled = UInt8(32 / depth)
    let cases: [(runs: [UInt8], reason: String?)] = [
      ([4, 0, 0, 0, 4, 1, 0, 1], nil),
      ([4, 0, 0, 0, 4, 1, 0, 0, 0, 1], nil),
      ([4, 0, 0, 2, 0, 1, 0, 1], nil),
      ([filled + 1, 0, 0, 0, 4, 1, 0, 1], "a run goes beyond the 4 pixels of its row"),
      ([0, filled + 1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 1], "a run goes beyond the 4 pixels of its row"),
      ([0, 2, filled, 0, 1, 0, 0, 1], "a run goes beyond the 4 pixels of its row"),
      ([4, 0, 0, 0, 4, 1, 0, 0, 1, 0, 0, 1], "a run goes beyond its 2 rows"),
      ([0, 2, 0, 2, 1, 0, 0, 1], "a run goes beyond its 2 rows"),
      ([4, 0, 0, 0], "it ends before its last pixel"),
      ([4, 0, 0, 2, 0], "it ends before its last pixel"),
    ]
    for (runs, reason) in cases {
      func word(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
      let size = 62 + runs.count
      let bytes =
        Array("BM".utf8) + word(size) + word(0) + word(62) + word(40) + word(4) + word(2) + [1, 0, UInt8(depth), 0]
        + word(depth == 8 ? 1 : 2) + word(runs.count) + word(0) + word(0) + word(2) + word(0) + word(0) + word(0xFFFFFF)
        + runs
      var found: String?
      do throws(FormatError) { _ = try BMP.decode(bytes) } catch { found = error.message }
      #expect(found == reason.map { "is a broken BMP: \($0)" }, "\(depth) bits: \(runs)")
      #expect(try frames(bytes, keeps: true)?.first?.width == 4, "\(depth) bits: \(runs)")
    }
  }
}
