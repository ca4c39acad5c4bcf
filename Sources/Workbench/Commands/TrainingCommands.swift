import PixelBytes
import PixelScript
import Ranks
import Safepoint

extension Positions: ScriptChoice {}
extension Schedule: ScriptChoice {}

/// The models that another one learns from beside its rows.
private struct Teachers: ScriptConvertible {
  static let scriptName = "model or list of one model or more"
  let all: [Predictor]

  static func convert(_ value: Value) throws(Stopped) -> Teachers? {
    if let one = Predictor.convert(value) { return Teachers(all: [one]) }
    guard let all = try [Predictor].convert(value), !all.isEmpty else { return nil }
    return Teachers(all: all)
  }

  var scriptValue: Value { .nil }
}

extension CommandGroup {
  /// Throws unless each of the arguments named is a number of epochs, steps, windows or tokens.
  static func requireCounts(_ counts: KeyValuePairs<String, Int>) throws(ScriptError) {
    let range = TrainingOptions.counts
    for (name, value) in counts where !range.contains(value) {
      throw ScriptError(
        .value, "\(name) must be from \(range.lowerBound) to \(range.upperBound), found \(value)", argument: name)
    }
  }

  /// Training and measuring.
  static func training(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Training and use",
      [
        train(environment), batches(environment), evaluate(environment), confusion(environment), compare(environment),
        published, generate(environment),
      ])
  }

  /// The options of a training, among which an optimizer may stand for its rule and its learning rate.
  private static let trainingOptions = SettingParameters(
    TrainingOptions.settings, initial: .initial,
    objects: [
      "optimizer": { object, options in
        guard let optimizer = object as? OptimizerObject else { return nil }
        options.stepped = Set(optimizer.parameters.map { ObjectIdentifier($0) })
        return optimizer.options
      }
    ]
  ) { try $0.follow() }

  private static func train(_ environment: Environment) -> Command {
    Command(
      "train", "Trains a model on a data set and gives the history of its evaluations as a table.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches; it changes"),
      Parameter<DataSetObject>("data", "the rows to learn from; built first when they are not"),
      Parameter<DataSetObject?>("validate", "rows to measure on"),
      trainingOptions,
      Parameter<Teachers?>(
        "teacher", "a model, or a list of several, whose mean probabilities are a share of each target", byName: true),
      RunKeeping.Parameters(),
      Parameter<Bool>(
        "live", "whether a curve of the loss and a drawn caption stand below the progress on a terminal",
        default: false,
        byName: true),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1, bidirectional: false)
        history = train(net, sprites(count: 4, size: 8), steps: 3, sequence: 16, loss: "all")
        print history.columns[0], history.epoch  # expect: epoch [0, 3]
        """
    ) { context, net, data, validate, options, teachers, keeping, isLive in
      environment.past.beginTraining()
      try environment.ranks?.meet(at: "a training")
      let keeping = environment.reproduction == nil ? keeping : .nothing
      var options = options
      (options.threads, options.ranks) = (environment.threads, environment.ranks)
      let length = options.sequence ?? TrainingOptions.usualSequence
      let model = try net.model(length: length, context)
      let teaching = try teachers?.all.map { try $0.model(length: length, context) } ?? []
      let training = try sequences(of: data, for: net, model, environment, context)
      let testing = try validate.map { try sequences(of: $0, for: net, model, environment, context) }
      let rows = training.count + (testing?.count ?? 0)
      let trainer = try environment.tracking("read", total: rows, unit: "rows", context) { report in
        try Trainer(
          model, training: training, testing: testing, options, teachers: teaching, reading: report)
      }
      net.vocabulary = net.vocabulary ?? data.data.vocabulary
      // The first rank alone keeps the run and tells of it.
      let keeper = try environment.onFirst { try keeping.path.map { try RunKeeper($0, keeping, environment) } } ?? nil
      let state =
        try environment.onFirst { try keeper?.resume(trainer, isSeeded: environment.seedIsGiven || net.isSeeded) }
        ?? nil
      let run = try trainer.start(from: try trainer.shared(state))
      let samples = { try SampleDrawing((validate ?? data).data, model, try tokenizer(for: net, model)) }
      let best = BestModel(keeping, keeper)
      let log =
        try environment.onFirst {
          try TrainingLog.begin(keeping, run, isGoingOn: state != nil, best, samples, environment)
        } ?? nil
      let live = isLive && environment.isLive ? LiveTraining(try samples()) : nil
      let history = Value.object(try finish(run, best, keeper, log, live, environment, context))
      // All ranks fail where the first one could not write.
      try environment.onFirst {
        guard keeper?.hasKept(run) ?? true else {
          environment.keepUnfinished(history)
          throw ScriptError(
            .io, "the model is trained, but its checkpoint could not be written",
            help: "`save` writes the model elsewhere", argument: "checkpoint")
        }
      }
      return history
    }
  }

  /// Does a run to its end.
  private static func finish(
    _ run: TrainingRun, _ best: BestModel, _ keeper: RunKeeper?, _ log: TrainingLog?, _ live: LiveTraining?,
    _ environment: Environment, _ context: CallContext
  ) throws -> TableObject {
    let before = run.progress.step
    var meter: ProgressMeter?
    defer { meter?.finish() }
    var best = best
    defer {
      run.finish()
      if run.progress.step > 0 { run.model.remember(best.record ?? run.record) }
    }
    let take = { (progress: TrainingProgress) in
      let current = meter ?? environment.progress("train", from: before, total: progress.steps, unit: "steps")
      meter = current
      if progress.step > 0 {
        try live?.take(progress, of: run)
        current.advance(
          to: progress.step,
          metrics: [
            .init("epoch", Double(progress.epoch)), .init("loss", progress.loss),
            .init("tokens/s", progress.tokensPerSecond),
          ], view: live?.view)
      }
      if let row = progress.evaluation { environment.notice(row.line) }
      try context.poll()
    }
    do {
      while let progress = try run.next(poll: { try take(run.progress) }) {
        if progress.evaluation != nil {
          log?.add(run)
          try environment.reproduction?.take(run.history, of: environment)
        }
        keeper?.keep(run, isEvaluated: progress.evaluation != nil)
        if progress.evaluation != nil { best.note(run) }
        try take(progress)
      }
      keeper?.finish(run)
      log?.end(.finished, run)
      // What is kept is there for all.
      try environment.onFirst {}
    } catch let error as TrainingError {
      log?.end(.failed, run, reason: error.description)
      guard let state = keeper?.goodState(before: run) else { throw error }
      throw TrainingError(description: "\(error.description); \(state)")
    } catch {
      environment.ranks?.fail(because: error)
      // The run stops between two steps: what it has learned is worth keeping, whatever stopped it.
      let isKept = Safepoint.withoutWatch {
        log?.end(isStop(error) ? .interrupted : .failed, run, reason: reason(error, context))
        return keeper?.finish(run) ?? false
      }
      if isStop(error) {
        environment.past.obstacle = "a training before it was stopped, and would now go on to its end"
      }
      guard isInterruption(error) else { throw error }
      if !run.history.isEmpty || keeper != nil {
        let history = TableObject.history(run.history, best: best.best(of: run.history), isInterrupted: true)
        environment.keepUnfinished(.object(history))
      }
      let progress = run.progress
      let reached = progress.step > 0 ? " after \(progress.step) of \(progress.steps) steps" : ""
      let goingOn =
        !isKept
        ? "the model keeps what it has learned, another `train` goes on from there"
        : "the model keeps what it has learned, and the same `train` with resume: true goes on from here"
      throw ScriptError(
        .interrupted, "interrupted\(reached)",
        help: goingOn + (run.history.isEmpty ? "" : "; `_` is the history so far"))
    }
    if let line = best.line(of: run) { environment.notice(line) }
    let history = TableObject.history(run.history, best: best.best(of: run.history))
    do { try best.restore(run, environment) } catch {
      environment.keepUnfinished(.object(history))
      throw error
    }
    return history
  }

  /// Why a training ended before its time, in words.
  private static func reason(_ error: any Error, _ context: CallContext) -> String? {
    let told = (error as? Stopped).map { context.error(of: $0) } ?? error
    return Session.diagnostics(of: told).first?.message
  }

  /// Whether work was told to stop, by whatever.
  private static func isStop(_ error: any Error) -> Bool {
    error is Stopped || [.interrupted, .limit].contains((error as? ScriptError)?.kind)
  }

  /// Whether Ctrl-C ended the work, between two steps or within one.
  private static func isInterruption(_ error: any Error) -> Bool {
    (error as? ScriptError)?.kind == .interrupted || (error as? Stopped)?.reason == .interrupted
      || (error as? RankFailure).map { $0.status >= RankFailure.interruptions } ?? false
  }

  /// The tokens of a data set for a model; what is not built yet is built with the tokenizer that fits.
  static func sequences(
    of data: DataSetObject, for net: Predictor, _ model: any TokenModel, _ environment: Environment,
    _ context: CallContext
  ) throws -> TokenSequences {
    let count = model.tokenCount
    if let vocabulary = data.data.vocabulary, vocabulary.count != count {
      throw ScriptError(
        .value, "the model has \(count) tokens, but the data set was built with \(vocabulary.count)",
        help: "make a model with vocabulary: \(vocabulary.count)", argument: "data")
    }
    if let sequences = data.data.sequences {
      guard net.vocabulary == nil || net.vocabulary == data.data.vocabulary else {
        throw ScriptError(
          .value, "the tokens of the data set stand for other bytes or colors than those that the model was trained on",
          argument: "data")
      }
      return sequences
    }
    var options = environment.buildOptions
    options.tokenizer = try tokenizer(for: net, model)
    return try environment.tracking("build", total: data.data.count, unit: "rows", context) { report in
      try data.sequences(options, report: report)
    }
  }

  /// The tokenizer of a model: that of the data it was trained on, or the named one that has as many tokens.
  static func tokenizer(for net: Predictor, _ model: any TokenModel) throws(ScriptError) -> Tokenizer {
    if let vocabulary = net.vocabulary { return Tokenizer(vocabulary) }
    let count = model.tokenCount
    guard let found = Vocabulary.named.first(where: { $0.vocabulary.count == count }) else {
      let known = Vocabulary.named.map { "\($0.vocabulary.count)" }.joined(separator: " or ")
      throw ScriptError(.value, "there is no tokenizer of \(count) tokens for this model; there are some of \(known)")
    }
    return Tokenizer(found.vocabulary)
  }
}
