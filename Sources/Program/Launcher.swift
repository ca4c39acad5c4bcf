import ArgumentParser
import Formats
import Foundation
import PixelScript
import Ranks
import Safepoint
import Workbench

/// The program: reads the command line, then runs a script or the prompt.
@main
struct Launcher {
  static func main() {
    Terminal.holdClosedStreams()
    Faults.watch()
    Session.keepFreedMemory()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let line: CommandLineOptions
    do {
      line = try CommandLineOptions.parse(arguments)
    } catch {
      let screen = Screen(tellsEvents: arguments.contains("--json"), isSilent: launch.map { $0.rank > 0 } ?? false)
      screen.report(Request.usageError(error))
      screen.end(ExitStatus.usage)
      exit(ExitStatus.usage)
    }
    var launcher = Launcher(line.program)
    let ownStatus = launcher.perform(line, arguments)
    let status = launcher.leaveRanks(ownStatus)
    launcher.screen.end(status)
    launcher.ranks?.close(status)
    // The system takes the memory back at once, where ending ten million values one by one takes a second.
    withExtendedLifetime(launcher) { exit(status) }
  }

  /// How the program was started among others.
  private static let launch = Launch(ProcessInfo.processInfo.environment)

  private var screen: Screen
  private var options: ProgramOptions
  private var session: Session?
  /// Whether what runs is a script that nobody wrote, which errors do not show.
  private var hidesScript = false
  /// The processes that run the same script together.
  private var ranks: MPI?
  /// The seed that they have in common.
  private var drawnSeed: UInt64?

  private init(_ options: ProgramOptions) {
    self.options = options
    screen = Screen(
      errors: options.errors, colorsAllowed: !options.noColor, tellsEvents: options.json,
      isSilent: Self.launch.map { $0.rank > 0 } ?? false)
  }

  private mutating func perform(_ line: CommandLineOptions, _ arguments: [String]) -> Int32 {
    do {
      let request = try Request(line, arguments: arguments)
      if request.hasOptionsBehindTask { change(try Request.options(request.front)) }
      switch request.work {
      case .version: screen.write(Session.version + "\n")
      case .usage(let task): screen.write(usage(of: task))
      case .completion(let shell): screen.write(shell.script)
      case .candidates(let words):
        let found = ShellCompletion { [self] path in parameters(of: path) }.candidates(words)
        screen.write(found.map { $0.line + "\n" }.joined())
      case .convert(let from, let to, let replaces):
        let session = makeSession()
        do { try session.convert(from, to: to, replaces: replaces) } catch {
          if let faults = Session.faults(in: error) { return finish(.failed(faults)) }
          let told = Session.message(of: error)
          screen.report(UsageError(message: told.message, help: told.help))
          return ExitStatus.failure
        }
      case .help(let words): return try explain(words)
      case .code(let code):
        let bytes = Array(code.utf8)
        return try run(makeSession().question(bytes) ?? bytes, name: "-e", request)
      case .script(let path): return try run(Self.read(path), name: path, request, isFile: true)
      case .check(let paths):
        guard let data = paths.first(where: Session.isDataSet) else { return check(paths) }
        guard paths.count == 1 else {
          throw UsageError(
            message: "`check` takes scripts, or one data set by itself, found `\(data)` among others",
            help: "write `pixelbytes check \(data)`")
        }
        hidesScript = true
        return try run(Array(Session.checkingScript(of: data).utf8), name: "check", request)
      case .standardInput: return try run(readInput(), name: "standard input", request)
      case .interactive: return try startPromptOrReadInput(request)
      }
      return ExitStatus.success
    } catch {
      // The option may stand behind what is wrong.
      if arguments.contains("--json") { screen = Launcher(options.tellingEvents).screen }
      if let error = error as? MPI.LibraryError {
        screen.report(UsageError(message: error.description, help: error.help))
        return ExitStatus.unavailable
      }
      if let error = error as? UsageError {
        screen.report(error)
        return ExitStatus.usage
      }
      screen.report(UsageError(message: Session.message(of: error).message))
      return ExitStatus.failure
    }
  }

