import Foundation
import PixelBytes
import Tensors
import Testing

/// Reports of what a model draws, by hand, from a model whose continuations are told.
@Suite struct DrawnReportTests {
  /// A tab, a newline, letters and colors.
  static let (t, n, a, b, c, d) = (UInt8(1), UInt8(2), UInt8(32), UInt8(33), UInt8(34), UInt8(35))
  static let (x, y) = (UInt8(60), UInt8(61))

  /// What is drawn for a picture of two rows of two pixels: whether it has one width, and the right size.
  private static let pictures: [(drawn: [UInt8], hasOneWidth: Bool, hasRightSize: Bool)] = [
    ([x, y, t, x, y, n], true, true), ([y, y, t, y, y, n], true, true),
    // Too narrow, too wide, too low, too high, turned.
    ([x, t, y, n], true, false), ([x, y, x, t, x, y, x, n], true, false), ([x, y, n], true, false),
    ([x, y, t, x, y, t, x, y, n], true, false), ([x, t, x, t, x, t, x, n], true, false),
    // A row that is shorter: the last, the first, an empty one at either end.
    ([x, y, t, x, n], false, false), ([x, t, x, y, n], false, false), ([t, x, y, n], false, false),
    ([x, y, t, n], false, false),
    // No end: a row that goes on, and one behind which a text comes.
    ([UInt8](repeating: x, count: 12), false, false), ([x, y, t, x, y, a, n], false, false),
    // A newline, a text before the picture, and no picture at all.
    ([n, x, y, t, x, y, n], false, false), ([a, n, x, y, t, x, y, n], false, false), ([a, a, n], false, false),
  ]

  @Test(arguments: [1, 3]) func picturesHaveOneWidthAndTheRightSize(threads: Int) throws {
    let prompts = Self.pictures.indices.map { [Self.a, UInt8(32 + $0), Self.n] }
    let model = ToldContinuations(
      Dictionary(uniqueKeysWithValues: zip(prompts, Self.pictures.map(\.drawn)).map { ($0, $1) }))
    let picture = [Self.x, Self.y, Self.t, Self.x, Self.y, Self.n]
    // The row without a picture has no drawing.
    let rows = TokenSequences.centers([[Self.a, Self.n]] + prompts.map { $0 + picture })
    let report = try PictureReport(model, Tokenizer(), rows, rows: Array(0..<rows.count), threads: threads)
    #expect(report.drawings.map(\.row) == Array(1..<rows.count))
    for (drawing, expected) in zip(report.drawings, Self.pictures) {
      #expect(drawing.hasOneWidth == expected.hasOneWidth, "\(expected.drawn)")
      #expect(drawing.hasRightSize == expected.hasRightSize, "\(expected.drawn)")
      #expect((drawing.image == nil) == !expected.drawn.contains { $0 >= Self.x }, "\(expected.drawn)")
    }
    #expect(report.share(\.hasOneWidth) == 7 / 16.0 && report.share(\.hasRightSize) == 2 / 16.0)
    #expect(try PictureReport(model, Tokenizer(), rows, rows: [0], threads: 1).share(\.hasOneWidth).isNaN)
  }

  /// The second time is the longest end that stands before and does not reach into itself; separators behind it are none of it.
  @Test(arguments: [1, 3]) func whatIsSaidTwiceIsCopied(threads: Int) throws {
    let (t, n, a, b, c, d, x, y) = (Self.t, Self.n, Self.a, Self.b, Self.c, Self.d, Self.x, Self.y)
    let runs: [(tokens: [UInt8], prompt: [UInt8], drawn: [UInt8], right: Int, count: Int)] = [
      ([a, b, c, a, b, n], [a, b, c], [a, b], 2, 2),
      // One wrong of two, and separators at the end.
      ([b, a, c, b, a, t, n], [b, a, c], [b, b], 1, 2), ([d, a, d, a, t, t], [d, a], [a, a], 1, 2),
      // The end reaches into itself: of four alike two are the second time, of three one.
      ([c, c, c, c, n], [c, c], [c, c], 2, 2), ([d, d, d, n], [d, d], [c], 0, 1),
      // Of the picture, where the text behind it is said once.
      ([x, y, t, x, y, n, a, n], [x, y, t], [x, y], 2, 2),
      // Of the whole row, where that is longer than of the picture.
      ([y, x, y, n, a, b, c, a, b, c], [y, x, y, n, a, b, c], [a, b, d], 2, 3),
      // All right.
      ([a, c, a, c], [a, c], [a, c], 2, 2),
    ]
    let model = ToldContinuations(
      Dictionary(uniqueKeysWithValues: runs.map { ($0.prompt, $0.drawn) }))
    // Rows that say nothing twice, separators alone, and none.
    let rows = TokenSequences.centers([[a, b, n]] + runs.map(\.tokens) + [[t, n, n], [a]])
    let report = try CopyReport(model, Tokenizer(), rows, rows: Array(0..<rows.count), threads: threads)
    #expect(report.rows.map(\.row) == Array(1...runs.count))
    #expect(report.rows.map(\.count) == runs.map(\.count))
    #expect(report.rows.map(\.right) == runs.map(\.right))
    #expect(report.share == 12 / 16.0 && report.wholeShare == 4 / 8.0)
  }

