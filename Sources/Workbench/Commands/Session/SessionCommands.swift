import PixelScript
import Tensors

extension CommandGroup {
  /// Help, variables, cells, and what concerns the session as a whole.
  static func session(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Session",
      [Command.help(environment), Command.helpOnFunction(environment), Command.helpOnValue(environment)]
        + Command.variables(environment) + Command.scripts(environment) + Command.settings(environment)
        + [Command.pictures(environment), Command.theme(environment)] + Command.keeping(environment)
        + [Command.commands, Command.export(environment), Command.convert(environment), Command.limit, Command.timeit])
  }
}

extension Command {
  fileprivate static func help(_ environment: Environment) -> Command {
    Command(
      "help",
      "Tells what a command does or a word of the language means, searches for other words, or lists all commands.",
      Parameter<String?>("name", "the command, a variable, or words", completion: .command),
      example: #"help "quit"  # expect: quit()"# + "\n# expect:   Ends the session.\n# expect: "
        + "\n# expect: Example\n# expect:   quit"
    ) { context, name in
      let help = HelpText(context.interpreter, width: environment.console.style.width)
      try environment.writeHelp(try name.map { try help.topic($0) } ?? help.overview, context)
      return .nil
    }
  }

  fileprivate static func helpOnFunction(_ environment: Environment) -> Command {
    Command(
      "help", "Tells what a command does, given as itself, or what a function of the script expects.",
      Parameter<ScriptFunction>("command", "the command or function", completion: .command),
      example: "fn area(w, h) = w * h\nhelp area  # expect: area(w, h)"
    ) { context, function in
      let help = HelpText(context.interpreter, width: environment.console.style.width)
      let text = try function.commandName.map { try help.topic($0) }
      try environment.writeHelp(text ?? help.description(of: .function(function)), context)
      return .nil
    }
  }

  fileprivate static func helpOnValue(_ environment: Environment) -> Command {
    Command(
      "help", "Tells what a value is, its fields and the commands for it.",
      Parameter<Value>("value", "the value"),
      example: "help true  # expect: bool, true"
    ) { context, value in
      let help = HelpText(context.interpreter, width: environment.console.style.width)
      try environment.writeHelp(help.description(of: value), context)
      return .nil
    }
  }

  fileprivate static func variables(_ environment: Environment) -> [Command] {
    [
      Command(
        "vars",
        "Gives a table of the variables with their types, the bytes that they take in memory and their values; what several hold is counted for each.",
        example: """
          w = zeros(1000)
          print vars()[0].type, vars()[0].bytes >= 4000  # expect: tensor true
          """
      ) { context in
        let shown = context.interpreter.variables.filter { $0.name != "_" && $0.name != "__" }
        let unicode = environment.console.style.unicode
        let rows = try shown.map { name, value in
          [
            Value.string(name), .string(value.typeName), .number(try value.residentBytes()),
            .string(ValueView.short(value, width: 60, unicode: unicode)),
          ]
        }
        return .object(TableObject(columns: ["name", "type", "bytes", "value"], rows: rows))
      },
      Command(
        "reset", "Takes all variables away and starts the random streams again.",
        example: "x = 1\nreset()\nprint len(vars())  # expect: 0"
      ) { context in
        context.interpreter.reset()
        environment.ledger.forget()
        environment.restartStreams()
        return .nil
      },
      Command("quit", "Ends the session.", example: "quit") { _ in try environment.quit() },
    ]
  }

  fileprivate static func settings(_ environment: Environment) -> [Command] {
    [
      Command(
        "seed", "Starts all random streams again from a seed.",
        Parameter<Int>("n", "a whole number from 0"),
        example: "seed 7\na = rand(3)\nseed 7\nprint equal(a, rand(3))  # expect: true"
      ) { _, seed in
        guard seed >= 0 else { throw ScriptError(.value, "a seed is at least 0, found \(seed)", argument: "n") }
        environment.reseed(UInt64(seed))
        return .nil
      },
      Command(
        "threads", "Tells on how many threads work is spread, or sets it.",
        Parameter<Int?>("n", "the number of threads, from 1 to 256"),
        example: "threads 1\nprint threads()  # expect: 1"
      ) { _, count in
        guard let count else { return .number(environment.threads) }
        guard (1...Environment.threadLimit).contains(count) else {
          throw ScriptError(
            .value, "the number of threads is from 1 to \(Environment.threadLimit), found \(count)", argument: "n")
        }
        environment.threads = count
        return .nil
      },
    ]
  }

