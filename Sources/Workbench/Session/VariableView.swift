import PixelScript
import Tensors

/// What the variables of a session hold at a moment, as far as it tells which of them another value was given or changed in place.
struct VariableView {
  /// What a variable holds: a plain value, or an object by what it is.
  private enum Held {
    case plain(Value)
    case object(ObjectIdentifier)
  }

  /// The most values that are looked at.
  private static let most = 20_000

  private var held: [String: Held] = [:]
  /// The lists, maps and objects of each variable, those in them included, and the parameters of models and optimizers.
  private var parts: [String: Set<ObjectIdentifier>] = [:]
  /// Whether all values were looked at.
  private var isWhole = true

  init(_ interpreter: Interpreter) {
    var left = Self.most
    for (name, value) in interpreter.variables where name != CellRunner.echoed.last && name != CellRunner.echoed.before
    {
      held[name] = Self.identity(of: value).map { .object($0) } ?? .plain(value)
      if case .function = value { continue }
      var found: Set<ObjectIdentifier> = []
      Self.collect(value, &found, &left)
      if !found.isEmpty { parts[name] = found }
    }
    isWhole = left > 0
  }

  private static func identity(of value: Value) -> ObjectIdentifier? {
    switch value {
    case .list(let list): ObjectIdentifier(list)
    case .map(let map): ObjectIdentifier(map)
    case .function(let function): ObjectIdentifier(function)
    case .object(let object): ObjectIdentifier(object)
    case .nil, .bool, .number, .string, .range: nil
    }
  }

  private static func collect(_ value: Value, _ found: inout Set<ObjectIdentifier>, _ left: inout Int) {
    var pending = [value]
    while let value = pending.popLast() {
      guard left > 0 else { return }
      left -= 1
      guard let identity = identity(of: value), found.insert(identity).inserted else { continue }
      switch value {
      case .list(let list): pending += list.values.prefix(left)
      case .map(let map): pending += map.entries.prefix(left).map(\.value)
      case .object(let object as any Trainable): found.formUnion(object.parameters.map { ObjectIdentifier($0) })
      case .object(let object as TensorObject):
        if let parameter = object.parameter { found.insert(ObjectIdentifier(parameter)) }
      default: break
      }
    }
  }

  /// Whether a variable holds what may change in place.
  func isChangeable(_ name: String) -> Bool { parts[name] != nil }

  /// The variables that hold something else than before.
  func given(since before: VariableView) -> Set<String> {
    Set(
      held.keys.filter { name in
        switch (before.held[name], held[name]) {
        case (.plain(let old)?, .plain(let new)?): !old.isSame(as: new)
        case (.object(let old)?, .object(let new)?): old != new
        default: true
        }
      })
  }

  /// Some variables with all that hold something in common with one of them; where not all could be looked at, with all that may.
  func sharing(_ names: Set<String>) -> Set<String> {
    let all = names.reduce(into: Set<ObjectIdentifier>()) { $0.formUnion(parts[$1] ?? []) }
    guard !all.isEmpty else { return names }
    return names.union(parts.filter { !isWhole || !$0.value.isDisjoint(with: all) }.keys)
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
