/// The global variables of a script.
///
/// The slots never move: compiled code holds their address. The first half are the variables, by index; cells run with their
/// temporaries in the second half, nested runs above each other.
@safe final class Module {
  static let variableLimit = 32_768
  static let registerLimit = 65_536
  private static let cost = 4096

  let slots: UnsafeMutablePointer<Slot>
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]
  /// The first register that no running cell uses.
  var temporaryTop = Module.variableLimit

  /// The short strings of its code, so that the same name is the same slot wherever it stands.
  private var texts: [ExactText: Slot] = [:]

  /// The names of commands that variables have or had.
  private(set) var shadows: Set<String> = []
  /// The code in it that calls commands.
  private var callers: [ObjectIdentifier: Caller] = [:]

  private struct Caller {
    unowned let code: Prototype
  }

  /// The variables that a function assigns, so that any call may change them.
  var changedByFunctions: Set<String> = []

  /// How often all values were taken away.
  private(set) var clearings = 0

  /// What the code in it is counted against.
  let heap: Heap

  init(_ heap: Heap) {
    self.heap = heap
    unsafe slots = .allocate(capacity: Module.registerLimit)
    heap.add(Module.cost)
  }

  deinit {
    clear()
    for text in texts.values { Teardown.release(text) }
    unsafe slots.deallocate()
    heap.remove(Module.cost)
  }

  /// A constant of the code, which the caller owns.
  func constant(_ value: Value) -> Slot {
    guard case .string(let text) = value, text.utf8.count <= 32 else { return Slot(value) }
    let key = ExactText(text)
    if let known = texts[key] { return known.copied() }
    let made = Slot(value)
    _ = made.with(StringBox.self) { $0.isQuicklyASCII }
    if texts.count < 4096 { texts[key] = made.copied() }
    return made
  }

  /// The index of a variable, which is made when it is new; nil when there are too many.
  func index(of name: String) -> Int? {
    if let index = indices[name] { return index }
    guard names.count < Module.variableLimit else { return nil }
    unsafe (slots + names.count).initialize(to: .undefined)
    indices[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Notes that a variable with a command's name comes up, of which code that calls the command has to know.
  func shadow(_ name: String) {
    guard !shadows.contains(name), let index = index(of: name) else { return }
    shadows.insert(name)
    for caller in callers.values { caller.code.redirect(name, to: index) }
  }

  /// Notes code that calls commands, as long as it is there.
  func add(caller: Prototype) { callers[ObjectIdentifier(caller)] = Caller(code: caller) }

  /// Forgets code that goes.
  func remove(caller: Prototype) { callers[ObjectIdentifier(caller)] = nil }

  /// Takes the youngest names away, from the index `count` on; no code may know them, and none has a value.
  func forgetNames(from count: Int) {
    for name in names[count...] { indices[name] = nil }
    names.removeSubrange(count...)
  }

  /// True when the variable has a value.
  func isDefined(_ index: Int) -> Bool { unsafe slots[index].tag != .undefined }

  /// The names that have a value, in the order in which they came up.
  var definedNames: [String] { names.indices.filter(isDefined).map { names[$0] } }

  /// The value of a variable, or nil.
  func value(of name: String) -> Value? {
    guard let index = indices[name], isDefined(index) else { return nil }
    return unsafe slots[index].value
  }

  /// Sets a variable; the module takes over the slot's reference. Returns false when there are too many variables.
  func set(_ name: String, owning slot: Slot) -> Bool {
    guard let index = index(of: name) else { return false }
    let old = unsafe slots[index]
    unsafe slots[index] = slot
    Teardown.release(old)
    return true
  }

  /// Takes all values away.
  func clear() {
    clearings += 1
    for index in names.indices {
      let old = unsafe slots[index]
      unsafe slots[index] = .undefined
      Teardown.release(old)
    }
  }
}
