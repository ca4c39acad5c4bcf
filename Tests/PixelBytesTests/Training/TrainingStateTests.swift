import Foundation
import PixelBytes
import Tensors
import Testing

/// A run that was stopped and went on is the run that never stopped, to the bit.
@Suite struct TrainingStateTests {
  /// Twelve windows, so that an epoch has batches of 5, 5 and 2.
  private static let rows = TokenSequences(
    ["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) })

  private static func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs, options.every) = (6, 3, 5, 4, 2)
    (options.rate, options.schedule, options.warmup, options.clip, options.seed) = (1e-2, .cosine, 2, 0.5, 7)
    change(&options)
    return options
  }

  private static func trainer(_ model: any TokenModel, _ options: TrainingOptions) throws -> Trainer {
    try Trainer(model, training: rows, testing: rows, options)
  }

  private static func bits(_ model: any TokenModel) -> [[UInt32]] {
    model.parameters.map { $0.value.values.map(\.bitPattern) }
  }

  private static func text(_ state: TrainingState) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(state), as: UTF8.self)
  }

  /// All of a state but the times, which no two runs share.
  private static func timeless(_ state: TrainingState) throws -> String {
    var state = state
    state.seconds = 0
    for k in state.history.indices { (state.history[k].seconds, state.history[k].tokensPerSecond) = (0, 0) }
    return try text(state)
  }

  /// Stops `make`'s run behind each of its events, the start included, and goes on in another trainer with another model.
  private static func checkStops(_ options: TrainingOptions, _ make: () throws -> any TokenModel) throws {
    let whole = try make()
    let uninterrupted = try trainer(whole, options).start()
    while try uninterrupted.next() != nil {}
    let expected = try timeless(uninterrupted.state)
    uninterrupted.finish()
    let weights = bits(whole)

    let stopped = try make()
    let run = try trainer(stopped, options).start()
    var events = 0
    repeat {
      let state = try JSONDecoder().decode(TrainingState.self, from: Data(try text(run.state).utf8))
      #expect(try text(state) == text(run.state))
      let other = try make()
      for (target, source) in zip(other.parameters, stopped.parameters) { target.value = source.value }
      var more = options
      more.threads = 2
      let history = try trainer(other, more).run(from: state) { _ in }
      #expect(bits(other) == weights, "stopped behind event \(events)")
      let last = try trainer(other, options).start(from: run.state)
      #expect(history.map(\.epoch) == uninterrupted.history.map(\.epoch) && last.progress.step == run.progress.step)
      #expect(history.map(\.train) == uninterrupted.history.map(\.train))
      #expect(history.map(\.test) == uninterrupted.history.map(\.test))
      // What the run that goes on has at its end.
      for (target, source) in zip(other.parameters, stopped.parameters) { target.value = source.value }
      while try last.next() != nil {}
      #expect(try timeless(last.state) == expected, "stopped behind event \(events)")
      events += 1
    } while try run.next() != nil
    // Steps, evaluations, and the start; taking states has changed nothing.
    #expect(events == run.progress.step + run.history.count + 1)
    #expect(try timeless(run.state) == expected)
    run.finish()
    #expect(try bits(stopped) == weights && run.next() == nil)
  }

  @Test(arguments: ModelMemoryTests.families.indices) func everyFamilyGoesOnToTheSameBits(_ family: Int) throws {
    let configuration = try ModelConfiguration(ModelMemoryTests.families[family], width: 16, depth: 1)
    try Self.checkStops(Self.options()) { try SequenceModel(configuration, seed: 3) }
  }

  @Test(
    arguments: [
      { $0.steps = 7 }, { $0.patience = 1 }, { ($0.patience, $0.every, $0.rate) = (2, 1, 1) },
      { ($0.batch, $0.every) = (100, 1) }, { ($0.batch, $0.schedule) = (1, .linear) }, { $0.clip = nil },
      { $0.positions = .all }, { $0.epochs = 1 }, { $0.optimizer = .adam }, { $0.betas = [0.5, 0.75] },
      { ($0.optimizer, $0.momentum) = (.sgd, 0.9) }, { $0.optimizer = .lion }, { $0.optimizer = .muon },
      { $0.decay = .matrices }, { $0.schedule = .wsd }, { ($0.batch, $0.accumulate) = (2, 2) },
      { $0.labelSmoothing = 0.1 }, { $0.classWeights = .balanced }, { $0.dropout = 0.2 },
      { $0.classWeights = .numbers((0..<113).map { Double($0 % 3) }) }, { $0.ema = 0.9 },
      { ($0.ema, $0.optimizer, $0.samples) = (0.5, .muon, 4) }, { $0.curriculum = [2, 6, 4] },
    ] as [@Sendable (inout TrainingOptions) -> Void])
  func everyOptionGoesOnToTheSameBits(_ change: @Sendable (inout TrainingOptions) -> Void) throws {
    try Self.checkStops(Self.options(change)) {
      try SequenceModel(try ModelConfiguration(LSTMFamily(state: 6, bidirectional: false), width: 9, depth: 1), seed: 3)
    }
  }

  /// A second run begins anew with the weights of the first: as one of another trainer does.
  @Test func everyRunOfATrainerIsOneOfItsOwn() throws {
    let model = BigramModel(), other = BigramModel()
    let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2], [3, 3, 1, 2, 0]])
    let trainer = try Trainer(model, training: rows, testing: nil, Self.options())
    _ = try trainer.run { _ in }
    for (target, source) in zip(other.parameters, model.parameters) { target.value = source.value }
    let second = try trainer.run { _ in }
    let alone = try Trainer(other, training: rows, testing: nil, Self.options()).run { _ in }
    #expect(Self.bits(model) == Self.bits(other))
    #expect(second.map(\.epoch) == alone.map(\.epoch) && second.map(\.train) == alone.map(\.train))
    let half = model.calls.count / 2
    #expect(model.calls.count == 2 * half && Array(model.calls[..<half]) == Array(model.calls[half...]))
    #expect(model.records.count == 2 && model.records[0].steps == model.records[1].steps)
  }

  /// What an error leaves can be asked again: a stopped evaluation is made from its start.
  @Test func aStoppedEvaluationIsMadeAgain() throws {
    struct Stop: Error {}
    let model = BigramModel()
    let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2]])
    let run = try Trainer(model, training: rows, testing: rows, Self.options { $0.steps = 1 }).start()
    let before = try Self.timeless(run.state)
    #expect(throws: Stop.self) { try run.next { throw Stop() } }
    #expect(try Self.timeless(run.state) == before && run.history.isEmpty)
    #expect(try run.next()?.evaluation?.epoch == 0)
    #expect(try run.next()?.evaluation == nil)
    #expect(throws: Stop.self) { try run.next { throw Stop() } }
    #expect(try run.next()?.evaluation?.epoch == 1)
    #expect(try run.next() == nil && run.next() == nil)
    #expect(run.history.count == 2 && run.record.steps == 1 && run.record.evaluations.count == 2)
  }

  @Test func numbersKeepTheirBits() throws {
    let run = try Self.trainer(BigramModel(), Self.options()).start()
    var state = run.state
    let doubles: [Double] = [
      .nan, -.nan, .signalingNaN, Double(nan: 5, signaling: false), .infinity, -.infinity, -0.0, 0,
      .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, 0.1, 1 / 3, -1e-300, 1e22, 9_007_199_254_740_994,
    ]
    let floats = doubles.map { Float($0) } + [Float(bitPattern: 0xffc1_2345), Float(bitPattern: 0x7f80_0001)]
    state.moments["table"] = .init(first: floats, second: floats.reversed())
    for value in doubles {
      (state.best, state.meanLoss, state.seconds) = (value, value, value)
      let read = try JSONDecoder().decode(TrainingState.self, from: Data(try Self.text(state).utf8))
      for found in [read.best, read.meanLoss, read.seconds] { #expect(found.bitPattern == value.bitPattern) }
      #expect(read.moments["table"]?.first.map(\.bitPattern) == floats.map(\.bitPattern))
      #expect(read.moments["table"]?.second.map(\.bitPattern) == floats.reversed().map(\.bitPattern))
    }
  }

  @Test func aStateOfAnotherRunIsRefused() throws {
    let trainer = try Self.trainer(BigramModel(), Self.options())
    let state = try trainer.start().state
    func refuses(_ reason: String, _ change: (inout TrainingState) -> Void) {
      var other = state
      change(&other)
      let error = #expect(throws: TrainingError.self) { try trainer.start(from: other) }
      #expect(error?.description == "the state of another run cannot be gone on from: \(reason)")
    }
    let moments = "its moments are not those of this model's parameters"
    refuses(moments) { $0.moments["bias"] = nil }
    refuses(moments) { $0.moments["other"] = $0.moments["bias"] }
    refuses(moments) { $0.moments["bias"]?.first.append(0) }
    refuses(moments) { $0.moments["bias"]?.second = [] }
    refuses("its averages are not those of this model's parameters") { $0.average["bias"] = .init([0, 0, 0, 0]) }
    refuses("it is at step 13 of epoch 1, and this run has 12 steps") { $0.step = 13 }
    refuses("it is at step -1 of epoch 1, and this run has 12 steps") { $0.step = -1 }
    refuses("it is at step 0 of epoch 5, and this run has 12 steps") { $0.epoch = 5 }
    refuses("it is at step 0 of epoch 0, and this run has 12 steps") { $0.epoch = 0 }
    refuses("it is at window 13 of an epoch, and this run has 12") { $0.position = 13 }
    refuses("it has no stream shuffle") { $0.streams = [:] }
    #expect(try trainer.start(from: state).progress.step == 0)
  }
}
