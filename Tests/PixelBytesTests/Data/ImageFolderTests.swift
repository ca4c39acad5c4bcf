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

  /// The text of the error that loading ends with, nil when it succeeds.
  private func message(_ path: String, image: String = "image") -> String? {
    do {
      _ = try DataSet.imageFolder(path, image: image)
      return nil
    } catch { return (error as? DataError)?.message ?? "another error: \(error)" }
  }

  @Test func readsCSVInASplitWithFurtherColumns() throws {
    let csv = "file_name,label,caption\na.png,3,\"a \"\"red\"\"\nthing\"\nsub/b.png,,\n"
    let png = try PNG.encode(picture)
    try withFolder(["train/metadata.csv": Array(csv.utf8), "train/a.png": png, "train/sub/b.png": png]) { folder in
      let data = try DataSet.imageFolder(folder + "/")
      #expect(data.map(\.caption) == ["a \"red\"\nthing", ""])
      #expect(data.map(\.image) == [picture, picture])
      #expect(data[0].extra == [NamedText("label", "3")])
      #expect(data.columns == ["image", "caption", "label"])
      #expect(try DataSet.imageFolder(folder, limit: 1).count == 1)
      let built = try data.built()
      #expect(built[0].indexed?.indices == [1, 27])
      #expect(built[1].patches?.centers == Tokenizer().encode(text: "(3, 3)").centers + [59, 85, 2, 2])
      #expect(built.columns.last == "pixelbyte")
    }
  }

  @Test func readsJSONLinesAndOtherColumnNames() throws {
    let lines = #"{"text":"né","picture":"a.png","n":1.5,"ok":true,"gone":null}"# + "\n\n"
    let files = ["metadata.jsonl": Array(lines.utf8), "a.png": try PNG.encode(picture)]
    try withFolder(files) { folder in
      let data = try DataSet.imageFolder(folder, image: "picture", caption: "text")
      #expect(data.count == 1 && data[0].caption == "né")
      #expect(data[0].extra == [NamedText("n", "1.5"), NamedText("ok", "true")])
      #expect(
        message(folder)
          == #"\#(folder)/metadata.jsonl: expected the column "image" or "file_name" for the picture's file, found "#
          + #""text", "picture", "n", "ok", "gone""#)
      #expect(
        message(folder, image: "picture")
          == #"\#(folder)/metadata.jsonl: expected the column "caption" for the caption, found "#
          + #""text", "picture", "n", "ok", "gone""#)
    }
  }

  @Test func tellsEveryBadRowAtOnce() throws {
    let names = ["a.png", "gone.png", "torn.png", "text.png", "../a.png", "/etc/passwd", "", "x/../../a.png"]
    let csv = "file_name,caption\n" + names.map { "\($0),c\n" }.joined()
    let png = try PNG.encode(picture)
    let files = [
      "metadata.csv": Array(csv.utf8), "a.png": png, "torn.png": Array(png.dropLast(20)), "text.png": [0x61],
    ]
    try withFolder(files) { folder in
      let lines = message(folder)?.split(separator: "\n") ?? []
      #expect(lines.count == 7)
      #expect(lines.first == "7 of the 8 rows of \(folder)/metadata.csv cannot be loaded:")
      #expect(lines[1] == "  line 3: gone.png: cannot be opened: no such file or directory")
      #expect(lines[2].hasPrefix("  line 4: torn.png: is a broken PNG: "))
      #expect(lines[3].hasPrefix("  line 5: text.png: is not a picture that is read: "))
      #expect(lines[4] == "  line 6: ../a.png: leads out of the folder")
      #expect(lines[5] == "  line 7: /etc/passwd: leads out of the folder")
      #expect(lines[6] == "  and 2 more")
    }
  }

  @Test func tellsWhatIsMissing() throws {
    #expect(message("/no/such") == "there is no folder /no/such")
    try withFolder(["test/metadata.csv": Array("file_name,caption\n".utf8), "file": [1]]) { folder in
      #expect(
        message(folder)
          == "there is no metadata.csv, metadata.jsonl or parquet file in \(folder)/train or \(folder); the folder has the splits test"
      )
      #expect(
        message(folder + "/file")
          == "\(folder)/file is a file, not a folder")
      let test = try DataSet.imageFolder(folder, split: "test")
      #expect(test.isEmpty)
    }
    try withFolder(["metadata.csv": Array("file_name,caption\na.png,b,c\n".utf8)]) { folder in
      #expect(
        message(folder)
          == "\(folder)/metadata.csv: line 2: expected 2 fields, found 3")
    }
  }

  @Test func bigPicturesAreReducedWhenBuilding() throws {
    let rgba = (0..<100 * 50).flatMap { place -> [UInt8] in place % 100 < 50 ? [0, 0, 0, 255] : [0, 0, 0, 0] }
    let data = DataSet([DataRow(caption: "half black", image: RasterImage(width: 100, height: 50, rgba: rgba))])
    let image = try #require(try data.built(maxSize: 10)[0].indexed)
    #expect(image.width == 10 && image.height == 5)
    #expect(image.indices.prefix(10) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(throws: DataError(.value, "pictures of at most 0 pixels a side are impossible")) {
      try data.built(maxSize: 0)
    }
  }
}
