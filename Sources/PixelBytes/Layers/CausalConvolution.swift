import Tensors

/// A convolution over time that sees the present and earlier positions, `dilation` apart, without a bias.
public struct CausalConvolution {
  private let weight: Parameter
  private let taps, dilation: Int

  /// A layer from `inputs` to `outputs` channels with PyTorch's `Conv1d` weight [outputs, inputs, taps] and first values.
  public init(_ inputs: Int, _ outputs: Int, taps: Int, dilation: Int = 1, in scope: ParameterScope) {
    weight = scope.parameter("weight", [outputs, inputs, taps], .uniform(1 / Float(inputs * taps).squareRoot()))
    (self.taps, self.dilation) = (taps, dilation)
  }

  /// x [batch, time, inputs] to [batch, time, outputs], zeros before the first position.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    let (outputs, inputs) = (weight.value.shape[0], weight.value.shape[1])
    let flat = pass[weight].permuted([0, 2, 1]).reshaped([outputs, taps * inputs])
    return x.causalWindows(taps: taps, dilation: dilation).linear(flat)
  }

  /// The inputs that later positions look back on, [batch, (taps - 1) * dilation, inputs], before the first.
  func window(batch: Int) -> Tensor {
    Tensor(repeating: 0, [batch, (taps - 1) * dilation, weight.value.shape[1]])
  }

  /// The outputs of the next positions after `window`, which moves on.
  func callAsFunction(_ x: Tensor, after window: inout Tensor) -> Tensor {
    let all = Tensor.concatenated([window, x], axis: 1)
    let (kept, time) = (window.shape[1], x.shape[1])
    let y = self(all, in: Pass()).selected(axis: 1, Array(kept..<kept + time))
    window = all.selected(axis: 1, Array(time..<time + kept))
    return y
  }
}
