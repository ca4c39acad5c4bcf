/// What is left of a run's budgets.
struct Budget {
  /// The steps between two looks at the clock.
  static let interval = 4096

  private(set) var steps = 0
  private var stepLimit = Int.max
  private var hasDeadline = false
  private var deadline = ContinuousClock.now
  private var timeLimit = Duration.zero

  init() {}

  init(_ limits: Limits) {
    stepLimit = limits.steps ?? .max
    guard let time = limits.time else { return }
    (hasDeadline, timeLimit) = (true, time)
    deadline = deadline + time
  }

  static var interrupted: ScriptError { ScriptError(.interrupted, "interrupted") }

  /// The steps until the next look.
  var portion: Int { min(Budget.interval - 1, max(stepLimit - steps, 0)) + 1 }

  /// Counts steps and throws when a budget is used up.
  mutating func spend(_ count: Int, meter: MemoryMeter) throws(ScriptError) {
    steps += count
    if steps > stepLimit {
      throw ScriptError(.limit, "the budget of \(stepLimit) steps is used up", help: "allow more with --max-steps")
    }
    try look(meter)
  }

  /// Throws when the budget of time or memory is used up.
  func look(_ meter: MemoryMeter) throws(ScriptError) {
    if hasDeadline, ContinuousClock.now > deadline {
      throw ScriptError(.limit, "the budget of \(timeLimit) is used up", help: "allow more with --max-time")
    }
    if meter.isExceeded { try meter.check(adding: 0) }
  }
}
