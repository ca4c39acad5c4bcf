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
    ("", "holds no color"), ("; none\n\n", "holds no color"),
    (
      (0..<199).map { String(format: "%06x", $0) }.joined(separator: "\n"),
      "holds 199 colors; a palette holds at most 198"
    ),
  ])
  func refusesWhatIsNone(text: String, message: String) {
    let error = #expect(throws: DataError.self) { try palette(text) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  /// A .pal of nothing but colors has three bytes each; of a console's eight tints the first count, and a text is none.
  @Test(arguments: [(1, 1), (4, 4), (64, 64), (128, 128), (512, 64)]) func bareColorsAreThreeBytesEach(
    stored: Int, read: Int
  ) throws {
    let bytes = (0..<stored).flatMap { index -> [UInt8] in [UInt8(index & 255), UInt8(index >> 8), 200] }
    let palette = try Palette(decoding: bytes, file: "x.pal")
    #expect(palette.colors == (0..<read).map { Color(UInt8($0), 0, 200) })
    for (other, name) in [(bytes + [1], "x.pal"), (bytes, "x.hex"), (Array("abcdef\n12".utf8), "x.pal")] {
      #expect(throws: (any Error).self) { try Palette(decoding: other, file: name) }
    }
  }

  /// What is another kind of palette, or has no colors, says what to write or to save.
  @Test(arguments: [
    ("x.gpl", "GIMP Palette\nName: x\n#\n", "write one a line, such as 248 56 0"), ("x.hex", "", "such as f83800"),
    ("x.aco", "\0\u{1}\0\u{1}", "a palette of Photoshop (.aco), which is not read"),
    ("x.json", "{\"colors\": [\"081820\"]}", "is JSON, in which no palette is read"),
  ])
  func otherPalettesSayWhatToDo(name: String, text: String, words: String) {
    do {
      _ = try Palette(decoding: Array(text.utf8), file: name)
      Issue.record("\(name) was read")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  /// Eight digits have two of opacity at their end, and in front in a file of Paint.NET; they may name a color twice.
  @Test func eightDigitsHaveOpacity() throws {
    let expected = [0xf83800, 0x0000fc, 0xabcdef].map { Color(hex: $0) }
    #expect(try palette("f83800FF\n0000fc00\nabcdef80").colors == expected)
    #expect(try palette("; paint.net Palette File\nFFf83800\n000000fc\n80abcdef").colors == expected)
    #expect(try palette("010203FF\n01020300\n040506FF").colors == [Color(1, 2, 3), Color(4, 5, 6)])
    for wrong in ["f838000", "ff8380000"] { #expect(throws: DataError.self) { try palette(wrong) } }
  }

  /// In every form a color that stands there several times counts once and is told, but where it fills up a table to its size.
  @Test func repeatedColorsCountOnceAndAreTold() throws {
    let (red, blue): ([UInt8], [UInt8]) = ([255, 0, 0], [0, 0, 255])
    let twice = [red, blue, red]
    func lines(_ colors: [[UInt8]]) -> String {
      colors.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()
    }
    func samples(_ colors: [[UInt8]], then rest: [UInt8] = []) -> [UInt8] {
      var bytes: [UInt8] = []
      for color in colors { bytes += color + rest }
      return bytes
    }
    func table(_ colors: [[UInt8]]) -> [UInt8] {
      let own = samples(colors)
      return own + [UInt8](repeating: 0, count: 768 - own.count) + [0, UInt8(colors.count), 0, 0]
    }
    func riff(_ colors: [[UInt8]]) -> [UInt8] {
      let head: [UInt8] = [UInt8(4 + 4 * colors.count), 0, 0, 0, 0, 3, UInt8(colors.count), 0]
      let body = Array("PAL data".utf8) + head + samples(colors, then: [0])
      return Array("RIFF".utf8) + [UInt8(body.count), 0, 0, 0] + body
    }
    func swatches(_ colors: [[UInt8]]) -> [UInt8] {
      var bytes: [UInt8] = Array("ASEF".utf8) + [0, 1, 0, 0, 0, 0, 0, UInt8(colors.count)]
      for color in colors {
        bytes += [0, 1, 0, 0, 0, 20, 0, 0] + Array("RGB ".utf8)
        for sample in color { bytes += sample == 255 ? [0x3F, 0x80, 0, 0] : [0, 0, 0, 0] }
        bytes += [0, 0]
      }
      return bytes
    }
    func hex(_ colors: [[UInt8]], _ start: String) -> [UInt8] {
      Array(colors.map { start + $0.map { String(format: "%02x", $0) }.joined() + "\n" }.joined().utf8)
    }
    let forms: [(String, ([[UInt8]]) -> [UInt8])] = [
      ("x.hex", { hex($0, "") }), ("x.txt", { Array("; paint.net\n".utf8) + hex($0, "FF") }),
      ("x.gpl", { Array(("GIMP Palette\n#\n" + lines($0)).utf8) }),
      ("x.pal", { Array(("JASC-PAL\n0100\n\($0.count)\n" + lines($0)).utf8) }),
      ("x.act", table), ("x.pal", riff), ("x.ase", swatches),
    ]
    for (name, bytes) in forms {
      var notes: [String] = []
      let palette = try Palette(decoding: bytes(twice), file: name) { notes.append($0) }
      #expect(palette.colors == [Color(255, 0, 0), Color(0, 0, 255)], "\(name)")
      #expect(notes == ["\(name) holds 1 of its colors several times, which count once: ff0000"], "\(name)")
      notes = []
      let filled = try Palette(decoding: bytes([red] + [[UInt8]](repeating: blue, count: 15)), file: name) {
        notes.append($0)
      }
      #expect(filled.colors.count == 2 && notes.isEmpty, "\(name): \(notes)")
    }
  }

  /// What is written is what is read, of colors whose three parts differ, and of as many as a palette holds.
  @Test(arguments: Palette.fileEndings) func colorsComeBackInTheirOrder(ending: String) throws {
    for count in [1, 3, Palette.limit] {
      let colors = (0..<UInt8(count)).map { Color($0, 200 - $0, $0 / 2 + 50) }
      let text = try Palette(colors).text(ending: ending, name: "a\nb")
      #expect(try palette(text).colors == colors)
    }
    let text = try Palette([Color(1, 2, 3)]).text(ending: ending, name: "a\nb")
    #expect(text == (ending == "hex" ? "010203\n" : "GIMP Palette\nName: a b\nColumns: 0\n#\n1 2 3\t010203\n"))
  }

  @Test func takesThePicturesColors() throws {
    let image = RasterImage(width: 2, height: 2, rgba: [1, 2, 3, 255, 9, 9, 9, 0, 4, 5, 6, 255, 1, 2, 3, 255])
    let path = try file([]) + ".png"
    try PNG.write(image, to: path)
    #expect(try Palette(contentsOf: path).colors == [Color(1, 2, 3), Color(4, 5, 6)])
    let noise = RasterImage(width: 256, height: 1, rgba: (0..<256).flatMap { [UInt8($0), 0, 0, 255] })
    #expect(throws: DataError.self) { try Palette(colorsOf: noise) }
    // What shows a little counts, what doesn't show is none, and as many as a palette holds are taken.
    let faint = RasterImage(width: 4, height: 1, rgba: [1, 2, 3, 1, 4, 5, 6, 128, 9, 9, 9, 0, 7, 8, 9, 255])
    #expect(try Palette(colorsOf: faint).colors == [Color(1, 2, 3), Color(4, 5, 6), Color(7, 8, 9)])
    for count in [Palette.limit, Palette.limit + 1] {
      let image = RasterImage(width: count, height: 1, rgba: (0..<count).flatMap { [UInt8($0), 0, 0, 255] })
      #expect((try? Palette(colorsOf: image))?.colors.count == (count > Palette.limit ? nil : count))
    }
  }
}
