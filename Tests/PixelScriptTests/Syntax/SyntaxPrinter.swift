import PixelScript

/// Prints a tree in brackets, so that a test can show it in a line.
enum SyntaxPrinter {
  private static let forms: [Call.Form: String] = [.parentheses: "call", .command: "do", .signed: "signed"]

  static func text(_ source: String) throws -> String {
    try Script.parse(SourceText(name: "test.pxb", source)).statements.map(text).joined(separator: " | ")
  }

  static func text(_ statement: Statement) -> String {
    text(statement.kind) + (statement.isSilenced ? ";" : "")
  }

  private static func text(_ kind: Statement.Kind) -> String {
    switch kind {
    case .expression(let value): text(value)
    case .assignment(let targets, let values): "(= \(list(targets.map(text))) \(list(values.map(text))))"
    case .augmentedAssignment(let target, let operation, let value):
      "(\(operation.rawValue)= \(text(target)) \(text(value)))"
    case .conditional(let branches, let otherwise):
      "(if " + branches.map { "\(text($0.condition)) \(text($0.body))" }.joined(separator: " elif ")
        + (otherwise.map { " else \(text($0))" } ?? "") + ")"
    case .whileLoop(let condition, let body): "(while \(text(condition)) \(text(body)))"
    case .forLoop(let names, let values, let body):
      "(for \(list(names.map(\.text))) \(text(values)) \(text(body)))"
    case .outer(let names): "(outer \(list(names.map(\.text))))"
    case .breakLoop: "(break)"
    case .continueLoop: "(continue)"
    case .function(let definition): text(definition)
    case .returnValues(let values): "(return\(values.map { " " + text($0) }.joined()))"
    case .tryCatch(let body, let name, let handler): "(try \(text(body)) \(name?.text ?? "_") \(text(handler)))"
    case .raise(let value): "(raise \(text(value)))"
    case .assertion(let condition, let message): "(assert \(text(condition))\(message.map { " " + text($0) } ?? ""))"
    case .importScript(let script): "(import \(script.path) \(script.alias?.text ?? "_"))"
    case .parameter(let parameter):
      "(param \(parameter.name.text) \(text(parameter.defaultValue))"
        + (parameter.choices.map { " in \(list($0.map(text)))" } ?? "")
        + (parameter.documentation.map { " '\($0)'" } ?? "")
        + ")"
    case .help(let name): "(help \(name.text))"
    }
  }

  private static func text(_ block: Block) -> String { "{\(block.statements.map(text).joined(separator: " | "))}" }

  private static func text(_ target: AssignmentTarget) -> String {
    switch target {
    case .name(let name): name.text
    case .index(let base, let subscripts, _): "(index \(text(base)) \(list(subscripts.map(text))))"
    case .field(let base, let name, _): "(. \(text(base)) \(name.text))"
    }
  }

  static func text(_ expression: Expression) -> String {
    switch expression.kind {
    case .nil: "nil"
    case .bool(let value): "\(value)"
    case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    case .string(let value): "'\(value)'"
    case .interpolation(let parts): "(f\(parts.map { " " + text($0) }.joined()))"
    case .name(let name): name
    case .list(let elements): "(list\(elements.map { " " + text($0) }.joined()))"
    case .map(let entries): "(map\(entries.map { " \(text($0.key)):\(text($0.value))" }.joined()))"
    case .comprehension(let built):
      "(build \(built.key.map { text($0) + ":" } ?? "")\(text(built.value))\(built.clauses.map { " " + text($0) }.joined()))"
    case .unary(let operation, let operand): "(\(operation.rawValue) \(text(operand)))"
    case .binary(let operation, let left, let right): "(\(operation.rawValue) \(text(left)) \(text(right)))"
    case .logical(let operation, let left, let right): "(\(operation.rawValue) \(text(left)) \(text(right)))"
    case .comparison(let first, let links):
      "(compare \(text(first))\(links.map { " \($0.comparison.rawValue) \(text($0.right))" }.joined()))"
    case .conditional(let condition, let value, let otherwise):
      "(? \(text(condition)) \(text(value)) \(text(otherwise)))"
    case .call(let call):
      "(\(forms[call.form] ?? "?") \(text(call.callee))\(call.arguments.map { " " + text($0) }.joined())"
        + call.named.map { " \($0.name.text):\(text($0.value))" }.joined() + ")"
    case .index(let base, let subscripts): "(index \(text(base)) \(list(subscripts.map(text))))"
    case .field(let base, let name): "(. \(text(base)) \(name.text))"
    case .function(let definition): text(definition)
    }
  }

  private static func text(_ clause: Comprehension.Clause) -> String {
    switch clause {
    case .loop(let names, let values): "for \(list(names.map(\.text))) \(text(values))"
    case .condition(let condition): "if \(text(condition))"
    }
  }

  private static func text(_ part: InterpolationPart) -> String {
    switch part {
    case .text(let text): "'\(text)'"
    case .value(let value, let style):
      text(value) + (style.isQuoted ? "!r" : "") + (style.format.map { "%\($0.map(text(ofFormat:)).joined())" } ?? "")
    }
  }

  private static func text(ofFormat part: InterpolationPart) -> String {
    if case .text(let text) = part { text } else { "{\(text(part))}" }
  }

  private static func text(_ axis: Subscript) -> String {
    switch axis {
    case .position(let position): text(position)
    case .rest: "..."
    case .slice(let start, let stop, let step, _):
      "\(start.map(text) ?? ""):\(stop.map(text) ?? "")\(step.map { ":" + text($0) } ?? "")"
    }
  }

  private static func text(_ definition: FunctionDefinition) -> String {
    let parameters = definition.parameters.map { $0.name.text + ($0.defaultValue.map { ":" + text($0) } ?? "") }
    let body =
      switch definition.body {
      case .expression(let value): text(value)
      case .block(let block): text(block)
      }
    return "(fn \(definition.name?.text ?? "_") \(list(parameters)) \(body))"
  }

  private static func list(_ texts: [String]) -> String { "[" + texts.joined(separator: " ") + "]" }
}
