import Formats
import Foundation
import PixelBytes
import Testing

struct ImageFolderTests {
  private let picture = RasterImage(width: 2, height: 1, rgba: [252, 252, 252, 255, 248, 56, 0, 255])

  private func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (name, bytes) in files {
        let path = folder + "/" + name
        let parent = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try AtomicFile.write(bytes, to: path)
      }
      try body(folder)
    }
  }

  private func load(
    _ path: String, image: String? = "image", caption: String? = "caption", split: String? = nil, limit: Int? = nil
  ) throws -> DataSet {
    var options = ReadingOptions()
    (options.image, options.caption, options.split, options.limit) = (image, caption, split, limit)
    return try DataSet.load(path, options)
  }

  /// The text of the error that loading ends with, nil when it succeeds.
  private func message(_ path: String, image: String = "image") -> String? {
    do {
      _ = try load(path, image: image)
      return nil
    } catch { return (error as? DataError)?.message ?? "another error: \(error)" }
  }

  @Test func readsCSVInASplitWithFurtherColumns() throws {
    let csv = "file_name,label,caption\na.png,3,\"a \"\"red\"\"\nthing\"\nsub/b.png,,\n"
    let png = try PNG.encode(picture)
    try withFolder(["train/metadata.csv": Array(csv.utf8), "train/a.png": png, "train/sub/b.png": png]) { folder in
      let data = try load(folder + "/")
      #expect(try data.map(\.caption) == ["a \"red\"\nthing", ""])
      #expect(try data.map(\.image) == [picture, picture])
      #expect(try data[0].extra == [NamedValue("label", .text("3"))])
      #expect(data.columns == ["image", "caption", "label"])
      #expect(try load(folder, limit: 1).count == 1)
      let built = try data.built()
      #expect(try built[0].indexed?.indices == [1, 27])
      #expect(try built[1].patches?.tokens == Tokenizer().encode(text: "(3, 3)").tokens + [59, 85, 2, 2])
      #expect(built.columns.last == "pixelbyte")
    }
  }

  /// Files that may be captions, beside a picture without a text, are named.
  @Test(arguments: ["caption", "json", "md", "yaml"]) func otherCaptionsAreTold(ending: String) throws {
    let png = try PNG.encode(picture)
    let files = ["a.png": png, "b.png": png, "a.\(ending)": Array("x".utf8), "c.\(ending)": []]
    try withFolder(files) { folder in
      let notes = try load(folder).source.notes
      #expect(
        notes == [
          "\(folder): captions are read from .txt files, and not from a.\(ending) beside the pictures of those names"
        ])
    }
    try withFolder(files.merging(["a.txt": [0x61], "b.txt": [0x62]]) { $1 }) { folder in
      let notes = try load(folder).source.notes
      #expect(notes == [])
    }
  }

  /// Lists of files become lists of pictures under the name that the Hub's library has for them; such rows have no picture of their own.
  @Test func listsOfFilesAreImages() throws {
    let png = try PNG.encode(picture)
    let lines =
      #"{"file_names":["a.png","b.png"],"caption":"x"}"# + "\n" + #"{"file_names":["a.png"],"caption":"y"}"# + "\n"
    try withFolder(["metadata.jsonl": Array(lines.utf8), "a.png": png, "b.png": png]) { folder in
      let data = try load(folder)
      #expect(data.columns == ["caption", "images"] && data.source.kinds == ["images": .pictureLists])
      #expect(try data.map(\.caption) == ["x", "y"])
      let counts = try data.map { row in
        if case .list(let files)? = row.extra.first?.value { files.count } else { 0 }
      }
      #expect(counts == [2, 1] && data.source.notes == [])
    }
  }

  @Test func readsJSONLinesAndOtherColumnNames() throws {
    let lines = #"{"text":"né","picture":"a.png","n":1.5,"ok":true,"gone":null}"# + "\n\n"
    let files = ["metadata.jsonl": Array(lines.utf8), "a.png": try PNG.encode(picture)]
    try withFolder(files) { folder in
      let data = try load(folder, image: "picture", caption: "text")
      #expect(try data.count == 1 && data[0].caption == "né")
      #expect(
        try data[0].extra == [
          NamedValue("n", .plain(.number(1.5))), NamedValue("ok", .plain(.bool(true))),
          NamedValue("gone", .plain(.null)),
        ])
      #expect(
        message(folder)
          == #"\#(folder)/metadata.jsonl: expected the column "image" or "file_name" for the picture's file, found "#
          + #""text", "picture", "n", "ok", "gone"; `image: nil` reads texts alone"#)
      #expect(
        message(folder, image: "picture")
          == #"\#(folder)/metadata.jsonl: expected the column "caption" for the caption, found "#
          + #""text", "picture", "n", "ok", "gone"; `caption: nil` reads pictures alone"#)
    }
  }

  @Test func tellsEveryBadRow() throws {
    let names = ["a.png", "gone.png", "torn.png", "text.png", "../a.png", "/etc/passwd", "", "x/../../a.png"]
    let csv = "file_name,caption\n" + names.map { "\($0),c\n" }.joined()
    let png = try PNG.encode(picture)
    let files = [
      "metadata.csv": Array(csv.utf8), "a.png": png, "torn.png": Array(png.dropLast(26)), "text.png": [0x61],
    ]
    try withFolder(files) { folder in
      let data = try load(folder)
      let report = try DataReport(data)
      #expect(report.rows == 8 && report.unreadable.map(\.row) == Array(1...7))
      let place = "\(folder)/metadata.csv, line "
      let lines = report.unreadable.map { String($0.error.message.trimmingPrefix(place)) }
      #expect(lines[0] == "3: gone.png: cannot be opened: no such file or directory")
      #expect(lines[1].hasPrefix("4: torn.png: is a broken PNG: "))
      #expect(lines[2].hasPrefix("5: text.png: is not a picture that is read: "))
      #expect(lines[3] == "6: ../a.png: leads out of the folder")
      #expect(lines[4] == "7: /etc/passwd: is a path from the root, expected one from the folder")
      #expect(lines[5] == "8: names no picture")
      #expect(lines[6] == "9: x/../../a.png: leads out of the folder")
      // A build never leaves a row out.
      #expect(throws: report.unreadable[0].error) { try data.built() }
    }
  }

  @Test func tellsWhatIsMissing() throws {
    #expect(message("/no/such") == "there is no file or folder /no/such")
    try withFolder(["test/metadata.csv": Array("file_name,caption\n".utf8), "file": [1]]) { folder in
      #expect(message(folder) == "\(folder) has no split \"train\"; it has the splits test")
      #expect(
        message(folder + "/file")
          == "\(folder)/file is no .parquet, .csv, .tsv, .jsonl or .json file, and no folder")
      let test = try load(folder, split: "test")
      #expect(test.isEmpty)
    }
    try withFolder(["metadata.csv": Array("file_name,caption\na.png,b,c\n".utf8)]) { folder in
      #expect(
        message(folder)
          == "\(folder)/metadata.csv: line 2: expected 2 fields, found 3")
    }
  }

  @Test func tablesAreReadByThemselves() throws {
    let files = [
      "list.csv": Array("caption,image\nred,a.png\n".utf8), "sub/list.jsonl": Array(#"{"caption":"x"}"#.utf8),
      "a.png": try PNG.encode(picture),
    ]
    try withFolder(files) { folder in
      let (pictures, texts) = (try load(folder + "/list.csv"), try load(folder + "/sub/list.jsonl", image: nil))
      #expect(try pictures.rows() == [DataRow(caption: "red", image: picture)])
      #expect(try texts.rows() == [DataRow(caption: "x")])
    }
  }

  @Test func textsBesidePicturesAreRows() throws {
    let png = try PNG.encode(picture)
    let files = [
      "b/two.PNG": png, "b/two.txt": Array("two\nlines\n".utf8), "a.txt": Array("alone".utf8), "c.gif": [1],
      ".hidden.txt": [0x61], "d.txt": [0xFF], "d.jpg": png, "notes.md": [],
    ]
    try withFolder(files) { folder in
      let data = try load(folder)
      #expect(data.columns == ["image", "caption"] && data.count == 4)
      #expect(try data[0] == DataRow(caption: "alone"))
      #expect(try data[1] == DataRow(caption: "two\nlines", image: picture))
      let report = try DataReport(data)
      #expect(report.unreadable.map(\.row) == [2, 3])
      #expect(report.unreadable[0].error.message.hasPrefix("\(folder)/c: c.gif: is not a picture that is read"))
      #expect(report.unreadable[1].error.message == "\(folder)/d: d.txt: line 1 is not UTF-8 text")
      #expect(try load(folder, image: nil).count == 3)
    }
  }

  @Test func bigPicturesAreReducedWhenBuilding() throws {
    let rgba = (0..<100 * 50).flatMap { place -> [UInt8] in place % 100 < 50 ? [0, 0, 0, 255] : [0, 0, 0, 0] }
    let data = DataSet([DataRow(caption: "half black", image: RasterImage(width: 100, height: 50, rgba: rgba))])
    var options = BuildOptions()
    (options.maxSize, options.pixelizes) = (10, false)
    let image = try #require(try data.built(options)[0].indexed)
    #expect(image.width == 10 && image.height == 5)
    #expect(image.indices.prefix(10) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(throws: DataError(.value, "pictures of at most 0 pixels a side are impossible")) {
      options.maxSize = 0
      return try data.built(options)
    }
  }
}
