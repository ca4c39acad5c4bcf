import Formats
import PixelBytes
import PixelScript
import Safepoint

/// A session that runs again what led to a run of training, up to the last evaluation that is known of it.
final class Reproduction {
  private let training: String
  private let count: Int
  /// The evaluations found.
  private(set) var history: [HistoryRow] = []

  private init(training: String, count: Int) { (self.training, self.count) = (training, count) }

  /// Takes the evaluations of the training under way; ends the session when it is the one and has as many as are known.
  func take(_ history: [HistoryRow], of environment: Environment) throws {
    guard environment.past.training == training else { return }
    self.history = history
    if history.count >= count { try environment.quit() }
  }

  /// Whether a run was made by a trial of a sweep.
  static func isOfTrial(_ run: KeptRun) -> Bool {
    run.description["script"]?["training"]?.string?.contains(".") == true
  }

  /// Runs again what led to a run; returns how many evaluations are equal. Throws where one is not, or cannot be made.
  static func run(_ run: KeptRun, in parent: Environment, _ interruption: Interruption) throws -> Int {
    guard let script = run.description["script"], let inputs = script["inputs"]?.elements, !inputs.isEmpty,
      let seed = script["seed"]?.string.flatMap({ UInt64($0) }),
      let training = script["training"].flatMap({ $0.string ?? $0.integer.map(String.init) })
    else { throw failure(run, "it does not tell what was run") }
    if let obstacle = script["obstacle"]?.string { throw failure(run, obstacle) }
    if let fault = run.fault { throw failure(run, fault) }
    guard !run.metrics.isEmpty else { throw failure(run, "it has no evaluation yet") }
    if let version = run.description["versions"]?["pixelbytes"]?.string, version != Session.version {
      parent.warn("the run was made by version \(version), this is \(Session.version)")
    }
    var options = parent.options
    (options.seed, options.threads, options.logFolder) = (seed, parent.threads, nil)
    options.ranks = parent.ranks
    let console = Console(
      write: { _ in }, notify: { if case .notice = $0 { return } else { parent.console.notify($0) } })
    let session = Session(options: options, console: console, interruption: interruption)
    let reproduction = Reproduction(training: training, count: run.metrics.count)
    session.environment.reproduction = reproduction
    session.environment.sweepSeed = script["sweep_seed"]?.string.flatMap { UInt64($0) }
    var fault: String?
    for input in inputs {
      guard let text = input["text"]?.string, let name = input["name"]?.string else {
        throw failure(run, "one of its scripts has no text")
      }
      let script = try session.interpreter.parse(SourceText(name: name, bytes: Array(text.utf8)))
      let values = (input["parameters"]?.fields ?? []).map { ($0.name, Value($0.value)) }
      let cells = try input["cell"]?.integer.map { first in
        guard let last = input["until"]?.integer ?? .some(first), 1...max(last, 1) ~= first, last <= script.cells.count
        else { throw failure(run, "it names a cell that is not there") }
        return first - 1..<last
      }
      let parameters = Dictionary(values) { _, last in last }
      let outcome = session.run(script, parameters: parameters, cells: cells, echo: true)
      // Inputs at a prompt may have failed then as now.
      if case .quit = outcome { break }
      if reproduction.history.count >= run.metrics.count { break }
      fault = outcome.diagnostics.first?.message
      if let diagnostic = outcome.diagnostics.first, diagnostic.isBudget || diagnostic.kind == .interrupted {
        throw ScriptError(diagnostic.kind, diagnostic.message)
      }
    }
    return try compare(run, reproduction.history, fault)
  }

  private static func compare(_ run: KeptRun, _ history: [HistoryRow], _ fault: String?) throws -> Int {
    let times = ["seconds", "tokens_per_second"]
    for (line, row) in zip(run.metrics, history) {
      let found = RunLog.figures(of: row)
      for name in Set((line + found).map(\.name)).sorted() where !times.contains(name) {
        let (then, now) = (line.first { $0.name == name }?.value, found.first { $0.name == name }?.value)
        if then != now {
          let step = line.first { $0.name == "step" }?.value.text() ?? "?"
          throw ScriptError(
            .value, "\(name) at step \(step) was \(then?.text() ?? "missing") and is \(now?.text() ?? "missing") now",
            help: "compare the versions, the data and the files that the script reads")
        }
      }
    }
    guard history.count >= run.metrics.count else {
      throw ScriptError(
        .value, "only \(history.count) of \(run.metrics.count) evaluations of \(run.path) could be made again",
        help: fault.map { "what was run ended with: \($0)" }
          ?? "the script no longer reaches the training, or ends earlier")
    }
    return run.metrics.count
  }

  private static func failure(_ run: KeptRun, _ reason: String) -> ScriptError {
    ScriptError(.value, "\(run.path) cannot be run again: \(reason)", argument: "run")
  }
}
