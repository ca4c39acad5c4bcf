import Safepoint
import Tensors

extension NumberFigures {
  /// The smallest and the largest number, 0 twice where there is none; NaN where one is not finite.
  func span() throws -> [Double] {
    let numbers = numbers
    let parts = try Pieces.parts(numbers.count) { part -> (low: Double, high: Double) in
      var (low, high) = (Double.infinity, -Double.infinity)
      // What takes a number that is not finite to NaN, and leaves others at 0.
      var spoiled = 0.0
      try Pieces.forEach(part) { piece in
        for number in numbers[piece] {
          let isThere = !MissingNumber.isMissing(number)
          spoiled += isThere ? number * 0 : 0
          low = isThere && number < low ? number : low
          high = isThere && number > high ? number : high
        }
      }
      return spoiled == 0 ? (low, high) : (.nan, .nan)
    }
    if parts.contains(where: { $0.low.isNaN }) { return [.nan, .nan] }
    let (low, high) = (parts.map(\.low).min() ?? .infinity, parts.map(\.high).max() ?? -.infinity)
    return low <= high ? [low, high] : [0, 1]
  }

  /// How many numbers lie between each of some bounds that grow and the next, the last one with its upper bound.
  func counts(between edges: [Double]) throws -> [Double] {
    try counts(edges.count - 1) { Tensor.bin(of: $0, between: edges) ?? -1 }
  }

  /// The same for bounds that are equally far apart, of which a division says nearly where a number lies.
  func counts(betweenEven edges: [Double]) throws -> [Double] {
    let bins = edges.count - 1
    let (low, high) = (edges[0], edges[bins])
    let width = (high - low) / Double(bins)
    return try counts(bins) { number in
      guard number >= low, number <= high else { return -1 }
      // Bounds a few units of the last place apart have parts without a width.
      var bin = width > 0 ? Swift.min(Int((number - low) / width), bins - 1) : 0
      // Rounding may lead to the part beside.
      while bin > 0, number < edges[bin] { bin -= 1 }
      while bin < bins - 1, number >= edges[bin + 1] { bin += 1 }
      return bin
    }
  }

  @inline(__always)
  private func counts(_ bins: Int, _ bin: (Double) -> Int) throws -> [Double] {
    let numbers = numbers
    // Parts of many bins would take more room than their numbers.
    let parts = try Pieces.parts(numbers.count, most: bins <= 1 << 12 ? 16 : 1) { part -> [Double] in
      var counts = [Double](repeating: 0, count: bins)
      try Pieces.forEach(part) { piece in
        for number in numbers[piece] where !MissingNumber.isMissing(number) {
          let bin = bin(number)
          if bin >= 0 { counts[bin] += 1 }
        }
      }
      return counts
    }
    var counts = parts[0]
    for part in parts.dropFirst() { for bin in counts.indices { counts[bin] += part[bin] } }
    return counts
  }
}
