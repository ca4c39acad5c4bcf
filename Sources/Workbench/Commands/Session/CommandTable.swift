import PixelScript

extension Command {
  /// The registry as a table, from which scripts make references.
  static var commands: Command {
    Command(
      "commands",
      "Gives a table of all commands, a row for each form, with its group, call, purpose, parameters and example.",
      example: """
        t = commands()
        quit = t[t.name == "quit"][0]
        print quit.group, quit.call, quit.summary  # expect: Session quit() Ends the session.
        print t[t.name == "seed"][0].parameters[0].name  # expect: n
        """
    ) { context in
      let rows = context.interpreter.registry.entries.flatMap { entry in
        entry.forms.map { form -> [Value] in
          let parameters = form.signature.map(parameter)
          return [entry.name, entry.group, form.usage, form.summary].map { .string($0) }
            + [.list(parameters), .string(form.example)]
        }
      }
      return .object(
        TableObject(columns: ["name", "group", "call", "summary", "parameters", "example"], rows: rows))
    }
  }

  /// What a parameter is as a map; the default is the text of the value, and nil where there is none.
  private static func parameter(_ signature: Signature) -> Value {
    .map([
      ("name", .string(signature.name)), ("type", .string(signature.type)), ("summary", .string(signature.summary)),
      ("default", signature.fallback.map { .string($0) } ?? .nil), ("optional", .bool(signature.isOptional)),
      ("choices", .list(signature.choices.map { .string($0) })),
    ])
  }
}
