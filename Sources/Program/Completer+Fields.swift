import PixelScript

extension Completer {
  /// The fields and the commands that fit the value before the point, which must be made of names.
  func fields(of tokens: ArraySlice<Token>) -> [Completion.Candidate] {
    guard let value = receiver(tokens) else { return [] }
    let commands = registry.entries.filter { entry in
      entry.forms.contains { $0.signature.first?.type == value.typeName }
    }
    return fieldNames(of: value).map { .init($0) } + commands.map { .init($0.name + "(") }
  }

  private func fieldNames(of value: Value) -> [String] {
    switch value {
    case .object(let object): object.fieldNames
    case .map(let map): map.entries.compactMap { if case .string(let name) = $0.key { name } else { nil } }
    default: []
    }
  }

  private func receiver(_ tokens: ArraySlice<Token>) -> Value? {
    guard case .name(let name) = tokens.last?.kind else { return nil }
    let rest = tokens.dropLast()
    guard case .sign(.dot) = rest.last?.kind else { return value(of: name) }
    switch receiver(rest.dropLast()) {
    case .map(let map): return map[name]
    case .object(let object) where object.fieldNames.contains(name): return Self.field(name, of: object)
    default: return nil
    }
  }

  /// A field that can't be computed now completes to nothing.
  private static func field(_ name: String, of object: any ScriptObject) -> Value? {
    do { return try object.field(name) } catch { return nil }
  }
}
