/// What is left of the budgets of a run, or of a part of it that `limit` calls.
struct Budget {
  /// The steps between two looks at the clock.
  static let interval = 4096

  private(set) var steps = 0
  private let stepLimit: Int
  private let deadline: ContinuousClock.Instant?
  /// True when the clock matters; to be asked first, because a look at the deadline takes longer than the work between two looks.
  private let hasDeadline: Bool
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
    latest: ContinuousClock.Instant? = nil
  ) {
    stepLimit = min(limits.steps ?? .max, stepsLeft)
    timeLimit = limits.time ?? .zero
    let own = limits.time.map { ContinuousClock.now + $0 }
    deadline = [own, latest].compactMap(\.self).min()
    hasDeadline = deadline != nil
    self.help = help
  }

  static var interrupted: ScriptError { ScriptError(.interrupted, "interrupted") }

  /// The steps until the next look.
  var portion: Int { min(Budget.interval - 1, max(stepLimit - steps, 0)) + 1 }

  /// Counts steps and throws when a budget is used up.
  mutating func spend(_ count: Int, meter: MemoryMeter) throws(ScriptError) {
    steps += count
    try look(meter)
  }

  /// Throws when a budget is used up.
  func look(_ meter: MemoryMeter) throws(ScriptError) {
    if steps > stepLimit {
      throw used("\(stepLimit) steps", help: help.steps)
    }
    if hasDeadline, let deadline, ContinuousClock.now > deadline {
      throw used("\(timeLimit)", help: help.time)
    }
    if meter.isExceeded { try meter.check(adding: 0) }
  }

  private func used(_ what: String, help: String) -> ScriptError {
    var error = ScriptError(.limit, "the budget of \(what) is used up", help: help)
    (error.isBudget, error.isFinal) = (true, true)
    return error
  }
}
