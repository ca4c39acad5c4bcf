import Formats
import PixelBytes
import PixelScript

/// What `describe` tells of a data set, as one record.
struct DataSummary {
  private let data: DataSet

  init(_ data: DataSet) { self.data = data }

  var table: TableObject {
    let sizes = data.rows.map { ($0.image.width, $0.image.height) }
    let lengths = data.rows.map { $0.caption.unicodeScalars.count }.sorted()
    let entries: [(String, Value)] = [
      ("rows", .number(data.count)),
      ("columns", .string(data.columns.joined(separator: ", "))),
      ("sizes", .string(commonest(sizes.map { "\($0)x\($1)" }))),
      ("caption_shortest", lengths.first.map { .number($0) } ?? .nil),
      ("caption_median", lengths.isEmpty ? .nil : .number(lengths[lengths.count / 2])),
      ("caption_longest", lengths.last.map { .number($0) } ?? .nil),
      ("empty_captions", .number(lengths.count { $0 == 0 })),
      ("unknown_characters", .string(unknownCharacters)),
      (
        "tokens",
        data.allSatisfy { $0.patches != nil } ? .number(data.reduce(0) { $0 + ($1.patches?.count ?? 0) }) : .nil
      ),
    ]
    return TableObject(columns: entries.map(\.0), rows: [entries.map(\.1)], isRecord: true)
  }

  /// The most frequent of some texts with their counts.
  private func commonest(_ texts: [String]) -> String {
    let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = ordered.prefix(4).map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return ordered.count > 4 ? shown + ", and \(ordered.count - 4) more" : shown
  }

  /// The characters of captions that become id 0 or are dropped, most frequent first.
  private var unknownCharacters: String {
    let tokenizer = Tokenizer()
    var texts: [String] = []
    for row in data {
      for scalar in row.caption.unicodeScalars {
        let plain = tokenizer.normalized(String(scalar))
        let isKnown = !plain.isEmpty && plain.utf8.allSatisfy { tokenizer.vocabulary.id(ofByte: $0) != 0 }
        if !isKnown { texts.append(String(scalar)) }
      }
    }
    return commonest(texts)
  }
}
