import Safepoint
import Tensors

/// An exponential moving average of the weights of a run: after the first step it is the weights, and each later one takes it the
/// share 1 - `decay` of the way to them (PyTorch's `get_ema_multi_avg_fn`).
struct WeightAverage {
  private let decay: Float
  private let charge: MemoryCharge
  /// The numbers of each parameter; none before the first step.
  var values: [[Float]] = []

  /// An average of no step; throws when the budget of memory has no room for it.
  init(_ parameters: [Parameter], decay: Float) throws(Stopped) {
    let bytes = parameters.reduce(0) { $0 + 4 * $1.value.count }
    try Safepoint.reserve(bytes, for: "an average of the weights")
    (self.decay, charge) = (decay, MemoryCharge(bytes))
  }

  /// Takes in the weights after a step.
  mutating func add(_ parameters: [Parameter]) {
    guard !values.isEmpty else { return values = parameters.map(\.value.values) }
    for (index, parameter) in parameters.enumerated() {
      let weights = parameter.value.values
      for k in weights.indices { values[index][k] += (1 - decay) * (weights[k] - values[index][k]) }
    }
  }

  /// Gives parameters the average, where there is one.
  func give(to parameters: [Parameter]) {
    for (parameter, values) in zip(parameters, values) { parameter.value = Tensor(values, parameter.value.shape) }
  }
}
