import Formats
import Foundation
import PixelScript
import Testing
import Workbench

/// Every option of `plot` beside every kind: it changes the page, or it is refused by its name.
@Suite(.serialized) struct PlotOptionTests {
  static let kinds = ["line", "scatter", "bars", "area", "histogram", "box", "heatmap"]

  /// What is given, and what is given with and without it.
  static let options: [(name: String, given: String, base: String)] = [
    ("x", "x: \"n\"", ""), ("y", "y: \"w\"", ""), ("z", "z: \"w\"", "x: \"n\", y: \"v\""), ("by", "by: \"g\"", ""),
    ("dash", "dash: \"g\"", ""), ("dash", "dash: \"dashed\"", ""), ("panel", "panel: \"g\"", ""),
    ("kind", "kind: \"line\"", ""), ("band", "band: \"minmax\"", "x: \"n\", y: \"v\""),
    ("error", "error: \"w\"", "y: \"v\""), ("title", "title: \"t\"", ""), ("titles", "titles: [\"t\"]", ""),
    ("titles", "titles: [\"t\", \"u\"]", ""), ("xlabel", "xlabel: \"t\"", ""), ("ylabel", "ylabel: \"t\"", ""),
    ("ylabel", "ylabel: [\"t\", \"u\"]", ""), ("xlim", "xlim: [0.5, 3]", ""), ("xlim", "xlim: [3, -1]", ""),
    ("ylim", "ylim: [1, 3]", ""), ("ylim", "ylim: [5, 0]", ""),
    ("zlim", "zlim: [0, 2]", ""), ("zlim", "zlim: [nil, 2]", ""), ("zlim", "zlim: [[0, 2]]", ""),
    ("zlim", "zlim: [2, 0]", ""), ("zlim", "zlim: 2", ""), ("log", "log: \"x\"", "x: \"n\""),
    ("log", "log: \"y\"", ""), ("log", "log: [\"y\", \"y\"]", ""),
    ("right", "right: \"w\"", "y: [\"v\", \"w\"]"), ("right", "right: \"w\"", "y: \"v\""),
    ("rightlabel", "rightlabel: \"t\"", "right: \"w\", y: \"v\""), ("rightlabel", "rightlabel: \"t\"", ""),
    ("rightlim", "rightlim: [0, 9]", "right: \"w\", y: \"v\""), ("rightlim", "rightlim: [9, 0]", ""),
    ("rightlog", "rightlog: true", "right: \"w\", y: \"v\""), ("rightlog", "rightlog: true", ""),
    ("names", "names: [\"p\", \"q\"]", "y: [\"v\", \"w\"]"),
    ("names", "names: [\"p\", \"q\", \"r\"]", "y: [\"v\", \"w\"]"), ("colors", "colors: \"pink\"", ""),
    ("colors", "colors: {v: \"pink\"}", "y: [\"v\", \"w\"]"), ("colors", "colors: {z: \"pink\"}", ""),
    ("colors", "colors: [\"pink\", \"blue\"]", "y: [\"v\", \"w\"]"),
    ("colors", "colors: [\"pink\", \"blue\", \"red\", \"green\", \"black\"]", ""),
    ("dash", "dash: [\"dashed\", \"dotted\"]", "y: [\"v\", \"w\"]"),
    ("dash", "dash: [\"dashed\", \"dotted\", \"dashed\", \"dotted\", \"solid\"]", ""),
    ("width", "width: [2, 5]", "y: [\"v\", \"w\"]"), ("width", "width: [2, 5, 2, 5, 3]", ""),
    ("width", "width: 5", ""), ("marker", "marker: \"square\"", ""),
    ("marker", "marker: [\"x\", \"+\"]", "y: [\"v\", \"w\"]"),
    ("marker", "marker: [\"x\", \"+\", \"s\", \"D\", \"^\"]", ""), ("marker", "marker: \"q\"", ""),
    ("stacked", "stacked: true", "y: [\"v\", \"w\"]"), ("stacked", "stacked: true", "y: \"v\""),
    ("texts", "texts: [1, 2, \"t\"]", ""), ("texts", "texts: [[1, 2, \"t\"], [0, 3, \"u\"]]", ""),
    ("texts", "texts: []", ""), ("texts", "texts: [1, nan, \"t\"]", ""), ("texts", "texts: [\"d\", 1, \"t\"]", ""),
    ("texts", "texts: [\"2024-01-05\", 1, \"t\"]", ""), ("texts", "texts: \"t\"", ""),
    ("error", "error: {c: 0.5, e: 2}", "y: \"v\""), ("error", "error: {c: 0.5, z: 2}", "y: \"v\""),
    ("horizontal", "horizontal: true", ""), ("horizontal", "horizontal: true", "y: [\"v\", \"w\"]"),
    ("share", "share: \"y\"", ""), ("share", "share: \"z\"", ""), ("bins", "bins: 2", ""),
    ("numbers", "numbers: false", ""),
    ("vlines", "vlines: 1", ""), ("vlines", "vlines: nan", ""),
    ("vlines", "vlines: \"2024-01-05\"", ""), ("hlines", "hlines: 2", ""), ("hlines", "hlines: nan", ""),
    ("hlines", "hlines: [1, inf]", ""), ("hlines", "hlines: -1", "log: \"y\""),
    ("legend", "legend: \"none\"", "x: \"k\", y: \"v\", by: \"g\""),
    ("legend", "legend: \"bottom\"", "x: \"k\", y: \"v\", by: \"g\""),
    ("legend", "legend: \"inside\"", "x: \"k\", y: \"v\", by: \"g\""), ("grid", "grid: \"dashed\"", ""),
    ("grid", "grid: \"none\"", ""), ("theme", "theme: \"dark\"", ""), ("size", "size: [3, 2]", ""),
  ]

