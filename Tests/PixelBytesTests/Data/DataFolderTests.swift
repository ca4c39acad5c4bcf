import Formats
import Foundation
import PixelBytes
import Testing

/// Data sets that are written into a folder and opened again.
struct DataFolderTests {
  private func options(threads: Int = 2) -> BuildOptions {
    var options = BuildOptions()
    (options.maxSize, options.threads) = (25, threads)
    return options
  }

  @Test func aBuiltFolderIsTheBuiltDataSet() throws {
    try withTemporaryFolder { folder in
      let data = try DataSet.sprites(count: 2300, size: 9, seed: 3)
      var reports: [Int] = []
      try DataFolder.write(data, to: folder + "/a", building: options()) { reports.append($0) }
      #expect(reports.first == 0 && reports.last == 2300 && reports == reports.sorted())
      let (saved, built) = (try DataSet.load(folder + "/a"), try data.built(options()))
      #expect(saved.isBuilt && saved.vocabulary == .pixelbytes && saved.columns == built.columns)
      #expect(try saved.isEqual(to: built) && !saved.isEqual(to: built.shuffled(seed: 1)))
      #expect(try saved.shuffled(seed: 5)[7] == built.shuffled(seed: 5)[7])
      let (ours, theirs) = (try saved.encoded(), try built.encoded())
      #expect(ours.tokenCount == theirs.tokenCount)
      #expect(try (0..<2300).allSatisfy { try ours.patches(of: $0) == theirs.patches(of: $0) })
      // Saved again, from where it was saved, and with another number of threads: the same bytes.
      try DataFolder.write(saved, to: folder + "/b", building: nil)
      try DataFolder.write(data, to: folder + "/c", building: options(threads: 1))
      for name in ["tokens.safetensors", "vocabulary.json", "train-00000-of-00001.parquet"] {
        let bytes = try readFile(folder + "/a/" + name)
        #expect(try readFile(folder + "/b/" + name) == bytes && readFile(folder + "/c/" + name) == bytes, "\(name)")
      }
    }
  }

  @Test func rowsKeepWhatTheyHave() throws {
    let picture = RasterImage(width: 2, height: 1, rgba: [252, 252, 252, 255, 248, 56, 0, 255])
    let rows = [
      DataRow(
        caption: "né\n\"x\"", image: picture,
        extra: [
          NamedValue("label", .plain(.integer(1))), NamedValue("tag", .text("")),
          NamedValue("other", .picture(PictureFile(try PNG.encode(picture), name: "o.png"))),
        ]),
      DataRow(
        caption: "", image: picture,
        extra: [
          NamedValue("label", .plain(.array([.string("a"), .null]))), NamedValue("tag", .text("ü")),
          NamedValue("other", .plain(.null)),
        ]),
    ]
    let texts = [DataRow(caption: "a"), DataRow(caption: "b\tc")]
    try withTemporaryFolder { folder in
      for (name, rows) in [("pictures", rows), ("texts", texts)] {
        for building in [nil, options()] {
          let path = "\(folder)/\(name)\(building == nil)"
          try DataFolder.write(DataSet(rows), to: path, building: building)
          let saved = try DataSet.load(path)
          #expect(saved.isBuilt == (building != nil))
          let expected = try building.map { try DataSet(rows).built($0) } ?? DataSet(rows)
          #expect(try saved.rows() == expected.rows())
        }
      }
      try DataFolder.write(DataSet(), to: folder + "/none", building: options())
      #expect(try DataSet.load(folder + "/none").isEmpty)
    }
  }

  /// A row may lack any of the columns, the first, one in the middle, the last or all: it holds null there, and in no other.
  @Test func rowsMayLackColumns() throws {
    let names = ["a", "b", "c"]
    let kept = (0..<8).reversed().map { bits in names.indices.filter { bits >> $0 & 1 == 1 }.map { names[$0] } }
    let rows = kept.enumerated().map { index, names in
      DataRow(caption: "\(index)", extra: names.map { NamedValue($0, .text("\($0)\(index)")) })
    }
    try withTemporaryFolder { folder in
      try DataFolder.write(DataSet(rows), to: folder + "/a", building: nil)
      let saved = try DataSet.load(folder + "/a").rows()
      #expect(kept.first == names && kept.last == [] && saved.count == 8)
      for (index, row) in saved.enumerated() {
        let expected = names.map { name in
          NamedValue(name, kept[index].contains(name) ? .text("\(name)\(index)") : .plain(.null))
        }
        #expect(row.extra == expected && row.caption == "\(index)")
      }
    }
  }

