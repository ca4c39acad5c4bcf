import Foundation
import Formats
import Testing

struct ParquetWriterTests {
  private static let columns: [ParquetField] = [
    .picture("image"), .text("caption"), .ids("pixelbyte", inner: [3, 3]), .integer("number"), .number("score"),
    .boolean("flag"),
  ]

  /// Rows of every kind of column, with nulls, empty lists and text beyond ASCII; the first row is number `first`.
  private static func rows(_ count: Int, from first: Int) -> [ParquetRows] {
    let range = first..<first + count
    let texts = ["", "a cat", "Pokémon", "a, \"b\"\n\0", "\u{1F431}\u{0301}", "未"]
    var ids: [UInt8] = []
    let ends = range.map { row in
      ids += (0..<9 * (row % 4)).map { UInt8(truncatingIfNeeded: row &* 31 + $0) }
      return ids.count
    }
    return [
      .values(
        range.map { row in
          if row % 5 == 1 { return .null }
          return .picture(row % 5 == 2 ? nil : Array("\(row)".utf8), path: row % 5 == 3 ? nil : "\(row).png")
        }),
      .texts(range.map { $0 % 7 == 6 ? nil : texts[$0 % texts.count] }), .ids(ids, ends: ends),
      .integers(range.map { $0 % 3 == 2 ? nil : $0 % 2 == 0 ? Int.min + $0 : $0 }),
      .numbers(range.map { $0 % 4 == 3 ? nil : Double($0) / 3 }),
      .booleans(range.map { $0 % 11 == 5 ? nil : $0 % 2 == 0 }),
    ]
  }

  /// The row with a number as the reader tells it.
  private static func expected(_ row: Int) -> [String?] {
    let picture =
      row % 5 == 1
      ? nil
      : "{\"bytes\": \(row % 5 == 2 ? "null" : "\(Array("\(row)".utf8))"), "
        + "\"path\": \(row % 5 == 3 ? "null" : "\"\(row).png\"")}"
    let texts = ["", "a cat", "Pokémon", "a, \"b\"\n\0", "\u{1F431}\u{0301}", "未"]
    let patches = (0..<row % 4).map { patch in
      (0..<3).map { line in (0..<3).map { UInt8(truncatingIfNeeded: row &* 31 + 9 * patch + 3 * line + $0) } }
    }
    return [
      picture, row % 7 == 6 ? nil : texts[row % texts.count], "\(patches)",
      row % 3 == 2 ? nil : "\(row % 2 == 0 ? Int.min + row : row)",
      row % 4 == 3 ? nil : "\(Double(row) / 3)".replacing(/\.0$/, with: ""),
      row % 11 == 5 ? nil : "\(row % 2 == 0)",
    ]
  }

  @Test(arguments: [ParquetWriter.Compression.none, .snappy, .zstd], [[0], [1], [1, 0, 300, 7]])
  func whatIsWrittenIsReadBack(compression: ParquetWriter.Compression, groups: [Int]) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.parquet"
      let writer = try ParquetWriter(to: path, columns: Self.columns, compression: compression)
      for count in groups { try writer.append(Self.rows(count, from: writer.rowCount)) }
      try writer.finish()
      let file = try ParquetFile(path)
      #expect(file.groups == groups.filter { $0 > 0 } && file.rowCount == writer.rowCount)
      #expect(
        file.columns.map { "\($0.name): \($0.type)" } == [
          "image: struct<bytes: bytes, path: text>", "caption: text", "pixelbyte: list<list<list<integer>>>",
          "number: integer", "score: double", "flag: boolean",
        ])
      var row = 0
      for group in file.groups.indices {
        let values = try file.values(group: group)
        for index in 0..<file.groups[group] {
          let (found, expected) = (values.map { $0[index].text }, Self.expected(row))
          #expect(found == expected, "row \(row)")
          row += 1
        }
      }
    }
  }

  /// The file that `check.py` reads with pyarrow and `datasets`; RECORD=1 writes it anew, and it must be checked again then.
  @Test func writesTheFileThatOthersWereSeenToRead() throws {
    let path = parquetFixtures + "/written.parquet"
    func write(to path: String, _ compression: ParquetWriter.Compression) throws {
      let writer = try ParquetWriter(
        to: path, columns: Self.columns, metadata: ["origin": "tests \"é\""], compression: compression)
      for count in [30, 1, 12] { try writer.append(Self.rows(count, from: writer.rowCount)) }
      try writer.finish()
    }
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try write(to: path, .none)
      for codec in [ParquetWriter.Compression.snappy, .zstd] {
        try write(to: NSTemporaryDirectory() + "/written-\(codec).parquet", codec)
      }
    }
    try withTemporaryFolder { folder in
      try write(to: folder + "/x", .none)
      #expect(try readFile(folder + "/x") == readFile(path))
    }
  }

  @Test func manyIdsBecomeSeveralPages() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.parquet"
      let ids = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
      let ends = Array(stride(from: 300_000, through: 3_000_000, by: 300_000))
      let writer = try ParquetWriter(to: path, columns: [.ids("list", inner: [])])
      try writer.append([.ids(ids, ends: ends)])
      try writer.finish()
      let values = try ParquetFile(path).values(group: 0)[0]
      guard case .lists(let found, let elements) = values.content, case .smallIntegers(let numbers) = elements.content
      else {
        Issue.record("expected lists of integers, found \(values.count) values")
        return
      }
      #expect(found == ends && numbers == ids)
    }
  }

  @Test func aFileThatIsNotFinishedLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.parquet"
      try AtomicFile.write("before", to: path)
      do {
        let writer = try ParquetWriter(to: path, columns: Self.columns)
        try writer.append(Self.rows(20, from: 0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.parquet"])
      #expect(try readTextFile(path) == "before")
    }
  }

  @Test func saysWhatCannotBeWritten() throws {
    func error(_ path: String, _ columns: [ParquetField]) -> FormatError? {
      do {
        _ = try ParquetWriter(to: path, columns: columns)
        return nil
      } catch { return error }
    }
    #expect(
      error("/no/folder/x", [.text("a")])
        == FormatError(.io, in: "/no/folder/x", "cannot be created: no such file or directory"))
    #expect(
      error("x", [.text("a"), .integer("a")]) == FormatError(.malformed, in: "x", "two columns are called \"a\""))
  }

  @Test func nothingIsWrittenBehindTheEnd() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.parquet"
      let writer = try ParquetWriter(to: path, columns: [.text("a")])
      try writer.finish()
      #expect(throws: FormatError(.io, in: path, "is closed: it was finished, or could not be written")) {
        try writer.append([.texts(["late"])])
      }
      #expect(try ParquetFile(path).rowCount == 0)
    }
  }

  @Test func aFolderOfFilesIsThereWholeOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let target = folder + "/a/set"
      func write(_ name: String, finishing: Bool) throws {
        let pending = try PendingFolder(for: target)
        let writer = try ParquetWriter(to: pending.path + "/" + name, columns: [.text("a")])
        try writer.append([.texts([name])])
        try writer.finish()
        if finishing { try pending.finish() }
      }
      try write("one", finishing: false)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a").isEmpty)
      try write("one", finishing: true)
      try write("two", finishing: true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: target).sorted() == ["one", "two"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a") == ["set"])
      #expect(try ParquetFile(target + "/two").values(group: 0)[0][0].text == "two")
    }
  }
}
