import PixelScript

/// A run of a script with what its cells show, and the files that it is exported to after every cell.
public final class RunReport {
  let script: Script
  private let parameters: [String: Value]
  private var log: CellLog
  private var files: [ExportFile] = []
  private let warn: (String) -> Void
  private var hasWarned = false
  /// Whether a file of the export could not be written the last time, so that it lacks something of the run.
  public private(set) var isBehind = false
  private var nextWrite = ContinuousClock.now

  /// Between two writings while a cell runs, this many times what the first of them took goes by.
  private static let share = 20

  init(_ script: Script, parameters: [String: Value], _ environment: Environment) {
    (self.script, self.parameters) = (script, parameters)
    log = CellLog(memory: environment.options.limits.memory)
    warn = { [weak environment] text in environment?.warn(text) }
  }

  /// The cells as far as they have come.
  var document: NotebookDocument {
    var document = NotebookDocument(script, parameters: parameters)
    for record in log.records { document.cells[record.mark.number - 1].take(record) }
    return document
  }

  /// Exports the run to a file, now and whenever it has come further.
  func add(_ file: ExportFile) throws {
    try file.write(document)
    files.removeAll { $0.path == file.path }
    files.append(file)
  }

  /// What the cell under way has shown so far; nil between cells.
  var current: CellRecord? { log.isRunning ? log.records.last : nil }

  func begin(_ mark: CellMark, of script: Script, _ cell: Script.Cell) {
    let isOutermost = !log.isRunning
    log.begin(mark, of: script, cell)
    if isOutermost { nextWrite = .now }
  }

  func end(seconds: Double, error: Diagnostic?) {
    log.end(seconds: seconds, error: error)
    if !log.isRunning { write() }
  }

  func write(_ text: String) {
    log.write(text)
    writeWhenDue()
  }

  func show(_ rendering: Rendering) {
    log.show(rendering)
    writeWhenDue()
  }

  private func writeWhenDue() {
    if !files.isEmpty, .now >= nextWrite { write() }
  }

  private func write() {
    guard !files.isEmpty else { return }
    let start = ContinuousClock.now
    let document = document
    isBehind = false
    for file in files {
      do { try file.write(document) } catch {
        isBehind = true
        guard !hasWarned else { continue }
        hasWarned = true
        warn("\(file.path) could not be written: \(Session.diagnostics(of: error).first?.message ?? "\(error)")")
      }
    }
    nextWrite = .now + (.now - start) * Self.share
  }
}

extension Session {
  /// The report of a run that is about to begin, exported to some paths after every cell; throws where one can't be written.
  ///
  /// The paths come from whoever calls the program, so they may lead anywhere. With `showsTimes` the files tell how long cells took,
  /// and are no longer the same for the same run.
  public func report(
    of script: Script, parameters: [String: Value] = [:], to paths: [String] = [], showsTimes: Bool = false
  ) throws -> RunReport {
    let report = RunReport(script, parameters: parameters, environment)
    let anywhere = FileAccess(writeFolders: ["/"], ranks: environment.files.ranks)
    for path in paths { try report.add(try ExportFile(path, anywhere, of: script, showsTimes: showsTimes)) }
    return report
  }
}

extension Environment {
  /// Does a run of a script that has a report, which is the last run from then on.
  func reporting<Result>(_ report: RunReport?, _ body: () throws -> Result) rethrows -> Result {
    guard let report, self.report == nil else { return try body() }
    (self.report, lastReport) = (report, report)
    defer { self.report = nil }
    return try body()
  }
}
