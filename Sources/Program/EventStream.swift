import Foundation
import Formats
import PixelScript
import Workbench

/// What happens in a run as JSON objects, one a line, for editors and other programs.
final class EventStream {
  private typealias Fields = [(name: String, value: Field)]

  private enum Field {
    case text(String)
    case number(Double?)
    case object(Fields)

    var json: String {
      switch self {
      case .text(let text): jsonString(text)
      case .number(let number): number.flatMap { $0.isFinite ? Display.text(of: $0) : nil } ?? "null"
      case .object(let fields):
        "{" + fields.map { jsonString($0.name) + ":" + $0.value.json }.joined(separator: ",") + "}"
      }
    }
  }

  private let output: StandardOutput
  private let start = ContinuousClock.now
  private var errors = 0
  /// The ends of cells that failed, which come behind the error.
  private var failedCells: [Fields] = []

  init(_ output: StandardOutput) { self.output = output }

  /// Tells that a script begins.
  func begin(_ name: String) {
    let time = Date.now.formatted(.iso8601)
    tell("run_start", [("name", .text(name)), ("version", .text(Launcher.version)), ("time", .text(time))])
    output.flush()
  }

  /// Tells that all is over and with which status the program exits.
  func end(_ status: Int32) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    tell(
      "run_end",
      [("status", .number(Double(status))), ("errors", .number(Double(errors))), ("seconds", .number(seconds))])
    output.flush()
  }

  /// Tells text that a script writes.
  func write(_ text: String) { tell("output", [("text", .text(text))]) }

  /// Tells an error, and then the end of the cells that it stopped.
  func report(_ diagnostic: Diagnostic) {
    errors += 1
    output.write(ControlCharacters.escapedJSON("{\"event\":\"error\"," + diagnostic.json.dropFirst() + "\n"))
    tellFailedCells()
  }

  /// Tells what a session notifies.
  func show(_ event: Console.Event) {
    switch event {
    case .cellStarted(let cell): tell("cell_start", fields(cell))
    case .cellEnded(let cell, let seconds, let error):
      let status = error.map { $0 == .interrupted ? "interrupted" : "error" } ?? "ok"
      let fields = fields(cell) + [("status", .text(status)), ("seconds", .number(seconds))]
      if error == nil { tell("cell_end", fields) } else { failedCells.append(fields) }
    case .progress(let report): tell("progress", fields(report, state: "running"))
    case .finished(let report): tell("progress", fields(report, state: "ended"))
    case .notice(let text): tell("notice", [("text", .text(text))])
    }
    output.flush()
  }

  private func fields(_ cell: CellMark) -> Fields {
    [
      ("cell", .number(Double(cell.number))), ("title", .text(cell.title)), ("file", .text(cell.script)),
      ("line", .number(Double(cell.line))),
    ]
  }

  private func fields(_ report: ProgressReport, state: String) -> Fields {
    [
      ("what", .text(report.what)), ("state", .text(state)), ("done", .number(Double(report.done))),
      ("total", .number(report.total.map { Double($0) })), ("unit", .text(report.unit)),
      ("seconds", .number(report.elapsed)), ("rate", .number(report.rate)), ("remaining", .number(report.remaining)),
      ("metrics", .object(report.metrics.map { ($0.name, .number($0.value)) })),
    ]
  }

  private func tell(_ event: String, _ fields: Fields) {
    tellFailedCells()
    output.write(ControlCharacters.escapedJSON(Field.object([("event", .text(event))] + fields).json + "\n"))
  }

  private func tellFailedCells() {
    let cells = failedCells
    failedCells = []
    for fields in cells { tell("cell_end", fields) }
  }
}
