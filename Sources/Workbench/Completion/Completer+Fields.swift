import PixelScript

extension Completer {
  /// The fields and the commands that fit the value before the point.
  func fields(of tokens: ArraySlice<Token>) -> [Completion.Candidate] {
    guard let value = self.value(at: tokens) else { return [] }
    let fields = fieldNames(of: value).filter(Self.isName)
    let commands = registry.entries.filter { entry in
      entry.forms.contains { $0.signature.first?.type == value.typeName } && !fields.contains(entry.name)
    }
    return fields.map { .init($0) } + commands.map { .init($0.name + "(") }
  }

  /// What a string in brackets after these tokens may be: the keys of a map, the columns of a table or data set.
  func keys(of tokens: ArraySlice<Token>) -> [String] {
    self.value(at: tokens).map(keys) ?? []
  }

  /// The columns of the value that is the first argument of a call.
  func columns(in call: CallScanner.Call, _ tokens: [Token]) -> [String] {
    var value: Value?
    if call.place > 1, case .sign(.dot) = tokens[call.place - 1].kind {
      value = self.value(at: tokens[..<(call.place - 1)])
    } else {
      var rest = tokens[(call.place + 1)...]
      if case .sign(.leftParenthesis) = rest.first?.kind { rest.removeFirst() }
      value = self.value(at: rest.prefix { $0.kind != .sign(.comma) })
    }
    return value.map(keys) ?? []
  }

  private func keys(_ value: Value) -> [String] {
    guard case .object(let object) = value else { return fieldNames(of: value) }
    guard case .list(let names) = Self.field("columns", of: object) else { return [] }
    return names.values.compactMap { String.convert($0) }
  }

  private func fieldNames(of value: Value) -> [String] {
    switch value {
    case .object(let object): object.fieldNames
    case .map(let map): map.entries.compactMap { if case .string(let name) = $0.key { name } else { nil } }
    default: []
    }
  }

  private static func isName(_ text: String) -> Bool {
    let tokens = Lexer.tokens(of: SourceText(name: "", text)).tokens
    return if case .name(text) = tokens.first?.kind { tokens.count == 2 } else { false }
  }

  /// The value of the names, points and indices at the end of `tokens`; nothing is called to find it.
  private func value(at tokens: ArraySlice<Token>) -> Value? {
    let rest = tokens.dropLast()
    switch tokens.last?.kind {
    case .string(let text): return .string(text)
    case .sign(.rightBracket): return element(tokens)
    case .name(let name):
      guard case .sign(.dot) = rest.last?.kind else { return value(of: name) }
      switch value(at: rest.dropLast()) {
      case .map(let map): return map[name]
      case .object(let object) where object.fieldNames.contains(name): return Self.field(name, of: object)
      default: return nil
      }
    default: return nil
    }
  }

  /// The value of `x[0]`, `x[-1]` or `x["key"]`.
  private func element(_ tokens: ArraySlice<Token>) -> Value? {
    var rest = tokens.dropLast()
    guard let index = rest.popLast() else { return nil }
    let isNegative = rest.last?.kind == .sign(.minus)
    if isNegative { rest.removeLast() }
    guard case .sign(.leftBracket) = rest.popLast()?.kind, let value = value(at: rest) else { return nil }
    switch (index.kind, value) {
    case (.string(let key), .map(let map)): return map[key]
    case (.string(let key), .object(let object)): return Self.element(.key(key), of: object)
    case (.number(let number), _):
      guard let place = Int(exactly: isNegative ? -number : number) else { return nil }
      return Self.element(place, of: value)
    default: return nil
    }
  }

  private static func element(_ place: Int, of value: Value) -> Value? {
    switch value {
    case .list(let list):
      let place = place < 0 ? place + list.count : place
      return list.values.indices.contains(place) ? list[place] : nil
    case .object(let object): return element(.position(place), of: object)
    default: return nil
    }
  }

  /// A field that can't be computed now completes to nothing.
  private static func field(_ name: String, of object: any ScriptObject) -> Value? {
    do { return try object.field(name) } catch { return nil }
  }

  /// An element that is not there completes to nothing.
  private static func element(_ index: Index, of object: any ScriptObject) -> Value? {
    do { return try object.element(at: [index]) } catch { return nil }
  }
}
