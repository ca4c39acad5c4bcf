/// A function of a script with the variables it captured, or a command as a value.
@safe public final class ScriptFunction {
  /// The compiled function, or nil for a command.
  let prototype: Prototype?
  /// The command, or nil for a function of a script.
  let entry: Registry.Entry?
  var captures: [Cell]
  /// The prototype's header, so that a call counts no references.
  let header: UnsafeMutablePointer<Prototype.Header>?

  init(_ prototype: Prototype, captures: [Cell]) {
    self.prototype = prototype
    self.captures = captures
    entry = nil
    unsafe header = prototype.header
  }

  init(_ entry: Registry.Entry) {
    self.entry = entry
    prototype = nil
    captures = []
    unsafe header = nil
  }

  deinit {
    guard !captures.isEmpty else { return }
    var pending: [Slot] = []
    surrender(to: &pending)
    for slot in pending { Teardown.release(slot) }
  }

  /// Moves the captured variables out.
  func surrender(to pending: inout [Slot]) {
    for cell in captures { pending.append(Slot(.cell, owning: cell)) }
    captures = []
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
