import Tensors

extension SequenceModel {
  /// The floating-point operations that a parameter costs for one token of a full run, exponentials counted as one.
  ///
  /// A weight is multiplied and added once, so it counts two; a table is only looked up. What attention does between
  /// positions depends on their number and is not counted.
  public func operations(of parameter: Parameter) -> Int {
    let (name, count) = (parameter.name, parameter.value.count)
    let isTable =
      name == "embedding.weight" || name.hasSuffix("linear_embedding.weight") || name.hasPrefix("positions.")
    if isTable { return 0 }
    // The paper's state space model runs its first block on the sequence and on its reverse.
    let runs = configuration.family.bidirectional && name.hasPrefix("_mamba.") ? 2 : 1
    if name.hasSuffix("patch_embedding.weight") {
      // Of the 81 taps of a 3 x 3 window at each of the 9 cells of a patch, 49 lie inside it.
      return 2 * count * 49 / 9
    }
    if name.hasSuffix("A_log") {
      // A state: dt * A, its exponential, the decay, dt * B * x added, and C * h added to the output.
      return runs * 8 * count
    }
    return runs * (parameter.value.shape.count > 1 ? 2 * count : count)
  }
}
