import Formats
import Foundation
import Tensors

/// A folder that keeps a run of training: its newest two states, each with the weights of that moment, and the best model.
///
/// A state is a folder `step-` and its number with `model.safetensors` (and the other files of a checkpoint),
/// `moments.safetensors` and `state.json`; the best model is the folder `best`. Each is written whole or not at all.
public final class RunFolder {
  /// What makes one evaluation better than another.
  public enum Measure: String, CaseIterable, Sendable {
    /// The lower loss, of the test rows where there are any.
    case loss
    /// The higher accuracy.
    case accuracy

    /// Whether the last of some evaluations is better than all before it.
    public func isLastBest(of history: [HistoryRow]) -> Bool {
      guard let last = history.last else { return false }
      return history.dropLast().allSatisfy { isBetter(last, than: $0) }
    }

    /// The number of the best of some evaluations, the first of equals; nil where there are none.
    public func best(of history: [HistoryRow]) -> Int? {
      history.indices.last { isLastBest(of: Array(history[...$0])) }
    }

    private func isBetter(_ row: HistoryRow, than other: HistoryRow) -> Bool {
      let (a, b) = (row.test ?? row.train, other.test ?? other.train)
      return switch self {
      case .loss: a.loss < b.loss || b.loss.isNaN
      case .accuracy: a.accuracy > b.accuracy
      }
    }
  }

  /// The path of the folder.
  public let path: String
  /// The path of the newest state that was written or gone on from.
  public private(set) var newest: String?
  private let measure: Measure
  private let lock: FolderLock

  /// The version of state.json and of the arithmetic of a run: it counts up whenever either changes.
  static let version = 3
  static let stateFile = "state.json"
  static let momentsFile = "moments.safetensors"
  private static let kept = 2

  /// Opens the folder `path` for this process alone, and makes it if need be; `measure` decides which model is the best.
  public init(_ path: String, best measure: Measure = .loss) throws {
    (self.path, self.measure) = (path, measure)
    lock = try FolderLock(path)
  }

  /// The names of the states, the newest first.
  public var states: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasPrefix("step-") && Int($0.dropFirst(5)) != nil }
        .sorted { Int($0.dropFirst(5)) ?? 0 > Int($1.dropFirst(5)) ?? 0 }
    }
  }

  /// Writes the state of a run, and removes all but the newest two up to it.
  public func save(_ run: TrainingRun) throws {
    var state = run.state
    let step = String(state.step)
    let name = "step-" + String(repeating: "0", count: max(0, 6 - step.count)) + step
    var files = try Self.files(of: run, in: path + "/" + name)
    files.append((Self.momentsFile, try Self.encoded(state, of: run.model)))
    (state.moments, state.average) = ([:], [:])
    // The model card is for people, who may change it.
    let read = files.filter { !$0.name.hasSuffix(".md") }
    let hashes = Dictionary(uniqueKeysWithValues: read.map { ($0.name, SHA256.digest(of: $0.bytes)) })
    let saved = SavedRun(record: run.record, state: state, structure: try run.model.structure, sha256: hashes)
    files.append((Self.stateFile, Array(try saved.encoded().utf8)))
    try AtomicFolder.write(files, to: path + "/" + name)
    newest = path + "/" + name
    for old in try states.drop(while: { $0 != name }).dropFirst(Self.kept) {
      try FileManager.default.removeItem(atPath: path + "/" + old)
    }
  }

  /// Writes the model as the best one if the last evaluation is better than all before it; true if it was.
  public func saveIfBest(_ run: TrainingRun) throws -> Bool {
    guard measure.isLastBest(of: run.history) else { return false }
    let folder = path + "/best"
    let files = try run.withMeasuredWeights { try Self.files(of: run, in: folder) }
    try AtomicFolder.write(files, to: folder, dropping: Set(Checkpoint.files))
    return true
  }

  /// Gives the model of a run the weights of the best one, if there is one of finished evaluations.
  public func restoreBest(of run: TrainingRun) throws {
    let folder = path + "/best"
    guard FileManager.default.fileExists(atPath: folder) else { return }
    let weights = try SafetensorsFile(folder + "/" + Checkpoint.tensorFile)
    let (names, parameters) = (run.model.parameterNames, run.model.parameters)
    try Checkpoint.check(weights, against: zip(names, parameters).map { (name: $0, shape: $1.value.shape) })
    let values = try names.map { try weights.floats($0) }
    for (parameter, values) in zip(parameters, values) { parameter.value = Tensor(values, parameter.value.shape) }
  }

  /// The files of a model: a checkpoint, or the tensors alone of a model that has none.
  private static func files(of run: TrainingRun, in path: String) throws -> [(name: String, bytes: [UInt8])] {
    if let model = run.model as? SequenceModel {
      model.training.append(run.record)
      defer { model.training.removeLast() }
      return try Checkpoint.files(of: model, in: path)
    }
    var file = Safetensors(file: Checkpoint.tensorFile)
    for (name, parameter) in zip(run.model.parameterNames, run.model.parameters) {
      try file.append(name, shape: parameter.value.shape, floats: parameter.value.values)
    }
    return [(Checkpoint.tensorFile, try file.encoded())]
  }

  private static func encoded(_ state: TrainingState, of model: any TokenModel) throws -> [UInt8] {
    var file = Safetensors(file: momentsFile)
    for name in model.parameterNames {
      let moments = state.moments[name]
      for (kind, floats) in [
        ("first.", moments?.first), ("second.", moments?.second), ("average.", state.average[name]?.values),
      ] {
        guard let floats, !floats.isEmpty else { continue }
        try file.append(kind + name, shape: [floats.count], floats: floats)
      }
    }
    return try file.encoded()
  }
}

