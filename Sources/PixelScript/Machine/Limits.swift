/// The budgets of a run; what goes over one ends with `error[limit]`.
public struct Limits: Sendable {
  /// The most calls of functions inside each other.
  public var depth = 10_000
  /// The most steps (turns of loops, calls, and what native loops count), or nil.
  public var steps: Int?
  /// The longest time of a run, or nil.
  public var time: Duration?
  /// The most bytes that values may hold, or nil.
  public var memory: Int?

  /// Creates budgets; without any, only the depth of calls is limited.
  public init(depth: Int = 10_000, steps: Int? = nil, time: Duration? = nil, memory: Int? = nil) {
    self.depth = depth
    self.steps = steps
    self.time = time
    self.memory = memory
  }
}
