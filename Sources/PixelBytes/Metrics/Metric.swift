import Foundation

/// A figure of a `NextTokenReport`.
public enum Metric: String, CaseIterable, Sendable {
  case loss, perplexity, bits, accuracy, precision, recall, f1
  case precisionMacro = "precision_macro", recallMacro = "recall_macro", f1Macro = "f1_macro"

  /// Its value in a report; precision, recall and f1 are weighted by class unless they say macro.
  public func value(of report: NextTokenReport) -> Double { value(loss: report.loss, report.classification) }

  /// Its value where a mean loss in nats and a classification are known.
  public func value(loss: Double, _ classification: Classification) -> Double {
    switch self {
    case .loss: loss
    case .perplexity: exp(loss)
    case .bits: loss / log(2)
    case .accuracy: classification.accuracy
    case .precision: classification.precision()
    case .recall: classification.recall()
    case .f1: classification.f1()
    case .precisionMacro: classification.precision(.macro)
    case .recallMacro: classification.recall(.macro)
    case .f1Macro: classification.f1(.macro)
    }
  }
}
