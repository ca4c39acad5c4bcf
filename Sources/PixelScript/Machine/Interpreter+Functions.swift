extension Interpreter {
  /// Where a function stands that reads nothing but the session's variables; nil for one that captured others, one of an imported
  /// script, and a command.
  package func place(of function: ScriptFunction) -> Location? {
    guard let code = function.prototype, code.module === module, code.captures.isEmpty,
      let span = code.nameSpan ?? code.spans.first
    else { return nil }
    return Location(code.source, span)
  }

  /// What a function may reach beside its arguments: variables of this session by their names, and the values of those that it took
  /// along where it was made and of those of a script that was imported. Of a command nothing.
  package func surroundings(of function: ScriptFunction) -> (names: Set<String>, values: [Value]) {
    guard let code = function.prototype else { return ([], []) }
    let captured = code.captureNames.indices.map { function.capturedValue($0) }
    let names = code.outerNames.subtracting(code.captureNames)
    if code.module === module { return (names, captured) }
    return ([], captured + names.sorted().compactMap { code.module.value(of: $0) })
  }

  /// The text that defines a function by its name outside of any block, as it stands in the script; nil for any other function.
  package func definition(of function: ScriptFunction) throws -> String? {
    guard let place = place(of: function) else { return nil }
    let script = try Script.parse(place.source)
    let statement = script.statements.last { statement in
      guard case .function(let function) = statement.kind else { return false }
      return function.name?.span == place.span
    }
    return statement.map { place.source.text($0.span) }
  }

  /// Defines again the functions that a cell defines outside of any block, and does nothing else of it.
  package func define(_ script: Script, cell: Int) throws {
    let statements = script.statements[script.cells[cell].statements].filter { statement in
      if case .function = statement.kind { true } else { false }
    }
    guard !statements.isEmpty else { return }
    _ = try execute(
      Compiler.compile(statements, source: script.source, registry: registry, module: module))
  }

  /// What a function does as far as texts tell it: those of it and of the functions of scripts that it names, without blanks and comments, and
  /// the values of the variables from outside that they read, as far as these are plain; of a command its name.
  ///
  /// What is no plain value, such as a tensor, counts by its type alone.
  package func code(of function: ScriptFunction) -> FunctionCode {
    var reader = FunctionCodeReader()
    reader.read(function)
    return reader.code
  }
}

extension Program {
  /// The value of a parameter in this run.
  package func value(of parameter: String) -> Value { values[parameter] ?? .nil }
}

extension Script {
  /// The parameters that a cell declares.
  package func parameterNames(of cell: Int) -> [String] {
    statements[cells[cell].statements].compactMap { statement in
      if case .parameter(let declaration) = statement.kind { declaration.name.text } else { nil }
    }
  }

  /// The functions that a cell defines outside of any block, with the place of each name.
  package func functions(of cell: Int) -> [(name: String, span: Span)] {
    statements[cells[cell].statements].compactMap { statement in
      guard case .function(let function) = statement.kind, let name = function.name else { return nil }
      return (name.text, name.span)
    }
  }
}
