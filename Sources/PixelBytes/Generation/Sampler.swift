import Foundation
import Tensors

/// How the next token is drawn from logits.
public struct Sampler: Sendable {
  /// What logits are divided by: below 1 likely tokens become likelier.
  public var temperature: Float = 1
  /// Only this many of the likeliest tokens are drawn from.
  public var topK: Int?
  /// Only the likeliest tokens that together reach this probability are drawn from (Holtzman et al. 2020).
  public var topP: Float?
  /// Whether the likeliest token is always taken.
  public var isGreedy = false

  /// Throws when a value makes no sampling.
  public init(temperature: Float = 1, topK: Int? = nil, topP: Float? = nil, isGreedy: Bool = false)
    throws(ConfigurationError)
  {
    guard temperature > 0, temperature.isFinite else {
      throw ConfigurationError(
        "temperature must be more than 0, found \(temperature); greedy: true takes the likeliest token")
    }
    if let topK, topK < 1 { throw ConfigurationError("top_k must be 1 or more, found \(topK)") }
    if let topP, !(topP > 0 && topP <= 1) {
      throw ConfigurationError("top_p must be more than 0 and at most 1, found \(topP)")
    }
    (self.temperature, self.topK, self.topP, self.isGreedy) = (temperature, topK, topP, isGreedy)
  }

  /// The token drawn from the logits of all tokens.
  public func token(_ logits: [Float], using random: inout Random) -> UInt8 {
    if isGreedy { return UInt8(logits.indices.dropFirst().reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }) }
    let order = Self.likeliestFirst(logits)
    let best = order[0]
    var kept = order.prefix(topK ?? order.count)
    var weights = kept.map { exp(Double((logits[$0] - logits[best]) / temperature)) }
    if let topP {
      var reached = 0.0
      let enough = Double(topP) * weights.reduce(0, +)
      let count = weights.firstIndex { weight in
        reached += weight
        return reached >= enough
      }
      kept = kept.prefix((count ?? kept.count - 1) + 1)
      weights = Array(weights.prefix(kept.count))
    }
    var rest = random.unit() * weights.reduce(0, +)
    for (token, weight) in zip(kept, weights) {
      rest -= weight
      if rest < 0 { return UInt8(token) }
    }
    return UInt8(kept.last ?? best)
  }

  /// The tokens from the largest logit to the smallest, the lower id first among equal ones.
  private static func likeliestFirst(_ logits: [Float]) -> [Int] {
    // Whole numbers in the order of the floats, with the id in the lowest byte, sort faster than pairs.
    let keys = logits.indices.map { id -> UInt64 in
      let bits = (logits[id] + 0).bitPattern
      return UInt64(bits >> 31 == 0 ? bits | 1 << 31 : ~bits) << 8 | UInt64(255 - id)
    }
    return keys.sorted(by: >).map { 255 - Int($0 & 255) }
  }

  /// The natural logarithm of the probability that softmax gives a token.
  static func logProbability(of token: UInt8, in logits: [Float]) -> Float {
    let most = logits.max() ?? 0
    let sum = Kernel.exp(logits.map { $0 - most }).reduce(0.0) { $0 + Double($1) }
    return logits[Int(token)] - most - Float(log(sum))
  }
}
