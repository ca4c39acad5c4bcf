/// The commands that every host has: those on plain values, which need no files.
public enum Builtins {
  /// The commands as a group of a registry.
  ///
  /// `sum`, `map`, `abs` and others have a form for plain values here; hosts add forms for tensors and data sets.
  public static var values: CommandGroup {
    let kinds: [[Command]] = [
      printing, conversions, formats, containers, additions, removals, mapChanges, sequences, pairings, functional,
      folding,
      reductions, statistics, quantifiers, orderings, sorting, rounding, functions, numberKinds, texts, parts, searches,
      patterns,
      codes, sets, mapsOfPairs, copies, dates,
    ]
    return CommandGroup("Values", kinds.joined().map { $0.countingItsWork() })
  }
}

extension CallContext {
  /// Counts the work of a loop over characters and the like.
  func work() -> Work { Work(machine) }

  /// Adds an element, which it takes over, to a new list, with the budgets watched.
  @inline(__always) func add(_ element: Slot, to list: ScriptList) throws {
    if list.growsLong {
      do { try list.makeRoom(machine.meter) } catch {
        Teardown.release(element)
        throw error
      }
    }
    list.append(owning: element)
    try step()
    if list.count.isMultiple(of: 4096) { try reserve(bytes: list.count * MemoryLayout<Slot>.stride) }
  }

  /// Adds a text to one that is made, with the budgets watched.
  func add(_ text: some StringProtocol, to output: inout String) throws {
    let size = text.utf8.count
    if size <= Machine.bytesAPiece {
      output += text
      return try machine.charge(bytes: size)
    }
    try reserve(bytes: size)
    try forEachPiece(of: text) { output += $0 }
  }

  /// Calls `body` with one piece of a text after the other, cut between code points, with the budgets watched.
  func forEachPiece(of text: some StringProtocol, _ body: (Substring) throws -> Void) throws {
    let text = Substring(text)
    var start = text.startIndex
    while start < text.endIndex {
      let end = text.utf8.index(start, offsetBy: CallContext.piece, limitedBy: text.endIndex) ?? text.endIndex
      // The index of a byte inside a code point means the start of that.
      let piece = text.unicodeScalars[start..<end]
      let part = Substring(piece)
      try body(part)
      try machine.charge(elements: part.utf8.count)
      start = piece.endIndex
    }
  }

  /// The bytes of the pieces of a text.
  private static let piece = 1 << 15

  /// A new list of the elements of a value, with the budgets watched; nobody else can change it meanwhile.
  func copiedList(_ value: Slot, argument: String) throws -> ScriptList {
    if value.tag == .list {
      let list = value.object(ScriptList.self)
      try reserve(bytes: list.count * MemoryLayout<Slot>.stride)
      return try list.part(start: 0, count: list.count, step: 1, machine)
    }
    let machine = self.machine
    var elements = try ElementReader(value, self, argument: argument)
    if value.tag == .range { try reserve(bytes: value.object(ScriptRange.self).count * MemoryLayout<Slot>.stride) }
    let list = newList(capacity: elements.expectedCount)
    while let element = try elements.next(machine) { try add(element, to: list) }
    return list
  }

  /// The elements of a list at some positions.
  func picking(_ positions: [Int], from list: ScriptList) throws -> ScriptList { try list.picking(positions, machine) }

  /// The error that an element has the wrong type.
  func wrongElement(_ element: Value, at place: Int, expected: String, argument: String) -> ScriptError {
    let isRow = if case .map = element { true } else { false }
    return ScriptError(
      .type, "`\(command)` expects \(expected), found \(describe(element)) at position \(place)",
      help: isRow ? "the rows of a table are maps; a column of it is `t.loss`" : nil, argument: argument)
  }
}
