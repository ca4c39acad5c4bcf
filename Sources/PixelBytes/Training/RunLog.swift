import Formats
import Foundation

/// A folder that tells of a run of training as it goes on, readable after any crash.
///
/// `run.json` says what was run, `metrics.jsonl` has a line for each evaluation, `metrics.csv` the same in the columns of the
/// published logs, an event file the same for TensorBoard, and `log.txt` what was said.
public final class RunLog {
  /// How a run stands.
  public enum State: String, Sendable {
    case running, finished, interrupted, failed
  }

  /// The path of the folder.
  public let path: String
  private let lock: FolderLock?
  private var description: [JSON.Field]
  private let events: EventFile
  private let clock: () -> Double
  private let best: ([HistoryRow]) -> Int?
  private var told: Int

  /// The name of the file that describes the run.
  public static let descriptionFile = "run.json"
  /// The name of the file with a line for each evaluation.
  public static let metricsFile = "metrics.jsonl"
  private static let tableFile = "metrics.csv"
  private static let textFile = "log.txt"
  /// The files that a run writes anew when it begins or goes on.
  package static let rewritten = [descriptionFile, metricsFile, tableFile]

  /// Begins to tell of a run in the folder `path`, which is made if need be; `isClaimed` where this process has claimed it already.
  ///
  /// `description` is what run.json says of it beside its state and figures. A run that goes on has a `history`, behind which the
  /// files go on. `best` gives the place of the best of some evaluations, `clock` the seconds since 1970.
  public init(
    _ path: String, isClaimed: Bool = false, _ description: [JSON.Field], history: [HistoryRow] = [],
    best: @escaping ([HistoryRow]) -> Int? = { RunFolder.Measure.loss.best(of: $0) },
    clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws {
    (self.path, self.clock, self.best, told) = (path, clock, best, history.count)
    lock = isClaimed ? nil : try FolderLock(path)
    self.description = description
    // What a crash leaves is known by run.json for that of a run.
    try Self.write(description, .running, history, best, clock, to: path)
    try AtomicFile.write(history.map(Self.line).joined(), to: path + "/" + Self.metricsFile)
    try AtomicFile.write(Self.table(history), to: path + "/" + Self.tableFile)
    events = try EventFile(in: path, time: clock(), from: history.last.map { $0.step + 1 } ?? 0)
    let options = description.first { $0.name == "options" }?.value.fields ?? []
    try events.add(
      hyperparameters: options.map { ($0.name, $0.value) }, metrics: ["loss/test", "accuracy/test"], time: clock())
  }

  /// Tells of the evaluations of `history` that it has not told of.
  public func add(_ history: [HistoryRow]) throws {
    guard told < history.count else { return }
    for row in history[told...] {
      try AppendedFile.append(Self.line(row), to: path + "/" + Self.metricsFile)
      told += 1
      try add(row)
    }
    try write(.running, history)
  }

  private func add(_ row: HistoryRow) throws {
    try AppendedFile.append(Self.tableLine(row), to: path + "/" + Self.tableFile)
    let named = Self.scores(row).map { name, value in
      let words = name.split(separator: "_", maxSplits: 1)
      return (tag: words.count == 2 ? "\(words[1])/\(words[0])" : name, value: value)
    }
    try events.add(named, step: row.step, time: clock())
  }

  /// Tells TensorBoard of pictures that the model drew at a step.
  public func add(_ pictures: [(title: String, picture: RasterImage)], step: Int) throws {
    for (index, (title, picture)) in pictures.enumerated() {
      try events.add(picture, tag: "samples/\(index + 1)", step: step, time: clock())
      try events.add(text: title, tag: "captions/\(index + 1)", step: step, time: clock())
    }
  }

  /// Keeps a line that was said.
  public func say(_ text: String) throws { try AppendedFile.append(text + "\n", to: path + "/" + Self.textFile) }

  /// Tells that the run has ended, and why where it was not at its end.
  public func end(_ state: State, _ history: [HistoryRow], reason: String? = nil) throws {
    try events.end(time: clock())
    try write(state, history, reason: reason)
  }

  private func write(_ state: State, _ history: [HistoryRow], reason: String? = nil) throws {
    try Self.write(description, state, history, best, clock, reason: reason, to: path)
  }

  private static func write(
    _ description: [JSON.Field], _ state: State, _ history: [HistoryRow], _ best: ([HistoryRow]) -> Int?,
    _ clock: () -> Double, reason: String? = nil, to path: String
  ) throws {
    var fields = description
    fields.insert(.init("state", .string(state.rawValue)), at: min(2, fields.count))
    if let reason { fields.append(.init("reason", .string(reason))) }
    if state != .running { fields.append(.init("ended", .string(date(clock())))) }
    if let last = history.last {
      fields.append(.init("seconds", .number(last.seconds)))
      if let best = best(history) { fields.append(.init("best", json(history[best]))) }
      fields.append(.init("last", json(last)))
    }
    try AtomicFile.write(JSON.object(fields).text(.indented) + "\n", to: path + "/" + descriptionFile)
  }

  /// A moment as ISO 8601 has it, in universal time.
  public static func date(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

extension RunLog {
  /// The figures of an evaluation by their names.
  private static func scores(_ row: HistoryRow) -> [(name: String, value: Double)] {
    func named(_ part: String, _ score: HistoryRow.Score) -> [(String, Double)] {
      [("\(part)_loss", score.loss), ("\(part)_accuracy", score.accuracy), ("\(part)_f1", score.f1)]
    }
    return named("train", row.train) + (row.test.map { named("test", $0) } ?? [])
  }

  /// The figures of an evaluation as metrics.jsonl has them.
  package static func figures(of row: HistoryRow) -> [JSON.Field] {
    [.init("step", .integer(row.step)), .init("epoch", JSON(exact: row.epoch))]
      + scores(row).map { .init($0.name, JSON(exact: $0.value)) }
      + [.init("seconds", JSON(exact: row.seconds)), .init("tokens_per_second", JSON(exact: row.tokensPerSecond))]
  }

  private static func json(_ row: HistoryRow) -> JSON { .object(figures(of: row)) }

  private static func line(_ row: HistoryRow) -> String { json(row).text(.spaced) + "\n" }

  private static func table(_ history: [HistoryRow]) -> String {
    PublishedLog.columns.map(\.value).joined(separator: ",") + "\n" + history.map(tableLine).joined()
  }

  private static func tableLine(_ row: HistoryRow) -> String {
    let figures = [("epoch", row.epoch)] + scores(row)
    let cells = PublishedLog.columns.map { column in
      figures.first { $0.0 == column.key }.map { PublishedLog.value($0.1, of: column.key).brief } ?? ""
    }
    return cells.joined(separator: ",") + "\n"
  }
}
