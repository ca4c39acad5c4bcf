import Foundation
import Safepoint

/// A seeded stream of random numbers (xoshiro256**, Blackman and Vigna 2018): the same seed gives the same numbers on
/// any machine.
///
/// Streams that serve different ends have different names, so that drawing from one never changes another.
public struct Random: RandomNumberGenerator, Sendable {
  /// Where the stream stands: whoever sets it draws what the one that it is from would draw next. Not all four are 0.
  public var state: (UInt64, UInt64, UInt64, UInt64)

  /// Creates the stream called `name` of a seed, such as "initialization", "shuffle", "dropout" or "sampling"; with `place` that of one
  /// of many places, such as a step: two that differ in seed or place have nothing in common.
  public init(seed: UInt64, stream name: String, at place: UInt64? = nil) {
    var mixer = SplitMix(state: seed)
    for byte in name.utf8 { mixer.state = mixer.next() ^ UInt64(byte) }
    if let place { mixer.state = mixer.next() ^ place }
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  private func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 { (x << by) | (x >> (64 - by)) }

  /// A number in [0, 1) with 53 random bits.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [low, high).
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    let value = low + (high - low) * Float(next() >> 40) * 0x1p-24
    return value < high ? value : low
  }

  /// As many numbers as `draw` gives, in pieces.
  public mutating func numbers(_ count: Int, _ draw: (inout Random) -> Float) -> [Float] {
    var numbers = Kernel.uninitialized(count)
    Pieces.walk(count, cost: 8) { for k in $0 { numbers[k] = draw(&self) } }
    return numbers
  }

  /// A whole number in 0 ..< bound, without bias (Lemire 2019).
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a random number below \(bound) does not exist")
    return Int(next(upperBound: UInt64(bound)))
  }

  /// A number from the normal distribution with mean 0 and deviation 1 (Box and Muller).
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return Float(radius * cos(2 * .pi * unit()))
  }

  /// The numbers 0 ..< count, of which there are fewer than 2^32, in random order. Throws when the work must stop.
  public mutating func permutation(_ count: Int) throws(Stopped) -> [UInt32] {
    var order: [UInt32] = []
    order.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: 1 << 16) {
      try Safepoint.check(after: 1 << 15)
      order.append(contentsOf: UInt32(start)..<UInt32(min(start + (1 << 16), count)))
    }
    for end in stride(from: count - 1, to: 0, by: -(1 << 12)) {
      try Safepoint.check(after: 1 << 16)
      for k in stride(from: end, to: max(end - 1 << 12, 0), by: -1) { order.swapAt(k, below(k + 1)) }
    }
    return order
  }
}

extension Random: Equatable {
  /// Whether both draw the same numbers from now on.
  public static func == (a: Random, b: Random) -> Bool { a.state == b.state }
}

/// The state is one text of 64 hexadecimal digits, as few readers of JSON have whole numbers of 64 bits.
extension Random: Codable {
  /// Where the stream stands, as 64 hexadecimal digits.
  public var text: String {
    [state.0, state.1, state.2, state.3].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Goes on from where a stream stood; nil for a text that tells of none.
  public init?(text: String) {
    let digits = Array(text.utf8)
    let words = stride(from: 0, to: digits.count, by: 16).compactMap {
      UInt64(String(decoding: digits[$0..<min($0 + 16, digits.count)], as: UTF8.self), radix: 16)
    }
    guard digits.count == 64, words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
    state = (words[0], words[1], words[2], words[3])
  }

  /// Writes the state.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// Goes on from a state; throws when there is none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let random = Random(text: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "the state of a random stream is 64 hexadecimal digits that are not all 0")
    }
    self = random
  }
}

/// Vigna's SplitMix64, which spreads a seed over a generator's state.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
