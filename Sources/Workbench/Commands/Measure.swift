import PixelBytes
import PixelScript

/// What `evaluate` and `compare` measure.
enum Measure: ScriptChoice {
  /// How well the next token is told.
  case next(Metric)
  /// How alike what a model goes on with is to what is there.
  case continuation(ContinuationMetric)

  static var allCases: [Measure] {
    Metric.allCases.map { .next($0) } + ContinuationMetric.allCases.map { .continuation($0) }
  }

  init?(rawValue: String) {
    if let metric = Metric(rawValue: rawValue) {
      self = .next(metric)
    } else if let metric = ContinuationMetric(rawValue: rawValue) {
      self = .continuation(metric)
    } else {
      return nil
    }
  }

  var rawValue: String {
    switch self {
    case .next(let metric): metric.rawValue
    case .continuation(let metric): metric.rawValue
    }
  }

  /// Whether the model goes on for it.
  var isOfContinuation: Bool { if case .continuation = self { true } else { false } }
}
