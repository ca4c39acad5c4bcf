import Formats
import Foundation
import PixelBytes
import Synchronization
import Testing

struct ParquetDataTests {
  private let folder = Fixture.path("parquet")

  private func load(
    _ path: String, image: String = "image", split: String? = nil, limit: Int? = nil
  ) throws -> DataSet {
    var options = ReadingOptions()
    (options.image, options.split, options.limit) = (image, split, limit)
    return try DataSet.load(path, options)
  }

  private func message(_ path: String, image: String = "image", split: String? = nil) -> String? {
    do {
      _ = try load(path, image: image, split: split)
      return nil
    } catch { return (error as? DataError)?.message ?? "another error: \(error)" }
  }

  @Test func readsTheFilesOfASplitInOrder() throws {
    let read = Mutex<[String]>([])
    var options = ReadingOptions()
    options.willRead = { path in read.withLock { $0.append(path) } }
    let data = try DataSet.load(folder + "/hub", options)
    // What its columns are called is looked at before the first file is read.
    let files = (0...1).map { "\(folder)/hub/data/train-0000\($0)-of-00002.parquet" }
    #expect(read.withLock { $0 } == [files[0]] + files)
    #expect(try data.map(\.caption) == (1...5).map { "sprite \($0)" })
    for index in 0..<data.count {
      let image = try #require(try data[index].image)
      let pixel: [UInt8] = [UInt8(index + 1), 0, 0, 255]
      #expect(image.width == 2 && image.height == index + 1)
      #expect(image.rgba == Array(repeating: pixel, count: 2 * (index + 1)).flatMap { $0 })
    }
    #expect(
      try data[0].extra == [
        NamedValue("label", .plain(.integer(1))), NamedValue("tags", .plain(.array([.string("\"1\""), .string("é")]))),
      ])
    #expect(try data[2].extra[0] == NamedValue("label", .plain(.null)))
    #expect(try load(folder + "/hub", split: "test").map(\.caption) == ["sprite 6"])
    #expect(try load(folder + "/hub/data", limit: 4).map(\.caption) == (1...4).map { "sprite \($0)" })
    #expect(try load(folder + "/hub", limit: 0).isEmpty)
    #expect(
      message(folder + "/hub", split: "dev")
        == "\(folder)/hub has no split \"dev\"; it has the splits test, train")
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
      #expect(try data.map(\.caption) == [1, 2, 3, 1, 2, 3].map { "sprite \($0)" })
      try AtomicFile.write(try readFile(first), to: other + "/train-00000-of-00002.parquet")
      try FileManager.default.removeItem(atPath: other + "/train")
      #expect(message(other) == "\(other) has 1 of the 2 files of the split train; number 1 is missing")
    }
  }

  @Test func theTokensOfThePublishedSetAreKept() throws {
    let data = try DataSet.load(folder + "/pixelbyte.parquet")
    #expect(try data[0].patches?.ids == [0, 0, 0, 0, 9, 0, 0, 0, 0] + [0, 0, 0, 9, 112, 0, 0, 0, 0])
    #expect(try data[1].patches?.count == 0)
    #expect(data.columns == ["image", "caption", "pixelbyte"])
    #expect(
      message(folder + "/wrong-pixelbyte.parquet")
        == "\(folder)/wrong-pixelbyte.parquet, rows 0 to 1: the column \"pixelbyte\" does not hold lists of 3 x 3 ids below 113"
    )
  }

  @Test func tellsEveryBadRow() throws {
    let file = folder + "/bad-rows.parquet"
    let report = try DataReport(try load(file))
    #expect(report.rows == 5 && report.unreadable.map(\.row) == [1, 2])
    #expect(report.withoutPicture == [3] && report.withoutCaption == [4])
    let lines = report.unreadable.map { String($0.error.message.trimmingPrefix(file + ", row ")) }
    #expect(
      lines[0] == "1: gone.png: cannot be opened: no such file or directory; its bytes are not in the parquet file")
    #expect(lines[1].hasPrefix("2: picture: is a broken PNG: "))
  }

  /// Splits whose names end in a digest, as the Hub once wrote them, never come together.
  @Test func splitsWithDigestsStayApart() throws {
    try withTemporaryFolder { other in
      for (split, shards, digest) in [("train", 2, "a09b74b3ef9c3b56"), ("test", 1, "0123456789abcdef")] {
        let bytes = try readFile(folder + "/hub/data/\(split)-00000-of-0000\(shards).parquet")
        try AtomicFile.write(bytes, to: other + "/\(split)-00000-of-00001-\(digest).parquet")
      }
      let train = try load(folder + "/hub/data/train-00000-of-00002.parquet").count
      let test = try load(folder + "/hub/data/test-00000-of-00001.parquet").count
      #expect(try load(other).count == train && load(other, split: "train").count == train)
      #expect(try load(other, split: "test").count == test)
    }
  }

  @Test func tellsWhichColumnsAreWrong() {
    let file = folder + "/hub/data/test-00000-of-00001.parquet"
    let help = "; `image: nil` reads rows without a picture of their own"
    #expect(
      message(file, image: "picture")
        == "\(file): expected the column \"picture\" for the picture's bytes, found \"image\", \"caption\", \"label\", \"tags\"\(help)"
    )
    #expect(
      message(file, image: "tags")
        == "\(file): expected the picture's bytes in the column \"tags\", found list<text>\(help)")
    #expect(message(folder + "/no.parquet") == "\(folder)/no.parquet: cannot be opened: no such file or directory")
  }
}
