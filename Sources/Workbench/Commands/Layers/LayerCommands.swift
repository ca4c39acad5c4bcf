import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Models built from layers in a script.
  static func layers(_ environment: Environment) -> CommandGroup {
    let maker = LayerMaker(session: environment.layers)
    return CommandGroup(
      "Layers", Command.compositions(maker) + Command.pointwiseLayers(maker) + Command.sequenceLayers(maker))
  }
}

/// Makes the layers of one session from their sizes.
struct LayerMaker {
  let session: LayerSession

  static var seed: Parameter<Int?> {
    Parameter("seed", "seed of the first values, in place of the session's", byName: true)
  }

  /// Throws unless sizes are at least 1 and small enough to be multiplied with each other; what they make is checked by `layer`.
  static func check(_ sizes: KeyValuePairs<String, Int>, in context: CallContext) throws {
    for (name, size) in sizes where size < 1 || size > TensorObject.elementLimit {
      throw ScriptError(
        size < 1 ? .value : .limit,
        "`\(context.command)` needs `\(name)` to be from 1 to \(TensorObject.elementLimit), found \(size)",
        argument: name)
    }
  }

  /// A layer whose parameters `build` asks for by name, with first values from the session's stream or from `seed`.
  ///
  /// It is planned first: throws when its parameters are too large for the language or for the budget of memory.
  func layer(_ seed: Int?, _ build: @escaping (ParameterScope) -> LayerOperation) throws -> Value {
    let plan = ParameterScope.plan { _ = build($0) }
    for (_, shape) in plan.entries { try TensorObject.check(shape) }
    try plan.reserve(for: "a layer")
    let draw = session.environment.withRandom("initialization", seed: seed) { $0.next() }
    let scope = ParameterScope(random: Random(seed: draw, stream: "initialization"))
    var operation = build(scope)
    operation.rebuild = build
    return .object(
      try LayerObject(.operation(operation), own: scope.parameters.map { ($0.name, $0) }, session))
  }

  /// A layer without parameters, for tensors of any shape.
  func plain(
    _ title: String, draws: Bool = false, _ apply: @escaping (Tensor, Pass) -> Tensor
  ) throws -> Value {
    let shape = LayerShape(.any)
    return .object(
      try LayerObject(.operation(LayerOperation(title, shape, shape, draws: draws, apply: apply)), session))
  }
}

extension Command {
  /// Layers made of layers.
  fileprivate static func compositions(_ maker: LayerMaker) -> [Command] {
    [
      Command(
        "sequential",
        "Makes a model of layers, functions and other models, each of which takes what the last one gives.",
        Parameter<Value>(
          "layers", "a list of layers and functions of a tensor, or a map from names to them, nested as you like"),
        example: """
          net = sequential([embedding(113, 8), lstm_layer(8, 16), linear(16, 113)])
          print net(zeros(4, 10)).shape  # expect: [4, 10, 113]
          print keys(net.parameters)[0]  # expect: 0.weight
          """
      ) { _, layers in .object(try LayerObject.sequence(of: layers, maker.session)) },
      Command(
        "module", "Makes a model of a function over parts, whose parameters are the model's.",
        Parameter<Value>("parts", "layers, parameters and models in a map or a list, nested as you like"),
        Parameter<ScriptFunction>("forward", "a function of the parts and of what the model is called with"),
        example: """
          block = module({norm: layer_norm(8), inner: linear(8, 8)}, fn(parts, x) = x + parts.inner(parts.norm(x)))
          print block(ones(2, 8)).shape  # expect: [2, 8]
          print len(block.parameters)  # expect: 4
          """
      ) { _, parts, forward in .object(try LayerObject.module(parts, forward, maker.session)) },
      describeLayer(maker),
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

  private static func describeLayer(_ maker: LayerMaker) -> Command {
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
      let outputs = try maker.session.tracing {
        _ = try layer.call(Arguments([input], named: [("training", .bool(false))]), context)
      }
      return .object(layer.table(outputs))
    }
  }
}
