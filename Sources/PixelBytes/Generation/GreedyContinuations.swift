import Safepoint
import Tensors

/// Beginnings of rows that a model goes on with, always by the likeliest token.
public struct GreedyContinuations: Sendable {
  /// One of them.
  public struct Start: Sendable {
    /// What the model reads.
    let prompt: PatchSequence
    /// The most tokens that it then draws.
    let count: Int

    init(_ prompt: PatchSequence, count: Int) { (self.prompt, self.count) = (prompt, count) }
  }

  /// What was drawn of each.
  public let drawn: [Generation]

  /// The beginnings that are gone on with in one batch.
  private static let batch = 64

  /// Goes on with all; those of one length in batches. `poll` is asked between batches, with those done so far, and may throw to
  /// stop. Throws when the model reads other contexts or tokens than the tokenizer has.
  init(
    _ model: any TokenModel, _ tokenizer: Tokenizer, _ starts: [Start], stop: StopRule?, threads: Int,
    poll: (Int) throws -> Void = { _ in }
  ) throws {
    let generator = try Generator(model, tokenizer, try Sampler(isGreedy: true))
    var lengths: [Int: [Int]] = [:]
    for (index, start) in starts.enumerated() { lengths[start.prompt.count, default: []].append(index) }
    // Long ones first, so that no thread is left alone with one at the end.
    let parts = lengths.sorted { $0.key > $1.key }.flatMap { _, indices in
      stride(from: 0, to: indices.count, by: Self.batch).map {
        Array(indices[$0..<min($0 + Self.batch, indices.count)])
      }
    }
    let longest = starts.map { Size.sum([$0.prompt.count, $0.count]) }.max() ?? 0
    try Safepoint.reserve(10, times: longest, starts.count, for: "what a model goes on with")
    let workers = model.isConcurrent ? max(threads, 1) : 1
    var found = [Generation?](repeating: nil, count: starts.count)
    var done = 0
    for first in stride(from: 0, to: parts.count, by: workers) {
      try poll(done)
      let round = parts[first..<min(first + workers, parts.count)]
      let results = try Parallel.map(round.count, threads: workers) { place in
        let part = parts[first + place].map { starts[$0] }
        var randoms = part.map { _ in Random(seed: 0, stream: "sampling") }
        return try generator.generate(
          after: part.map(\.prompt), count: part.map(\.count).max() ?? 0, stop: stop, using: &randoms)
      }
      try Safepoint.check()
      for (part, result) in zip(round, results) {
        for (index, generation) in zip(part, result) { found[index] = generation }
        done += part.count
      }
    }
    drawn = found.compactMap(\.self)
  }
}
