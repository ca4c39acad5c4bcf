/// A figure of a `NextTokenReport`.
public enum Metric: String, CaseIterable, Sendable {
  case loss, perplexity, bits, accuracy, precision, recall, f1
  case precisionMacro = "precision_macro", recallMacro = "recall_macro", f1Macro = "f1_macro"

  /// Its value in a report; precision, recall and f1 are weighted by class unless they say macro.
  public func value(of report: NextTokenReport) -> Double {
    switch self {
    case .loss: report.loss
    case .perplexity: report.perplexity
    case .bits: report.bits
    case .accuracy: report.classification.accuracy
    case .precision: report.classification.precision()
    case .recall: report.classification.recall()
    case .f1: report.classification.f1()
    case .precisionMacro: report.classification.precision(.macro)
    case .recallMacro: report.classification.recall(.macro)
    case .f1Macro: report.classification.f1(.macro)
    }
  }
}
