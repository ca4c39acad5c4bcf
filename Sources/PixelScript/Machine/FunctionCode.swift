/// What a function does, as texts.
package struct FunctionCode: Sendable {
  /// The texts of functions: the first is that of the function itself.
  package fileprivate(set) var texts: [String] = []
  /// The names of variables from outside with their values.
  package fileprivate(set) var values: [(name: String, text: String)] = []
}

/// Reads functions and those that they name.
struct FunctionCodeReader {
  private(set) var code = FunctionCode()
  private var found: [ScriptFunction] = []
  private var seen: Set<ObjectIdentifier> = []
  private static let (mostFunctions, mostElements) = (1000, 1000)

  /// Reads a function, and those that it names behind it: chains of them may be long.
  mutating func read(_ function: ScriptFunction) {
    note(function)
    var next = 0
    while next < found.count, next < Self.mostFunctions {
      readText(of: found[next])
      next += 1
    }
  }

  private mutating func note(_ function: ScriptFunction) {
    if seen.insert(ObjectIdentifier(function)).inserted { found.append(function) }
  }

  private mutating func readText(of function: ScriptFunction) {
    guard let prototype = function.prototype, let span = prototype.definition else {
      return code.texts.append(function.name ?? "")
    }
    let bytes = prototype.source.bytes[Int(span.start)..<Int(span.end)]
    let tokens = Lexer.tokens(of: SourceText(name: "", bytes: Array(bytes))).tokens
    code.texts.append(Self.text(tokens, Array(bytes)))
    for name in Self.names(tokens) {
      if let place = prototype.captureNames.firstIndex(of: name) {
        read(function.capturedValue(place), of: name)
      } else if !prototype.localNames.contains(name), !prototype.module.changedByFunctions.contains(name),
        let value = prototype.module.value(of: name)
      {
        read(value, of: name)
      }
    }
  }

  private mutating func read(_ value: Value, of name: String) {
    if case .function(let function) = value { return note(function) }
    guard !code.values.contains(where: { $0.name == name }) else { return }
    var left = Self.mostElements
    code.values.append((name, Self.isPlain(value, &left) ? Display.echo(of: value, limit: 1 << 16) : value.typeName))
  }

  private static func isPlain(_ value: Value, _ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch value {
    case .nil, .bool, .number, .string, .range: return true
    case .list(let list): return list.count <= left && list.values.allSatisfy { isPlain($0, &left) }
    case .map(let map): return map.count <= left && map.entries.allSatisfy { isPlain($0.value, &left) }
    case .function, .object: return false
    }
  }

  /// The tokens as they are written, a blank between them.
  private static func text(_ tokens: [Token], _ bytes: [UInt8]) -> String {
    var words: [String] = []
    for token in tokens where token.kind != .end {
      let isBreak = token.kind == .newline || token.kind == .sign(.semicolon)
      let word = String(decoding: bytes[Int(token.span.start)..<Int(token.span.end)], as: UTF8.self)
      if !isBreak || words.last != ";" { words.append(isBreak ? ";" : word) }
    }
    return words.joined(separator: " ")
  }

  /// The names that are none of fields, each once, in their order.
  private static func names(_ tokens: [Token]) -> [String] {
    var names: [String] = []
    var last: Token.Kind?
    for token in tokens {
      switch token.kind {
      case .name(let name) where last != .sign(.dot): if !names.contains(name) { names.append(name) }
      case .interpolation(let pieces):
        for case .value(let tokens, _) in pieces { names += Self.names(tokens).filter { !names.contains($0) } }
      default: break
      }
      last = token.kind
    }
    return names
  }
}
