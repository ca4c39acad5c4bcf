import Safepoint

/// What a model draws for rows: whether the rows of its pictures have one width, and the right size.
///
/// The model reads all that stands before the first picture of a row, and draws greedily to the end of a picture.
public struct PictureReport: Sendable {
  /// A picture that was drawn.
  public struct Drawing: Sendable {
    /// The row it was drawn for.
    public let row: Int
    /// Whether all its rows have one width, and it has an end.
    public let hasOneWidth: Bool
    /// Whether width and height are also those of the row's own picture.
    public let hasRightSize: Bool
    /// The picture; nil where no pixel was drawn.
    public let image: IndexedImage?
  }

  /// The pictures, row by row; rows without one of their own have none here.
  public let drawings: [Drawing]

  /// Lets `model` draw the pictures of `rows`. `poll` is asked between batches, with those drawn so far, and may throw to stop.
  ///
  /// Throws when the model reads other contexts or tokens than the tokenizer has.
  public init(
    _ model: any TokenModel, _ tokenizer: Tokenizer, _ sequences: TokenSequences, rows: [Int], threads: Int,
    poll: (Int) throws -> Void = { _ in }
  ) throws {
    var places: [(row: Int, layout: RowLayout)] = []
    var starts: [GreedyContinuations.Start] = []
    for row in rows {
      try Safepoint.check(after: sequences.length(of: row))
      let patches = try sequences.patches(of: row)
      guard let layout = RowLayout(patches.tokens, tokenizer.vocabulary) else { continue }
      places.append((row, layout))
      // Twice as much is wrong anyway.
      starts.append(.init(patches[0..<layout.picture.lowerBound], count: 2 * layout.picture.count))
    }
    let continuations = try GreedyContinuations(
      model, tokenizer, starts, stop: .image, threads: threads, poll: poll)
    drawings = zip(places, continuations.drawn).map { place, generation in
      let picture = RowLayout.rows(of: generation.ids[...])
      let isWhole =
        generation.ids.last == Vocabulary.newline
        && generation.ids.contains { tokenizer.vocabulary.color(of: $0) != nil }
        && generation.ids.dropLast().allSatisfy {
          tokenizer.vocabulary.color(of: $0) != nil || $0 == Vocabulary.tab
        }
      let hasOneWidth = isWhole && Set(picture).count == 1
      return Drawing(
        row: place.row, hasOneWidth: hasOneWidth,
        hasRightSize: hasOneWidth && picture == [Int](repeating: place.layout.width, count: place.layout.height),
        image: generation.decoding.images.last)
    }
  }

  /// The share of drawings that a rule holds for; NaN without any.
  public func share(_ rule: (Drawing) -> Bool) -> Double {
    Double(drawings.reduce(0) { $0 + (rule($1) ? 1 : 0) }) / Double(drawings.count)
  }
}
