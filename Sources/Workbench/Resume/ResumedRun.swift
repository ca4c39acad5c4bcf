import Formats
import Foundation
import PixelScript
import Safepoint

/// A run of a notebook that keeps its cells in a folder beside it, and restores those of which nothing has changed.
///
/// A cell is restored when its code, the variables that it may read, its parameters, the files that it read and wrote, the state of the
/// random numbers and the program are all the same as when it was kept. Where that can't be told it runs.
public final class ResumedRun {
  private let script: Script
  private let cache: CellCache
  private let isFresh: Bool
  private let interpreter: Interpreter
  private let environment: Environment
  private let memory = SealMemory()
  private let parameters: [String: Value]
  private let program: String
  /// Whether a cell asks for the last values that were shown, which nothing keeps.
  private let readsShown: Bool
  /// Whether a cell may ask for the line at which a function of another one failed.
  private let asksForLines: Bool

  /// What a cell may see before it runs.
  private struct View {
    /// A seal of each variable, and the variables that hold something in common.
    var seals: [String: String] = [:]
    var shares: [(String, String)] = []
    /// What of a variable can't be sealed.
    var open: [String: String] = [:]
    /// The variables that hold functions.
    var withFunctions: Set<String> = []
    var identities: [String: ObjectIdentifier] = [:]
  }

  init(
    _ script: Script, _ program: PixelScript.Program, _ interpreter: Interpreter, _ environment: Environment,
    isFresh: Bool
  ) throws {
    guard environment.ranks == nil else {
      throw ScriptError(.value, "several ranks can't restore cells", help: "leave out --resume")
    }
    guard let digest = FileDigest.program else { throw ScriptError(.io, "the program can't read itself") }
    (self.script, self.interpreter, self.environment, self.isFresh) = (script, interpreter, environment, isFresh)
    parameters = Dictionary(program.parameters.map { ($0.name, program.value(of: $0.name)) }) { _, last in last }
    self.program = digest
    cache = try CellCache(for: script.source.name)
    asksForLines = script.cells.contains { Self.mayAskForLines($0, of: script) }
    readsShown = script.cells.contains { cell in cell.names.reads.contains("_") || cell.names.reads.contains("__") }
    try cache.removeAll(but: Set(script.cells.indices.map(folder)))
  }

  // MARK: Places

  private func code(_ cell: Int) -> String { Self.code(script.cells[cell], of: script) }

  private static func code(_ cell: Script.Cell, of script: Script) -> String {
    script.source.text(ofLines: cell.lines)
  }

  private func folder(_ cell: Int) -> String {
    let code = code(cell)
    return cache.folder(code, script.cells[..<cell].indices.count { self.code($0) == code } + 1)
  }

  /// Whether the code of a cell may ask for lines, as `e.line` does and the text of a caught error.
  private static func mayAskForLines(_ cell: Script.Cell, of script: Script) -> Bool {
    let code = code(cell, of: script)
    return code.contains("line") || code.contains("catch")
  }

  /// The line of a cell where its code may ask for lines; else 0.
  private func line(_ cell: Int) -> Int {
    Self.mayAskForLines(script.cells[cell], of: script) ? script.cells[cell].lines.lowerBound : 0
  }

  /// A place of a function that stays the same while the code of its cell does, and where errors are caught, its line.
  private func place(of function: ScriptFunction) -> String? {
    guard let place = interpreter.place(of: function), place.source === script.source,
      let cell = script.cells.lastIndex(where: { $0.span.range.contains(Int(place.span.start)) })
    else { return nil }
    let start = Int(place.span.start) - Int(script.source.lineSpan(script.cells[cell].lines.lowerBound).start)
    let line = asksForLines ? script.cells[cell].lines.lowerBound : 0
    return "\(SHA256.digest(of: Array(code(cell).utf8))) \(start) \(function.name ?? "fn") \(line)"
  }

  private var surroundings: String {
    let options = environment.options
    let parts = [
      FileManager.default.currentDirectoryPath, options.writeFolders.description,
      options.readFolders?.description ?? "-",
      environment.logFolder ?? "-", "\(environment.reproduction == nil)",
    ]
    return parts.joined(separator: "\n")
  }

  // MARK: Looking

