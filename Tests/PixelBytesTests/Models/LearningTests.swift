import Foundation
import PixelBytes
import Tensors
import Testing

/// Every family learns to copy, and a few sprites by heart, to a stated accuracy in a stated number of steps.
///
/// The accuracies stand far above what a model without memory or positions can reach, and below what each of five seeds
/// reached. `SEEDS=5 Scripts/test --filter LearningTests` trains them again and prints the table of Models.md.
@Suite struct LearningTests {
  /// The copies stand further back than convolutions alone reach (6 tokens in two blocks), where a model has them.
  static func copies() throws -> [LearningCase] {
    let near = LearningData.copies(size: 4, gap: 1), middle = LearningData.copies(size: 6, gap: 1)
    let far = LearningData.copies(size: 3, gap: 5)
    func lstm(_ bidirectional: Bool) -> LSTMFamily { .init(state: 64, bidirectional: bidirectional, forgetBias: 2) }
    return [
      try .init(lstm(true), depth: 1, near, window: 6, steps: 2500),
      try .init(LSTMFamily(state: 48, forgetBias: 2), near, window: 6, steps: 5000),
      try .init(lstm(false), depth: 1, near, window: 6, steps: 3000, rate: 4e-3, schedule: .constant),
      try .init(MambaFamily(state: 8), far, embedding: .center, window: 9, steps: 1000),
      try .init(
        MambaFamily(state: 8, bidirectional: false), far, embedding: .center, window: 24, steps: 800,
        schedule: .constant, loss: .all),
      try .init(TransformerFamily(dropout: 0, positions: .sinusoidal), middle, window: 8, steps: 600),
      try .init(TransformerFamily(dropout: 0, positions: .learned, isCausal: true), middle, window: 8, steps: 800),
      try .init(BiMambaPlusFamily(state: 8, dropout: 0), far, embedding: .center, window: 9, steps: 800),
      try .init(MambaByteFamily(state: 8), far, embedding: .center, window: 9, steps: 600),
      try .init(MixMambaFamily(state: 8), far, window: 9, steps: 600),
      try .init(ImageTransformerFamily(dropout: 0, block: 4, memory: 8), middle, window: 8, steps: 600),
      try .init(
        ImageTransformerFamily(dropout: 0, local: .square, block: 1, memory: 1, row: 6), middle, window: 8, steps: 600),
      try .init(ResNetFamily(layerCount: 26), width: 16, middle, window: 8, steps: 800, rate: 1e-3),
    ]
  }

  static func sprites() throws -> [LearningCase] {
    func learns(
      _ family: any ModelFamily, width: Int = 24, depth: Int = 2, steps: Int, rate: Float = 5e-3,
      schedule: Schedule = .cosine, loss positions: Positions = .last
    ) throws -> LearningCase {
      try .init(
        family, width: width, depth: depth, .sprites, window: 16, steps: steps, rate: rate, schedule: schedule,
        loss: positions)
    }
    return [
      try learns(LSTMFamily(state: 64, forgetBias: 1), depth: 1, steps: 2500, rate: 1e-2),
      try learns(
        LSTMFamily(state: 64, bidirectional: false, forgetBias: 1), depth: 1, steps: 1000, rate: 7e-3, loss: .all),
      try learns(MambaFamily(state: 8), steps: 1200, rate: 6e-3),
      try learns(MambaFamily(state: 8, bidirectional: false), steps: 800, rate: 8e-3, loss: .all),
      try learns(TransformerFamily(dropout: 0, positions: .sinusoidal), steps: 1000),
      try learns(TransformerFamily(dropout: 0, positions: .learned, isCausal: true), steps: 500, loss: .all),
      try learns(BiMambaPlusFamily(state: 8, dropout: 0), steps: 900),
      try learns(MambaByteFamily(state: 8), steps: 300, rate: 1e-2, loss: .all),
      try learns(MixMambaFamily(state: 8), steps: 300, rate: 1e-2, loss: .all),
      try learns(ImageTransformerFamily(dropout: 0, block: 8, memory: 8), steps: 500, loss: .all),
      try learns(
        ImageTransformerFamily(dropout: 0, local: .square, block: 4, memory: 4, row: 9), steps: 500, loss: .all),
      try learns(ResNetFamily(layerCount: 26), steps: 600, rate: 1e-3, schedule: .constant, loss: .all),
    ]
  }

  /// How many seeds are trained; the first alone unless asked.
  private static let seeds = max(ProcessInfo.processInfo.environment["SEEDS"].flatMap { UInt64($0) } ?? 1, 1)

  private func expect(_ example: LearningCase, atLeast bar: Double) throws {
    for seed in 1...Self.seeds {
      let start = ContinuousClock.now
      let (accuracy, parameters) = try example.learned(seed: seed)
      let seconds = start.duration(to: .now).seconds
      #expect(accuracy >= bar, "seed \(seed): \(accuracy)")
      if Self.seeds > 1 { print("\(example): \(parameters) parameters, \(accuracy), \(seconds) s") }
    }
  }

  @Test(arguments: try copies()) func copiesWhatItHasRead(_ example: LearningCase) throws {
    try expect(example, atLeast: 0.95)
  }

  @Test(arguments: try sprites()) func learnsSpritesByHeart(_ example: LearningCase) throws {
    try expect(example, atLeast: 0.94)
  }

  @Test func everyFamilyLearns() throws {
    let all = Set(ModelFamilies.all.map { $0.name })
    #expect(Set(try Self.copies().map { type(of: $0.configuration.family).name }) == all)
    #expect(Set(try Self.sprites().map { type(of: $0.configuration.family).name }) == all)
  }

  /// Who sees the last token only guesses one of four letters, and five sixths of the sprites' tokens.
  @Test(arguments: [LearningData.copies(size: 4, gap: 1), .copies(size: 6, gap: 1), .copies(size: 3, gap: 5), .sprites])
  func theLastPatchIsNotEnough(_ data: LearningData) throws {
    let best = data.accuracyOfTheLastPatch(try data.rows(seed: 1).measured)
    if case .sprites = data { #expect(best < 0.86, "\(best)") } else { #expect(best < 0.45, "\(best)") }
  }

  /// Attention without positions sees which letters there are, but not where; one that ends before the original nothing.
  @Test(
    arguments: [
      TransformerFamily(dropout: 0),
      ImageTransformerFamily(dropout: 0, block: 2, memory: 3),
      ImageTransformerFamily(dropout: 0, local: .square, block: 1, memory: 0, row: 6),
    ] as [any ModelFamily])
  func whoCannotSeeTheOriginalDoesNotCopy(_ family: any ModelFamily) throws {
    let example = try LearningCase(family, depth: 1, .copies(size: 6, gap: 1), window: 8, steps: 600)
    let (accuracy, _) = try example.learned(seed: 1)
    #expect(accuracy < 0.7, "\(accuracy)")
  }
}
