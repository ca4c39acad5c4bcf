import PixelBytes
import Tensors
import Testing

@Suite struct TrainerTests {
  /// Texts that repeat themselves, so that a small model can learn them.
  private let rows = TokenSequences(["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) })

  private func model(bidirectional: Bool = false, embedding: EmbeddingKind = .pxby) throws -> SequenceModel {
    try SequenceModel(
      try ModelConfiguration(width: 18, state: 24, depth: 2, bidirectional: bidirectional, embedding: embedding),
      seed: 3)
  }

  private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs, options.rate) = (12, 1, 16, 2, 1e-2)
    change(&options)
    return options
  }

  @Test(arguments: [(false, Positions.all), (false, .last), (true, .last)], EmbeddingKind.allCases)
  func learnsAFewTextsByHeart(_ kind: (bidirectional: Bool, positions: Positions), _ embedding: EmbeddingKind) throws {
    let model = try model(bidirectional: kind.bidirectional, embedding: embedding)
    let options = options { ($0.positions, $0.epochs) = (kind.positions, 400) }
    let history = try Trainer(model, training: rows, testing: rows, options).run { _ in }
    let first = try #require(history.first?.test), last = try #require(history.last?.test)
    #expect(first.loss > 1.5)
    #expect(last.loss < 0.3)
    #expect(last.accuracy > 0.9)
  }

  @Test func sameSeedGivesTheSameBitsOnAnyNumberOfThreads() throws {
    func weights(threads: Int, seed: UInt64) throws -> [[Float]] {
      let model = try model()
      let options = options { ($0.threads, $0.seed, $0.batch) = (threads, seed, 32) }
      _ = try Trainer(model, training: rows, testing: nil, options).run { _ in }
      return model.parameters.map(\.value.values)
    }
    let once = try weights(threads: 1, seed: 1)
    #expect(try weights(threads: 1, seed: 1) == once)
    #expect(try weights(threads: 2, seed: 1) == once)
    #expect(try weights(threads: 3, seed: 1) == once)
    #expect(try weights(threads: 1, seed: 2) != once)
  }

  @Test func evaluatesBeforeAtIntervalsAndBehind() throws {
    let options = options { ($0.epochs, $0.every) = (7, 3) }
    let history = try Trainer(try model(), training: rows, testing: rows, options).run { _ in }
    #expect(history.map(\.epoch) == [0, 3, 6, 7])
  }

  @Test func stopsAfterStepsAndTellsEachOne() throws {
    var steps: [Int] = []
    let trainer = try Trainer(try model(), training: rows, testing: nil, options { $0.steps = 5 })
    let history = try trainer.run { if $0.evaluation == nil, steps.last != $0.step { steps.append($0.step) } }
    #expect(steps == [1, 2, 3, 4, 5])
    #expect(history.last?.test == nil)
  }

  @Test func anInterruptKeepsTheLastStep() throws {
    struct Interrupt: Error {}
    let model = try model()
    let before = model.parameters.map(\.value.values)
    let trainer = try Trainer(model, training: rows, testing: nil, options())
    #expect(throws: Interrupt.self) { try trainer.run { if $0.step == 3 { throw Interrupt() } } }
    #expect(model.parameters.map(\.value.values) != before)
    #expect(model.parameters.allSatisfy { $0.value.values.allSatisfy(\.isFinite) })
  }

  @Test func endsWhenThePatienceIsOut() throws {
    let options = options { ($0.epochs, $0.every, $0.patience, $0.rate) = (50, 1, 2, 1e-9) }
    let history = try Trainer(try model(), training: rows, testing: rows, options).run { _ in }
    #expect(history.count < 50)
  }

  @Test func refusesWhatIsNoTraining() throws {
    #expect(throws: ConfigurationError("batch must be from 1 to 2147483647, found 0")) {
      try Trainer(try model(), training: rows, testing: nil, options { $0.batch = 0 })
    }
    #expect(throws: ConfigurationError("there are no tokens to train on")) {
      try Trainer(try model(), training: TokenSequences([]), testing: nil, options())
    }
    #expect(throws: ConfigurationError.self) {
      try Trainer(try model(bidirectional: true), training: rows, testing: nil, options { $0.positions = .all })
    }
    #expect(throws: TrainingError.self) {
      try Trainer(try model(), training: rows, testing: nil, options { $0.rate = 1e30 }).run { _ in }
    }
  }

  @Test func schedulesFollowTheirFormulas() {
    #expect(Schedule.constant.factor(step: 7, of: 10, warmup: 0) == 1)
    #expect((0..<4).map { Schedule.linear.factor(step: $0, of: 6, warmup: 2) } == [0.5, 1, 1, 0.75])
    #expect(abs(Schedule.cosine.factor(step: 5, of: 10, warmup: 0) - 0.5) < 1e-6)
  }
}
