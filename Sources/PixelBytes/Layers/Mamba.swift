import Foundation
import Tensors

/// A selective state space block (Gu and Dao 2023, the `Mamba` of its authors' package).
public struct Mamba {
  private let input, convolution, convolutionBias, xProjection, dtProjection, dtBias, aLog, skip, output: Parameter

  /// A block for vectors of `width` numbers, with the names and first values of the published one.
  ///
  /// One that is called in both `directions` shares the projections around the scans, and does all else twice.
  public init(
    _ width: Int, state: Int, taps: Int = 4, expansion: Int = 2, directions: Int = 1, in scope: ParameterScope
  ) {
    let (inner, rank) = (width * expansion, (width + 15) / 16)
    func bound(_ count: Int) -> Initializer { .uniform(1 / Float(count).squareRoot()) }
    aLog = scope.parameter("A_log", [inner, state], .zeros) { values in
      for k in values.indices { values[k] = log(Float(k % state + 1)) }
    }
    skip = scope.parameter("D", [inner], .ones)
    input = scope["in_proj"].parameter("weight", [2 * inner, width], bound(width))
    convolution = scope["conv1d"].parameter("weight", [inner, 1, taps], bound(taps))
    convolutionBias = scope["conv1d"].parameter("bias", [inner], bound(taps))
    xProjection = scope["x_proj"].parameter("weight", [rank + 2 * state, inner], bound(inner))
    dtProjection = scope["dt_proj"].parameter("weight", [inner, rank], bound(rank))
    // Steps spread evenly over the logarithms of 0.001 to 0.1, through the inverse of softplus.
    dtBias = scope["dt_proj"].parameter("bias", [inner], .between(log(0.001), log(0.1))) { values in
      for k in values.indices {
        let step = max(exp(values[k]), 1e-4)
        values[k] = step + log(-expm1(-step))
      }
    }
    output = scope["out_proj"].parameter("weight", [width, inner], bound(inner))
    // A state: dt * A, its exponential, the decay, dt * B * x added, and C * h added to the output.
    aLog.operations = 8 * aLog.value.count
    // Rates and filters of single channels.
    (aLog.role, convolution.role) = (.vector, .vector)
    for parameter in [convolution, convolutionBias, xProjection, dtProjection, dtBias, aLog, skip] {
      parameter.operations *= directions
    }
  }

  private func weights(in pass: Pass) -> MambaWeights {
    MambaWeights(
      input: pass[input], convolution: pass[convolution], convolutionBias: pass[convolutionBias],
      xProjection: pass[xProjection], dtProjection: pass[dtProjection], dtBias: pass[dtBias], aLog: pass[aLog],
      skip: pass[skip], output: pass[output])
  }

  /// x [batch, time, width] to the same shape, or to [batch, 1, width] with `lastOnly`.
  public func callAsFunction(
    _ x: Tensor, _ form: MambaForm = MambaForm(), lastOnly: Bool = false, in pass: Pass
  ) -> Tensor {
    x.mamba(weights(in: pass), form, lastOnly: lastOnly)
  }

  /// The block in the middle of sequences.
  public struct Stepper {
    private let weights: MambaWeights
    private var state: MambaState

    fileprivate init(_ weights: MambaWeights, batch: Int, forgets: Bool) {
      (self.weights, state) = (weights, MambaState(weights, batch: batch, forgets: forgets))
    }

    /// The outputs of the next steps.
    public mutating func next(_ x: Tensor) -> Tensor { x.mamba(weights, from: &state) }
  }

  /// A stepper at the start of `batch` sequences.
  public func stepper(batch: Int, forgets: Bool = false) -> Stepper {
    Stepper(weights(in: Pass()), batch: batch, forgets: forgets)
  }

  /// The block at the start of one sequence that it reads backwards, or both ways.
  public func growing(_ form: MambaForm) -> GrowingMamba { GrowingMamba(weights(in: Pass()), form) }
}

struct MambaConfiguration: LayerConfiguration {
  static let name = "mamba_layer"
  static let summary = "Makes a selective state space block over [batch, time, width] (the Mamba of Gu and Dao 2023)."
  static let example = "print mamba_layer(8)(ones(2, 5, 8)).shape  # expect: [2, 5, 8]"
  static let settings: [Setting<Self>] = [
    .size("width", \.width, "width of input and output").required(),
    .size("state", \.state, "states of a channel"),
    .size("conv", \.taps, "positions that its convolution sees").byName(),
    .size("expand", \.expansion, "inner channels for each of the width").byName(),
    .flag("bidirectional", \.bidirectional, "whether what it gives of the reversed sequence is added").byName(),
  ]
  var width = 1, state = 16, taps = 4, expansion = 2, bidirectional = false

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = Mamba(
      width, state: state, taps: taps, expansion: expansion, directions: bidirectional ? 2 : 1, in: scope)
    let form = MambaForm(bidirectional ? .both : .forward)
    return LayerOperation(
      "mamba_layer \(width), state \(state)\(bidirectional ? ", both ways" : "")", LayerShape(.sequences, width),
      work: 8 * expansion * width + 2 * state,
      steps: bidirectional
        ? .whole
        : .state { batch in
          var stepper = layer.stepper(batch: batch)
          return { stepper.next($0) }
        }
    ) { layer($0, form, in: $1) }
  }
}
