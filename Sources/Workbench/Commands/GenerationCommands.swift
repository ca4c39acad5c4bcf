import PixelBytes
import PixelScript
import Tensors

extension StopRule: ScriptChoice {}

extension CommandGroup {
  static func generate(_ environment: Environment) -> Command {
    Command(
      "generate", "Lets a model go on with a prompt: after a caption it draws, after a picture it writes.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<GenerationPrompt?>(
        "prompt", "a row (its caption), a text, a picture or tokens; nothing starts a row of its own"),
      Parameter<Int>("tokens", "the most tokens to draw", default: 256),
      Parameter<Float>("temperature", "below 1 likely tokens become likelier", default: 1),
      Parameter<Int?>("top_k", "draw only from this many of the likeliest tokens"),
      Parameter<Float?>("top_p", "draw only from the likeliest tokens that together reach this probability"),
      Parameter<Bool>("greedy", "always take the likeliest token", default: false),
      Parameter<Bool>(
        "grammar", "draw only what keeps the rows of a picture at one width and ends pictures and texts properly",
        default: false),
      Parameter<StopRule?>("stop", "end after the first whole picture or the first text"),
      Parameter<Int?>("seed", "what decides the draws, in place of the session's seed"),
      Parameter<Int>("count", "how many outputs, drawn in one batch; more than one come as a list", default: 1),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1, bidirectional: false)
        out = generate(net, prompt: "a red cat", tokens: 20, seed: 1)
        print len(out.ids)  # expect: 20
        """
    ) { context, net, prompt, tokens, temperature, topK, topP, greedy, grammar, stop, seed, count in
      try requireCounts(["tokens": tokens, "count": count])
      // Layers are tried on as many positions as the prompt has, which depend on no vocabulary but that of the texts.
      let usual = net.vocabulary.map { Tokenizer($0) } ?? Tokenizer()
      let model = try net.model(length: max(1, try prompt?.patches(usual).count ?? 1), context)
      let tokenizer = try tokenizer(for: net, model)
      let sampler = try Sampler(temperature: temperature, topK: topK, topP: topP, isGreedy: greedy)
      let generator = try Generator(model, tokenizer, sampler, keepsGrammar: grammar)
      let patches = try prompt?.patches(tokenizer) ?? PatchSequence()
      // An output is its prompt and its tokens, nine ids each, with what is known of them.
      try context.reserve(bytes: count, times: 1024 + 32 * (patches.count + tokens), for: "an output")
      let meter = environment.progress("generate", total: tokens, unit: "tokens")
      defer { meter.finish() }
      func advance(_ done: Int) throws {
        meter.advance(to: done)
        try context.poll()
      }
      let outputs = try environment.withRandom("sampling", seed: seed) { random in
        if count == 1 {
          return [try generator.generate(after: patches, count: tokens, stop: stop, using: &random, poll: advance)]
        }
        var randoms = (0..<count).map { _ in Random(seed: random.next(), stream: "sampling") }
        return try generator.generate(after: patches, count: tokens, stop: stop, using: &randoms, poll: advance)
      }.map { OutputObject($0) }
      return count == 1 ? .object(outputs[0]) : .list(outputs.map { .object($0) })
    }
  }
}
