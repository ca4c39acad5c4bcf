import Formats
import Foundation
import PixelBytes
import Testing

/// Parquet files of which no row has the bytes of its picture: those that name the files beside them, and those with lists of pictures.
struct NamedPictureTests {
  private let picture = RasterImage(width: 2, height: 1, rgba: [1, 2, 3, 255, 4, 5, 6, 255])

  /// What a file of the fixtures gives beside the pictures d.png and sub/d.png, by itself or in a folder of tables.
  private func data<Result>(
    _ name: String, inFolder: Bool = false, _ options: ReadingOptions = ReadingOptions(),
    _ body: (DataSet) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
      for place in ["d.png", "sub/d.png"] { try AtomicFile.write(try PNG.encode(picture), to: folder + "/" + place) }
      try AtomicFile.write(try readFile(Fixture.path("parquet") + "/\(name).parquet"), to: folder + "/rows.parquet")
      return try body(try DataSet.load(inFolder ? folder : folder + "/rows.parquet", options))
    }
  }

  @Test(arguments: ["null-bytes", "path-structs", "path-texts", "file-names"], [false, true])
  func filesBesideAreRead(name: String, inFolder: Bool) throws {
    try data(name, inFolder: inFolder) { (data: DataSet) throws -> Void in
      #expect(try data.map(\.image) == [picture, picture])
      #expect(try data.map(\.caption) == ["a", "b"] && data.source.notes.isEmpty, "\(data.source.notes)")
    }
  }

  @Test func whatIsNotNamedIsMissing() throws {
    try data("path-large") { (data: DataSet) throws -> Void in #expect(try data.map(\.image) == [picture, nil]) }
    try data("file-names") { (data: DataSet) throws -> Void in
      #expect(data.source.kinds["mask"] == .pictures && data.columns == ["image", "caption", "mask"])
      #expect(try data[1].extra.first?.value.isNull ?? false)
    }
  }

  /// Rows of lists of pictures have no picture of their own, whether the column has the name of one or of several.
  @Test(arguments: [("image-lists", [2, 1]), ("images", [1, 0])])
  func listsOfPicturesAreImages(name: String, counts: [Int]) throws {
    for image in [String?.some("image"), nil] where name == "images" || image != nil {
      var options = ReadingOptions()
      options.image = image
      try data(name, options) { (data: DataSet) throws -> Void in
        #expect(data.columns == ["caption", "images"] && data.source.kinds == ["images": .pictureLists])
        let found = try data.map { row in
          if case .list(let files)? = row.extra.first?.value { files.count } else { -1 }
        }
        #expect(found == counts)
        options.columns = []
      }
    }
  }

  /// Further columns hold the same pictures whether those of the rows are named or in the file; no bytes are no picture.
  @Test(arguments: ["further-named", "further-described", "further-bytes"])
  func furtherPicturesStandBesideNamedOnes(name: String) throws {
    func text(_ value: DataValue?) -> String {
      switch value {
      case .picture: "picture"
      case .list(let parts): "[" + parts.map { text($0) }.joined(separator: ", ") + "]"
      case .map(let parts): "{" + parts.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ") + "}"
      case .plain(let value): value.text(.spaced)
      case nil: "nil"
      }
    }
    try data(name) { (data: DataSet) throws -> Void in
      #expect(
        data.source.kinds == [
          "file": .pictures, "bytes": .pictures, "empty": .pictures, "list": .pictureLists, "files": .pictureLists,
          "others": .values, "texts": .values, "tag": .texts,
        ])
      #expect(data.source.notes.count == 1 && data.source.notes[0].contains("the column \"others\" holds bytes"))
      let rows = try data.map { row in row.extra.map { "\($0.name) \(text($0.value))" } }
      #expect(
        rows == [
          [
            "file picture", "bytes picture", "empty null", "list [picture, null, null]", "files [picture]",
            "others [0, 255]", "texts \"a\"", "tag \"x\"",
          ],
          [
            "file null", "bytes null", "empty picture", "list []", "files null", "others []", "texts \"\"",
            "tag null",
          ],
        ])
      #expect(try DataReport(data).unreadable.isEmpty)
    }
  }

  /// A map whose keys are texts has a value under each, of a key that comes twice the last; other maps are lists of pairs.
  @Test func mapsHaveNames() throws {
    var options = ReadingOptions()
    options.image = nil
    let rows = try data("maps", options) { (data: DataSet) throws -> [[String: String]] in
      try data.map { row in
        Dictionary(
          uniqueKeysWithValues: row.extra.map { column in
            if case .plain(let value) = column.value {
              (column.name, value.text(.spaced))
            } else {
              (column.name, "other")
            }
          })
      }
    }
    #expect(
      rows == [
        [
          "flat": "{\"a\": 2, \"b\": null}", "numbers": "[{\"key\": 1, \"value\": \"x\"}]", "bytes": "{\"a\": 1}",
          "inside": "{\"m\": {\"k\": 1}}", "list": "[{\"k\": 1}, null]", "deep": "{\"k\": {\"l\": 1}}",
        ],
        ["flat": "{}", "numbers": "[]", "bytes": "{}", "inside": "{\"m\": null}", "list": "[]", "deep": "{}"],
        ["flat": "null", "numbers": "null", "bytes": "null", "inside": "null", "list": "null", "deep": "null"],
      ])
  }
}
