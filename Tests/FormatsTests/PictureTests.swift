import Foundation
import Formats
import Testing

/// JPEG and GIF pictures beside what another library decodes from them.
struct PictureTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pictures").path

  private func error(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do throws(FormatError) {
      try body()
      return nil
    } catch { return error }
  }

  /// The frames of a picture side by side.
  private func sheet(_ frames: [RasterImage]) -> [UInt8] {
    (0..<frames[0].height).flatMap { row in
      frames.flatMap { $0.rgba[4 * row * $0.width..<4 * (row + 1) * $0.width] }
    }
  }

  @Test(arguments: ["color", "full", "gray", "progressive"]) func decodesJPEGs(name: String) throws {
    let found = try RasterImage.read("\(folder)/\(name).jpg")
    let expected = try PNG.read("\(folder)/\(name).jpg.png")
    #expect(found.width == 19 && found.height == 13)
    // Versions of the library round the conversion to RGB differently.
    let distance = zip(found.rgba, expected.rgba).map { abs(Int($0) - Int($1)) }.max()
    #expect(found.rgba.count == expected.rgba.count && distance ?? 255 <= 2)
  }

  /// The pictures are beside what Pillow's `exif_transpose` makes of them.
  @Test(arguments: 2...8) func turnsJPEGsAsTheCameraWasHeld(orientation: Int) throws {
    let found = try RasterImage.read("\(folder)/turned-\(orientation).jpg")
    let expected = try PNG.read("\(folder)/turned-\(orientation).jpg.png")
    #expect((found.width, found.height) == (orientation < 5 ? (7, 5) : (5, 7)))
    let distance = zip(found.rgba, expected.rgba).map { abs(Int($0) - Int($1)) }.max()
    #expect(found.rgba.count == expected.rgba.count && distance ?? 255 <= 2)
  }

  @Test func writesJPEGsAndSVGs() throws {
    let colors: [[UInt8]] = [[248, 56, 0, 255], [0, 0, 252, 255], [0, 120, 0, 255], [0, 0, 0, 0]]
    var pixels: [UInt8] = []
    for y in 0..<8 { for x in 0..<16 { pixels += colors[x / 8 + y / 4 * 2] } }
    let image = RasterImage(width: 16, height: 8, rgba: pixels)
    let path = FileManager.default.temporaryDirectory.appending(path: "picture-\(UUID().uuidString).jpg").path
    try image.write(to: path, ending: "jpg")
    let found = try RasterImage.read(path)
    for place in pixels.indices {
      let wanted = pixels[place | 3] == 0 ? 255 : Int(pixels[place])
      #expect(abs(Int(found.rgba[place]) - wanted) <= 24, "a JPEG is near its picture")
    }
    let svg = image.svg()
    #expect(svg.contains("<rect x=\"8\" y=\"0\" width=\"8\" height=\"1\" fill=\"rgb(0,0,252)\"/>"))
    #expect(svg.components(separatedBy: "<rect").count - 1 == 12, "a run a rectangle, none for what is transparent")
  }

  @Test(arguments: [("still", 1), ("sparse", 1), ("moving-1", 4), ("moving-2", 4), ("moving-3", 4)])
  func decodesGIFs(name: String, count: Int) throws {
    let bytes = try readFile("\(folder)/\(name).gif")
    let frames = try GIF.frames(bytes)
    #expect(frames.count == count)
    let expected = try PNG.read("\(folder)/\(name).gif.png")
    let found = sheet(frames.map(\.image))
    #expect(found.count == expected.rgba.count)
    for place in stride(from: 0, to: found.count, by: 4) where found[place + 3] != 0 || expected.rgba[place + 3] != 0 {
      #expect(found[place..<place + 4] == expected.rgba[place..<place + 4], "pixel \(place / 4)")
    }
    if count > 1 { #expect(frames.map(\.delay) == [10, 20, 30, 40]) }
    #expect(try GIF.frames(bytes, limit: 2).count == min(2, count))
    #expect(try RasterImage.decode(bytes) == frames[0].image)
  }

  /// Every frame of pictures of other kinds beside what another library decodes; `distance` is how far samples may differ.
  @Test(arguments: [
    ("alpha.webp", 1, 0), ("lossy.webp", 1, 0), ("turned.webp", 1, 0), ("turned.png", 1, 0), ("moving.webp", 3, 1),
    ("moving.apng", 3, 0), ("over.apng", 3, 1), ("rgb.bmp", 1, 0), ("palette.bmp", 1, 0), ("one.bmp", 1, 0),
    ("runs.bmp", 1, 0), ("masks.bmp", 1, 0), ("print.jpg", 1, 2), ("color.aseprite", 2, 1), ("tiles.aseprite", 1, 0),
    ("groups.aseprite", 2, 2), ("changes.aseprite", 3, 0), ("palette.tif", 1, 0), ("color.tif", 1, 0),
    ("alpha.tif", 1, 0),
    ("gray.tif", 1, 0), ("one.tif", 1, 0), ("print.tif", 1, 0), ("light.tif", 1, 2), ("turned.tif", 1, 0),
  ])
  func decodesOtherKinds(name: String, count: Int, distance: Int) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let frames = try RasterImage.frames(bytes, file: name)
    #expect(frames.count == count)
    let (found, expected) = (sheet(frames.map(\.image)), try PNG.read("\(folder)/\(name).png").rgba)
    #expect(found.count == expected.count)
    for place in stride(from: 0, to: min(found.count, expected.count), by: 4)
    where found[place + 3] != 0 || expected[place + 3] != 0 {
      let far = (place..<place + 4).map { abs(Int(found[$0]) - Int(expected[$0])) }.max() ?? 0
      #expect(far <= distance, "pixel \(place / 4): \(found[place..<place + 4]), \(expected[place..<place + 4])")
    }
    #expect(try RasterImage.decode(bytes, file: name) == frames[0].image)
    if name == "color.aseprite" {
      #expect(try RasterImage.frames(bytes, file: name, tag: "walk") == frames)
      let failure = error { () throws(FormatError) in _ = try RasterImage.frames(bytes, file: name, tag: "run") }
      #expect(failure?.message == "has no tag \"run\"; its tags are \"walk\"")
    }
    // What says how it is turned stands at the end of these.
    guard !name.hasPrefix("turned") else { return }
    // Cut off anywhere it is an error or what there is of it, and kept it is as large as it says.
    for length in stride(from: 0, to: bytes.count, by: 3) {
      let cut = Array(bytes[..<length])
      if let image = try? RasterImage.decode(cut, keepsDamaged: true) {
        #expect((image.width, image.height) == (frames[0].image.width, frames[0].image.height))
      }
      if let image = try? RasterImage.decode(cut) { #expect(image == frames[0].image, "\(length)") }
    }
  }

  /// What says how a WebP is turned is found behind parts of any length, of which odd ones are filled up.
  @Test(arguments: 0...5) func turnsAWebPBehindOtherParts(length: Int) throws {
    var bytes = try readFile("\(folder)/turned.webp")
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("EXIF".utf8)) })
    let part = Array("ABCD".utf8) + [UInt8(length), 0, 0, 0] + [UInt8](repeating: 9, count: length + length % 2)
    bytes.insert(contentsOf: part, at: place)
    let size = bytes.count - 8
    for byte in 0..<4 { bytes[4 + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
    #expect(try RasterImage.decode(bytes) == RasterImage.read("\(folder)/turned.webp"))
  }

  /// A pixel of a sixel picture is drawn or not: from one half on it is.
  @Test func sixelsDrawWhatIsAtLeastHalfThere() {
    for (alpha, isDrawn) in [(0, false), (1, false), (127, false), (128, true), (254, true), (255, true)] {
      let text = Sixel.encode(RasterImage(width: 1, height: 1, rgba: [255, 0, 255, UInt8(alpha)]))
      let drawn = "\u{1B}P0;1q\"1;1;1;1" + (isDrawn ? "#0;2;100;0;100#0@$" : "") + "-\u{1B}\\"
      #expect(text == drawn, "\(alpha): \(text.debugDescription)")
    }
  }

  @Test func keepsWhatCanBeReadOfABrokenPicture() throws {
    for name in ["color.jpg", "still.gif", "rgb.bmp"] {
      let bytes = try readFile("\(folder)/\(name)")
      let cut = Array(bytes.dropLast(30))
      #expect(error { () throws(FormatError) in _ = try RasterImage.decode(cut) } != nil, "\(name)")
      let (part, whole) = (try RasterImage.decode(cut, keepsDamaged: true), try RasterImage.decode(bytes))
      #expect(part.width == whole.width && part.height == whole.height && part != whole)
      let same = stride(from: 0, to: whole.rgba.count, by: 4).count {
        part.rgba[$0..<$0 + 4] == whole.rgba[$0..<$0 + 4]
      }
      #expect(same > 10, "\(name): \(same)")
    }
  }

  @Test func passesOverWhatBelongsToNothing() throws {
    let jpeg = try readFile(folder + "/color.jpg")
    let whole = try JPEG.decode(jpeg)
    let endless = Array(jpeg.dropLast(2))
    let longer: [UInt8] = endless + [1, 2, 3, 0xFF, 0xD9]
    #expect(try JPEG.decode(longer) == whole)
    #expect(try JPEG.decode(endless) == whole)
    var gif = try readFile(folder + "/moving-1.gif")
    let frames = try GIF.frames(gif)
    let start: [UInt8] = [0, 0x21, 0xF9]
    let second = try #require(gif.indices.dropFirst(60).first { gif[$0...].starts(with: start) })
    gif.insert(contentsOf: [0, 0, 7] as [UInt8], at: second + 1)
    #expect(try GIF.frames(gif) == frames)
  }

  @Test func tellsOtherFilesFromPictures() {
    func message(_ bytes: [UInt8]) -> String {
      error { () throws(FormatError) in _ = try RasterImage.decode(bytes, file: "x") }?.message ?? ""
    }
    #expect(message([]).contains("it is an empty file"))
    #expect(message(Array("version https://git-lfs.github.com/spec/v1\noid sha256:0".utf8)).contains("Git LFS pointer"))
    #expect(message(Array("\n<!DOCTYPE HTML><html>".utf8)).contains("a page of HTML"))
    #expect(message([0x50, 0x4B, 3, 4, 0]).contains("a zip archive"))
  }

  @Test func refusesWhatIsNotRead() {
    #expect(
      error { () throws(FormatError) in _ = try RasterImage.decode([0x61], file: "x") }
        == FormatError(
          .malformed, in: "x", "is not a picture that is read: expected PNG, JPEG, GIF, WebP, BMP, TIFF or Aseprite"))
    #expect(error { () throws(FormatError) in _ = try JPEG.decode([]) }?.kind == .malformed)
    #expect(error { () throws(FormatError) in _ = try GIF.frames([]) }?.kind == .malformed)
  }

  @Test func refusesHugePicturesBeforeAllocating() throws {
    var gif = try readFile(folder + "/still.gif")
    gif.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      error { () throws(FormatError) in _ = try GIF.frames(gif, file: "x") }
        == FormatError(.limit, in: "x", "holds 65535 x 65535 pixels; at most 16384 a side and 64 megapixels are read"))
    var jpeg = try readFile(folder + "/color.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x7F, 0xFF, 0x7F, 0xFF])
    #expect(error { () throws(FormatError) in _ = try JPEG.decode(jpeg) }?.kind == .limit)
  }

  /// A tile may be far larger than its picture, and so may those of all planes; what they take in memory is not begun with.
  @Test func refusesTIFFsWithTilesOfManyBytes() throws {
    // Pairs of tags and numbers: a picture of 1 x 1 in 16 planes, each in one tile of 16,384 x 16,384.
    let entries: [(tag: UInt16, number: UInt32)] = [
      (256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (277, 16), (284, 2), (322, 1 << 14), (323, 1 << 14), (324, 8),
      (325, 20),
    ]
    var bytes: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, UInt8(entries.count), 0]
    for entry in entries {
      bytes += [UInt8(entry.tag & 255), UInt8(entry.tag >> 8), 4, 0, 1, 0, 0, 0]
      bytes += (0..<4).map { UInt8(entry.number >> (8 * $0) & 255) }
    }
    bytes += [0, 0, 0, 0]
    let expected =
      "is a broken TIFF: it states 16 samples a pixel, in 16 planes with pieces of \(1 << 28) bytes"
    #expect(throws: FormatError(.malformed, in: "TIFF", expected)) { try TIFF.decode(bytes) }
  }

  @Test func refusesAGIFThatGoesOnAndOn() throws {
    var gif = try readFile(folder + "/moving-1.gif")
    let first = try #require(gif.indices.first { gif[$0...].starts(with: [0x21, 0xF9]) })
    let second = try #require(gif.indices.first { $0 > first && gif[$0...].starts(with: [0x21, 0xF9]) })
    let repeated = Array(repeating: gif[first..<second], count: 100).flatMap { $0 }
    gif.replaceSubrange(first..<gif.count, with: repeated)
    gif.replaceSubrange(6..<10, with: [0, 4, 0, 4])
    #expect(
      error { () throws(FormatError) in _ = try GIF.frames(gif, file: "x") }
        == FormatError(
          .limit, in: "x", "has more than 64 frames of 1024 x 1024 pixels; at most 64 megapixels are read"))
  }

  @Test(arguments: [
    "color.jpg", "full.jpg", "gray.jpg", "progressive.jpg", "still.gif", "sparse.gif", "moving-1.gif", "moving-2.gif",
    "moving-3.gif",
  ])
  func survivesDamageAnywhere(name: String) throws {
    let bytes = try readFile("\(folder)/\(name)")
    func decode(_ bytes: [UInt8]) throws(FormatError) -> [RasterImage] {
      name.hasSuffix("gif") ? try GIF.frames(bytes).map(\.image) : [try JPEG.decode(bytes)]
    }
    // The last byte of a GIF and the last two of a JPEG carry no picture; a GIF that ends between frames has those before.
    let whole = try decode(bytes)
    for length in 0..<bytes.count - 2 {
      if let images = try? decode(Array(bytes[..<length])) {
        #expect(images.count < whole.count && images[...] == whole[..<images.count], "\(length)")
      }
    }
    var generator = SeededGenerator(state: 3)
    for place in bytes.indices {
      for _ in 0..<4 {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
        if let images = try? decode(damaged) {
          #expect(!images.isEmpty && images.allSatisfy { $0.rgba.count == 4 * $0.width * $0.height })
        }
      }
    }
  }
}