  /// Bars stand at places of their own.
  private static func table(for kind: String) -> String {
    kind == "bars"
      ? """
      t = table({n: [1, 2, 3, 4], v: [1, 2, 4, 3], w: [2, 1, 3, 1], k: ["c", "d", "e", "f"], g: ["a", "b", "a", "b"]})
      """
      : """
      t = table({n: [1, 1, 2, 3], v: [1, 2, 4, 3], w: [2, 1, 3, 1], g: ["a", "b", "a", "b"], k: ["c", "c", "d", "d"]})
      """
  }

  /// The page as SVG, or the first line of the error.
  private func drawn(_ call: String, _ kind: String = "") throws -> String {
    let path = TestSession.folder + "/plot-option.svg"
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    let output = TestSession().run("\(Self.table(for: kind))\nsave \(call), \"\(path)\"")
    guard output.isEmpty else { return output }
    return String(decoding: try readFile(path), as: UTF8.self)
  }

  @Test(arguments: kinds) func anOptionActsOrIsRefused(kind: String) throws {
    var accepted = 0
    for (name, given, base) in Self.options where !(name == "kind" && kind == "line") {
      let kindGiven = name == "kind" ? "" : ", kind: \"\(kind)\""
      var base = base
      // Of a field of a whole table nothing but its kind is said.
      if kind == "heatmap",
        [
          "band", "names", "error", "legend", "log", "hlines", "colors", "dash", "width", "marker", "stacked",
          "horizontal",
        ].contains(
          name)
      {
        base = ""
      }
      if ["histogram", "box", "heatmap"].contains(kind), name.hasPrefix("right") { base = "" }
      if kind == "histogram" { base = base.replacing(#/x: "\w"(, )?/#, with: "") }
      // Bars without a band are refused where several rows have one place.
      if kind == "bars", name == "band" { base = "x: \"g\", y: \"v\"" }
      let before = "plot(t\(kindGiven)\(base.isEmpty ? "" : ", " + base)"
      let with = try drawn("\(before), \(given))", kind)
      if !with.hasPrefix("<svg") {
        #expect(with.contains(name), "\(kind): \(given): \(with)")
        continue
      }
      accepted += 1
      let without = try drawn(name == "kind" ? "plot(t, kind: \"\(kind)\")" : "\(before))", kind)
      #expect(with != without, "\(kind): \(given) has no effect")
    }
    #expect(accepted >= 10)
  }

  /// Lists have no columns, and the same holds for them.
  @Test(arguments: kinds) func anOptionOfListsActsOrIsRefused(kind: String) throws {
    let data = kind == "heatmap" ? "[[1, 2], [3, 4], [5, 9]]" : "[[1, 2, 4], [2, 3, 7]]"
    for (name, given, _) in Self.options where name != "kind" && name != "y" {
      var given = given
      if name == "x" { given = "x: \(kind == "heatmap" ? "[5, 7]" : "[5, 7, 9]")" }
      if name == "error" { given = "error: 0.5" }
      if name == "band", kind != "heatmap", kind != "histogram" { given = "x: [1, 1, 2], band: \"sd\"" }
      // Series without names have no legend anyway.
      if given == "legend: \"none\"" { continue }
      let with = try drawn("plot(\(data), kind: \"\(kind)\", \(given))")
      guard with.hasPrefix("<svg") else {
        #expect(with.contains(name), "\(kind): \(given): \(with)")
        continue
      }
      let without = try drawn("plot(\(data), kind: \"\(kind)\")")
      #expect(with != without, "\(kind): \(given) has no effect")
    }
  }

  /// Errors and widths of each series, of which there are as many or, as of colors, fewer of widths.
  @Test(
    arguments: [
      ("error: [1, 2]", nil), ("error: [[1, 2, 1], [0, 1, 0]]", nil), ("error: [nil, [0, 1, 0]]", nil),
      ("error: [0.5, [0, 1, 0]]", nil), ("error: [[0.5, 1], 2]", "error is a column, a number or a list of 3 numbers"),
      ("error: [[1, 2, 3]]", "`error` has 1 value for 2 series"),
      ("error: [[1, 2, 3], 1, 2]", "`error` has 3 values for 2 series"),
      ("error: [[1, 2, 3], \"x\"]", "found the string \"x\""), ("width: [1, 4]", nil), ("width: [3]", nil),
      ("width: [1, 2, 3]", "`width` has 3 values for 2 series"), ("width: [1, 0]", "width must be above 0"),
      ("colors: [\"red\"]", nil), ("colors: [\"red\", \"blue\", \"pink\"]", "`colors` has 3 values for 2 series"),
      ("dash: [\"dashed\", \"solid\", \"dotted\"]", "`dash` has 3 values for 2 series"),
    ] as [(String, String?)])
  func anOptionOfEachSeries(given: String, error: String?) throws {
    // Two numbers for two series of three points are those of the series.
    let found = try drawn("plot([[1, 2, 4], [2, 3, 7]], \(given))")
    #expect(found.hasPrefix("<svg") == (error == nil), "\(found.prefix(200))")
    if let error { #expect(found.contains(error), "\(found)") }
  }

  /// Errors of a map of lists: for all, in the order of the series, or by their names.
  @Test(
    arguments: [
      ("0.5", nil), ("[1, 2]", nil), ("[[1, 2, 1], 0.5]", nil), ("{a: 0.5}", nil), ("{a: [1, 2, 1], b: 2}", nil),
      ("{c: 1}", "`error` has one for \"c\", and no series is called so"),
      ("{a: [1, 2]}", "a list of 3 numbers"), ("[1, 2, 3, 4]", "a list of 3 numbers"),
    ] as [(String, String?)])
  func errorsOfAMap(given: String, error: String?) throws {
    let plain = try drawn("plot({a: [1, 2, 4], b: [2, 3, 7]})")
    let found = try drawn("plot({a: [1, 2, 4], b: [2, 3, 7]}, error: \(given))")
    #expect(found.hasPrefix("<svg") == (error == nil) && found != plain, "\(found.prefix(200))")
    if let error { #expect(found.contains(error), "\(found)") }
  }

  /// Error bars by the name of a bar, or of a series of bars, and nothing for names that neither has.
  @Test(
    arguments: [
      ("{a: 0.5, b: 1}", 2, nil), ("{b: 1}", 1, nil),
      ("{a: [1], b: 1}", 0, "error of a name along the axis is a number"),
      ("{c: 1}", 0, "`error` has one for \"c\", and no series is called so, and no place along the axis"),
      ("0.5", 2, nil),
    ] as [(String, Int, String?)])
  func errorsByTheNameOfABar(given: String, bars: Int, error: String?) throws {
    let found = try drawn("plot({a: 3, b: 5}, ylim: [0, 8], error: \(given))")
    if let error { return #expect(found.contains(error), "\(found)") }
    let plain = try drawn("plot({a: 3, b: 5}, ylim: [0, 8])")
    // A line and two ends for each.
    #expect(
      found.components(separatedBy: "<polyline").count - plain.components(separatedBy: "<polyline").count == 3 * bars)
  }

  /// What is stacked ends where all before it and itself add up to, upwards and downwards.
  @Test(arguments: ["bars", "area"]) func stacksAddUp(kind: String) throws {
    let stacked = try drawn("plot([[1, 2, 3], [2, 2, 1], [1, 0, 4]], kind: \"\(kind)\", stacked: true, ylim: [0, 8])")
    let summed = try drawn("plot([[4, 4, 8], [3, 4, 4], [1, 2, 3]], kind: \"area\", ylim: [0, 8])")
    func heights(_ svg: String) -> Set<Substring> {
      Set(
        svg.matches(of: #/<poly[a-z]+ points="([^"]*)"/#).flatMap { $0.1.split(separator: " ") }.compactMap {
          $0.split(separator: ",").last
        })
    }
    if kind == "area" { #expect(heights(summed).isSubset(of: heights(stacked))) }
    let page = try PlotPage(
      "plot({a: [1, nil, 3], b: [2, 2, -1], c: [1, 1, -4]}, x: [\"p\", \"q\", \"r\"], kind: \"bars\", stacked: true)")
    #expect(
      page.terminal.contains("p │")
        && page.terminal.split(separator: "\n").prefix(3).map { $0.split(separator: " ").last } == ["4", "3", "-2"])
    #expect(
      try drawn("plot([[1, 2, 3], [2, 2]], kind: \"area\", stacked: true)").contains(
        "stacked areas need numbers at the same places"))
    #expect(
      try drawn("plot([[1, 2], [2, 2]], kind: \"\(kind)\", stacked: true, log: \"y\")").contains(
        "what is stacked begins at 0"))
  }

  /// Few numbers along a horizontal axis have ticks of their own where these have room and the usual ones miss them.
  @Test(
    arguments: [
      ("x: [0.01, 0.1]", ["0.01", "0.1"]), ("x: [0, 5, 10]", ["0", "5", "10"]),
      ("x: [1, 2, 64]", ["0", "20", "40", "60"]),
      ("x: [0.003, 0.3]", ["0.003", "0.3"]), ("x: [0.003, 0.3], log: \"x\"", ["0.003", "0.3"]),
      ("x: [0.1234567, 0.7654321]", ["0.1235", "0.7654"]), ("x: [0.01, 0.1], kind: \"scatter\"", ["0.01", "0.1"]),
      ("x: [0.01, 0.1], xlim: [0, 1]", ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ] as [(String, [String])])
  func ticksStandAtFewNumbers(given: String, ticks: [String]) throws {
    let count = given.contains("64") || given.contains("10]") ? 3 : 2
    let page = try PlotPage("plot(\(Array([3, 1, 2].prefix(count))), \(given), size: [4.8, 3.5])")
    let bottom = page.labels.filter { $0.anchor == "middle" }.map(\.text)
    #expect(Set(ticks).isSubset(of: bottom), "\(given): \(bottom)")
  }

  /// A box without a name stands above an axis that says nothing.
  @Test func oneBoxHasNoTicks() throws {
    let page = try PlotPage("plot([1, 2, 3, 9], kind: \"box\")")
    #expect(page.labels.allSatisfy { $0.anchor != "middle" })
    #expect(!page.terminal.contains("-0") && page.terminal.split(separator: "\n").count == 3)
  }

  /// Texts stand beside their places, on the page, in files and in terminals.
  @Test(arguments: ["line", "scatter", "bars", "area", "histogram", "box"]) func textsStandAtTheirPlaces(kind: String)
    throws
  {
    let page = try PlotPage("plot([1, 2, 4], kind: \"\(kind)\", texts: [[0, 1, \"left one\"], [2, 2, \"right one\"]])")
    #expect(page.texts.contains("left one") && page.texts.contains("right one"))
    #expect(page.terminal.contains("left one") && page.terminal.contains("right one"), "\(page.terminal)")
    for label in page.labels where label.text.hasSuffix(" one") {
      #expect(label.x > 0 && label.x < page.size.width && label.y > 0 && label.y < page.size.height)
    }
  }

  /// The legend inside stands where nothing is drawn: points fill all of the panel but each of nine places in turn.
  @Test(arguments: 0..<9, ["scatter", "line", "bars"]) func theLegendInsideHidesLeast(place: Int, kind: String) throws {
    let (column, row) = (place % 3, place / 3)
    // Bars from 0 leave room above them alone, lines above and below.
    if kind == "bars", row > 0 { return }
    if kind == "line", row == 1 { return }
    let free = kind == "bars" ? "9" : kind == "line" ? (row == 0 ? "9" : "0") : ""
    let data =
      switch kind {
      case "scatter":
        "[p for p in [[i % 30, i // 30] for i in range(900)] if not (p[0] // 10 == \(column) and 2 - p[1] // 10 == \(row))]"
      case "line": "[[i, (i % 2) * 9 if i // 100 != \(column) else 9 - \(free)] for i in range(300)]"
      default: "[[i, 9 if i // 10 != \(column) else 1] for i in range(30)]"
      }
    let script = """
      points = \(data)
      save plot([p[1] for p in points], x: [p[0] for p in points], kind: "\(kind)", names: "n", legend: "inside", size: [6, 5]), "\(TestSession.folder)/legend.svg"
      """
    #expect(TestSession().run(script) == "")
    let svg = String(decoding: try readFile(TestSession.folder + "/legend.svg"), as: UTF8.self)
    let box = try #require(svg.firstMatch(of: #/<polygon points="([\d.]+),([\d.]+)[^>]*fill-opacity="0.85"/#))
    let (x, y) = (try #require(Double(box.1)), try #require(Double(box.2)))
    #expect(Int(x / 432 * 3) == column && Int(y / 360 * 3) == row, "\(x), \(y)")
  }

  /// What is no plot of numbers takes what is about its page, and a plot that is made what is about its axes.
  @Test(arguments: ["load_palette()", "sprites(count: 1, size: 8, seed: 1)[0]", "plot([1, 2, 4], names: \"n\")"])
  func anOptionOfWhatDrawsItselfActsOrIsRefused(data: String) throws {
    for (name, given, _) in Self.options {
      let with = try drawn("plot(\(data), \(given))")
      guard with.hasPrefix("<svg") else {
        #expect(with.contains(name), "\(data): \(given): \(with)")
        continue
      }
      #expect(try drawn("plot(\(data))") != with || given == "legend: \"none\"", "\(data): \(given) has no effect")
    }
  }

  /// Every option stands in the test but those that are about files and several panels.
  @Test func allOptionsAreTried() throws {
    let help = TestSession().run("help plot")
    let named = help.matches(of: /\n  ([a-z]+) +[a-z]/).map { String($0.1) }
    #expect(named.count > 25)
    #expect(Set(named).subtracting(Self.options.map(\.name)) == ["data", "columns", "dpi", "print", "save"])
  }
}
