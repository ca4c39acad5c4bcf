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
  /// What prompt and tokens stand for.
  public let decoding: Decoding

  /// The tokens drawn per second.
  public var tokensPerSecond: Double { Double(ids.count) / seconds }
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
    _ = FreedMemory.isKept
    let clock = ContinuousClock()
    let start = clock.now
    let given = prompt.count > 0 ? prompt : tokenizer.encode(text: "")
    var drafts = [Draft](repeating: Draft(given, tokenizer.vocabulary, grammar), count: randoms.count)
    var stepper = model.stepper(batch: drafts.count)
    var fresh = 0..<given.count
    for step in 0..<max(0, count) where !drafts.allSatisfy(\.isDone) {
      try poll(step)
      let logits =
        try stepper?.logits(batch(drafts, fresh))
        ?? model.logits(batch(drafts, 0..<fresh.upperBound), .last, in: Pass())
      try Safepoint.check()
      let width = logits.shape[1]
      for index in drafts.indices {
        let row = Array(logits.values[index * width..<(index + 1) * width])
        drafts[index].take(row, sampler, stop, using: &randoms[index])
      }
      fresh = fresh.upperBound..<fresh.upperBound + 1
    }
    let seconds = start.duration(to: clock.now).seconds
    return drafts.map { draft in
      Generation(
        prompt: prompt.tokens, ids: draft.ids, logProbabilities: draft.logProbabilities, seconds: seconds,
        decoding: tokenizer.decode(prompt.tokens + draft.ids))
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
  private var grammar: PictureGrammar?
  private let vocabulary: Vocabulary
  private var before: UInt8

  init(_ given: PatchSequence, _ vocabulary: Vocabulary, _ grammar: PictureGrammar?) {
    builder = PatchBuilder(continuing: given, vocabulary: vocabulary, rule: .encoded)
    (self.vocabulary, self.grammar) = (vocabulary, grammar)
    before = given.tokens.last ?? Vocabulary.newline
    for id in given.tokens { self.grammar?.take(id) }
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
