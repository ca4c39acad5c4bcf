import Foundation
import Formats
import Testing

/// The folder of parquet files that pyarrow wrote.
let parquetFixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/parquet").path

/// The files whose rows are known, with the name of the rows.
let parquetFiles: [(file: String, rows: String)] =
  ["none", "snappy", "gzip", "zstd"].flatMap { codec in
    ["v1-plain", "v1-dictionary", "v2-plain", "v2-dictionary"].map { ("\(codec)-\($0)", "flat") }
  } + [("nested-v1", "nested"), ("nested-v2", "nested")]
  + [
    "groups", "deltas", "split", "old-lists", "empty", "hadoop", "go", "levels", "arrow", "truths", "periods", "times",
  ]
  .map { ($0, $0) }

/// A value as pyarrow told it.
enum ExpectedValue: Decodable {
  case null, boolean(Bool), integer(Int), number(Double), text(String), list([ExpectedValue])
  case structure([String: ExpectedValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .boolean(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([ExpectedValue].self) {
      self = .list(list)
    } else {
      self = .structure(try value.decode([String: ExpectedValue].self))
    }
  }

  func matches(_ found: ParquetValue) -> Bool {
    switch (self, found) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.integer(let a), .number(let b)): Double(a) == b
    case (.number(let a), .number(let b)): a == b
    case (.text(let a), .digits(let b)): a == b && b.utf8.count > 18
    case (.text(let a), .text(let b)): Array(a.utf8) == Array(b.utf8)
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.matches($1) }
    case (.structure(let a), .bytes(let b)):
      if case .text(b.map { String(format: "%02x", $0) }.joined()) = a["bytes"] { a.count == 1 } else { false }
    // A map whose keys are texts.
    case (.list(let a), .structure(let b)):
      a.count == b.count
        && zip(a, b).allSatisfy { pair, part in
          if case .structure(let fields) = pair {
            fields["key"]?.matches(.text(part.name)) ?? false && fields["value"]?.matches(part.value) ?? false
          } else {
            false
          }
        }
    case (.structure(let a), .structure(let b)):
      a.count == b.count && b.allSatisfy { a[$0.name]?.matches($0.value) == true }
    default: false
    }
  }
}

struct ParquetTests {
  /// All rows of a file, one group after the other.
  private func rows(_ file: ParquetFile) throws -> [ParquetValue] {
    try file.groups.indices.flatMap { group in
      let values = try file.values(group: group)
      return (0..<file.groups[group]).map { row in
        ParquetValue.structure(zip(file.columns, values).map { ($0.name, $1[row]) })
      }
    }
  }

  private func open(_ name: String) throws -> ParquetFile { try ParquetFile("\(parquetFixtures)/\(name).parquet") }

  private func error(_ body: () throws -> Void) -> FormatError? {
    do {
      try body()
      return nil
    } catch { return error as? FormatError }
  }

  @Test(arguments: parquetFiles) func readsWhatWasWritten(name: String, rows: String) throws {
    let file = try open(name)
    let found = try self.rows(file)
    let expected = try JSONDecoder().decode(
      [ExpectedValue].self, from: Data(try readFile("\(parquetFixtures)/\(rows).json")))
    #expect(found.count == expected.count && file.rowCount == expected.count)
    for (index, (expected, found)) in zip(expected, found).enumerated() {
      #expect(expected.matches(found), "row \(index): expected \(expected), found \(found)")
    }
  }

  /// Why not all of a file can be read.
  private func failure(_ path: String) -> FormatError? {
    do throws(FormatError) {
      let file = try ParquetFile(path)
      for group in file.groups.indices {
        for values in try file.values(group: group) where values.count > 0 { _ = values[values.count - 1] }
      }
      return nil
    } catch { return error }
  }

