import PixelBytes
import Tensors
import Testing

@Suite struct ContinuationReportTests {
  private let tokenizer = Tokenizer()

  private func model(bidirectional: Bool = true) throws -> SequenceModel {
    try SequenceModel(try ModelConfiguration(width: 9, state: 8, depth: 2, bidirectional: bidirectional), seed: 4)
  }

  /// Rows of a text, of one shorter than a window, and of a picture.
  private var rows: TokenSequences {
    let picture = IndexedImage(width: 9, height: 9, indices: (0..<81).map { UInt8($0 * $0 % 50) })
    return TokenSequences([
      tokenizer.encode(text: "a red cat sits"), tokenizer.encode(text: "tea"),
      tokenizer.encode(picture, caption: "a pattern of nine"),
    ])
  }

  /// Every figure again, window by window and one at a time, from the whole sequence read anew for each token.
  @Test(arguments: [true, false], [1, 3]) func followsThePublishedWay(bidirectional: Bool, threads: Int) throws {
    let (model, rows) = (try model(bidirectional: bidirectional), rows)
    let (prompt, count) = (7, 5)
    let cut = try ContinuationReport.windows(of: rows, prompt: prompt, count: count)
    let report = try ContinuationReport(model, tokenizer, cut, prompt: prompt, threads: threads)
    var expected: [ContinuationReport.Window] = []
    for row in 0..<rows.count {
      let patches = try rows.patches(of: row)
      for (number, start) in stride(from: 0, to: patches.count, by: prompt + count).enumerated() {
        let places = (start..<start + prompt + count).map { $0 % patches.count }
        let ids = places.map { patches[$0..<$0 + 1].ids }
        let window = PatchSequence(ids: ids.flatMap { $0 })
        var builder = PatchBuilder(continuing: window[0..<prompt])
        for _ in 0..<count {
          builder.append(UInt8(model.logits(ContextBatch(builder.patches)).argmax(axis: 1).values[0]))
        }
        let (made, target) = (builder.patches[prompt..<prompt + count], window[prompt..<prompt + count])
        let repeated = window[prompt - count..<prompt]
        expected.append(
          ContinuationReport.Window(
            row: row, number: number, contexts: SequenceSimilarity(of: made.ids, to: target.ids),
            tokens: SequenceSimilarity(of: made.tokens, to: target.tokens),
            repeatedContexts: SequenceSimilarity(of: repeated.ids, to: target.ids),
            repeatedTokens: SequenceSimilarity(of: repeated.tokens, to: target.tokens)))
      }
    }
    #expect(report.windows == expected && expected.count > 10)
    #expect(report.csv.split(separator: "\n").count == expected.count + 1)
    #expect(report.csv.hasPrefix("row,n_seq,hamming,cosine,bleu\n0,0,\(expected[0].contexts.hamming),"))
  }

  /// A prompt shorter than what follows is said over and over; chosen windows are those of the whole report.
  @Test func repeatsShortPrompts() throws {
    let (model, rows) = (try model(), rows)
    let cut = try ContinuationReport.windows(of: rows, prompt: 2, count: 5)
    let all = try ContinuationReport(model, tokenizer, cut, prompt: 2, threads: 2)
    let text = try rows.patches(of: 0).tokens
    let repeated = [text[0], text[1], text[0], text[1], text[0]]
    #expect(all.windows[0].repeatedTokens == SequenceSimilarity(of: repeated, to: Array(text[2..<7])))
    let some = try ContinuationReport(model, tokenizer, cut, prompt: 2, indices: [3, 1], threads: 2)
    #expect(some.windows == [all.windows[3], all.windows[1]])
  }

  @Test func figuresAreSummedUp() throws {
    let cut = try ContinuationReport.windows(of: rows, prompt: 6, count: 4)
    let report = try ContinuationReport(try model(), tokenizer, cut, prompt: 6, threads: 2)
    let values = report.windows.map(\.contexts.bleu)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    let found = report.summary(of: .bleu)
    #expect(abs(found.mean - mean) < 1e-15)
    #expect(abs(found.deviation - (squares / Double(values.count - 1)).squareRoot()) < 1e-15)
    #expect(throws: ConfigurationError.self) { try ContinuationReport.windows(of: rows, prompt: 0, count: 4) }
  }
}
