import Tensors
import Testing

/// Products and their gradients, whose sizes lie on both sides of every edge of the blocks, against sums in double precision.
@Suite struct PackedProductTests {
  private static let edges = [
    [48, 12, 8], [49, 16, 16], [50, 17, 31], [52, 31, 255], [56, 32, 256], [59, 33, 257], [60, 63, 300], [61, 64, 513],
    [64, 81, 20], [47, 40, 40], [96, 129, 64], [100, 257, 48], [300, 270, 33],
  ]

  @Test(arguments: edges) func equalsSumsInDoublePrecision(_ sizes: [Int]) throws {
    let (m, n, k) = (sizes[0], sizes[1], sizes[2])
    let (x, w) = (Parameter("x", numbers(m, k, seed: 1)), Parameter("w", numbers(k, n, seed: 2)))
    let dy = numbers(m, n, seed: 3)
    func run(threads: Int) throws -> [[Float]] {
      try Parallel.$threads.withValue(threads) {
        let tape = Tape()
        let y = tape.variable(x).matrixProduct(tape.variable(w))
        let gradients = tape.gradients(of: (y * dy).sum())
        return [y.values, try #require(gradients[x]).values, try #require(gradients[w]).values]
      }
    }
    let found = try run(threads: 1)
    expect(found[0], m, n, k) { x.value.values[$0 * k + $2] * w.value.values[$2 * n + $1] }
    expect(found[1], m, k, n) { dy.values[$0 * n + $2] * w.value.values[$1 * n + $2] }
    expect(found[2], k, n, m) { x.value.values[$2 * k + $0] * dy.values[$2 * n + $1] }
    #expect(try run(threads: 3) == found, "threads change bits")
  }

  @Test func bitsOfARowDoNotDependOnOthers() {
    let (x, w) = (numbers(200, 300, seed: 4), numbers(300, 70, seed: 5))
    let all = x.matrixProduct(w).values
    for rows in [48, 53, 64, 100] {
      let some = Tensor(Array(x.values.prefix(rows * 300)), [rows, 300]).matrixProduct(w).values
      #expect(some == Array(all.prefix(rows * 70)), "\(rows) rows")
    }
  }

  private func numbers(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor {
    var random = Random(seed: seed, stream: "products")
    return Tensor((0..<rows * columns).map { _ in Float(random.below(2001)) / 1000 - 1 }, [rows, columns])
  }

  private func expect(
    _ found: [Float], _ rows: Int, _ columns: Int, _ depth: Int, _ term: (Int, Int, Int) -> Float
  ) {
    var worst = 0.0
    for i in 0..<rows {
      for j in 0..<columns {
        let sum = (0..<depth).reduce(0.0) { $0 + Double(term(i, j, $1)) }
        worst = max(worst, abs(sum - Double(found[i * columns + j])))
      }
    }
    #expect(worst < 1e-6 * Double(depth).squareRoot() * 8, "\(rows) x \(depth) x \(columns): off by \(worst)")
  }
}
