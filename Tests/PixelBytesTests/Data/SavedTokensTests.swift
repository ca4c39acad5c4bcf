import Formats
import PixelBytes
import Testing

/// Files of tokens written by hand: which are those of the rows that dataset.json tells of, and where one is not.
struct SavedTokensTests {
  /// A file of two rows, and what is said of it; nothing where all rows are read.
  struct Case: CustomTestStringConvertible {
    var tokens: [UInt8] = [9, 60, 61, 2, 9, 10]
    var offsets: [Int64] = [0, 4, 6]
    /// A count and a length of rows for each part of each row.
    var runs: [Int64] = [1, 0, 3, 3, 0, 0, 0, 0, 0, 0, 2, 0]
    var error = ""
    var testDescription: String { "\(tokens) \(offsets) \(runs)" }
  }

  private static let otherRows = "does not hold the tokens of 2 rows"
  private static let first = "row 0: its runs are not those of 4 tokens"
  private static let second = "row 1: its runs are not those of 2 tokens"

  static let cases: [Case] = [
    Case(), Case(tokens: [], offsets: [0, 0, 0], runs: .init(repeating: 0, count: 12)),
    Case(tokens: [9, 9], offsets: [0, 0, 2], runs: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
    Case(tokens: [112, 0, 0, 0, 0, 0]), Case(runs: [4, 2, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0]),
    Case(offsets: [0, 6], error: otherRows), Case(offsets: [0, 2, 4, 6], error: otherRows),
    Case(offsets: [1, 4, 6], error: otherRows), Case(offsets: [0, 4, 5], error: otherRows),
    Case(offsets: [0, 7, 6], error: otherRows), Case(offsets: [0, -1, 6], error: otherRows),
    Case(offsets: [0, 4, 7], error: otherRows), Case(runs: [1, 0, 3, 3, 0, 0], error: otherRows),
    Case(runs: .init(repeating: 0, count: 18), error: otherRows),
    Case(runs: [1, 0, 2, 2, 0, 0, 0, 0, 0, 0, 2, 0], error: first),
    Case(runs: [1, 0, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0], error: first),
    Case(runs: [1, 0, 3, 5, 0, 0, 0, 0, 0, 0, 2, 0], error: first),
    Case(runs: [1, 0, 3, -3, 0, 0, 0, 0, 0, 0, 2, 0], error: first),
    Case(runs: [5, 0, -1, 0, 0, 0, 0, 0, 0, 0, 2, 0], error: first),
    Case(runs: [1, 0, 3, 3, 0, 0, 0, 0, 0, 0, 1, 0], error: second),
    Case(runs: [1, 0, 3, 3, 0, 0, 0, 0, 0, 0, 3, 0], error: second),
    Case(tokens: [9, 60, 61, 113, 9, 10], error: first), Case(tokens: [9, 60, 61, 2, 9, 113], error: second),
  ]

  @Test(arguments: cases) func areThoseOfTheRows(_ given: Case) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      try DataFolder.write(DataSet(["a", "b"].map { DataRow(caption: $0) }), to: path, building: BuildOptions())
      let file = try SafetensorsWriter(
        to: path + "/tokens.safetensors",
        [.init("tokens", .u8), .init("offsets", .i64), .init("runs", .i64, inner: [3, 2])])
      try file.append(given.tokens, to: "tokens")
      try file.append(int64s: given.offsets, to: "offsets")
      try file.append(int64s: given.runs, to: "runs")
      try file.finish()
      var told = ""
      do {
        let data = try DataSet.load(path).encoded()
        let bounds = given.offsets.map { Int($0) }
        #expect(data.tokenCount == given.tokens.count)
        for row in 0..<2 {
          let tokens = Array(given.tokens[bounds[row]..<bounds[row + 1]])
          #expect(try data.length(of: row) == tokens.count && data.patches(of: row).tokens == tokens)
        }
      } catch let error as DataError { told = error.message.replacing("\(path)/tokens.safetensors", with: "") }
      #expect(told.drop { ":, ".contains($0) } == given.error)
    }
  }

  /// What dataset.json lacks, or has otherwise than it should.
  @Test(arguments: [
    ("\"rows\" : 2", "\"rows\" : \"2\""), ("\"rows\" : 2,", ""), ("\"hasImages\" : false", "\"hasImages\" : 0"),
    ("\"extra\"", "\"more\""), ("\"traits\"", "\"others\""), ("\"pixelbytesDataSet\" : 1", "\"pixelbytesDataSet\" : 2"),
    ("\"pixelbytesDataSet\" : 1", "\"pixelbytesDataSet\" : 0"), ("\"pixelbytesDataSet\"", "\"x\""), ("{", "["),
  ])
  func aDescriptionHasItsFields(old: String, new: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      try DataFolder.write(DataSet(["a", "b"].map { DataRow(caption: $0) }), to: path, building: BuildOptions())
      let text = try readTextFile(path + "/dataset.json")
      #expect(text.contains(old), "\(text)")
      try AtomicFile.write(text.replacing(old, with: new), to: path + "/dataset.json")
      let error = #expect(throws: DataError.self) { try DataSet.load(path) }
      #expect(error?.message.hasPrefix("\(path)/dataset.json: ") == true)
      if new.hasPrefix("\"pixelbytesDataSet\"") {
        #expect(error?.message == "\(path)/dataset.json: is of version \(new.suffix(1)); this program reads version 1")
      }
    }
  }
}
