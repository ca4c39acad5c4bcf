import Safepoint

/// How well a model says again what a row says twice.
///
/// The second time is the longest end of a row, or of its picture, without the separator that ends it, that stands in the row
/// before and does not reach into itself. The model reads all before it and goes on greedily.
public struct CopyReport: Sendable {
  /// What one row came to.
  public struct Row: Sendable {
    /// The row.
    public let row: Int
    /// How many tokens of the second time were told right.
    public let right: Int
    /// How many there are.
    public let count: Int
  }

  /// The rows that say something twice.
  public let rows: [Row]

  /// Lets `model` copy in `rows`. `poll` is asked between batches, with the rows done so far, and may throw to stop.
  ///
  /// Throws when the model reads other contexts or tokens than the tokenizer has.
  public init(
    _ model: any TokenModel, _ tokenizer: Tokenizer, _ sequences: TokenSequences, rows: [Int], threads: Int,
    poll: (Int) throws -> Void = { _ in }
  ) throws {
    var copies: [(row: Int, tokens: ArraySlice<UInt8>)] = []
    var starts: [GreedyContinuations.Start] = []
    for row in rows {
      let patches = try sequences.patches(of: row)
      let tokens = patches.tokens
      let picture = RowLayout(tokens, tokenizer.vocabulary)?.picture.upperBound ?? 0
      let ends = [try Self.copy(in: tokens), try Self.copy(in: Array(tokens[..<picture]))]
      let copy = ends[0].count < ends[1].count ? ends[1] : ends[0]
      guard !copy.isEmpty else { continue }
      copies.append((row, tokens[copy]))
      starts.append(.init(patches[0..<copy.lowerBound], count: copy.count))
    }
    let continuations = try GreedyContinuations(model, tokenizer, starts, stop: nil, threads: threads, poll: poll)
    self.rows = zip(copies, continuations.drawn).map { copy, generation in
      let right = zip(copy.tokens, generation.ids).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
      return Row(row: copy.row, right: right, count: copy.tokens.count)
    }
  }

  /// Where a row says something for the second time; an empty range where it does not.
  static func copy(in tokens: [UInt8]) throws -> Range<Int> {
    var end = tokens.count
    while end > 0, [Vocabulary.tab, Vocabulary.newline].contains(tokens[end - 1]) { end -= 1 }
    let reversed = Array(tokens[..<end].reversed())
    // How far what starts at a place goes as the beginning does (Gusfield's Z).
    var lengths = [Int](repeating: 0, count: end)
    var (left, right, longest) = (0, 0, 0)
    for place in stride(from: 1, to: end, by: 1) {
      try Safepoint.check(after: 5)
      if place < right { lengths[place] = min(right - place, lengths[place - left]) }
      while place + lengths[place] < end, reversed[lengths[place]] == reversed[place + lengths[place]] {
        lengths[place] += 1
      }
      if place + lengths[place] > right { (left, right) = (place, place + lengths[place]) }
      longest = max(longest, min(lengths[place], place))
    }
    return end - longest..<end
  }

  /// The share of tokens told right.
  public var share: Double {
    Double(rows.reduce(0) { $0 + $1.right }) / Double(rows.reduce(0) { $0 + $1.count })
  }

  /// The share of rows whose second time is told right as a whole.
  public var wholeShare: Double {
    Double(rows.reduce(0) { $0 + ($1.right == $1.count ? 1 : 0) }) / Double(rows.count)
  }
}
