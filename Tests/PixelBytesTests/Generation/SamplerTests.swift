import Foundation
import PixelBytes
import Tensors
import Testing

/// Which token each draw gives, exactly: tokens stand in the order of their logits, the lower id first among equal ones, and a
/// draw in [0, 1) falls on one of them by the sum of their weights.
@Suite struct SamplerTests {
  /// Weights of the tokens 0, 1, ... before sampling shapes them, a sampler, and the tokens that are left with their weights,
  /// the likeliest first.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let weights: [Float]
    let sampler: Sampler
    let left: [(token: UInt8, weight: Double)]

    init(
      _ weights: [Float], temperature: Float = 1, topK: Int? = nil, topP: Float? = nil,
      _ left: [(token: UInt8, weight: Double)]
    ) {
      let names = [topK.map { "top_k \($0)" }, topP.map { "top_p \($0)" }].compactMap(\.self)
      testDescription = "\(weights), temperature \(temperature) \(names.joined(separator: ", "))"
      do { sampler = try Sampler(temperature: temperature, topK: topK, topP: topP) } catch {
        preconditionFailure("\(error)")
      }
      (self.weights, self.left) = (weights, left)
    }
  }

  static let cases: [Case] = temperatures + topK + topP + together

  /// The weights to the power of 1 / temperature.
  private static let temperatures = [
    Case([1, 2, 3, 4], [(3, 4), (2, 3), (1, 2), (0, 1)]),
    Case([1, 2, 3, 4], temperature: 0.5, [(3, 16), (2, 9), (1, 4), (0, 1)]),
    Case([1, 2, 3, 4], temperature: 2, [(3, 2), (2, 1.7320508), (1, 1.4142136), (0, 1)]),
    Case([0, 2, 0, 1], [(1, 2), (3, 1)]),
  ]

  private static let topK = [
    Case([1, 2, 3, 4], topK: 1, [(3, 4)]), Case([1, 2, 3, 4], topK: 2, [(3, 4), (2, 3)]),
    Case([1, 2, 3, 4], topK: 3, [(3, 4), (2, 3), (1, 2)]),
    Case([1, 2, 3, 4], topK: 4, [(3, 4), (2, 3), (1, 2), (0, 1)]),
    Case([1, 2, 3, 4], topK: 500, [(3, 4), (2, 3), (1, 2), (0, 1)]),
    // Equal ones at the bound: the lower ids stay, and no more than k.
    Case([2, 1, 2, 2, 1], topK: 1, [(0, 2)]), Case([2, 1, 2, 2, 1], topK: 2, [(0, 2), (2, 2)]),
    Case([2, 1, 2, 2, 1], topK: 3, [(0, 2), (2, 2), (3, 2)]),
    Case([2, 1, 2, 2, 1], topK: 4, [(0, 2), (2, 2), (3, 2), (1, 1)]),
    // What cannot be drawn is not drawn because it is among the likeliest.
    Case([1, 0, 0, 2], topK: 3, [(3, 2), (0, 1)]),
  ]

  private static let topP = [
    // Quarters are exact: the token that reaches the share is the last one.
    Case([1, 1, 1, 1], topP: 0.001, [(0, 1)]), Case([1, 1, 1, 1], topP: 0.25, [(0, 1)]),
    Case([1, 1, 1, 1], topP: 0.26, [(0, 1), (1, 1)]), Case([1, 1, 1, 1], topP: 0.5, [(0, 1), (1, 1)]),
    Case([1, 1, 1, 1], topP: 0.75, [(0, 1), (1, 1), (2, 1)]),
    Case([1, 1, 1, 1], topP: 0.76, [(0, 1), (1, 1), (2, 1), (3, 1)]),
    Case([1, 1, 1, 1], topP: 1, [(0, 1), (1, 1), (2, 1), (3, 1)]),
    // The shares are 0.4, 0.7, 0.9, 1.
    Case([1, 2, 3, 4], topP: 0.39, [(3, 4)]), Case([1, 2, 3, 4], topP: 0.41, [(3, 4), (2, 3)]),
    Case([1, 2, 3, 4], topP: 0.69, [(3, 4), (2, 3)]), Case([1, 2, 3, 4], topP: 0.71, [(3, 4), (2, 3), (1, 2)]),
    Case([1, 2, 3, 4], topP: 0.91, [(3, 4), (2, 3), (1, 2), (0, 1)]),
  ]

  private static let together = [
    // The share is one of the likeliest k: of two equal ones the first is half.
    Case([1, 1, 1, 1], topK: 2, topP: 0.5, [(0, 1)]), Case([1, 1, 1, 1], topK: 2, topP: 0.51, [(0, 1), (1, 1)]),
    // 4/9 and 7/9, where 4/10 and 7/10 would keep one more.
    Case([1, 2, 3, 4], topK: 3, topP: 0.42, [(3, 4)]), Case([1, 2, 3, 4], topK: 3, topP: 0.45, [(3, 4), (2, 3)]),
    Case([1, 2, 3, 4], topK: 3, topP: 0.77, [(3, 4), (2, 3)]),
    Case([1, 2, 3, 4], topK: 3, topP: 0.78, [(3, 4), (2, 3), (1, 2)]),
    // It is one of the weights after the temperature: 16/22 is more than 0.7, 4/8 is not; 2/5.4 is less than 0.4, 4/8 not.
    Case([4, 2, 1, 1], temperature: 0.5, topP: 0.7, [(0, 16)]),
    Case([4, 2, 1, 1], temperature: 2, topP: 0.4, [(0, 2), (1, 1.4142136)]),
    Case([4, 2, 1, 1], temperature: 0.5, topK: 2, [(0, 16), (1, 4)]),
  ]

  @Test(arguments: cases) func drawsByTheWeightsThatAreLeft(_ draw: Case) {
    let logits = draw.weights.map { log($0) + 1.5 }
    var random = Random(seed: 3, stream: "sampling")
    var drawn: Set<UInt8> = []
    for _ in 0..<300 {
      var copy = random
      var rest = copy.unit() * draw.left.reduce(0) { $0 + $1.weight }
      let expected = draw.left.first { token in
        rest -= token.weight
        return rest < 0
      }
      let token = draw.sampler.token(logits, using: &random)
      drawn.insert(token)
      #expect(token == expected?.token)
      // A draw takes one number.
      var next = random
      #expect(copy.next() == next.next())
    }
    #expect(drawn == Set(draw.left.map(\.token)))
  }

  /// The first of the largest, whatever else is set, and without a draw.
  @Test func greedyTakesTheFirstOfTheLargest() throws {
    var random = Random(seed: 1, stream: "sampling"), untouched = random
    for (logits, expected) in [
      ([1, 3, 2, 3], 1), ([5, 3, 2, 5], 0), ([0, 0, 0, 0.5], 3), ([2], 0), ([-.infinity, -4, -3], 2),
    ] as [([Float], UInt8)] {
      #expect(try Sampler(isGreedy: true).token(logits, using: &random) == expected)
      #expect(try Sampler(temperature: 100, topK: 3, topP: 1, isGreedy: true).token(logits, using: &random) == expected)
    }
    #expect(random.next() == untouched.next())
  }

  @Test func takesTheBoundsAndNothingBehindThem() throws {
    for wrong: Float in [0, -1, .infinity, .nan] {
      #expect(throws: ConfigurationError.self) { try Sampler(temperature: wrong) }
    }
    for wrong in [0, -1] { #expect(throws: ConfigurationError.self) { try Sampler(topK: wrong) } }
    for wrong: Float in [0, -0.5, 1.0001, .nan] {
      #expect(throws: ConfigurationError.self) { try Sampler(topP: wrong) }
    }
    let least = try Sampler(temperature: .leastNonzeroMagnitude, topK: 1, topP: 1)
    #expect(least.topK == 1 && least.topP == 1 && !least.isGreedy)
    let plain = try Sampler()
    #expect(plain.temperature == 1 && plain.topK == nil && plain.topP == nil && !plain.isGreedy)
  }
}
