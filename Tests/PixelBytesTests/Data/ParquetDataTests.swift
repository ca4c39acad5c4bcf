import Formats
import Foundation
import PixelBytes
import Testing

struct ParquetDataTests {
  private let folder = Fixture.path("parquet")

  private func message(_ path: String, image: String = "image", split: String = "train") -> String? {
    do {
      _ = try DataSet.load(path, image: image, split: split)
      return nil
    } catch { return (error as? DataError)?.message ?? "another error: \(error)" }
  }

  @Test func readsTheFilesOfASplitInOrder() throws {
    var read: [String] = []
    let data = try DataSet.load(folder + "/hub", willRead: { read.append($0) })
    #expect(read == (0...1).map { "\(folder)/hub/data/train-0000\($0)-of-00002.parquet" })
    #expect(data.map(\.caption) == (1...5).map { "sprite \($0)" })
    for (index, row) in data.enumerated() {
      let pixel: [UInt8] = [UInt8(index + 1), 0, 0, 255]
      #expect(row.image.width == 2 && row.image.height == index + 1)
      #expect(row.image.rgba == Array(repeating: pixel, count: 2 * (index + 1)).flatMap { $0 })
    }
    #expect(data[0].extra == [NamedText("label", "1"), NamedText("tags", #"["\"1\"", "é"]"#)])
    #expect(data[2].extra.map(\.name) == ["tags"])
    #expect(try DataSet.load(folder + "/hub", split: "test").map(\.caption) == ["sprite 6"])
    #expect(try DataSet.load(folder + "/hub/data", limit: 4).map(\.caption) == (1...4).map { "sprite \($0)" })
    #expect(try DataSet.load(folder + "/hub", limit: 0).isEmpty)
    #expect(
      message(folder + "/hub", split: "dev")
        == "\(folder)/hub/data has no files of the split dev; it has the splits test, train")
  }

  @Test func readsOneFileAndAFolderOfOtherNames() throws {
    let first = folder + "/hub/data/train-00000-of-00002.parquet"
    #expect(try DataSet.load(first).count == 3)
    try withTemporaryFolder { other in
      for name in ["train/b.parquet", "train/a.parquet"] {
        try FileManager.default.createDirectory(atPath: other + "/train", withIntermediateDirectories: true)
        try AtomicFile.write(try readFile(first), to: other + "/" + name)
      }
      let data = try DataSet.load(other)
      #expect(data.map(\.caption) == [1, 2, 3, 1, 2, 3].map { "sprite \($0)" })
      try AtomicFile.write(try readFile(first), to: other + "/train-00000-of-00002.parquet")
      try FileManager.default.removeItem(atPath: other + "/train")
      #expect(message(other) == "\(other) has 1 of the 2 files of the split train; number 1 is missing")
    }
  }

  @Test func theTokensOfThePublishedSetAreKept() throws {
    let data = try DataSet.load(folder + "/pixelbyte.parquet")
    #expect(data[0].patches?.ids == [0, 0, 0, 0, 9, 0, 0, 0, 0] + [0, 0, 0, 9, 112, 0, 0, 0, 0])
    #expect(data[1].patches?.count == 0)
    #expect(data.columns == ["image", "caption", "pixelbyte"])
    let lines = message(folder + "/wrong-pixelbyte.parquet")?.split(separator: "\n").map(String.init) ?? []
    #expect(
      Array(lines.dropFirst())
        == ["row 0", "row 1"].map { "  \($0): the column \"pixelbyte\" does not hold 3 x 3 ids below 113" })
  }

  @Test func tellsEveryBadRowAtOnce() {
    let lines = message(folder + "/bad-rows.parquet")?.split(separator: "\n") ?? []
    #expect(lines.count == 5)
    #expect(lines.first == "4 of the 5 rows of \(folder)/bad-rows.parquet cannot be loaded:")
    #expect(lines[1] == "  row 1: gone.png: its bytes are not in the file")
    #expect(lines[2].hasPrefix("  row 2: picture: is a broken PNG: "))
    #expect(lines[3] == "  row 3: picture: its bytes are not in the file")
    #expect(lines[4] == "  row 4: has no caption")
  }

  @Test func tellsWhichColumnsAreWrong() {
    let file = folder + "/hub/data/test-00000-of-00001.parquet"
    #expect(
      message(file, image: "picture")
        == "\(file): expected the column \"picture\" for the picture's bytes, found \"image\", \"caption\", \"label\", \"tags\""
    )
    #expect(
      message(file, image: "tags") == "\(file): expected the picture's bytes in the column \"tags\", found list<text>")
    #expect(message(folder + "/no.parquet") == "\(folder)/no.parquet: cannot be opened: no such file or directory")
  }
}
