import PixelScript

/// The few commands that tests of the machine need; the real ones have their own tests.
enum TestCommands {
  static func registry() -> Registry { Registry(CommandGroup("Core", values + calls)) }

  private static var values: [Command] {
    [
      Command("print", "Writes values.", Parameter<Variadic<Value>>("values", "what to write"), example: "") {
        context, values in
        context.write(values.elements.map(\.description).joined(separator: " ") + "\n")
        return .nil
      },
      Command("len", "The length.", Parameter<Value>("value", "what to measure"), example: "") { _, value in
        switch value {
        case .list(let list): return .number(list.count)
        case .string(let text): return .number(text.unicodeScalars.count)
        case .map(let map): return .number(map.count)
        case .range(let range): return .number(range.count)
        default: throw ScriptError(.type, "no length", argument: "value")
        }
      }.primitive(.length),
      Command(
        "push", "Adds to a list.", Parameter<ScriptList>("list", "to grow"), Parameter<Value>("value", "to add"),
        example: ""
      ) { _, list, value in
        list.append(value)
        return .nil
      }.primitive(.append),
      Command(
        "range", "Numbers.", Parameter<Double>("start", "or stop"), Parameter<Double?>("stop", "end"),
        Parameter<Double>("step", "step", default: 1), example: ""
      ) { _, start, stop, step in
        .range(try stop.map { try ScriptRange(start: start, stop: $0, step: step) } ?? ScriptRange(stop: start))
      },
    ]
  }

  private static var calls: [Command] {
    [
      Command(
        "map", "Applies a function.", Parameter<Value>("values", "to map"),
        Parameter<ScriptFunction>("function", "to apply"), example: ""
      ) { context, values, function in
        let next = try context.elements(of: values, argument: "values")
        let list = ScriptList()
        while let value = try next() { list.append(try context.call(function, value)) }
        return .list(list)
      },
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
      Command("str", "As a string.", Parameter<Value>("value", "any"), example: "") { _, value in
        .string(value.description)
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
