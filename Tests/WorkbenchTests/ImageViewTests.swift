import Formats
import Testing
import Workbench

@Suite struct ImageViewTests {
  /// Red and a transparent pixel above green and blue.
  static let corner = RasterImage(
    width: 2, height: 2, rgba: [255, 0, 0, 255, 9, 9, 9, 0, 0, 255, 0, 255, 0, 0, 255, 255])

  @Test(
    arguments: [
      (.trueColor, "\u{1B}[0;38;2;255;0;0;48;2;0;255;0m▀\u{1B}[0;38;2;0;0;255m▄\u{1B}[0m"),
      (.ansi256, "\u{1B}[0;38;5;196;48;5;46m▀\u{1B}[0;38;5;21m▄\u{1B}[0m"), (.none, "=:"),
    ] as [(Console.ColorDepth, String)])
  func drawsTwoPixelsInACell(color: Console.ColorDepth, line: String) {
    let view = ImageView(Self.corner, style: DisplayStyle(color: color, width: 2))
    #expect(view.lines == [line])
    #expect(view.columns == 2)
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
    #expect(view.lines == ["---   ", "===:::", "***:::"])
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
    #expect(ImageView(checks, style: DisplayStyle(width: 4)).lines == ["..@@", "@@.."])
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
