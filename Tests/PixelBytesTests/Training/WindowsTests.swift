import PixelBytes
import Testing

@Suite struct WindowsTests {
  @Test func wrapRoundTheirSequence() throws {
    let text = Tokenizer().encode(text: "abc")  // Four tokens with the newline.
    let windows = try Windows(TokenSequences([text, PatchSequence(), text]), length: 6, stride: 3)
    #expect(windows.count == 4)
    let example = try windows.example([0, 1], for: .all)
    let (inputs, next) = (example.inputs, example.targets)
    let centers = stride(from: 4, to: inputs.ids.count, by: 9).map { inputs.ids[$0] }
    let (a, b, c, end) = (text.tokens[0], text.tokens[1], text.tokens[2], text.tokens[3])
    #expect(centers == [a, b, c, end, a, b] + [end, a, b, c, end, a])
    #expect(next == [b, c, end, a, b, c, a, b, c, end, a, b].map { Int32($0) })
    #expect(try windows.example([0, 1], for: .last).targets == [Int32(c), Int32(b)])
    #expect(try windows.example([2, 3], for: .last).inputs.ids == inputs.ids)
    #expect(Array(inputs.ids[0..<9]) == Array(text.ids[0..<9]))
  }

  /// The windows of a sequence start at every multiple of the stride inside of it.
  @Test(arguments: [
    (1, 1, 1), (4, 1, 4), (4, 2, 2), (4, 3, 2), (4, 4, 1), (4, 5, 1), (5, 4, 2), (9, 4, 3), (8, 4, 2), (7, 4, 2),
  ])
  func startAtTheMultiplesOfTheStride(_ run: (tokens: Int, stride: Int, count: Int)) throws {
    let tokens = (0..<run.tokens).map { UInt8($0) }
    let windows = try Windows(.centers([tokens]), length: 1, stride: run.stride)
    #expect(windows.count == run.count)
    #expect(try centers(windows, Array(0..<run.count)) == (0..<run.count).map { [UInt8($0 * run.stride)] })
  }

  /// Each window of many sequences, empty ones among them at the beginning, in the middle and at the end, against the plain
  /// rule: from `start` on, round the end.
  @Test(arguments: [1, 2, 3, 10], [1, 2, 3, 7]) func eachIsOfItsSequence(_ length: Int, _ step: Int) throws {
    var first: UInt8 = 0
    let sequences = [0, 3, 1, 0, 0, 5, 2, 4, 0].map { count -> [UInt8] in
      defer { first += UInt8(count) }
      return (0..<count).map { first + UInt8($0) }
    }
    let windows = try Windows(.centers(sequences), length: length, stride: step)
    let expected = sequences.flatMap { tokens in
      stride(from: 0, to: tokens.count, by: step).map { start in
        (0...length).map { tokens[(start + $0) % tokens.count] }
      }
    }
    #expect(windows.count == expected.count)
    let all = Array(0..<windows.count)
    #expect(try centers(windows, all) == expected.map { Array($0[..<length]) })
    #expect(try windows.example(all, for: .all).targets == expected.flatMap { $0[1...] }.map { Int32($0) })
    #expect(try windows.example(all, for: .last).targets == expected.map { Int32($0[length]) })
    let backwards = try windows.example(all.reversed(), for: .last)
    #expect(backwards.targets == expected.reversed().map { Int32($0[length]) } && backwards.inputs.count == all.count)
    #expect(backwards.inputs.length == length)
  }

