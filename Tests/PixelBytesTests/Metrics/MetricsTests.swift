import Foundation
import PixelBytes
import Tensors
import Testing

/// Every metric by hand, with ties, classes that occur on one side alone, and a single class.
@Suite struct MetricsTests {

  private func check(_ labels: [Int32], _ predictions: [Int32], _ expected: [Double]) {
    let found = Classification(labels: labels, predictions: predictions)
    let scores = [
      found.accuracy, found.precision(), found.recall(), found.f1(), found.precision(.macro), found.recall(.macro),
      found.f1(.macro),
    ]
    #expect(scores.count == expected.count)
    for (a, b) in zip(scores, expected) { #expect(abs(a - b) < 1e-15, "\(scores) in place of \(expected)") }
    #expect(found.f1(.weighted) == found.f1() && found.recall(.weighted) == found.recall())
    #expect(found.precision(.weighted) == found.precision())
  }

  /// Class 0: 3 labels, 2 predictions, 2 hits; 1: 2, 3, 1; 2: 1, 0, 0, never predicted; 3: 0, 1, 0, never a label.
  /// Precision is 1, 1/3, 0, 0; recall 2/3, 1/2, 0, 0; F1 4/5, 2/5, 0, 0; weighted by 3, 2, 1 and 0 of 6 labels.
  @Test func classesOnOneSideAlone() {
    check(
      [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 3, 1],
      [3.0 / 6, 11.0 / 18, 3.0 / 6, 8.0 / 15, 1.0 / 3, 7.0 / 24, 3.0 / 10])
  }

  @Test func oneClass() {
    check([7, 7, 7], [7, 7, 7], [1, 1, 1, 1, 1, 1, 1])
    check([7, 7], [4, 4], [0, 0, 0, 0, 0, 0, 0])
    // Half of the labels found: precision 1, recall 1/2, F1 2/3; the class that is only predicted counts in macro alone.
    check([7, 7], [7, 4], [0.5, 1, 0.5, 2.0 / 3, 0.5, 0.25, 1.0 / 3])
  }

  @Test func nothingHasNoAccuracy() {
    let nothing = Classification(labels: [], predictions: [])
    #expect(nothing.accuracy.isNaN)
  }

  /// Without weights in its table and a bias of log 4, log 2, 0, 0 the tokens 0 to 3 have 1, 2, 3 and 3 bits.
  private func told() -> BigramModel {
    let model = BigramModel()
    model.table.update { values in for k in values.indices { values[k] = 0 } }
    model.bias.update { $0 = [log(4), log(2), 0, 0] }
    return model
  }

  /// The labels 1, 2, 3, 0: 2 + 3 + 3 + 1 bits over 4; all predictions are 0, of which one is right.
  @Test func aReportMeasuresBitsAndShares() throws {
    let windows = try Windows(.centers([[0, 1, 2, 3]]), length: 1, stride: 1)
    let report = try NextTokenReport(told(), windows, threads: 1)
    #expect(abs(report.bits - 2.25) < 1e-6)
    #expect(abs(report.loss - 2.25 * 0.6931471806) < 1e-6)
    #expect(abs(report.perplexity - 4.7568284600) < 1e-5)  // 2 to the 2.25
    #expect(report.windows == 4 && report.classification.accuracy == 0.25)
    // Class 0: precision 1/4, recall 1, F1 2/5, a quarter of the labels and of the classes.
    #expect(report.classification.precision() == 0.0625 && report.classification.recall() == 0.25)
    #expect(abs(report.classification.f1() - 0.1) < 1e-15 && abs(report.classification.f1(.macro) - 0.1) < 1e-15)
  }

  /// Of equally likely tokens the lowest is the prediction.
  @Test func tiesGoToTheLowestToken() throws {
    let model = told()
    let windows = try Windows(.centers([[0, 1, 2, 3]]), length: 1, stride: 1)
    for (bias, labels) in [([0, 0, 0, 0], [0]), ([-1, 0, 0, 0], [1]), ([0, 0, 1, 1], [2])] as [([Float], [Int])] {
      model.bias.update { $0 = bias }
      let all = try NextTokenReport(model, windows, threads: 1)
      #expect(all.classification.accuracy == 0.25)
      // The window before a token has it as its label.
      let right = try NextTokenReport(model, windows, indices: labels.map { ($0 + 3) % 4 }, threads: 1)
      #expect(right.classification.accuracy == 1 && right.windows == 1)
    }
  }

  /// Seventy windows in parts of 32, 32 and 6 count alike: 60 labels of 1 bit and then 10 of 3 bits.
  @Test(arguments: [(1, 3), (2, 2), (3, 1), (0, 3)]) func unevenPartsCountAlike(_ threads: (count: Int, polls: Int))
    throws
  {
    let model = told()
    let tokens: [UInt8] = [3] + [UInt8](repeating: 0, count: 60) + [UInt8](repeating: 3, count: 9)
    let windows = try Windows(.centers([tokens]), length: 1, stride: 1)
    var polls = 0
    let report = try NextTokenReport(model, windows, threads: threads.count) { polls += 1 }
    #expect(polls == threads.polls)
    #expect(report.windows == 70 && abs(report.bits - (60 + 30) / 70.0) < 1e-6)
    #expect(report.classification.accuracy == 60 / 70.0)
    #expect(model.calls.map(\.tokens.count) == [32, 32, 6])
    #expect(model.calls.allSatisfy { !$0.isTraining && $0.positions == .last })
  }

  /// The windows that are asked for, as often as they are.
  @Test func measuresTheWindowsAskedFor() throws {
    let model = told()
    let windows = try Windows(.centers([[0, 1, 2, 3]]), length: 2, stride: 1)
    let report = try NextTokenReport(model, windows, indices: [2, 0, 2], threads: 1)
    #expect(model.calls.map(\.tokens) == [[[2, 3], [0, 1], [2, 3]]])
    // The labels 0, 2, 0.
    #expect(report.windows == 3 && abs(report.bits - 5.0 / 3) < 1e-6 && report.classification.accuracy == 2.0 / 3)
  }

  /// The history's F1 is weighted, not macro: with three labels, two of them 0 and predicted, they differ.
  @Test func theHistoryHoldsTheWeightedF1() throws {
    let model = told()
    var options = TrainingOptions()
    (options.sequence, options.stride, options.steps, options.rate) = (1, 1, 1, 1e-6)
    let rows = TokenSequences.centers([[0, 0, 1]])
    let history = try Trainer(model, training: rows, testing: rows, options).run { _ in }
    let row = try #require(history.first), test = try #require(row.test)
    // Class 0: 2 labels, 3 predictions, 2 hits, F1 4/5; class 1: never predicted. Weighted 8/15, macro 2/5.
    for score in [row.train, test] {
      #expect(abs(score.f1 - 8.0 / 15) < 1e-12 && abs(score.accuracy - 2.0 / 3) < 1e-12)
      #expect(abs(score.loss - 4.0 / 3 * 0.6931471806) < 1e-4)
    }
  }
}
