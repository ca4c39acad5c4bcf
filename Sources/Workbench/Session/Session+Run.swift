import PixelScript
import Tensors

extension Session {
  /// Runs a text: a file, the text of `-e`, standard input or a line of the prompt.
  ///
  /// `name` is what errors call it. With `echo` the value of the last expression of each cell is shown. `isWhole` is called
  /// once it is known that no further line is missing, before anything runs.
  public func run(_ text: String, name: String, echo: Bool = false, isWhole: () -> Void = {}) -> Outcome {
    run(bytes: Array(text.utf8), name: name, echo: echo, isWhole: isWhole)
  }

  /// Runs a text that may be no UTF-8.
  public func run(bytes: [UInt8], name: String, echo: Bool = false, isWhole: () -> Void = {}) -> Outcome {
    do {
      let script = try interpreter.parse(SourceText(name: name, bytes: question(bytes) ?? bytes))
      isWhole()
      defer { environment.inputs.append(String(decoding: bytes, as: UTF8.self)) }
      return run(script, echo: echo)
    } catch {
      if error.isIncomplete { return .incomplete(error.diagnostics) }
      isWhole()
      environment.inputs.append(String(decoding: bytes, as: UTF8.self))
      return .failed(error.diagnostics)
    }
  }

  /// Runs a script with values for its parameters, which are checked first; with `cells`, only those of these indices. A `report` of
  /// it is kept up to date.
  ///
  /// The request to stop is not taken back, neither before nor after.
  public func run(
    _ script: Script, parameters: [String: Value] = [:], cells: Range<Int>? = nil, echo: Bool = false,
    report: RunReport? = nil, resuming: Resuming? = nil
  ) -> Outcome {
    do {
      try interpreter.asOneRun {
        let program = try interpreter.prepare(script, parameters: parameters)
        // An input at the prompt is no news to `cells` once a script has run.
        if environment.lastScript == nil || script.cells.count > 1 { environment.lastScript = script }
        environment.past.begin(script, parameters, cells: cells)
        var runner = CellRunner(interpreter: interpreter, environment: environment)
        if let resuming {
          runner.resumed = try ResumedRun(script, program, interpreter, environment, isFresh: resuming == .fresh)
        }
        try Parallel.$threads.withValue(environment.threads) {
          try environment.reporting(report) {
            try runner.run(program, of: script, cells: cells ?? script.cells.indices, echo: echo)
          }
        }
      }
      return .completed
    } catch {
      if environment.takeQuit() { return .quit }
      return environment.takeEndedShow() ? .completed : .failed(Self.diagnostics(of: error))
    }
  }

  /// What is wrong with a script as far as its text tells; nothing runs.
  public func faults(of bytes: [UInt8], name: String) -> [Diagnostic] {
    interpreter.faults(
      of: SourceText(name: name, bytes: bytes), known: [CellRunner.echoed.last, CellRunner.echoed.before],
      definers: ["run", "load_session"])
  }

  /// The mistakes of a script because of which something failed, with their places; nil for an error without any.
  public static func faults(in error: any Error) -> [Diagnostic]? { (error as? SyntaxFailure)?.diagnostics }

  /// What an error says, and what to do about it.
  public static func message(of error: any Error) -> (message: String, help: String?) {
    let diagnostic = diagnostics(of: error).first
    return (diagnostic?.message ?? "\(error)", diagnostic?.help.first)
  }

  static func diagnostics(of error: any Error) -> [Diagnostic] {
    switch error {
    case let failure as SyntaxFailure: failure.diagnostics
    case let diagnostic as Diagnostic: [diagnostic]
    case let error as ScriptError: [diagnostic(of: error)]
    case let error as any ScriptErrorConvertible: diagnostics(of: error.scriptError)
    default: [Diagnostic(.internal, String(describing: error))]
    }
  }

  private static func diagnostic(of error: ScriptError) -> Diagnostic {
    var diagnostic = Diagnostic(error.kind, error.message, help: error.help.map { [$0] } ?? [])
    diagnostic.isBudget = error.isBudget
    return diagnostic
  }
}
