import Formats
import Foundation
import PixelScript
import Safepoint
import Testing
import Workbench

/// What a cell shows, drawn for a terminal, as plain text, as HTML and as a file.
@Suite struct RenderingTests {
  private static let picture = RasterImage(width: 2, height: 1, rgba: [255, 0, 0, 255, 0, 0, 0, 0])

  /// What a script shows first.
  private func shown(_ script: String) throws -> Rendering {
    var found: Rendering?
    let console = Console(write: { _ in }, show: { rendering, _ in found = found ?? rendering })
    let session = Session(options: SessionOptions(seed: 1, quiet: true), console: console)
    #expect(session.run(script, name: "test", echo: true).diagnostics.map(\.description) == [])
    return try #require(found)
  }

  @Test func aPictureIsAPNG() throws {
    let rendering = Rendering.picture(Self.picture)
    let file = try rendering.file()
    #expect(file.ending == "png" && file.mediaType == "image/png")
    #expect(try RasterImage.decode(file.bytes, file: "x").rgba.prefix(4) == [255, 0, 0, 255])
    let html = try rendering.html()
    #expect(html.contains("src=\"data:image/png;base64,\(Data(file.bytes).base64EncodedString())\""))
    #expect(html.contains("width=\"128\" height=\"64\""))
    #expect(try rendering.text(in: DisplayStyle(color: .trueColor, width: 2)).contains("\u{1B}[0;38;2;255;0;0m▀"))
    let characters = DisplayStyle(color: .trueColor, width: 2, pictures: .characters)
    #expect(try !rendering.text(in: characters).contains("\u{1B}"))
  }

  private static let pair = "[to_image(zeros(2, 2)), to_image(ones(2, 2))]"

  @Test func aListOfListsIsASheet() throws {
    let rendering = try shown("a = \(Self.pair)\n[a, [nil, a[0]]]")
    guard case .sheet(let sheet) = rendering else {
      Issue.record("\(rendering)")
      return
    }
    #expect(sheet.rows.map { $0.map { $0 != nil } } == [[true, true], [false, true]])
    // Numbers in lists stay text.
    guard case .text = try shown("[[1, 2], [3]]") else {
      Issue.record("a list of numbers is drawn")
      return
    }
  }

