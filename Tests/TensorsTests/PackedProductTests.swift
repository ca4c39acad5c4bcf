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

  /// Many small products side by side are those of each pair of matrices, with every instruction set.
  @Test(arguments: ["portable", "avx2", "avx512"]) func smallBatchesAreTheirProducts(_ set: String) throws {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for (m, n, k) in [
      (1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4), (2, 3, 5), (7, 1, 3), (1, 17, 2), (5, 33, 6), (3, 9, 28),
    ] {
      let count = 301
      let (x, w) = (Parameter("x", numbers(count * m, k, seed: 6)), Parameter("w", numbers(count * k, n, seed: 7)))
      let dy = numbers(count * m, n, seed: 8).reshaped([count, m, n])
      func run(threads: Int) throws -> [[Float]] {
        try Parallel.$threads.withValue(threads) {
          let tape = Tape()
          let y = tape.variable(x).reshaped([count, m, k]).matrixProduct(tape.variable(w).reshaped([count, k, n]))
          let gradients = tape.gradients(of: (y * dy).sum())
          return [y.values, try #require(gradients[x]).values, try #require(gradients[w]).values]
        }
      }
      let found = try run(threads: 1)
      let (a, b, d) = (x.value.values, w.value.values, dy.values)
      for o in [0, 1, count / 2, count - 1] {
        func part(_ all: [Float], _ size: Int) -> [Float] { Array(all[o * size..<(o + 1) * size]) }
        expect(part(found[0], m * n), m, n, k) { a[(o * m + $0) * k + $2] * b[(o * k + $2) * n + $1] }
        expect(part(found[1], m * k), m, k, n) { d[(o * m + $0) * n + $2] * b[(o * k + $1) * n + $2] }
        expect(part(found[2], k * n), k, n, m) { a[(o * m + $2) * k + $0] * d[(o * m + $2) * n + $1] }
      }
      // Other threads go on with the usual instructions.
      if set == chosen { #expect(try run(threads: 3) == found, "threads change bits") }
    }
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
