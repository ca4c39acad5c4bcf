extension Parser {
  /// True where `outer a, b` stands; `outer` is a word of the language only there.
  var startsOuter: Bool {
    guard current.kind == .name("outer"), next.followsSpace, case .name = next.kind else { return false }
    var place = index + 1
    while tokens[place + 1].kind == .sign(.comma), case .name = tokens[place + 2].kind { place += 2 }
    switch tokens[place + 1].kind {
    case .newline, .end, .cell, .sign(.semicolon), .sign(.rightBrace): return true
    default: return false
    }
  }

  /// Reads `outer a, b`.
  mutating func outer() throws(SyntaxError) -> Statement.Kind {
    let start = current
    advance()
    var names = [try name("the name of a variable")]
    while accept(.comma) { names.append(try name("the name of a variable")) }
    guard context.isInFunction else {
      throw error(
        "`outer` outside a function", start.span,
        help: "outside functions every assignment is to a variable of the script")
    }
    return .outer(names)
  }

  /// Reads `fn name(a, b: 1) { }` or `fn name(a) = a`.
  mutating func namedFunction() throws(SyntaxError) -> FunctionDefinition {
    let start = current
    advance()
    let name = try header(placeholder: Name("", start.span)) { parser throws(SyntaxError) in
      let name = try parser.name("the name of a function")
      if !parser.at(.leftParenthesis) {
        throw parser.unexpected("`(`", help: "a function is written `fn \(name.text)(x) { ... }`")
      }
      return name
    }
    return try function(named: name, from: start)
  }

  /// Reads parameters and body; `fn` and the name have been read.
  mutating func function(named name: Name?, from start: Token) throws(SyntaxError) -> FunctionDefinition {
    try nested { parser throws(SyntaxError) in
      let parameters =
        parser.at(.leftBrace)
        ? []
        : try parser.header(placeholder: []) { parser throws(SyntaxError) -> [FunctionDefinition.Parameter] in
          let parameters = try parser.bracketed { parser throws(SyntaxError) in try parser.parameterList() }
          if parser.at(.leftBrace) || parser.at(.assign) || parser.current.kind == .newline { return parameters }
          throw parser.unexpected("`{` or `=`", help: "the body is a block `{ ... }` or a value `= x + 1`")
        }
      let body: FunctionDefinition.Body
      if parser.accept(.assign) {
        parser.skipNewlines()
        body = .expression(try parser.expression())
      } else {
        body = .block(try parser.block(inFunction: true, inLoop: false))
      }
      return FunctionDefinition(name: name, parameters: parameters, body: body, span: parser.span(from: start))
    }
  }

  private mutating func parameterList() throws(SyntaxError) -> [FunctionDefinition.Parameter] {
    var names: [String: Span] = [:]
    var hasDefault = false
    return try list(until: .rightParenthesis) { parser throws(SyntaxError) in
      let name = try parser.name("the name of a parameter")
      if let first = names.updateValue(name.span, forKey: name.text) {
        throw parser.error(
          "the parameter `\(name.text)` is there twice", name.span, labels: [.init(first, "the first")])
      }
      if parser.at(.assign) {
        throw parser.error("a default is written after `:`", parser.current.span, help: "write `\(name.text): value`")
      }
      let defaultValue = parser.accept(.colon) ? try parser.expression() : nil
      if hasDefault, defaultValue == nil {
        throw parser.error(
          "the parameter `\(name.text)` has no default but stands after one that has", name.span,
          help: "put the parameters without a default first")
      }
      hasDefault = defaultValue != nil
      return FunctionDefinition.Parameter(name: name, defaultValue: defaultValue)
    }
  }

  /// Reads `param name = value in [choices] "documentation"`.
  mutating func parameter() throws(SyntaxError) -> Statement.Kind {
    let start = current
    let form = "write `param epochs = 5 \"passes over the data\"`"
    advance()
    if context.isInBlock { throw error("`param` inside a block", start.span, help: "declare it outside every block") }
    let name = try name("the name of a parameter", help: form)
    if let first = declared.updateValue(name.span, forKey: name.text) {
      throw error(
        "the parameter `\(name.text)` is declared twice", name.span,
        help: "give one another name; `\(name.text) = ...` changes its value",
        labels: [.init(first, "declared here first")])
    }
    try expect(.assign, help: form)
    // A tighter precedence than that of `in`, which starts the choices.
    let defaultValue = try expression(.sum)
    var choices: [Expression]?
    if accept(.in) {
      guard at(.leftBracket) else { throw unexpected("a list of choices", help: "write `in [\"a\", \"b\"]`") }
      choices = try bracketed { parser throws(SyntaxError) in
        try parser.list(until: .rightBracket) { parser throws(SyntaxError) in try parser.expression() }
      }
    }
    var documentation: String?
    if case .string(let text) = current.kind {
      documentation = text
      advance()
    }
    return .parameter(
      ParameterDeclaration(name: name, defaultValue: defaultValue, choices: choices, documentation: documentation))
  }

  /// Reads `import "path" as name`.
  mutating func importScript() throws(SyntaxError) -> Statement.Kind {
    let form = "write `import \"helpers.pxb\" as h`"
    advance()
    let token = current
    guard case .string(let path) = token.kind else {
      var error = unexpected("the path of a script as a string", help: form)
      if case .name = token.kind {
        error.diagnostic.help.append("there are no modules of Python; `help` lists the commands")
      }
      throw error
    }
    advance()
    let alias = accept(.as) ? try name("a name for the script", help: form) : nil
    return .importScript(ScriptImport(path: path, pathSpan: token.span, alias: alias))
  }
}
