import Foundation
import PixelBytes
import Tensors
import Testing

/// A model that learns from what others hold for the next token, beside the token itself.
@Suite struct TeachingTests {
  private static let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2], [3, 3, 1, 2, 0]])

  /// A model whose next tokens depend on nothing: these are its logits.
  private func teacher(_ logits: [Float]) -> BigramModel {
    let model = BigramModel()
    for (parameter, values) in [(model.table, [Float](repeating: 0, count: 16)), (model.bias, logits)] {
      parameter.update { held in for k in held.indices { held[k] = values[k] } }
    }
    return model
  }

  /// The table after some steps of SGD at a rate of 1, and what was recorded.
  private func learned(
    _ teachers: [any TokenModel], steps: Int = 1, _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> BigramModel {
    let model = teacher([0, 0, 0, 0])
    var options = TrainingOptions()
    (options.optimizer, options.rate, options.steps) = (.sgd, 1, steps)
    (options.batch, options.sequence, options.stride, options.positions) = (16, 3, 3, .all)
    change(&options)
    _ = try Trainer(model, training: Self.rows, testing: nil, options, teachers: teachers).run { _ in }
    return model
  }

  /// At uniform logits the gradient for a target is 1/4 - target, and the bias gets the mean of all.
  @Test func aShareOfEachTargetIsWhatTheTeachersSay() throws {
    let hard = try learned([]).bias.value.values
    let (one, two) = (teacher([0, log(2), log(4), log(8)]), teacher([log(3), 0, 0, 0]))
    let said: [[Float]] = [[1 / 15, 2 / 15, 4 / 15, 8 / 15], [1 / 2, 1 / 6, 1 / 6, 1 / 6]]
    let mean = zip(said[0], said[1]).map { ($0 + $1) / 2 }
    for (teachers, said) in [([one], said[0]), ([two], said[1]), ([one, two], mean), ([two, two], said[1])] {
      for share in [Float(0.25), 0.5, 0.9] {
        let found = try learned(teachers) { $0.teacherShare = share }.bias.value.values
        for k in 0..<4 {
          let expected: Float = (1 - share) * hard[k] + share * (said[k] - 0.25)
          #expect(abs(found[k] - expected) < 2e-7, "\(share)")
        }
      }
    }
    #expect(try learned([one]).bias.value.values == learned([one]) { $0.teacherShare = 0.5 }.bias.value.values)
    #expect(one.bias.value.values == [0, log(2), log(4), log(8)], "a teacher learns nothing")
  }

  /// Weights of the classes count for what teachers say, too (PyTorch's `cross_entropy` with probabilities and `weight`).
  @Test func classesKeepTheirWeights() throws {
    let weights = [0.5, 1, 2, 0.25]
    func bias(_ share: Float) throws -> [Float] {
      try learned([teacher([0, 0, 40, 0])]) {
        ($0.teacherShare, $0.classWeights) = (share, .numbers(weights))
      }.bias.value.values
    }
    let (none, some) = (try bias(0), try bias(0.5))
    // All windows: targets 1 2 3, 1 0 2 and so on, 16 with wrapped ones; the teacher says 2, which counts twice.
    let sums = zip(none, some).map { $1 - 0.5 * $0 }
    #expect(abs(sums[0] - sums[1]) < 1e-7 && abs(sums[1] - sums[3]) < 1e-7 && abs(sums[2] + 3 * sums[0]) < 1e-6)
    #expect(sums[2] > 0)
  }

  @Test func aShareOfNothingChangesNothing() throws {
    let plain = try learned([], steps: 5),
      taught = try learned([teacher([1, 2, 3, 4])], steps: 5) { $0.teacherShare = 0 }
    for (a, b) in zip(plain.table.value.values, taught.table.value.values) { #expect(abs(a - b) < 1e-6) }
    #expect(plain.records.map(\.teachers) == [nil] && taught.records.first?.teachers?.first?.count == 64)
  }

  /// The same bits on any number of threads, with models of a family that learn from such.
  @Test func isTheSameOnAnyNumberOfThreads() throws {
    let rows = TokenSequences(["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) })
    func model(_ seed: UInt64) throws -> SequenceModel {
      let configuration = try ModelConfiguration(MixMambaFamily(state: 4), width: 9, depth: 1)
      return try SequenceModel(configuration, seed: seed)
    }
    func weights(_ threads: Int, _ teachers: [UInt64]) throws -> [[Float]] {
      let learner = try model(1)
      var options = TrainingOptions()
      (options.steps, options.batch, options.sequence, options.positions) = (3, 24, 8, .all)
      (options.stride, options.threads) = (1, threads)
      _ = try Trainer(learner, training: rows, testing: nil, options, teachers: try teachers.map(model)).run { _ in }
      return learner.parameters.map { Array($0.value.values) }
    }
    #expect(try weights(1, [2, 3]) == weights(2, [2, 3]))
    #expect(try weights(1, [2, 3]) != weights(1, [2, 4]) && weights(1, [2]) != weights(1, []))
  }

  @Test func whoCannotTeachIsRefused() throws {
    func refused(
      _ teachers: [any TokenModel], _ text: String, at sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout TrainingOptions) -> Void = { _ in }
    ) {
      #expect(sourceLocation: sourceLocation) { _ = try learned(teachers, change) } throws: { "\($0)".contains(text) }
    }
    func model(_ bidirectional: Bool, tokens: Int) throws -> SequenceModel {
      let family = LSTMFamily(state: 4, bidirectional: bidirectional)
      return try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1, vocabulary: tokens), seed: 1)
    }
    refused([try model(false, tokens: 113)], "a teacher has 113 tokens, and the model 4")
    refused([teacher([0, .nan, 0, 0])], "a teacher has weights that are no numbers")
    refused([], "teacher_share needs a teacher") { $0.teacherShare = 0.5 }
    refused([teacher([0, 0, 0, 0])], "label_smoothing gives a share") { $0.labelSmoothing = 0.1 }
    #expect(throws: ConfigurationError.seesAhead) {
      var options = TrainingOptions()
      options.positions = .all
      _ = try Trainer(
        try model(false, tokens: 113), training: TokenSequences([Tokenizer().encode(text: "abc")]), testing: nil,
        options,
        teachers: [try model(true, tokens: 113)])
    }
  }

  /// Other teachers make another run.
  @Test func aRunGoesOnWithItsTeachers() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = try RunFolder(path)
    func model(_ seed: UInt64) throws -> SequenceModel {
      let family = LSTMFamily(state: 4, bidirectional: false)
      return try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1), seed: seed)
    }
    var options = TrainingOptions()
    (options.steps, options.sequence, options.positions) = (4, 4, .all)
    func trainer(_ teachers: [UInt64]) throws -> Trainer {
      try Trainer(
        try model(1), training: TokenSequences([Tokenizer().encode(text: "abcdefgh")]), testing: nil, options,
        teachers: try teachers.map(model))
    }
    let run = try trainer([2, 3]).start()
    for _ in 0..<3 { _ = try run.next() }
    try folder.save(run)
    let names = try #require(run.record.teachers)
    run.model.remember(run.record)
    let card = ModelCard(try #require(run.model as? SequenceModel)).text
    #expect(names.count == 2 && names[0] != names[1])
    #expect(card.contains("Taught by models whose weights have the SHA-256 \(names[0]), \(names[1])."))
    #expect(try folder.resume(try trainer([2, 3]))?.state.step == 2)
    for teachers in [[], [2], [3, 2], [2, 4]] as [[UInt64]] {
      #expect { try folder.resume(try trainer(teachers)) } throws: {
        "\($0)".contains("is another one: teacher was models")
      }
    }
  }
}
