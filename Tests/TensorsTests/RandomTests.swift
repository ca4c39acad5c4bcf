import Foundation
import Tensors
import Testing

/// The state of a random stream, which can be kept and gone on from.
@Suite struct RandomTests {
  /// The state and the numbers of `Random(7, "shuffle")` of a xoshiro256** written in Python, before and after two draws.
  private let first = "03bcec36b0b84020a36c83f771e7f7a1904e3faa1cb7054a5c34f2b2e8a44bbf"
  private let third = "bbf912f3fa3bfddd5866fd4bb75e0b9fc82f16f10f20b954003c68e3b1f01a78"

  @Test func theStateIsWrittenAsDigits() throws {
    var random = Random(seed: 7, stream: "shuffle")
    #expect(String(decoding: try JSONEncoder().encode(random), as: UTF8.self) == "\"\(first)\"")
    #expect([random.next(), random.next()] == [0x0999_3f82_e343_a758, 0xea11_7b00_f3b6_dbc1])
    #expect(String(decoding: try JSONEncoder().encode(random), as: UTF8.self) == "\"\(third)\"")
  }

  @Test func aStreamGoesOnFromItsState() throws {
    var random = Random(seed: 7, stream: "shuffle")
    var read = try JSONDecoder().decode(Random.self, from: Data("\"\(first)\"".utf8))
    #expect(read == random)
    for _ in 0..<100 { #expect(read.next() == random.next()) }
    var other = Random(seed: 8, stream: "other")
    #expect(other != random)
    other.state = random.state
    #expect(other == random && other.next() == random.next())
  }

  @Test(arguments: [
    "", "0", String(repeating: "0", count: 64), String(repeating: "g", count: 64), String(repeating: "1", count: 63),
    String(repeating: "1", count: 65), String(repeating: "1", count: 80), "-" + String(repeating: "1", count: 63),
  ]) func whatIsNoStateIsRefused(_ text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Random.self, from: Data("\"\(text)\"".utf8)) }
  }

  /// Many numbers at once are those that are drawn one by one, and leave the stream where these do.
  @Test(arguments: [0, 1, 2, 3, 511, 512, 513, 1500]) func manyNumbersAreThoseOfOneByOne(_ count: Int) {
    var (many, single) = (Random(seed: 5, stream: "numbers"), Random(seed: 5, stream: "numbers"))
    for (low, high) in [(0, 1), (-3, 5), (1e8, 1e8 + 16)] as [(Float, Float)] {
      #expect(many.uniforms(count, low, high) == (0..<count).map { _ in single.uniform(low, high) })
    }
    #expect(many == single)
    for number in many.normals(count) {
      let expected = single.normal()
      #expect(abs(number - expected) <= 1e-6 * max(1, abs(expected)), "\(number) in place of \(expected)")
    }
    #expect(many == single)
  }

  /// Floats are put into the order of `permutation`, and both leave the stream at the same place.
  @Test(arguments: [0, 1, 2, 17, 4096, 40_001]) func permutationsAsFloats(_ count: Int) throws {
    var (floats, order) = (Random(seed: 3, stream: "order"), Random(seed: 3, stream: "order"))
    let found = floats.permutedFloats(count)
    #expect(found == (try order.permutation(count)).map { Float($0) })
    #expect(floats == order)
  }

  /// Numbers reach the lower bound and never the upper one, however near it is.
  @Test(
    arguments: [
      (1, Float(1).nextUp), (0, Float.leastNonzeroMagnitude), (-1, Float(-1).nextUp), (16_777_216, 16_777_220), (0, 1),
      (-Float(1).nextUp, -1),
    ] as [(Float, Float)])
  func theUpperBoundIsNotReached(_ bounds: (low: Float, high: Float)) {
    var random = Random(seed: 9, stream: "bounds")
    let numbers =
      random.uniforms(5000, bounds.low, bounds.high)
      + (0..<5000).map { _ in
        random.uniform(bounds.low, bounds.high)
      }
    #expect(numbers.allSatisfy { bounds.low <= $0 && $0 < bounds.high })
  }
}
