import Safepoint
import Tensors

/// How sequences are cut into training windows.
public enum WindowRule: String, CaseIterable, Sendable {
  /// Windows of one length that start every `stride` tokens and wrap round the end of their sequence, as in the paper.
  case circular
  /// A window starts where its row starts and holds the whole row; a row longer than a window goes on in another one. Every token
  /// but a row's first is the target of one window, and none follows from a wrapped one.
  case rows

  /// The rows that are looked at for one with a picture.
  static let searched = 1000

  /// The rule where nobody gives one: rows where all positions are learned from and the rows begin with captions that a picture
  /// follows, as the first of the first thousand with a picture does; else circular.
  public static func usual(for sequences: TokenSequences, _ positions: Positions) throws -> WindowRule {
    guard positions == .all else { return .circular }
    for index in 0..<min(sequences.count, searched) {
      try Safepoint.check(after: sequences.length(of: index))
      guard let row = try sequences.tokens(of: index) else { return .circular }
      guard let picture = row.runs.firstIndex(where: { $0.rowLength > 0 }) else { continue }
      return picture > 0 && !row.beginsWithShape(in: sequences.vocabulary) ? .rows : .circular
    }
    return .circular
  }
}

extension EncodedRow {
  /// Whether the first run states the patches of a picture.
  fileprivate func beginsWithShape(in vocabulary: Vocabulary) -> Bool {
    let bytes = tokens.prefix((runs.first?.count ?? 1) - 1).compactMap { vocabulary.byte(of: $0) }
    return Tokenizer.statedPatches(String(decoding: bytes, as: UTF8.self)) != nil
  }
}
