import Safepoint
import Tensors

/// A run of a `Trainer`, one event at a time: it may stop after any of them, and from its state, the model, the data and the
/// options another run goes on to the same bits.
public final class TrainingRun {
  private let trainer: Trainer
  private let optimizer: Optimizer
  private var average: WeightAverage?
  private var isFinished = false
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
    let parameters = trainer.model.parameters
    optimizer = try Optimizer(
      parameters, trainer.options.rule, rate: trainer.options.rate, decay: trainer.options.decay,
      roles: trainer.model.roles)
    average = try trainer.options.ema.map { try WeightAverage(parameters, decay: $0) }
    standing = state ?? TrainingState(seed: trainer.options.seed, of: trainer.model)
    (start, secondsBefore) = (clock.now, standing.seconds)
    if let state { try restore(state) }
  }

  /// Where the run stands; a copy that later events do not change.
  public var state: TrainingState {
    var state = standing
    let kept = optimizer.state
    var later: [String: Int] = [:]
    for (index, name) in trainer.model.parameterNames.enumerated() {
      state.moments[name] = TrainingState.Moments(first: kept.first[index], second: kept.second[index])
      if kept.counts[index] != state.step { later[name] = kept.counts[index] }
      if let average, !average.values.isEmpty { state.average[name] = .init(average.values[index]) }
    }
    state.laterSteps = later.isEmpty ? nil : later
    return state
  }

  /// What the run has done so far, as the model remembers it.
  public var record: TrainingRecord {
    trainer.record(steps: standing.step, history: standing.history)
  }

  /// What the run had done when it made an evaluation.
  public func record(ofEvaluation index: Int) -> TrainingRecord {
    trainer.record(steps: standing.history[index].step, history: Array(standing.history[...index]))
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
    let (moments, sizes) = (names.compactMap { state.moments[$0] }, optimizer.state)
    guard
      moments.map(\.first.count) == sizes.first.map(\.count), moments.map(\.second.count) == sizes.second.map(\.count),
      state.moments.count == names.count
    else { throw Self.doesNotFit("its moments are not those of this model's parameters") }
    let averages = names.compactMap { state.average[$0]?.values }
    guard state.average.isEmpty || averages.map(\.count) == trainer.model.parameters.map(\.value.count) else {
      throw Self.doesNotFit("its averages are not those of this model's parameters")
    }
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
      steps: state.step, counts: names.map { state.laterSteps?[$0] ?? state.step }, first: moments.map(\.first),
      second: moments.map(\.second))
    average?.values = averages
    (standing.moments, standing.average, standing.laterSteps) = ([:], [:], nil)
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
    guard !isFinished else { return nil }
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

  /// Does something while the model has the weights that evaluations measure: their average, where there is one.
  public func withMeasuredWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let average, !isFinished else { return try body() }
    let parameters = trainer.model.parameters
    let values = parameters.map(\.value)
    average.give(to: parameters)
    defer { for (parameter, value) in zip(parameters, values) { parameter.value = value } }
    return try body()
  }

  /// Leaves the model the weights that evaluations measure; the run takes no step after that, and no state of it can be kept.
  public func finish() {
    if !isFinished { average?.give(to: trainer.model.parameters) }
    isFinished = true
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
    let end = min(standing.position + options.windowsOfStep, order.count)
    let indices = order[standing.position..<end].map { Int($0) }
    let example = try trainer.training.example(indices, for: trainer.objective, change)
    let step = TrainingStep(
      trainer.objective, threads: options.threads, part: options.part, embeddingDropout: options.dropout,
      ranks: options.ranks, teaching: trainer.teaching)
    var stream = Random(seed: options.seed, stream: "dropout", at: UInt64(standing.step))
    var (loss, gradients) = try step(trainer.model, example, draw: stream.next())
    guard loss.isFinite else {
      throw TrainingError(
        description: "the loss became \(Self.text(loss)) at step \(standing.step + 1); try a lower lr, or clip: 1")
    }
    if let index = Self.firstEndless(gradients) {
      throw TrainingError(
        description:
          "the gradient of \(trainer.model.parameterNames[index]) is no number at step \(standing.step + 1), "
          + "while the loss is \(loss); look for a root of 0 or a division by 0 in the model, or try a lower lr")
    }
    if let limit = options.clip { Self.clip(&gradients, to: limit) }
    optimizer.rate =
      options.rate * options.schedule.factor(step: standing.step, of: trainer.steps, warmup: options.warmup)
    // From here on the step is done whole.
    try Safepoint.check()
    optimizer.step(gradients)
    average?.add(trainer.model.parameters)
    standing.add(loss: Double(loss), windows: indices.count, tokens: example.inputs.lengths.reduce(0, +))
    standing.seconds = seconds
  }

  /// How the windows of the next step are changed: it follows from the step, or from seed, epoch and window.
  private var change: Windows.Change {
    var change = Windows.Change()
    let lengths = options.curriculum
    if !lengths.isEmpty {
      change.length = lengths[standing.step * lengths.count / trainer.steps]
    }
    guard options.augment.contains(.flip) else { return change }
    var stream = Random(seed: options.seed, stream: "augment")
    let base = stream.next() ^ UInt64(standing.epoch) << 32
    change.mirrors = { window in
      var random = Random(seed: base ^ UInt64(window), stream: "flip")
      return random.next() >> 63 == 1
    }
    return change
  }

  /// A number that is none; the sign of it depends on the processor.
  private static func text(_ loss: Float) -> String { loss.isNaN ? "nan" : "\(loss)" }

  /// The place of the first gradient with an element that is infinite or no number.
  private static func firstEndless(_ gradients: [[Float]?]) -> Int? {
    gradients.firstIndex { gradient in
      guard let gradient else { return false }
      // The exponent of such is all ones: one more than that reaches the place of the sign.
      var bits: UInt32 = 0
      for k in gradient.indices { bits |= (gradient[k].bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
      return bits >> 31 == 1
    }
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
    let most = options.samples ?? .max
    let objective = trainer.objective.measured
    func report(_ windows: Windows, _ count: Int) throws -> NextTokenReport {
      let indices = try random.permutation(windows.count).prefix(count).map { Int($0) }
      return try NextTokenReport(
        trainer.model, windows, objective, indices: indices, threads: options.threads,
        ranks: options.ranks, poll: poll)
    }
    let (train, test) = try withMeasuredWeights {
      let train = try report(trainer.training, min(trainer.testing?.count ?? 1024, most))
      let test = try trainer.testing.map { windows in
        windows.count > most
          ? try report(windows, most)
          : try NextTokenReport(
            trainer.model, windows, objective, threads: options.threads, ranks: options.ranks,
            poll: poll)
      }
      return (train, test)
    }
    for (name, report) in [("train", Optional(train)), ("test", test)] {
      guard let loss = report?.loss, loss.isNaN || name == "train" && !loss.isFinite else { continue }
      throw TrainingError(
        description: "the \(name) loss is \(Self.text(Float(loss))) in the evaluation after step \(standing.step)"
          + (standing.step > 0 ? "; try a lower lr, or clip: 1" : ", before the model has learned anything"))
    }
    standing.seconds = seconds
    let row = HistoryRow(
      step: standing.step, epoch: epochs, train: .init(train), test: test.map { .init($0) }, seconds: standing.seconds,
      tokensPerSecond: speed)
    standing.add(row)
    return row
  }
}
