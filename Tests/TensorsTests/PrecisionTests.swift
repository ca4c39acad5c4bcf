import Foundation
import Tensors
import Testing

/// Sums over millions of elements against double precision, where adding in single precision loses percents.
@Suite(.serialized) struct PrecisionTests {
  /// A reduction: what it gives, and the same in double precision.
  struct Reduction: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let found: @Sendable ([Float]) -> [Float]
    let expected: @Sendable ([Double]) -> [Double]

    init(
      _ name: String, _ found: @escaping @Sendable ([Float]) -> [Float],
      _ expected: @escaping @Sendable ([Double]) -> [Double]
    ) {
      (testDescription, self.found, self.expected) = (name, found, expected)
    }
  }

  static let count = 3_000_000

  /// All alike, which drifts the most, and drawn evenly, a large mean beside a small spread included.
  static let inputs: [[Float]] = {
    var random = Random(seed: 1, stream: "precision")
    return [
      [Float](repeating: 0.1, count: count), (0..<count).map { _ in random.uniform(0, 1) },
      (0..<count).map { _ in random.uniform(1000, 1001) },
    ]
  }()

  @Test(arguments: reductions + gradients) func followsDoublePrecision(_ reduction: Reduction) {
    for (index, input) in Self.inputs.enumerated() {
      let found = reduction.found(input)
      let expected = reduction.expected(input.map { Double($0) })
      #expect(found.count == expected.count)
      let worst = zip(found, expected).reduce(0.0) { max($0, abs(Double($1.0) - $1.1) / max(abs($1.1), 1e-30)) }
      #expect(worst <= 1e-6, "input \(index)")
    }
  }

  @Test func longMatrixProductsFollowDoublePrecision() {
    let (m, n, k) = (3, 2, 500_001)
    for fill in Self.inputs {
      let x = Tensor(Array(fill.prefix(m * k)), [m, k]), y = Tensor(Array(fill.suffix(n * k)), [n, k])
      let expected = (0..<m * n).map { place in
        let (row, column) = (place / n * k, place % n * k)
        return (0..<k).reduce(0.0) { $0 + Double(x.values[row + $1]) * Double(y.values[column + $1]) }
      }
      for left in [x, x.transposed().transposed()] {
        for right in [y.transposed(), y.transposed().transposed().transposed()] {
          for (found, expected) in zip(left.matrixProduct(right).values, expected) {
            #expect(abs(Double(found) / expected - 1) < 5e-6)
          }
        }
      }
    }
  }

  /// Products that no double holds on the way, and elements that decide alone.
  @Test func longProductsFollowTheirLogarithms() {
    let count = 200_001
    func product(_ x: [Float]) -> Float { Tensor(x, [x.count]).product(axis: 0).values[0] }
    var far = (0..<count).map { Float($0 < count / 2 ? 8 : 0.125) }
    #expect(product(far) == 0.125 && product(far + [-3]) == -0.375)
    for (element, expected) in [(Float(0), Float(0)), (-.infinity, -.infinity), (.nan, .nan)] {
      far[150_000] = element
      #expect(product(far) == expected || expected.isNaN && product(far).isNaN)
    }
    let near = (0..<count).map { 1 + Float($0 % 101 - 49) * 1e-5 }
    #expect(abs(log(Double(product(near))) - Self.sum(near.map { log(Double($0)) })) < 1e-6)
    #expect(product([Float](repeating: 1.5, count: count)) == .infinity)
    #expect(product([Float](repeating: 0.5, count: count)) == 0)
  }

  private static func sum(_ x: some Sequence<Double>) -> Double { x.reduce(0, +) }

  private static func variance(_ x: [Double]) -> Double {
    let mean = sum(x) / Double(x.count)
    // Alike elements have none but what rounding leaves of the mean.
    let variance = sum(x.map { ($0 - mean) * ($0 - mean) }) / Double(x.count - 1)
    return variance < 1e-20 ? 0 : variance
  }

  private static func column(_ x: [Double], _ k: Int, of columns: Int) -> [Double] {
    stride(from: k, to: x.count, by: columns).map { x[$0] }
  }

  /// Elements a thousand apart, and the last ones.
  private static func some<Number>(_ x: [Number]) -> [Number] {
    stride(from: 999, to: x.count, by: 1000).map { x[$0] } + x.suffix(2)
  }

  private static let reductions: [Reduction] = [
    .init("sum", { Tensor($0, [count]).sum().values }, { [sum($0)] }),
    .init("sum of a row", { Tensor($0, [1, count]).sum(axis: 1).values }, { [sum($0)] }),
    .init("sum of a column", { Tensor($0, [count, 1]).sum(axis: 0).values }, { [sum($0)] }),
    .init("sums of columns", { Tensor($0, [count / 3, 3]).sum(axis: 0).values }) { x in
      (0..<3).map { sum(column(x, $0, of: 3)) }
    },
    .init("mean", { Tensor($0, [count]).mean().values }, { [sum($0) / Double(count)] }),
    .init("mean of an axis", { Tensor($0, [count, 1]).mean(axis: 0).values }, { [sum($0) / Double(count)] }),
    .init("norm", { Tensor($0, [count]).norm().values }, { [sum($0.map { $0 * $0 }).squareRoot()] }),
    .init(
      "variance",
      { x in Tensor(x, [count]).variance().values.map { $0 < 1e-16 ? 0 : $0 } },
      { x in [variance(x)] }),
    .init(
      "variances of columns",
      { x in Tensor(x, [count / 2, 2]).variance(axis: 0).values.map { $0 < 1e-16 ? 0 : $0 } },
      { x in (0..<2).map { variance(column(x, $0, of: 2)) } }),
    .init("running sums", { some(Tensor($0, [count]).cumulativeSum(axis: 0).values) }) { x in
      var total = 0.0
      return some(
        x.map { value in
          total += value
          return total
        })
    },
    .init("softmax", { some(Tensor($0, [count]).softmax().values) }) { x in
      let total = sum(x.map { exp($0 - 1) })
      return some(x.map { exp($0 - 1) / total })
    },
    .init("log softmax", { some(Tensor($0, [count]).logSoftmax().values) }) { x in
      let total = log(sum(x.map { exp($0 - 1000) })) + 1000
      return some(x.map { $0 - total })
    },
    .init("cross-entropy of many classes", { Tensor($0, [1, count]).crossEntropy([7]).values }) { x in
      [log(sum(x.map { exp($0 - x[7]) }))]
    },
    .init(
      "cross-entropy of many rows",
      { Tensor($0, [count / 2, 2]).crossEntropy([Int32](repeating: 1, count: count / 2)).values }
    ) { x in
      [sum((0..<count / 2).map { log(1 + exp(x[2 * $0] - x[2 * $0 + 1])) }) / Double(count / 2)]
    },
    .init(
      "mean squared error",
      { Tensor($0, [count]).meanSquaredError(Tensor(repeating: 0, [count])).values },
      { [sum($0.map { $0 * $0 }) / Double(count)] }),
    .init("RMS norm", { some(Tensor($0, [1, count]).rmsNorm(weight: Tensor(repeating: 1, [count])).values) }) { x in
      let scale = 1 / (sum(x.map { $0 * $0 }) / Double(count) + 1e-5).squareRoot()
      return some(x.map { $0 * scale })
    },
  ]

  /// The gradient of an input of `shape` at ones, where the result's gradient is the elements.
  private static func gradient(
    _ shape: Shape, _ x: [Float], _ body: (Tensor) -> Tensor
  ) -> [Float] {
    let parameter = Parameter("x", Tensor(repeating: 1, shape))
    let tape = Tape()
    let result = body(tape.variable(parameter))
    return tape.gradients(of: (result * Tensor(x, result.shape)).sum())[parameter]?.values ?? []
  }

  private static let gradients: [Reduction] = [
    .init("gradient of a stretched number", { gradient([], $0) { $0.broadcast(to: [count]) } }, { [sum($0)] }),
    .init("gradient of a stretched row", { gradient([3], $0) { $0 + Tensor(repeating: 0, [count / 3, 3]) } }) { x in
      (0..<3).map { sum(column(x, $0, of: 3)) }
    },
    .init("gradient of a stretched column", { gradient([2, 1], $0) { $0 + Tensor(repeating: 0, [2, count / 2]) } }) {
      [sum($0[..<(count / 2)]), sum($0[(count / 2)...])]
    },
    .init(
      "gradient of a bias",
      { x in
        gradient([3], x) { Tensor(repeating: 0, [count / 3, 1]).linear(Tensor(repeating: 0, [3, 1]), bias: $0) }
      }
    ) { x in (0..<3).map { sum(column(x, $0, of: 3)) } },
    .init(
      "gradient of a row taken often",
      { x in
        gradient([2, 3], x) { $0.embedding([Int](repeating: 1, count: count / 3), [count / 3]) }
      }
    ) { x in [0, 0, 0] + (0..<3).map { sum(column(x, $0, of: 3)) } },
    .init(
      "gradient of elements taken often",
      { x in
        gradient([2, 1], x) { $0.repeated(count / 2, axis: 1) }
      }
    ) { [sum($0[..<(count / 2)]), sum($0[(count / 2)...])] },
    .init(
      "gradient of a bias of layer norm",
      { x in
        gradient([3], x) {
          Tensor([Float](repeating: 0, count: count), [count / 3, 3]).layerNorm(
            weight: Tensor(repeating: 1, [3]), bias: $0)
        }
      }
    ) { x in (0..<3).map { sum(column(x, $0, of: 3)) } },
    .init(
      "gradient of a weight of RMS norm",
      { x in
        gradient([3], x) { Tensor(repeating: 1, [count / 3, 3]).rmsNorm(weight: $0, epsilon: 0) }
      }
    ) { x in (0..<3).map { sum(column(x, $0, of: 3)) } },
  ]
}
