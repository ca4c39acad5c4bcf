import Foundation
import Testing

/// Axes: their ticks at numbers and moments of any size, what several panels share, and bars that lie.
@Suite(.serialized) struct PlotAxisTests {
  /// Numbers far from 0, near to each other, and at the ends of what numbers are.
  static let offsets: [(low: String, step: String)] = [
    ("1e8", "0.001"), ("-1e8", "0.001"), ("1e15", "1"), ("1e15", "10"), ("1.7e9", "3600"), ("123456.75", "0.0001"),
    ("-4e12", "3"), ("1e300", "1e297"), ("0.1", "1e-12"),
  ]

  private static let sizes = [20, 40, 80, 120]

  /// The labels beside the left axis of a terminal, from the top.
  private func labels(_ page: PlotPage) -> [String] {
    page.terminal.split(separator: "\n").filter { $0.contains("┤") }.compactMap {
      $0.split(separator: "┤").first.map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// The ticks of both axes differ from each other, stand apart, and tell with what is beside the axis where the numbers are.
  @Test(arguments: offsets) func ticksFarFromZeroAreTold(low: String, step: String) throws {
    let numbers = "[\(low), \(low) + \(step), \(low) + 2 * \(step)]"
    let page = try PlotPage("plot(\(numbers), x: \(numbers))")
    let left = page.labels.filter { $0.anchor == "end" }
    let rows = Dictionary(grouping: page.labels.filter { $0.anchor == "middle" }, by: \.y)
    let bottom = (rows.values.max { $0.count < $1.count } ?? []).sorted { $0.x < $1.x }
    for texts in [left, bottom].map({ $0.map(\.text) }) {
      #expect(texts.count >= 2 && Set(texts).count == texts.count, "\(texts)")
      #expect(texts.allSatisfy { $0.count <= 12 }, "\(texts)")
    }
    for (one, other) in zip(bottom, bottom.dropFirst()) {
      #expect(other.x - one.x > Double(one.text.count + other.text.count) * 2, "\(one.text) \(other.text)")
    }
    for width in Self.sizes {
      let small = try PlotPage("plot(\(numbers), x: \(numbers))", width: width)
      #expect(small.terminal.split(separator: "\n").allSatisfy { $0.count <= width }, "\(small.terminal)")
      let found = labels(small)
      #expect(Set(found).count == found.count && (width < 40 || found.count >= 2), "\(small.terminal)")
    }
  }

  /// The largest numbers lie between the axes.
  @Test(arguments: ["[1e308, 1.7e308, -1.7e308]", "[1.7e308, 1.6e308]", "[-1.79e308, 0]", "[5e-324, 1e-323]"])
  func theLargestNumbersAreDrawn(numbers: String) throws {
    let page = try PlotPage("plot(\(numbers))")
    let line = try #require(page.svg.matches(of: /<polyline points="([^"]*)"[^>]*stroke-width="1.4"/).last)
    for point in line.1.split(separator: " ") {
      let parts = point.split(separator: ",").compactMap { Double($0) }
      #expect(parts[0] > 0 && parts[0] < page.size.width && parts[1] > 0 && parts[1] < page.size.height, "\(point)")
    }
  }

  /// A logarithmic axis has three labels or more however short it is, whatever the decade.
  @Test(arguments: [1.02, 1.1, 1.3, 1.7, 2.5, 4, 9, 15, 60, 300, 1e4, 1e9, 1e30], [1e-7, 0.03, 1, 1.5, 7, 2e6])
  func shortLogarithmicAxesHaveLabels(factor: Double, low: Double) throws {
    let page = try PlotPage("plot([\(low), \(low * factor)], log: \"y\")")
    let texts = page.labels.filter { $0.anchor == "end" }.map(\.text)
    #expect(texts.count >= 3 && Set(texts).count == texts.count, "\(low) \(factor): \(texts)")
    let places = page.labels.filter { $0.anchor == "end" }.map(\.y).sorted()
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 7 }, "\(low) \(factor): \(texts)")
    #expect(labels(page).count >= 2, "\(page.terminal)")
  }

