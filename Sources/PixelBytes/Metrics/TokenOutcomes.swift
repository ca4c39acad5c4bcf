import Foundation

/// What a model told of every single token that it was measured on.
public struct TokenOutcomes: Sendable {
  /// The row that each token is of.
  public private(set) var rows: [Int32] = []
  /// The tokens.
  public private(set) var labels: [Int32] = []
  /// Which token the model held for the likeliest.
  public private(set) var predictions: [Int32] = []
  /// The cross-entropy of each, in nats.
  public private(set) var losses: [Float] = []

  /// No token.
  public init() {}

  /// The number of tokens.
  public var count: Int { labels.count }

  /// Adds a token.
  public mutating func append(row: Int, label: Int32, prediction: Int32, loss: Float) {
    rows.append(Int32(row))
    labels.append(label)
    predictions.append(prediction)
    losses.append(loss)
  }

  /// The tokens that a rule chooses by their labels.
  public func choosing(_ isChosen: (UInt8) -> Bool) -> TokenOutcomes {
    var chosen = TokenOutcomes()
    for place in 0..<count where isChosen(UInt8(labels[place])) {
      chosen.append(
        row: Int(rows[place]), label: labels[place], prediction: predictions[place], loss: losses[place])
    }
    return chosen
  }

  /// The mean of the losses; NaN without any.
  public var loss: Double { losses.reduce(0) { $0 + Double($1) } / Double(count) }

  /// Labels against predictions.
  public var classification: Classification { Classification(labels: labels, predictions: predictions) }

  /// A figure of them.
  public func value(of metric: Metric) -> Double { metric.value(loss: loss, classification) }

  /// The cross-entropy of a label by logits of all tokens, in nats.
  static func loss(_ logits: ArraySlice<Float>, _ label: Int32) -> Float {
    let highest = logits.max() ?? 0
    let sum = logits.reduce(Float(0)) { $0 + exp($1 - highest) }
    return log(sum) + highest - logits[logits.startIndex + Int(label)]
  }
}
