import Tensors
import Testing

/// One operator to be checked against finite differences: named inputs and what is computed of them.
struct GradientCase: CustomTestStringConvertible, Sendable {
  let name: String
  private let shapes: [Shape]
  private let range: ClosedRange<Float>
  let body: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ shapes: [Shape], range: ClosedRange<Float> = -1.5...1.5,
    body: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.shapes, self.range, self.body) = (name, shapes, range, body)
  }

  var inputs: [Tensor] {
    var random = Random(seed: 11, stream: name)
    return shapes.map { shape in
      Tensor((0..<shape.elementCount).map { _ in random.uniform(range.lowerBound, range.upperBound) }, shape)
    }
  }

  var testDescription: String { name }

  /// The result as one number: its elements weighted by fixed numbers, so that no error cancels.
  func weighted(_ result: Tensor) -> Tensor {
    var random = Random(seed: 5, stream: "weights")
    return (result * Tensor((0..<result.count).map { _ in random.uniform(0.5, 1.5) }, result.shape)).sum()
  }
}

extension GradientCase {
  /// Rows of several features, of two for one place, and of none.
  private static let features: SparseFeatures = {
    var features = SparseFeatures()
    for (row, numbers) in [[(0, 1, 0.5), (1, 1, -2), (1, 3, 1.5)], [], [(0, 2, 3)]].enumerated() {
      for (gate, column, value) in numbers { features.add(Float(value), gate: gate, column: column) }
      features.endRow()
      precondition(features.rows == row + 1)
    }
    return features
  }()

  static let all: [GradientCase] = arithmetic + elementwise + reductions + shaping + layers + sequences

