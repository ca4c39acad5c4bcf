import Formats
import Foundation
import PixelBytes
import Testing

/// Columns of pictures beside that of the rows' own: which columns are such, and what becomes of broken ones.
struct FurtherPictureTests {
  private let folder = Fixture.path("parquet")

  private func load(_ name: String, caption: String = "caption", keepsDamaged: Bool = false) throws -> DataSet {
    var options = ReadingOptions()
    (options.keepsDamaged, options.caption) = (keepsDamaged, caption)
    return try DataSet.load("\(folder)/\(name).parquet", options)
  }

  private func values(_ column: String, _ data: DataSet) throws -> [DataValue] {
    try data.map { row in try #require(row.extra.first { $0.name == column }).value }
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return (error as? DataError)?.message ?? "\(error)" }
  }

  @Test func bytesThatBeginAsPicturesArePictures() throws {
    let data = try load("further")
    let kinds: [String: DataColumnKind] = [
      "plain": .pictures, "wide": .pictures, "list": .pictureLists, "structs": .pictureLists, "words": .values,
      "mixed": .values, "numbers": .values, "nothing": .values,
    ]
    #expect(data.source.kinds == kinds)
    #expect(
      data.source.notes
        == ["mixed", "numbers"].map {
          "\(folder)/further.parquet: the column \"\($0)\" holds bytes that are no texts or pictures; they are lists of numbers"
        })
    let plain = try values("plain", data)
    #expect(plain[1].isNull && plain[0] == plain[2])
    guard case .picture(let file) = plain[0] else { throw DataError(.value, "no picture") }
    #expect(try file.image(column: "plain").width == 2)
    guard case .list(let list) = try values("list", data)[0] else { throw DataError(.value, "no pictures") }
    #expect(list == [.picture(file), .null])
    #expect(try values("list", data)[1...] == [.list([]), .null])
    #expect(try values("words", data) == [.text("BM"), .text("GIF8"), .plain(.null)])
    #expect(try values("mixed", data)[1] == .plain(.array([.integer(0), .integer(1)])))
  }

  /// A broken picture in any column is told by a report and stops a build, or what can be read of it is kept, also in a folder.
  @Test(arguments: ["torn-plain", "torn-file", "torn-list"]) func brokenOnesAreToldOrKept(name: String) throws {
    let data = try load(name)
    let report = try DataReport(data)
    #expect(report.unreadable.map(\.row) == [2])
    let start = "\(folder)/\(name).parquet, row 2: column \"depth\", "
    #expect(report.unreadable.allSatisfy { $0.error.message.hasPrefix(start) })
    #expect(message { _ = try data.built() }.hasPrefix(start))
    #expect(message { _ = try data.encoded() }.hasPrefix(start))
    let kept = try load(name, keepsDamaged: true)
    #expect(try DataReport(kept).unreadable.isEmpty)
    try withTemporaryFolder { other in
      for options in [nil, BuildOptions()] {
        try DataFolder.write(kept, to: other + "/kept", building: options)
        let saved = try DataSet.load(other + "/kept")
        #expect(try DataReport(saved).unreadable.isEmpty && saved.count == 3)
        let (before, after) = (try values("depth", kept)[2], try values("depth", saved)[2])
        func images(_ value: DataValue) throws -> [RasterImage] {
          if value.pictures.isEmpty { throw DataError(.value, "no picture") }
          return try value.pictures.map { try $0.image(column: "depth") }
        }
        #expect(try images(before) == images(after))
      }
    }
  }

  /// Over several files a column holds pictures where all do that hold something, in any order; else its bytes are kept as they are.
  @Test(arguments: [
    (["pictures", "nulls"], true), (["nulls", "pictures"], true), (["pictures", "bytes"], false),
    (["bytes", "nulls", "pictures"], false), (["nulls"], false),
  ])
  func filesAreTakenTogether(names: [String], arePictures: Bool) throws {
    try withTemporaryFolder { other in
      for (place, name) in names.enumerated() {
        try AtomicFile.write(try readFile("\(folder)/depth-\(name).parquet"), to: "\(other)/\(place).parquet")
      }
      let data = try DataSet.load(other)
      #expect(data.source.kinds == ["depth": arePictures ? .pictures : .values])
      let isMixed = names.contains("bytes")
      #expect(data.source.notes.contains { $0.contains("holds pictures in some of the files") } == isMixed)
      for (place, value) in try values("depth", data).enumerated() {
        switch value {
        case .picture: #expect(arePictures && names[place] == "pictures")
        case .list, .map: Issue.record("no list")
        case .plain(let value): #expect((value == .null) == (names[place] == "nulls"))
        }
      }
    }
  }

  /// The columns that a table has images of are those of data sets, and so are their values.
  @Test func columnsOfTablesAreThoseOfDataSets() throws {
    let path = "\(folder)/further.parquet"
    let (file, data) = (try ParquetFile(path), try load("further"))
    for column in file.columns where column.name != "image" && column.name != "caption" {
      let kind = try #require(data.source.kinds[column.name])
      let pictures = PictureColumn(column, ColumnBytes(column, in: file), in: file)
      #expect((pictures != nil) == (kind == .pictures || kind == .pictureLists), "\(column.name)")
      guard let pictures else { continue }
      let found = try file.values(group: 0, columns: [column.name])[0]
      let values = try (0..<found.count).map { try pictures.pictures(found, $0, at: "row \($0)") }
      #expect(try values == self.values(column.name, data).prefix(found.count).map { $0 }, "\(column.name)")
    }
  }

  @Test func onesWithoutBytesAreTold() throws {
    let report = try DataReport(try load("byteless"))
    #expect(report.unreadable.map(\.row) == [1])
    #expect(
      report.unreadable[0].error.message
        == "\(folder)/byteless.parquet, row 1: column \"depth\", d.png: cannot be opened: no such file or directory; its bytes are not in the parquet file"
    )
  }

  /// Pictures of which a file has no more than the names are those beside it, in its folder or below.
  @Test func picturesBesideTheFileAreRead() throws {
    try withTemporaryFolder { other in
      try AtomicFile.write(try readFile("\(folder)/byteless.parquet"), to: other + "/byteless.parquet")
      let picture = RasterImage(width: 2, height: 1, rgba: [1, 2, 3, 255, 4, 5, 6, 255])
      try AtomicFile.write(try PNG.encode(picture), to: other + "/d.png")
      let data = try DataSet.load(other + "/byteless.parquet")
      #expect(try DataReport(data).unreadable.isEmpty)
      guard case .picture(let found)? = try values("depth", data).dropFirst().first else {
        Issue.record("no picture")
        return
      }
      #expect(try found.image(column: "depth") == picture)
    }
  }

  /// What is no text becomes one as it is written and is told, but for what holds nothing; lists are refused.
  @Test(arguments: [
    ("text", "3", false), ("bytes", "3", false), ("integer", "3", true), ("number", "2.5", true),
    ("truth", "true", true),
    ("day", "2024-01-31", true), ("null", nil, false),
  ])
  func captionsOfOtherValues(column: String, text: String?, isTold: Bool) throws {
    let data = try load("captions", caption: column)
    #expect(try data.map { $0.hasCaption ? $0.caption : nil } == [text, nil])
    #expect(data.source.notes.contains { $0.contains("\"\(column)\" holds numbers, dates or other values") } == isTold)
    #expect(message { _ = try load("captions", caption: "list") }.contains("found list<integer>; `caption: nil`"))
  }
}
