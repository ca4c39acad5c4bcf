import Foundation

/// How the learning rate changes over a run.
public enum Schedule: String, CaseIterable, Sendable {
  case constant, cosine, linear
  /// Warm-up, a stable rate, and decay over the last fifth of the steps (Hu et al. 2024).
  case wsd

  /// The share of the full learning rate at a step, counted from 0: it rises evenly over `warmup` steps and then stays, or
  /// falls to 0 at `total` along half a cosine or a line, which may begin late.
  public func factor(step: Int, of total: Int, warmup: Int) -> Float {
    if step < warmup { return Float(step + 1) / Float(warmup) }
    let progress = Double(step - warmup) / Double(max(total - warmup, 1))
    switch self {
    case .constant: return 1
    case .cosine: return Float(0.5 * (1 + cos(.pi * progress)))
    case .linear: return Float(1 - progress)
    case .wsd: return Float(min(1, Double(total - step) / (Double(total) / 5)))
    }
  }
}
