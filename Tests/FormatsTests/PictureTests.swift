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
    let svg = image.svg
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

  @Test func refusesWhatIsNotRead() {
    #expect(
      error { () throws(FormatError) in _ = try RasterImage.read(folder + "/print.jpg") }?.message
        == "is a JPEG in the four colors of print, which is not read")
    #expect(
      error { () throws(FormatError) in _ = try RasterImage.decode([0x61], file: "x") }
        == FormatError(.malformed, in: "x", "is not a picture that is read: expected PNG, JPEG or GIF"))
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
    // The last byte of a GIF and the last two of a JPEG carry no picture.
    for length in 0..<bytes.count - 2 {
      #expect(error { () throws(FormatError) in _ = try decode(Array(bytes[..<length])) } != nil, "\(length)")
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
