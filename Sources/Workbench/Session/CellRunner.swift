import PixelScript

/// Runs the cells of a script and shows what they give; for the session and for `run`.
struct CellRunner {
  let interpreter: Interpreter
  let environment: Environment

  /// Runs some cells in order; with `echo` shows the value of the last expression of each.
  func run(_ program: PixelScript.Program, cells: Range<Int>, echo: Bool) throws {
    for index in cells {
      let value = try interpreter.run(program, cell: index)
      if echo, let value { try show(value) }
    }
  }

  /// Shows a value as the prompt does, and remembers it as `_`, the one before as `__`.
  private func show(_ value: Value) throws {
    if let last = interpreter.variable("_") { try interpreter.setVariable("__", to: last) }
    try interpreter.setVariable("_", to: value)
    interpreter.output(try ValueView.text(value, style: environment.console.style))
  }
}
