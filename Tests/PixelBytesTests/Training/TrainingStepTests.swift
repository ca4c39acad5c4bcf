import PixelBytes
import Tensors
import Testing

/// The loss and the gradient of a batch that is worked out in parts.
@Suite struct TrainingStepTests {
  /// A batch of one patch a sequence.
  private func batch(_ tokens: [UInt8], length: Int = 1) -> ContextBatch {
    ContextBatch(
      ids: tokens.flatMap { [0, 0, 0, 0, $0, 0, 0, 0, 0] }, count: tokens.count / length, length: length)
  }

  /// A bigram model with weights of 0: all four tokens are equally likely.
  private func even() -> BigramModel {
    let model = BigramModel()
    for parameter in model.parameters { parameter.update { values in for k in values.indices { values[k] = 0 } } }
    return model
  }

  /// Each of eleven labels counts as much as any other, those of the smaller last part too: the gradient of the bias is 1/4
  /// less the share of the label, and that of a row of the table the same times the share of its token.
  @Test func partsOfUnevenSizeGiveTheMeanOfAllLabels() throws {
    let model = even()
    let labels: [Int32] = [0, 0, 0, 0, 1, 1, 1, 0, 2, 2, 3]
    let tokens: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
    let step = TrainingStep(.last, threads: 1)
    let (loss, gradients) = try step(model, Example(batch(tokens), targets: labels))
    #expect(model.calls.map(\.tokens.count) == [6, 5])
    #expect(abs(loss - 1.3862944) < 1e-6)  // log 4
    #expect(gradients.count == 3 && gradients[1] == nil)
    func check(_ found: ArraySlice<Float>, _ elevenths: [Float]) {
      for (a, b) in zip(found, elevenths) { #expect(abs(a - b / 11) < 1e-7) }
    }
    // 11/4 less the number of labels: 5, 3, 2, 1; then 8/4 less 5, 3; 2/4 less 2 of the third; 1/4 less the last.
    check(try #require(gradients[2])[...], [2.75 - 5, 2.75 - 3, 2.75 - 2, 2.75 - 1])
    let table = try #require(gradients[0])
    check(table[0..<4], [2 - 5, 2 - 3, 2, 2])
    check(table[4..<8], [0.5, 0.5, 0.5 - 2, 0.5])
    check(table[8..<12], [0.25, 0.25, 0.25, 0.25 - 1])
    check(table[12..<16], [0, 0, 0, 0])
  }

  /// The loss of unlikely and likely labels over two parts: the mean, not the mean of the parts' means.
  @Test func theLossIsTheMeanOverLabels() throws {
    let model = even()
    model.bias.update { $0[0] = Tensor(3).log().values[0] }  // The probabilities are 1/2, 1/6, 1/6, 1/6.
    let labels = [Int32](repeating: 0, count: 8) + [1, 2]
    let (loss, _) = try TrainingStep(.last, threads: 2)(
      model, Example(batch([UInt8](repeating: 3, count: 10)), targets: labels))
    #expect(abs(loss - (8 * 0.6931472 + 2 * 1.7917595) / 10) < 1e-6)  // log 2 and log 6
  }

  /// With every position there are as many labels as patches, and each part has those of its own sequences.
  @Test func everyPositionCounts() throws {
    let model = even()
    // Nine sequences of two tokens; the last token of the last sequence alone is followed by 3.
    let tokens = [UInt8](repeating: 1, count: 16) + [2, 0]
    let labels = [Int32](repeating: 1, count: 16) + [2, 3]
    let (loss, gradients) = try TrainingStep(.all, threads: 1)(
      model, Example(batch(tokens, length: 2), targets: labels))
    #expect(model.calls.map(\.tokens.count) == [5, 4] && model.calls.allSatisfy { $0.positions == .all })
    #expect(abs(loss - 1.3862944) < 1e-6)
    let table = try #require(gradients[0])
    let expected: [Float] = [0.25, 0.25, 0.25, -0.75, 4, -12, 4, 4, 0.25, 0.25, -0.75, 0.25, 0, 0, 0, 0]
    for (a, b) in zip(table, expected) { #expect(abs(a - b / 18) < 1e-7) }
  }

  /// Loss and gradient of a batch of 37 windows, ten parts, are those of one thread to the bit on two, three and four; and they are
  /// the parts' own, added as ((0 1) (2 3)) and so on.
  @Test func theSumIsThatOfATreeOnAnyNumberOfThreads() throws {
    let drawing = try SequenceModel(try ModelConfiguration(TransformerFamily(), width: 18, depth: 1), seed: 1)
    let model = try SequenceModel(try ModelConfiguration(TransformerFamily(dropout: 0), width: 18, depth: 1), seed: 1)
    var random = Random(seed: 1, stream: "patches")
    let patches = ContextBatch(
      ids: (0..<37 * 5 * 9).map { $0 % 9 > 4 ? 0 : UInt8(random.below(113)) }, count: 37, length: 5)
    let labels = (0..<37).map { _ in Int32(random.below(113)) }
    let example = Example(patches, targets: labels)
    for model in [model, drawing] {
      let once = try TrainingStep(.last, threads: 1, part: 4)(model, example, draw: 3)
      for threads in 2...4 {
        let found = try TrainingStep(.last, threads: threads, part: 4)(model, example, draw: 3)
        #expect(found.loss == once.loss && found.gradients == once.gradients, "\(threads) threads")
      }
    }
    // A part alone is a batch with fewer labels to divide by: a power of two, which rounds nothing.
    let whole = try TrainingStep(.last, threads: 1, part: 4)(model, example.sequences(0..<16))
    let parts = try (0..<4).map { part in
      let range = part * 4..<part * 4 + 4
      return try TrainingStep(.last, threads: 1, part: 4)(model, example.sequences(range)).gradients.map {
        ($0 ?? []).map { $0 / 4 }
      }
    }
    for (index, sum) in whole.gradients.enumerated() {
      let expected = parts[0][index].indices.map { k in
        (parts[0][index][k] + parts[1][index][k]) + (parts[2][index][k] + parts[3][index][k])
      }
      #expect(sum == expected, "\(model.parameters[index].name)")
    }
  }

  /// Parts are of 8 sequences; fewer than 16 are halved, so that two cores have work; and of as many as somebody asks for.
  @Test(
    arguments: [
      (1, nil, [1]), (2, nil, [1, 1]), (7, nil, [4, 3]), (8, nil, [4, 4]), (15, nil, [8, 7]), (16, nil, [8, 8]),
      (33, nil, [8, 8, 8, 8, 1]), (8, 3, [3, 3, 2]), (3, 5, [3]), (32, 4, [4, 4, 4, 4, 4, 4, 4, 4]),
    ] as [(Int, Int?, [Int])])
  func theSizeOfABatchDecidesItsParts(_ count: Int, _ part: Int?, _ expected: [Int]) throws {
    let model = even()
    let step = TrainingStep(.last, threads: 3, part: part)
    _ = try step(
      model,
      Example(batch([UInt8](repeating: 0, count: count)), targets: [Int32](repeating: 0, count: count)))
    #expect(model.calls.map(\.tokens.count) == expected)
  }

  /// Part k draws dropout from the stream of the seed `draw` at the place k.
  @Test func everyPartHasADrawOfItsOwn() throws {
    let model = even()
    let labels = [Int32](repeating: 0, count: 17)
    _ = try TrainingStep(.last, threads: 1)(
      model, Example(batch([UInt8](repeating: 0, count: 17)), targets: labels), draw: 40)
    let draws = (UInt64(0)..<3).map { part in
      var random = Random(seed: 40, stream: "dropout", at: part)
      return random.next()
    }
    #expect(model.calls.map(\.draw) == draws && Set(draws).count == 3)
    #expect(model.calls.allSatisfy { $0.isTraining })
  }

  /// No two parts of any steps of runs with neighbouring seeds draw the same.
  @Test func neighbouringSeedsStepsAndPartsHaveNothingInCommon() throws {
    var draws: [UInt64] = []
    let seeds: [UInt64] = [0, 1, 2, 3, 1 << 20, (1 << 20) + 1, .max, .max - 1]
    for seed in seeds {
      let model = BigramModel()
      var options = TrainingOptions()
      (options.sequence, options.stride, options.batch, options.part, options.steps) = (2, 1, 4, 1, 6)
      (options.seed, options.samples) = (seed, 1)
      let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2, 1]])
      _ = try Trainer(model, training: rows, testing: nil, options).run { _ in }
      draws += model.calls.filter(\.isTraining).map(\.draw)
    }
    #expect(draws.count == seeds.count * 6 * 4 && Set(draws).count == draws.count)
  }
}
