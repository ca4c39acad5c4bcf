import Foundation
import PixelBytes
import Tensors
import Testing

/// What every family of models must do, whatever its layers.
@Suite struct FamilyTests {
  /// A small model of a family.
  struct Example: CustomTestStringConvertible {
    let configuration: ModelConfiguration
    var testDescription: String {
      let settings = configuration.family.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      return "\(type(of: configuration.family).name), depth \(configuration.depth), \(settings)"
    }

    init(_ family: any ModelFamily, depth: Int = 2, embedding: EmbeddingKind = .linear) throws {
      configuration = try ModelConfiguration(family, width: 24, depth: depth, embedding: embedding)
    }
  }

  static func examples() throws -> [Example] {
    [
      try Example(LSTMFamily(state: 24)),
      try Example(LSTMFamily(state: 24, bidirectional: false)),
      try Example(MambaFamily(state: 9), depth: 1), try Example(MambaFamily(state: 9)),
      try Example(MambaFamily(state: 9, bidirectional: false, taps: 3)),
      try Example(TransformerFamily(dropout: 0)),
      try Example(TransformerFamily(positions: .learned), depth: 1),
      try Example(TransformerFamily(heads: 5, dropout: 0, positions: .sinusoidal, isCausal: true)),
      try Example(BiMambaPlusFamily(state: 5, dropout: 0)),
      try Example(MambaByteFamily(state: 7)), try Example(MambaByteFamily(state: 4, isTied: true), embedding: .center),
      try Example(MixMambaFamily(state: 7)),
      try Example(MixMambaFamily(state: 4, neighbors: false), embedding: .center),
      try Example(MixMambaFamily(state: 4, attention: 3), depth: 3),
      try Example(MixMambaFamily(attention: 2), depth: 1),
      try Example(MixMambaFamily(state: 3, places: true, attention: 3, attentionLayers: 2), depth: 3),
      try Example(ImageTransformerFamily(dropout: 0, block: 8, memory: 5)),
      try Example(ImageTransformerFamily(heads: 3, dropout: 0, local: .square, block: 3, memory: 2, row: 7)),
      try Example(ResNetFamily(layerCount: 26)),
    ]
  }

  private func model(_ example: Example) throws -> SequenceModel { try SequenceModel(example.configuration, seed: 3) }

  private let patches: ContextBatch = {
    var random = Random(seed: 1, stream: "patches")
    let ids = (0..<3 * 40 * 9).map { $0 % 9 > 4 ? UInt8(0) : UInt8(random.below(113)) }
    return ContextBatch(ids: ids, count: 3, length: 40)
  }()

  /// The positions `range` of every sequence.
  private func part(_ range: Range<Int>) -> ContextBatch {
    var ids: [UInt8] = []
    for first in [0, 40, 80] { ids += patches.ids[(first + range.lowerBound) * 9..<(first + range.upperBound) * 9] }
    return ContextBatch(ids: ids, count: 3, length: range.count)
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
    let model = try model(example)
    // No first values: those of a layer must not come back.
    var random = Random(seed: 1, stream: "weights")
    for parameter in model.parameters {
      parameter.update { values in for k in values.indices { values[k] += random.uniform(-0.1, 0.1) } }
    }
    try Checkpoint.save(model, to: folder)
    let loaded = try Checkpoint.load(folder), copy = try model.copy()
    #expect(loaded.configuration == model.configuration)
    for same in [loaded, copy] {
      #expect(same.parameters.map(\.name) == model.parameters.map(\.name))
      #expect(same.parameters.map(\.value.values) == model.parameters.map(\.value.values))
      #expect(same.logits(patches).values == model.logits(patches).values)
      same.parameters[0].update { $0[0] += 1 }
      #expect(same.parameters[0].value.values != model.parameters[0].value.values)
    }
    #expect(Set(model.parameters.map(\.name)).count == model.parameters.count)
  }

  @Test(arguments: try examples()) func theLastPositionIsThatOfAll(_ example: Example) throws {
    let model = try model(example)
    let all = model.logits(patches, .all).reshaped([3, 40, 113])
    expect(model.logits(patches), all.indexed([.all, .position(39)]), "the last position")
  }

  @Test(arguments: try examples()) func onlyModelsOfTwoDirectionsSeeWhatComesLater(_ example: Example) throws {
    let model = try model(example)
    let all = model.logits(patches, .all).reshaped([3, 40, 113])
    let beginning = model.logits(part(0..<20), .all).reshaped([3, 20, 113])
    let same = all.selected(axis: 1, Array(0..<20))
    let largest = zip(beginning.values, same.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect((largest > 1e-4) == example.configuration.bidirectional, "\(largest)")
  }

  @Test(arguments: try examples()) func goingOnStepByStepEqualsReadingAll(_ example: Example) throws {
    let model = try model(example)
    var stepper = try #require(model.stepper(batch: 3))
    var start = 0
    for length in [5, 1, 1, 1, 17, 1, 1, 13] {
      let found = try stepper.logits(part(start..<start + length))
      start += length
      expect(found, model.logits(part(0..<start)), "after \(start)")
    }
    #expect(start == 40)
  }
}
