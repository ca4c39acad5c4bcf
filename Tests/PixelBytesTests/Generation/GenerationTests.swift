import Foundation
import PixelBytes
import Tensors
import Testing

/// What generation asks of a model that says what it was told, and where it ends.
@Suite struct GenerationTests {
  /// A model of the 113 tokens whose likeliest ones are told; it keeps the tokens that it was given.
  private final class ToldTokens: TokenModel {
    let parameters: [Parameter] = []
    let isConcurrent = false
    let tokenCount = 113
    /// The likeliest tokens behind a prompt, for each of the sequences of a batch.
    private let told: [[UInt8]]
    private(set) var given: [[[UInt8]]] = []

    init(_ told: [UInt8]...) { self.told = told }

    func check(_ positions: Positions) {}

    /// The told token has the logit 6, the one behind it 3 and others 0.
    func logits(_ patches: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
      let size = 9 * patches.length
      given.append(
        (0..<patches.count).map { row in
          stride(from: row * size + 4, to: (row + 1) * size, by: 9).map { patches.ids[$0] }
        })
      let step = given.count - 1
      let rows = told.map { tokens in
        let token = step < tokens.count ? Int(tokens[step]) : 40
        return (0..<tokenCount).map { id -> Float in id == token ? 6 : id == token + 1 ? 3 : 0 }
      }
      return Tensor(rows.flatMap(\.self), [patches.count, tokenCount])
    }
  }

  /// A letter, a newline, a tab and two colors.
  private static let (a, n, t, c, d) = (UInt8(32), UInt8(2), UInt8(1), UInt8(60), UInt8(61))

  private func sequence(_ tokens: [UInt8]) -> PatchSequence {
    PatchSequence(ids: tokens.flatMap { [0, 0, 0, 0, $0, 0, 0, 0, 0] })
  }

  private func generate(
    _ model: ToldTokens, after prompt: [UInt8], count: Int = 12, stop: StopRule? = nil, keepsGrammar: Bool = false
  ) throws -> Generation {
    var random = Random(seed: 1, stream: "sampling")
    let generator = try Generator(model, Tokenizer(), try Sampler(isGreedy: true), keepsGrammar: keepsGrammar)
    return try generator.generate(after: sequence(prompt), count: count, stop: stop, using: &random)
  }

  /// Behind which number of tokens each rule ends; 12 where it does not.
  static let stops: [(prompt: [UInt8], told: [UInt8], text: Int, image: Int)] = [
    // A text, then a picture of two rows: a tab ends nothing.
    ([a, n], [a, n, c, d, t, c, d, n, a, n], 2, 8),
    // A picture, then a text.
    ([a, n], [c, n, a, n, c, n], 4, 2), ([a, n], [c, c, n, a, a, n], 6, 3),
    // The newline of an empty text, behind a text, a picture and nothing.
    ([a, n], [n, c, n], 1, 3), ([c, n], [n, c, n], 1, 3), ([], [n, c, t, n], 1, 4),
    // What the prompt began ends too.
    ([a], [n, c, n], 1, 3), ([c, d], [n, a, n], 3, 1), ([c, t], [n, a, n], 3, 1), ([], [a, n, c, n], 2, 4),
    // A picture may end behind a tab.
    ([a, n], [c, t, t, n, a, n], 6, 4),
    // Two pictures, two texts, neither.
    ([a, n], [c, n, c, n], 12, 2), ([a, n], [a, n, a, n], 2, 12), ([a, n], [a, c, a, t], 12, 12),
    // The last of the tokens ends all by itself.
    ([a, n], [a, a, a, a, a, a, a, a, a, a, a, n], 12, 12),
  ]

  @Test(arguments: stops)
  func endsWhereTheRuleSays(_ run: (prompt: [UInt8], told: [UInt8], text: Int, image: Int)) throws {
    let all = run.told + [UInt8](repeating: 40, count: 12 - run.told.count)
    for (stop, count) in [(StopRule.text, run.text), (.image, run.image), (nil, 12)] {
      let found = try generate(ToldTokens(run.told), after: run.prompt, stop: stop)
      #expect(found.ids == Array(all[..<count]), "\(stop.map(\.rawValue) ?? "no rule")")
      #expect(found.logProbabilities.count == count && found.prompt == run.prompt)
      #expect(found.decoding == Tokenizer().decode(run.prompt + found.ids))
    }
  }

