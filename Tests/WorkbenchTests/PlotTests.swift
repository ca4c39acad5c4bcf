import Formats
import Foundation
import PixelScript
import Testing
import Workbench

/// Plots drawn for terminals and files.
@Suite(.serialized) struct PlotTests {
  /// Scripts by the names of their drawings.
  static let scripts: [(name: String, script: String)] = [
    ("gap", "plot([3, 1, 2, num(\"nan\"), 5, num(\"inf\"), 4], title: \"Loss\")"),
    ("two", "plot({epoch: range(4), train: [3, 2, 1.5, 1.2], test: [3, 2.5, 2.2, 2]})"),
    ("point", "plot([5])"), ("scatter", "plot([0, 1, 4, 9, 16], kind: \"scatter\")"),
    ("bars", "plot({adam: 2.5, sgd: -1, \"a long name\": 3})"),
    (
      "grouped",
      "plot([[3, 1], [2, 4]], kind: \"bars\", x: [\"cat\", \"dog\"], names: [\"train\", \"test\"], error: 0.5)"
    ),
    ("columns", "plot([2, 1, 3], kind: \"bars\")"), ("constant", "plot([0, 0, 0])"), ("huge", "plot([1e308, -1e308])"),
    ("log", "plot([0, 1, 10, 100, 1000, 1e5], log: \"y\", ylabel: \"loss\", xlabel: \"n\")"),
    ("nan", "plot([num(\"nan\"), num(\"inf\")], title: \"none\")"), ("empty", "plot([])"),
    ("histogram", "plot([1, 2, 2, 3, 3, 3, 4, 4, 5], kind: \"histogram\")"),
    ("area", "plot([1, 4, 2, 3], kind: \"area\")"),
    ("boxes", "plot({a: [1, 2, 3, 4, 9], b: [2, 3, 3, 4]}, kind: \"box\")"),
    (
      "confusion",
      "plot([[9, 1], [12, 80]], kind: \"heatmap\", names: [\"cat\", \"dog\"], xlabel: \"said\", ylabel: \"true\")"
    ),
    ("field", "plot(map(range(20), fn(y) = map(range(60), fn(x) = x * y)), kind: \"heatmap\")"),
    ("band", "plot(table({x: [0, 0, 1, 1, 2, 2], y: [1, 3, 2, 6, 4, 4]}), band: \"sd\", hlines: 3)"),
    ("dates", "plot([\"2024-01-05\", \"2024-01-20\", \"2024-03-01\"], [1, 3, 2], xlabel: \"day\")"),
    ("hours", "plot([\"2024-01-05 08:00\", \"2024-01-05 12:00\"], [1, 3], kind: \"scatter\")"),
    ("reversed", "plot([1, 2, 3, 9], xlim: [4, 0], ylim: [10, 0], kind: \"area\")"),
    ("reversed-bars", "plot({a: 1, b: -2, c: 3}, xlim: [2.5, -0.5], ylim: [4, -4])"),
    ("reversed-boxes", "plot({a: [1, 2, 3, 4, 9], b: [2, 3, 3, 4]}, kind: \"box\", xlim: [2, -1], ylim: [10, 0])"),
    ("reversed-log", "plot([1, 10, 100], x: [1, 10, 100], log: \"xy\", xlim: [200, 0.5], ylim: [1000, 1])"),
    ("ruled-bars", "plot({a: 1, b: 3}, hlines: 2)"),
    ("lone", "plot({a: [1, nil, 3, nil, 2, 2], b: [nil, 2, nil, 1, nil, 3]}, kind: \"area\")"),
    ("lone-dotted", "plot([1, nil, 3, nil, 2], dash: \"dotted\")"),
    ("thirty", "plot([[i, i + 2] for i in range(30)], names: [f\"series {i}\" for i in range(30)])"),
    (
      "signs",
      "plot(table({x: [1, 2, 3, 4], g: [\"p\", \"q\", \"r\", \"s\"]}), x: \"x\", y: \"x\", dash: \"g\", kind: \"scatter\")"
    ),
    ("panels", "plot([plot([1, 2], title: \"up\"), {down: [2, 1], up: [1, 2]}], columns: 2, title: \"both\")"),
  ]

  /// What a script shows first.
  private static func shown(_ script: String) throws -> Rendering {
    var found: Rendering?
    let session = Session(
      options: SessionOptions(seed: 1, quiet: true, writeFolders: [TestSession.folder]),
      console: Console(write: { _ in }, show: { rendering, _ in found = found ?? rendering }))
    #expect(session.run(script, name: "test", echo: true).diagnostics.map(\.description) == [])
    return try #require(found)
  }

