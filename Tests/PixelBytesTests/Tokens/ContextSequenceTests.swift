import Formats
import PixelBytes
import Testing

struct ContextSequenceTests {
  private let tokenizer = Tokenizer(.actionPixelbytes)

  private func image(_ indices: [UInt8], _ width: Int) -> IndexedImage {
    IndexedImage(width: width, height: indices.count / width, indices: indices)
  }

  @Test func aTextHasOnlyTheTokenBefore() {
    let text = tokenizer.contexts(text: "a?B")
    #expect(text.labels == [32, 0, 33, 2])
    #expect(text.contexts.enumerated().filter { $0.offset % 6 == 5 }.map(\.element) == [0, 32, 0, 33])
    #expect(text.contexts.enumerated().allSatisfy { $0.offset % 6 == 5 || $0.element == 0 })
  }

  @Test func framesSeeTheFrameBefore() {
    let frames = [image([0, 1, 2, 3], 2), image([4, 5, 6, 7], 2)]
    let sequence = tokenizer.contexts(frames: frames)
    #expect(sequence.labels == [58, 59, 1, 60, 61, 2, 62, 63, 1, 64, 65, 2])
    // The second pixel of the last row: frame before (above, same, below), above left, above, before.
    #expect(Array(sequence.contexts[60..<66]) == [59, 61, 0, 62, 63, 64])
    #expect(tokenizer.contexts(frames: frames, step: 2).labels == [58, 2])
    #expect(tokenizer.contexts(frames: []).count == 0)
  }

  @Test func samplesAreBroughtToTheirRange() throws {
    #expect(try tokenizer.contexts(audio: [[3, 3]]).labels == [113, 113, 1])
    #expect(try tokenizer.contexts(audio: [[0, 10], [5, 0]]).labels == [113, 131, 150, 113, 1, 2])
    #expect(try tokenizer.contexts(audio: [[]]).labels == [1])
    #expect(try tokenizer.contexts(audio: [[0, 10, 10, 0, 5]], step: 2).labels == [113, 150, 131, 1])
  }

  @Test(arguments: [
    ([[1], [2], [3]] as [[Float]], "a clip has one channel or two, not 3"),
    ([], "a clip has one channel or two, not 0"),
    ([[1, 2], [3]], "the channels of a clip have 2 and 1 samples"),
    ([[1, .nan]], "a clip holds a sample that is not a finite number"),
  ])
  func impossibleClipsAreRefused(channels: [[Float]], message: String) {
    #expect(throws: DataError(.value, message)) { try tokenizer.contexts(audio: channels) }
  }

  @Test func aVocabularyWithoutValuesHasNoSound() {
    #expect(throws: DataError(.value, "the vocabulary has no values for the samples of a clip")) {
      try Tokenizer().contexts(audio: [[1]])
    }
  }
}
