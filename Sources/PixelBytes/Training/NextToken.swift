/// The token that follows: after the last position of a window, as in the paper, or after every one.
///
/// Of windows that wrap round, a model is measured by what it says after the last position, whichever it learned from, so that
/// all are compared by the same.
public struct NextToken: Objective {
  /// After which positions.
  public let positions: Positions

  /// Creates the objective.
  public init(_ positions: Positions) { self.positions = positions }

  /// What a model of windows that follow a rule learns and is measured by.
  public init(_ positions: Positions, _ rule: WindowRule) throws(ConfigurationError) {
    guard rule == .circular || positions == .all else {
      throw ConfigurationError(
        "windows \"rows\" needs loss \"all\": after the last token of a row nothing is left to predict",
        setting: "windows")
    }
    (self.positions, measuresAll) = (positions, rule == .rows)
  }

  private var measuresAll = false

  /// "last" or "all".
  public var name: String { positions.rawValue }
  /// That of the last position; itself of windows that hold rows.
  public var measured: any Objective { measuresAll ? self : NextToken(.last) }

  /// All contexts but the last, and the tokens of all but the first, or of the last; padding is no target.
  public func example(of windows: ContextBatch) -> Example {
    let (length, tokens) = (windows.length, windows.tokens)
    let first = positions == .all ? 1 : length - 1
    let targets = windows.lengths.enumerated().flatMap { sequence, end in
      (first..<length).map { $0 < end ? Int32(tokens[sequence * length + $0]) : Example.ignored }
    }
    return Example(windows.positions(0..<length - 1), targets: targets)
  }
}

extension Objective where Self == NextToken {
  /// The token after the last position.
  public static var last: NextToken { NextToken(.last) }
  /// The token after every position.
  public static var all: NextToken { NextToken(.all) }
}
