import Formats
import Foundation
import Tensors

extension RunFolder {
  /// Where a run goes on.
  public struct Resumption {
    /// The state of the run.
    public let state: TrainingState
    /// What was wrong with newer states, one sentence each.
    public let faults: [String]
    /// What does not go on as it was, one sentence each.
    public let notes: [String]
    /// Whether the model of the state is the best one, which has yet to be written.
    public let owesBest: Bool
  }

  /// What stands where the best model of a run does.
  public enum BestFolder: Sendable {
    /// Nothing.
    case none
    /// The best model of a run of this folder.
    case own
    /// What no run wrote there, or what has changed since.
    case foreign
  }

  /// What stands where its best model does.
  public var bestFolder: BestFolder {
    get throws {
      let folder = path + "/" + Self.bestFolder
      guard FileManager.default.fileExists(atPath: folder) else { return .none }
      guard FileManager.default.fileExists(atPath: folder + "/.") else { return .foreign }
      if try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty { return .none }
      if try BestMark(of: folder) != nil { return .own }
      // Runs of earlier versions left no mark.
      let isMarked = FileManager.default.fileExists(atPath: folder + "/" + BestMark.file)
      return try isMarked || states.isEmpty ? .foreign : .own
    }
  }

  /// Reads the newest whole state of a run like that of `trainer`, and gives its model the weights of that moment; nil where
  /// there is no state.
  ///
  /// Throws where data, options or the model are others, unless `force` is set, and where no state is whole. By force too a model of
  /// other layers or settings is refused. A model with other weights than the run started from or has learned is another one where
  /// `isSeeded` says that its weights came of a seed that was given; else a note tells of it.
  public func resume(_ trainer: Trainer, force: Bool = false, isSeeded: Bool = false) throws -> Resumption? {
    var faults: [String] = []
    for name in try states {
      do {
        var (state, notes) = try read(name, trainer, force: force, isSeeded: isSeeded)
        newest = path + "/" + name
        let (note, owesBest) = try findBest(for: state)
        if let note { notes.append(note) }
        return Resumption(state: state, faults: faults, notes: notes, owesBest: owesBest)
      } catch let error as FormatError { faults.append(error.description) }
    }
    guard let first = faults.first else { return nil }
    throw TrainingError(description: "no state of the run in \(path) can be read: \(first)")
  }

  /// Finds out which evaluations the best model was compared with: a sentence where it is gone or by another measure, and whether it is that of
  /// the state.
  private func findBest(for state: TrainingState) throws -> (note: String?, isOfState: Bool) {
    let folder = path + "/" + Self.bestFolder
    let mark = try BestMark(of: folder)
    let last = state.history.count - 1
    if let mark, mark.keep == measure.rawValue {
      firstCandidate = state.history.firstIndex { $0.step >= mark.since } ?? state.history.count
      return (nil, false)
    }
    if last >= 0, state.history[last].step == state.step, measure.best(of: state.history) == last {
      firstCandidate = last
      return (nil, true)
    }
    firstCandidate = state.history.count
    if state.history.isEmpty { return (nil, false) }
    let reason = mark.map { "it was kept by \($0.keep)" } ?? "there is none with a mark of the run in \(folder)"
    return ("the best model is that of the evaluations from here on: \(reason)", false)
  }

