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
    /// The variables that it read, those that functions reached by it name included.
    fileprivate let reads: Set<String>
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
  fileprivate static let changing: Set = [
    "push", "insert", "pop", "remove", "train", "step", "zero_grad", "backward",
  ]

  private struct Place: Hashable {
    let script: String
    let cell: Int
  }

  private var runs: [Place: Run] = [:]
  private var changes: [String: Change] = [:]
  private var moment = 0

  /// A cell begins.
  func start(_ interpreter: Interpreter) -> Start { Start(variables: VariableView(interpreter), moment: moment) }

  /// What a cell reached, as far as its text and the variables before and behind it tell: rather too much than too little.
  private struct Reach {
    let names: Script.Names
    let before, after: VariableView
    /// Whether a function may run in the cell.
    let hasFunctions: Bool

    init(_ names: Script.Names, _ before: VariableView, _ after: VariableView) {
      (self.names, self.before, self.after) = (names, before, after)
      hasFunctions =
        names.definesFunctions || !names.reads.isDisjoint(with: CellLedger.changing)
        || names.reads.contains { before.holdsFunctions($0) || after.holdsFunctions($0) }
    }

    /// The variables that functions of some variables name, those that functions of these name, and so on.
    private func named(by some: some Sequence<String>) -> Set<String> {
      var (all, pending): (Set<String>, [String]) = ([], Array(some))
      while let name = pending.popLast() {
        for other in before.named(by: name).union(after.named(by: name)) where all.insert(other).inserted {
          pending.append(other)
        }
      }
      return all
    }

    /// All that is read: an import brings functions whose variables are known where they come from alone.
    var reads: Set<String> {
      let imported = names.writes.filter { after.takesAlong($0) }
      return names.reads.union(imported).union(named(by: names.reads))
    }

    /// Whether a call may change what it is given.
    private func mayChange(_ command: String, _ registry: Registry) -> Bool {
      if CellLedger.changing.contains(command) || command == Script.Names.Handed.unknown { return true }
      if before.holdsFunctions(command) || after.holdsFunctions(command) { return true }
      // Commands that call functions change what these change.
      if let entry = registry[command] { return hasFunctions && entry.takesFunctions }
      // Layers and the like that are called give something new.
      return !before.has(command) && !after.has(command)
    }

    /// The variables whose values may have been changed in place.
    func changedInPlace(_ registry: Registry) -> Set<String> {
      var all = names.changes
      for handed in names.handed where mayChange(handed.command, registry) { all.insert(handed.name) }
      all.formUnion(named(by: all))
      let called = named(by: names.reads)
      all.formUnion(called)
      all.formUnion(names.reads.union(called).filter { before.takesAlong($0) || after.takesAlong($0) })
      return all.filter { before.isChangeable($0) || after.isChangeable($0) }
    }
  }

  /// The variables that a cell which has run gave a value or changed: by its text, by what they hold, and by what they hold in common.
  private func changed(_ reach: Reach, _ start: Start, _ registry: Registry) -> Set<String> {
    let inPlace = reach.changedInPlace(registry)
    // What scripts that it ran have set is known of their cells.
    let given = reach.after.given(since: start.variables).filter { changes[$0]?.moment ?? 0 <= start.moment }
    return start.variables.sharing(inPlace).union(reach.after.sharing(inPlace)).union(reach.names.writes).union(given)
  }

  /// A cell has ended; `files` are those that it looked at, and `written` those that it wrote.
  mutating func note(
    _ mark: CellMark, _ cell: Script.Cell, of script: Script, _ start: Start, _ interpreter: Interpreter,
    files: FileAccess.Looks, seconds: Double, hasFailed: Bool
  ) {
    moment += 1
    if runs.count + changes.count > Self.most { (runs, changes) = ([:], [:]) }
    let place = Place(script: mark.script, cell: mark.number - 1)
    let code = Self.code(cell, of: script)
    let reach = Reach(cell.names, start.variables, VariableView(interpreter))
    let changed = changed(reach, start, interpreter.registry)
    var run = Run(
      code: code, moment: moment, seconds: seconds, lastSeconds: runs[place]?.seconds, hasFailed: hasFailed,
      changed: changed, reads: reach.reads)
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
    for name in run.reads.sorted() {
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
      if let name = changed.intersection(run.reads).sorted().first {
        return "`\(name)` comes from cell \(place + 1), which is \(state?.rawValue ?? "")"
      }
    }
    return nil
  }
}
