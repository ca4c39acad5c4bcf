/// An arithmetic sequence: `start`, `start + step`, ... up to but not including `stop`.
public final class ScriptRange: Referent {
  /// The first number.
  public let start: Double
  /// The end, which is not part of the range.
  public let stop: Double
  /// The distance of two neighbors; never zero.
  public let step: Double
  /// What it is counted against; nil as long as only a host knows it.
  private var heap: Heap?

  /// What a range takes.
  static let cost = 80

  /// The most elements: their positions are numbers of a script.
  static let countLimit = 1 << 53

  /// Creates a range; throws a value error when the step is zero or a bound is not finite, and a limit error when there are more
  /// elements than `countLimit`.
  public init(start: Double = 0, stop: Double, step: Double = 1) throws(ScriptError) {
    guard step != 0 else { throw ScriptError(.value, "a range needs a step other than 0") }
    guard start.isFinite, stop.isFinite, step.isFinite else {
      throw ScriptError(
        .value, "a range needs finite numbers, found \(Display.text(of: start)) to \(Display.text(of: stop))")
    }
    guard (stop - start) / step <= Double(Self.countLimit) else {
      throw ScriptError(
        .limit,
        "a range has at most \(Self.countLimit) numbers; from \(Display.text(of: start)) to \(Display.text(of: stop)) "
          + "there are more")
    }
    self.start = start
    self.stop = stop
    self.step = step
    super.init(slotCount: 0)
  }

  deinit { heap?.remove(ScriptRange.cost) }

  /// Counts the range against a budget from now on.
  func adopt(_ heap: Heap) {
    guard self.heap == nil else { return }
    self.heap = heap
    heap.add(ScriptRange.cost)
  }

  /// The number of elements.
  public var count: Int {
    let steps = ((stop - start) / step).rounded(.up)
    return steps > 0 ? Int(steps) : 0
  }

  /// The element at a position from 0 to `count` - 1.
  public subscript(position: Int) -> Double { start + Double(position) * step }
}
