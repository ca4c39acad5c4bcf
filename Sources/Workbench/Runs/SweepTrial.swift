import Formats
import PixelScript
import Ranks
import Safepoint

/// A value of a setting of a sweep.
struct SweepSetting {
  /// The name of the setting.
  let name: String
  /// The value.
  let value: Value
  /// What the value is known by among the trials.
  let key: JSON

  /// The value at a place of the list of a setting; throws for one that `isKept` and has no text to be known by.
  init(_ name: String, _ value: Value, at place: Int, isKept: Bool) throws {
    (self.name, self.value) = (name, value)
    do { key = try JSONText.standard(value) } catch let error as ScriptError where [.type, .value].contains(error.kind)
    {
      guard !isKept else {
        throw ScriptError(
          .type,
          "a folder keeps trials by the texts of their settings, and \(Display.quoted(name)) has \(describe(value))",
          help: "list names, as in {act: [\"relu\", \"gelu\"]}, and have the function look up what they stand for",
          argument: "settings")
      }
      key = .object([.init("place", .integer(place))])
    }
  }
}

/// What is known of one call of a sweep's function.
struct SweepTrial {
  /// The score and what else it gave.
  let figures: [(name: String, value: Double)]
  /// How long it took.
  let seconds: Double

  init(figures: [(name: String, value: Double)], seconds: Double) { (self.figures, self.seconds) = (figures, seconds) }

  /// A trial as a line of a file has it; nil for what is none.
  init?(_ json: JSON) {
    guard let figures = json["figures"]?.fields else { return nil }
    self.figures = figures.compactMap { field in field.value.exactNumber.map { (name: field.name, value: $0) } }
    seconds = json["seconds"]?.number ?? 0
  }

  /// The line of a trial of the settings that a key names.
  func json(of key: String) throws -> JSON {
    .object([
      .init("settings", try JSON(Array(key.utf8))),
      .init("figures", .object(figures.map { .init($0.name, JSON(exact: $0.value)) })),
      .init("seconds", .number(seconds)),
    ])
  }
}

/// A call of a sweep's function that is to be made.
struct SweepTask {
  /// Its number in the session, from 1.
  let number: Int
  /// The number that the function gets as `seed`.
  let seed: Int
  /// The text of its settings.
  let key: String
  /// What the function gets.
  let settings: [(String, Value)]
}

extension Environment {
  /// The trials of some tasks, of which there are no more than ranks: each rank makes one apart from the others, and all get all.
  ///
  /// What the trials told is told in their order, and the error of the first that failed is thrown on all ranks.
  func made(
    _ tasks: [SweepTask], _ make: (SweepTask) throws -> SweepTrial
  ) throws -> [(task: SweepTask, trial: SweepTrial)] {
    guard let ranks else { return try tasks.map { ($0, try make($0)) } }
    try ranks.meet(at: "a sweep")
    var report: [UInt8] = []
    var failure: (any Error)?
    if tasks.indices.contains(ranks.rank) {
      let task = tasks[ranks.rank]
      let (result, told) = apart { Result { try make(task) } }
      switch result {
      case .success(let trial): report = try Self.report(try trial.json(of: task.key), nil, told)
      case .failure(let error):
        failure = error
        let diagnostic = Session.diagnostics(of: error).first
        if error is Stopped || diagnostic?.kind == .interrupted || diagnostic?.isBudget == true {
          ranks.fail(because: error)
          throw error
        }
        report = try Self.report(.object([.init("settings", try JSON(Array(task.key.utf8)))]), diagnostic, told)
      }
    }
    let lines = try ranks.gather(report).split(separator: UInt8(ascii: "\n"))
    return try zip(tasks, lines).enumerated().map { rank, pair in
      let (task, json) = (pair.0, try JSON(Array(pair.1)))
      guard lines.count == tasks.count, json["settings"]?.text() == task.key else {
        throw RankFailure(
          rank: rank, reason: "its trial has other settings than here; all must run the same script", status: 1)
      }
      tell(
        (json["told"]?.elements ?? []).compactMap { part in
          part["text"]?.string.map { .text($0) } ?? part["notice"]?.string.map { .notice($0) }
        })
      if let failure, rank == ranks.rank { throw failure }
      if let error = json["error"] {
        throw ScriptError(
          error["kind"]?.string.flatMap { Diagnostic.Kind(rawValue: $0) } ?? .internal, error["message"]?.string ?? "",
          help: "it is the error of the trial \(task.key) on rank \(rank)")
      }
      guard let trial = SweepTrial(json) else {
        throw RankFailure(rank: rank, reason: "it told nothing of its trial", status: 1)
      }
      return (task, trial)
    }
  }

  /// What a rank hands to the others: one line.
  private static func report(_ trial: JSON, _ error: Diagnostic?, _ told: [Told]) throws -> [UInt8] {
    var fields = trial.fields ?? []
    if let error {
      fields.append(
        .init(
          "error",
          .object([.init("kind", .string(error.kind.rawValue)), .init("message", .string(error.message))])))
    }
    let told = told.map { part -> JSON in
      switch part {
      case .text(let text): .object([.init("text", .string(text))])
      case .notice(let text): .object([.init("notice", .string(text))])
      }
    }
    return Array(JSON.object(fields + [.init("told", .array(told))]).text().utf8) + [UInt8(ascii: "\n")]
  }
}
