import Formats
import PixelBytes
import PixelScript
import Safepoint

extension RunFolder.Measure: ScriptChoice {}
extension RunKeeping.Restored: ScriptChoice {}

/// Where and how often `train` keeps a run, and whether it goes on from one.
struct RunKeeping {
  /// Whether a run goes on from the newest state of its folder.
  enum Resume: ScriptConvertible {
    case no, yes, force

    static let scriptName = "bool or \"force\""

    static func convert(_ value: Value) -> Resume? {
      switch value {
      case .bool(let goesOn): goesOn ? .yes : .no
      case .string("force"): .force
      default: nil
      }
    }

    var scriptValue: Value { self == .force ? .string("force") : .bool(self == .yes) }
  }

  /// Whose weights the model has after a run.
  enum Restored: String, CaseIterable {
    case last, best
  }

  /// How often a state is written.
  enum Interval: ScriptConvertible {
    case steps(Int)
    case seconds(Double)

    static let scriptName = "number of steps or a text such as \"10 minutes\""
    private static let longest = 3.2e9

    static func convert(_ value: Value) -> Interval? {
      switch value {
      case .number(let steps): return Int(exactly: steps).flatMap { $0 > 0 ? .steps($0) : nil }
      case .string(let text):
        let words = text.description.split(separator: " ")
        guard words.count == 2, let number = Double(words[0]), number > 0, number.isFinite else { return nil }
        switch words[1] {
        case "step", "steps": return Int(exactly: number).map { .steps($0) }
        // Longer than a century is as good as never.
        case "s", "second", "seconds": return .seconds(min(number, longest))
        case "min", "minute", "minutes": return .seconds(min(60 * number, longest))
        case "h", "hour", "hours": return .seconds(min(3600 * number, longest))
        default: return nil
        }
      default: return nil
      }
    }

    var scriptValue: Value {
      switch self {
      case .steps(let steps): .number(steps)
      case .seconds(let seconds): .string("\(Display.text(of: seconds / 60)) minutes")
      }
    }
  }

  let path: String?
  let log: String?
  let interval: Interval
  let resume: Resume
  let measure: RunFolder.Measure
  let restored: Restored

  /// Neither kept nor told of.
  static let nothing = RunKeeping(
    path: nil, log: nil, interval: .seconds(300), resume: .no, measure: .loss, restored: .last)

  /// The parameters of `train` about it.
  struct Parameters: CommandParameter {
    private let path = Parameter<String?>(
      "checkpoint", "a folder that keeps the run, so that it can go on after anything", byName: true,
      completion: .path)
    private let interval = Parameter<Interval>(
      "save_every", "steps, or a time, between two states that are kept", default: .seconds(300), byName: true)
    private let resume = Parameter<Resume>(
      "resume", "whether to go on from the folder; \"force\" also with other data or options", default: .no,
      byName: true)
    private let measure = Parameter<RunFolder.Measure>(
      "keep", "which model is kept as the best", default: .loss, byName: true)
    private let restored = Parameter<Restored>(
      "restore", "the weights that the model has in the end", default: .last, byName: true)

    private let log = Parameter<String?>(
      "log", "a folder that tells of the run: what was run, metrics, TensorBoard events", byName: true,
      completion: .path)

    var signatures: [Signature] {
      path.signatures + log.signatures + interval.signatures + resume.signatures + measure.signatures
        + restored.signatures
    }

    func take(from arguments: inout ArgumentReader) throws -> RunKeeping {
      let keeping = RunKeeping(
        path: try path.take(from: &arguments), log: try log.take(from: &arguments),
        interval: try interval.take(from: &arguments), resume: try resume.take(from: &arguments),
        measure: try measure.take(from: &arguments), restored: try restored.take(from: &arguments))
      if keeping.path == nil, keeping.resume != .no {
        throw ScriptError(.value, "a run is resumed from a folder: give checkpoint as well", argument: "resume")
      }
      return keeping
    }
  }
}

/// Keeps a run of training in a folder as it goes on.
final class RunKeeper {
  private let folder: RunFolder
  private let keeping: RunKeeping
  private let environment: Environment
  /// The steps of the last state that was written, and of the last that should have been.
  private var savedStep = 0, triedStep = 0
  private var savedAt = ContinuousClock.now
  /// Whether the last evaluation has still to be looked at for the best model.
  private var owesBest = false

