import Safepoint
import Tensors

/// A run of a `Trainer`, one event at a time: it may stop after any of them, and from its state, the model, the data and the
/// options another run goes on to the same bits.
public final class TrainingRun {
  private let trainer: Trainer
  private let optimizer: Optimizer
  /// Where the run stands; the optimizer has the moments.
  private var standing: TrainingState
  /// The order of the epoch under way, and the stream behind it; drawn when it is needed.
  private var order: (windows: [UInt32], stream: Random)?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let secondsBefore: Double

  /// The model that it trains.
  public var model: any TokenModel { trainer.model }
  private var options: TrainingOptions { trainer.options }
  private var seconds: Double { secondsBefore + start.duration(to: clock.now).seconds }

  /// The run at its start, or where another stopped; throws for a state of another model, data or options where it cannot be
  /// gone on from.
  init(_ trainer: Trainer, from state: TrainingState?) throws {
    self.trainer = trainer
    optimizer = try Optimizer(
      trainer.model.parameters, .adamW(weightDecay: trainer.options.weightDecay), rate: trainer.options.rate)
    standing = state ?? TrainingState(seed: trainer.options.seed)
    (start, secondsBefore) = (clock.now, standing.seconds)
    if let state { try restore(state) }
  }

  /// Where the run stands; a copy that later events do not change.
  public var state: TrainingState {
    var state = standing
    let (first, second) = (optimizer.state.first, optimizer.state.second)
    for (index, name) in trainer.model.parameterNames.enumerated() {
      state.moments[name] = TrainingState.Moments(first: first[index], second: second[index])
    }
    return state
  }

  /// What the run has done so far, as the model remembers it.
  public var record: TrainingRecord {
    trainer.record(steps: standing.step, history: standing.history)
  }

  /// How far the run is.
  public var progress: TrainingProgress {
    TrainingProgress(
      step: standing.step, steps: trainer.steps, epoch: standing.epoch, epochs: trainer.epochs,
      loss: standing.step > 0 ? standing.meanLoss : history.last?.train.loss ?? .nan,
      tokensPerSecond: standing.tokens == 0 ? 0 : Double(standing.tokens) / standing.seconds)
  }

  /// The evaluations so far.
  public var history: [HistoryRow] { standing.history }

  private func restore(_ state: TrainingState) throws {
    let names = trainer.model.parameterNames
    let sizes = trainer.model.parameters.map(\.value.count)
    let moments = names.compactMap { state.moments[$0] }
    guard
      moments.map(\.first.count) == sizes, moments.map(\.second.count) == sizes, state.moments.count == names.count
    else { throw Self.doesNotFit("its moments are not those of this model's parameters") }
    let windows = trainer.training.count
    guard (0...trainer.steps).contains(state.step), (1...trainer.epochs).contains(state.epoch) else {
      throw Self.doesNotFit(
        "it is at step \(state.step) of epoch \(state.epoch), and this run has \(trainer.steps) steps")
    }
    guard (0...windows).contains(state.position) else {
      throw Self.doesNotFit("it is at window \(state.position) of an epoch, and this run has \(windows)")
    }
    guard state.streams[TrainingState.shuffle] != nil else { throw Self.doesNotFit("it has no stream shuffle") }
    optimizer.state = Optimizer.State(
      steps: state.step, first: moments.map(\.first), second: moments.map(\.second))
    standing.moments = [:]
  }

  private static func doesNotFit(_ reason: String) -> TrainingError {
    TrainingError(description: "the state of another run cannot be gone on from: \(reason)")
  }
}

extension TrainingRun {
  /// Takes one optimizer step or makes one evaluation, and tells how far the run is then; nil when it is at its end.
  ///
  /// `poll` is asked while an evaluation goes on. Whoever throws, stopped work included, leaves the run as it was before the
  /// event, so that it can be asked again.
  public func next(poll: () throws -> Void = {}) throws -> TrainingProgress? {
    if isToEvaluate {
      let row = try evaluate(poll)
      var progress = progress
      progress.evaluation = row
      return progress
    }
    guard standing.step < trainer.steps, !standing.isOutOf(options.patience) else { return nil }
    try takeStep()
    return progress
  }

