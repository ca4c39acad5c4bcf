import Formats
import PixelScript

/// Which cells ran when, and which variables changed since: what `cells` tells of a notebook.
struct CellLedger {
  /// What is known of a cell that ran.
  struct Run {
    /// Its code then.
    let code: String
    /// How many cells had run before it.
    let moment: Int
    /// The seconds that it took, and the time before; nil without one.
    let seconds: Double
    let lastSeconds: Double?
    /// Whether an error ended it.
    let hasFailed: Bool
  }

  /// How a cell stands.
  enum State: String {
    /// It ran, and what it read is as it was.
    case run
    /// It ran, and what it read has changed since, or its code.
    case stale
    /// An error ended it.
    case failed
    /// It did not run yet, in this session.
    case waiting
  }

  /// Who changed a variable last.
  private struct Change {
    let moment: Int
    let script: String
    let cell: Int
    let words: String
  }

  /// The most cells and variables of which something is known.
  private static let most = 100_000
  /// The commands that change what they are given.
  private static let changing: Set = [
    "push", "insert", "pop", "remove", "train", "step", "zero_grad", "backward",
  ]

  private struct Place: Hashable {
    let script: String
    let cell: Int
  }

  private var runs: [Place: Run] = [:]
  private var changes: [String: Change] = [:]
  private var moment = 0

  /// The names that a cell sets or changes, as far as its text tells.
  static func changed(by cell: Script.Cell) -> Set<String> {
    let names = cell.names
    return names.changes.union(names.writes).union(names.handed.filter { changing.contains($0.command) }.map(\.name))
  }

  /// A cell has ended.
  mutating func note(_ mark: CellMark, _ cell: Script.Cell, of script: Script, seconds: Double, hasFailed: Bool) {
    moment += 1
    if runs.count + changes.count > Self.most { (runs, changes) = ([:], [:]) }
    let place = Place(script: mark.script, cell: mark.number - 1)
    let code = Self.code(cell, of: script)
    runs[place] = Run(
      code: code, moment: moment, seconds: seconds, lastSeconds: runs[place]?.seconds, hasFailed: hasFailed)
    let words = mark.script.hasPrefix("[") ? mark.script : "cell \(mark.number)"
    for name in Self.changed(by: cell) {
      changes[name] = Change(moment: moment, script: mark.script, cell: mark.number - 1, words: words)
    }
  }

  /// All variables are gone.
  mutating func forget() { (runs, changes) = ([:], [:]) }

  static func code(_ cell: Script.Cell, of script: Script) -> String {
    script.source.text(ofLines: cell.lines)
  }

  /// How each cell of a script stands, and why; the run is nil for one that did not.
  func states(of script: Script) -> [(state: State?, why: String, run: Run?)] {
    var states: [(state: State?, why: String, run: Run?)] = []
    for (index, cell) in script.cells.enumerated() {
      guard cell.kind == .code else {
        states.append((nil, "", nil))
        continue
      }
      guard let run = runs[Place(script: script.source.name, cell: index)] else {
        states.append((.waiting, "", nil))
        continue
      }
      let why = staleness(index, cell, run, script, states)
      states.append((run.hasFailed ? .failed : why == nil ? .run : .stale, why ?? "", run))
    }
    return states
  }

  /// Why a cell that ran is stale; nil where it is not.
  private func staleness(
    _ index: Int, _ cell: Script.Cell, _ run: Run, _ script: Script, _ before: [(state: State?, why: String, run: Run?)]
  ) -> String? {
    if run.code != Self.code(cell, of: script) { return "its code has changed" }
    let reads = cell.names.reads
    for name in reads.sorted() {
      guard let change = changes[name], change.moment > run.moment else { continue }
      // What cells below do to a variable is not what this one reads when all run in order.
      if change.script == script.source.name, change.cell >= index { continue }
      return "`\(name)` was changed by \(change.words)"
    }
    for (place, earlier) in script.cells[..<index].enumerated() where earlier.kind == .code {
      let state = before[place].state
      guard state == .stale || state == .failed else { continue }
      if let name = Self.changed(by: earlier).intersection(reads).sorted().first {
        return "`\(name)` comes from cell \(place + 1), which is \(state?.rawValue ?? "")"
      }
    }
    return nil
  }
}
