import PixelBytes
import Tensors

/// A small model and how it is trained: what it must learn in so many steps.
struct LearningCase: CustomStringConvertible, Sendable {
  let configuration: ModelConfiguration
  let data: LearningData
  /// The tokens of a window.
  let window: Int
  let steps: Int
  let rate: Float
  let schedule: Schedule
  /// Models of one direction may learn from every position.
  let positions: Positions

  init(
    _ family: any ModelFamily, width: Int = 24, depth: Int = 2, _ data: LearningData,
    embedding: EmbeddingKind = .linear, window: Int, steps: Int, rate: Float = 5e-3,
    schedule: Schedule = .cosine, loss positions: Positions = .last
  ) throws {
    configuration = try ModelConfiguration(family, width: width, depth: depth, embedding: embedding)
    (self.data, self.window, self.steps, self.rate) = (data, window, steps, rate)
    (self.schedule, self.positions) = (schedule, positions)
  }

  var description: String {
    let settings = configuration.family.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return "\(type(of: configuration.family).name), depth \(configuration.depth), \(settings), \(steps) steps, \(data)"
  }

  /// The share of tokens that a trained model of a seed tells right, and its size.
  func learned(seed: UInt64) throws -> (accuracy: Double, parameters: Int) {
    let model = try SequenceModel(configuration, seed: seed)
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.every) = (window, 1, 16, .epochs(.max))
    (options.steps, options.rate, options.positions) = (steps, rate, positions)
    (options.schedule, options.seed) = (schedule, seed)
    let rows = try data.rows(seed: seed)
    _ = try Trainer(model, training: TokenSequences(rows.training), testing: nil, options).run { _ in }
    return (try data.accuracy(of: model, window: window, rows.measured), model.parameterCount)
  }
}

/// What is learned, and on which tokens the accuracy is measured.
enum LearningData: Sendable, CustomStringConvertible {
  /// Words of `size` letters out of four and, after a sign or more, the same words; measured on the copies in 50 rows that
  /// were not trained on.
  case copies(size: Int, gap: Int)
  /// Four drawn sprites of 8 x 8 pixels with their captions; measured on all of their tokens: learned by heart.
  case sprites

  var description: String {
    switch self {
    case .copies(let size, let gap): "copies of \(size) letters, \(size + gap) tokens apart"
    case .sprites: "sprites"
    }
  }

  func rows(seed: UInt64) throws -> (training: [PatchSequence], measured: [PatchSequence]) {
    switch self {
    case .copies(let size, let gap):
      let task = try CopyTask(kind: .text, size: size, gap: gap, symbols: 4, seed: seed)
      func rows(_ numbers: Range<Int>) -> [PatchSequence] {
        numbers.map { Tokenizer().encode(text: task.row($0).caption) }
      }
      return (rows(0..<2000), rows(2000..<2050))
    case .sprites:
      let rows = try DataSet.sprites(count: 4, size: 8, seed: seed).rows().map { row in
        Tokenizer().encode(row.indexed, caption: row.caption)
      }
      return (rows, rows)
    }
  }

  /// The places whose tokens are to be told from those before.
  private func places(_ row: PatchSequence) -> Range<Int> {
    switch self {
    case .copies(let size, let gap): size + gap..<2 * size + gap
    case .sprites: 0..<row.count
    }
  }

  /// The share of tokens that are the most likely ones after the `window` tokens before them; before the first stands the
  /// last, as in training.
  func accuracy(of model: SequenceModel, window: Int, _ rows: [PatchSequence]) throws -> Double {
    var (hits, count) = (0, 0)
    for row in rows {
      let places = places(row)
      let ids = places.flatMap { place in
        (place - window..<place).flatMap { before -> ArraySlice<UInt8> in
          let start = 9 * (((before % row.count) + row.count) % row.count)
          return row.ids[start..<start + 9]
        }
      }
      let logits = model.logits(ContextBatch(ids: ids, count: places.count, length: window))
      hits += zip(logits.argmax(axis: 1).values, places).count { Int($0) == Int(row.ids[9 * $1 + 4]) }
      count += places.count
    }
    return Double(hits) / Double(count)
  }

  /// The most that whoever sees the last patch alone could reach on these rows, even one who has learned them by heart.
  func accuracyOfTheLastPatch(_ rows: [PatchSequence]) -> Double {
    var labels: [[UInt8]: [UInt8: Int]] = [:]
    var count = 0
    for row in rows {
      for place in places(row) {
        let before = 9 * ((place + row.count - 1) % row.count)
        labels[Array(row.ids[before..<before + 9]), default: [:]][row.ids[9 * place + 4], default: 0] += 1
        count += 1
      }
    }
    return Double(labels.values.reduce(0) { $0 + ($1.values.max() ?? 0) }) / Double(count)
  }
}
