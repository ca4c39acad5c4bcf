import Foundation
import PixelBytes
import PixelScript
import Tensors
import Workbench

/// What a program does that stands on the library: the lines of the README, and models and commands of its own. It writes into the
/// current folder.
@main
struct Client {
  static func main() throws {
    try first()
    try own()
    try models()
  }

  /// The Swift lines of the README, as they stand there.
  static func first() throws {
    let data = try DataSet.sprites(count: 200, size: 10, seed: 1)
    let (training, testing) = try data.split(test: 0.1, seed: 42)
    let family = LSTMFamily(bidirectional: false, forgetBias: 3)
    let model = try SequenceModel(try ModelConfiguration(family, depth: 1), seed: 1)
    var options = TrainingOptions()
    (options.steps, options.positions, options.rate) = (100, .all, 1e-2)
    let trainer = try Trainer(model, training: try training.encoded(), testing: try testing.encoded(), options)
    var losses: [Double] = []
    let history = try trainer.run { progress in losses.append(progress.loss) }
    let generator = try Generator(model, Tokenizer(), try Sampler(temperature: 0.5))
    var random = Random(seed: 7, stream: "sampling")
    let out = try generator.generate(
      after: Tokenizer().encode(text: testing[0].caption), count: 150, stop: .image, using: &random)
    try Checkpoint.save(model, to: "first-model")

    let scores = history.compactMap(\.test)
    print(losses[losses.count - 1] < losses[0], scores[scores.count - 1].loss < scores[0].loss, !out.ids.isEmpty)
  }

  /// An operator, a layer, a family and a command of this program in a session.
  static func own() throws {
    ModelFamilies.register(SmoothingFamily.self)
    Layers.register(SmoothingLayer.self)
    let session = Session(
      options: SessionOptions(seed: 1, quiet: true), console: Console(write: { print($0, terminator: "") }),
      commands: [.client])
    let outcome = session.run(
      """
      x = parameter(tensor([1, -3]))
      backward(sum(softsign(x)))
      print softsign(x).to_list(), x.grad.to_list()
      data = sprites(count: 20, size: 8)
      net = smoothing(dim: 18, depth: 1, repeats: 2)
      history = train(net, data, steps: 30, sequence: 24, lr: 0.02, loss: "all", every: 1000)
      print history.train_loss[-1] < 0.8 * log(113)
      save net, "smooth"
      print load_model("smooth") == net, net.config.repeats
      print len(generate(load_model("smooth"), prompt: "a red cat", tokens: 20, seed: 1).ids)
      layer = smoothing_layer(4, repeats: 2, seed: 1)
      print layer, layer(ones(1, 3, 4)).shape, equal(copy(layer)(ones(1, 3, 4)), layer(ones(1, 3, 4)))
      for make in [fn() = smoothing_layer(), fn() = smoothing_layer(0), fn() = smoothing_layer(4, repeats: 9)] {
        try { make() } catch e { print e.message }
      }
      """, name: "client")
    for diagnostic in outcome.diagnostics { print(diagnostic) }
  }

  /// Contexts of another shape, an objective, and a model that is no family.
  static func models() throws {
    var options = TrainingOptions()
    (options.steps, options.sequence, options.stride, options.rate) = (60, 4, 1, 0.1)
    let text = Tokenizer().encode(text: "abababababa")
    let single = ContextShape(columns: 1, predicted: 0)
    let rows = TokenSequences([PatchSequence(ids: text.tokens, shape: single)])
    let history = try Trainer(Bigram(single), training: rows, testing: rows, options, objective: EverySecond()).run {
      _ in
    }

    let model = Bigram(.patch)
    _ = try Trainer(model, training: TokenSequences([text]), testing: nil, options, objective: EverySecond()).run { _ in
    }
    let generator = try Generator(model, Tokenizer(), try Sampler(isGreedy: true))
    var random = Random(seed: 1, stream: "sampling")
    let out = try generator.generate(after: text[0..<1], count: 4, using: &random)
    print(history.compactMap(\.test).last.map { $0.accuracy > 0.8 } ?? false, out.ids == text[1..<5].tokens)
  }
}
