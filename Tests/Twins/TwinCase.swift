import Foundation
import PixelBytes
import Tensors

/// A model to be compared with its twin: small, of odd sizes, its weights off the values that hide mistakes.
package struct TwinCase: CustomStringConvertible, Sendable {
  /// Sequences and their positions.
  package struct Size: Sendable { let batch, length: Int }

  package let configuration: ModelConfiguration
  package let sizes: [Size]
  /// The size at which gradients are compared.
  package let gradientSize: Size

  package var description: String {
    let settings = configuration.family.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return
      "\(type(of: configuration.family).name), width \(configuration.width), depth \(configuration.depth), \(settings)"
  }

  init(
    _ family: any ModelFamily, width: Int, depth: Int = 2, _ embedding: EmbeddingKind = .pxby, vocabulary: Int = 31,
    lengths: [Int], gradients: Size
  ) throws {
    configuration = try ModelConfiguration(
      family, width: width, depth: depth, embedding: embedding, vocabulary: vocabulary)
    sizes = zip([3, 2, 1], lengths).map(Size.init)
    gradientSize = gradients
  }

  package static func all() throws -> [TwinCase] {
    let size = Size(batch: 2, length: 19)
    return try papers(size) + foundations(size)
  }

  private static func papers(_ size: Size) throws -> [TwinCase] {
    [
      try .init(LSTMFamily(state: 10), width: 95, vocabulary: 113, lengths: [1, 21], gradients: size),
      try .init(
        LSTMFamily(state: 7, bidirectional: false), width: 11, depth: 3, .linear, lengths: [1, 21], gradients: size),
      try .init(MambaFamily(state: 5), width: 17, lengths: [1, 3, 37], gradients: size),
      try .init(
        MambaFamily(state: 4, bidirectional: false, taps: 3, expansion: 1), width: 7, .center,
        lengths: [2, 37], gradients: size),
      try .init(TransformerFamily(heads: 3), width: 14, lengths: [1, 21], gradients: size),
      try .init(
        TransformerFamily(heads: 1, positions: .learned), width: 9, depth: 1, .linear, lengths: [5, 70, 1030],
        gradients: size),
      try .init(
        TransformerFamily(heads: 2, positions: .sinusoidal, isCausal: true), width: 11, .center, lengths: [1, 70],
        gradients: size),
    ]
  }

  private static func foundations(_ size: Size) throws -> [TwinCase] {
    [
      try .init(BiMambaPlusFamily(state: 5), width: 17, lengths: [1, 3, 37], gradients: size),
      try .init(
        BiMambaPlusFamily(state: 3, taps: 2, expansion: 1), width: 9, depth: 3, .center, lengths: [1, 35],
        gradients: size),
      try .init(MambaByteFamily(state: 5), width: 19, lengths: [1, 3, 37], gradients: size),
      try .init(
        MambaByteFamily(state: 7, taps: 2, expansion: 3, isTied: true), width: 9, depth: 3, .center, lengths: [1, 35],
        gradients: size),
      try .init(ImageTransformerFamily(heads: 3, block: 4, memory: 6), width: 17, lengths: [3, 37], gradients: size),
      try .init(
        ImageTransformerFamily(heads: 1, block: 32, memory: 0, row: 5), width: 7, depth: 1, .linear, lengths: [20, 71],
        gradients: size),
      try .init(
        ImageTransformerFamily(heads: 2, local: .square, block: 3, memory: 2, row: 7), width: 15,
        lengths: [2, 17, 58], gradients: Size(batch: 2, length: 37)),
      try .init(
        ImageTransformerFamily(heads: 3, local: .square, block: 2, memory: 0, row: 5), width: 9, .center,
        lengths: [4, 41], gradients: size),
      try .init(
        ResNetFamily(layerCount: 26), width: 17, lengths: [1, 75], gradients: Size(batch: 1, length: 19)),
      try .init(MixMambaFamily(state: 5), width: 19, vocabulary: 7, lengths: [1, 9, 61], gradients: size),
      try .init(
        MixMambaFamily(state: 3, taps: 2, expansion: 1, neighbors: false), width: 9, depth: 1, .center, vocabulary: 4,
        lengths: [2, 40], gradients: size),
      try .init(
        MixMambaFamily(state: 4, counts: false), width: 11, .linear, vocabulary: 5, lengths: [31], gradients: size),
      try .init(
        MixMambaFamily(state: 4, attention: 3), width: 12, depth: 4, vocabulary: 5, lengths: [1, 33], gradients: size),
      try .init(
        MixMambaFamily(state: 2, attention: 2, attentionLayers: 2), width: 8, depth: 4, lengths: [27], gradients: size),
      try .init(
        MixMambaFamily(state: 2, attention: 1, attentionLayers: 2), width: 6, depth: 2, lengths: [14], gradients: size),
      try .init(
        MixMambaFamily(state: 2, places: true), width: 10, depth: 1, vocabulary: 6, lengths: [47], gradients: size),
      try .init(
        MixMambaFamily(state: 2, counts: false, places: true), width: 9, depth: 1, vocabulary: 5, lengths: [31],
        gradients: size),
      try .init(MixMambaFamily(state: 4, attention: 1), width: 10, depth: 1, lengths: [29], gradients: size),
      try .init(ResNetFamily(), width: 16, .center, lengths: [9, 131], gradients: Size(batch: 1, length: 19)),
    ]
  }

  /// The model: first values, each moved by a few tenths of its tensor's size, so that no norm weighs 1 and no bias is 0.
  ///
  /// First values of Mamba blocks take short steps and give little; these take long ones and remember, so that every part
  /// counts in the logits.
  package func model() throws -> SequenceModel {
    let model = try SequenceModel(configuration, seed: 7)
    var random = Random(seed: 7, stream: description)
    for parameter in model.parameters {
      let values = parameter.value.values
      let size = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
      parameter.update { values in
        for k in values.indices { values[k] += random.normal() * (0.2 * size + 0.05) }
        guard let part = Self.mambaParts.first(where: { parameter.name.hasSuffix($0) }) else { return }
        for k in values.indices {
          switch part {
          case ".A_log": values[k] = random.uniform(-2, 1)
          case ".dt_proj.bias": values[k] = random.uniform(-2, 0.5)
          default: values[k] *= 1.5
          }
        }
      }
    }
    return model
  }

  private static let mambaParts = [
    ".A_log", ".dt_proj.bias", ".dt_proj.weight", ".in_proj.weight", ".x_proj.weight", ".conv1d.weight",
    "mamba.out_proj.weight", "mixer.out_proj.weight", "ward.out_proj.weight",
  ]

  /// Random patches, the cells that come later than the position empty, and a random label after each position.
  package func input(_ size: Size) -> (patches: ContextBatch, labels: [Int]) {
    var random = Random(seed: 8, stream: "\(description) \(size)")
    let count = size.batch * size.length
    func draw() -> Int { random.below(configuration.vocabulary) }
    let ids = (0..<count * 9).map { $0 % 9 > 4 ? 0 : UInt8(draw()) }
    return (ContextBatch(ids: ids, count: size.batch, length: size.length), (0..<count).map { _ in draw() })
  }
}

/// The twin of a model: logits and loss from the numbers of its parameters alone.
package struct Twin {
  let configuration: ModelConfiguration
  package var weights: TwinWeights

  package init(_ model: SequenceModel) {
    (configuration, weights) = (model.configuration, TwinWeights(model.parameters))
  }

  /// A row of logits for every sequence, or for every position of every sequence.
  package func logits(_ patches: ContextBatch, _ positions: Positions) -> Rows {
    (0..<patches.count).flatMap { sequence -> Rows in
      let ids = (0..<patches.length).map { t in
        (0..<9).map { Int(patches.ids[(sequence * patches.length + t) * 9 + $0]) }
      }
      let logits = weights.logits(configuration, ids)
      return positions == .all ? logits : [logits[logits.count - 1]]
    }
  }

  /// The mean of -log softmax at the labels.
  package func loss(_ patches: ContextBatch, _ positions: Positions, _ labels: [Int]) -> Double {
    let rows = logits(patches, positions)
    return zip(rows, labels).reduce(0) { sum, row in
      sum + log(row.0.reduce(0) { $0 + exp($1) }) - row.0[row.1]
    } / Double(rows.count)
  }
}
