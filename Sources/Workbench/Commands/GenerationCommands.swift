import PixelBytes
import PixelScript
import Safepoint
import Tensors

extension StopRule: ScriptChoice {}

extension CommandGroup {
  static func generate(_ environment: Environment) -> Command {
    Command(
      "generate", "Lets a model go on with a prompt: after a caption it draws, after a picture it writes.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<GenerationPrompt?>(
        "prompt",
        "a row (its caption), a text, a picture or tokens; nothing starts a row of its own; beside `row` how many of its tokens"
      ),
      Parameter<Int?>("tokens", "the most tokens to draw, by default 256; beside `given` how many in turn"),
      Parameter<Float>("temperature", "below 1 likely tokens become likelier", default: 1),
      Parameter<Int?>("top_k", "draw only from this many of the likeliest tokens"),
      Parameter<Float?>("top_p", "draw only from the likeliest tokens that together reach this probability"),
      Parameter<Bool?>("greedy", "always take the likeliest token, by default only beside `row`"),
      Parameter<Bool>(
        "grammar", "draw only what keeps the rows of a picture at one width and ends pictures and texts properly",
        default: false),
      Parameter<StopRule?>("stop", "end after the first whole picture or the first text"),
      Parameter<Int?>("seed", "what decides the draws, in place of the session's seed"),
      Parameter<Int>("count", "how many outputs, drawn in one batch; more than one come as a list", default: 1),
      Parameter<Int>(
        "best_of", "how many are drawn for each output; that whose tokens the model finds likeliest on average is kept",
        default: 1, byName: true),
      Parameter<RowObject?>("row", "a row that the model goes on with, as `build` arranges it", byName: true),
      Parameter<Int?>(
        "given", "tokens of the row that are given in turn with those drawn, to the row's end", byName: true),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1, bidirectional: false)
        out = generate(net, prompt: "a red cat", tokens: 20, seed: 1)
        print len(out.ids)  # expect: 20
        row = sprites(count: 1, size: 8)[0]
        out = generate(net, row: row, prompt: 64, given: 32, tokens: 8)
        print len(out.patches) == len(encode(row)), len(out.ids)  # expect: true 16
        """
    ) { context, net, prompt, tokens, temperature, topK, topP, greedy, grammar, stop, seed, count, bestOf, row, given in
      try requireCounts(["tokens": tokens ?? 1, "count": count, "best_of": bestOf, "given": given ?? 1])
      // Layers are tried on as many positions as the prompt has, which depend on no vocabulary but that of the texts.
      let usual = net.vocabulary.map { Tokenizer($0) } ?? Tokenizer()
      let length = try prompt?.tokenCount.map { min($0, 1024) } ?? prompt?.patches(usual).count ?? 1
      let model = try net.model(length: max(1, length), context)
      let tokenizer = try tokenizer(for: net, model)
      let start = try GenerationStart(prompt, row: row, given: given, tokens: tokens, tokenizer)
      let sampler = try Sampler(temperature: temperature, topK: topK, topP: topP, isGreedy: greedy ?? (row != nil))
      if bestOf > 1, sampler.isGreedy {
        throw ScriptError(
          .value, "the greedy draws that best_of would choose from are all the same", argument: "best_of")
      }
      let generator = try Generator(model, tokenizer, sampler, keepsGrammar: grammar)
      // An output is its prompt and its tokens, nine ids each, with what is known of them.
      let draws = Size.product(count, bestOf)
      try context.reserve(bytes: draws, times: 1024 + 32 * (start.prompt.count + start.length), for: "an output")
      let meter = environment.progress("generate", total: start.count, unit: "tokens")
      defer { meter.finish() }
      func advance(_ done: Int) throws {
        meter.advance(to: done)
        try context.poll()
      }
      let drawn = try environment.withRandom("sampling", seed: seed) { random in
        // One draw goes on with the stream itself.
        var randoms = draws == 1 ? [random] : (0..<draws).map { _ in Random(seed: random.next(), stream: "sampling") }
        defer { if draws == 1 { random = randoms[0] } }
        return try generator.generate(
          after: randoms.map { _ in start.prompt }, count: start.count, stop: stop, fed: start.fed, using: &randoms,
          poll: advance)
      }
      let outputs = stride(from: 0, to: draws, by: bestOf).compactMap { first in
        likeliest(drawn[first..<first + bestOf]).map { OutputObject($0, tokenizer) }
      }
      return count == 1 ? .object(outputs[0]) : .list(outputs.map { .object($0) })
    }
  }
}

/// The draw to whose tokens the model gives the highest mean logarithm of their probabilities, the first of equal ones.
private func likeliest(_ draws: ArraySlice<Generation>) -> Generation? {
  func mean(_ draw: Generation) -> Double {
    draw.ids.isEmpty
      ? -.infinity : draw.logProbabilities.reduce(0.0) { $0 + Double($1) } / Double(draw.ids.count)
  }
  return draws.max { mean($0) < mean($1) }
}

/// What a model goes on from.
private struct GenerationStart {
  /// What it reads first.
  let prompt: PatchSequence
  /// The most tokens that it draws.
  let count: Int
  /// What it is given in between.
  let fed: FedTokens?

  /// The tokens behind the prompt.
  var length: Int { count + (fed?.givenCount ?? 0) }

  init(_ prompt: GenerationPrompt?, row: RowObject?, given: Int?, tokens: Int?, _ tokenizer: Tokenizer) throws {
    guard let row else {
      if let count = prompt?.tokenCount {
        throw ScriptError(
          .type, "prompt is the number \(count), expected \(GenerationPrompt.scriptName)",
          help: "beside `row:` it is a number of tokens", argument: "prompt")
      }
      if given != nil { throw ScriptError(.value, "there is no `row:` whose tokens are given", argument: "given") }
      self.prompt = try prompt?.patches(tokenizer) ?? PatchSequence()
      (count, fed) = (tokens ?? 256, nil)
      return
    }
    let whole = try Self.patches(of: row, tokenizer)
    let first = try prompt.map { prompt in
      guard let count = prompt.tokenCount else {
        throw ScriptError(.type, "beside `row:` prompt is a number of its tokens", argument: "prompt")
      }
      return count
    }
    guard (1...whole.count).contains(first ?? 1) else {
      throw ScriptError(
        .value, "prompt must be from 1 to the \(whole.count) tokens of the row, found \(first ?? 1)", argument: "prompt"
      )
    }
    let known = min(first ?? 64, whole.count)
    self.prompt = whole[0..<known]
    fed = try given.map { try FedTokens(Array(whole.tokens[known...]), given: $0, drawn: tokens ?? 8) }
    count = fed?.count ?? tokens ?? (whole.count - known)
  }

  /// The tokens of a row: its own when it is built, else as `build` makes them.
  private static func patches(of row: RowObject, _ tokenizer: Tokenizer) throws -> PatchSequence {
    if let patches = row.row.patches {
      guard row.tokenizer == tokenizer else {
        throw ScriptError(.value, "the row is built with another tokenizer than the model's", argument: "row")
      }
      return patches
    }
    var options = BuildOptions()
    (options.tokenizer, options.maxSize) = (tokenizer, defaultMaxSize)
    return try options.built(row.row).tokens.patches
  }
}
