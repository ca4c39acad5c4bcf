/// A list or a map that loops build: `[x * 2 for x in xs if x > 1]`, `{k: v for k, v in m}`.
public final class Comprehension: Sendable {
  /// A loop, or a condition under which the parts behind it are there.
  public enum Clause: Sendable {
    case loop([Name], Expression)
    case condition(Expression)
  }

  /// The key of an entry; nil for a list.
  public let key: Expression?
  /// The element of a list, or the value of an entry.
  public let value: Expression
  /// The loops and conditions, outermost first; the first one is a loop.
  public let clauses: [Clause]

  /// Creates one.
  public init(key: Expression?, value: Expression, clauses: [Clause]) {
    self.key = key
    self.value = value
    self.clauses = clauses
  }

  /// The expressions of the clauses, then the key and the value.
  package var parts: [Expression] {
    let subjects = clauses.map { clause in
      switch clause {
      case .loop(_, let values): values
      case .condition(let condition): condition
      }
    }
    return subjects + [key, value].compactMap(\.self)
  }
}
