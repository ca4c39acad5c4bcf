import Foundation
import PixelScript
import Testing
import Workbench

/// Where what a plot shows stands, and along which axis.
@Suite struct PlotArrangementTests {
  /// What has a place to itself has all of its room, and stands above its tick.
  @Test(arguments: ["bars", "box"]) func whatStandsAloneHasItsRoom(kind: String) throws {
    let table = "t = table({m: [\"p\", \"q\", \"r\"], v: [1, 2, 3]})"
    func shapes(_ options: String) throws -> Set<String> {
      let page = try PlotPage("\(table)\nplot(t, kind: \"\(kind)\", x: \"m\", y: \"v\"\(options), legend: \"none\")")
      return Set(page.svg.matches(of: /<poly[a-z]+ points="([^"]*)"/).map { String($0.1) })
    }
    #expect(try shapes("") == shapes(", by: \"m\""))
    // Two at one place stand beside each other.
    let both = "t = table({m: [\"p\", \"q\", \"q\"], g: [\"a\", \"a\", \"b\"], v: [1, 2, 3]})"
    let page = try PlotPage("\(both)\nplot(t, kind: \"\(kind)\", x: \"m\", y: \"v\", by: \"g\", legend: \"none\")")
    let edges = page.svg.matches(of: /<polygon points="([0-9.]+),[0-9.]+ ([0-9.]+),/).map { Double($0.1) ?? 0 }
    #expect(Set(edges).count == 3, "\(edges)")
  }

  /// Areas on each other cover what they add up to, and nothing between them is left free, wherever numbers are missing.
  @Test(arguments: [
    "[nil, 1, 2, 3], [1, 2, 2, nil]", "[1, nil, 2, 3], [1, 2, 2, 1]", "[nil, nil, 2, 3], [1, 2, nil, nil]",
    "[1, 2, 3, nan], [inf, 2, 2, 2]", "[nil, nil, nil, nil], [1, 2, 2, 1]",
  ]) func areasWithGapsLieOnEachOther(lists: String) throws {
    let heights = lists.matches(of: /\[([^\]]*)\]/).map { $0.1.split(separator: ", ").map { Double($0) ?? .nan } }
    let page = try PlotPage(
      "plot([\(lists)], kind: \"area\", stacked: true, ylim: [0, 6], xlim: [0, 3], legend: \"none\")")
    let areas = page.svg.matches(of: /<polygon points="([^"]*)"[^>]*fill-opacity/).map { found in
      found.1.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
    }
    // The area of a polygon in units of the axes, as that of all steps between two numbers.
    let frame = areas.flatMap { $0 }
    let size = { (points: [[Double]]) in
      abs(zip(points, points.dropFirst() + [points[0]]).reduce(0) { $0 + $1.0[0] * $1.1[1] - $1.1[0] * $1.0[1] }) / 2
    }
    let sum = heights.reduce(0) { total, list in
      total + zip(list, list.dropFirst()).reduce(0) { $0 + ($1.0.isFinite && $1.1.isFinite ? ($1.0 + $1.1) / 2 : 0) }
    }
    let whole = try PlotPage(
      "plot([[6, 6, 6, 6], [0, 0, 0, 0]], kind: \"area\", stacked: true, ylim: [0, 6], xlim: [0, 3], legend: \"none\")")
    let unit =
      whole.svg.matches(of: /<polygon points="([^"]*)"[^>]*fill-opacity/).map { found in
        size(found.1.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } })
      }.max() ?? 0
    #expect(!frame.isEmpty && unit > 0)
    let found = areas.map(size).reduce(0, +) / unit * 18
    #expect(abs(found - sum) < 0.02, "\(lists): \(found) instead of \(sum)")
  }

  /// The keys of a table are names along its heatmap, and no cells of it.
  @Test(arguments: [
    ("pivot(t, \"lr\", \"width\", \"loss\")", 2, 2), ("pivot(t, \"kind\", \"width\", \"loss\")", 2, 2),
    ("pivot(t, [\"lr\", \"kind\"], \"width\", \"loss\")", 4, 2),
    ("group(t, \"lr\", mean: [\"loss\", \"width\"])", 2, 2),
    ("sort(pivot(t, \"lr\", \"width\", \"loss\"), \"lr\", descending: true)", 2, 2),
    ("select(pivot(t, \"lr\", \"width\", \"loss\"), \"8\", \"16\")", 2, 2), ("t[[\"width\", \"loss\"]]", 4, 2),
  ]) func keysAreNames(table: String, rows: Int, columns: Int) throws {
    let start = """
      t = table({lr: [0.1, 0.1, 0.01, 0.01], width: [8, 16, 8, 16], kind: ["p", "q", "q", "p"], loss: [1, 2, 3, 4]})

      """
    #expect(
      TestSession().run("\(start)print plot(\(table), kind: \"heatmap\")") == "plot of \(rows)x\(columns) cells\n")
    guard table.contains("pivot(t, \"lr\""), !table.hasPrefix("select") else { return }
    let page = try PlotPage("\(start)plot(\(table), kind: \"heatmap\")")
    for text in ["0.1", "0.01", "lr", "width"] { #expect(page.texts.contains(text), "\(page.texts)") }
  }

  /// What is said of an axis that panels share holds for all of them, or is refused.
  @Test(
    arguments: [
      ("plot([1, 2], ylim: [0, 50])", "plot([10, 30])", "y", nil),
      ("plot([1, 2])", "plot([10, 30], ylim: [nil, 9])", "y", nil),
      ("plot([1, 2], xlim: [0, 7])", "plot([10, 30, 5])", "x", nil),
      ("plot([1, 2], ylim: [0, 5])", "plot([10, 30], ylim: [0, 9])", "y", "ends at 5 in one panel and at 9 in another"),
      ("plot([1, 2], log: \"y\")", "plot([10, 30])", "y", "logarithmic in some panels alone"),
      ("plot([1, 2], log: \"y\")", "plot([10, 30], log: \"y\")", "y", nil),
      ("plot([1, 2], log: \"y\")", "plot([10, 30])", "x", nil),
    ] as [(String, String, String, String?)])
  func sharedAxesAreTheSame(one: String, other: String, share: String, error: String?) throws {
    let script = "plot([\(one), \(other)], share: \"\(share)\")"
    if let error {
      let output = TestSession().run(script)
      #expect(output.contains(error), "\(output)")
      return
    }
    let labels = try PlotPage(script).labels.filter { $0.anchor == (share == "y" ? "end" : "middle") }
    // Panels stand side by side, or their labels below each other.
    let places = labels.map { share == "y" ? $0.x : $0.y }
    let groups = Dictionary(grouping: zip(labels, places), by: { $0.1 }).values.map { $0.map { $0.0.text } }
    #expect(groups.filter { $0.count > 1 }.count == 2 || Set(places).count == 1, "\(groups)")
    #expect(Set(groups.filter { $0.count > 1 }.map { Set($0) }).count == 1, "\(groups)")
  }

  /// Bars that end where it was said have an axis in a terminal, and what is missing has no number.
  @Test func barsWithLimitsHaveAnAxis() throws {
    let plain = try PlotPage("plot({a: 3, b: 5, c: nil}, horizontal: true)", width: 40).terminal
    let limited = try PlotPage("plot({a: 3, b: 5, c: nil}, horizontal: true, xlim: [2, 4])", width: 40).terminal
    #expect(!plain.contains("┬") && limited.contains("┬"), "\(limited)")
    #expect(!plain.contains("nan"), "\(plain)")
    let nan = try PlotPage("plot({a: 3, c: nan}, horizontal: true)", width: 40).terminal
    #expect(nan.contains("nan"), "\(nan)")
  }

  /// The axis at the right has its own numbers and label, and the legend says whose it is.
  @Test(arguments: [
    "table({epoch: [0, 1, 2], loss: [3, 2, 1], accuracy: [10, 500, 900]}), y: \"loss\", right: \"accuracy\"",
    "table({epoch: [0, 1, 2], loss: [3, 2, 1], accuracy: [10, 500, 900]}), right: \"accuracy\"",
    "{loss: [3, 2, 1], accuracy: [10, 500, 900]}, right: [\"accuracy\"]",
    "{loss: [3, 2, 1, 1], accuracy: [10, 500, 900]}, right: \"accuracy\"",
    "[[3, 2, 1], [10, 500, 900]], names: [\"loss\", \"accuracy\"], right: \"accuracy\"",
  ]) func anAxisAtTheRight(given: String) throws {
    let page = try PlotPage("plot(\(given))", width: 60)
    let left = page.labels.filter { $0.anchor == "end" }.compactMap { Double($0.text) }
    let right = page.labels.filter { $0.anchor == "start" }.compactMap { Double($0.text) }
    #expect(left.max() ?? 99 <= 3 && right.max() ?? 0 >= 500, "\(left) \(right)")
    for text in ["loss", "accuracy", "accuracy (right)"] {
      #expect(page.texts.contains(text), "\(text): \(page.texts)")
    }
    #expect(page.terminal.contains("├") && page.terminal.contains("accuracy (right)"), "\(page.terminal)")
    let own = try PlotPage("plot(\(given), rightlim: [0, 2000], rightlabel: \"percent\")")
    #expect(own.texts.contains("2000") && own.texts.contains("percent"), "\(own.texts)")
    let bent = try PlotPage("plot(\(given), rightlog: true)")
    #expect(bent.texts.contains("100"), "\(bent.texts)")
  }

  /// What cannot have one is refused.
  @Test(arguments: [
    ("{a: [1, 2], b: [3, 4]}, right: \"c\"", "has no column \"c\""),
    ("[[1, 2], [3, 4]], names: [\"a\", \"b\"], right: \"c\"", "there is no series \"c\""),
    ("{a: [1, 2], b: [3, 4]}, right: [\"a\", \"b\"]", "names all that is drawn"),
    ("{a: [1, 2], b: [3, 4]}, right: \"b\", kind: \"bars\", stacked: true", "what is stacked has one axis"),
    (
      "{a: [1, 2], b: [3, 4]}, right: \"b\", kind: \"bars\", horizontal: true",
      "what lies from left to right has one axis"
    ),
    ("[1, 2], rightlim: [0, 1]", "is about the axis of what `right` names"),
    ("{a: [1, 2], b: [3, 4]}, right: \"b\", kind: \"box\"", "`right` is about lines, points, bars, areas"),
  ]) func noAxisAtTheRight(given: String, error: String) {
    let output = TestSession().run("plot(\(given))")
    #expect(output.contains(error), "\(output)")
  }
}
