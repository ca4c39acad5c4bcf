import PixelBytes
import Tensors
import Testing

@Suite struct GeneratorTests {
  private func generator(bidirectional: Bool = false, _ sampler: Sampler) throws -> (SequenceModel, Generator) {
    let configuration = try ModelConfiguration(width: 9, state: 8, depth: 2, bidirectional: bidirectional)
    let model = try SequenceModel(configuration, seed: 4)
    return (model, try Generator(model, Tokenizer(), sampler))
  }

  @Test func runningStateEqualsReadingTheWholeSequenceAgain() throws {
    let (model, generator) = try generator(try Sampler(isGreedy: true))
    var random = Random(seed: 1, stream: "sampling")
    let prompt = Tokenizer().encode(text: "a red cat")
    let result = try generator.generate(after: prompt, count: 60, using: &random)
    var builder = PatchBuilder(continuing: prompt, rule: .encoded)
    for id in result.ids {
      let logits = model.logits(ContextBatch(builder.patches))
      #expect(logits.argmax(axis: 1).values == [Float(id)])
      builder.append(id)
    }
    #expect(result.ids.count == 60)
    #expect(result.prompt == prompt.tokens)
  }

  @Test(arguments: [false, true]) func sameSeedDrawsTheSameTokens(bidirectional: Bool) throws {
    let (_, generator) = try generator(bidirectional: bidirectional, try Sampler(temperature: 0.8, topK: 20, topP: 0.9))
    func draw(_ seed: UInt64) throws -> [UInt8] {
      var random = Random(seed: seed, stream: "sampling")
      return try generator.generate(after: PatchSequence(), count: 30, using: &random).ids
    }
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
  }

  /// A batch draws what each of its streams draws alone, whether the model keeps a state or reads all again.
  @Test(arguments: [false, true]) func aBatchDrawsWhatEachStreamDraws(bidirectional: Bool) throws {
    let (model, _) = try generator(bidirectional: bidirectional, try Sampler())
    let generator = try Generator(model, Tokenizer(), try Sampler(temperature: 0.9), keepsGrammar: true)
    let prompt = Tokenizer().encode(text: "(12, 3)")
    var randoms = (0..<3).map { Random(seed: UInt64($0), stream: "sampling") }
    let batch = try generator.generate(after: prompt, count: 40, stop: .text, using: &randoms)
    for (seed, generation) in batch.enumerated() {
      var random = Random(seed: UInt64(seed), stream: "sampling")
      let single = try generator.generate(after: prompt, count: 40, stop: .text, using: &random)
      #expect(single.ids == generation.ids)
      #expect(generation.decoding.images.first.map { $0.height * ($0.width + 1) } == 12)
      #expect(zip(single.logProbabilities, generation.logProbabilities).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    #expect(Set(batch.map(\.ids)).count > 1)
  }

  /// Known tokens stand where they are given; what is drawn in between follows from all that stands before it.
  @Test(arguments: [true, false], [(3, 2), (1, 1), (7, 20), (40, 3)])
  func goesOnBetweenKnownTokens(bidirectional: Bool, counts: (given: Int, drawn: Int)) throws {
    let (model, generator) = try generator(bidirectional: bidirectional, try Sampler(isGreedy: true))
    let picture = IndexedImage(width: 5, height: 4, indices: (0..<20).map { UInt8($0 * 7 % 50) })
    let whole = Tokenizer().encode(picture, caption: "a red cat")
    let known = Array(whole.tokens[6...])
    let fed = try FedTokens(known, given: counts.given, drawn: counts.drawn)
    var randoms = [Random(seed: 1, stream: "sampling")]
    let result = try generator.generate(after: [whole[0..<6]], count: fed.count, fed: fed, using: &randoms)[0]
    var builder = PatchBuilder(continuing: whole[0..<6], rule: .encoded)
    var drawn: [UInt8] = []
    for (place, token) in known.enumerated() {
      if place % (counts.given + counts.drawn) < counts.given {
        builder.append(token)
      } else {
        drawn.append(UInt8(model.logits(ContextBatch(builder.patches)).argmax(axis: 1).values[0]))
        builder.append(drawn.last ?? 0)
      }
    }
    #expect(result.ids == drawn && fed.givenCount == known.count - drawn.count)
    #expect(result.patches == builder.patches && result.patches.count == whole.count)
  }

  @Test func logProbabilitiesAreTheModelsOwn() throws {
    let (model, generator) = try generator(try Sampler(temperature: 0.5, topK: 5))
    var random = Random(seed: 1, stream: "sampling")
    let prompt = Tokenizer().encode(text: "a red cat")
    let result = try generator.generate(after: prompt, count: 20, using: &random)
    var builder = PatchBuilder(continuing: prompt, rule: .encoded)
    for (id, logProbability) in zip(result.ids, result.logProbabilities) {
      let logits = model.logits(ContextBatch(builder.patches))
      let expected = logits.logSoftmax().values[Int(id)]
      #expect(abs(expected - logProbability) < 1e-4)
      builder.append(id)
    }
    #expect(result.logProbabilities.count == 20)
  }

  @Test func samplingKeepsToItsLimits() throws {
    let logits: [Float] = [0, 3, 1, 2.9]
    var random = Random(seed: 2, stream: "sampling")
    func tokens(_ sampler: Sampler) -> Set<UInt8> { Set((0..<2000).map { _ in sampler.token(logits, using: &random) }) }
    #expect(tokens(try Sampler()) == [0, 1, 2, 3])
    #expect(tokens(try Sampler(topK: 2)) == [1, 3])
    #expect(tokens(try Sampler(topP: 0.5)) == [1, 3])
    #expect(tokens(try Sampler(topP: 0.1)) == [1])
    #expect(tokens(try Sampler(temperature: 0.01)).isSubset(of: [1, 3]))
    #expect(tokens(try Sampler(isGreedy: true)) == [1])
    // Of equal logits, -0 and 0 among them, the lower id comes first; forbidden ones never do.
    for sampler in [try Sampler(topK: 1), try Sampler(isGreedy: true)] {
      #expect(sampler.token([-.infinity, -0, 0, -1], using: &random) == 1)
      #expect(sampler.token([-3, -2, -2, -.infinity], using: &random) == 1)
    }
    let sampler = try Sampler()
    let share = (0..<20_000).count { _ in sampler.token(logits, using: &random) == 1 }
    let weights = logits.map { Tensor($0).exp().values[0] }
    #expect(abs(Float(share) / 20_000 - weights[1] / weights.reduce(0, +)) < 0.015)
  }

  @Test func refusesWhatIsNoSampling() {
    #expect(throws: ConfigurationError.self) { try Sampler(temperature: 0) }
    #expect(throws: ConfigurationError.self) { try Sampler(topK: 0) }
    #expect(throws: ConfigurationError.self) { try Sampler(topP: 1.5) }
    #expect(throws: ConfigurationError("the model has 40 tokens and the tokenizer 113")) {
      try Generator(SequenceModel(try ModelConfiguration(vocabulary: 40), seed: 0), Tokenizer(), try Sampler())
    }
  }
}