  private func view() throws -> View {
    var view = View()
    let writer = ValueWriter(.seal, memory, function: place)
    let variables = interpreter.variables.filter { $0.name != "_" && $0.name != "__" }.sorted { $0.name < $1.name }
    for (name, value) in variables {
      do {
        // By itself: another variable that lets go of what both hold is no change of this one.
        let own = ValueWriter(.seal, memory, function: place)
        view.seals[name] = try own.write(name, value)
        if own.hasFunctions { view.withFunctions.insert(name) }
        _ = try writer.write(name, value)
      } catch let error as Unsealable {
        view.seals[name] = nil
        view.open[name] = error.what
      }
      view.identities[name] = Self.identity(of: value)
    }
    view.shares = writer.shares
    memory.keep(only: variables.map(\.value))
    return view
  }

  private static func identity(of value: Value) -> ObjectIdentifier? {
    switch value {
    case .list(let list): ObjectIdentifier(list)
    case .map(let map): ObjectIdentifier(map)
    case .object(let object): ObjectIdentifier(object)
    default: nil
    }
  }

  /// The names that a cell may read: those of its text, and where it reads functions those of all functions of the script.
  private func dependencies(_ cell: Int, _ view: View) -> Set<String> {
    var names = script.cells[cell].names.reads
    if script.cells[cell].names.isOpen { names.formUnion(view.identities.keys) }
    if !names.isDisjoint(with: view.withFunctions) || names.contains(where: { view.open[$0] != nil }) {
      for other in script.cells { names.formUnion(other.names.readsInside) }
    }
    return names
  }

  /// A seal of several variables together and of all that hold something in common with them, which a change of theirs in place
  /// changes too; it tells also what they share. Nil where one can't be sealed.
  private func seal(_ inputs: Set<String>, in view: View) throws -> String? {
    let names = Self.sharing(inputs, view.shares)
    let writer = ValueWriter(.seal, memory, function: place)
    var seals = ""
    for name in names.sorted() {
      guard let value = interpreter.variable(name) else { continue }
      do { seals += "\(name) \(try writer.write(name, value))\n" } catch is Unsealable { return nil }
    }
    return SHA256.digest(of: Array(seals.utf8))
  }

  private func sealedParameters(_ cell: Int) throws -> [String: String]? {
    var seals: [String: String] = [:]
    for name in script.parameterNames(of: cell) {
      let writer = ValueWriter(.seal, memory, function: { _ in nil })
      do { seals[name] = try writer.write(name, parameters[name] ?? .nil) } catch is Unsealable { return nil }
    }
    return seals
  }

  // MARK: Cells

  /// Restores a cell before those that were asked for, without what it showed, or tells why it can't be.
  func putBack(_ cell: Int, _ mark: CellMark) throws {
    switch try tryToRestore(cell, try view(), shows: false) {
    case .restored: tell("\(Self.name(mark)): restored")
    case .not(let reason): tell("\(Self.name(mark)): neither restored nor run (\(reason))")
    }
  }

  /// Whether a cell was restored, or why not.
  private enum Restoration {
    case restored(seconds: Double)
    case not(because: String)
  }

  private func tryToRestore(_ cell: Int, _ before: View, shows: Bool) throws -> Restoration {
    if isFresh { return .not(because: "--fresh") }
    let folder = folder(cell)
    guard let kept = cache.read(folder) else { return .not(because: "nothing is kept of it") }
    if let change = try change(since: kept.cell, cell, inputs(cell, before), before) { return .not(because: change) }
    guard try restore(kept.cell, kept.values, folder, cell, shows: shows) else {
      return .not(because: "what is kept of it can't be read")
    }
    return .restored(seconds: kept.cell.seconds)
  }

  /// The variables that a cell may read and that there are.
  private func inputs(_ cell: Int, _ view: View) -> Set<String> {
    dependencies(cell, view).filter { view.identities[$0] != nil || view.seals[$0] != nil || view.open[$0] != nil }
  }

