/// How far it is from one evaluation of a run to the next.
public enum EvaluationInterval: Equatable, Sendable, ExpressibleByIntegerLiteral {
  /// So many epochs.
  case epochs(Int)
  /// So many optimizer steps.
  case steps(Int)

  /// So many epochs.
  public init(integerLiteral epochs: Int) { self = .epochs(epochs) }

  /// A number of epochs, or a text such as "500 steps"; nil for anything else.
  public init?(_ value: SettingValue) {
    switch value {
    case .count(let epochs): self = .epochs(epochs)
    case .text(let text):
      let words = text.split(separator: " ")
      guard words.count == 2, let count = Int(words[0]) else { return nil }
      switch words[1] {
      case "step", "steps": self = .steps(count)
      case "epoch", "epochs": self = .epochs(count)
      default: return nil
      }
    default: return nil
    }
  }

  /// The value that it is made of.
  public var value: SettingValue {
    switch self {
    case .epochs(let count): .count(count)
    case .steps(let count): .text("\(count) step\(count == 1 ? "" : "s")")
    }
  }
}
