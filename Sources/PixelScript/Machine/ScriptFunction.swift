/// A function of a script with the variables it captured, or a command as a value.
@safe public final class ScriptFunction: Referent {
  /// The compiled function, or nil for a command.
  let prototype: Prototype?
  /// The command, or nil for a function of a script.
  let entry: Registry.Entry?
  /// The cells of the captured variables; owned.
  private(set) var captures: UnsafeMutablePointer<Slot>
  private(set) var captureCount: Int
  /// The prototype's header, so that a call counts no references.
  let header: UnsafeMutablePointer<Prototype.Header>?

  /// Creates a function whose captures, all of the prototype's, the caller fills.
  init(_ prototype: Prototype) {
    self.prototype = prototype
    captureCount = prototype.captures.count
    unsafe captures = .allocate(capacity: captureCount)
    unsafe captures.initialize(repeating: .nil, count: captureCount)
    entry = nil
    unsafe header = prototype.header
    super.init(slotCount: 0)
  }

  init(_ entry: Registry.Entry) {
    self.entry = entry
    prototype = nil
    captureCount = 0
    unsafe captures = .allocate(capacity: 0)
    unsafe header = nil
    super.init(slotCount: 0)
  }

  deinit {
    unsafe Teardown.release(captures, count: captureCount)
    unsafe captures.deallocate()
  }

  /// Takes the cell of a captured variable out of a function that ends; nil when none is left.
  func surrender() -> Slot? {
    guard captureCount > 0 else { return nil }
    captureCount -= 1
    return unsafe captures[captureCount]
  }

  /// The name, or nil for an anonymous function.
  public var name: String? { prototype?.name ?? entry?.name }

  /// The names of the parameters in order; of a command those of its first form.
  public var parameterNames: [String] {
    prototype?.parameters.map(\.name) ?? entry?.forms[0].signature.map(\.name) ?? []
  }

  /// The name of the command, or nil for a function of the script.
  public var commandName: String? { entry?.name }
}
