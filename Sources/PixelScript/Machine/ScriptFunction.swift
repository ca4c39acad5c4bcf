/// A function of a script with the variables it captured, or a command as a value.
@safe public final class ScriptFunction: Container {
  /// The compiled function, or nil for a command.
  private(set) var prototype: Prototype?
  /// The command, or nil for a function of a script.
  let entry: Registry.Entry?
  /// The cells of the captured variables; owned.
  private(set) var captures: UnsafeMutablePointer<Slot>
  private(set) var captureCount: Int
  let cost: Int
  /// The prototype's header, so that a call counts no references.
  let header: UnsafeMutablePointer<Prototype.Header>?

  /// Where the captures of a function without any would lie.
  private static var nothing: UnsafeMutablePointer<Slot> {
    unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<Slot>.alignment).unsafelyUnwrapped
  }

  /// The call of a command with so many arguments by position that was prepared last.
  @safe @exclusivity(unchecked) private var lastCall: CommandCall?

  /// The call of a command with so many arguments by position, which the function keeps; nil for a function of a script.
  func commandCall(count: Int) -> CommandCall? {
    guard let entry else { return nil }
    if let lastCall, lastCall.count == count { return lastCall }
    let call = CommandCall(entry, positional: count, labels: [])
    lastCall = call
    return call
  }

  /// Creates a function whose captures, all of the prototype's, the caller fills.
  init(_ prototype: Prototype, heap: Heap) {
    self.prototype = prototype
    captureCount = prototype.captures.count
    cost = 144 + captureCount * MemoryLayout<Slot>.stride
    unsafe captures = captureCount > 0 ? .allocate(capacity: captureCount) : ScriptFunction.nothing
    unsafe captures.initialize(repeating: .nil, count: captureCount)
    entry = nil
    unsafe header = prototype.header
    super.init(heap: heap)
    heap.add(cost)
    if captureCount > 0 { track(as: .function) }
  }

  init(_ entry: Registry.Entry, heap: Heap) {
    self.entry = entry
    prototype = nil
    captureCount = 0
    cost = 144
    unsafe captures = ScriptFunction.nothing
    unsafe header = nil
    super.init(heap: heap)
    heap.add(cost)
  }

  deinit {
    untrack()
    unsafe Teardown.release(captures, count: captureCount)
    if unsafe captures != ScriptFunction.nothing { unsafe captures.deallocate() }
    guard let heap else { return }
    // A frame may run the code of a function that nobody holds any more.
    if isKnownUniquelyReferenced(&prototype), let prototype { heap.keep(prototype) }
    heap.remove(cost)
  }

  /// Takes the cell of a captured variable out of a function that ends; nil when none is left.
  func surrender() -> Slot? {
    guard captureCount > 0 else { return nil }
    captureCount -= 1
    return unsafe captures[captureCount]
  }

  /// The value of a captured variable.
  func capturedValue(_ place: Int) -> Value {
    guard place < captureCount, unsafe captures[place].tag == .cell else { return .nil }
    return unsafe captures[place].with(Cell.self) { $0.slot.value }
  }

  /// The name, or nil for an anonymous function.
  public var name: String? { prototype?.name ?? entry?.name }

  /// The names of the parameters in order; of a command those of its first form.
  public var parameterNames: [String] {
    prototype?.parameters.map(\.name) ?? entry?.forms[0].signature.map(\.name) ?? []
  }

  /// The names of the parameters of a function of the script that must be given; none for a command.
  public var requiredParameterNames: [String] { prototype?.parameters.filter { !$0.hasDefault }.map(\.name) ?? [] }

  /// The name of the command, or nil for a function of the script.
  public var commandName: String? { entry?.name }
}
