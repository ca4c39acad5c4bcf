/// A small random generator (SplitMix64), so that an input comes again with its number.
public struct FuzzRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Starts at a number.
  public init(_ seed: UInt64) { state = seed &* 0xd134_2543_de82_ef95 }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// One of several texts.
  public mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &self) ?? "" }

  /// A whole number from 0 up to, but not including, a bound.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self) }
}
