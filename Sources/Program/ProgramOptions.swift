import ArgumentParser
import Foundation
import PixelScript
import Workbench

/// How errors are told.
enum ErrorForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// The options that may stand before the task and after the script alike.
struct ProgramOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Start random numbers without a seed of their own from this one.", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Spread work over this many threads.", valueName: "count"), transform: positive)
  var threads: Int?

  @Option(help: ArgumentHelp("Run only this cell of the script, by number from 1 or by title.", valueName: "cell"))
  var cell: String?

  @Option(help: ArgumentHelp("Run the script from this cell on.", valueName: "cell"))
  var from: String?

  @Option(help: ArgumentHelp("Run the script to this cell, which is the last one.", valueName: "cell"))
  var until: String?

  @Flag(help: "Leave out notices and progress.")
  var quiet = false

  @Flag(name: .customLong("no-color"), help: "Write no colors; so does the variable NO_COLOR.")
  var noColor = false

  @Flag(name: .customLong("no-settings"), help: "Start the prompt without the user's settings.")
  var noSettings = false

  @Option(help: ArgumentHelp("Tell errors as text or as a JSON object a line.", valueName: "form"))
  var errors = ErrorForm.text

  @Flag(help: "Write what happens to standard output as a JSON object a line: output, progress, errors, cells.")
  var json = false

  @Option(
    name: .customLong("allow-write"),
    help: ArgumentHelp("Let scripts write below this folder too.", valueName: "folder"))
  var writeFolders: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep all that is written in a file in this folder, and tell of every training in a folder of its own below it.",
      valueName: "folder"),
    transform: folder)
  var log: String?

  @Option(
    name: .customLong("export"),
    help: ArgumentHelp(
      "Write the run, with all that it shows, to this .html, .ipynb, .md or .pxb after every cell.", valueName: "path"))
  var exports: [String] = []

  @Flag(help: "Keep the cells of a script beside it, and restore those of which nothing has changed.")
  var resume = false

  @Flag(help: "As --resume, but run every cell.")
  var fresh = false

  @Flag(help: "Let exports tell times and rates, which no two runs have in common.")
  var times = false

  @Flag(
    name: .customLong("keep-going"),
    help: "Go on when the terminal goes away, as under nohup; --log keeps what is written.")
  var keepsGoing = false

  @Flag(help: "Let scripts read only where they may write.")
  var sandbox = false

  @Option(
    name: .customLong("max-time"),
    help: ArgumentHelp("Stop after this time, such as 90s, 30m or 2h.", valueName: "time"),
    transform: { try duration($0) })
  var time: Duration?

  @Option(
    name: .customLong("max-memory"),
    help: ArgumentHelp(
      "Stop when values take more memory than this, such as 500M or 4G; else half of the machine's.",
      valueName: "size"),
    transform: { try bytes($0) })
  var memory: Int?

  @Option(
    name: .customLong("max-steps"), help: ArgumentHelp("Stop after this many steps of scripts.", valueName: "count"),
    transform: positive)
  var steps: Int?

  /// The same options with `--json`.
  var tellingEvents: ProgramOptions {
    var options = self
    options.json = true
    return options
  }

  /// The indices of the cells of a script to run; nil for all.
  func cells(of script: Script) throws(UsageError) -> Range<Int>? {
    guard cell != nil || from != nil || until != nil else { return nil }
    guard cell == nil || from == nil && until == nil else {
      throw UsageError(message: "--cell is one cell, --from and --until are several")
    }
    func value(_ text: String?) -> Value { text.map { Int($0).map { .number($0) } ?? .string($0) } ?? .nil }
    do {
      let cells = try script.cells(only: value(cell), from: value(from), until: value(until))
      guard !cells.isEmpty else { throw ScriptError(.value, "the cell of --until comes before that of --from") }
      return cells
    } catch {
      let told = Session.message(of: error)
      throw UsageError(message: told.message, help: told.help)
    }
  }

  /// What a session may do with these options.
  var sessionOptions: SessionOptions {
    let folders = ["."] + writeFolders + (log.map { [$0] } ?? [])
    return SessionOptions(
      seed: seed, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, quiet: quiet, writeFolders: folders,
      readFolders: sandbox ? folders : nil, logFolder: log,
      limits: Limits(
        steps: steps, time: time, memory: memory.map { min($0, MachineMemory.addresses) } ?? MachineMemory.share))
  }
}

@Sendable private func folder(_ text: String) throws -> String {
  guard !text.isEmpty else { throw ValidationError("an empty text is no folder.") }
  return text
}

@Sendable private func positive(_ text: String) throws -> Int {
  guard let number = Int(text), number > 0 else { throw ValidationError("'\(text)' is no whole number above 0.") }
  return number
}

/// A number with one of the units; without a unit, in the first one.
private func measure(_ text: String, units: [(name: Character, size: Double)]) -> Double? {
  let unit = units.first { $0.name == text.last.map { Character($0.uppercased()) } }
  guard let number = Double(unit == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
  return number * (unit ?? units[0]).size
}

private func duration(_ text: String) throws -> Duration {
  guard let seconds = measure(text, units: [("S", 1), ("M", 60), ("H", 3600), ("D", 86_400)]), seconds < 1e9 else {
    throw ValidationError("'\(text)' is no time; write 90s, 30m or 2h.")
  }
  return .seconds(seconds)
}

private func bytes(_ text: String) throws -> Int {
  let units: [(name: Character, size: Double)] = [("B", 1), ("K", 1024), ("M", 1_048_576), ("G", 1_073_741_824)]
  guard let count = measure(text, units: units).flatMap({ Int(exactly: $0.rounded()) }) else {
    throw ValidationError("'\(text)' is no amount of memory; write 500M or 4G.")
  }
  return count
}

/// The whole command line.
struct CommandLineOptions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pixelbytes",
    abstract: "Text and pixel sprites as one token sequence: make data, train models, generate.",
    usage: """
      pixelbytes [options]
      pixelbytes [options] run <script.pxb> [--parameter <value> ...]
      pixelbytes [options] -e '<code>'
      pixelbytes [options] -
      pixelbytes help [words]
      pixelbytes --version
      """,
    discussion: """
      Without a task it starts the prompt, or runs what is piped in; `-` runs standard input.

      TASKS:
      \(ProgramTask.table)

      A script's own parameters stand after it: `pixelbytes run script.pxb --help` lists them.
      It exits with 0; 1 after an error while running; 2 for wrong usage or syntax; 69 when OpenBLAS, or under \
      mpirun Open MPI, is missing or broken; 71 when the system has no more memory; 75 when a budget ran out; 130, 143, 129 or 131 when stopped by Ctrl-C, SIGTERM, SIGHUP or SIGQUIT; \
      132 to 139 after a fault of the program itself.
      """, )

  @Option(
    name: [.customShort("e"), .customLong("evaluate")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run this code; several are lines of one script.", valueName: "code"))
  var code: [String] = []

  @OptionGroup var program: ProgramOptions

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var words: [String] = []
}
