import PixelScript
import Tensors

/// What the variables of a session hold at a moment, as far as it tells which of them another value was given or changed in place.
struct VariableView {
  /// What a variable holds: a plain value, or an object by what it is.
  private enum Held {
    case plain(Value)
    case object(ObjectIdentifier)
  }

  /// The most lists, maps and objects that are looked at; numbers and texts in them take no time.
  private static let most = 100_000

  private var held: [String: Held] = [:]
  /// The lists, maps and objects of each variable, those in them and in what functions took along included, and the parameters of models
  /// and optimizers.
  private var parts: [String: Set<ObjectIdentifier>] = [:]
  /// What functions of a variable took along from where they were made or imported, in the order in which it is met.
  private var taken: [String: [Held]] = [:]
  /// The variables that functions of a variable name.
  private var named: [String: Set<String>] = [:]
  /// The variables that hold functions or commands.
  private var withFunctions: Set<String> = []
  /// The variables of which not all could be looked at: they count as holding functions that reach everything.
  private var cut: Set<String> = []

  init(_ interpreter: Interpreter) {
    var left = Self.most
    for (name, value) in interpreter.variables where name != CellRunner.echoed.last && name != CellRunner.echoed.before
    {
      held[name] = Self.held(value)
      collect(value, of: name, interpreter, &left)
    }
  }

  private static func held(_ value: Value) -> Held { identity(of: value).map { .object($0) } ?? .plain(value) }

  private static func identity(of value: Value) -> ObjectIdentifier? {
    switch value {
    case .list(let list): ObjectIdentifier(list)
    case .map(let map): ObjectIdentifier(map)
    case .function(let function): ObjectIdentifier(function)
    case .object(let object): ObjectIdentifier(object)
    case .nil, .bool, .number, .string, .range: nil
    }
  }

  /// Walks all that a variable holds, and what functions among it reach.
  private mutating func collect(_ value: Value, of name: String, _ interpreter: Interpreter, _ left: inout Int) {
    var (pending, found, functions) = ([value], Set<ObjectIdentifier>(), Set<ObjectIdentifier>())
    while let value = pending.popLast() {
      guard let identity = Self.identity(of: value) else { continue }
      guard left > 0 else {
        cut.insert(name)
        break
      }
      left -= 1
      if case .function(let function) = value {
        guard functions.insert(identity).inserted else { continue }
        withFunctions.insert(name)
        let around = interpreter.surroundings(of: function)
        if !around.names.isEmpty { named[name, default: []].formUnion(around.names) }
        if !around.values.isEmpty { taken[name, default: []] += around.values.map(Self.held) }
        pending += around.values
        continue
      }
      guard found.insert(identity).inserted else { continue }
      switch value {
      case .list(let list): pending += list.containers
      case .map(let map):
        pending += map.containers
        if let missing = map.missing { pending.append(missing) }
      case .object(let object):
        object.forEachHeldValue { pending.append($0) }
        switch object {
        case let object as any Trainable: found.formUnion(object.parameters.map { ObjectIdentifier($0) })
        case let object as TensorObject:
          if let parameter = object.parameter { found.insert(ObjectIdentifier(parameter)) }
        case let object as NamedValues: pending += object.entries.map(\.value)
        case let object as TableObject:
          for case .values(let values) in object.table.columns { pending += values.prefix(left) }
        default: break
        }
      default: break
      }
    }
    if !found.isEmpty { parts[name] = found }
  }

  /// Whether a variable holds what may change in place, or functions that do.
  func isChangeable(_ name: String) -> Bool { parts[name] != nil || cut.contains(name) }

  /// Whether a variable holds a function or a command, also in a list, a map or a layer.
  func holdsFunctions(_ name: String) -> Bool { withFunctions.contains(name) || cut.contains(name) }

  /// Whether a variable was there.
  func has(_ name: String) -> Bool { held[name] != nil }

  /// Whether functions of a variable took something along, which they may change.
  func takesAlong(_ name: String) -> Bool { taken[name] != nil || cut.contains(name) }

  /// The variables that functions of a variable name.
  func named(by name: String) -> Set<String> { cut.contains(name) ? Set(held.keys) : named[name] ?? [] }

  /// The variables that hold something else than before.
  func given(since before: VariableView) -> Set<String> {
    Set(
      held.keys.filter { name in
        guard let old = before.held[name], let new = held[name], Self.isSame(old, new) else { return true }
        // What functions took along is changed by calls of them alone.
        let (own, others) = (taken[name] ?? [], before.taken[name] ?? [])
        return own.count != others.count || !zip(own, others).allSatisfy(Self.isSame)
      })
  }

  private static func isSame(_ old: Held, _ new: Held) -> Bool {
    switch (old, new) {
    case (.plain(let old), .plain(let new)): old.isSame(as: new)
    case (.object(let old), .object(let new)): old == new
    default: false
    }
  }

  /// Some variables with all that hold something in common with one of them; where not all could be looked at, with all that may.
  func sharing(_ names: Set<String>) -> Set<String> {
    if !cut.isDisjoint(with: names) { return names.union(cut).union(parts.keys) }
    let all = names.reduce(into: Set<ObjectIdentifier>()) { $0.formUnion(parts[$1] ?? []) }
    guard !all.isEmpty else { return names }
    return names.union(cut).union(parts.filter { !$0.value.isDisjoint(with: all) }.keys)
  }
}

extension Value {
  /// Whether a plain value is the same as another one.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.nil, .nil): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b || a.isNaN && b.isNaN
    case (.string(let a), .string(let b)): a == b
    case (.range(let a), .range(let b)): Display.echo(of: .range(a)) == Display.echo(of: .range(b))
    default: false
    }
  }
}
