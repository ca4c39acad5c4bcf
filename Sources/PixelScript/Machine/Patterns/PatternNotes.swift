/// What a search by one way after the other keeps: where ways split that were gone already, and the choices that are left.
@safe final class PatternNotes {
  /// The most places of a text times steps of a pattern for which notes are kept.
  private static let limit = 1 << 16

  /// A way that is left, or, with a slot, the place that it had before.
  private struct Choice {
    let step: Int32
    let slot: Int32
    let place: Int
  }

  @exclusivity(unchecked) private var marks: UnsafeMutablePointer<UInt32>
  @safe @exclusivity(unchecked) private var capacity = 0
  @safe @exclusivity(unchecked) private var mark: UInt32 = 0
  @safe @exclusivity(unchecked) private var stepCount = 1
  @safe @exclusivity(unchecked) private var choices: [Choice] = []
  /// The number of places of the text from the first on for which notes are kept.
  @safe @exclusivity(unchecked) private(set) var reach = 0

  init() { unsafe marks = .allocate(capacity: 0) }

  deinit { unsafe marks.deallocate() }

  /// Forgets what was noted, to keep notes on so much of a text.
  func begin(_ pattern: Pattern, over size: Int) {
    stepCount = pattern.steps.count
    // Also of the end.
    reach = min(size + 1, PatternNotes.limit / stepCount)
    let wanted = reach * stepCount
    if wanted > capacity || mark == .max {
      unsafe marks.deallocate()
      capacity = min(max(wanted, 2 * capacity), PatternNotes.limit)
      unsafe marks = .allocate(capacity: capacity)
      unsafe marks.initialize(repeating: 0, count: capacity)
      mark = 0
    }
    mark += 1
  }

  func dropChoices() { choices.removeAll(keepingCapacity: true) }

  /// Whether a step is come to for the first time at a place, counted from the first.
  @inline(__always) func isNew(_ step: Int, at place: Int) -> Bool {
    let note = unsafe marks + place * stepCount + step
    if unsafe note.pointee == mark { return false }
    unsafe note.pointee = mark
    return true
  }

  /// Leaves a way for later.
  @inline(__always) func choose(_ step: Int, at place: Int) {
    choices.append(Choice(step: Int32(truncatingIfNeeded: step), slot: -1, place: place))
  }

  /// Keeps what a slot has, for the ways that are left.
  @inline(__always) func keep(_ place: Int, of slot: Int) {
    if !choices.isEmpty { choices.append(Choice(step: 0, slot: Int32(truncatingIfNeeded: slot), place: place)) }
  }

  /// The way left last, with the slots as they were there, or nil.
  @inline(__always) func nextChoice(restoring places: inout [Int]) -> (step: Int, place: Int)? {
    while let choice = choices.popLast() {
      if choice.slot < 0 { return (Int(choice.step), choice.place) }
      places[Int(choice.slot)] = choice.place
    }
    return nil
  }
}
