import PixelScript

/// Completes what is typed at the prompt from the commands, the variables and the files there are.
package struct Completer {
  /// The commands.
  let registry: Registry
  /// The names of the variables.
  let names: [String]
  /// Gives the value of a variable: of many names only those are looked at that matter.
  let value: (String) -> Value?

  package init(registry: Registry, names: [String], value: @escaping (String) -> Value?) {
    (self.registry, self.names, self.value) = (registry, names, value)
  }

  /// The variables with their values.
  var variables: [(name: String, value: Value)] { names.compactMap { name in value(name).map { (name, $0) } } }

  /// Returns what can stand at the cursor of `line`, which follows the lines of `block`; nil when nothing is known.
  package func completion(of line: String, cursor: Int, after block: String = "") -> Completion? {
    let before = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
    let tokens = Lexer.tokens(of: SourceText(name: "", block + before)).tokens.dropLast()
    let end = block.utf8.count + before.utf8.count
    if let last = tokens.last, Int(last.span.end) == end {
      if let string = UnclosedString(last, in: block + before) {
        if let place = string.expressionStart { return inExpression(before, from: place - block.utf8.count) }
        return inString(string, start: string.start - block.utf8.count, after: Array(tokens.dropLast()))
      }
      switch last.kind {
      case .name, .keyword:
        let start = Int(last.span.start) - block.utf8.count
        let typed = String(decoding: Array(before.utf8.dropFirst(start)), as: UTF8.self)
        return inCode(typed, start: start, after: Array(tokens.dropLast()))
      default: break
      }
    }
    let gap = Array((block + before).utf8.dropFirst(tokens.last.map { Int($0.span.end) } ?? 0))
    if gap.contains(UInt8(ascii: "#")) { return nil }
    // A tab at the start of a line is there to indent it.
    guard before.contains(where: { $0 != " " }) else { return Completion(start: 0, candidates: [.init(before + "  ")]) }
    return inCode("", start: before.utf8.count, after: Array(tokens))
  }

  /// An expression in a string with values is completed as if it stood alone.
  private func inExpression(_ before: String, from start: Int) -> Completion? {
    guard start >= 0 else { return nil }
    let inner = String(decoding: Array(before.utf8.dropFirst(start)), as: UTF8.self)
    guard !inner.isEmpty, let found = completion(of: inner, cursor: inner.utf8.count) else { return nil }
    return Completion(start: start + found.start, candidates: found.candidates)
  }

  private func inCode(_ typed: String, start: Int, after tokens: [Token]) -> Completion? {
    if case .sign(.dot) = tokens.last?.kind { return matching(typed, start, fields(of: tokens.dropLast())) }
    if case .sign(.question) = tokens.last?.kind { return matching(typed, start, subjects) }
    let call = CallScanner.openCall(after: tokens, isCallable: isCallable)
    if let call, call.label != nil, let choices = values(for: call), !choices.isEmpty, endsWithColon(tokens) {
      return matching(typed, start, choices)
    }
    var candidates: [Completion.Candidate] = []
    if let call, call.isAtArgument {
      if signature(for: call)?.completion == .command { return matching(typed, start, subjects) }
      if call.label == nil { candidates = labels(of: call) }
      if typed.isEmpty, let found = matching(typed, start, fittingVariables(for: call)) { return found }
      if let found = matching(typed, start, candidates),
        typed.isEmpty || names.allSatisfy({ !$0.utf8.starts(with: typed.utf8) })
      {
        return found
      }
    }
    guard !typed.isEmpty else {
      return matching(typed, start, variables.map { .init($0.name, detail: summary($0.value)) })
    }
    let groups = [names, registry.names, Constant.all.map(\.name), Keyword.allCases.map(\.rawValue)]
    candidates += groups.flatMap { $0.filter { $0.utf8.starts(with: typed.utf8) } }.sorted().map { .init($0) }
    return matching(typed, start, candidates)
  }

  /// What `help` tells about: the commands, the functions of the session and the topics.
  private var subjects: [Completion.Candidate] {
    let functions = variables.filter { if case .function = $0.value { true } else { false } }
    let topics = Guide.shared.topics.flatMap { [$0.name] + $0.words }
    return (functions.map(\.name) + registry.names + topics).sorted().map { .init($0) }
  }

  func endsWithColon(_ tokens: [Token]) -> Bool { tokens.last?.kind == .sign(.colon) }

  func isCallable(_ name: String) -> Bool {
    if registry[name] != nil { return true }
    return if case .function = value(of: name) { true } else { false }
  }

  func value(of name: String) -> Value? { value(name) }

  func summary(_ value: Value) -> String {
    "\(value.typeName)  \(ValueView.short(value, width: 60, unicode: true))"
  }

  func matching(_ typed: String, _ start: Int, _ candidates: [Completion.Candidate]) -> Completion? {
    var seen: Set<String> = []
    let found = candidates.filter { $0.text.utf8.starts(with: typed.utf8) && seen.insert($0.text).inserted }
    return found.isEmpty ? nil : Completion(start: start, candidates: found)
  }
}
