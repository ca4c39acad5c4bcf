import Safepoint

extension EncodedRow {
  /// The row with its pictures mirrored and the words left and right of its texts exchanged; nil without a picture.
  package func mirrored(in vocabulary: Vocabulary) -> EncodedRow? {
    guard runs.contains(where: { $0.rowLength > 0 }) else { return nil }
    var row = EncodedRow()
    var start = 0
    for run in runs {
      let part = tokens[start..<start + run.count]
      start += run.count
      guard run.rowLength > 0 else {
        row.append(Self.exchanged(part, vocabulary))
        continue
      }
      var rows: [UInt8] = []
      for first in stride(from: part.startIndex, to: part.endIndex, by: run.rowLength) {
        // The separator stays behind its row.
        let separator = first + run.rowLength - 1
        rows.append(contentsOf: part[first..<separator].reversed())
        rows.append(part[separator])
      }
      row.append(rows, rowLength: run.rowLength)
    }
    return row
  }

  /// A text with right in place of each word left, and the other way round; their letters stay as large as they are.
  private static func exchanged(_ text: ArraySlice<UInt8>, _ vocabulary: Vocabulary) -> [UInt8] {
    var (result, word): ([UInt8], [UInt8]) = ([], [])
    for token in text {
      if vocabulary.isLetter(token) {
        word.append(token)
      } else {
        result += exchanged(word, vocabulary) + [token]
        word = []
      }
    }
    return result + exchanged(word, vocabulary)
  }

  private static func exchanged(_ word: [UInt8], _ vocabulary: Vocabulary) -> [UInt8] {
    guard word.count == 4 || word.count == 5 else { return word }
    let text = String(decoding: word.compactMap { vocabulary.byte(of: $0) }, as: UTF8.self)
    for (one, other) in [("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT")] {
      if text == one { return other.utf8.map { vocabulary.id(ofByte: $0) } }
      if text == other { return one.utf8.map { vocabulary.id(ofByte: $0) } }
    }
    return word
  }
}

extension Vocabulary {
  /// Whether a token is a letter of ASCII, or a byte of one beyond it.
  fileprivate func isLetter(_ token: UInt8) -> Bool {
    guard let byte = byte(of: token) else { return false }
    return byte >= 0x80 || (0x41...0x5A).contains(byte & 0xDF)
  }
}

extension TokenSequences {
  /// The row of a sequence mirrored; nil where it has no picture or only its contexts are known.
  func mirrored(of index: Int) throws -> EncodedRow? { try tokens(of: index)?.mirrored(in: vocabulary) }

  /// The tokens of the longest row that is mirrored; 0 of none.
  var longestMirrored: Int {
    get throws {
      try (0..<count).reduce(0) {
        try Safepoint.check(after: length(of: $1))
        return max($0, try mirrored(of: $1)?.tokens.count ?? 0)
      }
    }
  }
}