  /// Axes of time of all spans from microseconds to all years have two ticks or more that differ, with what they leave out.
  @Test(
    arguments: [
      0.001, 0.3, 1, 45, 600, 7200, 40_000, 2e5, 2e6, 1e7, 1e8, 1e9, 1e10, 5e10, 3.15e11,
    ], ["0001-01-01", "1969-12-31T23:59:59", "2024-02-28T23:59:30"])
  func axesOfAnyTimeHaveTicks(span: Double, start: String) throws {
    let script = """
      start = parse_date("\(start)")
      end = min(start + \(span), parse_date("9999-12-31T23:59:59"))
      times = [format_date(start + (end - start) * i / 4, "%Y-%m-%dT%H:%M:%S.%f") for i in range(5)]
      plot(table({t: times, y: range(5)}), x: "t", y: "y")
      """
    for width in [40, 100] {
      let page = try PlotPage(script, width: width)
      let texts = page.labels.filter { $0.anchor == "middle" }.map(\.text).filter { $0.contains(/[0-9]/) }
      #expect(texts.count >= 2 && Set(texts).count == texts.count, "\(texts)")
      #expect(texts.allSatisfy { $0.contains(/^[-0-9:. ]+$|^t \(/) }, "\(texts)")
      let ticks = page.terminal.split(separator: "\n").last { $0.contains("┬") || $0.contains("-+") } ?? ""
      #expect(ticks.contains { $0 == "┬" || $0 == "+" }, "\(page.terminal)")
    }
  }

