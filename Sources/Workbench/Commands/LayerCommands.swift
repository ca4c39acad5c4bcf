import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Models built from layers in a script.
  static func layers(_ environment: Environment) -> CommandGroup {
    let session = environment.layers
    return CommandGroup("Layers", Command.compositions(session) + Layers.all.map { Command.layer($0, session) })
  }
}

extension Command {
  /// The command that makes a layer of its settings.
  fileprivate static func layer<Layer: LayerConfiguration>(_ layer: Layer.Type, _ session: LayerSession) -> Command {
    func made(_ configuration: Layer, seed: Int?) throws -> Value {
      try configuration.check()
      return .object(try LayerObject(configuration, seed: seed, session))
    }
    let settings = SettingParameters(Layer.settings, initial: .initial)
    guard Layer.drawsValues else {
      return Command(Layer.name, Layer.summary, settings, example: Layer.example) { try made($1, seed: 0) }
    }
    let seed = Parameter<Int?>("seed", "seed of the first values, in place of the session's", byName: true)
    return Command(Layer.name, Layer.summary, settings, seed, example: Layer.example) { try made($1, seed: $2) }
  }

  private static let layersSummary =
    "layers and functions of a tensor, one after the other, in a list, or in a map from names to them, nested as you like"

  /// Layers given one by one as the list of them.
  private static func oneValue(of layers: Variadic<Value>, _ command: String) throws(ScriptError) -> Value {
    guard let first = layers.elements.first else {
      throw ScriptError(.type, "`\(command)` needs layers", help: "`\(command)([linear(2, 3), relu])`", culprit: .call)
    }
    if layers.elements.count == 1 {
      switch first {
      case .function, .object: break
      default: return first
      }
    }
    return .list(layers.elements)
  }

  /// Layers made of layers.
  fileprivate static func compositions(_ session: LayerSession) -> [Command] {
    [
      Command(
        "sequential",
        "Makes a model of layers, functions and other models, each of which takes what the last one gives.",
        Parameter<Variadic<Value>>("layers", layersSummary),
        example: """
          net = sequential([embedding(113, 8), lstm_layer(8, 16), linear(16, 113)])
          print net(zeros(4, 10)).shape  # expect: [4, 10, 113]
          print keys(net.parameters)[0]  # expect: 0.weight
          """
      ) { _, layers in .object(try LayerObject.sequence(of: try oneValue(of: layers, "sequential"), session)) },
      Command(
        "residual", "Makes a model of layers one after the other, to whose result what it is called with is added.",
        Parameter<Variadic<Value>>("layers", layersSummary),
        example: """
          block = residual([layer_norm(8), linear(8, 8), gelu])
          print block(ones(2, 8)).shape, len(block.parameters)  # expect: [2, 8] 4
          """
      ) { _, layers in
        .object(try LayerObject.sequence(of: try oneValue(of: layers, "residual"), session, adds: true))
      },
      Command(
        "module", "Makes a model of a function over parts, whose parameters are the model's.",
        Parameter<Value>("parts", "layers, parameters and models in a map or a list, nested as you like"),
        Parameter<ScriptFunction>("forward", "a function of the parts and of what the model is called with"),
        example: """
          block = module({norm: layer_norm(8), inner: linear(8, 8)}, fn(parts, x) = x + parts.inner(parts.norm(x)))
          print block(ones(2, 8)).shape  # expect: [2, 8]
          print len(block.parameters)  # expect: 4
          """
      ) { _, parts, forward in .object(try LayerObject.module(parts, forward, session)) },
      describeLayer(session),
      Command(
        "copy", "Copies layers with their present values; functions among them stay the same.",
        Parameter<LayerObject>("model", "the layers"),
        example: """
          net = sequential([linear(2, 3), relu, linear(3, 1)])
          before = copy(net)
          print equal(before(ones(1, 2)), net(ones(1, 2)))  # expect: true
          backward(sum(net(ones(1, 2))))
          step sgd(net, lr: 1)
          print equal(before(ones(1, 2)), net(ones(1, 2)))  # expect: false
          """
      ) { _, layer in .object(try layer.copy()) },
    ]
  }

  private static func describeLayer(_ session: LayerSession) -> Command {
    Command(
      "describe", "Lists the layers of a model built from layers, with output shapes and parameters, and the total.",
      Parameter<LayerObject>("model", "the model"),
      Parameter<Value>("input", "what to call it with, to see the shapes that it gives", default: .nil),
      example: """
        net = sequential([linear(4, 8), relu(), linear(8, 2)])
        print describe(net, ones(3, 4)).output  # expect: ["[3, 8]", "[3, 8]", "[3, 2]", "[3, 2]"]
        print describe(net).parameters  # expect: [40, 0, 18, 58]
        """
    ) { context, layer, input in
      guard !input.isNil else { return .object(layer.table()) }
      let outputs = try session.tracing {
        _ = try layer.call(Arguments([input], named: [("training", .bool(false))]), context)
      }
      return .object(layer.table(outputs))
    }
  }
}