  /// Begins to open the libraries that what runs may need.
  private static func openLibraries() {
    Faults.mean(
      UsageError(
        message: "OpenBLAS, which multiplies matrices, can't be opened: its file is damaged",
        help: "install it again, in Debian and Ubuntu with `apt-get install --reinstall libopenblas0`"),
      status: ExitStatus.unavailable)
    Session.openLibraries()
  }

  /// Tells what is wrong with the libraries before anything runs; returns a status to leave with.
  private func checkLibraries() -> Int32? {
    defer { Faults.mean(nil) }
    do { try Session.checkLibraries() } catch {
      screen.report(UsageError(message: error.message, help: error.help))
      return ExitStatus.unavailable
    }
    return nil
  }

  /// Runs a script, which `isFile` or has only a name, after its parameters are known to be right.
  private mutating func run(
    _ bytes: [UInt8], name: String, _ request: Request, isFile: Bool = false
  ) throws -> Int32 {
    Signals.listen(atPrompt: false)
    try joinRanks()
    let session = makeSession()
    self.session = session
    beginWatch(session.interpreter)
    defer { Watchdog.end() }
    let script: Script
    do {
      script = try session.interpreter.parse(SourceText(name: name, bytes: bytes))
    } catch {
      // Options after the script can't be told from its parameters, which are unknown.
      if request.rest.contains("--json") { change(options.tellingEvents) }
      screen.begin(name)
      let status = finish(.failed(error.diagnostics))
      return status == ExitStatus.failure ? ExitStatus.usage : status
    }
    Self.openLibraries()
    if let status = checkLibraries() { return status }
    let parameters: ScriptParameters
    do {
      parameters = ScriptParameters(try session.interpreter.parameters(of: script))
    } catch let diagnostic as Diagnostic {
      screen.report([diagnostic])
      return ExitStatus.failure
    }
    if request.rest.contains("--help") || request.rest.contains("-h") {
      let words = request.task?.rawValue ?? "run \(name)"
      let summary = session.summary(of: script)
      screen.write(
        "USAGE: pixelbytes \(words) [--parameter <value> ...]\n\n" + (summary.isEmpty ? "" : summary + "\n")
          + parameters.help)
      return ExitStatus.success
    }
    let (values, others) = try parameters.read(request.rest)
    guard !others.isEmpty else { return try run(script, in: session, parameters: values, isFile: isFile) }
    do { change(try ProgramOptions.parse(request.front + others)) } catch {
      throw Self.usageError(error, others, parameters)
    }
    let other = makeSession()
    self.session = other
    return try run(script, in: other, parameters: values, isFile: isFile)
  }

  /// The help of a task without a script of its own, or of the program.
  private func usage(of task: ProgramTask?) -> String {
    guard let task, let example = task.example else { return CommandLineOptions.helpMessage() + "\n" }
    let arguments =
      switch task {
      case .run: "<script.pxb> [--parameter <value> ...] [options]"
      case .help: "[words]"
      case .check:
        "<script.pxb> [--errors json]\n       pixelbytes check <data set> [--image <column or none>]\n"
          + "         [--caption <column or none>]\n         [--split, --encoding, --damaged <value>]"
      case .convert: "<from> <to> [--force]"
      default: Shell.allCases.map(\.rawValue).joined(separator: " | ")
      }
    let more = task == .run ? "\n`pixelbytes --help` lists the options.\n" : ""
    return "USAGE: pixelbytes \(task.rawValue) \(arguments)\n\n\(task.summary)\n\nEXAMPLE:\n  \(example)\n" + more
  }

  /// The parameters of a script that a shell asks for; none of one that can't be read.
  private func parameters(of path: String) -> [ScriptParameter] {
    let session = makeSession()
    do {
      let script = try session.interpreter.parse(SourceText(name: path, bytes: try Self.read(path)))
      return try session.interpreter.parameters(of: script)
    } catch { return [] }
  }

  private static func usageError(_ error: any Error, _ words: [String], _ parameters: ScriptParameters) -> UsageError {
    var mistake = Request.usageError(error)
    let unknown = words.first { $0.hasPrefix("--") && mistake.message.contains("'\($0.prefix { $0 != "=" })'") }
    if let question = unknown.flatMap(parameters.suggestion) {
      mistake.help = question
    } else if mistake.help?.hasPrefix("did") != true {
      mistake.help = "`--help` behind the script lists its parameters, `pixelbytes --help` the other options"
    }
    return mistake
  }