  /// Panels of a column have the same ticks, unless they are labelled otherwise, other panels where `share` says so.
  @Test(arguments: [
    ("", true, true), (", share: \"none\"", false, false), (", share: \"x\"", true, false),
    (", share: \"y\"", false, true), (", share: \"xy\"", true, true),
  ])
  func panelsShareAxes(option: String, x: Bool, y: Bool) throws {
    let table = "table({k: [\"p\", \"p\", \"q\", \"q\"], n: [0, 1, 0, 40], v: [1, 2, 100, 500]})"
    let made = [
      "plot(\(table), x: \"n\", y: \"v\", panel: \"k\"\(option))",
      "plot([plot([1, 2], x: [0, 1]), plot([100, 500], x: [0, 40])]\(option.isEmpty ? ", share: \"xy\"" : option))",
    ]
    for script in made {
      let page = try PlotPage(script)
      try hasSharedTicks(page, script, x: x, y: y)
    }
  }

  @Test(arguments: [("[\"a\", \"b\"]", false), ("[\"a\", \"a\"]", true), ("\"a\"", true)])
  func panelsOfOtherLabelsAreOfOtherScales(labels: String, isShared: Bool) throws {
    let table = "table({k: [\"p\", \"p\", \"q\", \"q\"], n: [0, 1, 0, 40], v: [1, 2, 100, 500]})"
    let script = "plot(\(table), x: \"n\", y: \"v\", panel: \"k\", ylabel: \(labels))"
    try hasSharedTicks(try PlotPage(script), script, x: true, y: isShared)
  }

  private func hasSharedTicks(_ page: PlotPage, _ script: String, x: Bool, y: Bool) throws {
    for (anchor, isShared) in [("middle", x), ("end", y)] {
      let ticks = page.labels.filter { $0.anchor == anchor && $0.text.contains(/^[0-9.]+$/) }
      let middle = page.size.width / 2
      let sides = [ticks.filter { $0.x < middle }, ticks.filter { $0.x >= middle }].map { Set($0.map(\.text)) }
      #expect((sides[0] == sides[1]) == isShared, "\(script) \(anchor): \(sides)")
    }
  }

  /// What lies has the same pieces as what stands, with both axes exchanged.
  @Test(arguments: [
    "{a: 3, b: 1, c: 2}, kind: \"bars\"", "{a: 3, b: 1}, kind: \"bars\", error: 0.5",
    "{p: [1, 2], q: [3, 1]}, x: [\"a\", \"b\"], kind: \"bars\"",
    "{p: [1, 2], q: [3, -1]}, x: [\"a\", \"b\"], kind: \"bars\", stacked: true, error: 0.25",
    "[1, 2, 2, 3, 9], kind: \"histogram\", bins: 4", "{a: [1, 2, 3, 9], b: [4, 5, 6, 6]}, kind: \"box\"",
    "[3, 1, 2], kind: \"bars\", x: [0.5, 1, 4]",
  ])
  func whatLiesIsWhatStands(given: String) throws {
    let (standing, lying) = (try PlotPage("plot(\(given))"), try PlotPage("plot(\(given), horizontal: true)"))
    for shape in ["<polygon", "<circle"] { #expect(standing.count(shape) == lying.count(shape), "\(given)") }
    for name in ["a", "b", "c"] {
      #expect(standing.texts.contains(name) == lying.texts.contains(name))
      if let label = lying.labels.first(where: { $0.text == name }) { #expect(label.anchor == "end") }
    }
    // Names are read from the top.
    let places = ["a", "b", "c"].compactMap { name in lying.labels.first { $0.text == name }?.y }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    let labelled = try PlotPage("plot(\(given), horizontal: true, xlabel: \"below\", ylabel: \"beside\")")
    let below = try #require(labelled.labels.first { $0.text == "below" })
    let beside = try #require(labelled.labels.first { $0.text == "beside" })
    #expect(below.y > beside.y && beside.x < below.x)
  }

  /// A lying plot takes what is said of the axes of the page.
  @Test func limitsOfLyingBarsAreThoseOfThePage() throws {
    let page = try PlotPage(
      "plot({a: 3, b: 1}, horizontal: true, xlim: [0, 50], vlines: 20, hlines: \"b\", texts: [40, \"a\", \"here\"])")
    #expect(page.texts.contains("50") && page.texts.contains("here"))
    #expect(page.count("stroke-dasharray=\"3 2\"") == 2)
    for (option, message) in [
      ("log: \"y\"", "an axis of names can't be logarithmic"), ("vlines: \"b\"", "vlines expects numbers"),
      ("ylim: [\"q\", nil]", "the axis has no such name"),
    ] {
      #expect(TestSession().run("plot({a: 3, b: 1}, horizontal: true, \(option))").contains(message), "\(option)")
    }
    #expect(try PlotPage("plot({a: 30, b: 1}, horizontal: true, log: \"x\")").texts.contains("10"))
  }

  /// All names have room, and the page gets taller for them.
  @Test func manyNamesHaveRoom() throws {
    let page = try PlotPage("plot({f\"a name that is long {i}\": i for i in range(40)}, horizontal: true)")
    let names = page.labels.filter { $0.text.hasPrefix("a name that is long") }.sorted { $0.y < $1.y }
    #expect(names.count == 40 && zip(names, names.dropFirst()).allSatisfy { $1.y - $0.y > 8 })
    #expect(names.allSatisfy { $0.y < page.size.height })
  }

  /// The error bars of stacked bars lie above all bars.
  @Test(arguments: ["", ", horizontal: true"]) func errorBarsLieAboveStacks(option: String) throws {
    let page = try PlotPage(
      "plot({p: [1, 2], q: [3, 1], r: [1, 1]}, x: [\"a\", \"b\"], kind: \"bars\", stacked: true, error: 0.5\(option), grid: \"none\")"
    )
    let clipped = try #require(page.svg.firstMatch(of: /<g clip-path[\s\S]*?<\/g>/)).0
    let bars = clipped.ranges(of: "<polygon")
    let whiskers = clipped.ranges(of: "<polyline")
    #expect(bars.count == 6 && whiskers.count >= 18)
    #expect(try #require(bars.last).lowerBound < (try #require(whiskers.first)).lowerBound)
  }

  /// An error bar reaches outwards, in whatever way it is given.
  @Test(arguments: [
    "[1, 2], error: -1", "[1, 2, 3], error: [1, nil, -1]", "{a: 1, b: 2}, error: {b: -0.5}",
    "[[1, 2, 3], [2, 3, 4]], error: [1, [0, -1, 0]]", "{a: [1, 2], b: [2, 3]}, error: {a: 1, b: [0, -2]}",
    "table({a: [1, 2], e: [1, -2]}), y: \"a\", error: \"e\"",
    "table({a: [1, 2], b: [1, 2], e: [1, 2], f: [0, -2]}), y: [\"a\", \"b\"], error: [\"e\", \"f\"]",
  ])
  func errorsBelowZeroAreRefused(given: String) {
    for kind in ["line", "scatter", "bars"] {
      let said = TestSession().run("plot(\(given), kind: \"\(kind)\")")
      #expect(said.contains("`error` says how far error bars reach, 0 or more, found -"), "\(kind): \(said)")
    }
  }
}