  @Test func refusesWhatIsNoWindow() throws {
    for wrong in [0, -1] {
      #expect(throws: ConfigurationError("sequence must be from 1 to 2147483647, found \(wrong)")) {
        try Windows(.centers([[1]]), length: wrong, stride: 1)
      }
      #expect(throws: ConfigurationError("stride must be from 1 to 2147483647, found \(wrong)")) {
        try Windows(.centers([[1]]), length: 1, stride: wrong)
      }
    }
    #expect(try Windows(.centers([[], []]), length: 1, stride: 1).count == 0)
    #expect(try Windows(.centers([]), length: 1, stride: 1).count == 0)
  }

  @Test func rowsAreWindowsOnceAndPadded() throws {
    // Rows of 1, 5, 3 and 0 tokens: the first has nothing to predict, the second needs two windows of up to 3.
    let rows: [[UInt8]] = [[9], [1, 2, 3, 4, 5], [6, 7, 8], []]
    let windows = try Windows(.centers(rows), length: 3, stride: 1, rule: .rows)
    #expect(windows.count == 3)
    let batch = try windows.contexts([0, 1, 2])
    #expect(batch.lengths == [4, 2, 3] && batch.length == 4)
    #expect(batch.tokens == [1, 2, 3, 4, 4, 5, 0, 0, 6, 7, 8, 0])
    let example = try windows.example([0, 1, 2], for: .all)
    let ignored = Example.ignored
    #expect(example.targets == [2, 3, 4, 5, ignored, ignored, 7, 8, ignored])
    #expect(example.inputs.tokens == [1, 2, 3, 4, 5, 0, 6, 7, 8])
    // A batch is as long as its longest window.
    #expect(try windows.contexts([1]).length == 2)
    // Every token but the first of a row is a target once.
    let targets = try (0..<windows.count).flatMap { try windows.example([$0], for: .all).targets }
    #expect(targets.filter { $0 != ignored } == [2, 3, 4, 5, 7, 8])
    // Windows as long as nobody said hold the longest row.
    #expect(try Windows(.centers(rows), length: nil, stride: 1, rule: .rows).length == 5)
    #expect(try Windows(.centers(rows), length: nil, stride: 1, rule: .circular).length == 128)
  }

  @Test func captionsBeforePicturesMakeRows() throws {
    let data = try DataSet.sprites(count: 3, size: 8, seed: 1)
    func usual(_ parts: [RowPart], _ positions: Positions = .all) throws -> WindowRule {
      var options = BuildOptions()
      options.arrangement = parts
      return try WindowRule.usual(for: try data.encoded(options), positions)
    }
    #expect(try usual([.caption, .image]) == .rows && usual([.caption, .shape, .image]) == .rows)
    #expect(try usual([.caption, .image], .last) == .circular)
    for parts in [[RowPart.shape, .image, .caption], [.image, .caption], [.image], [.caption], [.shape, .image]] {
      #expect(try usual(parts) == .circular, "\(parts)")
    }
    #expect(try WindowRule.usual(for: .centers([[1, 2]]), .all) == .circular)
  }

  @Test func aRunOfRowsIsTheRunOfEachRowAlone() throws {
    let rows: [[UInt8]] = [[0, 1, 2, 3, 1], [3, 3, 1], [2, 0]]
    var options = TrainingOptions()
    (options.positions, options.windows, options.steps, options.batch) = (.all, .rows, 1, 3)
    let model = BigramModel()
    let history = try Trainer(model, training: .centers(rows), testing: .centers(rows), options).run { _ in }
    // Both measure the seven targets of the rows, neither one that follows from the end of a row.
    let windows = try Windows(.centers(rows), length: nil, stride: 1, rule: .rows)
    let report = try NextTokenReport(model, windows, .all, threads: 1)
    #expect(history.last?.test?.loss == report.loss && history.last?.train == history.last?.test)
    #expect(report.windows == 3)
    let last = TrainingOptions()
    #expect(throws: ConfigurationError.self) {
      var options = last
      options.windows = .rows
      _ = try Trainer(model, training: .centers(rows), testing: nil, options)
    }
  }

  private func centers(_ windows: Windows, _ indices: [Int]) throws -> [[UInt8]] {
    let inputs = try windows.example(indices, for: .last).inputs
    return (0..<inputs.count).map { row in
      (0..<inputs.length).map { inputs.ids[(row * inputs.length + $0) * 9 + 4] }
    }
  }
}
