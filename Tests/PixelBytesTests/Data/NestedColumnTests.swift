import Formats
import Foundation
import PixelBytes
import Testing

/// Further columns in saved folders: each is a column of the type that holds its values, or of texts of JSON, and comes back as it was.
struct NestedColumnTests {
  private static let picture = RasterImage(width: 2, height: 1, rgba: [252, 252, 252, 255, 248, 56, 0, 255])

  private func saved(_ values: [DataValue], _ body: (String, DataSet) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let data = DataSet(
        values.enumerated().map { DataRow(caption: "\($0)", extra: [NamedValue("x", $1)]) })
      try DataFolder.write(data, to: folder + "/a", building: nil)
      try body(folder + "/a", try DataSet.load(folder + "/a"))
    }
  }

  private func type(_ folder: String) throws -> String {
    let columns = try ParquetFile(folder + "/train-00000-of-00001.parquet").columns
    let column = try #require(columns.first { $0.name == "x" })
    return column.isJSON ? "JSON" : "\(column.type)"
  }

  private static let deep = String(repeating: "[", count: 40) + "1" + String(repeating: "]", count: 40)
  private static let many = (0..<300).map { "\"k\($0)\": 1" }.joined(separator: ", ")

  @Test(
    arguments: [
      ("[1, 2, null]", "integer"), ("[1, 2.5, null]", "double"), ("[-0.0, 1]", "double"), ("[true, null]", "boolean"),
      ("[\"1\", null]", "text"), ("[null, null]", "text"), ("[[1], [], null, [null, 2]]", "list<integer>"),
      ("[[[1.5, 2]], [[], null], []]", "list<list<double>>"), ("[[], null]", "list<text>"),
      ("[[[]], []]", "list<list<text>>"),
      ("[[true, false, null, true, true, true, true, true, true, false]]", "list<boolean>"),
      ("[{\"a\": 1}, {\"a\": null}, null]", "struct<a: integer>"),
      ("[{\"a\": 1}, {\"b\": \"x\"}, {}, null]", "struct<a: integer, b: text>"),
      ("[{\"b\": 1, \"a\": 2}, {\"a\": 3, \"b\": 4}]", "struct<b: integer, a: integer>"),
      (
        "[{\"a\": [{\"b\": [1]}, {}, {\"c\": \"x\"}]}, {\"a\": []}]",
        "struct<a: list<struct<b: list<integer>, c: text>>>"
      ),
      ("[[{\"a\": 1}, null, {\"a\": 2}], [], null]", "list<struct<a: integer>>"),
      ("[{\"list\": {\"element\": 1}}, {\"list\": {}}]", "struct<list: struct<element: integer>>"),
      (
        "[{\"\": 1, \"a.b\": 2, \"_type\": 3, \"é\": 4}]", "struct<: integer, a.b: integer, _type: integer, é: integer>"
      ),
      ("[9007199254740993, 1]", "integer"), ("[{\"id\": -9223372036854775808}]", "struct<id: integer>"),
      // What no type holds.
      ("[1, \"a\"]", "JSON"), ("[true, 1]", "JSON"), ("[[1], {\"a\": 1}]", "JSON"), ("[[1, [2]]]", "JSON"),
      ("[{\"a\": 1}, {\"a\": \"x\"}]", "JSON"), ("[{}, null]", "JSON"), ("[[{}]]", "JSON"),
      ("[{\"a\": null}, {}]", "JSON"), ("[{}, {\"b\": 1, \"a\": null}]", "JSON"), ("[9007199254740993, 0.5]", "JSON"),
      ("[123456789012345678901234567890]", "JSON"), ("[[\(deep)]]", "JSON"), ("[{\(many)}]", "JSON"),
    ])
  func valuesComeBackFromColumnsOfTheirType(text: String, type: String) throws {
    let values = try #require(try JSON(Array(text.utf8)).elements).map { DataValue.plain($0) }
    try saved(values) { (folder, data) throws in
      #expect(try self.type(folder) == type)
      let found = try data.map { $0.extra[0].value }
      #expect(found == values, "\(found)")
      #expect(try (0..<data.count).map { try data.source.further(at: $0)[0].value } == values)
      // What was read is saved the same again.
      try saved(found) { (again, data) throws in
        #expect(try self.type(again) == type && data.map { $0.extra[0].value } == values)
        #expect(
          try readFile(again + "/train-00000-of-00001.parquet") == readFile(folder + "/train-00000-of-00001.parquet"))
      }
    }
  }

  @Test func numbersWithoutAnEndAreNumbers() throws {
    let values = [Double.nan, .infinity, -.infinity, 1].map { DataValue.plain(.array([.number($0)])) }
    try saved(values) { (folder, data) throws in
      #expect(try type(folder) == "list<double>")
      #expect(try data.map { "\($0.extra[0].value)" } == values.map { "\($0)" })
    }
  }

  /// Pictures at any place in lists and maps are files there, as they were; beside other values they have no column.
  @Test func picturesInsideComeBack() throws {
    let file = DataValue.picture(PictureFile(try PNG.encode(Self.picture), name: "a.png"))
    let one = DataValue.plain(.integer(1))
    func map(_ parts: (String, DataValue)...) -> DataValue { .map(parts.map { NamedValue($0.0, $0.1) }) }
    let kept = "struct<bytes: bytes, path: text>"
    let cases: [(values: [DataValue], type: String?)] = [
      ([file, .null], kept), ([.list([file, .null]), .null, .list([])], "list<\(kept)>"),
      ([file, .list([file])], "list<\(kept)>"),
      ([map(("n", one), ("mask", file)), map(("n", one), ("mask", .null))], "struct<n: integer, mask: \(kept)>"),
      ([map(("mask", file)), .plain(.object([]))], "struct<mask: \(kept)>"),
      ([.list([map(("f", .list([file]))), map(("f", .list([])))])], "list<struct<f: list<\(kept)>>>"),
      ([.list([.list([file]), .null]), .null], "list<list<\(kept)>>"),
      ([file, one], nil), ([.text("a"), file], nil), ([.list([file, one])], nil),
      ([map(("a", file)), map(("a", one))], nil),
    ]
    for (values, expected) in cases {
      do {
        try saved(values) { (folder, data) throws in
          #expect(try type(folder) == expected)
          let found = try data.map { $0.extra[0].value }
          #expect(found == values || values[0] == file, "\(found)")
          #expect(found.map { $0.pictures.count } == values.map { $0.pictures.count })
          #expect(try DataReport(data).unreadable.isEmpty)
        }
      } catch let error as DataError { #expect(expected == nil, "\(error)") }
    }
  }

  /// Folders of programs before have other values than texts as texts of JSON, which their description names.
  @Test func foldersOfProgramsBeforeAreRead() throws {
    try withTemporaryFolder { folder in
      let writer = try ParquetWriter(
        to: folder + "/train-00000-of-00001.parquet", columns: [.text("caption"), .text("x"), .text("y")])
      try writer.append([.texts(["a", "b"]), .texts(["[1, {\"b\": null}]", nil]), .texts(["[1]", "2"])])
      try writer.finish()
      try AtomicFile.write(
        "{\"extra\": [\"x\", \"y\"], \"hasImages\": false, \"pixelbytesDataSet\": 1, \"rows\": 2, \"traits\": [], \"values\": [\"x\"]}",
        to: folder + "/dataset.json")
      let data = try DataSet.load(folder)
      let x = DataValue.plain(.array([.integer(1), .object([.init("b", .null)])]))
      #expect(try data[0].extra == [NamedValue("x", x), NamedValue("y", .text("[1]"))])
      #expect(try data[1].extra == [NamedValue("x", .null), NamedValue("y", .text("2"))])
      #expect(data.source.kinds["x"] == .values && data.source.kinds["y"] == .texts)
    }
  }

  /// Columns of pyarrow in which pictures are at every kind of place: `make.py` beside it writes the file.
  @Test func picturesInsideOfForeignColumns() throws {
    var options = ReadingOptions()
    options.image = nil
    let data = try DataSet.load(Fixture.path("parquet/nested-pictures.parquet"), options)
    func text(_ value: DataValue) -> String {
      switch value {
      case .plain(let json): json.text(.spaced)
      case .picture(let file): "<\(file.name)>"
      case .list(let values): "[" + values.map(text).joined(separator: ", ") + "]"
      case .map(let parts): "{" + parts.map { "\"\($0.name)\": \(text($0.value))" }.joined(separator: ", ") + "}"
      }
    }
    let found = try data.map { row in row.extra.map { "\($0.name): \(text($0.value))" } }
    #expect(
      found == [
        [
          "struct: {\"n\": 1, \"mask\": <a.png>}", "deep: [[<a.png>, null], []]",
          "map: {\"front\": <b.png>, \"back\": null}", "list: [{\"at\": [1, 2], \"crop\": <a.png>}, null]",
          "bytes: {\"png\": <picture>, \"note\": \"words\"}", "raw: {\"png\": <picture>, \"raw\": [0, 255]}",
        ],
        [
          "struct: {\"n\": 2, \"mask\": null}", "deep: null", "map: {}", "list: []",
          "bytes: {\"png\": null, \"note\": null}", "raw: null",
        ],
      ])
    #expect(data.source.notes.count == 1 && data.source.notes[0].contains("the column \"raw\" holds bytes"))
    #expect(try DataReport(data).unreadable.isEmpty)
    try withTemporaryFolder { folder in
      try DataFolder.write(data, to: folder + "/a", building: nil)
      let saved = try DataSet.load(folder + "/a")
      for (place, name) in data.source.columns.dropFirst().enumerated() {
        let values = try [saved, data].map { try $0.map { text($0.extra[place].value) } }
        // Beside pictures a key that one map lacks and another has as null is null in both.
        #expect(name == "map" ? values[0][1] == "{\"back\": null}" : values[0] == values[1], "\(name)")
      }
    }
  }

  /// Maps in the rows of a table of metadata name files as its columns do.
  @Test func mapsOfMetadataNameFiles() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b", "c"] { try PNG.write(Self.picture, to: "\(folder)/\(name).png") }
      try AtomicFile.write(
        #"{"file_name": "a.png", "caption": "x", "parts": [{"file_name": "b.png", "n": 1}], "m": {"mask_file_name": "c.png"}, "s": {"file_names": ["a.png", null]}}"#
          + "\n"
          + #"{"file_name": "a.png", "caption": "y", "parts": [], "m": {"mask_file_name": null}, "s": {"file_name": 3}}"#
          + "\n",
        to: folder + "/metadata.jsonl")
      let data = try DataSet.load(folder)
      #expect(data.source.notes == [])
      let rows = try data.map { row in row.extra.map { "\($0.value.pictures.map(\.name))" } }
      #expect(rows == [["[\"b.png\"]", "[\"c.png\"]", "[\"a.png\"]"], ["[]", "[]", "[]"]])
      guard case .map(let m) = try data[0].extra[1].value, case .map(let s) = try data[0].extra[2].value else {
        throw DataError(.value, "no maps")
      }
      #expect(m.map(\.name) == ["mask"] && s.map(\.name) == ["images"])
      #expect(try data[1].extra[2].value == .plain(.object([.init("file_name", .integer(3))])))
      try AtomicFile.write("x", to: folder + "/c.png")
      #expect(try DataReport(try DataSet.load(folder)).unreadable.map(\.row) == [0])
    }
  }
}
