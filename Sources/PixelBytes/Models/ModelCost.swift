import Tensors

extension SequenceModel {
  /// The floating-point operations that a parameter costs for one token of a full run, exponentials counted as one.
  ///
  /// A weight is multiplied and added once, so it counts two; a table is only looked up. What is done without weights is
  /// not counted: activations, the means of norms, and what attention does between positions, which depends on their
  /// number.
  public func operations(of parameter: Parameter) -> Int {
    let (name, count) = (parameter.name, parameter.value.count)
    if name == "embedding.weight" {
      // Looked up, and multiplied by where the head shares it.
      return (configuration.family as? MambaByteFamily)?.isTied == true ? 2 * count : 0
    }
    if name.hasSuffix("linear_embedding.weight") || name.hasPrefix("positions.") { return 0 }
    if name.hasSuffix("patch_embedding.weight") {
      // Of the 81 taps of a 3 x 3 window at each of the 9 cells of a patch, 49 lie inside it.
      return 2 * count * 49 / 9
    }
    if name.hasSuffix("A_log") {
      // A state: dt * A, its exponential, the decay, dt * B * x added, and C * h added to the output.
      return runs(of: name) * 8 * count
    }
    return runs(of: name) * (parameter.value.shape.count > 1 ? 2 * count : count)
  }

  /// The paper's state space model runs its first block on the sequence and on its reverse, and shares the projections
  /// around the scans.
  private func runs(of name: String) -> Int {
    let isShared = name.contains("in_proj") || name.contains("out_proj")
    return configuration.bidirectional && name.hasPrefix("_mamba.") && !isShared ? 2 : 1
  }
}
