import PixelBytes
import Testing

/// Which rows a split, an order, a filter and a part take, at every bound.
@Suite struct SplitTests {
  private func data(_ count: Int) -> DataSet { DataSet((0..<count).map { DataRow(caption: "\($0)") }) }
  private func rows(_ data: DataSet) throws -> [Int] { try data.map { Int($0.caption) ?? -1 } }

  /// The nearest whole number of rows, halves upwards; one at least on either side where there are two rows.
  @Test(arguments: [
    (10, 0.25, 3), (10, 0.35, 4), (10, 0.24, 2), (10, 0.26, 3), (10, 0.05, 1), (10, 0.04, 1), (10, 0.96, 9),
    (10, 0.95, 9), (10, 0.5, 5), (3, 0.5, 2), (7, 0.5, 4), (50, 0.05, 3), (50, 0.03, 2), (50, 0.029, 1),
    (2, 0.01, 1), (2, 0.99, 1), (2, 0.5, 1), (1, 0.49, 0), (1, 0.5, 1), (1, 0.9, 1), (0, 0.5, 0), (5, 0, 0), (5, 1, 5),
  ])
  func takesTheNearestNumberOfRows(_ split: (count: Int, share: Double, test: Int)) throws {
    let (train, test) = try data(split.count).split(test: split.share, seed: 3)
    #expect(test.count == split.test && train.count == split.count - split.test)
    let (trained, tested) = (try rows(train), try rows(test))
    #expect(trained == trained.sorted() && tested == tested.sorted())
    #expect((trained + tested).sorted() == Array(0..<split.count))
  }

  /// `Random(SEED, "split").permutation(20)[:5]`, sorted, of a xoshiro256** written in Python.
  @Test func theSeedChoosesTheTestRows() throws {
    #expect(try rows(data(20).split(test: 0.25, seed: 0).test) == [1, 4, 7, 9, 10])
    #expect(try rows(data(20).split(test: 0.25, seed: 1).test) == [1, 3, 7, 10, 19])
    #expect(try rows(data(20).split(test: 0.25, seed: 42).test) == [1, 5, 8, 11, 17])
  }

  /// `Random(SEED, "shuffle").permutation(10)` of the same.
  @Test func theSeedChoosesTheOrder() throws {
    #expect(try rows(data(10).shuffled(seed: 0)) == [4, 2, 3, 0, 9, 5, 1, 8, 6, 7])
    #expect(try rows(data(10).shuffled(seed: 1)) == [9, 4, 1, 7, 8, 2, 5, 0, 6, 3])
    #expect(try rows(data(10).shuffled(seed: 7)) == [5, 6, 1, 2, 3, 4, 7, 9, 8, 0])
    #expect(try rows(data(1).shuffled(seed: 4)) == [0] && data(0).shuffled(seed: 4).isEmpty)
    // The rows of a part are shuffled, not those of its source.
    let part = try data(20)[10..<20].shuffled(seed: 7)
    #expect(try rows(part) == rows(data(10).shuffled(seed: 7)).map { $0 + 10 })
    #expect(try rows(data(20).selecting([19, 3]).split(test: 1, seed: 0).test) == [19, 3])
  }

  @Test func filtersPartsAndFirstRowsKeepTheirOrder() throws {
    let data = try data(10).selecting([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    #expect(try rows(data.filtered { Int($0.caption) ?? 0 > 4 }) == [9, 8, 7, 6, 5])
    #expect(try data.filtered { _ in false }.isEmpty && rows(data.filtered { _ in true }) == rows(data))
    #expect(try rows(data[2..<5]) == [7, 6, 5] && data[10..<10].isEmpty)
    #expect(try rows(data.taking(0)) == [] && rows(data.taking(1)) == [9] && rows(data.taking(10)) == rows(data))
    #expect(try rows(data.selecting([0, 0, 9])) == [9, 9, 0])
  }

  @Test func refusesSharesThatAreNone() {
    for share in [-0.01, 1.01, .nan, .infinity] {
      #expect(throws: DataError(.value, "the share of test rows is a number from 0 to 1, not \(share)")) {
        try data(4).split(test: share, seed: 0)
      }
    }
  }
}
