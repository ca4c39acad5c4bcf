import PixelBytes
import PixelScript

/// What `evaluate` and `compare` measure.
enum Measure: ScriptChoice {
  /// How well the next token is told.
  case next(Metric)
  /// How alike what a model goes on with is to what is there.
  case continuation(ContinuationMetric)
  /// What comes of whole pictures, captions and copies.
  case drawn(Drawn)

  /// What a model draws, writes or copies.
  enum Drawn: String, CaseIterable {
    case copy, dimensions, traits
  }

  static var allCases: [Measure] {
    Metric.allCases.map { .next($0) } + ContinuationMetric.allCases.map { .continuation($0) }
      + Drawn.allCases.map { .drawn($0) }
  }

  init?(rawValue: String) {
    guard let measure = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = measure
  }

  var rawValue: String {
    switch self {
    case .next(let metric): metric.rawValue
    case .continuation(let metric): metric.rawValue
    case .drawn(let metric): metric.rawValue
    }
  }

  /// The figure of the next token that it is; nil of others.
  var metric: Metric? { if case .next(let metric) = self { metric } else { nil } }
  /// Whether the model goes on with windows for it.
  var isOfContinuation: Bool { if case .continuation = self { true } else { false } }

  /// The figure that was published of a model.
  func published(of model: PublishedModel) -> Double? {
    switch self {
    case .next(let metric): model.value(of: metric)
    case .continuation(let metric): model.value(of: metric).mean
    case .drawn: nil
    }
  }

  /// Whether a figure of it was published.
  var isPublished: Bool { PublishedModel.all.first.flatMap(published) != nil }
}
