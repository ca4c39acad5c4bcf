import Formats

/// The tokens of a data folder, read row by row from `tokens.safetensors`.
struct SavedTokens: TokenStore {
  let vocabulary: Vocabulary
  private let file: SafetensorsFile
  /// Where the tokens of each row begin, and where those of the last end.
  private let offsets: [Int]

  /// The runs of a row: as many as a row has parts, those that it lacks empty.
  private static let runs = RowPart.allCases.count

  /// Opens a file of the tokens of `rows` rows; throws a `DataError` or `FormatError` when it is something else.
  init(_ path: String, vocabulary: Vocabulary, rows: Int) throws {
    self.vocabulary = vocabulary
    file = try SafetensorsFile(path)
    // The number of rows is that of dataset.json, which may be any.
    guard rows >= 0, try file.entry("offsets").count - 1 == rows else {
      throw DataError(.io, "\(path): does not hold the tokens of \(rows) rows")
    }
    let offsets = try file.int64s("offsets", 0..<rows + 1).map { Int($0) }
    let runs = try file.entry("runs").count
    let total = try file.entry("tokens").count
    let isOrdered = zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
    guard offsets.first == 0, offsets.last == total, isOrdered, runs == rows * Self.runs * 2 else {
      throw DataError(.io, "\(path): does not hold the tokens of \(rows) rows")
    }
    self.offsets = offsets
  }

  func length(of row: Int) -> Int { offsets[row + 1] - offsets[row] }

  func tokens(of row: Int) throws -> EncodedRow? { try encoded(row) }

  func patches(of row: Int) throws -> PatchSequence { try encoded(row).patches }

  private func encoded(_ row: Int) throws -> EncodedRow {
    try ReadingOptions.reading {
      let tokens = try file.bytes("tokens", offsets[row]..<offsets[row + 1])
      let numbers = try file.int64s("runs", row * Self.runs * 2..<(row + 1) * Self.runs * 2)
      let runs = stride(from: 0, to: numbers.count, by: 2).map { (count: numbers[$0], rowLength: numbers[$0 + 1]) }
      let length = Int64(tokens.count)
      let fits = runs.allSatisfy { count, rowLength in
        (0...length).contains(count) && (0...length).contains(rowLength) && (rowLength == 0 || count % rowLength == 0)
      }
      guard fits, runs.reduce(0, { $0 + $1.count }) == length, tokens.allSatisfy({ $0 < vocabulary.count }) else {
        throw DataError(.io, "\(file.path), row \(row): its runs are not those of \(length) tokens")
      }
      return EncodedRow(
        tokens: tokens,
        runs: runs.lazy.filter { $0.count > 0 }.map { .init(count: Int($0.count), rowLength: Int($0.rowLength)) })
    }
  }

  var memoryCost: Int { 256 + 8 * offsets.count }
}

extension SavedTokens {
  /// Writes the tokens of row after row.
  final class Writer {
    private let file: SafetensorsWriter
    private var total = 0

    /// Starts the file at `path`.
    init(_ path: String) throws(FormatError) {
      file = try SafetensorsWriter(
        to: path,
        [
          .init("tokens", .u8), .init("offsets", .i64), .init("runs", .i64, inner: [SavedTokens.runs, 2]),
        ])
      try file.append(int64s: [0], to: "offsets")
    }

    /// Adds the tokens of the next row, which has at most as many runs as a row has parts.
    func append(_ row: EncodedRow) throws(FormatError) {
      precondition(row.runs.count <= SavedTokens.runs, "a row of \(row.runs.count) runs")
      total += row.tokens.count
      try file.append(row.tokens, to: "tokens")
      try file.append(int64s: [Int64(total)], to: "offsets")
      var numbers = row.runs.flatMap { [Int64($0.count), Int64($0.rowLength)] }
      numbers += [Int64](repeating: 0, count: 2 * SavedTokens.runs - numbers.count)
      try file.append(int64s: numbers, to: "runs")
    }

    /// Finishes the file and returns the number of tokens.
    func finish() throws(FormatError) -> Int {
      try file.finish()
      return total
    }
  }
}
