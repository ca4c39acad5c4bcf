import Safepoint

/// Whether what a model draws or writes for rows agrees with what is known of them, trait by trait.
///
/// Where a text stands before the picture of a row, the model draws, and its picture should have the traits that are known of the
/// row's. Where the picture comes first, it writes, and its text should state what the row's own caption states.
public struct TraitReport: Sendable {
  /// What one row came to.
  public struct Row: Sendable {
    /// The row.
    public let row: Int
    /// The traits that are known of it, and whether each was met.
    public let traits: [(name: String, isMet: Bool)]
  }

  /// The rows of which something is known.
  public let rows: [Row]

  /// Compares what was drawn or written with what is known.
  private init(_ rows: [Row]) { self.rows = rows.filter { !$0.traits.isEmpty } }

  /// Compares the pictures of a report with the rows of the data set that they were drawn for.
  public init(_ pictures: PictureReport, of data: DataSet) throws {
    var reader = TraitReader()
    self.init(
      try pictures.drawings.map { drawing in
        try Safepoint.check()
        let found = drawing.image.map { reader.read($0).traits } ?? []
        return Row(
          row: drawing.row, traits: Sprites.known(of: try data[drawing.row]).map { ($0.name, found.contains($0)) })
      })
  }

  /// Lets `model` write behind the pictures of `rows`, and compares the texts with the captions. `poll` is asked between batches,
  /// with those written so far, and may throw to stop.
  public init(
    writing model: any TokenModel, _ tokenizer: Tokenizer, _ sequences: TokenSequences, rows: [Int], threads: Int,
    poll: (Int) throws -> Void = { _ in }
  ) throws {
    var stated: [(row: Int, traits: [NamedText])] = []
    var starts: [GreedyContinuations.Start] = []
    for row in rows {
      try Safepoint.check(after: sequences.length(of: row))
      let patches = try sequences.patches(of: row)
      guard let layout = RowLayout(patches.tokens, tokenizer.vocabulary), !layout.textBehind.isEmpty else { continue }
      stated.append((row, Sprites.traits(statedIn: tokenizer.decode(Array(patches.tokens[layout.textBehind])).text)))
      starts.append(.init(patches[0..<layout.picture.upperBound], count: 2 * layout.textBehind.count))
    }
    let continuations = try GreedyContinuations(
      model, tokenizer, starts, stop: .text, threads: threads, poll: poll)
    self.init(
      try zip(stated, continuations.drawn).map { known, generation in
        try Safepoint.check()
        let found = Sprites.traits(statedIn: tokenizer.decode(generation.ids).text)
        return Row(row: known.row, traits: known.traits.map { ($0.name, found.contains($0)) })
      })
  }

  /// Whether models of these rows draw; false where they write; nil without a picture among the first thousand.
  public static func draws(_ sequences: TokenSequences) throws -> Bool? {
    for row in 0..<min(sequences.count, 1000) {
      try Safepoint.check(after: sequences.length(of: row))
      guard let layout = RowLayout(try sequences.patches(of: row).tokens, sequences.vocabulary) else { continue }
      return layout.hasTextBefore || layout.textBehind.isEmpty
    }
    return nil
  }

  /// The traits that are known of any row, in the order of those of sprites.
  public var names: [String] {
    Sprites.traitNames.filter { name in rows.contains { row in row.traits.contains { $0.name == name } } }
  }

  /// How many of the known traits of a row were met, and how many there are: of one trait, or of all.
  public func counts(of row: Row, _ name: String? = nil) -> [Double] {
    let traits = row.traits.filter { name == nil || $0.name == name }
    return [Double(traits.filter(\.isMet).count), Double(traits.count)]
  }

  /// The share of the known traits that were met: of one trait, or of all; NaN where none is known.
  public func agreement(_ name: String? = nil) -> Double {
    let counts = rows.map { self.counts(of: $0, name) }
    return counts.reduce(0) { $0 + $1[0] } / counts.reduce(0) { $0 + $1[1] }
  }
}
