import Safepoint
import Tensors

/// When generation ends before all tokens are drawn.
public enum StopRule: String, CaseIterable, Sendable {
  /// After the first whole picture.
  case image
  /// After the first text, which a newline ends; the text before a picture that states its shape counts too.
  case text
}

/// Tokens that a model went on with.
public struct Generation: Equatable, Sendable {
  /// The tokens of the prompt.
  public let prompt: [UInt8]
  /// The tokens that the model drew.
  public let ids: [UInt8]
  /// The natural logarithm of the probability that the model itself gave each of them, before sampling shaped it.
  public let logProbabilities: [Float]
  /// Seconds that it took.
  public let seconds: Double
  /// The contexts of prompt and tokens, and of what was fed in between.
  public let patches: PatchSequence
  /// What prompt and tokens stand for.
  public let decoding: Decoding

  /// The tokens drawn per second.
  public var tokensPerSecond: Double { Double(ids.count) / seconds }
}

/// Known tokens that stand in between those that are drawn: `given` of them, then `drawn` that the model draws, and so on.
public struct FedTokens: Sendable {
  private let tokens: [UInt8]
  private let given: Int
  private let drawn: Int

  /// The tokens of a row behind a prompt. Throws for counts outside `TrainingOptions.counts`.
  public init(_ tokens: [UInt8], given: Int, drawn: Int) throws(ConfigurationError) {
    try ModelConfiguration.check("given", given, TrainingOptions.counts)
    try ModelConfiguration.check("tokens", drawn, TrainingOptions.counts)
    (self.tokens, self.given, self.drawn) = (tokens, given, drawn)
  }

  /// How many known tokens stand in between.
  public var givenCount: Int { tokens.count - count }

  /// How many tokens are drawn until as many stand there as there are known ones.
  public var count: Int {
    let (rounds, rest) = tokens.count.quotientAndRemainder(dividingBy: given + drawn)
    return rounds * drawn + max(0, rest - given)
  }

  /// Those that stand before the drawn token `number`.
  func tokens(before number: Int) -> ArraySlice<UInt8> {
    guard number % drawn == 0 else { return [] }
    let start = number / drawn * (given + drawn)
    return tokens[min(start, tokens.count)..<min(start + given, tokens.count)]
  }
}

/// Goes on with sequences token by token, the patch of each rebuilt from what was generated.
public struct Generator {
  private let model: any TokenModel
  private let tokenizer: Tokenizer
  private let sampler: Sampler
  private let grammar: PictureGrammar?

  /// With `keepsGrammar` only tokens are drawn that `PictureGrammar` allows. Throws when the model's tokens or
  /// contexts are not the tokenizer's.
  public init(
    _ model: any TokenModel, _ tokenizer: Tokenizer, _ sampler: Sampler, keepsGrammar: Bool = false
  ) throws(ConfigurationError) {
    guard model.tokenCount == tokenizer.vocabulary.count else {
      throw ConfigurationError(
        "the model has \(model.tokenCount) tokens and the tokenizer \(tokenizer.vocabulary.count)")
    }
    try model.check(reads: tokenizer.contextShape)
    (self.model, self.tokenizer, self.sampler) = (model, tokenizer, sampler)
    grammar = keepsGrammar ? PictureGrammar(tokenizer.vocabulary) : nil
  }

  /// Draws at most `count` tokens after `prompt`; `poll` is asked before each, with their number so far, and may throw.
  ///
  /// A model that can go on (`TokenModel.stepper`) costs the same a token at any length, or next to it, where it reads in one
  /// direction, and else works out again what the token changes in earlier positions; others read the whole sequence again.
  /// An empty prompt starts from a newline, the end of a row before.
  public func generate(
    after prompt: PatchSequence, count: Int, stop: StopRule? = nil, using random: inout Random,
    poll: (Int) throws -> Void = { _ in }
  ) throws -> Generation {
    var randoms = [random]
    let generation = try generate(after: prompt, count: count, stop: stop, using: &randoms, poll: poll)[0]
    random = randoms[0]
    return generation
  }

  /// Draws as many times as there are random streams, all in one batch; each draw depends on its own stream alone.
  public func generate(
    after prompt: PatchSequence, count: Int, stop: StopRule? = nil, using randoms: inout [Random],
    poll: (Int) throws -> Void = { _ in }
  ) throws -> [Generation] {
    try generate(after: randoms.map { _ in prompt }, count: count, stop: stop, using: &randoms, poll: poll)
  }

