/// Where the picture of a row is among its tokens, and where its caption.
struct RowLayout {
  /// The tokens of the picture, with the newline that ends it.
  let picture: Range<Int>
  /// Its pixels a row.
  let width: Int
  /// Its rows.
  let height: Int
  /// Whether a text other than the picture's shape stands before it.
  let hasTextBefore: Bool
  /// The text behind it, with the newline that ends it; empty without one.
  let textBehind: Range<Int>

  /// Looks for the first picture in the tokens of a row; nil where there is none.
  init?(_ tokens: [UInt8], _ vocabulary: Vocabulary) {
    guard let start = tokens.firstIndex(where: { vocabulary.color(of: $0) != nil }) else { return nil }
    let behind = tokens[start...]
    let end = behind.firstIndex(of: Vocabulary.newline).map { $0 + 1 } ?? tokens.count
    let rows = Self.rows(of: tokens[start..<end])
    picture = start..<end
    (width, height) = (rows.first ?? 0, rows.count)
    let lines = tokens[..<start].split(separator: Vocabulary.newline).map { line in
      String(decoding: line.compactMap { vocabulary.byte(of: $0) }, as: UTF8.self)
    }
    hasTextBefore = lines.contains { Tokenizer.statedPatches($0) == nil }
    let isText = end < tokens.count && vocabulary.kind(of: tokens[end]) == .text
    textBehind =
      isText ? end..<(tokens[end...].firstIndex(of: Vocabulary.newline).map { $0 + 1 } ?? tokens.count) : end..<end
  }

  /// How many tokens stand in each row of a picture, which tabs divide and a newline ends.
  static func rows(of picture: ArraySlice<UInt8>) -> [Int] {
    let inside = picture.last == Vocabulary.newline ? picture.dropLast() : picture
    return inside.split(separator: Vocabulary.tab, omittingEmptySubsequences: false).map(\.count)
  }
}
