import Formats
import Safepoint
import Tensors

/// A figure of a `ContinuationReport`.
public enum ContinuationMetric: String, CaseIterable, Sendable {
  case hamming, cosine, bleu

  /// Its value.
  public func value(of similarity: SequenceSimilarity) -> Double {
    switch self {
    case .hamming: similarity.hamming
    case .cosine: similarity.cosine
    case .bleu: similarity.bleu
    }
  }
}

/// How a model goes on with parts of rows: the published evaluation of generation.
///
/// Windows of a prompt and of the tokens after it start every so many tokens and wrap round the end of their row. The model goes
/// on greedily, the patches of its tokens rebuilt by the published rule.
public struct ContinuationReport: Sendable {
  /// How one window was gone on with.
  public struct Window: Equatable, Sendable {
    /// The row.
    public let row: Int
    /// The number of the window in its row.
    public let number: Int
    /// All ids of the contexts, as published.
    public let contexts: SequenceSimilarity
    /// The tokens alone.
    public let tokens: SequenceSimilarity
    /// The contexts of who says the last tokens of the prompt once more.
    public let repeatedContexts: SequenceSimilarity
    /// The tokens of who does.
    public let repeatedTokens: SequenceSimilarity

    /// Creates the figures of a window.
    public init(
      row: Int, number: Int, contexts: SequenceSimilarity, tokens: SequenceSimilarity,
      repeatedContexts: SequenceSimilarity, repeatedTokens: SequenceSimilarity
    ) {
      (self.row, self.number, self.contexts, self.tokens) = (row, number, contexts, tokens)
      (self.repeatedContexts, self.repeatedTokens) = (repeatedContexts, repeatedTokens)
    }
  }

  /// The windows, row by row.
  public let windows: [Window]

  /// The windows that are gone on with in one batch.
  private static let batch = 64

  /// The windows of `prompt` and then `count` tokens of `sequences`, one behind the other.
  ///
  /// Throws for counts outside `TrainingOptions.counts`.
  public static func windows(of sequences: TokenSequences, prompt: Int, count: Int) throws -> Windows {
    try ModelConfiguration.check("prompt", prompt, TrainingOptions.counts)
    try ModelConfiguration.check("tokens", count, TrainingOptions.counts)
    // The token after a window is its last one here.
    return try Windows(sequences, length: prompt + count - 1, stride: prompt + count)
  }

  /// Lets `model` go on behind the first `prompt` tokens of the windows `indices`, by default all. `poll` is asked between batches,
  /// with the windows done so far, and may throw to stop.
  ///
  /// Throws when the model reads other contexts or tokens than the tokenizer has.
  public init(
    _ model: any TokenModel, _ tokenizer: Tokenizer, _ cut: Windows, prompt: Int, indices: [Int]? = nil, threads: Int,
    poll: (Int) throws -> Void = { _ in }
  ) throws {
    precondition(prompt <= cut.length, "a prompt of \(prompt) tokens in windows of \(cut.length + 1)")
    let generator = try Generator(model, tokenizer, try Sampler(isGreedy: true))
    let indices = indices ?? Array(0..<cut.count)
    try Safepoint.reserve(256, times: indices.count, for: "the figures of an evaluation")
    try Safepoint.reserve(
      model.workBytes(positions: Size.product(prompt, min(Self.batch, indices.count))), for: "the work of an evaluation"
    )
    var found: [Window] = []
    let round = Self.batch * max(threads, 1)
    for start in stride(from: 0, to: indices.count, by: round) {
      try poll(start)
      let parts = stride(from: start, to: min(start + round, indices.count), by: Self.batch).map {
        indices[$0..<min($0 + Self.batch, indices.count)]
      }
      let results = try Parallel.map(parts.count, threads: model.isConcurrent ? threads : 1) { part in
        try Self.windows(cut, parts[part], generator, prompt: prompt)
      }
      try Safepoint.check()
      for result in results { found += result }
    }
    windows = found
  }

  private static func windows(
    _ cut: Windows, _ indices: ArraySlice<Int>, _ generator: Generator, prompt: Int
  ) throws -> [Window] {
    let contexts = try cut.contexts(indices)
    let rows = (0..<indices.count).map {
      PatchSequence(ids: contexts.sequences($0..<$0 + 1).ids, shape: contexts.shape)
    }
    let count = contexts.length - prompt
    // Nothing is drawn from them by one who takes the likeliest.
    var randoms = rows.map { _ in Random(seed: 0, stream: "sampling") }
    let drawn = try generator.generate(
      after: rows.map { $0[0..<prompt] }, count: count, rule: .published, using: &randoms)
    return zip(zip(indices, rows), drawn).map { window, generation in
      let (index, row) = window
      let place = cut.place(of: index)
      let target = row[prompt..<row.count]
      let made = generation.patches[prompt..<row.count]
      // A prompt shorter than what is asked for is said over and over.
      let repeated = PatchSequence(
        ids: (0..<count).flatMap { place in
          let period = min(count, prompt)
          return row[prompt - period + place % period..<prompt - period + place % period + 1].ids
        }, shape: row.shape)
      return Window(
        row: place.sequence, number: place.start / row.count,
        contexts: SequenceSimilarity(of: made.ids, to: target.ids),
        tokens: SequenceSimilarity(of: made.tokens, to: target.tokens),
        repeatedContexts: SequenceSimilarity(of: repeated.ids, to: target.ids),
        repeatedTokens: SequenceSimilarity(of: repeated.tokens, to: target.tokens))
    }
  }

  /// The mean of a figure over the windows that have it, and its standard deviation (n - 1); NaN without any.
  public func summary(
    of metric: ContinuationMetric, _ part: KeyPath<Window, SequenceSimilarity> = \.contexts
  ) -> (mean: Double, deviation: Double) {
    let values = windows.map { metric.value(of: $0[keyPath: part]) }.filter { !$0.isNaN }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  /// The published file: a line a window, `row,n_seq,hamming,cosine,bleu`; what is no number is left empty.
  public var csv: String {
    CSV.text(
      columns: ["row", "n_seq"] + ContinuationMetric.allCases.map(\.rawValue),
      rows: windows.map { window in
        ["\(window.row)", "\(window.number)"]
          + ContinuationMetric.allCases.map { metric in
            let value = metric.value(of: window.contexts)
            return value.isNaN ? "" : "\(value)"
          }
      })
  }
}