  /// Whether an evaluation is due: before the first step, behind the last, and at every interval.
  private var isToEvaluate: Bool {
    let step = standing.step
    guard standing.history.last?.step != step else { return false }
    if step == 0 || step == trainer.steps { return true }
    return switch options.every {
    case .epochs(let epochs): standing.position == trainer.training.count && standing.epoch % epochs == 0
    case .steps(let steps): step % steps == 0
    }
  }

  /// The passes over the training windows so far; the last step may end within one.
  private var epochs: Double { Double(standing.step) / Double(trainer.stepsPerEpoch) }

  private func orderOfEpoch() throws -> [UInt32] {
    var stream = standing.streams[TrainingState.shuffle] ?? Random(seed: options.seed, stream: TrainingState.shuffle)
    if let order {
      if standing.position < order.windows.count { return order.windows }
      // The next epoch begins.
      (stream, self.order) = (order.stream, nil)
      (standing.epoch, standing.position) = (standing.epoch + 1, 0)
      standing.streams[TrainingState.shuffle] = stream
    }
    let windows = try stream.permutation(trainer.training.count)
    order = (windows, stream)
    return standing.position < windows.count ? windows : try orderOfEpoch()
  }

  private func takeStep() throws {
    let order = try orderOfEpoch()
    let end = min(standing.position + options.batch, order.count)
    let indices = order[standing.position..<end].map { Int($0) }
    let example = try trainer.training.example(indices, for: trainer.objective)
    let step = TrainingStep(trainer.objective, threads: options.threads, part: options.part)
    let draw = options.seed &+ UInt64(standing.step) << 20  // More than a step has parts.
    var (loss, gradients) = try step(trainer.model, example, draw: draw)
    guard loss.isFinite else {
      throw TrainingError(
        description: "the loss became \(loss) at step \(standing.step + 1); try a lower lr, or clip: 1")
    }
    if let limit = options.clip { Self.clip(&gradients, to: limit) }
    optimizer.rate =
      options.rate * options.schedule.factor(step: standing.step, of: trainer.steps, warmup: options.warmup)
    // From here on the step is done whole.
    try Safepoint.check()
    optimizer.step(gradients)
    standing.add(loss: Double(loss), windows: indices.count, tokens: example.inputs.lengths.reduce(0, +))
    standing.seconds = seconds
  }

  /// Scales all gradients so that their common Euclidean norm is at most `limit` (PyTorch's `clip_grad_norm_`).
  private static func clip(_ gradients: inout [[Float]?], to limit: Float) {
    let squares = gradients.reduce(0.0) { $1?.reduce($0) { $0 + Double($1) * Double($1) } ?? $0 }
    let scale = limit / (Float(squares.squareRoot()) + 1e-6)
    guard scale < 1 else { return }
    for index in gradients.indices { gradients[index] = gradients[index]?.map { $0 * scale } }
  }

  private func evaluate(_ poll: () throws -> Void) throws -> HistoryRow {
    let passed = standing.step == 0 ? 0 : seconds - (history.last?.seconds ?? 0)
    let speed = passed > 0 ? Double(standing.tokensSinceEvaluation) / passed : 0
    var random = Random(seed: options.seed, stream: "evaluation")
    let sample = try random.permutation(trainer.training.count).prefix(trainer.testing?.count ?? 1024)
    let objective = trainer.objective.measured
    let train = try NextTokenReport(
      trainer.model, trainer.training, objective, indices: sample.map { Int($0) }, threads: options.threads, poll: poll)
    let test = try trainer.testing.map {
      try NextTokenReport(trainer.model, $0, objective, threads: options.threads, poll: poll)
    }
    standing.seconds = seconds
    let row = HistoryRow(
      step: standing.step, epoch: epochs, train: .init(train), test: test.map { .init($0) }, seconds: standing.seconds,
      tokensPerSecond: speed)
    standing.add(row)
    return row
  }
}
