/// A function of a script with the variables it captured, or a command as a value.
public final class ScriptFunction {
  enum Kind {
    case script(Prototype)
    case command(Registry.Entry)
  }

  let kind: Kind
  private(set) var captures: [Cell]

  init(_ prototype: Prototype, captures: [Cell]) {
    kind = .script(prototype)
    self.captures = captures
  }

  init(_ entry: Registry.Entry) {
    kind = .command(entry)
    captures = []
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
  public var name: String? {
    switch kind {
    case .script(let prototype): prototype.name
    case .command(let entry): entry.name
    }
  }

  /// The names of the parameters in order; of a command those of its first form.
  public var parameterNames: [String] {
    switch kind {
    case .script(let prototype): prototype.parameters.map(\.name)
    case .command(let entry): entry.forms[0].signature.map(\.name)
    }
  }

  /// The name of the command, or nil for a function of the script.
  public var commandName: String? { if case .command(let entry) = kind { entry.name } else { nil } }
}