  @Test func tellsColumnsAndGroups() throws {
    let file = try open("nested-v1")
    #expect(file.groups == [7, 7, 4])
    #expect(
      file.columns.map { "\($0.name): \($0.type)" } == [
        "pixelbyte: list<list<list<integer>>>", "image: struct<bytes: bytes, path: text>",
        "parts: list<struct<name: text, sizes: list<integer>>>", "map: list<struct<key: text, value: integer>>",
        "nothing: text",
      ])
    #expect(file.columns.allSatisfy { $0.isOptional })
    #expect(try open("groups").columns.allSatisfy { !$0.isOptional })
  }

  @Test func readsChosenColumnsInTheirOrder() throws {
    let file = try open("groups")
    let values = try file.values(group: 1, columns: ["text", "number"])
    guard case .texts(let texts) = values[0].content, case .integers(let numbers) = values[1].content else {
      Issue.record("expected texts and integers, found \(values)")
      return
    }
    #expect(texts == (70..<140).map { "row \($0)" } && numbers == (70..<140).map { $0 * $0 - 50 })
    #expect(
      error { _ = try file.values(group: 0, columns: ["no"]) }?.message
        == "has no column \"no\"; its columns are \"number\", \"text\"")
  }

  @Test func readsOldTimestampsAndDecimals() throws {
    let file = try open("unread")
    #expect(file.columns.map(\.type.description) == ["integer", "text", "double"])
    let rows = try self.rows(file).map(\.text)
    #expect(
      rows == [
        "{\"id\": 1, \"when\": \"2020-01-01T00:00:00\", \"price\": 1.5}",
        "{\"id\": 2, \"when\": null, \"price\": null}",
      ])
    let small = try open("brotli").values(group: 0)[0]
    let plain = try open("none-v1-plain").values(group: 0, columns: ["small"])[0]
    #expect((0..<40).allSatisfy { small[$0].text == plain[$0].text })
  }

  @Test(arguments: ["lz4", "lz4-block", "lz4-framed"]) func readsLZ4InItsThreeForms(name: String) throws {
    let file = try open(name)
    let values = try file.values(group: 0, columns: ["id", "text"])
    #expect(file.rowCount == 120)
    for row in 0..<120 {
      #expect(values[0][row].text == "\(row)" && values[1][row].text == "a red cat and a blue dog \(row / 7)")
    }
  }

  @Test func readsDecimalsOfAnySize() throws {
    let file = try open("odd")
    #expect(
      file.columns.map(\.type.description) == ["integer", "text", "double", "double", "double"])
    let texts = try file.values(group: 0, columns: ["when", "small", "large"])
    #expect(
      (0..<4).map { row in texts.map { $0[row].text } } == [
        ["1969-12-31T23:59:59.999999", "0.01", "12345678901234567890123.456"],
        ["2000-02-29T12:30:05.25", "-0.01", nil],
        ["1600-03-01T00:00:00", nil, "-0.001"], [nil, "99999.99", "0"],
      ])
    #expect(try file.values(group: 0, columns: ["id"])[0][3].text == "4")
    let huge = try file.values(group: 0, columns: ["huge"])[0]
    #expect((0..<4).map { huge[$0].text } == ["1", nil, "-1", nil])
  }

  @Test func aColumnThatCannotBeReadKeepsTheOthers() throws {
    let file = try open("deep")
    #expect(
      file.columns.map { "\($0.name): \(file.obstacle(in: $0) ?? "\($0.type)")" } == [
        "caption: text", "s38: it is a column of more than 32 levels", "n: integer",
        "n: it is a second column of that name", "span: text",
      ])
    let values = try file.values(group: 0, columns: ["caption", "n", "span"])
    #expect(values.map { $0[0].text } == ["a cat", "1", "PT5S"])
  }

  @Test func idsComeAsBytes() throws {
    try withTemporaryFolder { folder in
      let ids = (0..<900).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let writer = try ParquetWriter(to: folder + "/x", columns: [.ids("a", inner: [3, 3]), .ids("none", inner: [2])])
      try writer.append([.ids(ids, ends: [9, 9, 450, 900]), .ids([], ends: [0, 0, 0, 0])])
      try writer.finish()
      let values = try ParquetFile(folder + "/x").values(group: 0)
      let found = try #require(values[0].ids(inner: [3, 3]))
      #expect(found.ids == ids && found.ends == [9, 9, 450, 900])
      #expect(values[0].ids(inner: [3]) == nil && values[0].ids(inner: [9, 1]) == nil)
      let none = try #require(values[1].ids(inner: [2]))
      #expect(none.ids.isEmpty && none.ends == [0, 0, 0, 0])
    }
    #expect(try open("nested-v1").values(group: 0, columns: ["pixelbyte"])[0].ids(inner: [2, 2]) == nil)
  }

  @Test func refusesWhatIsNoParquet() throws {
    try withTemporaryFolder { folder in
      func message(_ bytes: [UInt8]) throws -> String? {
        try Data(bytes).write(to: URL(filePath: folder + "/x"))
        return error { _ = try ParquetFile(folder + "/x") }?.message
      }
      let magic = Array("PAR1".utf8)
      let noBeginning = "is not a parquet file: it does not begin with PAR1"
      let cases: [([UInt8], String)] = [
        ([], "is not a parquet file; it is an empty file"), ([1, 2, 3], noBeginning),
        (
          Array("file_name,caption\n".utf8),
          "is not a parquet file; it is a text, which is read where its name ends as its kind says, such as .csv, .json or .jsonl"
        ),
        (magic + Array(repeating: 0, count: 20), "is not a whole parquet file: it does not end with PAR1"),
        (
          magic + [255, 255, 255, 255] + magic,
          "states a footer of 4294967295 bytes, but has only 0 before its end"
        ),
        (magic + [0, 0, 0, 0] + magic, "the bytes end too early"),
        (
          magic + [0, 0, 0, 0] + Array("PARE".utf8),
          "is an encrypted parquet file, which is not read; write it without encryption where its keys are"
        ),
      ]
      for (bytes, expected) in cases {
        let found = try message(bytes)
        #expect(found == expected)
      }
    }
    #expect(error { _ = try ParquetFile("/no/x") }?.message == "cannot be opened: no such file or directory")
  }

  @Test func aDamagedPageIsFoundByItsChecksum() throws {
    var bytes = try readFile(parquetFixtures + "/groups.parquet")
    let text = Array("row 75".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    bytes[place] ^= 1
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(filePath: folder + "/x"))
      let message = error { _ = try rows(try ParquetFile(folder + "/x")) }?.message
      #expect(message == "row group 1: column \"text\": page 0: is damaged: its checksum is wrong")
    }
  }

  /// A file cut off anywhere is an error; a changed byte is an error or another value, and never more. Of the files that hold the
  /// same rows each changes and ends at other bytes.
  @Test(arguments: parquetFiles.map(\.file) + ["unread", "brotli", "odd"]) func survivesDamageAnywhere(
    name: String
  )
    throws
  {
    let bytes = try readFile("\(parquetFixtures)/\(name).parquet")
    var generator = SeededGenerator(state: 5)
    try withTemporaryFolder { folder in
      let path = folder + "/x"
      try Data(bytes).write(to: URL(filePath: path))
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      func put(_ byte: UInt8, at place: Int) throws {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte])
      }
      let quarter = parquetFiles.filter { $0.rows == "flat" }.firstIndex { $0.file == name }.map { $0 % 4 }
      let places = bytes.indices.filter { $0 % 4 == quarter ?? $0 % 4 }
      for place in places {
        try put(bytes[place] ^ UInt8.random(in: 1...255, using: &generator), at: place)
        if let error = failure(path) { #expect(error.file == path && !error.message.isEmpty) }
        try put(bytes[place], at: place)
      }
      #expect(failure(path) == nil)
      for length in places.reversed() {
        try handle.truncate(atOffset: UInt64(length))
        #expect(failure(path) != nil)
      }
    }
  }
}
