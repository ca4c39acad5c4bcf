/// How far some work has come.
public struct ProgressReport: Sendable, Equatable {
  /// A figure worth watching, such as the loss.
  public struct Metric: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its present value.
    public let value: Double

    /// Creates a figure.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// What is being done, such as "train".
  public var what: String
  /// How much is done.
  public var done: Int
  /// How much of that was done before the start, such as the steps of a run that goes on.
  public var before: Int
  /// How much there is to do, or nil when that is unknown.
  public var total: Int?
  /// What is counted, such as "steps".
  public var unit: String
  /// The seconds since the start.
  public var elapsed: Double
  /// How much is done in a second now, or nil before that is known.
  public var rate: Double?
  /// Further figures, in the order to show them.
  public var metrics: [Metric]
  /// What a terminal may show below it.
  public var view: LiveView?

  /// Creates a report.
  public init(
    _ what: String, done: Int, before: Int = 0, total: Int?, unit: String, elapsed: Double, rate: Double? = nil,
    metrics: [Metric] = []
  ) {
    self.what = what
    self.done = done
    self.before = before
    self.total = total
    self.unit = unit
    self.elapsed = elapsed
    self.rate = rate
    self.metrics = metrics
  }

  /// The seconds still needed at the present rate, or nil when that can't be told.
  public var remaining: Double? {
    guard let total, let rate, rate > 0 else { return nil }
    return Double(max(total - done, 0)) / rate
  }
}
