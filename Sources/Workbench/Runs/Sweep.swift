import Formats
import Foundation
import PixelScript
import Ranks
import Safepoint
import Tensors

/// Settings tried one after the other: what a function of a script scores for each of them, over some seeds.
final class Sweep {
  /// Which settings are tried.
  enum Search: String, CaseIterable, ScriptChoice, Sendable {
    /// Every combination.
    case grid
    /// Some combinations, drawn at random.
    case random
    /// Every combination with a share of the budget; the better half goes on with twice as much until one has all.
    case halving
  }

  /// A value for each of the settings.
  typealias Point = [SweepSetting]

  private let names: [String]
  private let seeds: Int
  private let goal: Goal
  private let path: String?
  private let environment: Environment
  /// The calls that were made, by the text of their settings.
  private var trials: [ExactText: SweepTrial] = [:]
  private var order: [(point: Point, budget: Double)] = []
  private let lock: FolderLock?
  /// The seed that it began with.
  let seed: UInt64

  /// What the best score is.
  enum Goal: String, CaseIterable, ScriptChoice, Sendable { case min, max }

  private static let file = "trials.jsonl"
  private static let seedFile = "sweep.json"
  /// The most calls of one sweep: so many can be looked through after it was stopped.
  private static let mostTrials = 100_000