  fileprivate static func pictures(_ environment: Environment) -> Command {
    Command(
      "pictures", "Tells how pictures come to the terminal, or sets it.",
      Parameter<DisplayStyle.PictureProtocol?>(
        "form", "characters and blocks go everywhere; kitty, iterm and sixel where the terminal has that protocol"),
      example: "pictures \"blocks\"\nprint pictures()  # expect: blocks"
    ) { _, form in
      guard let form else { return .string(environment.console.style.pictures.rawValue) }
      environment.console.pictures = form
      return .nil
    }
  }

  fileprivate static func theme(_ environment: Environment) -> Command {
    Command(
      "theme", "Tells the colors of what is typed at the prompt, or sets them.",
      Parameter<InputTheme?>("colors", "for dark or for light ground, or none"),
      example: "theme \"light\"\nprint theme()  # expect: light"
    ) { _, theme in
      guard let theme else { return .string(environment.theme.rawValue) }
      environment.theme = theme
      return .nil
    }
  }

  fileprivate static var timeit: Command {
    Command(
      "timeit", "Calls a function several times and tells the seconds it took.",
      Parameter<ScriptFunction>("f", "a function without parameters"),
      Parameter<Int>("repeat", "how often to call it", default: 5),
      example: "print timeit(fn() = 1 + 1).best < 1  # expect: true"
    ) { context, function, count in
      guard count > 0 else {
        throw ScriptError(.value, "`timeit` needs at least 1 call, found \(count)", argument: "repeat")
      }
      var seconds: [Double] = []
      for _ in 0..<count {
        let start = ContinuousClock.now
        _ = try context.call(function)
        seconds.append((ContinuousClock.now - start) / .seconds(1))
      }
      let mean = seconds.reduce(0, +) / Double(count)
      return .object(
        TableObject(
          columns: ["best", "mean", "calls"],
          rows: [[.number(seconds.min() ?? 0), .number(mean), .number(count)]], isRecord: true))
    }
  }

  fileprivate static var limit: Command {
    Command(
      "limit",
      "Calls a function within budgets and returns its result; going over one is an error, which `try` may catch.",
      Parameter<ScriptFunction>("f", "a function without parameters"),
      Parameter<Double?>("time", "the most seconds", byName: true),
      Parameter<Double?>("memory", "the most bytes that values may take beyond those there are", byName: true),
      Parameter<Double?>("steps", "the most turns of loops and calls", byName: true),
      example: """
        fn count() { i = 0; while true { i += 1 } }
        try { limit count, steps: 10000 } catch e { print e.kind }  # expect: limit
        """
    ) { context, function, time, memory, steps in
      let budgets = [("time", time), ("memory", memory), ("steps", steps)]
      for case let (name, budget?) in budgets where !(budget > 0 && budget < 9e15) {
        throw ScriptError(.value, "a budget is a number above 0, found \(Display.text(of: budget))", argument: name)
      }
      guard budgets.contains(where: { $0.1 != nil }) else {
        throw ScriptError(.type, "`limit` needs a budget", help: "such as `time: 2`, `memory: 1e9` or `steps: 1e6`")
      }
      let limits = Limits(steps: steps.map { Int($0) }, time: time.map { .seconds($0) }, memory: memory.map { Int($0) })
      return try context.withLimits(limits) { try context.call(function) }
    }
  }
}

extension Environment {
  /// Writes what help tells; what the screen has no room for stands in `_`.
  fileprivate func writeHelp(_ text: String, _ context: CallContext) throws {
    try writePage(text) { try context.interpreter.setVariable(CellRunner.echoed.last, to: .string($0)) }
  }
}
