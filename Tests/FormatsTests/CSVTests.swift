import Formats
import Testing

struct CSVTests {
  private func table(_ text: String) throws -> CSV { try CSV(decoding: Array(text.utf8), file: "m.csv") }

  @Test func readsQuotesNewlinesAndEmptyFields() throws {
    let csv = try table("file_name,caption\na.png,\"one, \"\"two\"\"\r\nthree\"\n\nb.png,\nc.png,it's 5\" wide\n")
    #expect(csv.columns == ["file_name", "caption"])
    #expect(
      csv.rows.map(\.fields) == [["a.png", "one, \"two\"\r\nthree"], ["b.png", ""], ["c.png", "it's 5\" wide"]])
    #expect(csv.rows.map(\.line) == [2, 5, 6])
  }

  @Test func readsByteOrderMarkAndCRLFAndNoLastLineEnd() throws {
    let csv = try table("\u{FEFF}a,b\r\n1,2\r\n3,\"4\"")
    #expect(csv.columns == ["a", "b"] && csv.rows.map(\.fields) == [["1", "2"], ["3", "4"]])
    #expect(try table("a\n").rows.isEmpty)
  }

  @Test(arguments: ["", "\n", "\r\n\r\n", "\r", "\u{FEFF}", "\u{FEFF}\r\n"], [",", ";", "\t"])
  func blankLinesBeforeTheHeaderSayNothingOfTheSeparator(start: String, separator: String) throws {
    let csv = try table("\(start)a\(separator)\"b\"\n1\(separator)2\n")
    #expect(csv.columns == ["a", "b"] && csv.rows.map(\.fields) == [["1", "2"]])
  }

  /// Found by fuzzing: a quote inside of a field of the header does not make what follows a part of it.
  @Test(arguments: ["a\"", "a\" b", "\"a;\"\"\"", "a\"\""]) func quotesInsideOfAHeaderOpenNothing(header: String) throws
  {
    let csv = try table(header + "\nv\n1;\"x;\n")
    #expect(csv.columns.count == 1 && csv.rows.map(\.fields) == [["v"], ["1;\"x;"]])
    let two = try table(header + ";\"b\"\n1;\"2\"\n")
    #expect(two.columns.count == 2 && two.rows.map(\.fields) == [["1", "2"]])
  }

  @Test(arguments: [
    ("", "has no header line"),
    ("\n\n", "has no header line"),
    ("a,b\n1,2\n\"x\ny\",1,2\n", "line 3: expected 2 fields, found 3"),
    ("a,b\n1\n", "line 2: expected 2 fields, found 1"),
    ("a,b\n1,2\n3,\"open\n\n", "line 3: a quoted field is never closed"),
    ("a,b\n1,\"2\"3\n", "line 2: text follows a closing quote; double quotes inside a field"),
    ("a,b,a\n", "line 1: the column \"a\" is there twice"),
  ])
  func namesTheWrongLine(text: String, message: String) {
    #expect(throws: FormatError(.malformed, in: "m.csv", message)) { try table(text) }
  }

  @Test func refusesWhatIsNotText() {
    #expect(throws: FormatError(.malformed, in: "m.csv", "line 2 is not UTF-8 text")) {
      try CSV(decoding: [0x61, 0x0A, 0xC3, 0x28], file: "m.csv")
    }
  }

  @Test func roundTripsRandomTables() throws {
    var generator = SeededGenerator(state: 3)
    let signs = Array("ab,\"\n\r é;'").map(String.init)
    for _ in 0..<500 {
      let width = Int.random(in: 1...4, using: &generator)
      let rows = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        (0..<width).map { _ in
          (0..<Int.random(in: 0...6, using: &generator)).map { _ in signs.randomElement(using: &generator) ?? "" }
            .joined()
        }
      }
      let columns = (0..<width).map { "column \($0)" }
      let back = try table(CSV.text(columns: columns, rows: rows))
      #expect(back.columns == columns && back.rows.map(\.fields) == rows)
    }
  }

  @Test func truncatedOrDamagedTablesThrowOrDecode() throws {
    let bytes = Array("\u{FEFF}name,\"a \"\"b\"\"\"\r\n\"x\ny\",é\n1,2\n".utf8)
    var generator = SeededGenerator(state: 4)
    for place in bytes.indices {
      for table in [Array(bytes[..<place])]
        + (0..<8).map({ _ in
          var damaged = bytes
          damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
          return damaged
        })
      {
        guard let csv = try? CSV(decoding: table) else { continue }
        #expect(csv.rows.allSatisfy { $0.fields.count == csv.columns.count })
      }
    }
  }
}
