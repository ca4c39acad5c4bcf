import Formats
import PixelBytes
import Testing

struct DataSetTests {
  private let data = DataSet(
    (0..<50).map { DataRow(caption: "\($0)", image: RasterImage(width: 1, height: 1, rgba: [UInt8($0), 0, 0, 255])) })

  @Test func splitsByRowAndSeed() throws {
    let (train, test) = try data.split(test: 0.1, seed: 42)
    #expect(train.count == 45 && test.count == 5)
    #expect((train.map(\.caption) + test.map(\.caption)).sorted() == data.map(\.caption).sorted())
    #expect(test.map { Int($0.caption) ?? -1 } == test.map { Int($0.caption) ?? -1 }.sorted())
    #expect(try data.split(test: 0.1, seed: 42).test == test)
    #expect(try data.split(test: 0.1, seed: 43).test != test)
    #expect(try data.split(test: 0, seed: 1).test.isEmpty && data.split(test: 1, seed: 1).train.isEmpty)
    let pair = data.taking(2)
    #expect(try pair.split(test: 0.01, seed: 0).test.count == 1 && pair.split(test: 0.99, seed: 0).train.count == 1)
    #expect(throws: DataError(.value, "the share of test rows is a number from 0 to 1, not 1.5")) {
      try data.split(test: 1.5, seed: 0)
    }
    #expect(throws: DataError.self) { try data.split(test: .nan, seed: 0) }
  }

  @Test func shufflesTakesFiltersAndSlices() {
    let shuffled = data.shuffled(seed: 7)
    #expect(shuffled != data && shuffled == data.shuffled(seed: 7) && shuffled != data.shuffled(seed: 8))
    #expect(Set(shuffled.map(\.caption)) == Set(data.map(\.caption)))
    #expect(data.taking(3).map(\.caption) == ["0", "1", "2"] && data.taking(99) == data && data.taking(-1).isEmpty)
    #expect(data[48..<50].map(\.caption) == ["48", "49"])
    #expect(data.filtered { $0.caption.hasSuffix("7") }.count == 5)
  }
}
