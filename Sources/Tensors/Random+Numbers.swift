extension Random {
  /// The next `count` numbers in [low, high), the same as `uniform` gives one after the other.
  public mutating func uniforms(_ count: Int, _ low: Float, _ high: Float) -> [Float] {
    Kernel.uniform(count, low, high, &self)
  }

  /// The next `count` numbers of the normal distribution, drawn as `normal` does.
  public mutating func normals(_ count: Int) -> [Float] {
    Kernel.normal(count, &self)
  }

  /// The next `count` whole numbers from `low` up to, but not including, `high`, which floats hold, as `below` draws them.
  public mutating func wholes(_ count: Int, _ low: Int, _ high: Int) -> [Float] {
    precondition(
      low < high && low >= -1 << 24 && high <= 1 << 24, "floats don't hold all numbers from \(low) to \(high)")
    if let numbers = Kernel.whole(count, low, high - low, &self) { return numbers }
    var numbers = Kernel.uninitialized(count)
    var stream = self
    Pieces.walk(count, cost: 4) { for k in $0 { numbers[k] = Float(low + stream.below(high - low)) } }
    self = stream
    return numbers
  }

  /// The numbers 0 ..< count, at most 2^24, in the order that `permutation` puts them into, as floats; any order once the work must stop.
  public mutating func permutedFloats(_ count: Int) -> [Float] {
    precondition(count <= 1 << 24, "floats don't hold all numbers below \(count)")
    var numbers = Tensor.evenly(count, from: 0, step: 1)
    Kernel.permute(&numbers, &self)
    return numbers
  }

  /// The draws of a block that one thread does.
  static let block = 1 << 16

  /// Moves the stream on by a block, 2^16 draws: its steps are linear over bits, and many of them are a polynomial of one step, which this is
  /// modulo the characteristic polynomial.
  mutating func skipBlock() {
    let polynomial: [UInt64] = [
      0x7e89_ac5c_a2fb_f2c7, 0x92ae_7ca3_70c0_bf6b, 0xef43_beaa_06f0_2fb8, 0xd87f_8ce2_3081_7a21,
    ]
    var sum: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for word in polynomial {
      for bit in 0..<64 {
        if word >> bit & 1 == 1 {
          sum.0 ^= state.0
          sum.1 ^= state.1
          sum.2 ^= state.2
          sum.3 ^= state.3
        }
        _ = next()
      }
    }
    state = sum
  }
}
