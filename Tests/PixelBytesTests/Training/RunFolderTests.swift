import Foundation
import Formats
import PixelBytes
import Tensors
import Testing

/// A run that is kept in a folder goes on to the same bits, whatever ended it.
@Suite struct RunFolderTests {
  private let parent = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
  private var path: String { parent + "/runs/first" }

  private static let rows = TokenSequences(
    ["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) })

  private static func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs, options.every) = (6, 3, 5, 4, 1)
    (options.rate, options.schedule, options.positions) = (3e-2, .cosine, .all)
    change(&options)
    return options
  }

  private static func model(seed: UInt64 = 3, dropout: Double = 0.2) throws -> SequenceModel {
    let family = TransformerFamily(heads: 1, dropout: dropout, isCausal: true)
    return try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1), seed: seed)
  }

  private static func trainer(_ model: SequenceModel, _ options: TrainingOptions) throws -> Trainer {
    try Trainer(model, training: rows, testing: rows, options)
  }

  private static func bits(_ model: SequenceModel) -> [[UInt32]] {
    model.parameters.map { $0.value.values.map(\.bitPattern) }
  }

  /// Runs to the next event and keeps the state behind it; false at the end.
  @discardableResult private func keep(_ run: TrainingRun, in folder: RunFolder) throws -> Bool {
    guard let progress = try run.next() else { return false }
    if progress.evaluation != nil { _ = try folder.saveIfBest(run) }
    try folder.save(run)
    return true
  }

  /// Runs some events and keeps the state behind each; gives the number of the last step.
  private func run(_ events: Int, _ options: TrainingOptions = options(), in folder: RunFolder) throws -> Int {
    let run = try Self.trainer(try Self.model(), options).start()
    for _ in 0..<events { guard try keep(run, in: folder) else { break } }
    return run.progress.step
  }

  @Test(
    arguments: [
      { _ in }, { $0.ema = 0.8 }, { ($0.betas, $0.curriculum) = ([0, 0.9], [3, 6]) },
      { $0.classWeights = .numbers((0..<113).map { Double($0 % 5) / 2 }) }, { $0.optimizer = .lion },
      { ($0.optimizer, $0.momentum) = (.sgd, 0.5) },
      { ($0.optimizer, $0.ema, $0.dropout) = (.muon, 0.5, 0.1) },
    ] as [@Sendable (inout TrainingOptions) -> Void])
  func goesOnToTheSameBits(_ change: @Sendable (inout TrainingOptions) -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let (whole, options) = (try Self.model(), Self.options(change))
    let expected = try Self.trainer(whole, options).run { _ in }
    let kept = try Self.trainer(try Self.model(), options).start()
    for events in 1..<16 {
      try keep(kept, in: try RunFolder(path))
      let model = try Self.model(seed: 99)
      let trainer = try Self.trainer(model, options)
      let found = try #require(try RunFolder(path).resume(trainer))
      let history = try trainer.run(from: found.state) { _ in }
      #expect(found.faults.isEmpty && Self.bits(model) == Self.bits(whole), "after \(events) events")
      #expect(history.map(\.train) == expected.map(\.train) && history.map(\.test) == expected.map(\.test))
      #expect(model.training == whole.training)
    }
  }

  @Test func keepsTheNewestTwoAndTheBest() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let last = try run(.max, in: folder)
    #expect(try folder.states == [last, last - 1].map { "step-0000" + ($0 < 10 ? "0\($0)" : "\($0)") })
    let losses = try #require(Checkpoint.load(path + "/step-0000\(last)").training.last).evaluations.map(\.test?.loss)
    let best = try #require(try Checkpoint.load(path + "/best").training.last).evaluations.map(\.test?.loss)
    let lowest = try #require(losses.compactMap { $0 }.min())
    #expect(best.last == lowest && best == Array(losses.prefix(best.count)))
  }

  /// The best model has the averaged weights, which were measured; the model of a run that is over can have them too.
  @Test func theBestModelIsTheOneThatWasMeasured() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let options = Self.options { ($0.ema, $0.rate, $0.schedule) = (0.7, 0.5, .constant) }
    let model = try Self.model()
    let run = try Self.trainer(model, options).start()
    while let progress = try run.next() { if progress.evaluation != nil { _ = try folder.saveIfBest(run) } }
    let number = try #require(RunFolder.Measure.loss.best(of: run.history))
    let best = try Checkpoint.load(path + "/best")
    let windows = try Windows(Self.rows, length: 6, stride: 3)
    let loss = try NextTokenReport(best, windows, threads: 1).loss
    #expect(loss == run.history[number].test?.loss && loss == run.history.compactMap(\.test?.loss).min())
    run.finish()
    try folder.restoreBest(of: run)
    #expect(Self.bits(model) == Self.bits(best))
    #expect(try #require(best.training.last) == run.record(ofEvaluation: number))
  }

  @Test func aTornStateGivesWayToTheOneBefore() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    _ = try run(7, in: folder)
    let states = try folder.states
    for (name, file) in zip(states, ["moments.safetensors", "state.json"]) {
      let place = "\(path)/\(name)/\(file)"
      let bytes = try Data(contentsOf: URL(filePath: place))
      try bytes.prefix(bytes.count / 2).write(to: URL(filePath: place))
      let trainer = try Self.trainer(try Self.model(), Self.options())
      if name == states[0] {
        let found = try #require(try folder.resume(trainer))
        #expect(found.state.step == Int(states[1].dropFirst(5)))
        #expect(found.faults == ["\(place): is not what was written"])
      } else {
        #expect(throws: TrainingError.self) { try folder.resume(trainer) }
      }
    }
  }

  @Test func anEditedCardIsNoDamage() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let step = try run(4, in: folder)
    let newest = try #require(try folder.states.first)
    try "mine".write(toFile: "\(path)/\(newest)/README.md", atomically: true, encoding: .utf8)
    let found = try #require(try folder.resume(try Self.trainer(try Self.model(), Self.options())))
    #expect(found.faults.isEmpty && found.state.step == step)
  }

  @Test func anotherRunIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let step = try run(4, in: folder)
    let changes: [(String, TrainingOptions)] = [
      ("batch was 5 there, and is 4 here", Self.options { $0.batch = 4 }),
      ("clip was not set there, and is 1 here", Self.options { $0.clip = 1 }),
      ("optimizer was \"adamw\" there, and is \"adam\" here", Self.options { $0.optimizer = .adam }),
      ("betas was [0.9, 0.999] there, and is [0.9, 0.99] here", Self.options { $0.betas = [0.9, 0.99] }),
      ("decay was \"all\" there, and is \"matrices\" here", Self.options { $0.decay = .matrices }),
      ("accumulate was 1 there, and is 2 here", Self.options { $0.accumulate = 2 }),
      ("label_smoothing was 0 there, and is 0.5 here", Self.options { $0.labelSmoothing = 0.5 }),
      ("class_weights was not set there, and is \"balanced\" here", Self.options { $0.classWeights = .balanced }),
      ("dropout was 0 there, and is 0.5 here", Self.options { $0.dropout = 0.5 }),
      ("ema was not set there, and is 0.5 here", Self.options { $0.ema = 0.5 }),
      ("sequence was 6 there, and is [2, 6] here", Self.options { $0.curriculum = [2, 6] }),
      ("samples was not set there, and is 3 here", Self.options { $0.samples = 3 }),
      ("schedule was \"cosine\" there, and is \"constant\" here", Self.options { $0.schedule = .constant }),
    ]
    for (difference, options) in changes {
      let trainer = try Self.trainer(try Self.model(), options)
      let error = try #require(throws: TrainingError.self) { try folder.resume(trainer) }
      #expect(error.description.contains(difference))
      #expect(try folder.resume(trainer, force: true)?.state.step == step)
    }
  }

  @Test func otherDataAndModelsAreRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let step = try run(4, in: folder)
    let others = TokenSequences(["abcdefgh", "a cat, a bat!", "0123456789"].map { Tokenizer().encode(text: $0) })
    let fewer = TokenSequences([Tokenizer().encode(text: "abc")])
    let told = (0..<Self.rows.count).reduce(0) { $0 + Self.rows.length(of: $1) }
    let there = "was \(Self.rows.count) rows of \(told) tokens there, and is"
    for (difference, data, test) in [
      ("data \(there) others here", others, Self.rows), ("data \(there) 1 row of 4 tokens here", fewer, Self.rows),
      ("validate \(there) others here", Self.rows, others),
      ("validate \(there) 1 row of 4 tokens here", Self.rows, fewer),
      ("validate \(there) no rows here", Self.rows, nil),
    ] as [(String, TokenSequences, TokenSequences?)] {
      let trainer = try Trainer(try Self.model(), training: data, testing: test, Self.options())
      let error = try #require(throws: TrainingError.self) { try folder.resume(trainer) }
      #expect(error.description.contains(": \(difference); "), "\(error)")
      #expect(try folder.resume(trainer, force: true)?.state.step == step)
    }
    let strange = try Self.trainer(try Self.model(dropout: 0.3), Self.options())
    #expect(throws: TrainingError.self) { try folder.resume(strange, force: true) }
  }

  /// Of evaluations alike the first is the best, of the test rows where there are any; what is no number is never better.
  @Test func theBestIsBetterThanAllBefore() throws {
    func score(_ loss: Double, _ accuracy: Double) -> String {
      "{\"loss\": \(loss.isFinite ? "\(loss)" : "\"\(loss)\""), \"accuracy\": \(accuracy), \"f1\": 0}"
    }
    func history(_ scores: [(train: String, test: String?)]) throws -> [HistoryRow] {
      let rows = scores.enumerated().map { step, scores in
        "{\"step\": \(step), \"epoch\": 0, \"seconds\": 0, \"tokensPerSecond\": 0, \"train\": \(scores.train)"
          + (scores.test.map { ", \"test\": \($0)" } ?? "") + "}"
      }
      return try JSONDecoder().decode([HistoryRow].self, from: Data("[\(rows.joined(separator: ", "))]".utf8))
    }
    func check(_ measure: RunFolder.Measure, _ history: [HistoryRow], _ isBest: [Bool]) {
      let found = history.indices.map { measure.isLastBest(of: Array(history[...$0])) }
      #expect(found == isBest && measure.best(of: history) == isBest.lastIndex(of: true), "\(history)")
    }
    let losses: [([Double], [Bool])] = [
      ([3, 2, 2, 4, 2], [true, true, false, false, false]), ([1, 2], [true, false]), ([2, 1], [true, true]),
      ([.nan, 3, .nan, 3, 2], [true, true, false, false, true]), ([.infinity, .infinity, 5], [true, false, true]),
    ]
    for (losses, isBest) in losses {
      check(.loss, try history(losses.map { (score($0, 0), nil) }), isBest)
      // Training rows that get better all the time decide nothing beside test rows.
      check(.loss, try history(losses.enumerated().map { (score(-Double($0), 0), score($1, 0)) }), isBest)
    }
    let accuracies: [([Double], [Bool])] = [
      ([0.2, 0.5, 0.5, 0.4, 0.6], [true, true, false, false, true]), ([0, 0], [true, false]), ([1, 0], [true, false]),
    ]
    for (accuracies, isBest) in accuracies {
      check(.accuracy, try history(accuracies.map { (score(1, $0), nil) }), isBest)
      check(
        .accuracy, try history(accuracies.enumerated().map { (score(1, Double($0)), score(-Double($0), $1)) }), isBest)
    }
    check(.loss, [], [])
  }

  @Test func aFolderHasOneOwner() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let error = try #require(throws: FormatError.self) { try RunFolder(path) }
    #expect(error.description == "\(path): is in use by process \(ProcessInfo.processInfo.processIdentifier)")
    _ = try folder.states
  }

  /// Runs to the end by a measure; keeps every state.
  private func finish(
    _ options: TrainingOptions = options(), in folder: RunFolder, from state: TrainingState? = nil
  ) throws -> TrainingRun {
    let run = try Self.trainer(try Self.model(), options).start(from: state)
    while let progress = try run.next() {
      if progress.evaluation != nil { _ = try folder.saveIfBest(run) }
      try folder.save(run)
    }
    return run
  }

  /// What a folder has in place of the best model of its run.
  @Test func aBestModelIsKnownForOneOfTheRun() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let best = path + "/best"
    func write(_ file: String, _ text: String) throws {
      try FileManager.default.createDirectory(atPath: best, withIntermediateDirectories: true)
      try text.write(toFile: best + "/" + file, atomically: true, encoding: .utf8)
    }
    do {
      let folder = try RunFolder(path)
      #expect(try folder.bestFolder == .none)
      try FileManager.default.createDirectory(atPath: best, withIntermediateDirectories: true)
      #expect(try folder.bestFolder == .none)
      try write("mine.txt", "mine")
      #expect(try folder.bestFolder == .foreign)
      try FileManager.default.removeItem(atPath: best)
      try Checkpoint.save(try Self.model(), to: best)
      #expect(try folder.bestFolder == .foreign)
      try FileManager.default.removeItem(atPath: best)
      try "mine".write(toFile: best, atomically: true, encoding: .utf8)
      #expect(try folder.bestFolder == .foreign)
      try FileManager.default.removeItem(atPath: best)
      _ = try run(4, in: folder)
      #expect(try folder.bestFolder == .own)
      // Who adds files changes nothing of the model.
      try write("mine.txt", "mine")
      #expect(try folder.bestFolder == .own)
      try Checkpoint.save(try Self.model(seed: 9), to: best)
      #expect(try folder.bestFolder == .foreign)
      // Earlier versions left no mark.
      try FileManager.default.removeItem(atPath: best + "/best.json")
      #expect(try folder.bestFolder == .own)
    }
  }

  /// The best model of a run that goes on with another measure, or without that of before, is that of the evaluations from there on.
  @Test(arguments: RunFolder.Measure.allCases, [true, false])
  func theBestIsJudgedAnewWhereItIsNotKnown(_ measure: RunFolder.Measure, _ isGone: Bool) throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let options = Self.options { ($0.rate, $0.schedule) = (0.5, .constant) }
    let more = Self.options { ($0.rate, $0.schedule, $0.epochs) = (0.5, .constant, 8) }
    _ = try finish(options, in: try RunFolder(path, best: .loss))
    if isGone { try FileManager.default.removeItem(atPath: path + "/best") }
    var seen = 0
    for _ in 0..<2 {
      let folder = try RunFolder(path, best: measure)
      let trainer = try Self.trainer(try Self.model(), more)
      let found = try #require(try folder.resume(trainer, force: true))
      let isKnown = seen > 0 || !isGone && measure == .loss
      #expect(
        found.notes.contains { $0.hasPrefix("the best model is that of the evaluations from here on") } == !isKnown)
      let known = found.state.history.count
      if seen == 0 { seen = isKnown ? 0 : known }
      let run = try finish(more, in: folder, from: found.state)
      let best = try #require(folder.best(of: run.history))
      #expect(best == measure.best(of: run.history[(seen < known ? seen : min(seen, known))...]))
      let saved = try #require(try Checkpoint.load(path + "/best").training.last?.evaluations.last)
      #expect(saved.test == run.history[best].test)
    }
  }

  /// What was taken away is missed, not stood in for by other weights.
  @Test func aMissingBestModelIsAnError() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let run = try finish(Self.options { ($0.rate, $0.schedule) = (0.5, .constant) }, in: folder)
    try FileManager.default.removeItem(atPath: path + "/best")
    let error = try #require(throws: TrainingError.self) { try folder.restoreBest(of: run) }
    #expect(error.description.hasPrefix("there is no best model in \(path)/best: "))
  }

  /// A better model that could not be written is missed, too: the one before does not stand in for it.
  @Test func anOlderBestModelIsNotTheBest() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let run = try Self.trainer(try Self.model(), Self.options()).start()
    while let progress = try run.next() {
      if progress.evaluation?.step == 0 { #expect(try folder.saveIfBest(run)) }
    }
    let best = try #require(folder.best(of: run.history))
    #expect(best > 0)
    let error = try #require(throws: TrainingError.self) { try folder.restoreBest(of: run) }
    let missing = "the better one after step \(run.history[best].step) could not be written"
    #expect(error.description == "the best model in \(path)/best is that after step 0: \(missing)")
  }

  /// By force a run goes on with any optimizer, batch and rows, and behind that without it.
  @Test(arguments: OptimizerKind.allCases, OptimizerKind.allCases)
  func anyOptimizerGoesOnByForce(_ first: OptimizerKind, _ second: OptimizerKind) throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let step = try run(5, Self.options { $0.optimizer = first }, in: folder)
    let options = Self.options { $0.optimizer = second }
    let found = try #require(try folder.resume(try Self.trainer(try Self.model(), options), force: true))
    let isAnew = first != second && Set([first, second]) != [.adam, .adamW]
    #expect(found.state.step == step && found.notes.isEmpty == !isAnew)
    #expect((found.state.laterSteps?.values.allSatisfy { $0 == 0 } ?? false) == isAnew)
    let run = try finish(options, in: folder, from: found.state)
    #expect(run.progress.step == 12)
    #expect(try folder.resume(try Self.trainer(try Self.model(), options))?.state.step == 12)
  }

  @Test func anyBatchAndRowsGoOnByForce() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let run = try Self.trainer(try Self.model(), Self.options()).start()
    for _ in 1...7 {
      try keep(run, in: try RunFolder(path))
      let step = run.progress.step
      for (batch, count) in [1, 2, 5, 100].flatMap({ batch in (1...3).map { (batch, $0) } }) {
        let rows = TokenSequences(
          ["abcdefgh", "a cat, a bat.", "0123456789"].prefix(count).map { Tokenizer().encode(text: $0) })
        let options = Self.options { ($0.batch, $0.steps) = (batch, step + 20) }
        let model = try Self.model()
        let trainer = try Trainer(model, training: rows, testing: Self.rows, options)
        let found = try #require(try RunFolder(path).resume(trainer, force: true))
        #expect(found.state.step == step)
        #expect(try trainer.run(from: found.state) { _ in }.last?.step == step + 20)
        #expect(Self.bits(model).joined().allSatisfy { Float(bitPattern: $0).isFinite })
      }
    }
  }

  /// The last evaluation of a state whose best model is gone may be the best one: its model is at hand.
  @Test func theModelOfTheStateCanBeTheBest() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    _ = try finish(in: folder)
    let found = try #require(try folder.resume(try Self.trainer(try Self.model(), Self.options())))
    let isLast = RunFolder.Measure.loss.best(of: found.state.history) == found.state.history.count - 1
    #expect(isLast && !found.owesBest)
    try FileManager.default.removeItem(atPath: path + "/best")
    let trainer = try Self.trainer(try Self.model(), Self.options())
    let again = try #require(try folder.resume(trainer))
    #expect(again.owesBest && again.notes.isEmpty)
    let run = try trainer.start(from: again.state)
    #expect(try folder.saveIfBest(run))
    try folder.restoreBest(of: run)
  }

  /// A state of the version before, which kept less, goes on by force.
  @Test func statesOfTheVersionBeforeGoOnByForce() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let folder = try RunFolder(path)
    let step = try run(5, in: folder)
    let file = URL(filePath: path + "/" + (try #require(try folder.states.first)) + "/state.json")
    var fields = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    fields["version"] = 3
    for name in ["code", "keep"] { fields[name] = nil }
    var state = try #require(fields["state"] as? [String: Any])
    state["laterSteps"] = nil
    fields["state"] = state
    try JSONSerialization.data(withJSONObject: fields).write(to: file)
    try FileManager.default.removeItem(atPath: path + "/best/best.json")
    #expect(try folder.bestFolder == .own)
    let trainer = try Self.trainer(try Self.model(), Self.options())
    let error = try #require(throws: TrainingError.self) { try folder.resume(trainer) }
    #expect(error.description.contains("it was made by another version of the program"))
    #expect(try folder.resume(trainer, force: true)?.state.step == step)
  }
}
