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
  /// The elements of a value with elements, with the budgets watched.
  func collected(_ value: Value, argument: String) throws -> [Value] {
    let next = try elements(of: value, argument: argument)
    if case .range(let range) = value { try reserve(bytes: range.count * MemoryLayout<Value>.stride) }
    var result: [Value] = []
    while let element = try next() {
      try grow(result.count)
      result.append(element)
    }
    return result
  }

  /// A new list of the elements of a value, with the budgets watched; nobody else can change it meanwhile.
  func copiedList(_ value: Value, argument: String) throws -> ScriptList {
    if case .list(let list) = value {
      try reserve(bytes: list.count * MemoryLayout<Slot>.stride)
      return list.part(start: 0, count: list.count, step: 1)
    }
    let next = try elements(of: value, argument: argument)
    if case .range(let range) = value { try reserve(bytes: range.count * MemoryLayout<Slot>.stride) }
    let result = newList()
    while let element = try next() {
      try grow(result.count)
      result.append(element)
    }
    return result
  }

  /// A new list that counts against the budget from the start, with all that is put into it: for commands that make many values.
  func newList(capacity: Int = 0) -> ScriptList { ScriptList(capacity: capacity, meter: interpreter.machine.meter) }

  /// To be called before the element at `position` is added to a new list: watches the budgets.
  func grow(_ position: Int) throws {
    try poll()
    if position.isMultiple(of: 4096) { try reserve(bytes: 2 * position * MemoryLayout<Value>.stride) }
  }

  /// The error that an element has the wrong type.
  func wrongElement(_ element: Value, expected: String, argument: String) -> ScriptError {
    ScriptError(.type, "`\(command)` expects \(expected), found \(describe(element))", argument: argument)
  }
}
