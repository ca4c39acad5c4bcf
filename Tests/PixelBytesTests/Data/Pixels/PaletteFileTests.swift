import Formats
import Foundation
import PixelBytes
import Testing

@Suite struct PaletteFileTests {
  private func file(_ bytes: [UInt8]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "palette-\(UUID().uuidString)").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func palette(_ text: String) throws -> Palette {
    let path = try file(Array(text.utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Palette(contentsOf: path)
  }

  @Test func readsColorsInManyForms() throws {
    let expected = [Color(hex: 0xf83800), Color(hex: 0x0000fc), Color(hex: 0xabcdef)]
    #expect(try palette("f83800\n0000fc\nabcdef\n").colors == expected)
    #expect(try palette("; three\r\n#F83800, #0000fc // blue\r\n\r\n ABCDEF ; last").colors == expected)
  }

  @Test(arguments: [
    ("f83800\nred\n", "line 2: expected six hexadecimal digits, such as f83800, found \"red\""),
    ("f8380", "line 1: expected six hexadecimal digits"), ("# f83800", "line 1: expected six hexadecimal digits"),
    ("", "holds no color"), ("; none\n\n", "holds no color"), ("000000 000000", "holds 000000 twice"),
    (
      (0..<199).map { String(format: "%06x", $0) }.joined(separator: "\n"),
      "holds 199 colors; a palette holds at most 198"
    ),
  ])
  func refusesWhatIsNone(text: String, message: String) {
    let error = #expect(throws: DataError.self) { try palette(text) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func takesThePicturesColors() throws {
    let image = RasterImage(width: 2, height: 2, rgba: [1, 2, 3, 255, 9, 9, 9, 0, 4, 5, 6, 255, 1, 2, 3, 255])
    let path = try file([]) + ".png"
    try PNG.write(image, to: path)
    #expect(try Palette(contentsOf: path).colors == [Color(1, 2, 3), Color(4, 5, 6)])
    let noise = RasterImage(width: 256, height: 1, rgba: (0..<256).flatMap { [UInt8($0), 0, 0, 255] })
    #expect(throws: DataError.self) { try Palette(colorsOf: noise) }
  }
}
