import Tensors
import Testing

/// PxByEmbed as a table against what it stands for, worked out patch by patch.
@Suite struct PatchTableTests {
  @Test(arguments: [[3, 3], [1, 1], [1, 5], [2, 3], [4, 2]], [nil, 1, 3, 5])
  func isAConvolutionAndAProjection(_ size: [Int], taps: Int?) {
    let (vocabulary, e, width, cells) = (7, 3, 4, size[0] * size[1])
    var random = Random(seed: 1, stream: "weights")
    func draw(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.elementCount).map { _ in Float(random.below(2001)) / 1000 - 1 }, shape)
    }
    let (table, mix, bias) = (draw([vocabulary, e]), draw([1, 1] + size), draw([width]))
    let projection = draw([width, e * cells])
    let convolution = taps.map { (weight: draw([e, e, $0, $0]), bias: draw([e])) }
    let ids = (0..<6 * cells).map { _ in UInt8(random.below(vocabulary)) }

    let weights = PatchEmbeddingWeights(table: table, mix: mix, projection: projection, convolution: convolution)
    let found = PatchTable(weights, bias: bias)(ids)

    // [patches, rows, columns, e] to [patches, e, rows, columns].
    let embedded = table.selected(axis: 0, ids.map { Int($0) }).reshaped([6] + size + [e])
      .transposed(2, 3).transposed(1, 2)
    let share = mix.sigmoid()
    var mixed = share * embedded
    if let convolution, let taps {
      let seen = embedded.convolution2D(convolution.weight, bias: convolution.bias, padding: taps / 2)
      mixed = mixed + (Tensor(1) - share) * seen
    }
    let expected = mixed.reshaped([6, e * cells]).linear(projection, bias: bias)
    #expect(found.shape == expected.shape)
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) < 1e-5) }
  }
}
