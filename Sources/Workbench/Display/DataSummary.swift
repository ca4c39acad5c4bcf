import Formats
import PixelBytes
import PixelScript

/// What `describe` and `check` tell of a data set.
struct DataSummary {
  private let data: DataSet
  private let report: DataReport

  /// Walks over all rows.
  init(_ data: DataSet, threads: Int, progress: (Int) throws -> Void) throws {
    self.data = data
    report = try DataReport(
      data, tokenizer: Tokenizer(data.vocabulary ?? .pixelbytes), threads: threads, report: progress)
  }

  /// The findings as one record.
  var table: TableObject {
    let lengths = report.captionLengths
    let entries: [(String, Value)] = [
      ("rows", .number(report.rows)),
      ("columns", .string(data.columns.joined(separator: ", "))),
      ("sizes", .string(text(report.sizes, most: 4))),
      ("longer_sides", .string(text(report.sides, most: .max))),
      ("caption_shortest", lengths.map { .number($0.shortest) } ?? .nil),
      ("caption_median", lengths.map { .number($0.median) } ?? .nil),
      ("caption_longest", lengths.map { .number($0.longest) } ?? .nil),
      ("without_picture", .number(data.source.columns.contains("image") ? report.withoutPicture.count : 0)),
      ("without_caption", .number(report.withoutCaption.count)),
      ("empty_captions", .number(report.emptyCaptions)),
      ("unknown_characters", .string(text(report.unknownCharacters, most: 8))),
      ("duplicates", .number(report.duplicates.count)),
      ("unreadable", .number(report.unreadable.count)),
      ("tokens", data.sequences.map { .number($0.tokenCount) } ?? .nil),
    ]
    return TableObject(columns: entries.map(\.0), rows: [entries.map(\.1)], isRecord: true)
  }

  /// What is worth a look, a line each: rows that cannot be read, what looks like a mistake in the files, equal rows, characters without a token.
  func findings(most: Int) -> [String] {
    let equal = report.duplicates.map { "row \($0.row) is equal to row \($0.first) in picture and caption" }
    let unknown =
      report.unknownCharacters.isEmpty
      ? [] : ["characters without a token: \(text(report.unknownCharacters, most: 20))"]
    let pictures = data.source.columns.contains("image") ? report.withoutPicture : []
    let lacking = [lack(of: "picture", pictures), lack(of: "caption", report.withoutCaption)].compactMap(\.self)
    return shortened(report.unreadable.map { "row \($0.row): \($0.error)" }, "rows that cannot be read", most)
      + shortened(data.notes, "notes", most) + shortened(equal, "equal rows", min(most, 10)) + lacking + unknown
  }

  /// What says how many rows lack something, and which is the first; nil where none does.
  private func lack(of what: String, _ rows: [Int]) -> String? {
    rows.first.map {
      "\(rows.count) of \(String(counting: report.rows, "row")) \(rows.count == 1 ? "has" : "have") no \(what); the first is row \($0)"
    }
  }

  /// The error that says how many rows cannot be read and why the first cannot; nil when all can.
  var error: ScriptError? {
    guard let first = report.unreadable.first else { return nil }
    return ScriptError(
      .io,
      "\(report.unreadable.count) of \(String(counting: report.rows, "row")) cannot be read; the first: row \(first.row): \(first.error)",
      help: first.error.scriptError.help)
  }

  private func shortened(_ lines: [String], _ what: String, _ most: Int) -> [String] {
    lines.count <= most ? lines : lines.prefix(most) + ["and \(lines.count - most) more \(what)"]
  }

  private func text(_ frequencies: [DataReport.Frequency], most: Int) -> String {
    let shown = frequencies.prefix(most).map { "\($0.text): \($0.count)" }.joined(separator: ", ")
    return frequencies.count > most ? shown + ", and \(frequencies.count - most) more" : shown
  }
}
