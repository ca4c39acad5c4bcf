import Foundation
import Formats
import PixelBytes

/// The reference outputs in Tests/PixelBytesTests/Fixtures.
enum Fixture {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
  }

  static func tensors(_ name: String) throws -> Safetensors { try Safetensors(contentsOf: path(name)) }
}

/// splitmix64's output for a state, which gives the signs of the fixtures' gradient digests.
private func mix(_ state: UInt64) -> UInt64 {
  var z = (state &+ 1) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// The four numbers that stand for all elements of a tensor in the fixtures: sum, L2 norm, largest magnitude, and the sum
/// with fixed random signs.
func digest(_ values: [Float]) -> [Double] {
  var (sum, squares, largest, signed) = (0.0, 0.0, 0.0, 0.0)
  for (index, value) in values.enumerated() {
    let value = Double(value)
    sum += value
    squares += value * value
    largest = max(largest, abs(value))
    signed += mix(UInt64(index)) >> 63 == 1 ? -value : value
  }
  return [sum, squares.squareRoot(), largest, signed]
}

/// The flat places of the `kept` elements that the fixtures keep of a large tensor of `count` elements.
func sampledPlaces(_ count: Int, _ kept: Int) -> [Int] {
  func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
  var step = max(1, count / kept) | 1
  while divisor(step, count) != 1 { step += 2 }
  return (0..<kept).map { $0 * step % count }
}