  @Test func aSheetHasTitlesAndScale() throws {
    let rendering = try shown(
      "show(\(Self.pair) * 3, columns: 4, scale: 2, titles: [\"a\", \"b\", \"c\", \"d\", \"e\", \"<f>\"])")
    let text = try rendering.text(in: DisplayStyle(width: 40))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.count == 8 && lines[2] == "a     b     c     d" && lines[3] == "" && lines[6] == "e     <f>", "\(text)")
    let html = try rendering.html()
    #expect(
      html.components(separatedBy: "<div>").count == 3 && html.contains("&lt;f&gt;") && html.contains("width=\"4\""))
    let file = try rendering.file()
    #expect(file.ending == "png")
    #expect(try RasterImage.decode(file.bytes, file: "x").width > 4 * 96)
  }

  /// A row that is wider than the terminal is broken, so that every picture is seen.
  @Test(arguments: [1, 5, 20, 40, 500]) func aSheetFitsAnyWidth(width: Int) throws {
    let rendering = try shown("show(\(Self.pair) * 20, rows: 1, titles: [str(i) for i in range(40)])")
    let text = try rendering.text(in: DisplayStyle(width: width))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    if width >= 5 { #expect(text.contains("39")) }
  }

  @Test func anAnimationMovesInPagesAlone() throws {
    let rendering = try shown("show(\(Self.pair), fps: 4, titles: [\"one\", \"two\"])")
    guard case .animation(let animation) = rendering else {
      Issue.record("\(rendering)")
      return
    }
    #expect(animation.frames.map(\.caption) == ["one", "two"] && animation.fps == 4)
    let file = try rendering.file()
    #expect(try APNG.frames(file.bytes, file: "x").count == 2)
    #expect(try rendering.html().contains("alt=\"2 frames\""))
    // Elsewhere they stand side by side.
    #expect(try rendering.terminalText(in: DisplayStyle()).contains("one"))
    for style in [
      DisplayStyle(), DisplayStyle(color: .trueColor, pictures: .kitty), DisplayStyle(color: .trueColor, width: 3),
    ] {
      let counts = Set(animation.frames.indices.map { animation.lines(of: $0, in: style, identity: 7).count })
      #expect(counts.count == 1)
    }
    let kitty = animation.lines(of: 1, in: DisplayStyle(color: .trueColor, pictures: .kitty), identity: 7)
    #expect(kitty[0].contains("i=7,p=1"))
    // What is left of sixels would show through.
    let sixels = animation.lines(of: 1, in: DisplayStyle(color: .trueColor, pictures: .sixel), identity: 7)
    #expect(!sixels.joined().contains("\u{1B}P"))
  }

  @Test func framesOfSeveralSizesMakeOneFile() throws {
    let rendering = try shown("show([to_image(ones(2, 2)), to_image(ones(3, 5))], fps: 50)")
    #expect(try APNG.frames(rendering.file().bytes, file: "x").count == 2)
  }

  @Test(arguments: [
    ("show 1, scale: 2", "are about pictures, found the number 1"), ("show([], titles: true)", "are about pictures"),
    ("show(PAIR, fps: 0)", "fps must be above 0"), ("show(PAIR, scale: 0)", "scale must be from 1 to 1000"),
    ("show(PAIR, titles: [\"a\"])", "there are 1 titles for 2 pictures"),
    ("show(PAIR, rows: 0)", "rows must be 1 or more"),
    ("show(PAIR, rows: 1, columns: 1)", "have no room for 2 pictures"),
    ("show([PAIR], columns: 1)", "say themselves how many"),
  ])
  func mistakesInALayoutAreTold(code: String, wanted: String) {
    let output = TestSession().run(code.replacing("PAIR", with: Self.pair))
    #expect(output.contains(wanted), "\(output)")
  }

  @Test func aPlotIsAnSVG() throws {
    let rendering = try shown("plot([1, 4, 9], title: \"a < b\")")
    let file = try rendering.file()
    #expect(try file.ending == "svg" && String(decoding: file.bytes, as: UTF8.self) == rendering.html())
    #expect(try rendering.html().contains("a &lt; b"))
  }

  @Test func aTableIsATableEverywhere() throws {
    let rendering = try shown("a = 1\nb = \"x<y|\"\nvars()")
    #expect(try rendering.text().hasPrefix("name  type    bytes  value\n"))
    #expect(try rendering.html().contains("<td>b</td><td>string</td>"))
    #expect(try rendering.html().contains("<td>&quot;x&lt;y|&quot;</td>"))
    let file = try rendering.file()
    #expect(file.ending == "csv" && String(decoding: file.bytes, as: UTF8.self).hasPrefix("name,type,bytes,value\n"))
  }

  /// Only what does not fit is left out, and a line of text is cut where the screen ends.
  @Test func anEchoIsCutWhereTheScreenEnds() {
    var style = DisplayStyle(width: 10)
    let lines = (1...6).map { "line \($0)\n" }.joined()
    #expect(style.fitted(lines, isDrawn: false) == lines)
    style.mostLines = 6
    #expect(style.fitted(lines, isDrawn: false) == lines)
    #expect(style.fitted(lines, isDrawn: true) == lines)
    style.mostLines = 4
    #expect(
      style.fitted(lines, isDrawn: true) == "line 1\nline 2\nline 3\nline 4\n(2 more lines; `show _` gives all)\n")
    #expect(style.fitted("abcdefghij\n", isDrawn: false) == "abcdefghij\n")
    let long = String(repeating: "é", count: 45)
    let start = String(repeating: "é", count: 39)
    #expect(style.fitted(long, isDrawn: false) == start + "…\n(12 bytes more; `print _` gives all)\n")
    style.pictures = .kitty
    #expect(style.fitted(lines, isDrawn: true) == lines)
  }

  @Test func aLongTableKeepsItsEnds() throws {
    let rows = (0..<10_000).map { [Value.number($0), .number(Double($0) / 8)] }
    let rendering = Rendering.table(TableView(columns: ["n", "share"], rows: rows))
    #expect(try rendering.text().hasSuffix("9999  1249.875\n(10000 rows)\n"))
    #expect(try rendering.html().contains("<p>the first and last of 10000 rows</p>"))
    #expect(try rendering.file().ending == "txt")
    #expect(rendering.cost < 100_000)
  }

  /// Numbers stand to the right when all rows are numbers, those too that are not drawn.
  @Test func aTextInAnyRowPutsAColumnToTheLeft() throws {
    var rows = (0..<2000).map { [Value.number($0)] }
    rows[1000] = [.string("x")]
    #expect(try Rendering.table(TableView(columns: ["column"], rows: rows)).text().contains("\n1999\n"))
  }

  /// A table that goes on after it was shown shows what it was.
  @Test func whatWasShownStaysAsItWas() throws {
    let table = TableObject(columns: ["x"], rows: [[.number(1)]])
    let rendering = table.rendering()
    #expect(try table.setField("x", to: .number(2)))
    #expect(try rendering.text() == "x\n─\n1\n")
  }

  @Test func picturesOfAListStandInAGrid() throws {
    let rendering = try shown("[to_image(ones(2, 2))] * 70")
    #expect(try rendering.text().hasSuffix("(6 more)\n"))
    #expect(try rendering.html().split(separator: "<img ").count == 65)
  }

  @Test func textFromDataIsHarmless() throws {
    let rendering = Rendering.column([.text("<b>\u{1B}[2J&\n"), .grid([.init(nil, "<i>")]), .picture(Self.picture)])
    let html = try rendering.html()
    #expect(html.contains("&lt;b&gt;") && html.contains("&lt;i&gt;") && !html.contains("\u{1B}"))
    #expect(try rendering.text().hasPrefix("<b>\\x1b[2J&\n"))
    #expect(Rendering.text("\u{1B}").isText && !rendering.isText)
  }

  /// A drawing that ended early is not handed out.
  @Test func aDrawingThatMustStopThrows() {
    let watch = Watch(Interruption())
    var bounds = Watch.Bounds()
    bounds.deadline = 1
    watch.bounds = bounds
    Safepoint.$watch.withValue(watch) {
      #expect(throws: Stopped.self) { try Rendering.picture(Self.picture).text() }
      #expect(throws: Stopped.self) { try Rendering.text("x").html() }
      #expect(throws: Stopped.self) { try Rendering.text("x").file() }
    }
  }
}
