/// Rebuilds the patch of each generated token from the tokens before it, as the published generator does.
///
/// The cost of a token does not depend on the length of the sequence. For the tokens of one encoded row the patches are
/// exactly those of the tokenizer.
public struct PatchBuilder: Sendable {
  /// What stands left of a text that follows another text's newline.
  public enum Rule: Sendable {
    /// The newline, as in the published generator; so a row that follows another begins differently than encoded.
    case published
    /// Nothing, as the tokenizer encodes it; so any number of rows, one after the other, come out as encoded.
    case encoded
  }

  /// The patches so far.
  public private(set) var patches: PatchSequence
  private let vocabulary: Vocabulary
  private let rule: Rule
  private var tokens: [UInt8]
  /// Where the row above starts: the position of the separator (or text) before it.
  private var above: Int
  /// Where the current row starts: the position of the separator (or text) before it.
  private var current: Int

  /// Creates a builder that continues `start`, whose patches are kept as they are.
  public init(
    continuing start: PatchSequence = PatchSequence(), vocabulary: Vocabulary = .pixelbytes,
    rule: Rule = .published
  ) {
    self.vocabulary = vocabulary
    self.rule = rule
    patches = start
    tokens = start.tokens
    let breaks = tokens.indices.reversed().lazy.filter { [tokens] in vocabulary.color(of: tokens[$0]) == nil }.prefix(2)
    current = breaks.first ?? 0
    above = breaks.dropFirst().first ?? current
    if tokens.indices.contains(current), tokens[current] == Vocabulary.newline { above = current }
  }

  /// Adds the next token and returns its patch, nine ids.
  @discardableResult
  public mutating func append(_ token: UInt8) -> ArraySlice<UInt8> {
    let place = tokens.count
    tokens.append(token)
    if vocabulary.color(of: token) != nil {
      appendPixel(token, at: place)
    } else if token == Vocabulary.tab || token == Vocabulary.newline {
      appendSeparator(token, at: place)
    } else {
      let left = self.token(at: place - 1)
      let isFirst = isPixel(place - 2) || rule == .encoded && left == Vocabulary.newline
      add(above: (0, 0, 0), left: isFirst ? 0 : left, token)
      startRow(after: place)
    }
    return patches.ids.suffix(patches.shape.cells)
  }

  private mutating func appendPixel(_ token: UInt8, at place: Int) {
    let column = place - current - 1
    if isPixel(place - 1) {
      let row = column < current - above ? cells(at: above + column) : (0, 0, 0)
      add(above: row, left: tokens[place - 1], token)
    } else if self.token(at: place - 1) == Vocabulary.tab, current - above > 1 {
      let row = cells(at: above)
      add(above: (0, row.1, row.2), left: 0, token)
    } else {
      add(above: (0, 0, 0), left: 0, token)
      // A pixel that follows text has no row to continue, so the published rule lets the row start at the pixel itself.
      if self.token(at: place - 1) != Vocabulary.newline { startRow(after: place) }
    }
  }

  private mutating func appendSeparator(_ token: UInt8, at place: Int) {
    let left = self.token(at: place - 1)
    if isPixel(place - 1), current - above > 1 {
      let row = cells(at: above + place - current - 1)
      add(above: (row.0, row.1, 0), left: left, token)
    } else {
      add(above: (0, 0, 0), left: left, token)
    }
    startRow(after: place)
    // The row above a new picture is not the last row of the picture before it.
    if token == Vocabulary.newline { above = place }
  }

  /// Adds the patch of a token from the row above it and its left neighbor; what comes behind it is not known.
  private mutating func add(above: (UInt8, UInt8, UInt8), left: UInt8, _ token: UInt8) {
    let known = [above.0, above.1, above.2, left, token]
    patches.append(known + repeatElement(Vocabulary.padding, count: patches.shape.cells - known.count))
  }

  private mutating func startRow(after place: Int) {
    if place > 0 { above = current }
    current = place
  }

  /// Three neighboring tokens, 0 where there is none yet.
  private func cells(at place: Int) -> (UInt8, UInt8, UInt8) {
    (token(at: place), token(at: place + 1), token(at: place + 2))
  }

  private func token(at place: Int) -> UInt8 {
    // The last token is the one whose patch is being built, and no part of its own neighborhood.
    place >= 0 && place < tokens.count - 1 ? tokens[place] : Vocabulary.padding
  }

  private func isPixel(_ place: Int) -> Bool {
    place >= 0 && place < tokens.count && vocabulary.color(of: tokens[place]) != nil
  }
}
