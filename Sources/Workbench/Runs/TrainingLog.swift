import Formats
import Foundation
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// Tells of a run of `train` in a folder as it goes on. What can't be written is warned of, and training goes on.
final class TrainingLog {
  private let log: RunLog
  private let best: BestModel
  private let environment: Environment
  private let samples: SampleDrawing?
  private var hasWarned = false

  /// Begins to tell of a run that starts or goes on, where `train` or the program was asked to; throws where the folder can't be
  /// had, and where it holds another run or what no run wrote.
  static func begin(
    _ keeping: RunKeeping, _ run: TrainingRun, isGoingOn: Bool, _ best: BestModel,
    _ samples: () throws -> SampleDrawing?,
    _ environment: Environment
  ) throws -> TrainingLog? {
    guard let path = try keeping.log ?? environment.unusedLogFolder(for: run.model) else { return nil }
    let isThere = KeptRun.isThere(try environment.files.readable(path))
    if keeping.resume == .no, isThere {
      throw ScriptError(
        .value, "\(Display.quoted(path)) holds a run already", help: "a new run needs another folder", argument: "log")
    }
    // A folder that keeps the run as well is claimed already.
    let isClaimed = keeping.path.map { FileAccess.resolved($0) == FileAccess.resolved(path) } ?? false
    let place = try environment.files.writable(path)
    var description = try description(path, of: run, environment)
    if isThere {
      let known = try KeptRun(path)
      let written = try JSON(Array(JSON.object(description).text().utf8)).fields ?? []
      try check(known, isOf: run, written, isGoingOn: isGoingOn, isForced: keeping.resume == .force)
      if isGoingOn { description = goingOn(description, from: known, isForced: keeping.resume == .force) }
    } else if let file = RunLog.rewritten.first(where: { FileManager.default.fileExists(atPath: path + "/" + $0) }) {
      throw ScriptError(
        .value, "\(Display.quoted(path)) has a file \(file) that is of no run, and would be replaced",
        help: "give the log a folder of its own", argument: "log")
    }
    let log = try RunLog(
      place, isClaimed: isClaimed, description, history: run.history, best: { best.best(of: $0) })
    environment.notice("the run is told of in \(path)")
    return TrainingLog(log, best, try samples(), environment)
  }

  /// Throws unless a folder tells of the run that goes on, or of one like it that was killed before it could.
  private static func check(
    _ known: KeptRun, isOf run: TrainingRun, _ description: [JSON.Field], isGoingOn: Bool, isForced: Bool
  ) throws {
    func refuse(_ reason: String, _ help: String) throws -> Never {
      throw ScriptError(
        .value, "\(Display.quoted(known.path)) tells of another run: \(reason)", help: help, argument: "log")
    }
    let own = "each run needs a log of its own"
    let names = ["data", "test", "options"].filter { _ in !(isForced && isGoingOn) }
    for name in ["model"] + names {
      let (there, here) = (known.description[name], description.first { $0.name == name }?.value)
      guard there != here else { continue }
      let difference = TrainingRecord.difference(between: flat(there, name), and: flat(here, name))
      if let difference { try refuse(difference, own) }
    }
    guard isGoingOn else {
      guard known.state == RunLog.State.finished.rawValue else { return }
      try refuse(
        "it is finished, and there is no checkpoint to go on from",
        "\(own); to do the same run again, take that folder away")
    }
    let times = ["seconds", "tokens_per_second"]
    for (line, row) in zip(known.metrics, run.history) {
      let there = line.filter { !times.contains($0.name) }
      let here = RunLog.figures(of: row).filter { !times.contains($0.name) }
      if let difference = TrainingRecord.difference(between: there, and: here) {
        try refuse("after step \(row.step) \(difference)", own)
      }
    }
  }

  /// The fields of a part of a description by what they are called in messages, settings first; the names of rows differ where they lie
  /// elsewhere.
  private static func flat(_ json: JSON?, _ name: String) -> [JSON.Field] {
    let fields = json?.fields ?? []
    let outer = fields.filter { $0.value.fields == nil && $0.name != "name" }
    return fields.flatMap { $0.value.fields ?? [] }
      + (name == "options" ? outer : outer.map { .init("\(name) \($0.name)", $0.value) })
  }

  /// The description of a run that goes on: it began when it began, and came of what was run then.
  private static func goingOn(_ description: [JSON.Field], from run: KeptRun, isForced: Bool) -> [JSON.Field] {
    description.map { field in
      guard ["started", "script"].contains(field.name), let before = run.description[field.name] else { return field }
      guard isForced, field.name == "script", let script = before.fields else { return .init(field.name, before) }
      let obstacle = JSON.Field("obstacle", .string("it went on by force, maybe with other rows or options"))
      return .init(field.name, .object([obstacle] + script.filter { $0.name != obstacle.name }))
    }
  }

  private init(_ log: RunLog, _ best: BestModel, _ samples: SampleDrawing?, _ environment: Environment) {
    (self.log, self.best, self.samples, self.environment) = (log, best, samples, environment)
  }

  /// Tells of the last evaluation of a run.
  func add(_ run: TrainingRun) {
    attempt {
      try log.add(run.history)
      if let row = run.history.last { try log.say(row.line) }
      if let samples {
        try log.add(try run.withMeasuredWeights { try samples.draw(run.model) }, step: run.progress.step)
      }
    }
  }

