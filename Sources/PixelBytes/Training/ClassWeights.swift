import Safepoint

/// How much each token counts in the loss where it is the one to say.
public enum ClassWeights: Equatable, Sendable {
  /// The rarer it is among the tokens to learn from, the more: their number, divided by that of the different ones and by its own. A
  /// token that never occurs has 0.
  case balanced
  /// A number for each token.
  case numbers([Double])

  /// The texts that stand for numbers.
  static let words = ["balanced"]

  /// Numbers, or "balanced"; nil for anything else.
  public init?(_ value: SettingValue) {
    if value == .text("balanced") {
      self = .balanced
    } else if let numbers = value.numbers {
      self = .numbers(numbers)
    } else {
      return nil
    }
  }

  /// The value that it is made of.
  public var value: SettingValue {
    switch self {
    case .balanced: .text("balanced")
    case .numbers(let numbers): .list(numbers.map { .number($0) })
    }
  }

  /// The weights of `count` tokens, of `sequences` where they are balanced; throws where there are more or fewer.
  func resolved(for sequences: TokenSequences, count: Int) throws -> [Float] {
    switch self {
    case .numbers(let numbers):
      guard numbers.count == count else {
        throw ConfigurationError(
          "class_weights must be \(count) numbers, one for each token, found \(numbers.count)", setting: "class_weights"
        )
      }
      guard numbers.contains(where: { $0 > 0 }) else {
        throw ConfigurationError("class_weights are all 0, so that no token counts", setting: "class_weights")
      }
      return numbers.map { Float($0) }
    case .balanced:
      var counts = [Int](repeating: 0, count: count)
      for row in 0..<sequences.count {
        let tokens = try sequences.tokenIDs(of: row)
        try Safepoint.check(after: tokens.count)
        for token in tokens where Int(token) < count { counts[Int(token)] += 1 }
      }
      let total = Double(counts.reduce(0, +)) / Double(counts.count { $0 > 0 })
      return counts.map { $0 == 0 ? 0 : Float(total / Double($0)) }
    }
  }
}
