import PixelScript

extension CommandGroup {
  /// The commands of the language's page that this version does not have: calling one says so.
  static var notThereYet: CommandGroup {
    CommandGroup("Not there yet", planned.map { planned($0.name, $0.summary) })
  }

  private static let planned: [(name: String, summary: String)] = [
    ("export", "the session as a script, notebook or page")
  ]

  private static func planned(_ name: String, _ summary: String) -> Command {
    Command(
      name, "Not there yet: \(summary).",
      Parameter<Variadic<Value>>("arguments", "what it will take"),
      Parameter<NamedArguments>("options", "what it will take by name"),
      example: """
        try { \(name)(1) } catch e { print e.kind }  # expect: name
        """
    ) { _, _, _ in
      throw ScriptError(
        .name, "`\(name)` is not there yet: \(summary)", help: "`help` lists the commands that this version has")
    }
  }
}
