import Foundation
import PixelScript

/// Completes what is typed at the prompt from the commands, the variables and the files there are.
struct Completer {
  /// The commands.
  let registry: Registry
  /// The variables with their values.
  let variables: [(name: String, value: Value)]

  /// Returns what can stand at the cursor of `line`, which follows the lines of `block`; nil when nothing is known.
  func completion(of line: String, cursor: Int, after block: String = "") -> Completion? {
    let before = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
    let tokens = Lexer.tokens(of: SourceText(name: "", block + before)).tokens.dropLast()
    let end = block.utf8.count + before.utf8.count
    if let last = tokens.last, Int(last.span.end) == end {
      if let opening = Self.unclosedString(last, in: block + before) {
        let typed = String(decoding: Array((block + before).utf8.dropFirst(opening)), as: UTF8.self)
        return inString(typed, start: opening - block.utf8.count, after: Array(tokens.dropLast()))
      }
      switch last.kind {
      case .name, .keyword:
        let start = Int(last.span.start) - block.utf8.count
        let typed = String(decoding: Array(before.utf8.dropFirst(start)), as: UTF8.self)
        return inCode(typed, start: start, after: Array(tokens.dropLast()))
      default: break
      }
    }
    // A tab at the start of a line is there to indent it.
    guard before.contains(where: { $0 != " " }) else { return Completion(start: 0, candidates: [.init(before + "  ")]) }
    return inCode("", start: before.utf8.count, after: Array(tokens))
  }

  /// The byte after the opening quote of a string that has no closing one.
  private static func unclosedString(_ token: Token, in text: String) -> Int? {
    switch token.kind {
    case .string, .interpolation: break
    default: return nil
    }
    let bytes = Array(text.utf8)[token.span.range]
    guard let quote = bytes.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) else {
      return nil
    }
    let isClosed = bytes.count - (quote - bytes.startIndex) > 1 && bytes.last == bytes[quote]
    return isClosed ? nil : quote + 1
  }

  // MARK: Code

  private func inCode(_ typed: String, start: Int, after tokens: [Token]) -> Completion? {
    if case .sign(.dot) = tokens.last?.kind {
      return matching(typed, start, fields(of: tokens.dropLast()))
    }
    let call = CallScanner.openCall(after: tokens, isCallable: isCallable)
    if let call, call.label != nil, let choices = values(for: call), !choices.isEmpty, endsWithColon(tokens) {
      return matching(typed, start, choices)
    }
    var candidates: [Completion.Candidate] = []
    if let call, call.isAtArgument, call.label == nil {
      candidates = labels(of: call)
      let found = matching(typed, start, candidates)
      if let found, !found.candidates.isEmpty, typed.isEmpty || variables.allSatisfy({ !$0.name.hasPrefix(typed) }) {
        return found
      }
    }
    guard !typed.isEmpty else {
      return matching(typed, start, variables.map { .init($0.name, detail: summary($0.value)) })
    }
    let names = variables.map(\.name) + registry.names + Keyword.allCases.map(\.rawValue)
    candidates += names.sorted().map { .init($0) }
    return matching(typed, start, candidates)
  }

  private func endsWithColon(_ tokens: [Token]) -> Bool { tokens.last?.kind == .sign(.colon) }

  private func isCallable(_ name: String) -> Bool {
    if registry[name] != nil { return true }
    return if case .function = value(of: name) { true } else { false }
  }

  private func value(of name: String) -> Value? { variables.first { $0.name == name }?.value }

  private func summary(_ value: Value) -> String {
    let text = value.echo.prefix { !$0.isNewline }
    return "\(value.typeName)  \(text.prefix(60))"
  }

  private func matching(_ typed: String, _ start: Int, _ candidates: [Completion.Candidate]) -> Completion? {
    var seen: Set<String> = []
    let found = candidates.filter { $0.text.hasPrefix(typed) && seen.insert($0.text).inserted }
    return found.isEmpty ? nil : Completion(start: start, candidates: found)
  }

  // MARK: Arguments

  /// The labels that the call does not have yet, with what they mean.
  private func labels(of call: CallScanner.Call) -> [Completion.Candidate] {
    guard registry[call.name] != nil else {
      guard case .function(let function) = value(of: call.name) else { return [] }
      return function.parameterNames.filter { !call.labels.contains($0) }.map { .init("\($0): ") }
    }
    let signatures = (registry[call.name]?.forms ?? []).flatMap(\.signature)
    return registry.labels(of: call.name).filter { !call.labels.contains($0) }.compactMap { label in
      guard let signature = signatures.first(where: { $0.name == label }) else { return nil }
      guard signature.byName || signature.isOptional else { return nil }
      let fallback = signature.fallback.map { " (\($0))" } ?? ""
      return .init("\(label): ", detail: signature.summary + fallback)
    }
  }

  /// The signature of the argument that is being written.
  private func signature(for call: CallScanner.Call) -> Signature? {
    let forms = registry[call.name]?.forms ?? []
    if let label = call.label {
      return forms.flatMap(\.signature).first { $0.name == label }
    }
    let positional = forms.first?.signature.filter { !$0.byName } ?? []
    return call.positions < positional.count ? positional[call.positions] : nil
  }

  private func values(for call: CallScanner.Call) -> [Completion.Candidate]? {
    guard let signature = signature(for: call) else { return nil }
    if signature.type == Bool.scriptName { return [.init("true"), .init("false")] }
    return signature.choices.map { .init(Display.quoted($0)) }
  }

  // MARK: Fields

  /// The fields and the commands that fit the value before the point, which must be made of names.
  private func fields(of tokens: ArraySlice<Token>) -> [Completion.Candidate] {
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

  // MARK: Strings

  private func inString(_ typed: String, start: Int, after tokens: [Token]) -> Completion? {
    let call = CallScanner.openCall(after: tokens, isCallable: isCallable)
    if let choices = call.flatMap({ signature(for: $0) })?.choices, !choices.isEmpty {
      return matching(typed, start, choices.map { .init($0 + "\"", label: $0) })
    }
    return matching(typed, start, Self.paths(startingWith: typed))
  }

  /// The files and folders whose path starts with what was typed.
  static func paths(startingWith typed: String) -> [Completion.Candidate] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let name = typed.dropFirst(folder.count)
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
    } catch {
      return []
    }
    return names.filter { $0.hasPrefix(name) && ($0.hasPrefix(".") ? name.hasPrefix(".") : true) }.sorted().map {
      name in
      let isFolder = URL(fileURLWithPath: folder + name).hasDirectoryPath
      return .init(folder + name + (isFolder ? "/" : "\""), label: name + (isFolder ? "/" : ""))
    }
  }
}
