import Safepoint
import Tensors

/// A training run that cannot go on; its text says where it stopped and what to try.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What happened, in one sentence without a point.
  public let description: String
}

/// Trains a model on windows of token sequences (AdamW, cross-entropy of the next token).
///
/// The same model, data, options and seed give the same weights to the bit, at any number of threads.
public struct Trainer {
  private let model: any TokenModel
  private let options: TrainingOptions
  private let training: Windows
  private let testing: Windows?
  private let optimizer: Optimizer
  private let sources: (data: TrainingRecord.Source, test: TrainingRecord.Source?)
  private let clock = ContinuousClock()

  /// A run over the sequences of the training rows, evaluated on those of the test rows.
  ///
  /// All rows are read once for the record; `report` hears how many are and may throw to stop. Throws when the options make no
  /// training, when there is nothing to train on, and when the model cannot learn from the positions that should count.
  public init(
    _ model: any TokenModel, training: TokenSequences, testing: TokenSequences?, _ options: TrainingOptions,
    reading report: (_ rows: Int) throws -> Void = { _ in }
  ) throws {
    try options.checkSettings()
    try model.check(options.positions)
    self.model = model
    self.options = options
    self.training = try Windows(training, length: options.sequence, stride: options.stride)
    self.testing = try testing.map { try Windows($0, length: options.sequence, stride: options.stride) }
    guard self.training.count > 0 else { throw ConfigurationError("there are no tokens to train on") }
    guard self.testing?.count != 0 else { throw ConfigurationError("there are no tokens to validate on") }
    let data = try TrainingRecord.Source(training, report: report)
    sources = (
      data, try testing.map { try TrainingRecord.Source($0) { row in try report(training.count + row) } }
    )
    let rule = OptimizerRule.adamW(weightDecay: options.weightDecay)
    optimizer = try Optimizer(model.parameters, rule, rate: options.rate)
  }

  private var stepsPerEpoch: Int { (training.count + options.batch - 1) / options.batch }
  private var steps: Int { options.steps ?? options.epochs * stepsPerEpoch }
  private var epochs: Int { (steps + stepsPerEpoch - 1) / stepsPerEpoch }

  /// Trains to the end and returns the evaluations.
  ///
  /// `report` hears of every step and may throw to stop; the model then keeps the weights of the last whole step. It also
  /// keeps a record of the run.
  public func run(report: (TrainingProgress) throws -> Void) throws -> [HistoryRow] {
    var shuffle = Random(seed: options.seed, stream: "shuffle")
    var state = RunState(start: clock.now)
    defer { remember(state) }
    let step = TrainingStep(options.positions, threads: options.threads, part: options.part)
    for epoch in 1...epochs {
      let order = try shuffle.permutation(training.count)
      for start in stride(from: 0, to: order.count, by: options.batch) where state.step < steps {
        let indices = order[start..<min(start + options.batch, order.count)].map { Int($0) }
        try take(step, indices, &state)
        let ends = state.step == steps || start + options.batch >= order.count
        var progress = state.progress(epoch: epoch, of: epochs, steps: steps, now: clock.now)
        if ends, epoch == 1 || epoch % options.every == 0 || state.step == steps {
          try report(progress)
          progress.evaluation = try evaluate(epoch, &state) { try report(progress) }
        }
        try report(progress)
        if state.isOutOf(options.patience) { return state.history }
      }
    }
    return state.history
  }

  private func remember(_ state: RunState) {
    guard state.step > 0 else { return }
    model.remember(
      TrainingRecord(
        data: sources.data, test: sources.test, options: options, steps: state.step, history: state.history))
  }

  private func take(_ step: TrainingStep, _ indices: [Int], _ state: inout RunState) throws {
    let (inputs, labels) =
      options.positions == .all ? try training.batch(indices) : try training.lastTokenBatch(indices)
    let draw = options.seed &+ UInt64(state.step) << 20  // More than a step has parts.
    var (loss, gradients) = try step(model, inputs, labels, draw: draw)
    guard loss.isFinite else {
      throw TrainingError(description: "the loss became \(loss) at step \(state.step + 1); try a lower lr, or clip: 1")
    }
    if let limit = options.clip { Self.clip(&gradients, to: limit) }
    optimizer.rate =
      options.rate * options.schedule.factor(step: state.step, of: steps, warmup: options.warmup)
    // From here on the step is done whole.
    try Safepoint.check()
    optimizer.step(gradients)
    state.add(loss: Double(loss), tokens: inputs.count * inputs.length)
  }

  /// Scales all gradients so that their common Euclidean norm is at most `limit` (PyTorch's `clip_grad_norm_`).
  static func clip(_ gradients: inout [[Float]?], to limit: Float) {
    let squares = gradients.reduce(0.0) { $1?.reduce($0) { $0 + Double($1) * Double($1) } ?? $0 }
    let scale = limit / (Float(squares.squareRoot()) + 1e-6)
    guard scale < 1 else { return }
    for index in gradients.indices { gradients[index] = gradients[index]?.map { $0 * scale } }
  }

  private func evaluate(_ epoch: Int, _ state: inout RunState, poll: () throws -> Void) throws -> HistoryRow {
    let speed = state.speedSinceEvaluation(now: clock.now)
    var random = Random(seed: options.seed, stream: "evaluation")
    let sample = try random.permutation(training.count).prefix(testing?.count ?? 1024)
    let train = try NextTokenReport(
      model, training, indices: sample.map { Int($0) }, threads: options.threads, poll: poll)
    let test = try testing.map { try NextTokenReport(model, $0, threads: options.threads, poll: poll) }
    let row = HistoryRow(
      epoch: epoch, train: .init(train), test: test.map { .init($0) },
      seconds: state.start.duration(to: clock.now).seconds, tokensPerSecond: speed)
    state.add(row, now: clock.now)
    return row
  }
}

/// What a run counts while it goes.
private struct RunState {
  let start: ContinuousClock.Instant
  private(set) var step = 0
  private(set) var history: [HistoryRow] = []
  private var tokens = 0
  private var meanLoss = 0.0
  private var best = Double.infinity
  private var evaluationsSinceBest = 0
  private var lastEvaluation: (tokens: Int, time: ContinuousClock.Instant)

  init(start: ContinuousClock.Instant) { (self.start, lastEvaluation) = (start, (0, start)) }

  mutating func add(loss: Double, tokens: Int) {
    step += 1
    self.tokens += tokens
    // An average over about the last 20 steps, unbiased from the first one on.
    meanLoss += (loss - meanLoss) / Double(min(step, 20))
  }

  mutating func add(_ row: HistoryRow, now: ContinuousClock.Instant) {
    history.append(row)
    lastEvaluation = (tokens, now)
    let loss = (row.test ?? row.train).loss
    evaluationsSinceBest = loss < best ? 0 : evaluationsSinceBest + 1
    best = min(best, loss)
  }

  func isOutOf(_ patience: Int?) -> Bool { patience.map { evaluationsSinceBest >= $0 } ?? false }

  func speedSinceEvaluation(now: ContinuousClock.Instant) -> Double {
    Double(tokens - lastEvaluation.tokens) / lastEvaluation.time.duration(to: now).seconds
  }

  func progress(epoch: Int, of epochs: Int, steps: Int, now: ContinuousClock.Instant) -> TrainingProgress {
    TrainingProgress(
      step: step, steps: steps, epoch: epoch, epochs: epochs, loss: meanLoss,
      tokensPerSecond: Double(tokens) / start.duration(to: now).seconds)
  }
}

extension Duration {
  /// The whole duration in seconds.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
