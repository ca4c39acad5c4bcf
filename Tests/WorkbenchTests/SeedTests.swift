import PixelScript
import Testing
import Workbench

/// What the session's seed decides: of every command that takes `seed:`, its default says it, and this is true.
///
/// Without a default of its own a command draws from the session's seed. What rows a data set has, which of them are test rows, how they are
/// measured and in which order a model learns from them follow from a seed that is 0 wherever the call does not say another, so that runs
/// with several seeds are about the same data.
@Suite struct SeedTests {
  private static let layers = [
    "attention_layer": "8, heads: 2", "conv1d": "2, 3, 3", "conv2d": "2, 3, 3", "embedding": "5, 4", "linear": "2, 3",
    "lstm_layer": "2, 3",
    "mamba_layer": "4", "patch_embedding": "9", "best_model": "parameters: 20_000", "bimamba_plus": "dim: 9",
    "image_transformer": "dim: 16",
    "lstm": "dim: 9, state: 4", "mamba": "dim: 9", "mambabyte": "dim: 9", "mixmamba": "dim: 9", "resnet": "dim: 16",
    "transformer": "dim: 8",
  ]

  /// A call of each command, whose value tells what was drawn; %@ stands for the argument `seed:` and what parts it from those before.
  private static let calls: [String: String] =
    layers.reduce(into: [
      "batches": "[sum(b.inputs) for b in batches(data, batch: 4%@)][:3]", "choice": "choice(range(100_000)%@)",
      "compare": "compare([net], data, samples: 2, sequence: 8%@)",
      "confusion": "confusion(net, data, samples: 2, sequence: 8%@)",
      "copy_task": "copy_task(count: 3%@)[2].caption + str(tensor(copy_task(count: 3%@)[2].image))",
      "dropout": "dropout(ones(64), 0.5%@)", "evaluate": "evaluate(net, data, samples: 2, sequence: 8%@)",
      "generate": "generate(net, prompt: \"a\", tokens: 20, temperature: 2%@).ids",
      "generator": "randn(3, generator: generator(7))",
      "load_palette": "load_palette(data[0].image, colors: 2%@).colors", "multinomial": "multinomial(ones(5000), 9%@)",
      "pixelize": "tensor(pixelize(resize(data[0].image, 40)%@))", "rand": "rand(3%@)",
      "randint": "randint(0, 100_000, 9%@)",
      "randn": "randn(3%@)", "randperm": "randperm(99%@)", "sample": "sample(range(1000), 9%@)",
      "shuffle": "shuffle(range(50)%@)",
      "split": "[row.caption for row in split(data, test: 0.5%@)[0]]",
      "sprites": "[row.caption for row in sprites(count: 5, size: 8%@)]",
      "train": "train(copy(net), data, steps: 2, batch: 2, sequence: 8, live: false%@).train_loss",
    ]) { calls, layer in
      calls[layer.key] = "[sum(abs(p)) for p in values(\(layer.key)(\(layer.value)%@).parameters)]"
    }

  private static func results(_ name: String, _ call: String, argument: String) -> [String] {
    let written = call.split(separator: "%@", omittingEmptySubsequences: false).joined(separator: argument)
    return [1, 2].map { seed in
      let session = TestSession()
      let prelude =
        "data = sprites(count: 16, size: 8)\nnet = lstm(dim: 9, state: 4, depth: 1, seed: 3)\nseed \(seed)\n"
      return session.run(prelude + "print str(\(written))", echo: false)
    }
  }

  @Test func theDefaultSaysWhatTheSessionsSeedDecides() throws {
    let registry = TestSession().session.registry
    var found: Set<String> = []
    for command in registry.groups.flatMap(\.commands) {
      guard let seed = command.signature.first(where: { $0.name == "seed" }), found.insert(command.name).inserted else {
        continue
      }
      let call = try #require(Self.calls[command.name], "\(command.name) has no call here")
      let results = Self.results(command.name, call, argument: "")
      #expect(!results[0].contains("error["), "\(results[0])")
      let isOwn = seed.fallback != nil || !seed.isOptional
      #expect((results[0] == results[1]) == isOwn, "\(command.name): \(results)")
      #expect(seed.summary.contains("the session's") != isOwn, "\(command.name): \(seed.summary)")
      // A seed of its own is all that counts.
      guard seed.isOptional else { continue }
      let seeded = Self.results(command.name, call, argument: ", seed: 5")
      #expect(seeded[0] == seeded[1] && !seeded[0].contains("error["), "\(command.name): \(seeded)")
    }
    #expect(found == Set(Self.calls.keys))
  }
}
