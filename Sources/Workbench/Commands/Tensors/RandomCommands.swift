import PixelScript
import Tensors

extension Command {
  /// Random tensors; they draw from the session's stream "tensors", or from one of their own when given a seed.
  static func random(_ environment: Environment) -> [Command] {
    [
      uniform(environment), normal(environment), whole(environment), permutation(environment), dropout(environment),
      generator,
    ]
      + drawing(environment)
  }

  private static var generator: Command {
    Command(
      "generator",
      "Makes a stream of random numbers of its own, from which `rand`, `randn`, `randint` and `dropout` draw.",
      Parameter<GeneratorSeed>("seed", "what it starts from, or the `state` of another generator"),
      example: """
        g = generator(7)
        x = randn(3, generator: g)
        print equal(x, randn(3, generator: generator(7))), equal(x, randn(3, generator: g))  # expect: true false
        """
    ) { _, seed in .object(GeneratorObject(seed.random)) }
  }

  private static func uniform(_ environment: Environment) -> Command {
    Command(
      "rand", "Draws numbers evenly from 0 up to, but not including, 1.", TensorParameter.shape,
      RandomSource.Parameters(environment),
      example: "x = rand(100)\nprint all(x >= 0), all(x < 1)  # expect: true true"
    ) { context, shape, random in
      try drawn(shape.sizes, context) { count in
        random("tensors") { $0.uniforms(count, 0, 1) }
      }
    }
  }

  private static func normal(_ environment: Environment) -> Command {
    Command(
      "randn", "Draws numbers from the normal distribution with mean 0 and deviation 1.", TensorParameter.shape,
      RandomSource.Parameters(environment),
      example: "print equal(randn(3, seed: 1), randn(3, seed: 1))  # expect: true"
    ) { context, shape, random in
      try drawn(shape.sizes, context) { count in
        random("tensors") { $0.normals(count) }
      }
    }
  }

  private static func whole(_ environment: Environment) -> Command {
    Command(
      "randint", "Draws whole numbers from a lowest up to, but not including, an end.",
      Parameter<Int>("low", "the lowest number"), Parameter<Int>("high", "the end"), TensorParameter.shape,
      RandomSource.Parameters(environment),
      example: "print randint(3, 4, 2)  # expect: tensor([3, 3], shape [2], int32)"
    ) { context, low, high, shape, random in
      guard low < high, low >= Int32.min, high <= Int(Int32.max) + 1 else {
        throw ScriptError(
          .value, "`randint` needs low < high, both within int32, found \(low) and \(high)", argument: "low")
      }
      try context.allow(shape.sizes)
      if low >= -1 << 24, high <= 1 << 24 {
        let values = random("tensors") { $0.wholes(shape.sizes.elementCount, low, high) }
        return .object(TensorObject(Tensor(values, shape.sizes, elementType: .int32)))
      }
      let numbers = random("tensors") { random in
        Tensor.numbers(shape.sizes.elementCount) { _ in Double(low + random.below(high - low)) }
      }
      return .object(TensorObject(try Tensor(numbers: numbers, shape.sizes, elementType: .int32)))
    }
  }

  private static func permutation(_ environment: Environment) -> Command {
    Command(
      "randperm", "Draws the whole numbers from 0 up to, but not including, an end, in random order.",
      Parameter<Int>("count", "the end", aliases: ["n"]), RandomSource.Parameters(environment),
      example: "print sort(randperm(4)).values  # expect: tensor([0, 1, 2, 3], shape [4], int32)"
    ) { context, count, random in
      try context.allow([count])
      try context.reserve(bytes: 16, times: count)
      if count <= 1 << 24 {
        let order = random("tensors") { $0.permutedFloats(count) }
        return .object(TensorObject(Tensor(order, [count], elementType: .int32)))
      }
      let order = try random("tensors") { try $0.permutation(count) }
      return .object(
        TensorObject(Tensor(exactly: Tensor.numbers(count) { Double(order[$0]) }, [count], elementType: .int32)))
    }
  }

  private static func dropout(_ environment: Environment) -> Command {
    Command(
      "dropout", "Sets elements to 0 at random and scales the rest up, so that the mean stays.", TensorParameter.input,
      Parameter<Double>("p", "the probability of a 0, from 0 up to, but not including, 1", default: 0.5),
      Parameter<Bool?>(
        "training", "whether it does so; without it as the layers that call it do, and elsewhere always", byName: true),
      RandomSource.Parameters(environment),
      example: "print dropout(ones(4), p: 0)  # expect: tensor([1, 1, 1, 1], shape [4], float32)"
    ) { _, input, probability, training, random in
      guard (0..<1).contains(probability) else {
        throw ScriptError(
          .value, "a probability of dropout is at least 0 and below 1, found \(Display.text(of: probability))",
          argument: "p")
      }
      guard training ?? environment.layers.drops else { return .object(input) }
      func drop(_ random: inout Random) -> Value {
        .object(TensorObject.result(of: input) { $0.dropout(Float(probability), using: &random) })
      }
      // What a command trains draws as its layers do, so that a run goes on from its state.
      if !random.isOwn, var drawn = environment.layers.commandedRandom() { return drop(&drawn) }
      return random("dropout", drop)
    }
  }

  private static func drawn(
    _ shape: Shape, _ context: CallContext, _ draw: (Int) -> [Float]
  ) throws -> Value {
    try context.allow(shape)
    return .object(TensorObject(Tensor(draw(shape.elementCount), shape)))
  }
}
