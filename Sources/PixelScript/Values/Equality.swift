/// Equality by value.
enum Equality {
  private struct Pair: Hashable {
    let left, right: ObjectIdentifier
  }

  /// After this many comparisons the pairs are remembered, so that lists that contain themselves come to an end.
  private static let patience = 10_000

  /// Compares two values, containers element by element, without recursion.
  static func areEqual(_ left: Value, _ right: Value) -> Bool {
    var pending = [(left, right)]
    var steps = 0
    var seen: Set<Pair> = []
    while let (a, b) = pending.popLast() {
      steps += 1
      switch (a, b) {
      case (.list(let a), .list(let b)):
        if a === b { continue }
        guard a.count == b.count else { return false }
        if steps > patience, !seen.insert(Pair(left: .init(a), right: .init(b))).inserted { continue }
        for position in 0..<a.count {
          guard isSettled(a[position], b[position], &pending) else { return false }
        }
      case (.map(let a), .map(let b)):
        if a === b { continue }
        guard a.count == b.count else { return false }
        if steps > patience, !seen.insert(Pair(left: .init(a), right: .init(b))).inserted { continue }
        for (key, value) in a.entries {
          guard let other = b.value(for: key), isSettled(value, other, &pending) else { return false }
        }
      default:
        guard areEqualLeaves(a, b) else { return false }
      }
    }
    return true
  }

  /// False when two values differ at first sight; containers wait for their turn.
  private static func isSettled(_ left: Value, _ right: Value, _ pending: inout [(Value, Value)]) -> Bool {
    switch (left, right) {
    case (.list, .list), (.map, .map):
      pending.append((left, right))
      return true
    default: return areEqualLeaves(left, right)
    }
  }

  private static func areEqualLeaves(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.nil, .nil): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.range(let a), .range(let b)): (a.start, a.stop, a.step) == (b.start, b.stop, b.step)
    case (.function(let a), .function(let b)): a === b || a.commandName != nil && a.commandName == b.commandName
    case (.object(let a), .object(let b)): a.isEqual(to: b)
    default: false
    }
  }
}
