import Foundation
import PixelScript
import Testing
import Workbench

/// The numbers that plots show are those that they were given.
@Suite(.serialized) struct PlotNumberTests {
  /// Fields of all sizes: around 0 and far from it, of one size and of many, whole and not.
  static let fields: [[[Double]]] = byHand + waves
  private static let byHand: [[[Double]]] = [
    [[0.0001, 0.0002], [0.0003, 0.5]], [[1e-6, 2e-6], [3e-6, 4e-6]], [[0.9991, 0.9992], [0.9993, 0.9994]],
    [[-1e-5, 1], [2, 3]], [[1.00001, 1.00002], [1.00003, 1.00004]], [[0.5, 1000.25], [20, 3]],
    [[1e10, 2e10], [1e-10, 0]], [[0.001, 0.002], [0.0035, 0.004]], [[1e300, -1e300], [.leastNonzeroMagnitude, 0]],
    [[0.25, 0.25]],
    [[-0.004, 0.996], [0.004, 1]], [[9, 1], [2, 80]], [[1e9, 1e9 + 1]], [[0, 0], [0, 0]],
    [[1e-7, 2.5e-7], [3e-5, 2e-5]], [[0.142, 15], [7, 3.5]],
  ]
  private static var waves: [[[Double]]] {
    var fields: [[[Double]]] = []
    for exponent in -9...9 {
      for offset in [0.0, 1, -7, 1000] {
        let size = pow(10, Double(exponent))
        fields.append(
          (0..<3).map { row -> [Double] in (0..<4).map { offset + size * sin(Double(7 * row + 3 * $0)) } })
      }
    }
    return fields
  }

  /// The numbers in the cells of a file and of a terminal.
  private func shown(_ field: [[Double]]) throws -> [[Double]] {
    let data = field.map { "[" + $0.map { Value.number($0).description }.joined(separator: ", ") + "]" }
    let page = try PlotPage("plot([\(data.joined(separator: ", "))], kind: \"heatmap\", numbers: true)")
    let count = field.count * field[0].count
    let cells = page.labels.filter { $0.anchor == "middle" }.prefix(count).compactMap { Double($0.text) }
    let rows = page.terminal.split(separator: "\n").dropFirst().prefix(field.count)
    let terminal = rows.flatMap { row in
      row.split { " ░▒▓█".contains($0) }.dropFirst().compactMap { Double($0) }
    }
    #expect(cells.count == count && terminal.count == count, "\(field): \(cells) \(terminal)")
    return [cells, terminal]
  }

  /// Cells whose colors differ have numbers that differ, near to what they are of, and none but 0 reads as 0.
  @Test(arguments: fields) func cellsTellTheirNumbers(field: [[Double]]) throws {
    let numbers = field.flatMap { $0 }
    let span = (numbers.max() ?? 0) - (numbers.min() ?? 0)
    for shown in try shown(field) {
      for (place, (number, read)) in zip(numbers, shown).enumerated() {
        #expect((number == 0) == (read == 0) && number * read >= 0, "\(number) reads \(read)")
        #expect(abs(number - read) <= max(span / 50, 1e-9 * abs(number)), "\(number) reads \(read) in \(numbers)")
        #expect(abs(number - read) <= 0.051 * abs(number), "\(number) reads \(read)")
        for (other, readOther) in zip(numbers, shown).dropFirst(place + 1) where abs(number - other) > span / 50 {
          #expect(read != readOther, "\(number) and \(other) read \(read)")
        }
      }
    }
  }

