import Foundation
import PixelScript

extension CommandGroup {
  /// Looking at runs of training that folders tell of.
  static func runs(_ environment: Environment) -> CommandGroup {
    CommandGroup("Runs", [list(environment), compare(environment), reproduce(environment)])
  }

  private static let example = """
    net = lstm(dim: 9, state: 4, depth: 1, bidirectional: false, seed: 1)
    train(net, sprites(count: 2, size: 8), steps: 1, sequence: 8, log: "FOLDER/first")

    """

  private static func list(_ environment: Environment) -> Command {
    Command(
      "runs", "Gives a table of the runs of training that folders tell of: settings that differ, figures, state.",
      Parameter<String>("folder", "the folder that holds the folders of runs", default: "runs", completion: .path),
      example: example.replacingOccurrences(of: "FOLDER", with: "listed")
        + "print runs(\"listed\").model, runs(\"listed\").state  # expect: [\"lstm\"] [\"finished\"]"
    ) { _, folder in .object(RunTables.table(of: try runs(in: folder, environment))) }
  }

  private static func compare(_ environment: Environment) -> Command {
    Command(
      "compare_runs", "Gives a table with a column for each run: the settings that differ, and figures.",
      Parameter<Variadic<String>>("folders", "folders of runs, or of several", completion: .path),
      example: example.replacingOccurrences(of: "FOLDER", with: "compared")
        + "print compare_runs(\"compared\").columns[1]  # expect: first"
    ) { _, folders in
      let paths = folders.elements.isEmpty ? ["runs"] : folders.elements
      return .object(RunTables.comparison(of: try paths.flatMap { try runs(in: $0, environment) }))
    }
  }

  private static func reproduce(_ environment: Environment) -> Command {
    Command(
      "reproduce",
      "Runs again what led to a run of training, and throws unless every figure of every evaluation is the same to the bit.",
      Parameter<String>("run", "the folder of the run", completion: .path),
      example: example.replacingOccurrences(of: "FOLDER", with: "again")
        + "print reproduce(\"again/first\")  # expect: 2"
    ) { context, path in
      let run = try runs(in: path, environment).first { $0.path == path } ?? KeptRun(path)
      let count = try Reproduction.run(run, in: environment, context.interpreter.interruption)
      environment.notice("\(count) evaluation\(count == 1 ? " is" : "s are") equal to the bit")
      return .number(count)
    }
  }

  private static func runs(in folder: String, _ environment: Environment) throws -> [KeptRun] {
    let path = try environment.files.existing(folder)
    let found = try KeptRun.all(in: path, warn: environment.warn)
    guard !found.isEmpty else {
      throw ScriptError(
        .value, "there are no runs in \(Display.quoted(folder))", help: "`train` with log: \"runs/name\" makes one",
        argument: "folder")
    }
    return found
  }
}
