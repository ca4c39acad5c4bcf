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

  private func centers(_ windows: Windows, _ indices: [Int]) throws -> [[UInt8]] {
    let inputs = try windows.example(indices, for: .last).inputs
    return (0..<inputs.count).map { row in
      (0..<inputs.length).map { inputs.ids[(row * inputs.length + $0) * 9 + 4] }
    }
  }
}
