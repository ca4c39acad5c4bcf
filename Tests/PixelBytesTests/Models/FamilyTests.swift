import Foundation
import PixelBytes
import Tensors
import Testing

/// What every family of models must do, whatever its layers.
@Suite struct FamilyTests {
  /// A small model of a family.
  struct Example: CustomTestStringConvertible {
    let configuration: ModelConfiguration
    /// The steps, and the rate, in which it learns a few texts by heart.
    let steps: Int
    let rate: Float
    var testDescription: String {
      let settings = configuration.family.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      return "\(type(of: configuration.family).name), depth \(configuration.depth), \(settings)"
    }

    init(
      _ family: any ModelFamily, depth: Int = 2, width: Int = 24, embedding: EmbeddingKind = .linear, steps: Int = 300,
      rate: Float = 5e-3
    ) throws {
      (self.steps, self.rate) = (steps, rate)
      configuration = try ModelConfiguration(family, width: width, depth: depth, embedding: embedding)
    }
  }

  static func examples() throws -> [Example] {
    [
      try Example(LSTMFamily(state: 24), steps: 1000, rate: 1e-2),
      try Example(LSTMFamily(state: 24, bidirectional: false), steps: 1000, rate: 1e-2),
      try Example(MambaFamily(state: 9), depth: 1), try Example(MambaFamily(state: 9)),
      try Example(MambaFamily(state: 9, bidirectional: false, taps: 3)),
      try Example(TransformerFamily(dropout: 0)),
      try Example(TransformerFamily(positions: .learned), depth: 1),
      try Example(TransformerFamily(heads: 5, dropout: 0, positions: .sinusoidal, isCausal: true)),
      try Example(BiMambaPlusFamily(state: 5, dropout: 0)),
      try Example(MambaByteFamily(state: 7)), try Example(MambaByteFamily(state: 4, isTied: true), embedding: .center),
      try Example(ImageTransformerFamily(dropout: 0, block: 8, memory: 5)),
      try Example(ImageTransformerFamily(heads: 3, dropout: 0, local: .square, block: 3, memory: 2, row: 7)),
      try Example(ResNetFamily(layerCount: 26), width: 24, steps: 150, rate: 1e-3),
    ]
  }

  private func model(_ example: Example) -> SequenceModel { SequenceModel(example.configuration, seed: 3) }

  private let patches: PatchBatch = {
    var random = Random(seed: 1, stream: "patches")
    let ids = (0..<3 * 40 * 9).map { $0 % 9 > 4 ? UInt8(0) : UInt8(random.below(113)) }
    return PatchBatch(ids: ids, count: 3, length: 40)
  }()

  /// The positions `range` of every sequence.
  private func part(_ range: Range<Int>) -> PatchBatch {
    var ids: [UInt8] = []
    for first in [0, 40, 80] { ids += patches.ids[(first + range.lowerBound) * 9..<(first + range.upperBound) * 9] }
    return PatchBatch(ids: ids, count: 3, length: range.count)
  }

  private func expect(_ found: Tensor, _ expected: Tensor, _ what: String) {
    #expect(found.shape == expected.shape)
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 2e-5, "\(what)") }
  }

  @Test func everyFamilyHasAnExample() throws {
    let names = Set(try Self.examples().map { type(of: $0.configuration.family).name })
    #expect(names == Set(ModelFamilies.all.map { $0.name }))
    #expect(Set(ModelFamilies.all.map { $0.architecture }).count == ModelFamilies.all.count)
  }

  @Test(arguments: try examples()) func aCheckpointGivesTheSameModel(_ example: Example) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = model(example)
    try Checkpoint.save(model, to: folder)
    let loaded = try Checkpoint.load(folder)
    #expect(loaded.configuration == model.configuration)
    #expect(loaded.parameters.map(\.name) == model.parameters.map(\.name))
    #expect(loaded.logits(patches).values == model.logits(patches).values)
    #expect(model.copy().logits(patches).values == model.logits(patches).values)
    #expect(Set(model.parameters.map(\.name)).count == model.parameters.count)
  }

  @Test(arguments: try examples()) func theLastPositionIsThatOfAll(_ example: Example) {
    let model = model(example)
    let all = model.logits(patches, .all).reshaped([3, 40, 113])
    expect(model.logits(patches), all.indexed([.all, .position(39)]), "the last position")
  }

  @Test(arguments: try examples()) func onlyModelsOfTwoDirectionsSeeWhatComesLater(_ example: Example) {
    let model = model(example)
    let all = model.logits(patches, .all).reshaped([3, 40, 113])
    let beginning = model.logits(part(0..<20), .all).reshaped([3, 20, 113])
    let same = all.selected(axis: 1, Array(0..<20))
    let largest = zip(beginning.values, same.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect((largest > 1e-4) == example.configuration.bidirectional, "\(largest)")
  }

  @Test(arguments: try examples()) func goingOnStepByStepEqualsReadingAll(_ example: Example) throws {
    let model = model(example)
    var stepper = try #require(model.stepper(batch: 3))
    var start = 0
    for length in [5, 1, 1, 1, 17, 1, 1, 13] {
      let found = stepper.logits(part(start..<start + length))
      start += length
      expect(found, model.logits(part(0..<start)), "after \(start)")
    }
    #expect(start == 40)
  }

  @Test(arguments: try examples()) func gradientsFollowDifferences(_ example: Example) throws {
    let model = model(example)
    let labels: [Int32] = [3, 77, 4]
    let tape = Tape()
    let loss = model.logits(patches, .last, in: Pass(recordedOn: tape, isTraining: false)).crossEntropy(labels)
    let gradients = tape.gradients(of: loss)
    for parameter in model.parameters {
      let gradient = try #require(gradients[parameter], "\(parameter.name)").values
      // Along the gradient the loss must rise by the gradient's length.
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-4 else { continue }
      let before = parameter.value
      func loss(_ step: Float) -> Float {
        parameter.value = Tensor(zip(before.values, gradient).map { $0 + step * $1 / length }, before.shape)
        return model.logits(patches).crossEntropy(labels).values[0]
      }
      // A long step drowns the rounding of the loss, a short one its curvature.
      let errors = [0.02, 0.002, 0.0002].map { (step: Float) -> Float in
        abs((loss(step) - loss(-step)) / (2 * step) - length) - 4e-6 / step
      }
      parameter.value = before
      #expect(errors.contains { $0 <= 0.06 * length }, "\(parameter.name): \(errors) from \(length)")
    }
  }

  /// Texts that repeat themselves, which each model learns by heart.
  @Test(arguments: try examples()) func learnsAFewTextsByHeart(_ example: Example) throws {
    let rows = ["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) }
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.every) = (12, 1, 16, 1000)
    (options.steps, options.rate) = (example.steps, example.rate)
    let history = try Trainer(model(example), training: TokenSequences(rows), testing: TokenSequences(rows), options)
      .run { _ in }
    let last = try #require(history.last?.test)
    #expect(last.loss < 0.35, "\(last)")
    #expect(last.accuracy > 0.9)
  }
}
