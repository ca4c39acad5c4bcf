/// The commands that every host has: those on plain values, which need no files.
public enum Builtins {
  /// The commands as a group of a registry.
  ///
  /// `sum`, `map`, `abs` and others have a form for plain values here; hosts add forms for tensors and data sets.
  public static var values: CommandGroup {
    let kinds: [[Command]] = [
      printing, conversions, formats, containers, additions, removals, mapChanges, sequences, pairings, functional,
      folding,
      reductions, quantifiers, orderings, sorting, rounding, functions, texts, parts, searches,
    ]
    return CommandGroup("Values", Array(kinds.joined()))
  }
}

extension CallContext {
  private var machine: Machine { interpreter.machine }

  /// Counts the work of a loop over characters and the like.
  func work() -> Work { Work(machine) }

  /// Counts an element that a loop goes through.
  @inline(__always) func step() throws { try machine.poll(steps: 1) }

  /// A new list, what it holds counted.
  func newList(capacity: Int = 0) -> ScriptList { ScriptList(capacity: capacity, meter: machine.meter) }

  /// Adds an element to a new list, with the budgets watched.
  func add(_ value: Value, to list: ScriptList) throws {
    try step()
    if list.count.isMultiple(of: 4096) { try reserve(bytes: list.count * MemoryLayout<Slot>.stride) }
    list.append(value)
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
  func copiedList(_ value: Value, argument: String) throws -> ScriptList {
    if case .list(let list) = value {
      try reserve(bytes: list.count * MemoryLayout<Slot>.stride)
      return try list.part(start: 0, count: list.count, step: 1, machine)
    }
    let next = try elements(of: value, argument: argument)
    let list = newList()
    if case .range(let range) = value { try reserve(bytes: range.count * MemoryLayout<Slot>.stride) }
    while let element = try next() { try add(element, to: list) }
    return list
  }

  /// True when two values are the same as a whole.
  func areEqual(_ left: Value, _ right: Value) throws -> Bool { try machine.areEqual(left, right) }

  /// The elements of a list at some positions.
  func picking(_ positions: [Int], from list: ScriptList) throws -> ScriptList { try list.picking(positions, machine) }

  /// The elements of a list as numbers, or nil when one is none.
  func numbers(of list: ScriptList) throws -> [Double]? { try list.numbers(machine) }

  /// The error that an element has the wrong type.
  func wrongElement(_ element: Value, expected: String, argument: String) -> ScriptError {
    ScriptError(.type, "`\(command)` expects \(expected), found \(describe(element))", argument: argument)
  }
}