  /// Claims the folder; throws when another process has it, when it holds a run that nobody asked to resume, and when a best model would
  /// replace what no run of it wrote.
  init(_ path: String, _ keeping: RunKeeping, _ environment: Environment) throws {
    folder = try RunFolder(try environment.files.writable(path), best: keeping.measure)
    (self.keeping, self.environment) = (keeping, environment)
    func refusal(_ reason: String, _ help: String) -> ScriptError {
      ScriptError(.value, "\(Display.quoted(path)) holds \(reason)", help: help, argument: "checkpoint")
    }
    let begun = "resume: true goes on from there; a new run needs another folder"
    if keeping.resume == .no, let state = try folder.states.first {
      throw refusal("a run already, up to \(state)", begun)
    }
    switch try folder.bestFolder {
    case .none: break
    case .own:
      guard keeping.resume == .no else { break }
      throw refusal(
        "the best model of a run already", "resume: true begins that run again; a new run needs another folder")
    case .foreign:
      throw refusal(
        "a folder best that is none of a run, or has changed since, and would be replaced",
        "give the run a folder of its own, or move that one elsewhere")
    }
  }

  /// The state to go on from, whose weights the model has then; nil for a new run. `isSeeded` says whether the weights that the model has
  /// now came of a seed that was given.
  func resume(_ trainer: Trainer, isSeeded: Bool) throws -> TrainingState? {
    guard keeping.resume != .no,
      let found = try folder.resume(trainer, force: keeping.resume == .force, isSeeded: isSeeded)
    else { return nil }
    for fault in found.faults { environment.warn("\(fault); an older state is used") }
    for note in found.notes { environment.warn(note) }
    environment.notice("going on from step \(found.state.step)")
    (savedStep, triedStep) = (found.state.step, found.state.step)
    owesBest = found.owesBest
    return found.state
  }

  /// What is known of a checkpoint from before a run came to no number; nil where there is none.
  func goodState(before run: TrainingRun) -> String? {
    guard let newest = folder.newest else { return nil }
    let step = run.progress.step
    let states: [String]
    do { states = try folder.states } catch { return nil }
    // The weights of a state are good when a step went on from them.
    guard let good = states.first(where: { RunFolder.step(of: $0) < step }) else {
      return "the only checkpoint, \(newest), has the weights that led to it"
    }
    return "the last good checkpoint is \(folder.path)/\(good)"
  }

  /// The place of the evaluation whose model is the best one.
  func best(of history: [HistoryRow]) -> Int? { folder.best(of: history) }

  /// Gives the model of a run that is over the best weights that the folder has.
  func restoreBest(of run: TrainingRun) throws { try folder.restoreBest(of: run) }

  /// Keeps what is due after an event of a run.
  func keep(_ run: TrainingRun, isEvaluated: Bool) {
    if isEvaluated { owesBest = true }
    keepBest(run)
    let step = run.progress.step
    let isDue =
      switch keeping.interval {
      case .steps(let steps): step - triedStep >= steps
      case .seconds(let seconds): ContinuousClock.now - savedAt >= .seconds(seconds)
      }
    if isDue, step > savedStep { save(run) }
  }

  /// Keeps the state of a run that ends or stops; false where it could not be written.
  @discardableResult func finish(_ run: TrainingRun) -> Bool {
    // A stop may have come while the best model was written.
    keepBest(run)
    return save(run)
  }

  /// Whether the newest state of a run that is over was written.
  func hasKept(_ run: TrainingRun) -> Bool { savedStep == run.progress.step }

  private func keepBest(_ run: TrainingRun) {
    // The weights of an evaluation are there until the next step.
    owesBest = owesBest && run.history.last?.step == run.progress.step
    if owesBest { owesBest = !attempt { _ = try folder.saveIfBest(run) } }
  }

  @discardableResult private func save(_ run: TrainingRun) -> Bool {
    (savedAt, triedStep) = (.now, run.progress.step)
    guard attempt({ try folder.save(run) }) else { return false }
    savedStep = run.progress.step
    return true
  }

  /// Training goes on where something can't be written: it is tried again when it is due again.
  @discardableResult private func attempt(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch {
      // Whatever a stop held up is done when the run ends.
      guard !Safepoint.mustStop else { return false }
      let reason = Session.diagnostics(of: error).first?.message ?? "\(error)"
      environment.warn("the run could not be kept: \(reason)")
      return false
    }
  }
}