  @Test(arguments: scripts.map(\.name)) func drawsInATerminal(name: String) throws {
    let script = try #require(Self.scripts.first { $0.name == name }).script
    let rendering = try Self.shown(script)
    let color = DisplayStyle(color: .trueColor, width: 40)
    try Golden.check(try rendering.text(in: DisplayStyle(width: 40)), drawing: "plot-\(name)")
    let plain = try rendering.text(in: DisplayStyle(width: 40, unicode: false))
    #expect(plain.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
    if ["two", "band", "confusion", "panels"].contains(name) {
      try Golden.check(try rendering.text(in: color), drawing: "plot-\(name)-color")
    }
    for width in [1, 2, 5, 11, 20, 40, 79, 120, 200] {
      for style in [DisplayStyle(width: width), DisplayStyle(color: .ansi256, width: width)] {
        for line in try rendering.text(in: style).split(separator: "\n") {
          let bare = String(line).replacing(/\u{1B}\[[0-9;]*m/, with: "")
          #expect(DisplayWidth.columns(of: bare) <= max(width, 8), "width \(width): \(bare)")
        }
      }
    }
  }

  @Test(arguments: scripts.map(\.name)) func isSavedAsAFile(name: String) throws {
    let script = try #require(Self.scripts.first { $0.name == name }).script
    let path = TestSession.folder + "/plot-\(name)"
    let output = TestSession().run(
      "p = \(script)\nfor e in [\"svg\", \"png\", \"pdf\"] { save p, f\"\(path).{e}\" }")
    #expect(output == "")
    let picture = try PNG.read(path + ".png")
    #expect(picture.width > 1000 && picture.height > 700)
    #expect(stride(from: 0, to: picture.rgba.count, by: 4).contains { picture.rgba[$0] < 100 }, "nothing was drawn")
    let svg = String(decoding: try readFile(path + ".svg"), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(!svg.contains("nan\"") && !svg.contains("inf"))
    for tag in ["g", "text", "clipPath"] {
      let (open, close) = (
        svg.matches(of: try Regex("<\(tag)[ >]")).count, svg.components(separatedBy: "</\(tag)>").count - 1
      )
      #expect(open == close, "\(tag)")
    }
    #expect(String(decoding: try readFile(path + ".pdf").prefix(5), as: UTF8.self) == "%PDF-")
  }

  private func svg(_ script: String) throws -> String {
    String(decoding: try Self.shown(script).file().bytes, as: UTF8.self)
  }

  /// Every name of a legend stands on the page, wherever the legend is; of too many it says how many more there are.
  @Test(arguments: [1, 8, 30, 90, 300], ["right", "bottom", "inside"]) func aLegendStaysOnThePage(
    count: Int, legend: String
  ) throws {
    for size in ["", ", size: [5, 3]", ", size: [2, 1.5]"] {
      let names = "names: [f\"series {i}\" for i in range(\(count))]"
      let svg = try svg("plot([[i, i + 2] for i in range(\(count))], \(names), legend: \"\(legend)\"\(size))")
      let box = try #require(svg.firstMatch(of: /viewBox="0 0 ([0-9.]+) ([0-9.]+)"/))
      let (width, height) = (Double(box.1) ?? 0, Double(box.2) ?? 0)
      var told = 0
      for text in svg.matches(of: /<text x="([-0-9.]+)" y="([-0-9.]+)"[^>]*>(series [0-9]+|… ([0-9]+) more)</) {
        let (x, y) = (Double(text.1) ?? -1, Double(text.2) ?? -1)
        #expect(y > 0 && y <= height, "\(text.3) of \(count), \(legend)\(size)")
        if count > 1 && size != ", size: [2, 1.5]" {
          #expect(x > 0 && x + 40 <= width + 8, "\(text.3) of \(count), \(legend)\(size)")
        }
        told += text.4.flatMap { Int($0) } ?? 1
      }
      #expect(told == count || count == 1 && told == 0, "\(told) of \(count), \(legend)\(size)")
      if count <= 30, size.isEmpty { #expect(!svg.contains(" more<")) }
    }
  }

  /// Plots and titles of pictures are drawn in one font, and a note names what it lacks, once; SVG has no font of its own.
  @Test func namesTheLettersThatTheFontLacks() {
    let session = TestSession()
    let folder = TestSession.folder
    func notices(_ script: String) -> [String] {
      let before = session.notices.count
      #expect(session.run(script) == "")
      return session.notices.dropFirst(before).filter { $0.contains("DejaVu Sans") }
    }
    let picture = "to_image(ones(4, 4))"
    #expect(notices("save plot([1, 2], title: \"変 é\"), \"\(folder)/lacking.svg\"") == [])
    #expect(notices("save([\(picture)], \"\(folder)/lacking-sheet.svg\", titles: [\"変 é\"])") == [])
    let first = notices("save plot([1, 2], title: \"変 éœß→−²\"), \"\(folder)/lacking.png\"")
    #expect(first.count == 1 && first.first?.contains("has no 変:") == true, "\(first)")
    #expect(notices("save plot({変: [1, 2], é: [2, 1]}), \"\(folder)/lacking.pdf\"") == [])
    let sheet = notices("save([\(picture)], \"\(folder)/lacking-sheet.png\", titles: [\"変換 été\"])")
    #expect(sheet.count == 1 && sheet.first?.contains("has no 換:") == true, "\(sheet)")
  }

  @Test func aLegendInsideStandsInEachPanel() throws {
    let svg = try svg("plot([{a: [1, 2], b: [2, 1]}, {a: [3, 4], c: [4, 3]}], legend: \"inside\", columns: 2)")
    for (name, count) in [("a", 2), ("b", 1), ("c", 1)] {
      #expect(svg.components(separatedBy: ">\(name)</text>").count - 1 == count, "\(name)")
    }
  }

  /// A point alone is a disc, with every kind of line.
  @Test(arguments: ["line", "area", "scatter"]) func aPointAloneIsSeen(kind: String) throws {
    let svg = try svg("plot([1, nil, 3, nil, 2], kind: \"\(kind)\")")
    #expect(svg.components(separatedBy: "<circle ").count == 4)
  }

  @Test func writesOutTheSignsOfXML() throws {
    let svg = try svg(#"plot({"x>y": [0, 1], z: [1, 0]}, title: "a < b & \"c\"")"#)
    #expect(svg.contains(">a &lt; b &amp; &quot;c&quot;</text>") && svg.contains(">x&gt;y</text>"))
  }

  @Test func aPageHasItsSizeAndText() throws {
    let svg = try svg("plot({a: [1, 2], b: [2, 1]}, size: [5, 3], xlabel: \"step\", theme: \"dark\", grid: \"dashed\")")
    #expect(svg.contains("width=\"5in\" height=\"3in\" viewBox=\"0 0 360 216\"") && svg.contains(">step</text>"))
    #expect(
      svg.contains("font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\"") && svg.contains("fill=\"#16181c\""))
    #expect(svg.contains("stroke-dasharray=\"2.5 2\"") && svg.contains(">a</text>") && svg.contains(">b</text>"))
  }

  @Test func aPNGTellsItsDensity() throws {
    let path = TestSession.folder + "/plot-density.png"
    #expect(TestSession().run("save plot([1, 2], size: [4, 3], dpi: 150), \"\(path)\"") == "")
    let picture = try PNG.read(path)
    #expect(picture.width == 600 && picture.height == 450)
    let bytes = try readFile(path)
    let chunk = try #require(bytes.firstRange(of: Array("pHYs".utf8)))
    #expect(Array(bytes[chunk.upperBound..<chunk.upperBound + 9]) == [0, 0, 0x17, 0x12, 0, 0, 0x17, 0x12, 1])
  }

  /// Of a million points one stands out, and is seen.
  @Test func thinningKeepsPeaks() throws {
    let script = "x = zeros(1000000)\nx[345678] = 1\nplot x, title: \"p\""
    let rendering = try Self.shown(script)
    let svg = String(decoding: try rendering.file().bytes, as: UTF8.self)
    #expect(svg.utf8.count < 200_000)
    let line = try #require(svg.components(separatedBy: "<polyline points=\"").first { $0.utf8.count > 5000 })
    let heights = line.prefix { $0 != "\"" }.split(separator: " ").compactMap { $0.split(separator: ",").last }
    let numbers = heights.compactMap { Double($0) }
    #expect((numbers.min() ?? 0) < 40 && (numbers.max() ?? 0) > 180)
    #expect(numbers.filter { $0 < 40 }.count == 1)
  }

  /// The numbers beside the bars are those of NumPy: means and deviations of a sample.
  @Test func bandsAreThoseOfNumPy() throws {
    let table = "table({k: [\"a\", \"a\", \"a\", \"b\"], v: [1, 2, 6, 5]})"
    func drawn(_ band: String) throws -> String {
      try Self.shown("plot(\(table), x: \"k\", y: \"v\", kind: \"bars\", band: \"\(band)\")").text()
    }
    #expect(try drawn("sd").contains(" 3 ±2.646\n") && drawn("se").contains(" 3 ±1.528\n"))
    #expect(try drawn("minmax").contains(" 3 ±3\n") && drawn("sd").contains(" 5\n"))
  }

  @Test func theFigureOfAPaper() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let curve = "{\"mean\": [4.8, 2, 1], \"sd\": [0.1, 0.2, 0.1]}"
    let measures = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"].map { "\"\($0)\": \(curve)" }
    let families = ["rnn", "ssm", "attention"].map {
      "\"\($0)\": {\"epochs\": [0, 5, 10], \(measures.joined(separator: ", "))}"
    }
    let folder = TestSession.folder
    try Data("{\"figure_bands\": {\(families.joined(separator: ", "))}}".utf8)
      .write(to: URL(filePath: folder + "/figure-data.json"))
    for data in ["", "\(folder)/figure-data.json"] {
      let path = root.appending(path: "Notebooks/figure.pxb").path
      let session = TestSession(SessionOptions(seed: 1, writeFolders: [folder], readFolders: nil))
      _ = session.run("run(\"\(path)\", data: \"\(data)\", out: \"\(folder)/figure-out\")")
      let svg = String(decoding: try readFile(folder + "/figure-out.svg"), as: UTF8.self)
      for text in ["Loss", "Accuracy", "rnn train", "attention test", "epoch", "cross-entropy"] {
        #expect(svg.contains(">\(text)</text>"), "\(text)")
      }
      #expect(svg.components(separatedBy: "fill-opacity=\"0.2\"").count == 13)
      #expect(svg.components(separatedBy: "stroke-dasharray=\"5.6 2.8\"").count >= 7)
    }
  }
}
