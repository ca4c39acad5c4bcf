import Safepoint

/// Whether what a model draws or writes for rows agrees with what is known of them, trait by trait.
///
/// Where a text stands before the picture of a row, the model draws, and its picture should have the traits that the caption states, or
/// all that are known where it states none of them. Where the picture comes first, the model writes, and what its text states should be
/// true of the row.
public struct TraitReport: Sendable {
  /// What one row came to.
  public struct Row: Sendable {
    /// The row.
    public let row: Int
    /// The traits that count, and whether each was met.
    public let traits: [(name: String, isMet: Bool)]
    /// Whether all were.
    public var isWhole: Bool { traits.allSatisfy(\.isMet) }
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
        let row = try data[drawing.row]
        let known = Sprites.known(of: row)
        let stated = Self.named(known, in: Sprites.traits(statedIn: row.caption))
        return Row(row: drawing.row, traits: (stated.isEmpty ? known : stated).map { ($0.name, found.contains($0)) })
      })
  }

  /// Lets `model` write behind the pictures of `rows` of a data set, and asks whether what the texts state is true; of a text that
  /// states nothing of what is known all that the row's own text states counts as missed. `poll` is asked between batches, with those
  /// written so far, and may throw to stop.
  public init(
    writing model: any TokenModel, _ tokenizer: Tokenizer, _ sequences: TokenSequences, of data: DataSet, rows: [Int],
    threads: Int, poll: (Int) throws -> Void = { _ in }
  ) throws {
    var asked: [(row: Int, known: [NamedText], own: [NamedText])] = []
    var starts: [GreedyContinuations.Start] = []
    for row in rows {
      try Safepoint.check(after: sequences.length(of: row))
      let patches = try sequences.patches(of: row)
      guard let layout = RowLayout(patches.tokens, tokenizer.vocabulary), !layout.textBehind.isEmpty else { continue }
      let own = Sprites.traits(statedIn: tokenizer.decode(Array(patches.tokens[layout.textBehind])).text)
      let known = Sprites.known(of: try data[row])
      asked.append((row, known.isEmpty ? own : known, own))
      starts.append(.init(patches[0..<layout.picture.upperBound], count: 2 * layout.textBehind.count))
    }
    let continuations = try GreedyContinuations(
      model, tokenizer, starts, stop: .text, threads: threads, poll: poll)
    self.init(
      try zip(asked, continuations.drawn).map { asked, generation in
        try Safepoint.check()
        let stated = Self.named(Sprites.traits(statedIn: tokenizer.decode(generation.ids).text), in: asked.known)
        return Row(
          row: asked.row,
          traits: stated.isEmpty
            ? asked.own.map { ($0.name, false) } : stated.map { ($0.name, asked.known.contains($0)) })
      })
  }

  /// Those of `traits` of whose kind there is one among `others`.
  private static func named(_ traits: [NamedText], in others: [NamedText]) -> [NamedText] {
    traits.filter { trait in others.contains { $0.name == trait.name } }
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

  /// The traits that count in any row, in the order of those of sprites.
  public var names: [String] {
    Sprites.traitNames.filter { name in rows.contains { row in row.traits.contains { $0.name == name } } }
  }

  /// How many of the traits of a row that count were met, and how many there are: of one trait, or of all.
  public func counts(of row: Row, _ name: String? = nil) -> [Double] {
    let traits = row.traits.filter { name == nil || $0.name == name }
    return [Double(traits.filter(\.isMet).count), Double(traits.count)]
  }

  /// The share of the traits that were met: of one trait, or of all; NaN where none counts.
  public func agreement(_ name: String? = nil) -> Double {
    let counts = rows.map { self.counts(of: $0, name) }
    return counts.reduce(0) { $0 + $1[0] } / counts.reduce(0) { $0 + $1[1] }
  }
}
