import Safepoint

/// Figures of two numbers in each row; rows where one is missing or NaN are left out.
struct NumberPairs {
  private let a: [Double]
  private let b: [Double]

  /// Wraps as many numbers of either.
  init(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count, "\(a.count) numbers beside \(b.count)")
    (self.a, self.b) = (a, b)
  }

  /// The correlation (Pearson): missing for fewer than two rows, NaN where one of the numbers is always the same.
  func correlation() throws -> Double {
    let (a, b) = (a, b)
    var (sums, count) = (SIMD2<Double>(), 0)
    for part in try Pieces.parts(
      a.count,
      { part -> (SIMD2<Double>, Int) in
        var (sums, count) = (SIMD2<Double>(), 0)
        try Pieces.forEach(part) { piece in
          for row in piece where !a[row].isNaN && !b[row].isNaN {
            sums += SIMD2(a[row], b[row])
            count += 1
          }
        }
        return (sums, count)
      })
    {
      sums += part.0
      count += part.1
    }
    guard count > 1 else { return MissingNumber.value }
    let means = sums / Double(count)
    // The squares of either and the products, all of distances from the means, and what the distances add up to, as means are rounded.
    let (products, rest) = try Pieces.parts(a.count) { part -> (SIMD4<Double>, SIMD2<Double>) in
      var (products, rest) = (SIMD4<Double>(), SIMD2<Double>())
      try Pieces.forEach(part) { piece in
        for row in piece where !a[row].isNaN && !b[row].isNaN {
          let (x, y) = (a[row] - means.x, b[row] - means.y)
          products += SIMD4(x * x, y * y, x * y, 0)
          rest += SIMD2(x, y)
        }
      }
      return (products, rest)
    }.reduce((SIMD4(), SIMD2())) { ($0.0 + $1.0, $0.1 + $1.1) }
    let exact = products - SIMD4(rest.x * rest.x, rest.y * rest.y, rest.x * rest.y, 0) / Double(count)
    // Of numbers that are all the same the rounding alone is left.
    guard exact.x > 1e-9 * products.x, exact.y > 1e-9 * products.y else { return .nan }
    return Self.correlation(exact)
  }

  /// The correlation by the squares of either and the products.
  private static func correlation(_ products: SIMD4<Double>) -> Double {
    let square = products.x * products.y
    // Of a line the root of the product is exact; where it has no room, the product of the roots.
    let size = square.isNormal ? square.squareRoot() : products.x.squareRoot() * products.y.squareRoot()
    let correlation = products.z / size
    return correlation.isNaN ? .nan : max(-1, min(1, correlation))
  }
}