  @Test(arguments: [(-3, 0), (0, 0), (1, 1), (5, 5)])
  func drawsNoMoreThanTheCount(_ count: (asked: Int, drawn: Int)) throws {
    let model = ToldTokens([])
    #expect(try generate(model, after: [Self.a], count: count.asked).ids.count == count.drawn)
    #expect(model.given.count == count.drawn)
  }

  /// The model reads the prompt and what it has drawn; without a prompt it reads a newline, which is no part of the result.
  @Test func readsThePromptAndItsOwnTokens() throws {
    let model = ToldTokens([50, 51, 52])
    #expect(try generate(model, after: [40, 41], count: 3).ids == [50, 51, 52])
    #expect(model.given == [[[40, 41]], [[40, 41, 50]], [[40, 41, 50, 51]]])
    let empty = ToldTokens([50, 51])
    let found = try generate(empty, after: [], count: 2)
    #expect(found.prompt.isEmpty && found.ids == [50, 51])
    #expect(empty.given == [[[Vocabulary.newline]], [[Vocabulary.newline, 50]]])
  }

  /// Each sequence ends by itself; one that has ended is filled up with newlines until the last has.
  @Test func aBatchEndsWithItsLastSequence() throws {
    let (a, n) = (Self.a, Self.n)
    let model = ToldTokens([a, n, 50, 51], [n, 50, 51, 52], [a, a, a, n, 50])
    let generator = try Generator(model, Tokenizer(), try Sampler(isGreedy: true))
    var randoms = (0..<3).map { Random(seed: $0, stream: "sampling") }
    var polled: [Int] = []
    let found = try generator.generate(after: sequence([40]), count: 9, stop: .text, using: &randoms) {
      polled.append($0)
    }
    #expect(found.map(\.ids) == [[a, n], [n], [a, a, a, n]])
    #expect(found.map(\.logProbabilities.count) == [2, 1, 4])
    #expect(model.given.last == [[40, a, n, n], [40, n, n, n], [40, a, a, a]])
    #expect(polled == [0, 1, 2, 3])
  }

  /// Sampling shapes what is drawn, never the probabilities that are told: e^6, e^3 and 111 times 1 are 534.51 in all.
  @Test func tellsTheModelsOwnProbabilities() throws {
    let total = exp(Float(6)) + exp(Float(3)) + 111
    for sampler in [try Sampler(isGreedy: true), try Sampler(temperature: 0.1), try Sampler(topK: 1)] {
      var random = Random(seed: 1, stream: "sampling")
      let generator = try Generator(ToldTokens([50, 51]), Tokenizer(), sampler)
      let found = try generator.generate(after: sequence([40]), count: 2, using: &random)
      #expect(found.ids == [50, 51])
      for value in found.logProbabilities { #expect(abs(value - (6 - log(total))) < 1e-5) }
    }
    // Behind a whole row of a picture the grammar forbids a third color, and the one behind it; the first allowed one is a
    // tab, whose probability is what the model gave it.
    let (c, d, t) = (Self.c, Self.d, Self.t)
    let found = try generate(ToldTokens([c]), after: [c, d, t, c, d], count: 1, keepsGrammar: true)
    #expect(found.ids == [t])
    #expect(abs(found.logProbabilities[0] + log(total)) < 1e-5)
    #expect(try generate(ToldTokens([c]), after: [c, d, t, c, d], count: 1).ids == [c])
    // What was drawn counts as what was given: the third color of the second row is forbidden too.
    let whole = try generate(ToldTokens([c, c, t, d, d, d]), after: [], count: 6, keepsGrammar: true)
    #expect(whole.ids == [c, c, t, d, d, t])
  }

  /// Each token takes one number of the stream, which goes on behind the last.
  @Test func theStreamGoesOn() throws {
    var random = Random(seed: 8, stream: "sampling"), copy = random
    let generator = try Generator(ToldTokens([]), Tokenizer(), try Sampler())
    let count = try generator.generate(after: sequence([40]), count: 7, using: &random).ids.count
    for _ in 0..<count { _ = copy.unit() }
    #expect(count == 7 && random.next() == copy.next())
  }

  @Test func aPollThatThrowsEndsIt() throws {
    struct Stop: Error {}
    let model = ToldTokens([])
    let generator = try Generator(model, Tokenizer(), try Sampler())
    var random = Random(seed: 8, stream: "sampling")
    #expect(throws: Stop.self) {
      try generator.generate(after: sequence([40]), count: 7, using: &random) { if $0 == 2 { throw Stop() } }
    }
    #expect(model.given.count == 2)
  }
}
