import Tensors
import Testing

/// Fused attention against softmax(q k^T / sqrt(d)) v written with plain operators.
@Suite(.serialized) struct AttentionTests {
  private struct Sizes: CustomTestStringConvertible {
    let batch, time, width, heads: Int
    var testDescription: String { "\(batch)x\(time), \(heads) heads of \(width / heads)" }
  }

  private static let sizes = [
    Sizes(batch: 2, time: 7, width: 6, heads: 2), Sizes(batch: 1, time: 1, width: 3, heads: 1),
    Sizes(batch: 3, time: 65, width: 20, heads: 4), Sizes(batch: 1, time: 130, width: 34, heads: 2),
    // Several tiles of keys.
    Sizes(batch: 1, time: 2100, width: 4, heads: 2),
  ]
  private static let masks: [AttentionMask?] = [
    nil, .causal, .blocks(3, memory: 2), .blocks(16, memory: 64), .squares(3, memory: 2, row: 8),
  ]

  private static func input(_ s: Sizes) -> (x: Tensor, weights: AttentionWeights, parameters: [Parameter]) {
    var random = Random(seed: 9, stream: s.testDescription)
    func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.elementCount).map { _ in random.normal() * 0.7 }, shape)
    }
    let parameters = [
      Parameter("x", tensor([s.batch, s.time, s.width])), Parameter("w", tensor([3 * s.width, s.width])),
      Parameter("b", tensor([3 * s.width])),
    ]
    return (
      parameters[0].value, AttentionWeights(input: parameters[1].value, inputBias: parameters[2].value), parameters
    )
  }

  /// Attention of all positions by plain operators.
  private func twin(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ s: Sizes, _ mask: AttentionMask?) -> Tensor {
    let depth = s.width / s.heads
    let parts = x.linear(weight, bias: bias).reshaped([s.batch, s.time, 3, s.heads, depth]).permuted([2, 0, 3, 1, 4])
    func part(_ k: Int) -> Tensor { parts.indexed([.position(k)]) }
    var scores = part(0).matrixProduct(part(1).transposed()) * Tensor(1 / Float(depth).squareRoot())
    if let mask {
      let hidden = (0..<s.time * s.time).map { k -> Float in
        mask.sees(query: k / s.time, key: k % s.time) ? 0 : -1e30
      }
      scores = scores + Tensor(hidden, [s.time, s.time])
    }
    return scores.softmax().matrixProduct(part(2)).permuted([0, 2, 1, 3]).reshaped([s.batch, s.time, s.width])
  }

  private func expect(_ found: [Float], _ expected: [Float], _ tolerance: Float, _ what: String) {
    #expect(found.count == expected.count)
    let largest = expected.reduce(0.1) { max($0, abs($1)) }
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance * largest, "\(what)") }
  }

  @Test(arguments: sizes, masks) private func equalsPlainOperators(_ s: Sizes, _ mask: AttentionMask?) throws {
    let (_, _, parameters) = Self.input(s)
    let chosen = Kernel.instructionSet
    defer { _ = Kernel.use(chosen) }
    for last in [false, true] {
      let tape = Tape()
      let v = parameters.map(tape.variable)
      let whole = twin(v[0], v[1], v[2], s, mask)
      let expected = last ? whole.indexed([.all, .positions([s.time - 1])]) : whole
      let weights = GradientCase("attention", []) { $0[0] }
      let gradients = tape.gradients(of: weights.weighted(expected))
      for name in ["avx512", "avx2", "portable"] where Kernel.use(name) {
        let fused = Tape()
        let w = parameters.map(fused.variable)
        let out = w[0].attention(
          AttentionWeights(input: w[1], inputBias: w[2]), AttentionOptions(heads: s.heads, sees: mask), lastOnly: last)
        expect(out.values, expected.values, 1e-5, "\(name), last \(last)")
        let found = fused.gradients(of: weights.weighted(out))
        for parameter in parameters {
          let exact = try #require(gradients[parameter]).values
          expect(try #require(found[parameter]).values, exact, 5e-5, "gradient of \(parameter.name), \(name)")
        }
      }
    }
  }

  @Test(arguments: sizes, [AttentionMask.causal, .blocks(3, memory: 2), .squares(2, memory: 1, row: 5)])
  private func goesOnFromItsCache(_ s: Sizes, _ mask: AttentionMask) {
    let (x, weights, _) = Self.input(s)
    let options = AttentionOptions(heads: s.heads, sees: mask)
    let whole = x.attention(weights, options)
    var cache = AttentionCache(batch: s.batch, width: s.width)
    var start = 0
    for length in [3, 1, 1, 1, 60, 2, 200, 2000] where start < s.time {
      let places = Array(start..<min(start + length, s.time))
      let found = x.selected(axis: 1, places).attention(weights, options, from: &cache)
      expect(found.values, whole.selected(axis: 1, places).values, 1e-5, "from \(start)")
      start += length
    }
    #expect(cache.count == s.time)
  }

  @Test func dropoutClearsItsShareAndKeepsTheMean() throws {
    let x = Parameter("x", Tensor(repeating: 1, [100_000]))
    for probability in [0.1, 0.5] as [Float] {
      let tape = Tape()
      let y = tape.variable(x).dropout(Dropout(probability, seed: 7))
      let cleared = Float(y.values.count { $0 == 0 }) / 100_000
      #expect(abs(cleared - probability) < 0.006)
      #expect(abs(y.mean().values[0] - 1) < 0.01)
      #expect(y.values == x.value.dropout(Dropout(probability, seed: 7)).values)
      #expect(y.values != x.value.dropout(Dropout(probability, seed: 8)).values)
      #expect(try #require(tape.gradients(of: y)[x]).values == y.values)
      // Neighbors are cleared independently.
      let pairs = (1..<100_000).count { y.values[$0] == 0 && y.values[$0 - 1] == 0 }
      #expect(abs(Float(pairs) / 100_000 - probability * probability) < 0.005)
    }
  }

  @Test func droppedOutAttentionHasTheMeanOfTheWhole() {
    let s = Self.sizes[2]
    let (x, weights, _) = Self.input(s)
    let whole = x.attention(weights, AttentionOptions(heads: s.heads))
    var sum = Tensor(repeating: 0, whole.shape)
    for seed in 0..<400 as Range<UInt32> {
      sum = sum + x.attention(weights, AttentionOptions(heads: s.heads, dropout: Dropout(0.3, seed: seed)))
    }
    let mean = sum * Tensor(1.0 / 400)
    let error = (mean - whole).norm().values[0] / whole.norm().values[0]
    #expect(error < 0.08, "\(error)")
  }
}