  @Test func whatIsWrittenAsZeroHasNoSign() throws {
    #expect(
      try PlotPage("plot([-1e-5, 0.5, 1], kind: \"bars\")").texts.allSatisfy { !["-0", "−0", "−0.0"].contains($0) })
    #expect(TestSession().run("print table({v: [-0.00001, 1.25, 2.5]})").contains("-0.0000\n") == false)
  }

  /// As many intervals as numpy.histogram_bin_edges(x, "auto") has in NumPy 2.4, at most 500; of whole numbers as of its whole numbers,
  /// and one for each where it has one for each but the last.
  static let intervals: [(x: String, counts: [Int])] = [
    ("u", [2, 3, 5, 6, 8, 11, 21, 28]), ("log(u / (1 - u))", [2, 3, 5, 7, 12, 35, 90, 131]),
    ("exp(2 * log(u / (1 - u)))", [2, 3, 7, 12, 20, 64, 182, 283]),
    ("tan(3 * (u - 0.5))", [2, 3, 6, 12, 20, 64, 153, 206]), ("(u - 0.5) ** 3", [2, 3, 7, 12, 19, 40, 81, 109]),
    ("max(0, u - 0.9)", [1, 1, 7, 12, 20, 64, 182, 283]), ("sin(40 * u) + u", [2, 3, 5, 6, 8, 12, 23, 31]),
    ("floor(300 * u * u)", [2, 3, 5, 6, 8, 11, 21, 28]),
    ("floor(4 * log(u / (1 - u)))", [10, 14, 24, 34, 44, 34, 78, 86]),
    ("floor(2000 * u)", [2, 3, 5, 6, 8, 11, 21, 28]),
  ]

  @Test(arguments: intervals) func aHistogramHasTheIntervalsOfNumPy(x: String, counts: [Int]) {
    for (n, count) in zip([2, 3, 10, 31, 100, 1000, 8192, 20_000], counts) {
      let values = "x = [\(x) for u in [(i + 0.5) / \(n) for i in range(\(n))]]"
      let one = TestSession().run("\(values)\nprint plot(x, kind: \"histogram\")")
      #expect(one == "plot of 1 series, \(count) points\n", "\(x), \(n)")
      // Several series share the intervals of all their numbers.
      let two = TestSession().run("\(values)\nprint plot({a: x[::2], b: x[1::2]}, kind: \"histogram\")")
      #expect(two == "plot of 2 series, \(2 * count) points\n", "\(x), \(n)")
    }
  }

  @Test func moreIntervalsThanAreSeenBecomeTheMost() {
    let heavy = "[exp(2 * log(u / (1 - u))) for u in [(i + 0.5) / 100000 for i in range(100000)]]"
    #expect(TestSession().run("print plot(\(heavy), kind: \"histogram\")") == "plot of 1 series, 500 points\n")
    #expect(
      TestSession().run("print plot([1, 5, 9.5], kind: \"histogram\", bins: 900)") == "plot of 1 series, 900 points\n")
  }

  /// The points of a box leave no gap where there is none in the numbers, however many they are.
  @Test(arguments: [100, 3000, 60_000]) func theOutliersOfABoxHaveNoGap(count: Int) throws {
    let page = try PlotPage(
      "plot([0, 0, 0, 1, 1, 1] * \(count) + [3 + i / \(count) for i in range(\(count))], kind: \"box\")")
    let heights = page.svg.matches(of: /<circle cx="[-0-9.]+" cy="([-0-9.]+)"/).compactMap { Double($0.1) }.sorted()
    let steps = zip(heights, heights.dropFirst()).map { $1 - $0 }
    #expect(heights.count >= 100 && (heights.last ?? 0) - (heights.first ?? 0) > 40)
    #expect((steps.max() ?? .infinity) <= 1 && heights.count < 1000)
  }

  /// A line of more points than columns goes to each peak and each trough, wherever they lie among the others.
  @Test(arguments: [
    (7000, 7001), (7001, 7000), (7000, 13000), (13000, 7000), (0, 19999), (19999, 0), (0, 1), (19998, 19999),
  ])
  func linesOfManyPointsKeepTheirExtremes(peak: Int, trough: Int) throws {
    let page = try PlotPage("y = [0] * 20000; y[\(peak)] = 1; y[\(trough)] = -1; plot(y)")
    let lines = page.svg.matches(of: /<polyline points="([^"]+)"/).map { $0.1.split(separator: " ") }
    let line = try #require(lines.max { $0.count < $1.count })
    #expect(line.count > 100 && line.count < 20_000)
    let heights = line.compactMap { point in point.split(separator: ",").last.flatMap { Double($0) } }
    let ground = heights.sorted()[heights.count / 2]
    let (high, low) = (try #require(heights.min()), try #require(heights.max()))
    #expect(ground - high > 50 && abs((ground - high) - (low - ground)) < 1)
  }
}
