import Foundation
import Formats
import Testing

struct PNGTests {
  private func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    word(UInt32(content.count)) + Array(name.utf8) + content + word(crc(Array(name.utf8) + content))
  }

  /// A PNG whose header states a size and whose picture is a few bytes of nothing.
  private func picture(width: UInt32, height: UInt32) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", word(width) + word(height) + [8, 6, 0, 0, 0])
      + chunk("IDAT", [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]) + chunk("IEND", [])
  }

  private func error(_ bytes: [UInt8]) -> FormatError? {
    do {
      _ = try PNG.decode(bytes, file: "x.png")
      return nil
    } catch { return error }
  }

  @Test(arguments: ["gradient", "noise", "onecolour", "palette25x22", "photo", "sprite_alpha"])
  func decodesReferencePictures(name: String) throws {
    let expected = try Safetensors(contentsOf: fixtures + "/tok/tok2d.safetensors").entry("img.\(name).pixels")
    let image = try PNG.read(fixtures + "/tok/\(name).png")
    let pixels = try expected.uint8s()
    #expect([image.height, image.width] == Array(expected.shape.prefix(2)))
    let channels = expected.shape[2]
    for pixel in 0..<image.width * image.height {
      let rgba = Array(image.rgba[4 * pixel..<4 * pixel + 4])
      let wanted = Array(pixels[channels * pixel..<channels * (pixel + 1)])
      #expect(rgba == (channels == 4 ? wanted : wanted + [255]))
    }
  }

  /// The fixtures are seen to be what Pillow decodes too, where it follows the standard.
  @Test func decodesEveryColorTypeAndDepth() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/png").path
    let expected = try JSONDecoder().decode([String: [UInt8]].self, from: Data(try readFile(folder + "/rgba.json")))
    #expect(expected.count == 52)
    for (name, rgba) in expected {
      let image = try PNG.read(folder + "/" + name)
      #expect(image == RasterImage(width: 9, height: 7, rgba: rgba), "\(name)")
    }
  }

  @Test(arguments: [(1, 1), (1, 300), (25, 22), (257, 3)])
  func roundTrips(width: Int, height: Int) throws {
    var generator = SeededGenerator(state: UInt64(width))
    let rgba = (0..<4 * width * height).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = RasterImage(width: width, height: height, rgba: rgba)
    let bytes = try PNG.encode(image)
    #expect(try PNG.decode(bytes) == image)
    #expect(try PNG.encode(image) == bytes)
  }

  /// Whether one pixel is transparent says whether all have a fourth sample, and those of all frames of an animation.
  @Test(arguments: [255, 254, 0] as [UInt8]) func hasTransparencyWhereAPixelIsTransparent(alpha: UInt8) throws {
    let opaque = RasterImage(width: 3, height: 2, rgba: (0..<24).map { $0 % 4 == 3 ? 255 : UInt8($0) })
    let image = RasterImage(width: 3, height: 2, rgba: opaque.rgba.dropLast() + [alpha])
    let kind: UInt8 = alpha == 255 ? 2 : 6
    for bytes in [try PNG.encode(image), try APNG.encode([opaque, image].map { GIF.Frame(image: $0, delay: 1) })] {
      #expect(bytes[25] == kind)
    }
    #expect(try PNG.decode(try PNG.encode(image)) == image)
    let frames = try APNG.frames(try APNG.encode([opaque, image].map { GIF.Frame(image: $0, delay: 1) }))
    #expect(frames.map(\.image) == [opaque, image])
  }

  @Test func refusesHugePicturesBeforeAllocating() {
    #expect(
      error(picture(width: 20_000, height: 20_000))
        == FormatError(
          .limit, in: "x.png", "holds 20000 x 20000 pixels; at most 16384 a side and 64 megapixels are read"))
    #expect(error(picture(width: 16_384, height: 16_384))?.kind == .limit)
    #expect(error(picture(width: 2_000_000_000, height: 1)) != nil)
    #expect(error(picture(width: 0, height: 1))?.kind == .malformed)
    // What begins as a PNG is called one.
    #expect(error(Array(picture(width: 1, height: 1).prefix(20)))?.message.hasPrefix("is a broken PNG: ") == true)
    #expect(error(picture(width: 100, height: 100))?.message.hasPrefix("is a broken PNG: ") == true)
  }

  @Test func refusesWhatIsNoPNG() {
    #expect(error([])?.message.hasPrefix("is not a PNG picture: ") == true)
    #expect(error(Array("file_name,caption\n".utf8))?.message.hasPrefix("is not a PNG picture: ") == true)
    #expect(throws: FormatError(.io, in: "/no/x.png", "cannot be opened: no such file or directory")) {
      try PNG.read("/no/x.png")
    }
  }

  @Test func truncatedOrDamagedPicturesThrowOrDecode() throws {
    let bytes = try readFile(fixtures + "/tok/sprite_alpha.png")
    // Neither the last chunk nor the checksum before it carries a part of the picture.
    let whole = try PNG.decode(bytes)
    for length in 0..<bytes.count - 16 { #expect(error(Array(bytes[..<length])) != nil) }
    for length in bytes.count - 16..<bytes.count { #expect(try PNG.decode(Array(bytes[..<length])) == whole) }
    // Whatever stands behind that part, viewers show the picture.
    let behind: [[UInt8]] = [
      [], [0], chunk("IEND", []).dropLast() + [0], chunk("IEND", [1]), chunk("tEXt", [1]).dropLast() + [0],
      chunk("0000", []), chunk("IDAT", [1]), word(.max) + Array("IEND".utf8),
    ]
    for end in behind { #expect(try PNG.decode(bytes.dropLast(12) + end) == whole, "\(end)") }
    var generator = SeededGenerator(state: 2)
    for place in bytes.indices {
      for _ in 0..<4 {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
        if let image = try? PNG.decode(damaged) { #expect(image.rgba.count == 4 * image.width * image.height) }
      }
    }
  }
}