  /// Tells that a run has ended.
  func end(_ state: RunLog.State, _ run: TrainingRun, reason: String? = nil) {
    attempt {
      try log.add(run.history)
      if let reason { try log.say(reason) } else if let line = best.line(of: run) { try log.say(line) }
      try log.end(state, run.history, reason: reason)
    }
  }

  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch {
      // Whatever a stop held up is written when the run ends.
      guard !Safepoint.mustStop, !hasWarned else { return }
      hasWarned = true
      let reason = Session.diagnostics(of: error).first?.message ?? "\(error)"
      environment.warn("the log of the run could not be written: \(reason)")
    }
  }

  /// What run.json says of a run beside its figures.
  private static func description(
    _ path: String, of run: TrainingRun, _ environment: Environment
  ) throws -> [JSON.Field] {
    let record = run.record
    func source(_ source: TrainingRecord.Source) -> JSON {
      .object([
        .init("name", source.name.map { .string($0) } ?? .null), .init("rows", .integer(source.rows)),
        .init("tokens", .integer(source.tokens)), .init("sha256", .string(source.sha256)),
      ])
    }
    let options = record.options.sorted { $0.key < $1.key }.map { JSON.Field($0.key, $0.value.json) }
    var fields: [JSON.Field] = [
      .init("format", .integer(1)), .init("name", .string(path.split(separator: "/").last.map(String.init) ?? path)),
      .init("started", .string(RunLog.date(Date().timeIntervalSince1970))), .init("model", try model(run.model)),
      .init("data", source(record.data)), .init("options", .object(options)),
    ]
    if let test = record.test { fields.append(.init("test", source(test))) }
    fields += [
      .init("script", try environment.past.json(threads: environment.threads, sweepSeed: environment.sweepSeed)),
      .init("versions", .object([.init("pixelbytes", .string(Session.version)), .init("swift", .string(swift))])),
      .init("machine", machine),
    ]
    return fields
  }

  private static func model(_ model: any TokenModel) throws -> JSON {
    let count = model.parameters.reduce(0) { $0 + $1.value.count }
    guard let named = model as? SequenceModel else {
      let outline = try (model as? LayerModel)?.outline ?? model.structure
      return .object([
        .init("family", .string("layers")), .init("parameters", .integer(count)),
        .init("settings", .object([.init("structure", .string(outline))])),
      ])
    }
    let settings = try JSON(Array(try named.structure.utf8)).fields ?? []
    return .object([
      .init("family", .string(type(of: named.configuration.family).name)), .init("parameters", .integer(count)),
      .init("settings", .object(settings.filter { !["architectures", "model_type"].contains($0.name) })),
    ])
  }

  private static var swift: String {
    #if swift(>=6.4)
      "6.4 or later"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// The machine, as far as it may explain a difference.
  private static var machine: JSON {
    let process = ProcessInfo.processInfo
    return .object([
      .init("system", .string(process.operatingSystemVersionString)),
      .init("processor", processor.map { .string($0) } ?? .null),
      .init("cores", .integer(process.activeProcessorCount)),
      .init("memory", .integer(Int(process.physicalMemory))),
    ])
  }

  /// What Linux calls the processor, where it does.
  private static var processor: String? {
    let bytes: [UInt8]
    do { bytes = try readFile("/proc/cpuinfo", limit: 1 << 20) } catch { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name?.trimmingCharacters(in: .whitespaces)
  }
}

extension Environment {
  /// A folder below the one in which every training is logged, named after the script and the model; nil without one.
  fileprivate func unusedLogFolder(for model: any TokenModel) throws -> String? {
    guard let folder = logFolder, reproduction == nil else { return nil }
    let script = past.inputs.last.map(\.source.name) ?? ""
    let stem = script.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
    let family = (model as? SequenceModel).map { type(of: $0.configuration.family).name } ?? "layers"
    let parts = [stem.filter { $0.isLetter || $0.isNumber || $0 == "_" }, family].filter { !$0.isEmpty }
    let name = folder + "/" + parts.joined(separator: "-") + "-"
    try PendingFolder.makeFolders(try files.writable(folder))
    // Other programs may look for a name at the same time: whoever makes the folder has it.
    var number = 1
    while try !PendingFolder.makeNew(name + "\(number)") { number += 1 }
    return name + "\(number)"
  }
}

/// Draws a few captions with a model as it learns.
struct SampleDrawing {
  private static let count = 2
  private let prompts: [(caption: String, patches: PatchSequence)]
  private let tokenizer: Tokenizer
  private let tokens: Int

  /// Takes the first captions of rows with pictures; nil where there are none, or where the model cannot go on from them.
  init?(_ data: DataSet, _ model: any TokenModel, _ tokenizer: Tokenizer) throws {
    guard model.contextShape == .patch, model.stepper(batch: 1) != nil else { return nil }
    var prompts: [(String, PatchSequence)] = []
    var longest = 0
    for index in 0..<min(data.count, 100) where prompts.count < Self.count {
      let row = try data[index]
      guard let image = row.image, !row.caption.isEmpty else { continue }
      prompts.append((row.caption, tokenizer.encode(text: tokenizer.normalized(row.caption))))
      longest = max(longest, (image.width + 1) * image.height)
    }
    guard !prompts.isEmpty else { return nil }
    (self.prompts, self.tokenizer) = (prompts, tokenizer)
    // A picture may be preceded by its shape.
    tokens = min(2 * longest + 16, 2048)
  }

  /// The pictures that a model draws now, with their captions; of the first captions alone where there is a limit.
  func draw(_ model: any TokenModel, only limit: Int = count) throws -> [(title: String, picture: RasterImage)] {
    let generator = try Generator(model, tokenizer, try Sampler(temperature: 0.5))
    return try prompts.prefix(limit).enumerated().compactMap { index, prompt in
      var random = Random(seed: UInt64(index), stream: "samples")
      let drawn = try generator.generate(after: prompt.patches, count: tokens, stop: .image, using: &random)
      return drawn.decoding.images.last.map { (prompt.caption, $0.raster) }
    }
  }
}
