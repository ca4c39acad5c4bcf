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
    let sums = try Pieces.parts(a.count) { part -> (CompensatedSum, CompensatedSum) in
      var (x, y) = (CompensatedSum(), CompensatedSum())
      try Pieces.forEach(part) { piece in
        for row in piece where !a[row].isNaN && !b[row].isNaN {
          x.add(a[row])
          y.add(b[row])
        }
      }
      return (x, y)
    }.reduce(into: (CompensatedSum(), CompensatedSum())) { sums, part in
      sums.0.add(part.0)
      sums.1.add(part.1)
    }
    let count = sums.0.count
    guard count > 1 else { return MissingNumber.value }
    let means = SIMD2(sums.0.mean, sums.1.mean)
    // The squares of either and the products, all of distances from the means, and what the distances add up to, as means are rounded.
    let (products, rest) = try Pieces.parts(a.count) { part -> (SIMD4<Double>, SIMD2<Double>) in
      var (xx, yy, xy, rest) = (CompensatedSum(), CompensatedSum(), CompensatedSum(), SIMD2<Double>())
      try Pieces.forEach(part) { piece in
        for row in piece where !a[row].isNaN && !b[row].isNaN {
          let (x, y) = (a[row] - means.x, b[row] - means.y)
          xx.add(x * x)
          yy.add(y * y)
          xy.add(x * y)
          rest += SIMD2(x, y)
        }
      }
      return (SIMD4(xx.value, yy.value, xy.value, 0), rest)
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
