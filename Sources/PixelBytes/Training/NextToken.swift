/// The token that follows: after the last position of a window, as in the paper, or after every one.
///
/// A model is measured by what it says after the last position, whichever it learned from.
public struct NextToken: Objective {
  /// After which positions.
  public let positions: Positions

  /// Creates the objective.
  public init(_ positions: Positions) { self.positions = positions }

  /// "last" or "all".
  public var name: String { positions.rawValue }
  /// That of the last position.
  public var measured: any Objective { NextToken(.last) }

  /// All contexts but the last, and the tokens of all but the first, or of the last.
  public func example(of windows: ContextBatch) -> Example {
    let (length, tokens) = (windows.length, windows.tokens)
    let first = positions == .all ? 1 : length - 1
    let targets = (0..<windows.count).flatMap { tokens[$0 * length + first..<($0 + 1) * length].map { Int32($0) } }
    return Example(windows.positions(0..<length - 1), targets: targets)
  }
}

extension Objective where Self == NextToken {
  /// The token after the last position.
  public static var last: NextToken { NextToken(.last) }
  /// The token after every position.
  public static var all: NextToken { NextToken(.all) }
}