  /// Does a cell: restores it, or has `body` run it and keeps it.
  func perform(_ cell: Int, _ mark: CellMark, body: () throws -> Void) throws {
    let folder = folder(cell)
    let before = try view()
    let (names, inputs) = (dependencies(cell, before), inputs(cell, before))
    switch try tryToRestore(cell, before, shows: true) {
    case .restored(let seconds):
      return tell("\(Self.name(mark)): restored (took \(ProgressLine.duration(seconds)))")
    case .not(let reason): tell("\(Self.name(mark)): run (\(reason))")
    }
    // What is kept would be wrong if this run ended in the middle of the cell's own changes of files.
    try Safepoint.withoutWatch { try cache.remove(folder) }
    let together = try seal(inputs, in: before)
    let random = environment.randomState
    let trace = CellTrace()
    let counts = environment.past.counts
    let caught = interpreter.caughtFileErrors
    let start = ContinuousClock.now
    var seconds = 0.0
    let after = try environment.tracing(trace) {
      try body()
      seconds = (ContinuousClock.now - start) / .seconds(1)
      // What rows of new data sets are read from, such as pictures, the cell hangs on too.
      return try view()
    }
    let notes = trace.now
    guard let record = environment.log.records.last, let sealed = try sealedParameters(cell), let together else {
      return
    }
    if let obstacle = obstacle(cell, names, record, notes, before, after) {
      return tell("\(Self.name(mark)): not kept (\(obstacle))")
    }
    // What could not be written may be writable the next time.
    if interpreter.caughtFileErrors > caught, !notes.written.isEmpty {
      return tell("\(Self.name(mark)): not kept (it caught an error of files)")
    }
    let changed = changes(before, after)
    let functions = try functions(cell, changed)
    let counted = environment.past.counts
    guard counted.trials == counts.trials else { return tell("\(Self.name(mark)): not kept (trials of a sweep)") }
    var written: [String: String] = [:]
    for path in notes.written {
      guard let digest = FileDigest.of(path) else {
        return tell("\(Self.name(mark)): not kept (\(path) can't be read)")
      }
      written[path] = digest
    }
    // What is put back only because it shares something with a changed variable must be what it was, too.
    let held = changed.filter { before.seals[$0] == after.seals[$0] && before.identities[$0] == after.identities[$0] }
    let kept = KeptCell(
      version: KeptCell.version, program: program, surroundings: surroundings, code: code(cell), line: line(cell),
      parameters: sealed,
      inputs: Dictionary((inputs.union(held)).map { ($0, before.seals[$0] ?? "") }) { _, last in last },
      sharedInputs: together, randomBefore: notes.drawsFirst ? random : nil,
      randomAfter: notes.usesRandom ? environment.randomState : nil, read: notes.read, written: written,
      changed: changed.filter { !functions.contains($0) }, functions: functions,
      trainings: counted.trainings - counts.trainings,
      outputs: record.outputs.map { output in
        switch output {
        case .written(let text): .written(text)
        case .shown(let rendering): .shown(rendering)
        }
      }, seconds: seconds)
    do {
      try cache.write(kept, to: folder) { folder in
        let writer = ValueWriter(.keep(folder: folder), memory, function: { _ in nil })
        for name in kept.changed { if let value = interpreter.variable(name) { _ = try writer.write(name, value) } }
        return writer.bytes
      }
    } catch let error as Unsealable {
      tell("\(Self.name(mark)): not kept (it leaves \(error.what))")
    } catch let error as FormatError {
      environment.warn("\(Self.name(mark)) could not be kept: \(error.description)")
    }
  }

  private static func name(_ mark: CellMark) -> String {
    "cell \(mark.number)" + (mark.title.isEmpty ? "" : " \(Display.quoted(mark.title))")
  }

  private func tell(_ text: String) { environment.notice(text) }

  /// What has changed since a cell was kept; nil for nothing.
  private func change(since kept: KeptCell, _ cell: Int, _ inputs: Set<String>, _ before: View) throws -> String? {
    guard kept.version == KeptCell.version, kept.program == program else { return "the program is another one" }
    guard kept.code == code(cell), kept.line == line(cell) else { return "its code has changed" }
    guard kept.surroundings == surroundings else { return "the options of the session have changed" }
    guard let parameters = try sealedParameters(cell) else { return "a parameter can't be compared" }
    if let name = parameters.keys.sorted().first(where: { parameters[$0] != kept.parameters[$0] }) {
      return "the parameter `\(name)` has changed"
    }
    guard parameters.count == kept.parameters.count else { return "its parameters have changed" }
    if let name = inputs.sorted().first(where: { before.open[$0] != nil }) {
      return "`\(name)` holds \(before.open[name] ?? "")"
    }
    if let name = inputs.union(kept.inputs.keys).sorted().first(where: { before.seals[$0] != kept.inputs[$0] }) {
      return "`\(name)` has changed"
    }
    guard try seal(inputs, in: before) == kept.sharedInputs else { return "what its variables share has changed" }
    if let random = kept.randomBefore, random != environment.randomState { return "the random numbers have changed" }
    // Objects that something unknown may hold can't be made anew.
    if !before.open.isEmpty, kept.changed.contains(where: { before.identities[$0] != nil }) {
      let name = before.open.keys.sorted()[0]
      return "`\(name)` holds \(before.open[name] ?? "")"
    }
    for (path, digest) in (Array(kept.read) + Array(kept.written)).sorted(by: { $0.key < $1.key }) {
      if FileDigest.of(path) != digest { return "\(path) has changed" }
    }
    return nil
  }