  /// The classes of `MetricsTests.classesOnOneSideAlone` and 9 nats of 6 tokens, in two rows: every metric of their sum.
  @Test func everyMetricFollowsFromSums() throws {
    let rows: [[Double]] = [
      [4, 2, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [5, 4, 2, 0, 1, 1, 3, 1, 1, 0, 0, 0, 1, 0],
    ]
    let sums = zip(rows[0], rows[1]).map(+)
    let expected: [Metric: Double] = [
      .loss: 1.5, .perplexity: 4.4816890703, .bits: 2.1640425613, .accuracy: 3 / 6.0, .precision: 11 / 18.0,
      .recall: 3 / 6.0, .f1: 8 / 15.0, .precisionMacro: 1 / 3.0, .recallMacro: 7 / 24.0, .f1Macro: 3 / 10.0,
    ]
    for metric in Metric.allCases {
      let value = RowBootstrap.value(of: metric, sums)
      #expect(abs(value - (try #require(expected[metric]))) < 1e-9, "\(metric)")
      // Rows alike give the same figure whichever are drawn.
      let same = try RowBootstrap([sums, sums, sums]).intervals(0.95, seed: 1) { RowBootstrap.value(of: metric, $0) }
      #expect(abs(same.low - value) < 1e-9 && abs(same.high - value) < 1e-9, "\(metric)")
    }
    // Of two rows any share is as likely for the first: the loss of a share p is (4 p + 5 (1 - p)) / (2 p + 4 (1 - p)).
    func loss(_ share: Double) -> Double { (5 - share) / (4 - 2 * share) }
    for width in [0.9, 0.2] {
      let found = try RowBootstrap(rows).intervals(width, seed: 1) { RowBootstrap.value(of: .loss, $0) }
      #expect(abs(found.low - loss((1 - width) / 2)) < 0.03 && abs(found.high - loss((1 + width) / 2)) < 0.03)
    }
  }

  /// Of many classes that one row each has, every draw has all: a figure lies in its own interval.
  @Test func figuresLieInTheirIntervals() throws {
    var random = Random(seed: 3, stream: "rows")
    for classes in [20, 200] {
      var outcomes = TokenOutcomes()
      for row in 0..<60 {
        for _ in 0..<20 {
          // Most labels are rare, and the model knows the frequent ones alone.
          let label = Int32(Double(classes) * pow(random.unit(), 3))
          let isKnown = label < 3 && random.unit() < 0.7
          outcomes.append(row: row, label: label, prediction: isKnown ? label : 0, loss: isKnown ? 0.5 : 4)
        }
      }
      let bootstrap = try RowBootstrap(outcomes, classes: classes)
      let whole = bootstrap.sums.dropFirst().reduce(bootstrap.sums[0]) { zip($0, $1).map(+) }
      for metric in Metric.allCases {
        let (low, high) = try bootstrap.intervals(0.95, seed: 1) { RowBootstrap.value(of: metric, $0) }
        let value = RowBootstrap.value(of: metric, whole)
        #expect(low < value && value < high, "\(metric) of \(classes): \(low) \(value) \(high)")
      }
    }
  }
}

extension RowBootstrap {
  /// The interval of one figure.
  fileprivate func intervals(
    _ share: Double, seed: UInt64, of value: @escaping ([Double]) -> Double
  ) throws -> (low: Double, high: Double) {
    try intervals(share, seed: seed, of: [value])[0]
  }
}
