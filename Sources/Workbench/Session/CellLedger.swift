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
    /// The variables that it gave a value or changed.
    let changed: Set<String>
    /// The files that it looked at, as it left them.
    fileprivate(set) var files: [String: FileStamp] = [:]
  }

  /// A cell that is about to run, with what the variables hold.
  struct Start {
    let variables: VariableView
    fileprivate let moment: Int
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

  /// The names that own functions read from outside, by the names of the variables that hold them.
  private var functions: [String: Set<String>] = [:]

  /// A cell begins.
  func start(_ interpreter: Interpreter) -> Start { Start(variables: VariableView(interpreter), moment: moment) }

  /// All that some names stand for: those that functions among them read, and so on.
  private func reached(by names: Set<String>) -> Set<String> {
    var (all, pending) = (names, Array(names))
    while let name = pending.popLast() {
      for other in functions[name] ?? [] where all.insert(other).inserted { pending.append(other) }
    }
    return all
  }

  /// The variables that a cell which has run gave a value or changed: by its text, by what they hold, and by what they hold in common.
  ///
  /// Calls of own functions may change their arguments, and what the functions name that can change.
  private func changed(by cell: Script.Cell, _ start: Start, _ interpreter: Interpreter) -> Set<String> {
    let (names, after) = (cell.names, VariableView(interpreter))
    func mayChange(_ command: String) -> Bool {
      // Layers and the like that are called give something new.
      if case .object? = interpreter.variable(command) { return false }
      return Self.changing.contains(command) || functions[command] != nil || interpreter.registry[command] == nil
    }
    var inPlace = names.changes.union(names.handed.filter { mayChange($0.command) }.map(\.name))
    inPlace.formUnion(reached(by: names.reads).subtracting(names.reads).filter { after.isChangeable($0) })
    // What scripts that it ran have set is known of their cells.
    let given = after.given(since: start.variables).filter { changes[$0]?.moment ?? 0 <= start.moment }
    return start.variables.sharing(inPlace).union(after.sharing(inPlace)).union(names.writes).union(given)
  }

  /// A cell has ended; `files` are those that it looked at, and `written` those that it wrote.
  mutating func note(
    _ mark: CellMark, _ cell: Script.Cell, of script: Script, _ start: Start, _ interpreter: Interpreter,
    files: FileAccess.Looks, seconds: Double, hasFailed: Bool
  ) {
    moment += 1
    if runs.count + changes.count + functions.count > Self.most { (runs, changes, functions) = ([:], [:], [:]) }
    functions.merge(cell.names.functions) { $1 }
    let place = Place(script: mark.script, cell: mark.number - 1)
    let code = Self.code(cell, of: script)
    let changed = changed(by: cell, start, interpreter)
    var run = Run(
      code: code, moment: moment, seconds: seconds, lastSeconds: runs[place]?.seconds, hasFailed: hasFailed,
      changed: changed)
    for path in files.read { run.files[path] = FileStamp(path) }
    runs[place] = run
    // What cells below do to a file is not what those above read when all run in order.
    for (other, before) in runs where other.script == place.script && other.cell < place.cell {
      for path in before.files.keys where files.written.contains(path) { runs[other]?.files[path] = FileStamp(path) }
    }
    let words = mark.script.hasPrefix("[") ? mark.script : "cell \(mark.number)"
    for name in changed {
      changes[name] = Change(moment: moment, script: mark.script, cell: mark.number - 1, words: words)
    }
  }

  /// All variables are gone.
  mutating func forget() { (runs, changes, functions) = ([:], [:], [:]) }

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
    let reads = reached(by: cell.names.reads)
    for name in reads.sorted() {
      guard let change = changes[name], change.moment > run.moment else { continue }
      // What cells below do to a variable is not what this one reads when all run in order.
      if change.script == script.source.name, change.cell >= index { continue }
      return "`\(name)` was changed by \(change.words)"
    }
    for path in run.files.keys.sorted() where run.files[path] != FileStamp(path) {
      return "\(Display.quoted(path)) has changed"
    }
    for (place, earlier) in before.enumerated() {
      let state = earlier.state
      guard state == .stale || state == .failed, let changed = earlier.run?.changed else { continue }
      if let name = changed.intersection(reads).sorted().first {
        return "`\(name)` comes from cell \(place + 1), which is \(state?.rawValue ?? "")"
      }
    }
    return nil
  }
}
