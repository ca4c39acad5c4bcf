import PixelBytes
import Testing

@Suite struct WindowsTests {
  @Test func wrapRoundTheirSequence() throws {
    let text = Tokenizer().encode(text: "abc")  // Four tokens with the newline.
    let windows = try Windows(TokenSequences([text, PatchSequence(), text]), length: 6, stride: 3)
    #expect(windows.count == 4)
    let (inputs, next) = try windows.batch([0, 1])
    let centers = stride(from: 4, to: inputs.ids.count, by: 9).map { inputs.ids[$0] }
    let (a, b, c, end) = (text.centers[0], text.centers[1], text.centers[2], text.centers[3])
    #expect(centers == [a, b, c, end, a, b] + [end, a, b, c, end, a])
    #expect(next == [b, c, end, a, b, c, a, b, c, end, a, b].map { Int32($0) })
    #expect(try windows.lastTokenBatch([0, 1]).labels == [Int32(c), Int32(b)])
    #expect(try windows.batch([2, 3]).inputs.ids == inputs.ids)
    #expect(Array(inputs.ids[0..<9]) == Array(text.ids[0..<9]))
  }
}
