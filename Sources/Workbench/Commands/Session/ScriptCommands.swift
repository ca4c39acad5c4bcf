import Formats
import PixelScript

extension Command {
  /// Running scripts and looking at their cells.
  static func scripts(_ environment: Environment) -> [Command] {
    [
      Command(
        "run", "Runs a script, or some of its cells, with the variables of the session.",
        Parameter<String>("path", "the script", completion: .path),
        Parameter<Value>("cell", "only this cell, by number from 1 or by title", default: .nil, byName: true),
        Parameter<Value>("from", "the first cell to run", default: .nil, byName: true),
        Parameter<Value>("until", "the last cell to run", default: .nil, byName: true),
        Parameter<NamedArguments>("parameters", "values for the parameters of the script"),
        example: """
          write_text "double.pxb", "param n = 1\\nprint n * 2"
          run "double.pxb", n: 21  # expect: 42
          """
      ) { context, path, cell, from, until, parameters in
        let bytes = try environment.files.script(path)
        let path = FileName.plain(path)
        try environment.running.begin(path)
        defer { environment.running.end() }
        let script = try Script.parse(SourceText(name: path, bytes: bytes))
        let cells = try script.cells(only: cell, from: from, until: until)
        let values = Dictionary(parameters.entries.map { ($0.name, $0.value) }) { _, last in last }
        let program = try context.interpreter.prepare(script, parameters: values)
        environment.lastScript = script
        guard !cells.isEmpty else { return .nil }
        // Cells before the first may hold the declarations of the parameters.
        for parameter in program.parameters {
          guard let value = values[parameter.name] else { continue }
          try context.interpreter.setVariable(parameter.name, to: value)
        }
        try environment.reporting(RunReport(script, parameters: values, environment)) {
          try CellRunner(interpreter: context.interpreter, environment: environment)
            .run(program, of: script, cells: cells, echo: true)
        }
        return .nil
      },
      Command(
        "cells",
        "Gives a table of the cells of the script that ran last: how each stands and why, what it took, what it reads and sets.",
        example: """
          write_text "two.pxb", "# %% Data\\nx = 1\\n# %% Model\\ny = 2"
          run "two.pxb"
          print cells().title  # expect: ["Data", "Model"]
          """
      ) { context in
        let columns = [
          "cell", "title", "kind", "line", "state", "why", "seconds", "last_seconds", "reads", "writes",
        ]
        guard let script = environment.lastScript else { return .object(TableObject(columns: columns, rows: [])) }
        let rows = zip(script.cells, environment.ledger.states(of: script)).enumerated().map { index, part in
          let (cell, (state, why, run)) = part
          // Names of commands are read too, which is no news.
          let reads = cell.names.reads.filter { context.interpreter.variable($0) != nil }.sorted()
          return [
            Value.number(index + 1), .string(cell.title), .string(cell.kind.rawValue),
            .number(cell.lines.lowerBound + script.source.firstLine), state.map { .string($0.rawValue) } ?? .nil,
            why.isEmpty ? .nil : .string(why), run.map { .number($0.seconds) } ?? .nil,
            run?.lastSeconds.map { .number($0) } ?? .nil, .string(reads.joined(separator: " ")),
            .string(cell.names.writes.joined(separator: " ")),
          ]
        }
        return .object(TableObject(columns: columns, rows: rows))
      },
      Command(
        "recall", "Writes the earlier inputs of the session, the last ones last.",
        Parameter<Int>("n", "how many at most", default: 20),
        example: "recall 3\nprint \"nothing before\"  # expect: nothing before"
      ) { context, count in
        guard count >= 0 else {
          throw ScriptError(.value, "`recall` needs a number from 0, found \(count)", argument: "n")
        }
        let more = environment.inputs.count - count
        if more > 0, count > 0 {
          environment.notice("\(more) earlier; `recall \(environment.inputs.count)` writes all")
        }
        for (number, text) in environment.inputs.last(count) {
          let lines = text.split(separator: "\n").map { DisplayWidth.printable($0) }
          context.write("[\(number)] \(lines.joined(separator: "\n"))\n")
        }
        return .nil
      },
    ]
  }
}
