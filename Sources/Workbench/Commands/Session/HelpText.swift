import PixelScript

/// What `help` says, all of it from the registry and the documentation.
struct HelpText {
  let registry: Registry
  let guide = Guide.shared
  let width: Int
  /// Finds the value of a variable.
  let variable: (String) -> Value?

  init(_ interpreter: Interpreter, width: Int) {
    registry = interpreter.registry
    self.width = width
    variable = interpreter.variable
  }

  /// All commands by group, the pages of the documentation, and where to go on.
  var overview: String {
    var text =
      TerminalText.wrapped(
        "New here? `help tour` shows the language on a page, `help first hour` leads to a first model.", to: width)
      + TerminalText.wrapped(
        "`help train`, or `train?`, tells what a command does, with an example; `help for` explains a word of the "
          + "language, `help lists and maps` is a page, and `help save picture` searches.", to: width) + "\n"
    for group in registry.groups {
      var names: [String] = []
      for command in group.commands where !names.contains(command.name) { names.append(command.name) }
      text += group.title + "\n" + TerminalText.wrapped(names, to: width, first: "  ", indent: 2) + "\n"
    }
    let pages = guide.topics.filter { $0.level == 1 }.map(name)
    return text + "Pages\n" + TerminalText.wrapped(Self.list(pages), to: width, first: "  ", indent: 2)
  }

  /// What a name is, be it a command, a variable or a topic; what is none of these is searched for.
  func topic(_ name: String) throws(ScriptError) -> String {
    // Nobody asks in so many words.
    guard name.utf8.count <= 1000 else {
      throw ScriptError(.name, "there is no command or topic `\(Display.start(of: name))`", argument: "name")
    }
    if let text = known(name) { return text }
    if let topic = guide.topic(name) { return description(of: topic) }
    return try found(name)
  }

  /// What a command or a variable is, or both when they share a name; nil for neither.
  func known(_ name: String) -> String? {
    guard let entry = registry[name] else { return variable(name).map { description(of: $0, name: name) } }
    guard let value = variable(name) else { return description(of: entry) }
    let isFunction = if case .function = value { true } else { false }
    let kind = withArticle(value.typeName)
    let meaning =
      isFunction
      ? "`\(name)` is this function here" : "`\(name)` alone is this variable, \(kind), `\(name)(...)` the command"
    return description(of: entry) + "\n"
      + TerminalText.wrapped("A variable has the same name: \(meaning).", to: width)
      + description(of: value, name: name)
  }

  /// One command: each form's call, purpose and parameters, the examples, and the topic of the same name.
  private func description(of entry: Registry.Entry) -> String {
    let text = entry.forms.map(form).joined(separator: "\n")
    return guide.topic(entry.name).map { text + "\n" + more([name($0)]) } ?? text
  }

  /// What a value is, its fields and the commands that take it first.
  func description(of value: Value, name: String? = nil) -> String {
    if case .function(let function) = value {
      return "\(name ?? function.name ?? "fn")(\(function.parameterNames.joined(separator: ", ")))\n"
    }
    let short = ValueView.short(value, width: width, unicode: true)
    let kind = short.hasPrefix(value.typeName) ? "" : value.typeName + ", "
    var text = TerminalText.truncated((name.map { "\($0): " } ?? "") + kind + short, to: width) + "\n"
    func list(_ title: String, _ names: [String]) {
      if !names.isEmpty { text += TerminalText.wrapped(names, to: width, first: title, indent: title.count) }
    }
    if case .object(let object) = value { list("  fields   ", object.fieldNames) }
    let commands = registry.entries.filter { $0.forms.contains { $0.signature.first?.type == value.typeName } }
    let title = "  commands for \(withArticle(value.typeName))  "
    if !commands.isEmpty { text += TerminalText.wrapped(commands.map(\.name), to: width, first: title, indent: 4) }
    return text
  }

  private func form(_ command: Command) -> String {
    var text = usage(command) + TerminalText.wrapped(command.summary, to: width, first: "  ", indent: 2)
    if !command.signature.isEmpty { text += "\n" }
    let names = command.signature.map(\.name.count).max() ?? 0
    for parameter in command.signature {
      let head = "  \(TerminalText.padded(parameter.name, to: names))  "
      // On a narrow terminal the descriptions would be columns of single words.
      let indent = names + 30 > width ? 4 : head.count
      text += TerminalText.wrapped(described(parameter), to: width, first: head, indent: indent)
    }
    guard !command.example.isEmpty else { return text }
    let lines = command.example.split(separator: "\n", omittingEmptySubsequences: false)
    return text + "\nExample\n" + lines.map { "  \($0)\n" }.joined()
  }

  private func described(_ parameter: Signature) -> String {
    var text = "\(parameter.type): \(parameter.summary)"
    if !parameter.choices.isEmpty { text += " (\(parameter.choices.map { "\"\($0)\"" }.joined(separator: ", ")))" }
    if let fallback = parameter.fallback { text += " [\(fallback)]" } else if parameter.isOptional { text += " [none]" }
    return text
  }

  /// The call, broken between parameters when it is too long for a line.
  private func usage(_ command: Command) -> String {
    guard command.usage.count >= width else { return command.usage + "\n" }
    let parameters = command.signature.map(\.description)
    let parts = parameters.enumerated().map { $1 + ($0 + 1 < parameters.count ? "," : ")") }
    return TerminalText.wrapped(parts, to: width, first: command.name + "(", indent: command.name.count + 1)
  }
}
