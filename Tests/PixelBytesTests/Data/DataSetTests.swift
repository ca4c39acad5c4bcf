import Formats
import PixelBytes
import Testing

struct DataSetTests {
  private let data = DataSet(
    (0..<50).map { DataRow(caption: "\($0)", image: RasterImage(width: 1, height: 1, rgba: [UInt8($0), 0, 0, 255])) })

  @Test func splitsByRowAndSeed() throws {
    let (train, test) = try data.split(test: 0.1, seed: 42)
    #expect(train.count == 45 && test.count == 5)
    let (trained, tested, all) = (try captions(train), try captions(test), try captions(data))
    #expect((trained + tested).sorted() == all.sorted())
    // The rows of seed 42 on any machine.
    #expect(tested == ["4", "5", "17", "26", "30"])
    #expect(try data.split(test: 0.1, seed: 42).test.isEqual(to: test))
    #expect(try !data.split(test: 0.1, seed: 43).test.isEqual(to: test))
    #expect(try data.split(test: 0, seed: 1).test.isEmpty && data.split(test: 1, seed: 1).train.isEmpty)
    let pair = try data.taking(2)
    #expect(try pair.split(test: 0.01, seed: 0).test.count == 1 && pair.split(test: 0.99, seed: 0).train.count == 1)
    #expect(throws: DataError(.value, "the share of test rows is a number from 0 to 1, not 1.5")) {
      try data.split(test: 1.5, seed: 0)
    }
    #expect(throws: DataError.self) { try data.split(test: .nan, seed: 0) }
  }

  @Test func shufflesTakesFiltersAndSlices() throws {
    let shuffled = try data.shuffled(seed: 7)
    #expect(try !shuffled.isEqual(to: data) && shuffled.isEqual(to: data.shuffled(seed: 7)))
    #expect(try !shuffled.isEqual(to: data.shuffled(seed: 8)))
    #expect(Set(try captions(shuffled)) == Set(try captions(data)))
    #expect(try captions(data.taking(3)) == ["0", "1", "2"])
    #expect(try data.taking(99).isEqual(to: data) && data.taking(-1).isEmpty)
    #expect(try captions(data[48..<50]) == ["48", "49"])
    #expect(try captions(data[40..<50].selecting([9, 0])) == ["49", "40"])
    #expect(try data.filtered { $0.caption.hasSuffix("7") }.count == 5)
  }

  private func captions(_ data: DataSet) throws -> [String] { try data.map(\.caption) }

  @Test func rowsOfTextsAloneHaveNoShape() throws {
    let data = try DataSet([DataRow(caption: "Ab")]).built()
    #expect(data.columns == ["caption", "pixelbyte"])
    #expect(try data[0].patches == Tokenizer().encode(text: "ab"))
  }

  @Test func theReportCountsWhatIsThere() throws {
    let rows = [("é 漢", 3), ("", 3), ("é 漢", 3), ("b", 40)].map { caption, side in
      let pixel: [UInt8] = [0, 0, 0, 255]
      let rgba = (0..<side).flatMap { _ in pixel }
      return DataRow(caption: caption, image: RasterImage(width: side, height: 1, rgba: rgba))
    }
    for threads in 1...2 {
      let report = try DataReport(DataSet(rows), threads: threads)
      #expect(report.rows == 4 && report.emptyCaptions == 1)
      #expect(report.sizes.map(\.text) == ["3x1", "40x1"] && report.sizes.map(\.count) == [3, 1])
      #expect(report.sides.map(\.text) == ["1-8", "33-64"])
      #expect(try #require(report.captionLengths) == (0, 3, 3))
      #expect(report.unknownCharacters.map(\.text) == ["漢"])
      #expect(report.duplicates.map { [$0.row, $0.first] } == [[2, 0]])
      #expect(report.unreadable.isEmpty)
    }
  }
}
