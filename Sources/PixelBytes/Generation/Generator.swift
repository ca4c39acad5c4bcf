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
  /// Seconds that it took.
  public let seconds: Double
  /// What prompt and tokens stand for.
  public let decoding: Decoding

  /// The tokens drawn per second.
  public var tokensPerSecond: Double { Double(ids.count) / seconds }
}

/// Goes on with sequences token by token, the patch of each rebuilt from what was generated.
public struct Generator {
  private let model: SequenceModel
  private let tokenizer: Tokenizer
  private let sampler: Sampler

  /// Throws when the model's tokens are not the tokenizer's.
  public init(_ model: SequenceModel, _ tokenizer: Tokenizer, _ sampler: Sampler) throws(ConfigurationError) {
    guard model.configuration.vocabulary == tokenizer.vocabulary.count else {
      throw ConfigurationError(
        "the model has \(model.configuration.vocabulary) tokens and the tokenizer \(tokenizer.vocabulary.count)")
    }
    (self.model, self.tokenizer, self.sampler) = (model, tokenizer, sampler)
  }

  /// Draws at most `count` tokens after `prompt`; `poll` is asked before each, with their number so far, and may throw.
  ///
  /// A model of one direction keeps its state, so that a token costs the same at any length; one that reads both ways
  /// reads the whole sequence again for every token. An empty prompt starts from a newline, the end of a row before.
  public func generate(
    after prompt: PatchSequence, count: Int, stop: StopRule? = nil, using random: inout Random,
    poll: (Int) throws -> Void = { _ in }
  ) throws -> Generation {
    let clock = ContinuousClock()
    let start = clock.now
    let given = prompt.count > 0 ? prompt : tokenizer.encode(text: "")
    var builder = PatchBuilder(continuing: given, vocabulary: tokenizer.vocabulary, rule: .encoded)
    var stepper = model.stepper()
    var fresh = 0..<given.count
    var ids: [UInt8] = []
    while ids.count < count {
      try poll(ids.count)
      let logits =
        stepper?.logits(PatchBatch(builder.patches[fresh])) ?? model.logits(PatchBatch(builder.patches))
      let token = sampler.token(logits.values, using: &random)
      let before = ids.last ?? given.centers.last ?? Vocabulary.newline
      builder.append(token)
      ids.append(token)
      fresh = builder.patches.count - 1..<builder.patches.count
      if ends(token, after: before, stop) { break }
    }
    return Generation(
      prompt: prompt.centers, ids: ids, seconds: start.duration(to: clock.now).seconds,
      decoding: tokenizer.decode(prompt.centers + ids))
  }

  private func ends(_ token: UInt8, after before: UInt8, _ stop: StopRule?) -> Bool {
    guard let stop, token == Vocabulary.newline else { return false }
    let endsImage = tokenizer.vocabulary.color(of: before) != nil || before == Vocabulary.tab
    return endsImage == (stop == .image)
  }
}
