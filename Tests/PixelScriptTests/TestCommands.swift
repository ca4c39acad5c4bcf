import PixelScript

/// The commands on plain values, and a few that tests of the machine need.
enum TestCommands {
  static var groups: [CommandGroup] { [Builtins.values, CommandGroup("Tests", calls)] }

  static func registry() -> Registry { Registry(groups) }

  private static var calls: [Command] {
    [
      Command(
        "call", "Calls a function.", Parameter<ScriptFunction>("function", "to call"),
        Parameter<Variadic<Value>>("arguments", "by position"), Parameter<NamedArguments>("named", "by name"),
        example: ""
      ) { context, function, arguments, named in
        try context.call(.function(function), arguments.elements, named: named.entries)
      },
      Command("answer", "Needs nothing.", Parameter<Int>("add", "more", default: 0), example: "") { _, add in
        .number(42 + add)
      },
      Command("spin", "Polls for ever.", Parameter<Int?>("unused", "nothing"), example: "") { context, _ in
        while true { try context.poll() }
      },
    ]
  }
}

/// Runs a script and returns what it printed, and the value of its last line.
func run(_ text: String, limits: Limits = Limits()) throws -> (output: String, value: Value?) {
  final class Sink { var text = "" }
  let sink = Sink()
  let interpreter = Interpreter(registry: TestCommands.registry()) { sink.text += $0 }
  interpreter.limits = limits
  let value = try interpreter.run(text)
  return (sink.text, value)
}
