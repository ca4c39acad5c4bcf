import Safepoint
import Synchronization

/// The groups of rows that were read last, as many as fit, so that rows in any order within them are read once.
final class GroupCache<Group: Sendable>: Sendable {
  private struct Entry {
    let number: Int
    let group: Group
    let cost: Int
  }

  private struct State {
    /// The latest at the end.
    var entries: [Entry] = []
    var reads = 0
  }

  private let state = Mutex(State())

  /// The most bytes that groups take together: two pools of rows that are shuffled.
  private static var limit: Int { 2 * RowGroup.poolSize }

  /// How many groups were read so far.
  var reads: Int { state.withLock(\.reads) }

  /// Returns a group, which `read` reads where it is not known; it takes `cost` bytes in memory, about.
  func group(_ number: Int, cost: Int, read: () throws -> Group) throws -> Group {
    try state.withLock { state in
      if let place = state.entries.lastIndex(where: { $0.number == number }) {
        if place < state.entries.count - 1 { state.entries.append(state.entries.remove(at: place)) }
        return state.entries[state.entries.count - 1].group
      }
      var room = Self.limit - cost
      let kept = state.entries.reversed().prefix { entry in
        room -= entry.cost
        return room >= 0
      }
      // Two, so that rows in order and those of a second walk do not drive each other out.
      state.entries.removeFirst(state.entries.count - max(kept.count, min(1, state.entries.count)))
      while !state.entries.isEmpty, !Safepoint.mayMake(cost) { state.entries.removeFirst() }
      let group = try read()
      state.reads += 1
      state.entries.append(Entry(number: number, group: group, cost: cost))
      return group
    }
  }
}
