import PixelScript

/// A cell that runs, for those who watch a session.
public struct CellMark: Sendable, Equatable {
  /// What errors call its script.
  public let script: String
  /// Its number in the script, from 1.
  public let number: Int
  /// Its title; empty without one.
  public let title: String
  /// The line of the script at which it starts, from 1.
  public let line: Int
}

/// Runs some cells of a script and shows what they give; for the session and for `run`.
struct CellRunner {
  let interpreter: Interpreter
  let environment: Environment
  /// Restores cells and keeps them; nil for a run in which each of them runs.
  var resumed: ResumedRun?

  /// Runs cells of a program made from `script` in order; with `echo` shows the value of the last expression of each, and drawings on the way.
  func run(_ program: PixelScript.Program, of script: Script, cells: Range<Int>, echo: Bool) throws {
    let outer = interpreter.onPassing
    interpreter.onPassing = echo ? showInPassing : nil
    defer { interpreter.onPassing = outer }
    if let resumed {
      for index in 0..<cells.lowerBound where script.cells[index].kind == .code {
        try resumed.putBack(index, mark(index, of: script))
      }
    }
    for index in cells {
      let cell = script.cells[index]
      guard cell.kind == .code else { continue }
      let mark = mark(index, of: script)
      environment.console.notify(.cellStarted(mark))
      environment.log.begin(mark, of: script, cell)
      environment.report?.begin(mark, of: script, cell)
      let before = environment.ledger.start(interpreter)
      let outerLooks = environment.files.beginLooking()
      let start = ContinuousClock.now
      func end(_ error: Diagnostic?) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        environment.log.end(seconds: seconds, error: error)
        environment.report?.end(seconds: seconds, error: error)
        environment.ledger.note(
          mark, cell, of: script, before, interpreter, files: environment.files.endLooking(outerLooks),
          seconds: seconds,
          hasFailed: error != nil)
        environment.console.notify(.cellEnded(mark, seconds: seconds, error: error?.kind))
      }
      do {
        func runCell() throws {
          let value = try interpreter.run(program, cell: index)
          if echo, let value { try show(value) }
        }
        if let resumed { try resumed.perform(index, mark, body: runCell) } else { try runCell() }
      } catch {
        end(environment.wantsToQuit || environment.hasEndedShow ? nil : Session.diagnostics(of: error).first)
        if let value = environment.takeUnfinished() { try remember(value) }
        throw leadingToCell(error, in: script, but: index)
      }
      end(nil)
    }
  }

  private func mark(_ index: Int, of script: Script) -> CellMark {
    let cell = script.cells[index]
    let line = cell.lines.lowerBound + script.source.firstLine
    return CellMark(script: script.source.name, number: index + 1, title: cell.title, line: line)
  }

  /// The error of a name that is missing, with the cell that sets it, which has not run, as its help; any other as it is.
  private func leadingToCell(_ error: any Error, in script: Script, but index: Int) -> any Error {
    guard var diagnostic = error as? Diagnostic, diagnostic.kind == .name,
      let location = diagnostic.location, location.source === script.source
    else { return error }
    let name = script.source.text(location.span)
    let setter = script.cells.indices.first { $0 != index && script.cells[$0].names.writes.contains(name) }
    guard interpreter.variable(name) == nil, let setter else { return error }
    let title = script.cells[setter].title
    diagnostic.help = [
      "cell \(setter + 1)\(title.isEmpty ? "" : " " + Display.quoted(title)) sets it, which has not run"
    ]
    return diagnostic
  }

  /// Shows a value as the prompt does, and remembers it as `_`, the one before as `__`.
  private func show(_ value: Value) throws {
    try remember(value)
    try environment.show(value, isEcho: true) { try interpreter.check() }
  }

  /// Shows what a statement in the middle of a cell gives when it is there to be seen; in a function only a plot.
  private func showInPassing(_ value: Value, isInFunction: Bool) throws {
    let isPlot = if case .object(_ as PlotObject) = value { true } else { false }
    guard !isInFunction || isPlot, try Rendering.isShownInPassing(value) else { return }
    try environment.show(value) { try interpreter.check() }
  }

  /// The variables that hold the value shown last, and the one shown before it.
  static let echoed = (last: "_", before: "__")

  private func remember(_ value: Value) throws {
    let (last, before) = Self.echoed
    if let value = interpreter.variable(last) { try interpreter.setVariable(before, to: value) }
    try interpreter.setVariable(last, to: value)
  }
}
