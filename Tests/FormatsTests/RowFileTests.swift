import Foundation
import Formats
import Testing

/// Files whose rows are read one by one; that they are those of the whole file `FormatFuzzTests` shows.
struct RowFileTests {
  private func rows(_ text: String, _ name: String, pieceSize: Int) throws -> [(line: Int, texts: [String?])] {
    var found: [(line: Int, texts: [String?])] = []
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
      let file = try RowFile(folder + "/" + name, pieceSize: pieceSize)
      found = try (0..<file.count).map {
        let row = try file.row(at: $0)
        return (row.line, row.values.map(\.string))
      }
    }
    return found
  }

  @Test(arguments: [8, 9, 10, 11, 13, 64, 4096]) func linesAreCountedAcrossPieces(pieceSize: Int) throws {
    let table = try rows("\u{FEFF}\r\n\r\na,b\r\n\r\"x\r\ny\",é\r\n\n\n1,\"\"\"\"\r3,4", "x.csv", pieceSize: pieceSize)
    #expect(table.map(\.line) == [5, 9, 10])
    #expect(table.map(\.texts) == [["x\r\ny", "é"], ["1", "\""], ["3", "4"]])
    let lines = try rows(
      "\u{FEFF}{\"a\": \"é\"}\r\n \n{\"b\": \"\\n\", \"a\": null}\n{}", "x.jsonl", pieceSize: pieceSize)
    #expect(lines.map(\.line) == [1, 3, 4])
    #expect(lines.map(\.texts) == [["é", nil], [nil, "\n"], [nil, nil]])
  }

  /// Found by fuzzing: a header that the first piece does not hold must not decide about the separator.
  @Test(arguments: [8, 12, 13, 14, 16, 64]) func theSeparatorIsThatOfTheWholeHeader(pieceSize: Int) throws {
    #expect(try rows("first;second\n1;2\n", "x.csv", pieceSize: pieceSize).map(\.texts) == [["1", "2"]])
    #expect(try rows("first;second\none\n", "x.csv", pieceSize: pieceSize).map(\.texts) == [["one"]])
  }

  /// Found by fuzzing: a first piece of blank lines is no file without a header.
  @Test(arguments: [8, 9, 10, 11, 12, 4096]) func blankLinesMayFillTheFirstPiece(pieceSize: Int) throws {
    for start in ["\n\n\n\n\n\n\n\n\n\n\n", "\u{FEFF}sep=;\r\n\n\n\n\n\n"] {
      #expect(try rows(start + "a;b\n1;2\n", "x.csv", pieceSize: pieceSize).map(\.texts) == [["1", "2"]])
    }
  }

  @Test func whatIsWatchedIsToldOnTheWay() throws {
    try withTemporaryFolder { folder in
      try Data("{\"n\": 1, \"f\": \"a\"}\n{\"f\": \"é\\t\", \"g\": \"c\"}\n".utf8).write(
        to: URL(filePath: folder + "/x.jsonl"))
      var told: [[String?]] = []
      let file = try RowFile(folder + "/x.jsonl", watched: ["g", "f", "n"]) { told.append($0) }
      #expect(told == [[nil, "a", nil], ["c", "é\t", nil]])
      #expect(file.names == ["n", "f", "g"] && file.hasOthers == [true, false, false])
    }
  }

  @Test(arguments: [8, 4096]) func namesTheLineThatIsWrong(pieceSize: Int) throws {
    let lines = "{\"a\": \"b\"}\n\n{\"a\": {\"c\": 1}}\n"
    for (name, text, reason) in [
      ("x.jsonl", lines + "{\"a\": 1, \"a\": 2}", "line 4, column 14, key \"a\": the name \"a\" is given twice"),
      ("x.jsonl", lines + "{\"a\": [1,]}", "line 4, column 10, key \"a\": a comma stands before ]"),
      ("x.csv", "a,b\n\n1,2\n3\n", "line 4: expected 2 fields, found 1"),
      ("x.csv", "a,b\n\n1,2\n3,\"\n\n", "line 4: a quoted field is never closed"),
    ] {
      do {
        _ = try rows(text, name, pieceSize: pieceSize)
        Issue.record("\(text) was read")
      } catch let error as FormatError { #expect(error.message == reason) }
    }
  }

  @Test func aFileThatIsChangedIsNotReadOn() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.csv"
      try Data("a\n1\n".utf8).write(to: URL(filePath: path))
      let file = try RowFile(path)
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("2\n".utf8))
      #expect(throws: FormatError(.io, in: path, "was changed since it was opened; open it again")) {
        try file.row(at: 0)
      }
    }
  }
}