  private static let arithmetic: [GradientCase] = [
    .init("add", [[2, 3], [2, 3]]) { $0[0] + $0[1] },
    .init("add, row stretched", [[2, 3], [3]]) { $0[0] + $0[1] },
    .init("subtract, column stretched", [[2, 1], [2, 3]]) { $0[0] - $0[1] },
    .init("multiply, both stretched", [[4, 1, 3], [2, 1]]) { $0[0] * $0[1] },
    .init("multiply by itself", [[5]]) { $0[0] * $0[0] },
    .init("divide", [[2, 3], [3]], range: 0.5...2) { $0[0] / $0[1] },
    .init("power", [[2, 3], [3]], range: 0.5...2) { $0[0].power($0[1]) },
    .init("negative", [[3]]) { -$0[0] },
    .init("maximum", [[7], [7]]) { $0[0].maximum($0[1]) },
    .init("minimum", [[7], [1]]) { $0[0].minimum($0[1]) },
    .init("broadcast", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) },
    .init("matrix product", [[3, 4], [4, 2]]) { $0[0].matrixProduct($0[1]) },
    .init("matrix product of rows", [[2, 3, 4], [4, 2]]) { $0[0].matrixProduct($0[1]) },
    .init("matrix product, batched", [[2, 3, 4], [2, 4, 5]]) { $0[0].matrixProduct($0[1]) },
    .init("matrix product, batch stretched", [[3, 1, 2, 4], [2, 4, 5]]) { $0[0].matrixProduct($0[1]) },
    .init("matrix by vector", [[3, 4], [4]]) { $0[0].matrixProduct($0[1]) },
    .init("vector by vector", [[4], [4]]) { $0[0].matrixProduct($0[1]) },
    .init("linear", [[2, 3, 4], [5, 4], [5]]) { $0[0].linear($0[1], bias: $0[2]) },
  ]

  private static let elementwise: [GradientCase] = [
    .init("exp", [[17]]) { $0[0].exp() },
    .init("log", [[5]], range: 0.3...2) { $0[0].log() },
    .init("sqrt", [[5]], range: 0.3...2) { $0[0].sqrt() },
    .init("abs", [[5]]) { $0[0].abs() },
    .init("sin", [[5]]) { $0[0].sin() },
    .init("cos", [[5]]) { $0[0].cos() },
    .init("tan", [[5]], range: -1...1) { $0[0].tan() },
    .init("tanh", [[19]]) { $0[0].tanh() },
    .init("sigmoid", [[19]]) { $0[0].sigmoid() },
    .init("relu", [[9]]) { $0[0].relu() },
    .init("gelu", [[9]]) { $0[0].gelu() },
    .init("silu", [[9]]) { $0[0].silu() },
    .init("softplus", [[9]]) { $0[0].softplus() },
    .init("clamp", [[9]]) { $0[0].clamp(-0.5, 0.5) },
  ]

  private static let reductions: [GradientCase] = [
    .init("sum", [[2, 3]]) { $0[0].sum() },
    .init("sum of an axis", [[2, 3, 4]]) { $0[0].sum(axis: 1) },
    .init("mean", [[2, 3]]) { $0[0].mean() },
    .init("norm of an axis", [[2, 3, 4]]) { $0[0].norm(axis: 1) },
    .init("mean squared error, stretched", [[2, 3], [3]]) { $0[0].meanSquaredError($0[1]) },
    .init("power of a number", [[2, 9]], range: 0.5...2) { $0[0].power(Tensor(2.5)) },
    .init("square", [[17]]) { $0[0].power(Tensor(2)) },
    .init("mean of an axis, kept", [[2, 3]]) { $0[0].mean(axis: -1, keep: true) },
    .init("variance", [[2, 3]]) { $0[0].variance() },
    .init("variance of an axis", [[2, 3]]) { $0[0].variance(axis: 0, correction: 0) },
    .init("norm", [[2, 3]]) { $0[0].norm() },
    .init("maximum of all", [[2, 3]]) { $0[0].max() },
    .init("min of an axis", [[2, 3, 2]]) { $0[0].min(axis: 1) },
    .init("cumulative sum", [[2, 3, 2]]) { $0[0].cumulativeSum(axis: 1) },
    .init("softmax", [[3, 19]]) { $0[0].softmax() },
    .init("log softmax", [[3, 5]]) { $0[0].logSoftmax() },
    .init("softmax of columns", [[2, 5, 19]]) { $0[0].softmax(axis: 1) },
    .init("log softmax of columns", [[7, 17]]) { $0[0].logSoftmax(axis: 0) },
    .init("sparse features", [[3, 4], [3, 2]]) { $0[0].adding(features, gates: $0[1]) },
    .init("cross-entropy", [[4, 5]]) { $0[0].crossEntropy([1, 4, Tensor.ignoredLabel, 0]) },
    .init("cross-entropy of shares", [[3, 3]]) {
      $0[0].crossEntropy(
        [2, Tensor.ignoredLabel, 0], smoothing: 0.4, towards: [0.2, 0.3, 0.5, 0, 1, 0, 0.6, 0.3, 0.1],
        weights: [0.5, 1, 2], divisor: 2.5)
    },
    .init("mean squared error", [[4], [4]]) { $0[0].meanSquaredError($0[1]) },
  ]

  private static let shaping: [GradientCase] = [
    .init("reshape", [[2, 6]]) { $0[0].reshaped([3, -1]) },
    .init("permute", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) },
    .init("transpose", [[2, 3]]) { $0[0].transposed() },
    .init("concatenate", [[2, 3], [2, 1]]) { Tensor.concatenated($0, axis: 1) },
    .init("stack", [[2, 3], [2, 3]]) { Tensor.stacked($0, axis: 1) },
    .init("concatenate, some constant", [[2, 3, 2]]) {
      Tensor.concatenated([Tensor(repeating: 1, [2, 2, 2]), $0[0], $0[0]], axis: 1)
    },
    .init("stack in front", [[2, 3], [2, 3]]) { Tensor.stacked($0) },
    .init("flip of rows", [[2, 3, 2]]) { $0[0].flipped(axis: 1) },
    .init("flip", [[2, 3]]) { $0[0].flipped(axis: 1) },
    .init("repeat", [[2, 3]]) { $0[0].repeated(2, axis: 0) },
    .init("pad", [[2, 3]]) { $0[0].padded([(1, 0), (2, 1)], value: 9) },
    .init("index", [[3, 4, 2]]) { $0[0].indexed([.positions([2, 0, 2]), .position(-1)]) },
    .init("replace", [[3, 4], [4]]) { $0[0].replacing([.positions([0, 2])], with: $0[1]) },
    .init("mask", [[4]]) { $0[0].masked(Tensor([1, 0, 0, 1], [4])) },
    .init("gather", [[2, 4]]) { $0[0].gathered(axis: 1, indices: Tensor([3, 0, 1, 1, 1, 2], [2, 3])) },
    .init("choose", [[2, 3], [3]]) { Tensor.choosing(Tensor([1, 0, 0, 0, 1, 1], [2, 3]), $0[0], $0[1]) },
    .init("scatter", [[2, 4], [2, 3]]) { $0[0].scattered($0[1], axis: 1, at: Tensor([3, 0, 1, 1, 1, 2], [2, 3])) },
    .init("scatter and add", [[2, 4], [2, 3]]) {
      $0[0].scatterAdded($0[1], axis: 1, at: Tensor([3, 0, 1, 1, 1, 2], [2, 3]))
    },
    .init("largest of windows", [[2, 9]]) { $0[0].largestPooled(axes: 1, size: 3, stride: 2, padding: 1) },
    .init("largest of windows of images", [[2, 5, 6]]) { $0[0].largestPooled(axes: 2, size: 2, stride: 2) },
    .init("means of windows", [[2, 9]]) { $0[0].meanPooled(axes: 1, size: 4, stride: 3, padding: 2) },
    .init("means of windows of images", [[2, 5, 6]]) { $0[0].meanPooled(axes: 2, size: 3, stride: 1, padding: 1) },
    .init("embedding", [[5, 3]]) { $0[0].embedding([4, 0, 4, 1], [2, 2]) },
  ]

  private static let layers: [GradientCase] = [
    .init("layer norm", [[3, 19], [19], [19]]) { $0[0].layerNorm(weight: $0[1], bias: $0[2]) },
    .init("RMS norm", [[3, 5], [5]]) { $0[0].rmsNorm(weight: $0[1]) },
    .init("RMS norm of 37", [[2, 37], [37]]) { $0[0].rmsNorm(weight: $0[1]) },
    .init("linear of one row", [[1, 37], [21, 37], [21]]) { $0[0].linear($0[1], bias: $0[2]) },
    .init("convolution 1D", [[2, 4, 6], [4, 2, 3], [4]]) {
      $0[0].convolution1D($0[1], bias: $0[2], stride: 2, padding: 1, groups: 2)
    },
    .init("convolution 2D", [[2, 3, 4, 5], [2, 3, 3, 2], [2]]) { $0[0].convolution2D($0[1], bias: $0[2], padding: 1) },
    .init("convolution 2D, wide steps", [[2, 2, 7, 6], [4, 1, 2, 3]]) {
      $0[0].convolution2D($0[1], stride: 3, padding: 4, groups: 2)
    },
    .init("dropout", [[20]]) {
      var random = Random(seed: 1, stream: "dropout")
      return $0[0].dropout(0.5, using: &random)
    },
    .init("LSTM", [[2, 3, 5], [12, 5], [12, 3], [12], [12]]) { $0[0].lstm([weights($0, 1)]) },
    .init("LSTM, 17 units", [[3, 2, 4], [68, 4], [68, 17], [68], [68]]) { $0[0].lstm([weights($0, 1)]) },
    .init("LSTM, two directions", [[9, 4, 3]] + [Shape]([[8, 3], [8, 2], [8], [8], [8, 3], [8, 2], [8], [8]])) {
      $0[0].lstm([weights($0, 1), weights($0, 5)])
    },
    .init("patch embedding", [[6, 2], [1, 1, 3, 3], [4, 18], [2, 2, 3, 3], [2], [4]]) {
      PatchTable(
        .init(table: $0[0], mix: $0[1], projection: $0[2], convolution: ($0[3], $0[4])), bias: $0[5])(patches)
    },
    .init("patch embedding of 2x3 cells", [[6, 2], [1, 1, 2, 3], [4, 12], [2, 2, 3, 3], [2], [4]]) {
      PatchTable(
        .init(table: $0[0], mix: $0[1], projection: $0[2], convolution: ($0[3], $0[4])), bias: $0[5])(patches)
    },
    .init("patch embedding without convolution", [[6, 2], [1, 1, 3, 3], [4, 18], [4]]) {
      PatchTable(.init(table: $0[0], mix: $0[1], projection: $0[2], convolution: nil), bias: $0[3])(patches)
    },
  ]

  private static let sequences: [GradientCase] = [
    .init("Mamba", [[2, 5, 3]] + mamba(width: 3, inner: 5, state: 3, rank: 2)) { $0[0].mamba(mambaWeights($0)) },
    .init("Mamba, across chunks", [[1, 19, 2]] + mamba(width: 2, inner: 2, state: 17, rank: 1), range: -1...1) {
      $0[0].mamba(mambaWeights($0))
    },
    .init("Mamba, two directions", [[2, 18, 2]] + mamba(width: 2, inner: 3, state: 2, rank: 1), range: -1...1) {
      $0[0].mamba(mambaWeights($0), MambaForm(.both))
    },
    .init("Mamba with a forget gate", [[2, 5, 3]] + mamba(width: 3, inner: 5, state: 3, rank: 2), range: -0.8...0.8) {
      $0[0].mamba(mambaWeights($0), MambaForm(.backward, forgets: true))
    },
    .init(
      "Mamba with a forget gate, last position", [[2, 5, 3]] + mamba(width: 3, inner: 5, state: 3, rank: 2),
      range: -0.8...0.8
    ) {
      $0[0].mamba(mambaWeights($0), MambaForm(forgets: true), lastOnly: true)
    },
    .init("attention", [[2, 3, 4], [12, 4], [12]]) { attention($0, AttentionOptions(heads: 2)) },
    .init("attention, causal, dropped out", [[1, 5, 2], [6, 2], [6]]) {
      attention($0, AttentionOptions(heads: 1, sees: .causal, dropout: Dropout(0.4, seed: 3)))
    },
    .init("attention, last position, in blocks", [[2, 5, 2], [6, 2], [6]]) {
      attention($0, AttentionOptions(heads: 1, sees: .blocks(2, memory: 1)), lastOnly: true)
    },
    .init("causal convolution", [[2, 5, 3], [4, 3, 3]]) { $0[0].causalConvolution($0[1], dilation: 2) },
    .init("dropout by a seed", [[21]]) { $0[0].dropout(Dropout(0.3, seed: 5)) },
    .init("ReLU with dropout", [[21]]) { $0[0].relu(Dropout(0.3, seed: 5)) },
    .init("Mamba, last position", [[2, 18, 2]] + mamba(width: 2, inner: 3, state: 2, rank: 1), range: -1...1) {
      $0[0].mamba(mambaWeights($0), lastOnly: true)
    },
  ]

  private static func attention(_ x: [Tensor], _ options: AttentionOptions, lastOnly: Bool = false) -> Tensor {
    x[0].attention(AttentionWeights(input: x[1], inputBias: x[2]), options, lastOnly: lastOnly)
  }

  private static func mamba(width: Int, inner: Int, state: Int, rank: Int) -> [Shape] {
    [
      [2 * inner, width], [inner, 1, 4], [inner], [rank + 2 * state, inner], [inner, rank], [inner], [inner, state],
      [inner], [width, inner],
    ]
  }

  private static func mambaWeights(_ x: [Tensor]) -> MambaWeights {
    MambaWeights(
      input: x[1], convolution: x[2], convolutionBias: x[3], xProjection: x[4], dtProjection: x[5], dtBias: x[6],
      aLog: x[7], skip: x[8], output: x[9])
  }

  static let patches: [UInt8] = [0, 1, 2, 3, 4, 5, 0, 0, 0, 5, 5, 1, 2, 2, 3, 0, 4, 0]

  private static func weights(_ x: [Tensor], _ first: Int) -> LSTMWeights {
    LSTMWeights(input: x[first], hidden: x[first + 1], inputBias: x[first + 2], hiddenBias: x[first + 3])
  }
}
