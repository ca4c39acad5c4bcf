/// A training run that cannot go on; its text says where it stopped and what to try.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What happened, in one sentence without a point.
  public let description: String

  /// An error with a text.
  public init(description: String) { self.description = description }
}

/// Trains a model on windows of token sequences, by default with AdamW and the cross-entropy of the next token.
///
/// The same model, data, options and seed give the same weights to the bit, at any number of threads and ranks.
public struct Trainer {
  let model: any TokenModel
  let options: TrainingOptions
  let objective: any Objective
  let training: Windows
  let testing: Windows?
  let sources: (data: TrainingRecord.Source, test: TrainingRecord.Source?)
  /// Models that say what they hold for the next token.
  let teaching: Teaching?
  private let digests: [String]?

  /// Runs over the sequences of the training rows, evaluated on those of the test rows.
  ///
  /// All rows are read once for the record; `report` hears how many are and may throw to stop. Throws when the options make no
  /// training, when there is nothing to train on, and when the model cannot learn by the objective, by default that of the next
  /// token after the positions that the options name, or reads other contexts. `teachers` have learned the same before, and say what
  /// they hold for the next token.
  public init(
    _ model: any TokenModel, training: TokenSequences, testing: TokenSequences?, _ options: TrainingOptions,
    objective: (any Objective)? = nil, teachers: [any TokenModel] = [],
    reading report: (_ rows: Int) throws -> Void = { _ in }
  ) throws {
    try options.checkSettings()
    try options.checkStepped(of: model)
    for sequences in [training, testing ?? training] { try model.check(reads: sequences.shape) }
    let options = try options.fitting(model).resolved(for: training, testing)
    let rule = options.windows ?? .circular
    self.model = model
    self.options = options
    self.objective = try objective ?? options.nextToken(rule, for: model, training)
    if objective != nil, options.labelSmoothing > 0 || options.classWeights != nil {
      throw ConfigurationError("label_smoothing and class_weights are of the loss of the next token")
    }
    guard options.dropout == 0 || model is SequenceModel else {
      throw ConfigurationError(
        "dropout needs a model of a family, whose embedding it clears; among layers it is one of them",
        setting: "dropout")
    }
    try self.objective.check(model)
    teaching = try options.teaching(teachers, of: model, isNextToken: objective == nil)
    digests = teaching?.teachers.map { WeightDigest.of($0) }
    let length = options.sequence ?? TrainingOptions.usualSequence
    let windows = { try Windows($0, length: length, stride: options.stride, rule: rule) }
    self.training = try windows(training)
    self.testing = try testing.map(windows)
    if !options.augment.isEmpty { try self.training.checkPictures() }
    guard self.training.count > 0 else { throw ConfigurationError("there are no tokens to train on") }
    guard self.testing?.count != 0 else { throw ConfigurationError("there are no tokens to validate on") }
    let data = try TrainingRecord.Source(training, report: report)
    sources = (
      data, try testing.map { try TrainingRecord.Source($0) { row in try report(training.count + row) } }
    )
  }

  /// What a run of it has done so far.
  func record(steps: Int = 0, history: [HistoryRow] = []) -> TrainingRecord {
    TrainingRecord(
      data: sources.data, test: sources.test, options: options, objective: objective.name, teachers: digests,
      steps: steps,
      history: history)
  }

  var steps: Int { options.steps ?? options.epochs * stepsPerEpoch }
  var epochs: Int { (steps + stepsPerEpoch - 1) / stepsPerEpoch }
  var stepsPerEpoch: Int { (training.count + options.windowsOfStep - 1) / options.windowsOfStep }

  /// A run at its start, or where the run of a state stopped.
  ///
  /// The weights are those that the model has: with those of the moment of the state the run goes on to the same bits as that one
  /// would. Throws when the state is none of such a run, and where the ranks of the options would not train the same.
  public func start(from state: TrainingState? = nil) throws -> TrainingRun {
    try checkRanks()
    return try TrainingRun(self, from: state)
  }

  /// Trains to the end and returns the evaluations.
  ///
  /// `report` hears of the first evaluation, then of every step, and may throw to stop; the model then keeps the weights of the last whole step. It also
  /// keeps a record of the run. Every call is a run of its own: the weights go on from where they are, while order, schedule,
  /// moments and history begin anew, unless it goes on from a state as `start` does.
  public func run(from state: TrainingState? = nil, report: (TrainingProgress) throws -> Void) throws -> [HistoryRow] {
    let run = try start(from: state)
    defer {
      run.finish()
      if run.progress.step > 0 { model.remember(run.record) }
    }
    while let progress = try run.next(poll: { if run.progress.step > 0 { try report(run.progress) } }) {
      try report(progress)
    }
    return run.history
  }
}

extension Duration {
  /// The whole duration in seconds.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
