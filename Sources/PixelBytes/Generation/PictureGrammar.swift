/// Which tokens may follow so that texts end, all rows of a picture have one width, and pictures end with their last row.
///
/// A part begins with a byte or a color. A text goes on in bytes to its newline; a picture in rows of colors, each as long as
/// its first and ended by a tab, the last by a newline. Right behind a text that states a number of patches, such as
/// "(272, 3)", the picture has exactly so many: its first row ends only where that number is a whole number of rows.
public struct PictureGrammar: Sendable {
  private enum Place {
    case start
    case text
    /// In a picture: the pixels of this row so far, the width once the first row has ended, and the finished rows.
    case picture(column: Int, width: Int?, rows: Int)
  }

  private let vocabulary: Vocabulary
  private var place = Place.start
  private var text: [UInt8] = []
  /// The patches of the picture that follows a text that states them.
  private var stated: Int?

  /// A grammar in front of a first part.
  public init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Goes on behind a token, be it one that the grammar allows or not.
  public mutating func take(_ id: UInt8) {
    let isColor = vocabulary.color(of: id) != nil
    switch place {
    case .picture(let column, let width, let rows):
      if isColor {
        place = .picture(column: column + 1, width: width, rows: rows)
      } else if id == Vocabulary.tab {
        place = .picture(column: 0, width: width ?? column, rows: rows + 1)
      } else {
        stated = nil
        place = .start
        if id != Vocabulary.newline { take(id) }
      }
    case .start, .text:
      if isColor {
        place = .picture(column: 1, width: nil, rows: 0)
        text = []
      } else if id == Vocabulary.newline {
        let count = Tokenizer.statedPatches(String(decoding: text, as: UTF8.self))
        stated = count.flatMap { $0 > 1 ? $0 : nil }
        (place, text) = (.start, [])
      } else {
        if let byte = vocabulary.byte(of: id) { text.append(byte) }
        place = .text
      }
    }
  }

  /// Whether a token may follow.
  public func allows(_ id: UInt8) -> Bool {
    guard id != Vocabulary.padding else { return false }
    let isColor = vocabulary.color(of: id) != nil
    switch place {
    case .start:
      return isColor || (stated == nil && isLetter(id))
    case .text: return id == Vocabulary.newline || isLetter(id)
    case .picture(let column, let width?, let rows):
      if column < width { return isColor }
      guard let stated else { return id == Vocabulary.tab || id == Vocabulary.newline }
      return id == ((rows + 1) * (width + 1) < stated ? Vocabulary.tab : Vocabulary.newline)
    case .picture(let column, nil, _):
      guard let stated else { return isColor || id == Vocabulary.tab || id == Vocabulary.newline }
      if column + 1 >= stated { return id == Vocabulary.newline }
      return isColor || (id == Vocabulary.tab && stated % (column + 1) == 0)
    }
  }

  /// Sets the logits of all tokens that may not follow to minus infinity; at least one may.
  public func mask(_ logits: inout [Float]) {
    for id in logits.indices where !allows(UInt8(id)) { logits[id] = -.infinity }
  }

  private func isLetter(_ id: UInt8) -> Bool {
    id != Vocabulary.tab && id != Vocabulary.newline && vocabulary.byte(of: id) != nil
  }
}
