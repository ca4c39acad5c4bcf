/// Turns the steps of some work into reports: their rate, and not more of them than anybody can read.
public final class ProgressMeter {
  private var report: ProgressReport
  private let notify: (Console.Event) -> Void
  private let start: ContinuousClock.Instant
  private var lastTime = 0.0
  private var lastDone: Int

  /// The seconds between two reports.
  private static let interval = 0.1
  /// The seconds after which the rate has forgotten two thirds of the past.
  private static let memory = 5.0

  init(_ what: String, from before: Int, total: Int?, unit: String, notify: @escaping (Console.Event) -> Void) {
    report = ProgressReport(what, done: before, before: before, total: total, unit: unit, elapsed: 0)
    lastDone = before
    self.notify = notify
    start = .now
  }

  /// Tells that `done` is reached; reports it when the last report is a tenth of a second ago.
  public func advance(
    to done: Int, metrics: @autoclosure () -> [ProgressReport.Metric] = [], view: LiveView? = nil
  ) {
    report.done = done
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    // Work that is over before the first report ends with its last values all the same.
    if done == report.total { report.metrics = metrics() }
    guard elapsed - lastTime >= Self.interval else { return }
    report.elapsed = elapsed
    let present = Double(done - lastDone) / (elapsed - lastTime)
    let weight = min((elapsed - lastTime) / Self.memory, 1)
    report.rate = report.rate.map { $0 + (present - $0) * weight } ?? present
    report.metrics = metrics()
    report.view = view
    (lastTime, lastDone) = (elapsed, done)
    notify(.progress(report))
  }

  /// Tells that the work has ended, with the rate of all of it.
  public func finish(metrics: [ProgressReport.Metric]? = nil) {
    report.elapsed = (ContinuousClock.now - start) / .seconds(1)
    report.rate = report.elapsed > 0 ? Double(report.done - report.before) / report.elapsed : nil
    if let metrics { report.metrics = metrics }
    notify(.finished(report))
  }
}
