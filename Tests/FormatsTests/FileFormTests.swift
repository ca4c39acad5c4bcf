import Formats
import Foundation
import Testing

/// What names of files and their first lines say of tables, and how files are made.
struct FileFormTests {
  private func columns(_ text: String, _ name: String) throws -> [String] {
    var names: [String] = []
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
      names = try RowFile(folder + "/" + name).names
    }
    return names
  }

  /// The ending decides, in letters of any case: a tab parts a .tsv though its header has commas, and no other.
  @Test(arguments: ["x.tsv", "x.TSV", "x.Tsv", "a.csv.tsv"]) func tabsPartTheFieldsOfTSV(name: String) throws {
    #expect(try columns("a,b\tc;d\n1\t2\n", name) == ["a,b", "c;d"])
    #expect(try columns("a,b\n1\n", name) == ["a,b"])
  }

  @Test(arguments: ["x.csv", "x.CSV", "x.tsv.csv", "x.txt", "tsv"]) func headersTellOfOtherTables(name: String) throws {
    #expect(try columns("a,b\tc\n1,2\n", name) == ["a", "b\tc"])
    #expect(try columns("a\tc\n1\t2\n", name) == ["a", "c"])
  }

  @Test(arguments: ["x.jsonl", "x.ndjson", "x.json", "x.JSONL", "x.Json"]) func objectsStandOnLines(name: String) throws
  {
    #expect(try columns("{\"a,b\": \"1\"}\n", name) == ["a,b"])
  }

  /// A first line `sep=` and a sign tells it, whatever ends the line and whatever the header holds.
  @Test(arguments: [",", ";", "\t", "|", ":", " ", "x", "="], ["\n", "\r", "\r\n", "\n\n", "\r\r\n"])
  func separatorsThatAreTold(separator: String, end: String) throws {
    for start in ["", "\u{FEFF}"] {
      let names = separator == ";" ? ["a", "b,c"] : ["a", "b;c"]
      let text = start + "sep=\(separator)" + end + names.joined(separator: separator) + "\n1\(separator)2\n"
      let csv = try CSV(decoding: Array(text.utf8), file: "m.csv")
      #expect(csv.columns == names && csv.rows.map(\.fields) == [["1", "2"]], "\(csv.columns)")
      #expect(csv.rows.map(\.line) == [["\n\n", "\r\r\n"].contains(end) ? 4 : 3])
    }
  }

  /// Anything else is a header.
  @Test(arguments: [
    ("sep=;;b\n1;2;3\n", ["sep=", "", "b"]), ("sep=\n1\n", ["sep="]), ("sep=é\n1\n", ["sep=é"]),
    ("sep=\n\n1\n", ["sep="]), ("sep=\r\n1\n", ["sep="]), ("sep=\"\n1\n", ["sep=\""]),
    ("Sep=;\n1;2\n", ["Sep=", ""]), (" sep=|\n1\n", ["sep=|"]), ("sep=ab\n1\n", ["sep=ab"]),
  ])
  func headersThatBeginLikeIt(text: String, names: [String]) throws {
    #expect(try CSV(decoding: Array(text.utf8), file: "m.csv").columns == names)
  }

  /// What is added to is for its owner alone where that is asked for, else for whom other new files are.
  @Test func filesThatAreAddedTo() throws {
    try withTemporaryFolder { folder in
      func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.posixPermissions] as? Int
      }
      #expect(FileManager.default.createFile(atPath: folder + "/other", contents: Data()))
      try AppendedFile.append("a\n", to: folder + "/open")
      try AppendedFile.append("a\n", to: folder + "/private", isPrivate: true)
      #expect(try mode("private") == 0o600 && mode("open") == mode("other"))
      // A file keeps its own.
      try AppendedFile.append("b\n", to: folder + "/private")
      try AppendedFile.append("b\n", to: folder + "/open", isPrivate: true)
      #expect(try mode("private") == 0o600 && mode("open") == mode("other"))
      #expect(try readTextFile(folder + "/open") == "a\nb\n")
    }
  }

  /// Delays of hundredths of a second from the least to the longest that the format has.
  @Test func delaysOfFrames() throws {
    let picture = RasterImage(width: 1, height: 1, rgba: [1, 2, 3, 255])
    let delays = [0, 1, 10, 255, 256, 65_534, 65_535, 65_536, 1 << 40, -1, .min]
    let frames = delays.map { GIF.Frame(image: picture, delay: $0) }
    let expected = [0, 1, 10, 255, 256, 65_534, 65_535, 65_535, 65_535, 0, 0]
    #expect(try APNG.frames(try APNG.encode(frames)).map(\.delay) == expected)
    #expect(try GIF.frames(try GIF.encode(frames)).map(\.delay) == expected)
  }
}
