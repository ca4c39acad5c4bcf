extension Interpreter {
  /// What is wrong with a script as far as its text tells, in the order of the text: what does not compile, and names to which
  /// nothing in the script gives a value, and which no command or constant has. Runs nothing.
  ///
  /// `known` are names that get their values from elsewhere. In a script with an `import` that brings in all names of another one, or
  /// with a call of one of the `definers`, commands that make variables, no name is known to be missing.
  public func faults(of script: Script, known: Set<String> = [], definers: Set<String> = []) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    do throws(SyntaxFailure) { _ = try checked(script) } catch { faults = error.diagnostics }
    let names = NameCollector.collect(script.statements)
    guard !names.takesNames, names.read.isDisjoint(with: definers) else { return faults }
    let own = known.union(names.assigned)
    for (name, place) in names.places where !own.contains(name) && registry[name] == nil && Constant.named(name) == nil
    {
      let all = names.assigned + registry.names + Constant.all.map(\.name)
      let near = Suggestion.best(for: name, in: all).map { "did you mean `\($0)`?" }
      let help = ForeignWord.help(for: name) ?? near ?? ForeignWord.help(forNameAt: place, in: script.source)
      faults.append(
        Diagnostic(
          .name, "there is no variable or command `\(name)`", at: Location(script.source, place),
          help: help.map { [$0] } ?? []))
    }
    return faults.sorted { ($0.location?.span.start ?? 0) < ($1.location?.span.start ?? 0) }
  }
}