  private func read(
    _ name: String, _ trainer: Trainer, force: Bool, isSeeded: Bool
  ) throws -> (TrainingState, notes: [String]) {
    let folder = path + "/" + name
    let saved = try SavedRun(contentsOf: folder + "/" + Self.stateFile)
    for (file, hash) in saved.sha256 {
      guard SHA256.digest(of: try readFile(folder + "/" + file, limit: 4 << 30)) == hash else {
        throw FormatError(.malformed, in: folder + "/" + file, "is not what was written")
      }
    }
    if let difference = try saved.difference(to: trainer.model) {
      throw TrainingError(description: "the run in \(path) is of another model: \(difference)")
    }
    if !force, let difference = saved.difference(to: trainer, keep: measure) {
      throw TrainingError(
        description: "the run in \(path) is another one: \(difference); resume: \"force\" goes on from it all the same")
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
    var notes = force ? trainer.adapt(&state, of: saved.record) : []
    let own = WeightDigest.of(trainer.model)
    if let first = state.firstWeights, own != first,
      try own != WeightDigest.of(names, values) && own != digestOfAverage(state, names) && own != digestOfBest(names)
    {
      let difference = "the weights that this training would start from are others than there"
      guard force || !isSeeded else {
        throw TrainingError(
          description: "the run in \(path) is another one: \(difference), and a seed was given; "
            + "resume: \"force\" goes on from it all the same, with its own")
      }
      // A script without seeds draws others each time, and is the same script.
      notes.append(
        "\(difference), and the run goes on with its own"
          + (isSeeded ? "" : "; a seed, such as seed: 1 of the model, makes them the same"))
      if force { state.firstWeights = own }
    }
    for (parameter, values) in zip(parameters, values) { parameter.value = Tensor(values, parameter.value.shape) }
    if let model = trainer.model as? SequenceModel {
      model.training = try TrainingRecord.decode(contentsOf: folder + "/" + Checkpoint.trainingFile).dropLast()
    }
    return (state, notes)
  }

  /// The digest of the averaged weights of a state, which a model has when its run is over; nil without any.
  private func digestOfAverage(_ state: TrainingState, _ names: [String]) -> String? {
    state.average.isEmpty ? nil : WeightDigest.of(names, names.map { state.average[$0]?.values ?? [] })
  }

  /// The digest of the weights of the best model, which a model may have when its run is over; nil where there is none that can be read.
  private func digestOfBest(_ names: [String]) throws -> String? {
    let folder = path + "/" + Self.bestFolder
    do {
      guard try BestMark(of: folder) != nil else { return nil }
      let weights = try SafetensorsFile(folder + "/" + Checkpoint.tensorFile)
      guard names.allSatisfy({ weights[$0] != nil }) else { return nil }
      return WeightDigest.of(names, try names.map { try weights.floats($0) })
    } catch is FormatError {
      // A best model that is damaged makes no state so.
      return nil
    }
  }
}

extension Trainer {
  /// Makes the state of a run with other rows or options one that this run can go on from; tells what begins anew, a sentence each.
  func adapt(_ state: inout TrainingState, of record: TrainingRecord) -> [String] {
    var notes: [String] = []
    let (there, here) = (record.options["optimizer"], self.record().options["optimizer"])
    // Adam and AdamW keep the same of the gradients.
    let alike: [SettingValue?] = [.text(OptimizerKind.adam.rawValue), .text(OptimizerKind.adamW.rawValue)]
    if there != here, !(alike.contains(there) && alike.contains(here)) {
      for (name, (parameter, role)) in zip(model.parameterNames, zip(model.parameters, model.roles)) {
        let zeros = [Float](repeating: 0, count: parameter.value.count)
        state.moments[name] = .init(first: zeros, second: options.rule.momentCount(of: role) < 2 ? [] : zeros)
      }
      state.laterSteps = Dictionary(uniqueKeysWithValues: model.parameterNames.map { ($0, 0) })
      notes.append("the moments of the optimizer begin anew: it was \(there?.shown ?? "another") there")
    }
    let isBehind = state.step > 0 && state.step % stepsPerEpoch == 0
    let epoch = state.step / stepsPerEpoch + (isBehind ? 0 : 1)
    let position = isBehind ? training.count : state.step % stepsPerEpoch * options.windowsOfStep
    // Behind the last window of an epoch the next one may have begun.
    let hasBegun = isBehind && (state.epoch, state.position) == (epoch + 1, 0)
    if !hasBegun, (state.epoch, state.position) != (epoch, position) {
      (state.epoch, state.position) = (epoch, position)
      notes.append(
        "the order of the rows begins anew, at window \(position) of the \(training.count) of epoch \(epoch)")
    }
    return notes
  }
}
