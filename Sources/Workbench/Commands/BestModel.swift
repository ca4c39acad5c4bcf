import PixelBytes
import Ranks
import Tensors

/// The best model of a run, which `restore: "best"` gives back at its end: out of its folder, or out of memory.
struct BestModel {
  private let keeping: RunKeeping
  private let keeper: RunKeeper?
  private var weights: [Tensor] = []
  /// What the run had done when the model was the best one; nil where the last weights stay.
  private(set) var record: TrainingRecord?

  init(_ keeping: RunKeeping, _ keeper: RunKeeper?) { (self.keeping, self.keeper) = (keeping, keeper) }

  /// The place of the best of some evaluations: the one that the folder's best model is from.
  func best(of history: [HistoryRow]) -> Int? { keeper?.best(of: history) ?? keeping.measure.best(of: history) }

  /// What is said of the best evaluation of a run; nil where there is none.
  func line(of run: TrainingRun) -> String? {
    best(of: run.history).map { run.history[$0].bestLine(by: keeping.measure) }
  }

  /// Remembers the weights of an evaluation that is the best so far.
  mutating func note(_ run: TrainingRun) {
    guard keeping.restored == .best, keeper == nil, keeping.measure.isLastBest(of: run.history) else { return }
    weights = run.withMeasuredWeights { run.model.parameters.map(\.value) }
  }

  /// Gives the model of a run that is over the best weights, where they are asked for: those that the first rank has, for all.
  mutating func restore(_ run: TrainingRun, _ environment: Environment) throws {
    guard keeping.restored == .best, !run.history.isEmpty else { return }
    run.finish()
    try environment.onFirst {
      try keeper?.restoreBest(of: run)
      for (parameter, value) in zip(run.model.parameters, weights) { parameter.value = value }
    }
    try environment.ranks?.share(run.model)
    record = best(of: run.history).map { run.record(ofEvaluation: $0) }
  }
}
