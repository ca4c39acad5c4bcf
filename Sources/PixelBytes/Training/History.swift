/// What one evaluation during training found; the columns of the published training log, with times.
public struct HistoryRow: Codable, Equatable, Sendable {
  /// The optimizer steps before it.
  public var step: Int
  /// The passes over the training windows before it, a fraction within one.
  @Exact public var epoch: Double
  /// The model on training windows: as many as there are test windows.
  public var train: Score
  /// The model on the test rows; nil without any.
  public var test: Score?
  /// Seconds since training began, evaluations included.
  @Exact public var seconds: Double
  /// Tokens trained on per second since the evaluation before.
  @Exact public var tokensPerSecond: Double

  /// Loss, accuracy and weighted F1 of the next token.
  public struct Score: Codable, Equatable, Sendable {
    /// The mean cross-entropy in nats.
    @Exact public var loss: Double
    /// The share of right predictions.
    @Exact public var accuracy: Double
    /// The F1 of the classes weighted by their labels.
    @Exact public var f1: Double

    init(_ report: NextTokenReport) {
      // One NaN is as good as another, and this one has a name in files.
      loss = report.loss.isNaN ? .nan : report.loss
      (accuracy, f1) = (report.classification.accuracy, report.classification.f1())
    }
  }
}

/// The form of the published training logs.
package enum PublishedLog {
  /// The names of their columns, by those of a history.
  package static let columns: KeyValuePairs = [
    "epoch": "epoch", "train_loss": "train_eval_loss", "train_accuracy": "train_accuracy", "train_f1": "train_f1",
    "test_loss": "test_loss", "test_accuracy": "test_accuracy", "test_f1": "test_f1",
  ]

  /// A figure of a history as they have it: accuracies are in percent.
  package static func value(_ figure: Double, of column: String) -> Double {
    column.hasSuffix("accuracy") ? 100 * figure : figure
  }
}

/// How far a training run is, told after every step.
public struct TrainingProgress: Sendable {
  /// Steps done and to do.
  public var step, steps: Int
  /// The epoch under way and the epochs in all, counted from 1.
  public var epoch, epochs: Int
  /// The loss of the last steps, recent ones counting more; before the first that of the evaluation, if there was one.
  public var loss: Double
  /// Tokens trained on per second since training began.
  public var tokensPerSecond: Double
  /// The evaluation made after this step.
  public var evaluation: HistoryRow?
}