extension RunFolder {
  /// Where a run goes on.
  public struct Resumption {
    /// The state of the run.
    public let state: TrainingState
    /// What was wrong with newer states, one sentence each.
    public let faults: [String]
  }

  /// Reads the newest whole state of a run like that of `trainer`, and gives its model the weights of that moment; nil where
  /// there is no state.
  ///
  /// Throws where data, options or model are others, unless `force` is set, and where no state is whole.
  public func resume(_ trainer: Trainer, force: Bool = false) throws -> Resumption? {
    var faults: [String] = []
    let names = try states
    for name in names {
      do {
        let state = try read(name, trainer, force: force)
        newest = path + "/" + name
        return Resumption(state: state, faults: faults)
      } catch let error as FormatError { faults.append(error.description) }
    }
    guard let first = faults.first else { return nil }
    throw TrainingError(description: "no state of the run in \(path) can be read: \(first)")
  }

  private func read(_ name: String, _ trainer: Trainer, force: Bool) throws -> TrainingState {
    let folder = path + "/" + name
    let saved = try SavedRun(contentsOf: folder + "/" + Self.stateFile)
    for (file, hash) in saved.sha256 {
      guard SHA256.digest(of: try readFile(folder + "/" + file, limit: 4 << 30)) == hash else {
        throw FormatError(.malformed, in: folder + "/" + file, "is not what was written")
      }
    }
    if !force, let difference = saved.difference(to: trainer.record()) {
      throw TrainingError(
        description: "the run in \(path) is another one: \(difference); resume: \"force\" goes on from it all the same")
    }
    guard try saved.structure == trainer.model.structure else {
      throw TrainingError(
        description: "the run in \(path) is of another model, made of other layers or with other settings")
    }
    var state = saved.state
    let moments = try SafetensorsFile(folder + "/" + Self.momentsFile)
    let weights = try SafetensorsFile(folder + "/" + Checkpoint.tensorFile)
    let (names, parameters) = (trainer.model.parameterNames, trainer.model.parameters)
    let expected = zip(names, parameters).map { (name: $0, shape: $1.value.shape) }
    do { try Checkpoint.check(weights, against: expected) } catch {
      throw TrainingError(description: "the run in \(path) is of another model: \(error.message)")
    }
    func floats(_ name: String) throws -> [Float] { moments[name] == nil ? [] : try moments.floats(name) }
    for name in names {
      state.moments[name] = TrainingState.Moments(
        first: try floats("first." + name), second: try floats("second." + name))
      let average = try floats("average." + name)
      if !average.isEmpty { state.average[name] = .init(average) }
    }
    let values = try names.map { try weights.floats($0) }
    for (parameter, values) in zip(parameters, values) { parameter.value = Tensor(values, parameter.value.shape) }
    if let model = trainer.model as? SequenceModel {
      model.training = try TrainingRecord.decode(contentsOf: folder + "/" + Checkpoint.trainingFile).dropLast()
    }
    return state
  }
}

/// The contents of state.json.
struct SavedRun: Codable {
  private var version: Int
  /// What the run learned from, how, and what it had measured.
  let record: TrainingRecord
  /// Where it stood, without its moments.
  let state: TrainingState
  /// What its model was made of.
  let structure: String
  /// The SHA-256 of the files beside it.
  let sha256: [String: String]

  init(record: TrainingRecord, state: TrainingState, structure: String, sha256: [String: String]) {
    (version, self.record, self.state) = (RunFolder.version, record, state)
    (self.structure, self.sha256) = (structure, sha256)
  }

  init(contentsOf path: String) throws(FormatError) {
    let bytes = Data(try readFile(path, limit: 1 << 28))
    do { self = try JSONDecoder().decode(SavedRun.self, from: bytes) } catch {
      throw FormatError(.malformed, in: path, "is no state of a run: \(TrainingRecord.reason(error))")
    }
  }

  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// What makes another run of this one, in words; nil where nothing does.
  func difference(to other: TrainingRecord) -> String? {
    if version != RunFolder.version { return "it was made by another version of the program" }
    for (name, mine, theirs) in [("data", record.data, Optional(other.data)), ("validate", record.test, other.test)] {
      guard mine?.sha256 != theirs?.sha256 else { continue }
      func text(_ source: TrainingRecord.Source?) -> String {
        source.map { "\($0.rows) rows of \($0.tokens) tokens" } ?? "no rows"
      }
      let (there, here) = (text(mine), text(theirs))
      return "\(name) was \(there) there, and is \(there == here ? "others" : here) here"
    }
    for setting in TrainingOptions.settings {
      let (there, here) = (record.options[setting.name], other.options[setting.name])
      if there != here {
        return "\(setting.name) was \(there?.shown ?? "not set") there, and is \(here?.shown ?? "not set") here"
      }
    }
    return nil
  }
}
