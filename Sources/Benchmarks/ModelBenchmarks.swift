import PixelBytes
import Tensors

extension Benchmark {
  /// Everything about models.
  static let models: [Benchmark] = [
    training, trainingAll, generation, bothWaysGeneration, mamba, mambaGeneration, transformer,
  ]

  /// The cores that the benchmarks use; the figures to compare with were measured on two.
  private static let threads = 2

  /// Training steps of the paper's reference model: 32 windows of 128 patches, loss at the last position.
  static let training = Benchmark(name: "training", unit: "steps") {
    try trainingWork(try ModelConfiguration(), .last)
  }

  /// Training steps of the same model in one direction with the loss at every position.
  static let trainingAll = Benchmark(name: "training-all", unit: "steps") {
    try trainingWork(try ModelConfiguration(bidirectional: false), .all)
  }

  /// Training steps of the paper's state space model: two directions, two blocks, 64 states.
  static let mamba = Benchmark(name: "mamba", unit: "steps") {
    try trainingWork(try ModelConfiguration(MambaFamily()), .last)
  }

  /// Training steps of the paper's attention model of two layers.
  static let transformer = Benchmark(name: "transformer", unit: "steps") {
    try trainingWork(try ModelConfiguration(TransformerFamily()), .last)
  }

  private static func trainingWork(_ configuration: ModelConfiguration, _ positions: Positions) throws -> () throws ->
    Int
  {
    let model = SequenceModel(configuration, seed: 1)
    var random = Random(seed: 1, stream: "benchmark")
    let (batch, length) = (32, 128)
    // Of a patch only the row above, the left cell and the centre are ever filled.
    let ids = (0..<batch * length * 9).map { $0 % 9 > 4 ? UInt8(0) : UInt8(random.below(113)) }
    let patches = PatchBatch(ids: ids, count: batch, length: length)
    let labels = (0..<(positions == .all ? batch * length : batch)).map { _ in Int32(random.below(113)) }
    let step = TrainingStep(positions, threads: threads)
    let (loss, gradients) = try step(model, patches, labels)
    let alone = try TrainingStep(positions, threads: 1)(model, patches, labels)
    try WrongAnswer.check(alone.loss == loss && alone.gradients == gradients, "threads change the gradient")
    try WrongAnswer.check(abs(loss - 4.73) < 0.3, "an untrained model has a loss near log 113, found \(loss)")
    let optimizer = Optimizer(model.parameters)
    return {
      for _ in 0..<10 { optimizer.step(try step(model, patches, labels).gradients) }
      return 10
    }
  }

  /// Tokens generated one by one by the reference model in one direction, after a prompt of 64.
  static let generation = Benchmark(name: "generation", unit: "tokens") {
    try generationWork(try ModelConfiguration(bidirectional: false))
  }

  /// The same by the reference model itself, which reads both ways.
  static let bothWaysGeneration = Benchmark(name: "generation-both", unit: "tokens") {
    try generationWork(try ModelConfiguration())
  }

  /// The same by the state space model in one direction.
  static let mambaGeneration = Benchmark(name: "mamba-generation", unit: "tokens") {
    try generationWork(try ModelConfiguration(MambaFamily(bidirectional: false)))
  }

  private static func generationWork(_ configuration: ModelConfiguration) throws -> () throws -> Int {
    let model = SequenceModel(configuration, seed: 1)
    let generator = try Generator(model, Tokenizer(), try Sampler(isGreedy: true))
    let prompt = Tokenizer().encode(text: String(repeating: "a red cat ", count: 6))
    var random = Random(seed: 1, stream: "sampling")
    let result = try generator.generate(after: prompt, count: 40, using: &random)
    var builder = PatchBuilder(continuing: prompt, rule: .encoded)
    for id in result.ids {
      let expected = model.logits(PatchBatch(builder.patches)).argmax(axis: 1).values[0]
      try WrongAnswer.check(Float(id) == expected, "going on step by step differs from reading all again")
      builder.append(id)
    }
    return { try generator.generate(after: prompt, count: 600, using: &random).ids.count }
  }
}
