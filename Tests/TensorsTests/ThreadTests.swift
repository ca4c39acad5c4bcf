import Tensors
import Testing

/// Large work, forwards and backwards: the same bits for any number of threads.
@Suite(.serialized) struct ThreadTests {
  private static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = Random(seed: seed, stream: "operators")
    return Tensor((0..<shape.elementCount).map { _ in random.uniform(-3, 3) }, shape)
  }

  /// The same bits, so that NaN equals itself.
  private static func bits(_ x: [Float]) -> [UInt32] { x.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern } }

  private static let large: [(String, [Shape], @Sendable ([Tensor]) -> Tensor)] = [
    ("add", [[700, 701], [701]], { $0[0] + $0[1] }), ("multiply", [[700, 701], [700, 1]], { $0[0] * $0[1] }),
    ("power", [[300_001]], { $0[0].abs().power(Tensor(1.3)) }), ("gelu", [[400_001]], { $0[0].gelu() }),
    ("permute", [[60, 70, 130]], { $0[0].permuted([2, 0, 1]) }), ("flip", [[900, 701]], { $0[0].flipped(axis: 1) }),
    ("step", [[900_001]], { $0[0].indexed([.strided(first: 1, step: 3, count: 300_000)]) }),
    ("pad", [[800, 801]], { $0[0].padded([(1, 2), (3, 4)]) }),
    ("concat", [[700, 801], [700, 33]], { Tensor.concatenated($0, axis: 1) }),
    ("mask", [[700, 801]], { $0[0].masked($0[0].compared(.greater, Tensor(0))) }),
    ("sum", [[1_000_001]], { $0[0].sum() }), ("sums of rows", [[900, 1001]], { $0[0].sum(axis: 1) }),
    ("sums of columns", [[900, 1001]], { $0[0].sum(axis: 0) }),
    ("narrow columns", [[300_001, 3]], { $0[0].sum(axis: 0) }),
    ("variance", [[900, 1001]], { $0[0].variance(axis: 0) }), ("max", [[900, 1001]], { $0[0].max(axis: 0) }),
    ("cumsum", [[900, 1001]], { $0[0].cumulativeSum(axis: 1) }), ("softmax", [[4000, 113]], { $0[0].softmax() }),
    ("log softmax", [[4000, 113]], { $0[0].logSoftmax() }),
    ("softmax of columns", [[700, 601]], { $0[0].softmax(axis: 0) }),
    ("log softmax of columns", [[20, 300, 67]], { $0[0].logSoftmax(axis: 1) }),
    ("stack", [[700, 801], [700, 801]], { Tensor.stacked($0, axis: 1) }),
    (
      "differences of neighbors", [[700, 801]],
      {
        $0[0].indexed([.all, .strided(first: 1, step: 1, count: 800)])
          - $0[0].indexed([.all, .strided(first: 0, step: 1, count: 800)])
      }
    ),
    ("exchanged by a row", [[700, 801], [700]], { ($0[0].transposed() * $0[1]).exp().transposed() }),
    ("part by part", [[700, 801]], { $0[0].indexed([.all, .strided(first: 1, step: 1, count: 800)]).gelu() }),
    ("sums of a part", [[900, 801]], { $0[0].indexed([.all, .strided(first: 1, step: 1, count: 800)]).sum(axis: 1) }),
    ("sum of a part", [[900, 801]], { $0[0].indexed([.all, .strided(first: 1, step: 1, count: 800)]).sum() }),
    ("largest of a part", [[900, 801]], { $0[0].indexed([.strided(first: 1, step: 1, count: 899)]).max(axis: 0) }),
    ("exchanged by a vector", [[900, 801], [900]], { $0[0].transposed().matrixProduct($0[1]) }),
    ("rows", [[300, 400]], { $0[0].selected(axis: 0, (0..<1000).map { $0 * 7 % 300 }) }),
    ("mean squared error", [[600, 701], [600, 701]], { $0[0].meanSquaredError($0[1]) }),
    ("layer norm", [[4000, 113], [113], [113]], { $0[0].layerNorm(weight: $0[1], bias: $0[2]) }),
    ("linear", [[2000, 100], [200, 100], [200]], { $0[0].linear($0[1], bias: $0[2]) }),
    ("matrix product", [[900, 300], [300, 500]], { $0[0].matrixProduct($0[1]) }),
    ("batched product", [[30, 50, 70], [30, 70, 60]], { $0[0].matrixProduct($0[1]) }),
    (
      "convolution", [[9, 6, 30, 31], [10, 3, 3, 3], [10]],
      {
        $0[0].convolution2D($0[1], bias: $0[2], stride: 2, padding: 1, groups: 2)
      }
    ),
    ("largest of windows", [[9, 6, 130, 131]], { $0[0].largestPooled(axes: 2, size: 3, stride: 2, padding: 1) }),
    ("means of windows", [[1, 700_001]], { $0[0].meanPooled(axes: 1, size: 5, stride: 2, padding: 2) }),
    ("largest of all", [[1_000_001]], { $0[0].max() }), ("largest of rows", [[900, 1001]], { $0[0].max(axis: 1) }),
    (
      "sort of short rows", [[90_001, 4]], { $0[0].gathered(axis: 1, indices: $0[0].constant.sortedPositions(axis: 1)) }
    ),
    ("logarithms of sums", [[90_001, 4]], { $0[0].logSumExp(axis: 1) }),
    (
      "scatter", [[900, 501], [900, 501]],
      {
        $0[0].scatterAdded(
          $0[1], axis: 1, at: Tensor((0..<900 * 501).map { Float($0 * 7 % 501) }, [900, 501], elementType: .int32))
      }
    ),
    (
      "scatter of columns", [[3, 300, 401], [3, 200, 401]],
      {
        $0[0].scattered(
          $0[1], axis: 1,
          at: Tensor((0..<3 * 200 * 401).map { Float($0 * 7 % 293) }, [3, 200, 401], elementType: .int32))
      }
    ),
    (
      "scatter of rows", [[900, 501], [900, 301]],
      {
        $0[0].scattered(
          $0[1], axis: 1, at: Tensor((0..<900 * 301).map { Float($0 * 7 % 241) }, [900, 301], elementType: .int32))
      }
    ),
    ("small products", [[40_000, 3, 4], [40_000, 4, 2]], { $0[0].matrixProduct($0[1]) }),
    ("smallest of narrow columns", [[300_001, 3]], { $0[0].min(axis: 0) }),
    ("sums of narrow columns", [[300_001, 3]], { $0[0].sum(axis: 0) }),
    ("convolution of one image", [[1, 8, 90, 91], [10, 8, 3, 3]], { $0[0].convolution2D($0[1], padding: 1) }),
    ("sums of short columns", [[5, 90_001]], { $0[0].sum(axis: 0) }),
    ("means of short columns of each", [[3, 5, 9001]], { $0[0].mean(axis: 1) }),
    ("means of short rows", [[90_001, 5]], { $0[0].mean(axis: 1) }),
    ("norms of short rows", [[90_001, 5]], { $0[0].norm(axis: 1) }),
    ("norms of short columns", [[5, 90_001]], { $0[0].norm(axis: 0) }),
    ("product", [[90_001]], { ($0[0] * Tensor(1e-6) + Tensor(1)).product(axis: 0) }),
    ("products of columns", [[9, 9001]], { $0[0].product(axis: 0) }),
    ("softmax of two columns", [[90_001, 2]], { $0[0].softmax(axis: 0) }),
    ("log softmax of two columns of each", [[3, 9001, 2]], { $0[0].logSoftmax(axis: 1) }),
    ("small product of long sums", [[16, 9001], [9001, 17]], { $0[0].matrixProduct($0[1]) }),
    ("row by long columns", [[1, 90_001], [90_001, 4]], { $0[0].matrixProduct($0[1]) }),
    ("few rows by a matrix", [[2, 700], [700, 900]], { $0[0].matrixProduct($0[1]) }),
    ("some rows", [[900, 401]], { $0[0].selected(axis: 0, (0..<800).map { $0 * 7 % 900 }) }),
    ("rows of which some come again", [[900, 401]], { $0[0].selected(axis: 0, (0..<800).map { $0 * 7 % 300 }) }),
    ("sum of every third", [[900_001]], { $0[0].indexed([.strided(first: 1, step: 3, count: 300_000)]).sum() }),
    ("repeat", [[300, 401]], { $0[0].repeated(3, axis: 1) }),
    ("neighbors twice", [[300_001]], { ($0[0] * $0[0] + $0[0]).relu() - $0[0] }),
    ("outer sums", [[700, 1], [801]], { $0[0].broadcast(to: [700, 801]) + $0[1] }),
  ]

  @Test(arguments: large.indices) func bitsDoNotDependOnThreads(_ place: Int) {
    let (name, shapes, body) = Self.large[place]
    let inputs = shapes.enumerated().map { Self.numbers($1, seed: UInt64($0)) }
    func run(_ threads: Int) -> [[UInt32]] {
      Parallel.$threads.withValue(threads) {
        let parameters = inputs.map { Parameter("x", $0) }
        let tape = Tape()
        let result = body(parameters.map(tape.variable))
        let gradients = tape.gradients(of: (result * result).sum())
        return [Self.bits(result.values)] + parameters.map { Self.bits(gradients[$0]?.values ?? []) }
      }
    }
    let expected = run(1)
    for threads in [2, 3] { #expect(run(threads) == expected, "\(name) with \(threads) threads") }
  }
}