  /// Why a cell that has run can't be kept; nil for nothing.
  private func obstacle(
    _ cell: Int, _ names: Set<String>, _ record: CellRecord, _ notes: CellTrace.Notes, _ before: View, _ after: View
  ) -> String? {
    if readsShown { return "the notebook asks for `_`" }
    if let obstacle = notes.obstacle { return "it hangs on \(obstacle)" }
    if record.isCut { return "it shows too much" }
    if let name = names.sorted().first(where: { before.open[$0] != nil }) {
      return "`\(name)` holds \(before.open[name] ?? "")"
    }
    if let name = after.open.keys.sorted().first(where: {
      before.open[$0] == nil || before.identities[$0] != after.identities[$0]
    }) {
      return "`\(name)` holds \(after.open[name] ?? "")"
    }
    let changed = changes(before, after)
    if let gone = before.identities.keys.first(where: { after.seals[$0] == nil && after.open[$0] == nil }) {
      return "`\(gone)` is gone"
    }
    if !after.open.isEmpty, changed.contains(where: { before.identities[$0] != nil }) {
      let name = after.open.keys.sorted()[0]
      return "`\(name)` holds \(after.open[name] ?? "")"
    }
    return nil
  }

  /// The variables that a cell set or changed and those that hold something in common with them, in the order of their names.
  private func changes(_ before: View, _ after: View) -> [String] {
    let changed = after.seals.keys.filter {
      before.seals[$0] != after.seals[$0] || before.identities[$0] != after.identities[$0]
    }
    return Self.sharing(Set(changed), after.shares).sorted()
  }

  /// Some variables with all that hold something in common with one of them, or with one that does.
  private static func sharing(_ names: Set<String>, _ shares: [(String, String)]) -> Set<String> {
    var all = names
    var count = 0
    while count != all.count {
      count = all.count
      for (first, second) in shares where all.contains(first) || all.contains(second) {
        all.formUnion([first, second])
      }
    }
    return all
  }

  /// Those among variables that are functions which the cell defines outside of any block.
  private func functions(_ cell: Int, _ names: [String]) throws -> [String] {
    let defined = script.functions(of: cell)
    return names.filter { name in
      guard case .function(let function)? = interpreter.variable(name), let place = interpreter.place(of: function),
        place.source === script.source
      else { return false }
      return defined.last { $0.name == name }?.span == place.span
    }
  }

  /// Puts back what a cell left and `shows` what it showed; false when what is kept can't be read.
  private func restore(
    _ kept: KeptCell, _ bytes: [UInt8], _ folder: String, _ cell: Int, shows: Bool = true
  ) throws -> Bool {
    var values: [(String, Value)] = []
    do {
      let reader = ValueReader(bytes, folder: folder, environment.layers)
      for name in kept.changed { values.append((name, try reader.read(name))) }
      guard reader.isAtEnd else { return false }
    } catch let error as Stopped { throw error } catch {
      try Safepoint.check()
      return false
    }
    if !kept.functions.isEmpty { try interpreter.define(script, cell: cell) }
    for (name, value) in values { try interpreter.setVariable(name, to: value) }
    if let random = kept.randomAfter { environment.randomState = random }
    environment.past.skip(trainings: kept.trainings)
    for output in kept.outputs where shows {
      switch output {
      case .written(let text): environment.write(text)
      case .shown(let rendering): try environment.show(rendering) { try interpreter.check() }
      }
    }
    return true
  }
}
