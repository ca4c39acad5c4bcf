import Tensors
import Testing

/// The fused Mamba block against its formulas written out, at sizes that fill no vector and cross chunks of the scan.
@Suite(.serialized) struct MambaTests {
  private struct Sizes: CustomTestStringConvertible {
    let batch, time, width, inner, state, rank, taps: Int
    var testDescription: String { "\(batch)x\(time), \(width)/\(inner), state \(state), rank \(rank), taps \(taps)" }
  }

  private static let sizes = [
    Sizes(batch: 2, time: 7, width: 5, inner: 10, state: 3, rank: 1, taps: 4),
    Sizes(batch: 1, time: 1, width: 3, inner: 17, state: 17, rank: 2, taps: 1),
    Sizes(batch: 3, time: 35, width: 9, inner: 18, state: 64, rank: 2, taps: 4),
    Sizes(batch: 2, time: 16, width: 4, inner: 33, state: 81, rank: 3, taps: 9),
  ]

  private static func weights(_ s: Sizes, _ random: inout Random) -> MambaWeights {
    func tensor(_ shape: Shape, _ low: Float = -0.8, _ high: Float = 0.8) -> Tensor {
      Tensor((0..<shape.elementCount).map { _ in random.uniform(low, high) }, shape)
    }
    return MambaWeights(
      input: tensor([2 * s.inner, s.width]), convolution: tensor([s.inner, 1, s.taps]),
      convolutionBias: tensor([s.inner]), xProjection: tensor([s.rank + 2 * s.state, s.inner]),
      dtProjection: tensor([s.inner, s.rank]), dtBias: tensor([s.inner], -4, 1),
      aLog: tensor([s.inner, s.state], -1, 4),
      skip: tensor([s.inner]), output: tensor([s.width, s.inner]))
  }

  @Test(arguments: sizes, [false, true]) private func equalsItsFormulas(_ s: Sizes, bidirectional: Bool) {
    var random = Random(seed: 3, stream: s.testDescription)
    let weights = Self.weights(s, &random)
    let x = Tensor((0..<s.batch * s.time * s.width).map { _ in random.normal() }, [s.batch, s.time, s.width])
    var expected = twin(x, weights)
    if bidirectional { expected = expected + twin(x.flipped(axis: 1), weights).flipped(axis: 1) }
    let chosen = Kernel.instructionSet
    defer { _ = Kernel.use(chosen) }
    for name in ["avx512", "avx2", "portable"] where Kernel.use(name) {
      let form = MambaForm(bidirectional ? .both : .forward)
      let whole = x.mamba(weights, form)
      let last = x.mamba(weights, form, lastOnly: true)
      expect(whole, expected, name)
      expect(last, expected.indexed([.all, .positions([s.time - 1])]), name)
    }
  }

  @Test(arguments: sizes, [MambaForm.Directions.forward, .backward])
  private func forgetsWhatItsGateShutsOut(_ s: Sizes, _ directions: MambaForm.Directions) {
    var random = Random(seed: 5, stream: s.testDescription)
    let weights = Self.weights(s, &random)
    let x = Tensor((0..<s.batch * s.time * s.width).map { _ in random.normal() }, [s.batch, s.time, s.width])
    let isForward = directions == .forward
    let expected = twin(isForward ? x : x.flipped(axis: 1), weights, forgets: true)
    let form = MambaForm(directions, forgets: true)
    let whole = isForward ? expected : expected.flipped(axis: 1)
    expect(x.mamba(weights, form), whole, "all positions")
    expect(
      x.mamba(weights, form, lastOnly: true), whole.indexed([.all, .positions([s.time - 1])]), "the last position")
  }

  @Test(arguments: sizes) private func goesOnStepByStep(_ s: Sizes) {
    var random = Random(seed: 4, stream: s.testDescription)
    let weights = Self.weights(s, &random)
    let x = Tensor((0..<s.batch * s.time * s.width).map { _ in random.normal() }, [s.batch, s.time, s.width])
    let whole = x.mamba(weights)
    var state = MambaState(weights, batch: s.batch)
    var start = 0
    for length in [2, 1, 1, 5, 1, 17, 40] where start < s.time {
      let places = Array(start..<min(start + length, s.time))
      expect(x.selected(axis: 1, places).mamba(weights, from: &state), whole.selected(axis: 1, places), "from \(start)")
      start += length
    }
  }

  private func expect(_ found: Tensor, _ expected: Tensor, _ what: String) {
    #expect(found.shape == expected.shape)
    let largest = expected.values.reduce(0.1) { max($0, abs($1)) }
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 1e-5 * largest, "\(what)") }
  }

  /// One direction, number by number.
  private func twin(_ x: Tensor, _ w: MambaWeights, forgets: Bool = false) -> Tensor {
    let (inner, state, rank, taps) = (w.skip.count, w.aLog.shape[1], w.dtProjection.shape[1], w.convolution.shape[2])
    let (batch, time) = (x.shape[0], x.shape[1])
    let projected = x.linear(w.input)
    let channels = projected.selected(axis: 2, Array(0..<inner)),
      z = projected.selected(axis: 2, Array(inner..<2 * inner))
    let u = channels.transposed(1, 2).padded([(0, 0), (0, 0), (taps - 1, 0)])
      .convolution1D(w.convolution, bias: w.convolutionBias, groups: inner).transposed(1, 2).silu()
    let selection = u.linear(w.xProjection)
    let delta = selection.selected(axis: 2, Array(0..<rank)).linear(w.dtProjection, bias: w.dtBias).softplus()
    var y = [Float](repeating: 0, count: batch * time * inner)
    for b in 0..<batch {
      for d in 0..<inner {
        var h = [Double](repeating: 0, count: state)
        for t in 0..<time {
          let place = (b * time + t) * inner + d
          let row = (b * time + t) * (rank + 2 * state) + rank
          let step = Double(delta.values[place]), input = Double(u.values[place])
          var sum = forgets ? 0 : Double(w.skip.values[d]) * input
          for n in 0..<state {
            let rate = -Tensor(w.aLog.values[d * state + n]).exp().values[0]
            let factor = Double(Tensor(Float(step) * rate).exp().values[0])
            h[n] = factor * h[n] + step * Double(selection.values[row + n]) * input
            sum += Double(selection.values[row + state + n]) * h[n]
          }
          y[place] = Float(sum)
        }
      }
    }
    let scanned = Tensor(y, u.shape) * z.silu()
    return (forgets ? scanned + w.skip * u * (Tensor(1) - z.sigmoid()) : scanned).linear(w.output)
  }
}
