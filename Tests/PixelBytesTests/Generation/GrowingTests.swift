import PixelBytes
import Tensors
import Testing

/// Models that read both ways work out again only what a new token changes; the result must be that of reading all.
@Suite struct GrowingTests {
  /// LSTMs whose cells forget little change down to their first position, as trained ones do; those of one cell a
  /// direction rise or fall as a whole.
  private static let families: [any ModelFamily] = [
    LSTMFamily(state: 16), LSTMFamily(state: 16, forgetBias: 4), LSTMFamily(state: 16, forgetBias: 9),
    LSTMFamily(state: 2), LSTMFamily(state: 2, forgetBias: 4),
    MambaFamily(state: 5), TransformerFamily(positions: .learned), TransformerFamily(positions: .sinusoidal),
    BiMambaPlusFamily(state: 5),
  ]

  private func patches(_ count: Int, _ length: Int, seed: UInt64) -> ContextBatch {
    var random = Random(seed: seed, stream: "patches")
    let ids = (0..<count * length * 9).map { $0 % 9 > 4 ? UInt8(0) : UInt8(random.below(113)) }
    return ContextBatch(ids: ids, count: count, length: length)
  }

  private func part(_ patches: ContextBatch, _ range: Range<Int>) -> ContextBatch {
    let ids = (0..<patches.count).flatMap { sequence -> [UInt8] in
      let start = sequence * patches.length
      return Array(patches.ids[(start + range.lowerBound) * 9..<(start + range.upperBound) * 9])
    }
    return ContextBatch(ids: ids, count: patches.count, length: range.count)
  }

  @Test(arguments: families.indices, [1, 2, 3]) func equalsReadingAll(_ family: Int, _ depth: Int) throws {
    let configuration = try ModelConfiguration(Self.families[family], width: 24, depth: depth)
    let model = try SequenceModel(configuration, seed: 7)
    let patches = patches(2, 160, seed: 3)
    var stepper = try #require(model.stepper(batch: 2))
    var start = 0
    for length in [40] + [Int](repeating: 1, count: 100) + [17, 1, 1, 1] {
      let found = try stepper.logits(part(patches, start..<start + length))
      start += length
      guard start % 10 == 0 else { continue }
      let expected = model.logits(part(patches, 0..<start))
      for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 2e-5, "after \(start)") }
    }
    #expect(start == 160)
  }
}