  /// Goes on with several prompts of one length in one batch, each with its own random stream; `fed` stands in between what is drawn.
  public func generate(
    after prompts: [PatchSequence], count: Int, stop: StopRule? = nil, rule: PatchBuilder.Rule = .encoded,
    fed: FedTokens? = nil, using randoms: inout [Random], poll: (Int) throws -> Void = { _ in }
  ) throws -> [Generation] {
    let clock = ContinuousClock()
    let start = clock.now
    let given = prompts.map { $0.count > 0 ? $0 : tokenizer.encode(text: "") }
    precondition(
      given.count == randoms.count && Set(given.map(\.count)).count <= 1, "prompts of one length are gone on with")
    var drafts = given.map { Draft($0, tokenizer.vocabulary, grammar, rule) }
    var stepper = model.stepper(batch: drafts.count)
    var seen = 0
    for step in 0..<max(0, count) where !drafts.allSatisfy(\.isDone) {
      try poll(step)
      for token in fed?.tokens(before: step) ?? [] {
        for index in drafts.indices { drafts[index].feed(token) }
      }
      let length = drafts[0].builder.patches.count
      let logits =
        try stepper?.logits(batch(drafts, seen..<length)) ?? model.logits(batch(drafts, 0..<length), .last, in: Pass())
      try Safepoint.check()
      let width = logits.shape[1]
      for index in drafts.indices {
        let row = Array(logits.values[index * width..<(index + 1) * width])
        drafts[index].take(row, sampler, stop, using: &randoms[index])
      }
      seen = length
    }
    for token in fed?.tokens(before: count) ?? [] {
      for index in drafts.indices { drafts[index].feed(token) }
    }
    let seconds = start.duration(to: clock.now).seconds
    return zip(prompts, drafts).map { prompt, draft in
      // What a sequence was filled up with behind its end is no part of it.
      let made = given[0].count + draft.length
      let patches = draft.builder.patches[(given[0].count - prompt.count)..<made]
      return Generation(
        prompt: prompt.tokens, ids: draft.ids, logProbabilities: draft.logProbabilities, seconds: seconds,
        patches: patches, decoding: tokenizer.decode(patches.tokens))
    }
  }

  /// The patches `range` of all sequences.
  private func batch(_ drafts: [Draft], _ range: Range<Int>) -> ContextBatch {
    ContextBatch(
      ids: drafts.flatMap { $0.builder.patches.ids[tokenizer.contextShape.places(range)] }, count: drafts.count,
      length: range.count, shape: tokenizer.contextShape)
  }
}

/// One sequence while it is drawn.
private struct Draft {
  private(set) var builder: PatchBuilder
  private(set) var ids: [UInt8] = []
  private(set) var logProbabilities: [Float] = []
  private(set) var isDone = false
  /// The tokens behind the prompt, drawn and fed.
  private(set) var length = 0
  private var grammar: PictureGrammar?
  private let vocabulary: Vocabulary
  private var before: UInt8

  init(_ given: PatchSequence, _ vocabulary: Vocabulary, _ grammar: PictureGrammar?, _ rule: PatchBuilder.Rule) {
    builder = PatchBuilder(continuing: given, vocabulary: vocabulary, rule: rule)
    (self.vocabulary, self.grammar) = (vocabulary, grammar)
    before = given.tokens.last ?? Vocabulary.newline
    for id in given.tokens { self.grammar?.take(id) }
  }

  /// Goes on with a token that is known; behind its end a sequence is only filled up.
  mutating func feed(_ token: UInt8) {
    builder.append(token)
    guard !isDone else { return }
    length += 1
    grammar?.take(token)
    before = token
  }

  /// Goes on with a token drawn from `logits`; behind its end a sequence is only filled up.
  mutating func take(_ logits: [Float], _ sampler: Sampler, _ stop: StopRule?, using random: inout Random) {
    guard !isDone else {
      builder.append(Vocabulary.newline)
      return
    }
    var allowed = logits
    grammar?.mask(&allowed)
    let token = sampler.token(allowed, using: &random)
    logProbabilities.append(Sampler.logProbability(of: token, in: logits))
    ids.append(token)
    length += 1
    builder.append(token)
    grammar?.take(token)
    isDone = ends(token, stop)
    before = token
  }

  private func ends(_ token: UInt8, _ stop: StopRule?) -> Bool {
    guard let stop, token == Vocabulary.newline else { return false }
    let endsImage = vocabulary.color(of: before) != nil || before == Vocabulary.tab
    return endsImage == (stop == .image)
  }
}
