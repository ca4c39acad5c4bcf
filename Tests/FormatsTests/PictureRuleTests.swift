import Foundation
import Formats
import Testing

/// Rules of pictures that files bend, beside what Pillow and browsers make of them.
@Suite struct PictureRuleTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pictures").path

  /// The place of a marker of a JPEG and the number of its bytes.
  private func part(_ marker: UInt8, of bytes: [UInt8]) -> Range<Int>? {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF, bytes[place + 1] != 0xDA {
      let end = place + 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
      if bytes[place + 1] == marker { return place..<end }
      place = end
    }
    return nil
  }

  /// The colors of print are the same whether or not the file says that a program of Adobe's wrote it, as Pillow has them.
  @Test func colorsOfPrintNeedNoMarker() throws {
    var bytes = try readFile("\(folder)/print.jpg")
    let whole = try JPEG.decode(bytes)
    let marker = try #require(part(0xEE, of: bytes))
    #expect(bytes[marker.lowerBound + 15] == 0)
    bytes.removeSubrange(marker)
    #expect(try JPEG.decode(bytes) == whole)
  }

  /// How a picture is turned may be stored as a whole number of any width, in either order of bytes.
  @Test(arguments: [(1, 1), (3, 2), (4, 4), (6, 1), (8, 2), (9, 4)], [true, false])
  func turnsAreNumbersOfAnyWidth(type: (kind: Int, width: Int), isLittle: Bool) throws {
    func number(_ value: Int, _ width: Int) -> [UInt8] {
      let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittle ? bytes : bytes.reversed()
    }
    let value = number(6, type.width) + [UInt8](repeating: 0, count: 4 - type.width)
    let entry = number(0x0112, 2) + number(type.kind, 2) + number(1, 4) + value
    let order: [UInt8] = isLittle ? [0x49, 0x49] : [0x4D, 0x4D]
    let tiff = order + number(42, 2) + number(8, 4) + number(1, 2) + entry + number(0, 4)
    let part: [UInt8] = Array("Exif".utf8) + [0, 0] + tiff
    let picture = RasterImage(width: 16, height: 8, rgba: [UInt8](repeating: 255, count: 512))
    let plain = try JPEG.encode(picture)
    let length = part.count + 2
    let bytes = plain[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + part + plain[2...]
    let turned = try JPEG.decode(Array(bytes))
    #expect((turned.width, turned.height) == (8, 16))
  }

  /// A GIF of one color whose frames lie where they may.
  private func gif(_ width: Int, _ height: Int, _ frames: [(left: Int, top: Int, width: Int, height: Int)]) -> [UInt8] {
    func half(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    let head = Array("GIF89a".utf8) + half(width) + half(height) + [0x80, 0, 0] + [9, 8, 7, 0, 0, 0]
    return head
      + frames.flatMap { frame -> [UInt8] in
        // Each code of three bits follows one that clears the table: 4, 0, 4, 0, ...
        let codes = (0..<frame.width * frame.height).flatMap { _ in [4, 0] } + [5]
        var (bytes, held, count): ([UInt8], Int, Int) = ([], 0, 0)
        for code in codes {
          held |= code << count
          count += 3
          if count >= 8 { (bytes, held, count) = (bytes + [UInt8(held & 255)], held >> 8, count - 8) }
        }
        if count > 0 { bytes.append(UInt8(held)) }
        let place = half(frame.left) + half(frame.top) + half(frame.width) + half(frame.height)
        return [0x2C] + place + [0, 2, UInt8(bytes.count)] + bytes + [0]
      } + [0x3B]
  }

  /// The first frame decides where it needs more room than is stated, or no size is; later ones are cut.
  @Test(arguments: [
    (4, 3, [(0, 0, 4, 3)], 4, 3), (0, 0, [(0, 0, 3, 2)], 3, 2), (2, 2, [(0, 0, 4, 3)], 4, 3),
    (4, 4, [(2, 3, 3, 3)], 5, 6), (2, 5, [(0, 0, 5, 2)], 5, 5), (3, 3, [(0, 0, 1, 1), (1, 1, 4, 4)], 3, 3),
    (3, 3, [(0, 0, 3, 3), (5, 5, 2, 2)], 3, 3),
  ])
  func firstFramesHaveRoom(
    width: Int, height: Int, places: [(Int, Int, Int, Int)], wide: Int, high: Int
  ) throws {
    let frames = try GIF.frames(gif(width, height, places.map { (left: $0.0, top: $0.1, width: $0.2, height: $0.3) }))
    #expect(frames.count == places.count)
    for (number, frame) in frames.enumerated() {
      #expect((frame.image.width, frame.image.height) == (wide, high))
      for y in 0..<high {
        for x in 0..<wide {
          let isDrawn = places[...number].contains { x >= $0.0 && x < $0.0 + $0.2 && y >= $0.1 && y < $0.1 + $0.3 }
          #expect((frame.image.rgba[4 * (y * wide + x) + 3] == 255) == isDrawn, "\(x), \(y)")
        }
      }
    }
  }

  @Test func aScreenWithoutSizeAndAFrameWithoutSizeAreNone() {
    #expect(throws: FormatError.self) { try GIF.frames(gif(0, 0, [(0, 0, 0, 0)])) }
    #expect(throws: FormatError.self) { try GIF.frames(gif(0, 0, [])) }
  }
}
