import Tensors

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
  /// The share of a target that all tokens get evenly.
  var smoothing: Float = 0
  /// How much each token counts as a target; nil stands for all the same.
  var weights: [Float]?

  /// "last" or "all".
  public var name: String { positions.rawValue }
  /// That of the last position, or of all of windows that hold rows; nothing is smoothed or weighed.
  public var measured: any Objective {
    var plain = measuresAll ? self : NextToken(.last)
    (plain.smoothing, plain.weights) = (0, nil)
    return plain
  }

  /// The number of targets that count, or the sum of their weights, as in PyTorch.
  public func divisor(of targets: [Int32]) -> Float {
    guard let weights else { return Float(max(Example.counted(targets), 1)) }
    let sum = targets.reduce(0.0) { $0 + ($1 == Example.ignored ? 0 : Double(weights[Int($1)])) }
    return sum > 0 ? Float(sum) : 1
  }

  /// The cross-entropy.
  public func loss(_ logits: Tensor, _ targets: [Int32], divisor: Float) -> Tensor {
    smoothing == 0 && weights == nil
      ? logits.crossEntropy(targets, divisor: divisor)
      : logits.crossEntropy(targets, smoothing: smoothing, weights: weights, divisor: divisor)
  }

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
