import Tensors

/// A convolution over time that sees the present and earlier positions, `dilation` apart, without a bias.
public struct CausalConvolution {
  private let weight: Parameter
  private let dilation: Int

  /// A layer from `inputs` to `outputs` channels with PyTorch's `Conv1d` weight [outputs, inputs, taps] and first values.
  public init(_ inputs: Int, _ outputs: Int, taps: Int, dilation: Int = 1, in scope: ParameterScope) {
    weight = scope.parameter("weight", [outputs, inputs, taps], .uniform(1 / Float(inputs * taps).squareRoot()))
    self.dilation = dilation
  }

  /// x [batch, time, inputs] to [batch, time, outputs], zeros before the first position; where `isThinned` x has only the
  /// positions a multiple of the dilation from the last.
  public func callAsFunction(_ x: Tensor, isThinned: Bool = false, in pass: Pass) -> Tensor {
    x.causalConvolution(pass[weight], dilation: isThinned ? 1 : dilation)
  }

  /// The layer at the start of `batch` sequences.
  public func stepper(batch: Int) -> CausalConvolutionState {
    CausalConvolutionState(weight.value, dilation: dilation, batch: batch)
  }
}
