import Formats
import Foundation
import Testing
import Workbench

@Suite struct ImageViewTests {
  /// Red and a transparent pixel above green and blue.
  static let corner = RasterImage(
    width: 2, height: 2, rgba: [255, 0, 0, 255, 9, 9, 9, 0, 0, 255, 0, 255, 0, 0, 255, 255])

  @Test(
    arguments: [
      (.trueColor, "\u{1B}[0;38;2;255;0;0;48;2;0;255;0m▀\u{1B}[0;38;2;0;0;255m▄\u{1B}[0m"),
      (.ansi256, "\u{1B}[0;38;5;196;48;5;46m▀\u{1B}[0;38;5;21m▄\u{1B}[0m"), (.none, "▓▄"),
    ] as [(Console.ColorDepth, String)])
  func drawsTwoPixelsInACell(color: Console.ColorDepth, line: String) {
    let view = ImageView(Self.corner, style: DisplayStyle(color: color, width: 2))
    #expect(view.lines == [line])
    #expect(view.columns == 2)
    let ascii = DisplayStyle(color: .none, width: 2, unicode: false)
    #expect(ImageView(Self.corner, style: ascii).lines == ["*="])
  }

  @Test func whatDiffersFromTheBackgroundIsDense() {
    let (white, gray, black) =
      ([255, 255, 255, 255], [128, 128, 128, 255], [0, 0, 0, 255]) as ([UInt8], [UInt8], [UInt8])
    func picture(_ ground: [UInt8], _ thing: [UInt8]) -> RasterImage {
      let rows = [[ground, ground, ground, ground], [ground, thing, thing, ground], [ground, thing, gray, ground]]
      return RasterImage(width: 4, height: 4, rgba: (rows + rows.prefix(1)).flatMap { $0.flatMap { $0 } })
    }
    for (ground, thing) in [(white, black), (black, white), ([0, 0, 0, 0], black)] {
      #expect(ImageView(picture(ground, thing), style: DisplayStyle(width: 4)).lines == [" ▄▄ ", " ▀▀ "])
    }
    // One color alone is no background.
    let plain = RasterImage(width: 2, height: 2, rgba: [UInt8](repeating: 255, count: 16))
    #expect(ImageView(plain, style: DisplayStyle(width: 2)).lines == ["░░"])
  }

  @Test(arguments: [DisplayStyle.PictureProtocol.kitty, .iterm]) func sendsPixels(form: DisplayStyle.PictureProtocol)
    throws
  {
    let style = DisplayStyle(color: .trueColor, width: 4, pictures: form)
    let view = ImageView(Self.corner, style: style)
    #expect(view.columns == 4 && view.lines.count == 2 && view.lines[1] == "\u{1B}[4C")
    let (start, end) =
      form == .kitty
      ? ("\u{1B}7\u{1B}_Ga=T,f=100,q=2,C=1,c=4,r=2,m=0;", "\u{1B}\\\u{1B}8\u{1B}[4C")
      : ("\u{1B}7\u{1B}]1337;File=inline=1;width=4;height=2;preserveAspectRatio=0:", "\u{7}\u{1B}8\u{1B}[4C")
    #expect(view.lines[0].hasPrefix(start) && view.lines[0].hasSuffix(end))
    let data = try #require(Data(base64Encoded: String(view.lines[0].dropFirst(start.count).dropLast(end.count))))
    let picture = try PNG.decode([UInt8](data))
    #expect(picture.width == 40 && picture.height == 40)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(picture.rgba[4 * (40 * y + x)..<4 * (40 * y + x) + 4]) }
    #expect(pixel(0, 0) == [255, 0, 0, 255] && pixel(19, 19) == [255, 0, 0, 255] && pixel(39, 0)[3] == 0)
    #expect(pixel(0, 20) == [0, 255, 0, 255] && pixel(39, 39) == [0, 0, 255, 255])
    // The lines are there before the picture is drawn, and what is not a picture stays text.
    let text = ImageGrid.text([Rendering.Tile(Self.corner, "a\u{1B}[2Jb")], style: style)
    #expect(text.hasPrefix("\n\n\u{1B}[2A\u{1B}7") && text.hasSuffix("\na\\x…\n"))
  }