  private func run(
    _ script: Script, in session: Session, parameters: [String: Value], isFile: Bool
  ) throws(UsageError) -> Int32 {
    let cells = try options.cells(of: script)
    if options.resume || options.fresh, !isFile {
      throw UsageError(
        message: "\(script.source.name) has no place beside it for cells that are kept",
        help: "--resume and --fresh are for a script in a file")
    }
    if options.keepsGoing { Signals.keepGoing() }
    if let folder = options.log, Self.launch.map({ $0.rank == 0 }) ?? true {
      let transcript = try RunTranscript(in: folder, of: script.source.name) { Screen.tellError($0) }
      screen.keep(in: transcript)
    }
    let report: RunReport
    do {
      report = try session.report(of: script, parameters: parameters, to: options.exports, showsTimes: options.times)
    } catch {
      let told = Session.message(of: error)
      throw UsageError(message: told.message, help: told.help)
    }
    screen.begin(script.source.name)
    beginWatch(session.interpreter)
    let outcome = session.run(
      script, parameters: parameters, cells: cells, echo: true, report: report,
      resuming: options.fresh ? .fresh : options.resume ? .unchanged : nil)
    Watchdog.end()
    let status = finish(outcome)
    return status == ExitStatus.success && report.isBehind ? ExitStatus.failure : status
  }

  /// Ends the program when what runs does not answer.
  private func beginWatch(_ interpreter: Interpreter) {
    Watchdog.begin(options.sessionOptions.limits, interpreter.watch) { [self] reason in
      let status = finish(.failed([interpreter.diagnostic(of: reason)]))
      screen.end(status)
      return status
    }
  }

  private func makeSession() -> Session {
    var options = options.sessionOptions
    (options.ranks, options.drawnSeed) = (ranks, drawnSeed)
    if let launch = Self.launch, self.options.threads == nil {
      // The ranks of a machine share its cores, to which mpirun may have bound them.
      options.threads = min(options.threads, max(1, ProcessInfo.processInfo.processorCount / launch.local))
    }
    return Session(options: options, console: screen.console, interruption: Signals.interruption)
  }

  /// Tells errors, and the status to leave with.
  private func finish(_ outcome: Outcome) -> Int32 {
    if Signals.interruption.isRequested { screen.endInterruptedLine() }
    screen.report(hidesScript ? outcome.diagnostics.map(\.withoutPlace) : outcome.diagnostics)
    screen.flush()
    if let signal = Signals.last { return ExitStatus.stopped(by: signal) }
    if outcome.diagnostics.first?.isBudget == true { return ExitStatus.budgetUsedUp }
    let status = outcome.exitStatus
    return status == ExitStatus.success && screen.hasLostOutput ? ExitStatus.failure : status
  }

  /// Tells what is wrong with scripts without running them.
  private func check(_ paths: [String]) -> Int32 {
    // Until it listens a signal ends the program at once, as where standard input has nothing to read.
    let texts = paths.map { path in
      Result { () throws(UsageError) in try path == "-" ? Self.readOwnInput() : Self.read(path) }
    }
    Signals.listen(atPrompt: false)
    let session = makeSession()
    var status = ExitStatus.success
    for (path, text) in zip(paths, texts) {
      do throws(UsageError) {
        let faults = session.faults(of: try text.get(), name: path == "-" ? "standard input" : path)
        let own = finish(faults.isEmpty ? .completed : .failed(faults))
        if own != ExitStatus.success { status = own == ExitStatus.failure ? ExitStatus.usage : own }
        if Signals.last != nil { return own }
      } catch {
        screen.report(error)
        status = ExitStatus.usage
      }
    }
    return status
  }

  private func explain(_ words: [String]) throws -> Int32 {
    do throws(ScriptError) { screen.write(try makeSession().help(about: words.joined(separator: " "))) } catch {
      throw UsageError(message: error.message, help: error.help)
    }
    return finish(.completed)
  }

