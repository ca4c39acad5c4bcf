import PixelScript

/// The call of a command in its own example, taken apart so that any of its arguments can be another.
struct CommandCall {
  private let example: String
  private let command: Command
  /// The bytes of the call in the example.
  private let place: Range<Int>
  /// The texts of the arguments by position, a receiver among them, and by name.
  private let positional: [String]
  private let named: [(name: String, text: String)]

  /// Finds the first call of a command in its example; nil when there is none, as where the name alone is a call.
  init?(_ command: Command) throws {
    let source = SourceText(name: "example", command.example)
    var finder = CallFinder(name: command.name)
    for statement in try Script.parse(source).statements { finder.look(at: statement) }
    guard let (call, span) = finder.found else { return nil }
    (example, self.command, place) = (command.example, command, span.range)
    var texts = call.arguments.map { source.text($0.span) }
    if case .field(let receiver, _) = call.callee.kind { texts.insert(source.text(receiver.span), at: 0) }
    positional = texts
    named = call.named.map { ($0.name.text, source.text($0.value.span)) }
  }

  /// The example with `value` as the argument of the parameter at an index, given by position and given by name where both can be.
  func texts(parameter index: Int, value: String) -> [String] {
    let parameter = command.signature[index]
    let others = named.filter { $0.name != parameter.name }.map { "\($0.name): \($0.text)" }
    switch parameter.gathering {
    case .positional:
      return [text(Array(positional.prefix(index)) + [value] + others), text(positional + [value] + others)]
    case .named: return [text(positional + others + ["extreme_name: \(value)"])]
    case .one: break
    }
    var texts: [String] = []
    if !parameter.byName, index <= positional.count {
      var arguments = positional
      arguments.replaceSubrange(index..<min(index + 1, positional.count), with: [value])
      texts.append(text(arguments + others))
    }
    // What stands behind it by position is then given by name too; what gathers all that is left cannot be.
    let rest = zip(command.signature.dropFirst(index + 1), positional.dropFirst(index + 1))
    if index < positional.count, rest.contains(where: { $0.0.gathering != .one }) { return texts }
    let moved = rest.map { "\($0.0.name): \($0.1)" }
    return texts + [text(Array(positional.prefix(index)) + moved + others + ["\(parameter.name): \(value)"])]
  }

  private func text(_ arguments: [String]) -> String {
    var bytes = Array(example.utf8)
    bytes.replaceSubrange(place, with: Array("\(command.name)(\(arguments.joined(separator: ", ")))".utf8))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Looks for the first call of a command in a syntax tree.
private struct CallFinder {
  let name: String
  private(set) var found: (call: Call, span: Span)?

  init(name: String) { self.name = name }

  mutating func look(at block: Block) { for statement in block.statements { look(at: statement) } }

  mutating func look(at statement: Statement) {
    switch statement.kind {
    case .expression(let value), .raise(let value): look(at: value)
    case .assignment(_, let values), .returnValues(let values): for value in values { look(at: value) }
    case .augmentedAssignment(_, _, let value): look(at: value)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        look(at: branch.condition)
        look(at: branch.body)
      }
      if let otherwise { look(at: otherwise) }
    case .whileLoop(let value, let body), .forLoop(_, let value, let body):
      look(at: value)
      look(at: body)
    case .tryCatch(let body, _, let handler):
      look(at: body)
      look(at: handler)
    case .assertion(let condition, let message):
      look(at: condition)
      if let message { look(at: message) }
    case .function(let definition): look(at: definition)
    case .breakLoop, .continueLoop, .importScript, .parameter, .help, .outer: break
    }
  }

  private mutating func look(at definition: FunctionDefinition) {
    switch definition.body {
    case .expression(let value): look(at: value)
    case .block(let block): look(at: block)
    }
  }

  private mutating func look(at expression: Expression) {
    guard found == nil else { return }
    switch expression.kind {
    case .nil, .bool, .number, .string, .name: break
    case .interpolation(let parts): for case .value(let value, _) in parts { look(at: value) }
    case .list(let values): for value in values { look(at: value) }
    case .map(let entries): for entry in entries { look(at: entry.value) }
    case .comprehension(let built): for part in built.parts { look(at: part) }
    case .unary(_, let value), .field(let value, _), .index(let value, _): look(at: value)
    case .binary(_, let left, let right), .logical(_, let left, let right):
      look(at: left)
      look(at: right)
    case .comparison(let first, let links):
      look(at: first)
      for link in links { look(at: link.right) }
    case .conditional(let condition, let value, let otherwise):
      for part in [condition, value, otherwise] { look(at: part) }
    case .call(let call): look(at: call, expression.span)
    case .function(let definition): look(at: definition)
    }
  }

  private mutating func look(at call: Call, _ span: Span) {
    switch call.callee.kind {
    case .name(name): found = (call, span)
    case .field(_, let field) where field.text == name: found = (call, span)
    default: look(at: call.callee)
    }
    for value in call.arguments + call.named.map(\.value) { look(at: value) }
  }
}