  /// Pictures of every small size, odd ones among them, fill the cells that they are drawn in: each pixel is a square, and what is
  /// left below is transparent.
  @Test(arguments: 1...5, 1...5) func pixelsFillTheirCells(width: Int, height: Int) throws {
    var rgba: [UInt8] = []
    for pixel in 0..<UInt8(width * height) { rgba += [40 * (pixel % 5), 9 * pixel, 200, 255] }
    let picture = RasterImage(width: width, height: height, rgba: rgba)
    let view = ImageView(picture, style: DisplayStyle(color: .trueColor, width: width, pictures: .kitty))
    #expect(view.columns == width && view.lines.count == (height + 1) / 2)
    let start = try #require(view.lines[0].firstIndex(of: ";"))
    let encoded = view.lines[0][start...].dropFirst().prefix { $0 != "\u{1B}" }
    let bytes = try #require(Data(base64Encoded: String(encoded)))
    let drawn = try PNG.decode([UInt8](bytes))
    let side = drawn.width / width
    #expect(drawn.width == side * width && drawn.height == side * 2 * view.lines.count)
    for y in 0..<drawn.height {
      for x in 0..<drawn.width {
        let found = Array(drawn.rgba[4 * (y * drawn.width + x)..<4 * (y * drawn.width + x) + 4])
        let place = 4 * (y / side * width + x / side)
        if found != (y / side < height ? Array(rgba[place..<place + 4]) : [0, 0, 0, 0]) {
          Issue.record("pixel \(x), \(y): \(found)")
          return
        }
      }
    }
  }

  @Test func sixelsAreBandsOfSixRows() {
    let colors = "#0;2;100;0;0#1;2;0;100;0#2;2;0;0;100"
    #expect(Sixel.encode(Self.corner) == "\u{1B}P0;1q\"1;1;2;2\(colors)#0@$#1A$#2?A$-\u{1B}\\")
    let tall = RasterImage(width: 5, height: 7, rgba: (0..<35).flatMap { _ in [0, 0, 0, 255] as [UInt8] })
    #expect(Sixel.encode(tall) == "\u{1B}P0;1q\"1;1;5;7#0;2;0;0;0#0!5~$-#0!5@$-\u{1B}\\")
    // Of more colors the nearest of 216.
    let many = RasterImage(
      width: 256, height: 2, rgba: (0..<512).flatMap { [UInt8($0 % 256), UInt8($0 / 256), 0, 255] })
    #expect(Sixel.encode(many).contains("#5;2;100;0;0") && !Sixel.encode(many).contains("#6;"))
  }

  @Test func changesColorsOnlyWhereTheyChange() {
    let white = RasterImage(width: 4, height: 1, rgba: [UInt8](repeating: 255, count: 16))
    let view = ImageView(white, style: DisplayStyle(color: .trueColor, width: 4))
    #expect(view.lines == ["\u{1B}[0;38;2;255;255;255m▀▀▀▀\u{1B}[0m"])
    let clear = RasterImage(width: 4, height: 2, rgba: [UInt8](repeating: 0, count: 32))
    #expect(ImageView(clear, style: DisplayStyle(color: .trueColor, width: 4)).lines == ["    "])
  }

  @Test func enlargesByWholeFactors() {
    let view = ImageView(Self.corner, style: DisplayStyle(width: 7))
    #expect(view.columns == 6)
    #expect(view.lines == ["▓▓▓   ", "▓▓▓▄▄▄", "▒▒▒███"])
    #expect(ImageView(Self.corner, style: DisplayStyle(width: 200)).columns == 32)
  }

  @Test(arguments: [(200, 2), (16_384, 1), (1, 16_384), (81, 81), (80, 80), (79, 3)])
  func neverIsWiderThanTheStyle(width: Int, height: Int) {
    let picture = RasterImage(width: width, height: height, rgba: [UInt8](repeating: 200, count: 4 * width * height))
    for columns in [1, 2, 33, 80] {
      let view = ImageView(picture, style: DisplayStyle(width: columns))
      #expect(view.columns <= columns && view.columns >= 1)
      #expect(view.lines.allSatisfy { $0.count == view.columns })
      #expect((1...120).contains(view.lines.count))
    }
  }

  @Test func keepsSharpPixelsWhenItEnlarges() {
    let checks = RasterImage(width: 2, height: 2, rgba: [0, 255, 255, 0].flatMap { [$0, $0, $0, 255] as [UInt8] })
    #expect(ImageView(checks, style: DisplayStyle(width: 4)).lines == ["██  ", "  ██"])
  }

  @Test func putsPicturesIntoAGrid() throws {
    let tiles = ["ein Drache", "緑の竜が飛ぶ", ""].map { Rendering.Tile(Self.corner, $0) }
    try Golden.check(ImageGrid.text(tiles, style: DisplayStyle(width: 18)), drawing: "grid")
    try Golden.check(ImageGrid.text(tiles, style: DisplayStyle(color: .trueColor, width: 18)), drawing: "grid-color")
    let harmless = ImageGrid.text([.init(Self.corner, "a\u{1B}[2Jb\n")], style: DisplayStyle(width: 18))
    #expect(!harmless.contains("\u{1B}"))
    #expect(ImageGrid.text([], style: DisplayStyle()) == "")
  }
}
