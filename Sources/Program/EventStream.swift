import Formats
import Foundation
import PixelScript
import Workbench

/// What happens in a run as JSON objects, one a line, for editors and other programs.
final class EventStream {
  private let output: StandardOutput
  private let start = ContinuousClock.now
  private var errors = 0
  /// The ends of cells that failed, which come behind the error.
  private var failedCells: [[JSON.Field]] = []

  init(_ output: StandardOutput) { self.output = output }

  /// Tells that a script begins.
  func begin(_ name: String) {
    let time = Date.now.formatted(.iso8601)
    tell(
      "run_start",
      [.init("name", .string(name)), .init("version", .string(Session.version)), .init("time", .string(time))])
    output.flush()
  }

  /// Tells that all is over and with which status the program exits.
  func end(_ status: Int32) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    tell(
      "run_end",
      [.init("status", .integer(Int(status))), .init("errors", .integer(errors)), .init("seconds", .number(seconds))])
    output.flush()
  }

  /// Tells text that a script writes.
  func write(_ text: String) { tell("output", [.init("text", .string(text))]) }

  /// Tells an error, and then the end of the cells that it stopped.
  func report(_ diagnostic: Diagnostic) {
    errors += 1
    write("error", diagnostic.json.fields ?? [])
    tellFailedCells()
  }

  /// Tells what a session notifies.
  func show(_ event: Console.Event) {
    switch event {
    case .cellStarted(let cell): tell("cell_start", fields(cell))
    case .cellEnded(let cell, let seconds, let error):
      let status = error.map { $0 == .interrupted ? "interrupted" : "error" } ?? "ok"
      let fields = fields(cell) + [.init("status", .string(status)), .init("seconds", .number(seconds))]
      if error == nil { tell("cell_end", fields) } else { failedCells.append(fields) }
    case .progress(let report): tell("progress", fields(report, state: "running"))
    case .finished(let report): tell("progress", fields(report, state: "ended"))
    case .notice(let text): tell("notice", [.init("text", .string(text))])
    }
    output.flush()
  }

  private func fields(_ cell: CellMark) -> [JSON.Field] {
    [
      .init("cell", .integer(cell.number)), .init("title", .string(cell.title)), .init("file", .string(cell.script)),
      .init("line", .integer(cell.line)),
    ]
  }

  private func fields(_ report: ProgressReport, state: String) -> [JSON.Field] {
    func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    return [
      .init("what", .string(report.what)), .init("state", .string(state)), .init("done", .integer(report.done)),
      .init("total", report.total.map { .integer($0) } ?? .null), .init("unit", .string(report.unit)),
      .init("seconds", .number(report.elapsed)), .init("rate", number(report.rate)),
      .init("remaining", number(report.remaining)),
      .init("metrics", .object(report.metrics.map { .init($0.name, .number($0.value)) })),
    ]
  }

  private func tell(_ event: String, _ fields: [JSON.Field]) {
    tellFailedCells()
    write(event, fields)
  }

  private func write(_ event: String, _ fields: [JSON.Field]) {
    let text = JSON.object([.init("event", .string(event))] + fields).text()
    output.write(ControlCharacters.escapedJSON(text) + "\n")
  }

  private func tellFailedCells() {
    let cells = failedCells
    failedCells = []
    for fields in cells { write("cell_end", fields) }
  }
}