  private static func read(_ path: String) throws(UsageError) -> [UInt8] {
    guard InputFile.mayRead(path) else {
      throw UsageError(
        message: "cannot read `\(path)`: it is no regular file",
        help: "what comes through a pipe is read by `-`: `pixelbytes - < \(path)`")
    }
    guard !path.lowercased().hasSuffix(".ipynb") else {
      throw UsageError(
        message: "`\(path)` is a notebook of Jupyter, no script",
        help: "`pixelbytes convert \(path) \(path.dropLast(6)).pxb` makes a script of it", file: path)
    }
    do {
      let bytes = try read(FileHandle(forReadingFrom: URL(fileURLWithPath: path)))
      try ForeignFile.refuseInPlaceOfScript(bytes, in: path)
      return bytes
    } catch let error as FormatError {
      throw UsageError(message: "`\(path)` \(error.message)", file: path)
    } catch {
      let isThere = FileManager.default.fileExists(atPath: path)
      let reason = isThere ? FormatError.systemReason(of: error) : "there is no such file"
      throw UsageError(message: "cannot read `\(path)`: \(reason)", file: path)
    }
  }

  /// What stands on standard input, which mpirun hands to the first rank alone.
  private mutating func readInput() throws -> [UInt8] {
    try joinRanks()
    guard let ranks else { return try Self.readOwnInput() }
    return try ranks.tellingFailure { try ranks.broadcast(ranks.isFirst ? try Self.readOwnInput() : nil) }
  }

  private static func readOwnInput() throws(UsageError) -> [UInt8] {
    do { return try read(FileHandle.standardInput) } catch {
      throw UsageError(
        message: "cannot read standard input: \(FormatError.systemReason(of: error))",
        help: "`-` reads a script from a pipe or a file: `echo 'print 1' | pixelbytes -`")
    }
  }

  /// Reads to the end, but no more than makes it clear that the script is too long.
  private static func read(_ file: FileHandle) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= Script.sizeLimit, let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
      bytes.append(contentsOf: part)
    }
    return bytes
  }

  private mutating func startPromptOrReadInput(_ request: Request) throws -> Int32 {
    guard !screen.terminal.isInput else {
      if let launch = Self.launch {
        throw UsageError(
          message: "the prompt is for one process, and \(launch.count) were started",
          help: "name a script, or leave out mpirun")
      }
      if options.json {
        throw UsageError(message: "`--json` needs a script", help: "name a file, or write `-e` and code")
      }
      Self.openLibraries()
      if let status = checkLibraries() { return status }
      return Prompt(screen: screen, options: options.sessionOptions, hasSettings: !options.noSettings).run()
    }
    let bytes = try readInput()
    guard bytes.isEmpty else { return try run(bytes, name: "standard input", request) }
    screen.write(CommandLineOptions.helpMessage() + "\n")
    return ExitStatus.success
  }
}

extension Launcher {
  /// Other options from here on.
  private mutating func change(_ options: ProgramOptions) {
    var other = Launcher(options)
    (other.ranks, other.drawnSeed) = (ranks, drawnSeed)
    self = other
  }

  /// Joins the other processes where several were started together.
  private mutating func joinRanks() throws {
    guard let launch = Self.launch, ranks == nil else { return }
    let ranks = try MPI(launch)
    self.ranks = ranks
    drawnSeed = try ranks.broadcast(ranks.isFirst ? [UInt64.random(in: 0..<1 << 32)] : nil, count: 1)[0]
  }

  /// Comes to the end together with the other ranks, and tells where one has failed alone; gives the status to leave with.
  private func leaveRanks(_ status: Int32) -> Int32 {
    guard let ranks else { return status }
    let endings = ranks.leave(status, saying: screen.unsaid ?? "") { Signals.interruption.isRequested }
    let failed = endings.sorted { $0.key < $1.key }.first { $0.value.status != 0 }
    guard status == 0, let failed else { return status }
    let text = failed.value.text.isEmpty ? "" : ": \(failed.value.text)"
    screen.report(
      UsageError(message: "rank \(failed.key) of \(ranks.count) has ended with status \(failed.value.status)\(text)"))
    return failed.value.status
  }
}
