/// How labels and predictions agree, class by class.
///
/// Classes are those that occur among labels or predictions; a share with nothing to divide by counts as 0 (scikit-learn's
/// `zero_division=0`).
public struct Classification: Sendable {
  /// How the classes' values become one.
  public enum Average: String, CaseIterable, Sendable {
    /// Each class counts as often as it is a label.
    case weighted
    /// Each class counts once.
    case macro
  }

  /// The share of right predictions; NaN without any.
  public let accuracy: Double
  private let classes: [Counts]

  /// How often a class is a label, is predicted, and both; fractions where rows count more or less than once.
  public typealias Counts = (labels: Double, predictions: Double, hits: Double)

  /// Compares predictions with the labels at the same places.
  public init(labels: [Int32], predictions: [Int32]) {
    precondition(labels.count == predictions.count, "\(labels.count) labels and \(predictions.count) predictions")
    var counts: [Int32: Counts] = [:]
    for (label, prediction) in zip(labels, predictions) {
      counts[label, default: (0, 0, 0)].labels += 1
      counts[prediction, default: (0, 0, 0)].predictions += 1
      if label == prediction { counts[label, default: (0, 0, 0)].hits += 1 }
    }
    self.init(counts.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The counts of classes; those that are neither label nor prediction are none.
  public init(_ classes: [Counts]) {
    self.classes = classes.filter { $0.labels + $0.predictions > 0 }
    accuracy = self.classes.reduce(0) { $0 + $1.hits } / self.classes.reduce(0) { $0 + $1.labels }
  }

  /// The share of predictions of a class that are right.
  public func precision(_ average: Average = .weighted) -> Double {
    mean(average) { Self.share($0.hits, of: $0.predictions) }
  }

  /// The share of labels of a class that were predicted.
  public func recall(_ average: Average = .weighted) -> Double { mean(average) { Self.share($0.hits, of: $0.labels) } }

  /// The harmonic mean of precision and recall of a class.
  public func f1(_ average: Average = .weighted) -> Double {
    mean(average) { Self.share(2 * $0.hits, of: $0.labels + $0.predictions) }
  }

  private func mean(_ average: Average, _ value: (Counts) -> Double) -> Double {
    let weights = classes.map { average == .weighted ? $0.labels : 1 }
    return zip(classes, weights).reduce(0) { $0 + value($1.0) * $1.1 } / weights.reduce(0, +)
  }

  private static func share(_ part: Double, of whole: Double) -> Double { whole == 0 ? 0 : part / whole }
}
