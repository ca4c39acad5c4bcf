import Formats
import PixelScript
import Testing
import Workbench

@Suite struct PlotTests {
  static func data(_ name: String) -> PlotData {
    func series(_ name: String, _ values: [Double]) -> PlotData.Series {
      PlotData.Series(name, values.enumerated().map { .init(Double($0), $1) })
    }
    switch name {
    case "gap": return PlotData(title: "Loss", series: [series("", [3, 1, 2, .nan, 5, .infinity, 4])])
    case "two":
      return PlotData(
        xLabel: "epoch", series: [series("train_loss", [3, 2, 1.5, 1.2]), series("test", [3, 2.5, 2.2, 2])])
    case "point": return PlotData(series: [series("", [5])])
    case "points": return PlotData(kind: .points, series: [series("", [0, 1, 4, 9, 16])])
    case "bars": return PlotData(kind: .bars, series: [series("", [2, -1, 3])])
    case "constant": return PlotData(series: [series("", [0, 0, 0])])
    case "huge": return PlotData(series: [series("", [1e308, -1e308])])
    case "nan": return PlotData(title: "none", series: [series("a", [.nan])])
    default: return PlotData(series: [])
    }
  }

  static let names = ["gap", "two", "point", "points", "bars", "constant", "huge", "nan", "empty"]

  @Test(arguments: names) func drawsInATerminal(name: String) throws {
    let data = Self.data(name)
    try Golden.check(PlotView.text(data, style: DisplayStyle(width: 40)), drawing: "plot-\(name)")
    try Golden.check(
      PlotView.text(data, style: DisplayStyle(width: 40, unicode: false)), drawing: "plot-\(name)-ascii")
    let plain = PlotView.text(data, style: DisplayStyle(width: 40, unicode: false))
    #expect(plain.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
    for width in [1, 2, 5, 11, 20, 79] {
      for line in PlotView.text(data, style: DisplayStyle(width: width)).split(separator: "\n") {
        #expect(DisplayWidth.columns(of: line) <= max(width, 3), "width \(width): \(line)")
      }
    }
  }

  @Test func colorsSeries() throws {
    let text = PlotView.text(Self.data("two"), style: DisplayStyle(color: .trueColor, width: 40))
    try Golden.check(text, drawing: "plot-two-color")
  }

  @Test(arguments: names) func isSavedAsAFile(name: String) throws {
    let plot = PlotObject(Self.data(name))
    let path = TestSession.folder + "/\(name)"
    try plot.save(to: path + ".png", ending: "png")
    let picture = try PNG.read(path + ".png")
    #expect(picture.width == 640 && picture.height == 400)
    let dark = stride(from: 0, to: picture.rgba.count, by: 4).contains { picture.rgba[$0] < 100 }
    #expect(dark, "nothing was drawn")
    try plot.save(to: path + ".svg", ending: "svg")
    let svg = String(decoding: try readFile(path + ".svg"), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func writesOutTheSignsOfXML() throws {
    let data = PlotData(title: "a < b & \"c\"\u{1}", series: [.init("x>y", [.init(0, 0), .init(1, 1)])])
    try PlotObject(data).save(to: TestSession.folder + "/signs.svg", ending: "svg")
    let svg = String(decoding: try readFile(TestSession.folder + "/signs.svg"), as: UTF8.self)
    #expect(svg.contains(">a &lt; b &amp; &quot;c&quot; </text>") && svg.contains(">x&gt;y</text>"))
  }
}
