import PixelBytes
import Tensors

extension Benchmark {
  /// Everything about models.
  static let models: [Benchmark] = [training] + sizes + otherTraining + generation

  /// The cores that the benchmarks use; the figures to compare with were measured on two.
  private static let threads = 2

  /// Training steps of the paper's reference model: 32 windows of 128 patches, loss at the last position.
  private static let training = training("lstm") { try ModelConfiguration() }

  /// Other sizes of that step, each named after what differs: windows, their tokens, directions, width and state, attention, and
  /// windows of drawn sprites, of which many positions are equal, in place of random ids.
  private static let sizes = [
    training("lstm-batch8", batch: 8) { try ModelConfiguration() },
    training("lstm-batch128", batch: 128) { try ModelConfiguration() },
    training("lstm-sequence256", length: 256) { try ModelConfiguration() },
    training("lstm-all", .all) { try ModelConfiguration(bidirectional: false) },
    training("lstm-dim162-state128") { try ModelConfiguration(width: 162, state: 128) },
    training("lstm-dim512-state512") { try ModelConfiguration(width: 512, state: 512) },
    training("lstm-sprites", drawn: true) { try ModelConfiguration() },
    training("lstm-dim162-state128-sprites", drawn: true) { try ModelConfiguration(width: 162, state: 128) },
    training("lstm-dim512-state512-sprites", drawn: true) { try ModelConfiguration(width: 512, state: 512) },
    training("mamba-sprites", drawn: true) { try ModelConfiguration(MambaFamily()) },
    training("transformer-sequence256", length: 256) { try ModelConfiguration(TransformerFamily()) },
    training("transformer-all", .all) { try ModelConfiguration(TransformerFamily(isCausal: true)) },
    training("mambabyte-all", .all) { try ModelConfiguration(MambaByteFamily(), depth: 4) },
  ]

  /// Training steps of every other family with the sizes that its command has by default.
  private static let otherTraining = [
    training("mamba") { try ModelConfiguration(MambaFamily()) },
    training("transformer") { try ModelConfiguration(TransformerFamily()) },
    training("bimamba_plus") { try ModelConfiguration(BiMambaPlusFamily()) },
    training("mambabyte") { try ModelConfiguration(MambaByteFamily(), depth: 4) },
    training("image_transformer") { try ModelConfiguration(ImageTransformerFamily()) },
    training("image_transformer-2d") { try ModelConfiguration(ImageTransformerFamily(local: .square)) },
    training("resnet") { try ModelConfiguration(ResNetFamily(), width: 32, depth: 1) },
  ]

  /// Tokens generated one by one after a prompt of 64: the reference model in one direction and both, then the others.
  private static let generation = [
    generation("lstm-generation") { try ModelConfiguration(bidirectional: false) },
    generation("lstm-both-generation") { try ModelConfiguration() },
    generation("mamba-generation") { try ModelConfiguration(MambaFamily(bidirectional: false)) },
    generation("mamba-both-generation") { try ModelConfiguration(MambaFamily()) },
    generation("transformer-both-generation") { try ModelConfiguration(TransformerFamily()) },
    generation("transformer-generation") { try ModelConfiguration(TransformerFamily(isCausal: true)) },
    generation("bimamba_plus-generation") { try ModelConfiguration(BiMambaPlusFamily()) },
    generation("mambabyte-generation") { try ModelConfiguration(MambaByteFamily(), depth: 4) },
    generation("image_transformer-generation") { try ModelConfiguration(ImageTransformerFamily()) },
    generation("resnet-generation") { try ModelConfiguration(ResNetFamily(), width: 32, depth: 1) },
  ]

  private static func training(
    _ name: String, _ positions: Positions = .last, batch: Int = 32, length: Int = 128, drawn: Bool = false,
    _ configuration: @escaping @Sendable () throws -> ModelConfiguration
  ) -> Benchmark {
    Benchmark(name: name, unit: "steps") {
      let contexts = drawn ? try drawnContexts(batch, length) : randomContexts(batch, length)
      return try trainingWork(try configuration(), positions, contexts)
    }
  }

  private static func generation(
    _ name: String, _ configuration: @escaping @Sendable () throws -> ModelConfiguration
  ) -> Benchmark {
    Benchmark(name: name, unit: "tokens") { try generationWork(try configuration()) }
  }

  /// Patches of random ids, of which no two are equal; only the row above, the left cell and the centre are ever filled.
  private static func randomContexts(_ batch: Int, _ length: Int) -> ContextBatch {
    var random = Random(seed: 1, stream: "benchmark")
    let shape = ContextShape.patch
    let ids = (0..<batch * length * shape.cells).map {
      $0 % shape.cells > shape.predicted ? UInt8(0) : UInt8(random.below(113))
    }
    return ContextBatch(ids: ids, count: batch, length: length)
  }

  /// The first positions of as many sprites of 16 x 16 pixels, captions before them.
  private static func drawnContexts(_ batch: Int, _ length: Int) throws -> ContextBatch {
    let rows = try DataSet.sprites(count: batch, size: 16, seed: 1).encoded()
    let patches = try (0..<batch).map { try rows.patches(of: $0).ids.prefix(length * ContextShape.patch.cells) }
    return ContextBatch(ids: patches.flatMap(Array.init), count: batch, length: length)
  }

  private static func trainingWork(
    _ configuration: ModelConfiguration, _ positions: Positions, _ contexts: ContextBatch
  ) throws -> () throws -> Int {
    let model = try SequenceModel(configuration, seed: 1)
    var random = Random(seed: 2, stream: "benchmark")
    let targets = positions == .all ? contexts.count * contexts.length : contexts.count
    let example = Example(contexts, targets: (0..<targets).map { _ in Int32(random.below(113)) })
    let step = TrainingStep(NextToken(positions), threads: threads)
    let (loss, gradients) = try step(model, example)
    let alone = try TrainingStep(NextToken(positions), threads: 1)(model, example)
    try WrongAnswer.check(alone.loss == loss && alone.gradients == gradients, "threads change the gradient")
    try WrongAnswer.check(abs(loss - 4.73) < 1, "an untrained model has a loss near log 113, found \(loss)")
    let optimizer = try Optimizer(model.parameters)
    return {
      for _ in 0..<10 { optimizer.step(try step(model, example).gradients) }
      return 10
    }
  }

  private static func generationWork(_ configuration: ModelConfiguration) throws -> () throws -> Int {
    let model = try SequenceModel(configuration, seed: 1)
    let generator = try Generator(model, Tokenizer(), try Sampler(isGreedy: true))
    let prompt = Tokenizer().encode(text: String(repeating: "a red cat ", count: 6))
    var random = Random(seed: 1, stream: "sampling")
    let result = try generator.generate(after: prompt, count: 40, using: &random)
    var builder = PatchBuilder(continuing: prompt, rule: .encoded)
    for id in result.ids {
      let expected = model.logits(ContextBatch(builder.patches)).argmax(axis: 1).values[0]
      try WrongAnswer.check(Float(id) == expected, "going on step by step differs from reading all again")
      builder.append(id)
    }
    return { try generator.generate(after: prompt, count: 600, using: &random).ids.count }
  }
}
