import Foundation
import PixelScript
import Testing
import Workbench

/// Where things stand on a page, and what tells them apart.
@Suite(.serialized) struct PlotLayoutTests {
  /// Bars of numbers stand side by side with the texts of these below them, whatever lies between the numbers.
  @Test(arguments: [
    [0.0001, 0.001, 0.01, 0.1], [16, 32, 64, 128, 256], [0.01, 0.1], [1, 2, 3], [64], [-3, 0.5, 7],
    [1e-7, 1e-6, 1e3], [2020, 2021, 2025],
  ]) func barsOfNumbersAreCategories(x: [Double]) throws {
    let names = x.map { Value.number($0).description }
    let rows = "{lr: [\(names.reversed().joined(separator: ", "))], v: [i + 1 for i in range(\(x.count))]}"
    for data in [
      "plot(table(\(rows)), kind: \"bars\", x: \"lr\", y: \"v\")", "plot(\(rows).lr, \(rows).v, kind: \"bars\")",
    ] {
      let page = try PlotPage(data)
      #expect(page.labels.filter { names.contains($0.text) && $0.anchor == "middle" }.map(\.text) == names, "\(data)")
      let edges = page.svg.matches(of: /<polygon points="([0-9.]+),[0-9.]+ ([0-9.]+),/).map {
        ((Double($0.1) ?? 0), (Double($0.2) ?? 0))
      }
      #expect(edges.count == x.count && edges.allSatisfy { abs($0.1 - $0.0 - (edges[0].1 - edges[0].0)) < 0.1 })
      for label in page.labels where names.contains(label.text) && label.anchor == "middle" {
        #expect(edges.contains { abs(($0.0 + $0.1) / 2 - label.x) < 0.1 }, "\(label)")
      }
      for name in names { #expect(page.terminal.contains(name), "\(page.terminal)") }
    }
  }

  /// Limits and lines are numbers of the axis, of which bars stand at the places.
  @Test func limitsOfBarsAreTheirNumbers() throws {
    let bars = "plot([10, 100, 1000], [1, 2, 3], kind: \"bars\""
    let (all, some) = (try PlotPage("\(bars), vlines: 100)"), try PlotPage("\(bars), xlim: [55, 550])"))
    let bar = try #require(all.labels.first { $0.text == "100" })
    #expect(all.svg.contains("<polyline points=\"\(bar.x.formatted()),"), "\(all.svg)")
    #expect(some.labels.map(\.text).contains("100") && !some.labels.map(\.text).contains("10"))
  }

  /// Groups of bars at whole numbers have ticks at these alone.
  @Test func groupsOfBarsHaveTicksAtTheirMiddles() throws {
    for plot in ["[[1, 2, 3], [3, 1, 2]], kind: \"bars\"", "[[1, 2, 3], [3, 1, 2]], kind: \"bars\", x: [1, 2, 3]"] {
      let ticks = try PlotPage("plot(\(plot))").labels.filter { $0.anchor == "middle" && $0.y > 230 }.map(\.text)
      #expect(ticks == (plot.contains("x:") ? ["1", "2", "3"] : ["0", "1", "2"]))
    }
  }

  /// Boxes and bars of one column stand in one order.
  @Test func boxesStandFromLowToHigh() throws {
    let page = try PlotPage(
      "plot(table({k: [64, 64, 8, 8, 16], v: [1, 2, 3, 4, 5]}), kind: \"box\", x: \"k\", y: \"v\")")
    #expect(page.labels.filter { $0.y > 220 && $0.text != "k" }.map(\.text) == ["8", "16", "64"])
  }

  /// Lines and points are drawn above what is filled, in whatever order they are given.
  @Test(arguments: ["bars", "area", "histogram"], ["line", "scatter"]) func linesLieAboveWhatIsFilled(
    filled: String, line: String
  ) throws {
    for kinds in [[filled, line], [line, filled]] {
      let page = try PlotPage(
        "plot({a: [1, 3, 2], b: [2, 2, 1]}, kind: [\"\(kinds[0])\", \"\(kinds[1])\"], legend: \"none\")")
      let panel = try #require(page.svg.components(separatedBy: "<g clip-path").last)
      let color = kinds[0] == line ? "#0072b2" : "#d55e00"
      let last = try #require(panel.range(of: line == "line" ? "<polygon" : "<polygon", options: .backwards))
      #expect(panel[last.upperBound...].contains(color), "\(kinds): \(panel)")
    }
  }

  /// Bars of several series stand beside each other where each series has some of the places.
  @Test(arguments: [
    "x: [1, 2, 3, 4], g: [\"p\", \"q\", \"p\", \"q\"]", "x: [1, 8, 4, 2], g: [\"p\", \"p\", \"q\", \"q\"]",
    "x: [\"a\", \"b\", \"c\", \"d\"], g: [\"p\", \"q\", \"p\", \"q\"]",
  ]) func barsOfSeriesStandApart(columns: String) throws {
    let page = try PlotPage(
      "plot(table({\(columns), y: [1, 2, 3, 4]}), x: \"x\", y: \"y\", by: \"g\", kind: \"bars\", legend: \"none\")")
    let edges = page.svg.matches(of: /<polygon points="([0-9.]+),[0-9.]+ ([0-9.]+),/).map {
      ((Double($0.1) ?? 0), (Double($0.2) ?? 0))
    }.sorted { $0.0 < $1.0 }
    #expect(edges.count == 4 && zip(edges, edges.dropFirst()).allSatisfy { $0.1 <= $1.0 }, "\(edges)")
  }

  /// A line over bars goes from low to high, as these stand, and `hlines` lie between them.
  @Test func aLineOverBarsStandsInTheirOrder() throws {
    let page = try PlotPage(
      "plot(table({x: [4, 1, 3, 2], b: [1, 2, 3, 4], l: [4, 1, 3, 2]}), x: \"x\", kind: [\"bars\", \"line\"], legend: \"none\", hlines: 1.5)"
    )
    let panel = try #require(page.svg.components(separatedBy: "<g clip-path").last)
    let line = try #require(panel.firstMatch(of: /<polyline points="([-0-9., ]+)"[^>]*stroke="#d55e00"/))
    let places = line.1.split(separator: " ").compactMap { $0.split(separator: ",").first.flatMap { Double($0) } }
    #expect(places.count == 4 && places == places.sorted(), "\(places)")
    let bar = try #require(panel.range(of: "<polygon", options: .backwards))
    let rule = try #require(panel.range(of: "stroke-dasharray=\"3 2\""))
    #expect(bar.upperBound < rule.lowerBound && rule.upperBound < line.range.upperBound, "\(panel)")
  }

  /// Two rows of each place in order are noted too, and steps are not.
  @Test(arguments: [
    ("[0, 0, 1, 1, 2, 2]", "[1, 5, 2, 6, 3, 7]", true), ("[0, 1, 1, 2, 2, 3]", "[1, 1, 2, 2, 3, 3]", false),
    ("[0, 1, 1, 2]", "[1, 2, 5, 6]", false), ("[0, 0, 1, 1]", "[1, 1, 2, 2]", false),
  ]) func linesAmongSeveralRowsAreNoted(x: String, y: String, isNoted: Bool) throws {
    let page = try PlotPage("plot(table({x: \(x), y: \(y)}), x: \"x\", y: \"y\")")
    #expect(page.notes.contains { $0.contains("goes up and down") } == isNoted, "\(page.notes)")
  }

  /// The colors of the rest are not those that were given to names.
  @Test(arguments: ["blue", "red", "green", "d55e00"]) func colorsByNameAreNotGivenTwice(color: String) throws {
    let page = try PlotPage("plot({a: [1, 2], b: [2, 1], c: [1, 1]}, colors: {b: \"\(color)\"})")
    let colors = page.svg.matches(of: /<polyline [^>]*stroke="(#[0-9a-f]+)" stroke-width="1.4"/).map { String($0.1) }
    #expect(colors.count == 3 && Set(colors).count == 3, "\(colors)")
  }

  /// Names of panels that share a legend have a color each, the same in all of them.
  @Test func panelsWithOneLegendHaveAColorForEachName() throws {
    let plots = [
      "plot({train: [3, 2, 1], test: [3, 2.5, 2]})", "plot({accuracy: [0.1, 0.5], f1: [0.2, 0.4]})",
      "plot({test: [1, 2], other: [2, 1], train: [3, 3]})", "plot({alone: [1, 2]}, colors: \"blue\")",
    ]
    for script in ["plot([\(plots.joined(separator: ", "))])", "plot(plot([\(plots.joined(separator: ", "))]))"] {
      for legend in ["right", "bottom"] {
        let page = try PlotPage(script.dropLast() + ", legend: \"\(legend)\")", color: .trueColor)
        let swatches = page.svg.matches(
          of:
            /<polyline points="[0-9., ]+" fill="none" stroke="(#[0-9a-f]+)" stroke-width="1.6"[^>]*>\n<text [^>]*>([^<]+)</
        ).map { (String($0.2), String($0.1)) }
        #expect(swatches.map(\.0) == ["train", "test", "accuracy", "f1", "other", "alone"])
        #expect(Set(swatches.dropLast().map(\.1)).count == 5, "\(swatches)")
        #expect(page.count("stroke=\"\(swatches[1].1)\" stroke-width=\"1.4\"") == 2)
      }
    }
    let plain = try PlotPage("plot([\(plots.joined(separator: ", "))])").terminal
    #expect(plain.contains("* train   + test   o accuracy   x f1   # other   @ alone"), "\(plain)")
  }

  /// Every panel and every scale of colors has two numbers at least.
  @Test(arguments: [[2, 10], [1, 40], [3, 3], [10, 2], [40, 1]]) func anAxisHasTwoTicks(shape: [Int]) throws {
    for seed in 1...20 {
      let field = "seed \(seed)\nplot(randn(\(shape[0]), \(shape[1])), kind: \"heatmap\", numbers: false)"
      let page = try PlotPage(field)
      #expect(page.count("font-size=\"7\"") >= 2, "\(shape) \(seed): \(page.texts)")
      let panels = try PlotPage("seed \(seed)\nplot([plot(randn(9)), plot(rand(9)), plot(rand(5) * 100)], columns: 3)")
      for left in [0, 1, 2] {
        let room = panels.size.width / 3
        let ticks = panels.labels.filter {
          $0.anchor == "end" && $0.x > Double(left) * room && $0.x < Double(left + 1) * room
        }
        #expect(ticks.count >= 2, "\(seed): \(panels.texts)")
      }
    }
  }

  /// Fields of numbers fill their panel where squares would leave most of it empty; pictures keep their squares.
  @Test(arguments: [[2, 10], [10, 2], [1, 5], [1, 40], [3, 12], [5, 8], [6, 6]]) func fieldsFillTheirPanel(shape: [Int])
    throws
  {
    let page = try PlotPage("plot(ones(\(shape[0]), \(shape[1])), kind: \"heatmap\", legend: \"none\", numbers: false)")
    var (area, bounds) = (0.0, page.size)
    for cell in page.svg.matches(of: #/<polygon points="([0-9.]+),([0-9.]+) ([0-9.]+),[0-9.]+ [0-9.]+,([0-9.]+) /#) {
      area += ((Double(cell.3) ?? 0) - (Double(cell.1) ?? 0)) * ((Double(cell.4) ?? 0) - (Double(cell.2) ?? 0))
    }
    bounds = (bounds.width - 32, bounds.height - 32)
    #expect(area > 0.45 * bounds.width * bounds.height, "\(shape)")
    let picture = try PlotPage("plot(sprites(count: 1, size: 8, seed: 1)[0])")
    let corners = try #require(
      picture.svg.firstMatch(of: #/<polygon points="([0-9.]+),([0-9.]+) ([0-9.]+),[0-9.]+ [0-9.]+,([0-9.]+) /#))
    let (width, height) = (
      (Double(corners.3) ?? 0) - (Double(corners.1) ?? 0), (Double(corners.4) ?? 0) - (Double(corners.2) ?? 0)
    )
    #expect(abs(width - height) < 1.7)
  }

  /// A field of numbers without names has the places of its rows and columns beside it, at round numbers where they are many.
  @Test(arguments: [3, 12, 40, 150, 900]) func fieldsWithoutNamesHavePlaces(count: Int) throws {
    let page = try PlotPage("plot(ones(\(count), \(count)), kind: \"heatmap\", numbers: false)")
    for anchor in ["end", "middle"] {
      let places = page.labels.filter { $0.anchor == anchor && $0.text != "1" || $0.anchor == anchor && count < 5 }
        .compactMap { Int($0.text) }
      #expect(places.first == 0 && places.count >= 3 && (places.last ?? 0) < count, "\(places)")
      let step = places[1] - places[0]
      #expect([1, 2, 5].contains { base in [1, 10, 100].contains { base * $0 == step } }, "\(places)")
    }
    #expect(page.terminal.contains(#/(?m)^ *0 /#), "\(page.terminal)")
    let picture = try PlotPage("plot(sprites(count: 1, size: 8, seed: 1)[0])")
    #expect(picture.labels.allSatisfy { Int($0.text) == nil })
  }

  /// Of several histograms above each other all outlines are seen, and the legend shows what is drawn.
  @Test func histogramsInLayersHaveOutlines() throws {
    let data = "{a: [1, 2, 2, 3, 9], b: [2, 3, 3, 4, 8], c: [1, 3, 4, 4, 7]}"
    let page = try PlotPage("plot(\(data), kind: \"histogram\")")
    for color in ["#0072b2", "#d55e00", "#009e73"] {
      #expect(page.count("fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.2\"") == 1)
      #expect(page.count("fill=\"\(color)\" fill-opacity=\"0.25\"") == 2)
    }
    let one = try PlotPage("plot([1, 2, 2, 3], kind: \"histogram\", names: \"a\", legend: \"bottom\")")
    #expect(one.count("fill=\"#0072b2\" fill-opacity=\"0.75\"") == 4)
  }

  /// What is longer than the page ends in an ellipsis on the page.
  @Test(arguments: ["xlabel", "ylabel", "title"], ["[1, 2]", "[[1, 2], [3, 4]], kind: \"heatmap\""])
  func longTextsStayOnThePage(option: String, data: String) throws {
    for size in ["", ", size: [2, 2]"] {
      for text in ["loss", String(repeating: "a label that goes on and on ", count: 20)] {
        let page = try PlotPage("plot(\(data), \(option): \"\(text)\"\(size))")
        let label = try #require(page.labels.first { $0.text.hasPrefix(text.prefix(4)) })
        #expect(label.text == text || label.text.hasSuffix("…") && label.text.count > 10, "\(label)")
        // About the width of a text of 8 points.
        let half = Double(label.text.count) * 4.2 / 2
        let (place, end) = option == "ylabel" ? (label.y, page.size.height) : (label.x, page.size.width)
        #expect(place - half > -12 && place + half < end + 12, "\(label) of \(page.size)")
      }
    }
  }

  /// Lines among several rows of one place are noted, with what draws a line for each; curves, steps and closed lines are not.
  @Test(arguments: [
    ("step: [1, 2, 3, 1, 2, 3], loss: [3, 2, 1, 5, 4, 3], m: [\"a\", \"a\", \"a\", \"b\", \"b\", \"b\"]", "by: \"m\""),
    ("step: [1, 1, 1, 2, 2, 2], loss: [3, 2, 1, 5, 4, 3], run: [0, 1, 2, 0, 1, 2]", "by: \"run\""),
    ("step: [1, 2, 1, 2], loss: [3, 2, 1, 5]", "band: \"sd\""), ("step: [1, 2, 3], loss: [3, 2, 1]", ""),
    ("step: [3, 1, 2], loss: [3, 2, 1]", ""), ("step: [0, 1, 1, 2, 2], loss: [0, 0, 1, 1, 2]", ""),
    ("step: [0, 1, 0.5, 0], loss: [0, 0, 1, 0]", ""),
  ]) func linesAmongSeveralRowsAreNoted(columns: String, way: String) throws {
    for kind in ["line", "area", "scatter"] {
      let page = try PlotPage("plot(table({\(columns)}), x: \"step\", y: \"loss\", kind: \"\(kind)\")")
      let notes = page.notes.filter { $0.contains("up and down") }
      #expect(notes.count == (way.isEmpty || kind == "scatter" ? 0 : 1), "\(columns) \(kind): \(page.notes)")
      if kind == "line", !way.isEmpty {
        #expect(notes.allSatisfy { $0.contains(way) && $0.contains("band: \"sd\"") }, "\(notes)")
        let asked = try PlotPage("plot(table({\(columns)}), x: \"step\", y: \"loss\", \(way))")
        #expect(asked.notes == [], "\(asked.notes)")
      }
    }
  }

  /// A color by name is that of the series, the bar, the box or the group of the name, and of nothing else.
  @Test(arguments: [
    "{a: [1, 2], b: [2, 1]}", "{a: [1, 2], b: [2, 1]}, kind: \"bars\"", "{a: [1, 2], b: [2, 1]}, kind: \"box\"",
    "{a: 1, b: 2}", "table({g: [\"a\", \"b\"], v: [1, 2], w: [2, 3]}), by: \"g\", y: [\"v\", \"w\"], kind: \"scatter\"",
    "[[1, 2], [2, 1]], names: [\"a\", \"b\"], kind: \"area\"", "table({g: [\"a\", \"b\"], v: [1, 2]}), kind: \"bars\"",
  ]) func colorsByName(data: String) throws {
    for (name, other) in [("a", "b"), ("b", "a")] {
      let page = try PlotPage("plot(\(data), colors: {\(name): \"123456\"}, legend: \"none\")")
      #expect(page.svg.contains("#123456"), "\(data)")
      let both = try PlotPage("plot(\(data), colors: {\(name): \"123456\", \(other): \"654321\"}, legend: \"none\")")
      #expect(both.count("#123456") == page.count("#123456") && both.count("#654321") > 0, "\(data)")
    }
    let error = TestSession().shown("plot(\(data), colors: {aa: \"red\"})")
    #expect(error.contains("`colors` has one for \"aa\"") && error.contains("\"a\""), "\(error)")
  }
}
