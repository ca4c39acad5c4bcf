import Tensors
import Testing

/// Vectors that stand at several positions beside the same ones written out.
@Suite struct RepeatedRowsTests {
  private func draw(_ shape: Shape, _ random: inout Random) -> Tensor {
    Tensor((0..<shape.elementCount).map { _ in Float(random.below(2001)) / 1000 - 1 }, shape)
  }

  /// Rows of any width over few and many different bytes, which lie at any place of a hash's parts of eight.
  @Test(arguments: 1...19)
  func theDistinctOnesComeInOrder(_ size: Int) {
    var random = Random(seed: UInt64(size), stream: "rows")
    for (rows, kinds) in [(0, 1), (1, 1), (7, 1), (300, 2), (300, 256)] {
      // Rows differ in one byte only, so that each byte counts.
      let bytes = (0..<rows).flatMap { _ in
        let place = random.below(size)
        return (0..<size).map { $0 == place ? UInt8(random.below(kinds)) : 0 }
      }
      let all = (0..<rows).map { Array(bytes[$0 * size..<($0 + 1) * size]) }
      var expected: [[UInt8]] = []
      for row in all where !expected.contains(row) { expected.append(row) }
      let (firsts, places) = RepeatedRows.distinct(bytes, size: size)
      #expect(firsts.map { all[$0] } == expected)
      #expect(places.map { expected[$0] } == all)
      #expect(firsts == expected.map { row in all.firstIndex(of: row) })
    }
  }

  /// Outputs, and the gradients of the rows and of all weights, of one direction and of two, at widths within and beyond vectors.
  @Test(arguments: [1, 2], [2, 16, 21])
  func anLSTMReadsThemAsWrittenOut(_ directions: Int, _ size: Int) throws {
    var random = Random(seed: 3, stream: "lstm")
    let (batch, time, depth, distinct) = (9, 5, 7, 6)
    let places = (0..<batch * time).map { _ in random.below(distinct) }
    let parameters =
      ([draw([distinct, depth], &random)]
      + (0..<directions).flatMap { _ in
        [[4 * size, depth], [4 * size, size], [4 * size], [4 * size]].map { draw($0, &random) }
      }).map { Parameter("x", $0) }
    let output = draw([batch, time, directions * size], &random)

    func run(_ layer: (RepeatedRows, [LSTMWeights]) -> Tensor) throws -> (Tensor, [Tensor]) {
      let tape = Tape()
      let inputs = parameters.map { tape.variable($0) }
      let weights = (0..<directions).map {
        LSTMWeights(
          input: inputs[4 * $0 + 1], hidden: inputs[4 * $0 + 2], inputBias: inputs[4 * $0 + 3],
          hiddenBias: inputs[4 * $0 + 4])
      }
      let y = layer(RepeatedRows(inputs[0], at: places, batch: batch, time: time), weights)
      let gradients = tape.gradients(of: (y * output).sum())
      return (y, try parameters.map { try #require(gradients[$0]) })
    }
    let (found, gradients) = try run { $0.lstm($1) }
    let (expected, others) = try run { $0.tensor.lstm($1) }
    #expect(found.shape == expected.shape)
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) < 1e-6) }
    for (a, b) in zip(gradients, others) {
      #expect(a.shape == b.shape)
      let largest = b.values.map(abs).max() ?? 0
      for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) <= 1e-5 * largest) }
    }
  }
}
