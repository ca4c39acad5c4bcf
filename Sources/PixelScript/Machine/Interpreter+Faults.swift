extension Interpreter {
  /// What is wrong with a script as far as its text tells, in the order of the text: its syntax, what does not compile, names to which
  /// nothing in the script gives a value and which no command or constant has, and arguments that commands do not take. Runs nothing.
  ///
  /// `known` are names that get their values from elsewhere. In a script with an `import` that brings in all names of another one, or
  /// with a call of one of the `definers`, commands that make variables, no name is known to be missing or to mean a command.
  public func faults(of source: SourceText, known: Set<String> = [], definers: Set<String> = []) -> [Diagnostic] {
    let reading: Script.Reading
    do throws(SyntaxFailure) { reading = try self.reading(source) } catch { return error.diagnostics }
    let script = reading.script
    let names = NameCollector.collect(script.statements)
    let isOpen = names.takesNames || reading.losesImport || !names.read.isDisjoint(with: definers)
    var faults = reading.errors.map(\.diagnostic)
    do throws(SyntaxFailure) { _ = try checked(script, checksCalls: !isOpen, others: reading.lostNames) } catch {
      faults += error.diagnostics
    }
    if !isOpen { faults += missingNames(names, in: script, known: known.union(reading.lostNames)) }
    return faults.sorted { ($0.location?.span.start ?? 0) < ($1.location?.span.start ?? 0) }
  }

  private func missingNames(_ names: NameCollector, in script: Script, known: Set<String>) -> [Diagnostic] {
    let own = known.union(names.assigned)
    let all = names.assigned + registry.names + Constant.all.map(\.name)
    let missing = names.places.filter { name, _ in
      !own.contains(name) && registry[name] == nil && Constant.named(name) == nil
    }
    return missing.map { name, place in
      let near = Suggestion.best(for: name, in: all).map { "did you mean `\($0)`?" }
      let help = ForeignWord.help(for: name) ?? near ?? ForeignWord.help(forNameAt: place, in: script.source)
      return Diagnostic(
        .name, "there is no variable or command `\(name)`", at: Location(script.source, place),
        help: help.map { [$0] } ?? [])
    }
  }
}
