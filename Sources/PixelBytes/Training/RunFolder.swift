import Formats
import Foundation
import Tensors

/// A folder that keeps a run of training: its newest two states, each with the weights of that moment, and the best model.
///
/// A state is a folder `step-` and its number with `model.safetensors` (and the other files of a checkpoint),
/// `moments.safetensors` and `state.json`; the best model is the folder `best`. Each is written whole or not at all.
public final class RunFolder {
  /// The path of the folder.
  public let path: String
  /// The path of the newest state that was written or gone on from.
  public internal(set) var newest: String?
  /// What makes its best model the best.
  public let measure: Measure
  /// The place of the first evaluation that may be of the best model: those before the best one of another measure, or one that is gone,
  /// are no more to be had.
  var firstCandidate = 0
  private let lock: FolderLock

  /// The version of state.json and of the arithmetic of a run: it counts up whenever either changes.
  static let version = 5
  static let stateFile = "state.json"
  static let momentsFile = "moments.safetensors"
  static let bestFolder = "best"
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
        .sorted { Self.step(of: $0) > Self.step(of: $1) }
    }
  }

  /// The step of the state of a name.
  public static func step(of state: String) -> Int { Int(state.dropFirst(5)) ?? 0 }

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
    let saved = try SavedRun(run, state, keep: measure, sha256: hashes)
    files.append((Self.stateFile, Array(try saved.encoded().utf8)))
    try AtomicFolder.write(files, to: path + "/" + name)
    newest = path + "/" + name
    for old in try states.drop(while: { $0 != name }).dropFirst(Self.kept) {
      try FileManager.default.removeItem(atPath: path + "/" + old)
    }
  }

  /// The place of the evaluation whose model is the best one; nil where none is.
  public func best(of history: [HistoryRow]) -> Int? {
    measure.best(of: history[min(firstCandidate, history.count)...])
  }

  /// Writes the model as the best one if the last evaluation is better than all before it; true if it was.
  public func saveIfBest(_ run: TrainingRun) throws -> Bool {
    let history = run.history
    guard let last = history.last, measure.isLastBest(of: history[min(firstCandidate, history.count)...]) else {
      return false
    }
    let folder = path + "/" + Self.bestFolder
    var files = try run.withMeasuredWeights { try Self.files(of: run, in: folder) }
    let tensors = files.first { $0.name == Checkpoint.tensorFile }?.bytes ?? []
    let mark = BestMark(
      step: last.step, keep: measure.rawValue, since: history[firstCandidate].step, sha256: SHA256.digest(of: tensors))
    files.append((BestMark.file, try mark.encoded()))
    try AtomicFolder.write(files, to: folder, dropping: Set(Checkpoint.files))
    return true
  }

  /// Gives the model of a run the weights of the best one; throws where they are not there, or those of another evaluation are.
  public func restoreBest(of run: TrainingRun) throws {
    let folder = path + "/" + Self.bestFolder
    guard let best = best(of: run.history), let mark = try BestMark(of: folder) else {
      throw TrainingError(
        description: "there is no best model in \(folder): it was taken away, and no evaluation came after that")
    }
    guard mark.step == run.history[best].step else {
      throw TrainingError(
        description: "the best model in \(folder) is that after step \(mark.step): the better one after step "
          + "\(run.history[best].step) could not be written")
    }
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
      try Checkpoint.check(parameter.value, called: name, in: path + "/" + file.file)
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