  @Test func anotherVocabularyAndArrangementAreKept() throws {
    var options = options()
    options.tokenizer = Tokenizer(
      try Vocabulary(bytes: Array("\0\t\nabc ".utf8), palette: try Palette([Color(0, 0, 0), Color(255, 0, 0)])))
    options.arrangement = [.caption, .image]
    try withTemporaryFolder { folder in
      let data = try DataSet.sprites(count: 3, size: 8)
      try DataFolder.write(data, to: folder + "/a", building: options)
      let saved = try DataSet.load(folder + "/a")
      #expect(saved.vocabulary == options.tokenizer.vocabulary)
      #expect(saved.isEqual(to: try data.built(options)))
      let centers = try saved.encoded().patches(of: 0).tokens
      #expect(centers.count == (try data[0].caption.utf8.count) + 1 + 72)
    }
  }

  @Test func whatStopsABuildLeavesNothing() throws {
    struct Stop: Error {}
    try withTemporaryFolder { folder in
      let data = try DataSet.sprites(count: 3000, size: 8)
      try DataFolder.write(data.taking(2), to: folder + "/a", building: options())
      #expect(throws: Stop.self) {
        try DataFolder.write(data, to: folder + "/a", building: options()) { if $0 > 1500 { throw Stop() } }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
      #expect(try DataSet.load(folder + "/a").count == 2)
      #expect(throws: DataError.self) { try DataFolder.write(data, to: folder + "/a/dataset.json/b", building: nil) }
    }
  }

  @Test func aDamagedFolderIsAnErrorThatNamesTheFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      try DataFolder.write(try DataSet.sprites(count: 4, size: 8), to: path, building: options())
      func message(_ name: String, _ damaged: [UInt8]) throws -> String {
        let whole = try readFile(path + "/" + name)
        defer { try? AtomicFile.write(whole, to: path + "/" + name) }
        try AtomicFile.write(damaged, to: path + "/" + name)
        do {
          let data = try DataSet.load(path)
          for index in 0..<data.count { _ = try data[index] }
          return "nothing"
        } catch let error as DataError { return error.message }
      }
      for name in ["tokens.safetensors", "vocabulary.json", "train-00000-of-00001.parquet", "dataset.json"] {
        let bytes = try readFile(path + "/" + name)
        for part in [0, 7, 100, bytes.count - 9] {
          #expect(try message(name, Array(bytes.prefix(part))).contains(name), "\(name)")
        }
      }
      let description = try readTextFile(path + "/dataset.json")
      for rows in [3, -5, .max, .min] {
        #expect(
          try message("dataset.json", Array(description.replacing("\"rows\" : 4", with: "\"rows\" : \(rows)").utf8))
            == "\(path)/tokens.safetensors: does not hold the tokens of \(rows) rows")
      }
      // Without tokens the rows are counted, unless only the first of them are asked for.
      let plain = folder + "/plain"
      try DataFolder.write(try DataSet.sprites(count: 4, size: 8), to: plain, building: nil)
      let told = try readTextFile(plain + "/dataset.json")
      for rows in [0, 3, 5, -5, .max] {
        try AtomicFile.write(
          Array(told.replacing("\"rows\" : 4", with: "\"rows\" : \(rows)").utf8), to: plain + "/dataset.json")
        let error = #expect(throws: DataError.self) { try DataSet.load(plain) }
        #expect(
          error?.message == "\(plain)/train-00000-of-00001.parquet: holds 4 rows; dataset.json says \(rows)")
        var options = ReadingOptions()
        options.limit = 2
        #expect(try DataSet.load(plain, options).count == 2)
      }
      // An id beyond the vocabulary, as the last one of the last row.
      var bytes = try readFile(path + "/tokens.safetensors")
      let tokens = try Safetensors(decoding: bytes).entry("tokens")
      bytes[8 + Int(bytes[0]) + 256 * Int(bytes[1]) + tokens.count - 1] = 200
      #expect(
        try message("tokens.safetensors", bytes)
          == "\(path)/tokens.safetensors, row 3: its runs are not those of \(try DataSet.load(path).encoded().length(of: 3)) tokens"
      )
    }
  }
}