  /// A sweep that keeps its trials in the folder `path`, where earlier ones are found; throws where another process has it.
  init(_ names: [String], seeds: Int, _ goal: Goal, folder path: String?, _ environment: Environment) throws {
    (self.names, self.seeds, self.goal, self.path, self.environment) = (names, seeds, goal, path, environment)
    guard let path else {
      (lock, seed) = (nil, environment.seed)
      return
    }
    let (file, seedFile) = (path + "/" + Self.file, path + "/" + Self.seedFile)
    let found = try environment.onFirst { () -> (lock: FolderLock, bytes: [UInt8], seed: [UInt8]) in
      let lock = try FolderLock(path)
      // Where it began without a seed of a script's own, its trials go on from the one that was drawn then.
      if !FileManager.default.fileExists(atPath: seedFile) {
        try AtomicFile.write(
          JSON.object([.init("seed", .string("\(environment.seed)"))]).text(.indented) + "\n", to: seedFile)
      }
      let bytes = FileManager.default.fileExists(atPath: file) ? try readFile(file, limit: 1 << 28) : []
      return (lock, bytes, try readFile(seedFile, limit: 1 << 20, expected: "the description of a sweep"))
    }
    lock = found?.lock
    let bytes = try environment.ranks.map { try $0.broadcast(found?.bytes) } ?? found?.bytes ?? []
    let seedText = try environment.ranks.map { try $0.broadcast(found?.seed) } ?? found?.seed ?? []
    let json: JSON?
    do throws(JSONFault) { json = try JSON(seedText) } catch { json = nil }
    guard let seed = json?["seed"]?.string.flatMap({ UInt64($0) }) else {
      throw FormatError(.malformed, in: seedFile, "is no description of a sweep: it has no seed")
    }
    self.seed = seed
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // The line of a trial that was cut off is no trial.
      let json: JSON
      do throws(JSONFault) { json = try JSON(Array(line)) } catch { continue }
      if let key = json["settings"]?.text(), let trial = SweepTrial(json) { trials[ExactText(key)] = trial }
    }
  }

  /// The combinations of some values of settings, the last setting changing fastest; throws for more than can be tried.
  static func grid(_ settings: [(name: String, values: [SweepSetting])]) throws -> [Point] {
    let count = settings.reduce(1) { Size.product($0, $1.values.count) }
    guard count <= mostTrials else {
      throw ScriptError(
        .value, "a sweep tries at most \(mostTrials) combinations, these are \(count)", argument: "settings")
    }
    return settings.reduce([[]]) { points, setting in
      points.flatMap { point in setting.values.map { point + [$0] } }
    }
  }

  /// Tries points with a share of the budget each; those that are known are not tried again.
  ///
  /// Several ranks make one trial each at the same time, and all know of all of them then.
  func run(
    _ points: [Point], budget: Double = 1, _ call: (Value) throws -> Value,
    _ poll: () throws -> Void
  ) throws {
    let count = Size.product(points.count, seeds)
    guard count <= Self.mostTrials else {
      throw ScriptError(
        .value,
        "a sweep makes at most \(Self.mostTrials) trials, these are \(points.count) combination\(points.count == 1 ? "" : "s") with \(seeds) seeds each",
        argument: "seeds")
    }
    for point in points { order.append((point, budget)) }
    let first = environment.past.beginTrials(count)
    var tasks: [SweepTask] = []
    var keys: Set<ExactText> = []
    for (index, point) in points.enumerated() {
      for seed in 1...seeds {
        let key = Self.key(point, seed, budget)
        // A combination that is there twice is tried once.
        guard keys.insert(ExactText(key)).inserted, trials[ExactText(key)] == nil else { continue }
        let settings = point.map { ($0.name, $0.value) } + Self.given(seed, budget)
        tasks.append(SweepTask(number: first + index * seeds + seed, seed: seed, key: key, settings: settings))
      }
    }
    let known = keys.count - tasks.count
    let meter = environment.progress("sweep", from: known, total: keys.count, unit: "trials")
    defer { meter.finish() }
    let round = environment.ranks?.count ?? 1
    for start in stride(from: 0, to: tasks.count, by: round) {
      let tasks = Array(tasks[start..<min(start + round, tasks.count)])
      for (task, trial) in try environment.made(tasks, { try make($0, call) }) { try keep(trial, task.key) }
      meter.advance(to: known + start + tasks.count)
      try poll()
    }
    if let path, known > 0 {
      environment.notice("\(known) of \(keys.count) trials are those that \(path) keeps")
    }
  }

  /// Makes a trial, whose random numbers follow from its seed alone.
  private func make(_ task: SweepTask, _ call: (Value) throws -> Value) throws -> SweepTrial {
    let start = ContinuousClock.now
    let outer = environment.logFolder
    environment.past.beginTrial(task.number)
    defer {
      environment.logFolder = outer
      environment.past.endTrial()
    }
    if let path { environment.logFolder = path }
    let result = try environment.withStreams(of: task.seed) { try call(.map(task.settings)) }
    let figures = try Self.figures(of: result)
    try check(figures.map(\.name))
    return SweepTrial(figures: figures, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// The better half of the points that were tried with a budget, at least one.
  func betterHalf(of points: [Point], budget: Double) -> [Point] {
    let scored = points.map { ($0, score(known($0, budget)) ?? .nan) }
    return scored.sorted { isBetter($0.1, $1.1) }.prefix((points.count + 1) / 2).map(\.0)
  }

  private func isBetter(_ a: Double, _ b: Double) -> Bool {
    b.isNaN ? !a.isNaN : goal == .min ? a < b : a > b
  }

  /// What a trial gets beside its settings.
  private static func given(_ seed: Int, _ budget: Double) -> [(String, Value)] {
    [("seed", .number(seed)), ("budget", .number(budget))]
  }

  private static func key(_ point: Point, _ seed: Int, _ budget: Double) -> String {
    let given = [
      JSON.Field("seed", .integer(seed)), .init("budget", Int(exactly: budget).map { .integer($0) } ?? .number(budget)),
    ]
    return JSON.object(point.map { .init($0.name, $0.key) } + given).text()
  }

  /// A score, or a map of figures of which the first is the score.
  private static func figures(of result: Value) throws -> [(name: String, value: Double)] {
    if let score = Double.convert(result) { return [("score", score)] }
    if case .map(let map) = result, map.count > 0 {
      return try map.entries.map { key, value in
        guard let figure = Double.convert(value) else {
          throw ScriptError(
            .type, "a sweep's function gives a score or a map of numbers; \(key.description) is \(value.typeName)",
            argument: "f")
        }
        return (key.description, figure)
      }
    }
    throw ScriptError(
      .type, "a sweep's function gives a score or a map of numbers, found \(result.typeName)",
      help: "end it with `return h.test_loss[-1]` or the like", argument: "f")
  }

  /// Throws where a figure has the name of a setting: the table could show one of them only.
  private func check(_ figures: [String]) throws(ScriptError) {
    guard let name = figures.first(where: names.contains) else { return }
    throw ScriptError(
      .value, "the figure \(Display.quoted(name)) has the name of a setting", help: "call one of them otherwise",
      argument: "f")
  }

  private func keep(_ trial: SweepTrial, _ key: String) throws {
    trials[ExactText(key)] = trial
    guard let path else { return }
    let line = try trial.json(of: key)
    try environment.onFirst { try AppendedFile.append(line.text(.spaced) + "\n", to: path + "/" + Self.file) }
  }

  private func known(_ point: Point, _ budget: Double) -> [SweepTrial] {
    (1...seeds).compactMap { trials[ExactText(Self.key(point, $0, budget))] }
  }

  private func score(_ trials: [SweepTrial]) -> Double? {
    let scores = trials.compactMap { $0.figures.first?.value }
    return scores.isEmpty ? nil : CompensatedSum(scores).mean
  }

  /// A row for each point that was tried, the best first: its settings, mean and deviation (n - 1) of each figure over the seeds.
  func table() -> TableObject {
    var figures: [String] = []
    var rows: [(budget: Double, score: Double, point: Point, trials: [SweepTrial])] = []
    for (point, budget) in order {
      let known = known(point, budget)
      guard let score = score(known) else { continue }
      for name in known.flatMap({ $0.figures.map(\.name) }) where !figures.contains(name) { figures.append(name) }
      rows.append((budget, score, point, known))
    }
    rows.sort { $0.budget != $1.budget ? $0.budget > $1.budget : isBetter($0.score, $1.score) }
    let hasBudgets = Set(rows.map(\.budget)).count > 1
    let columns =
      names + (hasBudgets ? ["budget"] : []) + figures.flatMap { seeds > 1 ? [$0, "\($0)_std"] : [$0] }
      + (seeds > 1 ? ["seeds"] : []) + ["seconds"]
    let values = rows.map { row -> [Value] in
      let means = figures.flatMap { name -> [Value] in
        let numbers = row.trials.compactMap { trial in trial.figures.first { $0.name == name }?.value }
        guard !numbers.isEmpty else { return seeds > 1 ? [.nil, .nil] : [.nil] }
        let mean = CompensatedSum(numbers).mean
        let squares = CompensatedSum(numbers.map { ($0 - mean) * ($0 - mean) })
        let deviation = numbers.count > 1 ? (squares.value / Double(numbers.count - 1)).squareRoot() : 0
        return seeds > 1 ? [.number(mean), .number(deviation)] : [.number(mean)]
      }
      return row.point.map(\.value) + (hasBudgets ? [.number(row.budget)] : []) + means
        + (seeds > 1 ? [.number(row.trials.count)] : []) + [.number(row.trials.reduce(0) { $0 + $1.seconds })]
    }
    let best = rows.first.map { Value.map($0.point.map { ($0.name, $0.value) }) } ?? .nil
    var table = Table(names: columns, rows: values)
    table.look = .runs
    return TableObject(table, remarks: [("best", best)])
  }
}
