import PixelBytes
import Testing

struct CopyTaskTests {
  @Test(arguments: [(8, 2, 4), (1, 0, 2), (5, 7, 26), (64, 256, 3)])
  func theSecondHalfRepeatsTheFirst(size: Int, gap: Int, symbols: Int) throws {
    let text = try CopyTask(kind: .text, size: size, gap: gap, symbols: symbols, seed: 3)
    let pictures = try CopyTask(size: size, gap: gap, symbols: symbols, seed: 3)
    for number in 0..<20 {
      let caption = Array(text.row(number).caption)
      #expect(caption.count == 2 * size + gap && text.row(number).image == nil)
      #expect(Array(caption[..<size]) == Array(caption[(size + gap)...]))
      #expect(caption[size..<size + gap].allSatisfy { $0 == "." })
      let image = try #require(pictures.row(number).indexed)
      #expect(image.width == size && image.height == 2 * size + gap)
      #expect(Array(image.indices[..<(size * size)]) == Array(image.indices[(size * (size + gap))...]))
      // In the tokens too, at the distance that the task states.
      let ids = Tokenizer().encode(image).tokens
      for place in pictures.distance..<ids.count - 1 where place % (size + 1) < size {
        #expect(ids[place] == ids[place - pictures.distance])
      }
    }
  }

  @Test func patternsDifferAndFollowFromSeedAndNumber() throws {
    let task = try CopyTask(symbols: 26, seed: 1)
    let rows = (0..<50).map { task.row($0) }
    #expect(Set(rows.compactMap(\.indexed?.indices)).count == 50)
    #expect(Set(rows.compactMap(\.indexed).flatMap(\.indices)).count == 27)
    #expect(rows == (0..<50).map { task.row($0) })
    #expect(try CopyTask(symbols: 26, seed: 2).row(0) != rows[0])
    #expect(try DataSet.copyTask(count: 50, task).rows() == rows)
    #expect(try DataSet.copyTask(count: 1, CopyTask(kind: .text)).columns == ["caption"])
  }

  @Test func impossibleTasksAreRefused() {
    #expect(throws: DataError(.value, "the size of a copy task is from 1 to 64, not 0")) { try CopyTask(size: 0) }
    #expect(throws: DataError(.value, "the gap of a copy task is from 0 to 256, not -1")) { try CopyTask(gap: -1) }
    #expect(throws: DataError(.value, "the number of symbols of a copy task is from 2 to 26, not 27")) {
      try CopyTask(symbols: 27)
    }
    #expect(throws: DataError(.value, "the number of rows is 0 or more, not -2")) {
      try DataSet.copyTask(count: -2, CopyTask())
    }
  }
}
