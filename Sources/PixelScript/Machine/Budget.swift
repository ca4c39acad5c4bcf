import Safepoint

/// What is left of the budgets of a run, or of a part of it that `limit` calls; the watch keeps time and memory.
struct Budget {
  /// The steps between two looks at the clock.
  static let interval = 4096

  private(set) var steps = 0
  private let stepLimit: Int
  /// When it must end, by the clock of `Watch`.
  let deadline: UInt64
  private let timeLimit: Duration
  /// How the budget is raised.
  private let help: (time: String, steps: String)

  /// The budgets of a run.
  init(_ limits: Limits = Limits()) {
    self.init(limits, help: ("allow more with --max-time", "allow more with --max-steps"))
  }

  /// The budgets of a part of this run, which never allow more than the run has left.
  func part(_ limits: Limits) -> Budget {
    let help = (time: "allow `limit` more with `time:`", steps: "allow `limit` more with `steps:`")
    return Budget(limits, help: help, stepsLeft: max(stepLimit - steps, 0), latest: deadline)
  }

  private init(
    _ limits: Limits, help: (time: String, steps: String), stepsLeft: Int = .max,
    latest: UInt64 = .max
  ) {
    stepLimit = min(limits.steps ?? .max, stepsLeft)
    timeLimit = limits.time ?? .zero
    deadline = min(limits.time.map(Budget.deadline(after:)) ?? .max, latest)
    self.help = help
  }

  static var interrupted: ScriptError { ScriptError(.interrupted, "interrupted") }

  /// The steps until the next look.
  var portion: Int { min(Budget.interval - 1, max(stepLimit - steps, 0)) + 1 }

  private static func deadline(after time: Duration) -> UInt64 {
    let (seconds, attoseconds) = time.components
    let (whole, overflow) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, late) = whole.addingReportingOverflow(Watch.now + UInt64(clamping: attoseconds / 1_000_000_000))
    return overflow || late ? .max : sum
  }

  /// Counts steps and throws when there are too many.
  mutating func spend(_ count: Int) throws(ScriptError) {
    steps += count
    if steps > stepLimit { throw used("\(stepLimit) steps", help: help.steps) }
  }

  /// The error of a run that took too long.
  var outOfTime: ScriptError { used("\(timeLimit)", help: help.time) }

  private func used(_ what: String, help: String) -> ScriptError {
    var error = ScriptError(.limit, "the budget of \(what) is used up", help: help)
    (error.isBudget, error.isFinal) = (true, true)
    return error
  }
}
