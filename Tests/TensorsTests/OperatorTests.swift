import Foundation
import Tensors
import Testing

/// Operators against slow twins at odd sizes, with NaN and infinities.
@Suite(.serialized) struct OperatorTests {
  private static func numbers(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var random = Random(seed: seed, stream: "operators")
    return Tensor((0..<shape.elementCount).map { _ in random.uniform(-3, 3) }, shape)
  }

  // MARK: functions of one element

  private static let functions: [(String, @Sendable (Tensor) -> Tensor, @Sendable (Double) -> Double)] = [
    ("exp", { $0.exp() }, { Foundation.exp($0) }), ("log", { $0.log() }, { Foundation.log($0) }),
    ("sqrt", { $0.sqrt() }, { $0.squareRoot() }), ("abs", { $0.abs() }, { abs($0) }),
    ("sin", { $0.sin() }, { Foundation.sin($0) }), ("cos", { $0.cos() }, { Foundation.cos($0) }),
    ("tanh", { $0.tanh() }, { Foundation.tanh($0) }), ("sigmoid", { $0.sigmoid() }, { 1 / (1 + Foundation.exp(-$0)) }),
    ("relu", { $0.relu() }, { $0 > 0 ? $0 : 0 }), ("gelu", { $0.gelu() }, { $0 * erfc(-$0 * 0.5.squareRoot()) / 2 }),
    ("silu", { $0.silu() }, { $0 / (1 + Foundation.exp(-$0)) }),
    ("softplus", { $0.softplus() }, { max($0, 0) + log1p(Foundation.exp(-abs($0))) }),
    ("clamp", { $0.clamp(-1, 2) }, { min(max($0, -1), 2) }),
    ("round", { $0.rounded(.toNearestOrEven) }, { $0.rounded(.toNearestOrEven) }),
    ("floor", { $0.rounded(.down) }, { $0.rounded(.down) }), ("ceil", { $0.rounded(.up) }, { $0.rounded(.up) }),
    ("square", { $0.power(Tensor(2)) }, { $0 * $0 }), ("cube", { $0.power(Tensor(3)) }, { $0 * $0 * $0 }),
    ("one and a half", { $0.abs().power(Tensor(1.5)) }, { pow(abs($0), 1.5) }),
    ("inverse root", { $0.abs().power(Tensor(-0.5)) }, { 1 / abs($0).squareRoot() }),
    ("inverse square", { $0.power(Tensor(-2)) }, { 1 / ($0 * $0) }),
    ("power", { $0.abs().power(Tensor(1.7)) }, { pow(abs($0), Double(Float(1.7))) }),
    ("fifth power", { $0.power(Tensor(5)) }, { pow($0, 5) }),
    ("inverse cube", { $0.power(Tensor(-3)) }, { pow($0, -3) }),
    ("fourth power", { $0.power(Tensor(4)) }, { pow($0, 4) }),
  ]

  @Test(arguments: functions.indices, [1, 2, 3, 17, 1001]) func functionsFollowDoublePrecision(
    _ place: Int, _ count: Int
  ) {
    let (name, function, expected) = Self.functions[place]
    let x = Self.numbers([count])
    for (found, x) in zip(function(x).values, x.values) {
      let wanted = expected(Double(x))
      if wanted.isNaN {
        #expect(found.isNaN, "\(name) of \(x)")
      } else {
        #expect(abs(Double(found) - wanted) <= 1e-6 * max(1, abs(wanted)), "\(name) of \(x)")
      }
    }
  }

  /// What PyTorch gives: a row for each function, of NaN, infinity, -infinity, 0, -1, 100 and -100.
  @Test func numbersWithoutEndPassAsInPyTorch() {
    let x = Tensor([.nan, .infinity, -.infinity, 0, -1, 100, -100], [7])
    let (nan, end) = (Float.nan, Float.infinity)
    let rows: [(Tensor, [Float])] = [
      (x.exp(), [nan, end, 0, 1, 0.36787945, end, 0]), (x.log(), [nan, end, nan, -end, nan, 4.6051702, nan]),
      (x.sqrt(), [nan, end, nan, 0, nan, 10, nan]), (x.abs(), [nan, end, end, 0, 1, 100, 100]),
      (x.relu(), [nan, end, 0, 0, 0, 100, 0]), (x.clamp(-2, 2), [nan, 2, -2, 0, -1, 2, -2]),
      (x.tanh(), [nan, 1, -1, 0, -0.7615942, 1, -1]), (x.gelu(), [nan, end, nan, 0, -0.15865526, 100, 0]),
      (x.silu(), [nan, end, nan, 0, -0.26894143, 100, 0]), (x.power(Tensor(2)), [nan, end, end, 0, 1, 10000, 10000]),
      (x.power(Tensor(1.5)), [nan, end, end, 0, nan, 1000, nan]),
      (x.sin(), [nan, nan, nan, 0, -0.84147096, -0.50636566, 0.50636566]),
      (x.maximum(Tensor(0)), [nan, end, 0, 0, 0, 100, 0]), (x.minimum(Tensor(nan)), [Float](repeating: nan, count: 7)),
      (x.compared(.less, Tensor(0)), [0, 0, 1, 0, 1, 0, 1]), (x.compared(.notEqual, x), [1, 0, 0, 0, 0, 0, 0]),
      (x.compared(.greaterOrEqual, Tensor(0)), [0, 1, 0, 1, 0, 1, 0]),
      (x.max(), [nan]), (x.min(), [nan]), (x.argmax(axis: 0), [0]), (x.argmin(axis: 0), [0]),
      (Tensor([1, 2, nan, 5], [2, 2]).max(axis: 0), [nan, 5]),
      (Tensor([1, 2, nan, 5], [2, 2]).argmax(axis: 1), [1, 0]),
      (Tensor([0, 1, -end, 1, nan, 1], [3, 2]).softmax(axis: 0), [nan, 1.0 / 3, nan, 1.0 / 3, nan, 1.0 / 3]),
      (Tensor([0, -end, -end, -end], [2, 2]).softmax(axis: 0), [1, nan, 0, nan]),
      (Tensor([end, 0], [2, 1]).logSoftmax(axis: 0), [nan, nan]),
      (Tensor([0, -end], [2]).softmax(), [1, 0]), (Tensor([0, -end], [2]).logSoftmax(), [0, -end]),
    ]
    for (row, (found, expected)) in rows.enumerated() {
      for (a, b) in zip(found.values, expected) {
        #expect(a.isNaN && b.isNaN || a == b || abs(a - b) <= 1e-6 * max(1, abs(b)), "row \(row): \(found.values)")
      }
    }
  }

  // MARK: layouts

  /// Values and gradients of PyTorch's `cross_entropy(weight=)`, with labels and with probabilities as targets, added 3 to 2.
  @Test func sharesOfTargetsAreAsInPyTorch() {
    let tape = Tape()
    let logits = Parameter("x", Tensor([0.5, -1, 2, 0, 0, 0, 3, 1, -2], [3, 3]))
    let loss = tape.variable(logits).crossEntropy(
      [2, Tensor.ignoredLabel, 0], smoothing: 0.4, towards: [0.2, 0.3, 0.5, 0, 1, 0, 0.6, 0.3, 0.1],
      weights: [0.5, 1, 2], divisor: 2.5)
    #expect(abs(loss.values[0] - 0.62682885) < 2e-7)
    let expected: [Float] = [
      0.10740444, -0.02046475, -0.08693971, 0, 0, 0, 0.04914895, -0.01861208, -0.03053686,
    ]
    let found = tape.gradients(of: loss)[logits]?.values ?? []
    #expect(found.count == 9)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-7) }
  }

  @Test func copiesBetweenLayoutsFollowTheirTwins() {
    for shape in [[1, 1, 1], [2, 3, 5], [17, 1, 33], [5, 37, 18], [3, 19, 64], [40, 50, 3]] as [Shape] {
      let x = Self.numbers(shape)
      func at(_ i: Int, _ j: Int, _ k: Int) -> Float { x.values[(i * shape[1] + j) * shape[2] + k] }
      for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let target = order.map { shape[$0] }
        var expected: [Float] = []
        for a in 0..<target[0] {
          for b in 0..<target[1] {
            for c in 0..<target[2] {
              var index = [0, 0, 0]
              (index[order[0]], index[order[1]], index[order[2]]) = (a, b, c)
              expected.append(at(index[0], index[1], index[2]))
            }
          }
        }
        #expect(x.permuted(order).values == expected && x.permuted(order).shape == target)
      }
      for (step, first) in [(1, 0), (2, 0), (3, 1), (-1, -1), (-2, -1)] {
        for axis in 0..<3 {
          let size = shape[axis]
          let start = first < 0 ? size - 1 : min(first, size - 1)
          let count = step > 0 ? (size - start + step - 1) / step : start / -step + 1
          var indices = [AxisIndex](repeating: .all, count: 3)
          indices[axis] = .strided(first: start, step: step, count: count)
          let found = x.indexed(indices)
          let listed = x.selected(axis: axis, (0..<count).map { start + $0 * step })
          #expect(found.shape == listed.shape && found.values == listed.values, "\(shape), \(axis), \(step)")
        }
      }
      let wide = x.padded([(1, 2), (0, 1), (3, 0)], value: 7)
      #expect(wide.values.reduce(0) { $0 + ($1 == 7 ? 0 : 1) } == x.count)
      #expect(
        wide.indexed([
          .strided(first: 1, step: 1, count: shape[0]), .strided(first: 0, step: 1, count: shape[1]),
          .strided(first: 3, step: 1, count: shape[2]),
        ]).values == x.values)
      let mask = x.compared(.greater, Tensor(0.5))
      #expect(x.masked(mask).values == x.values.filter { $0 > 0.5 })
      #expect(Tensor.choosing(mask, x, Tensor(2)).values == x.values.map { $0 > 0.5 ? $0 : 2 })
    }
  }

  @Test(arguments: NumberFunctionTests.instructionSets) func joinedRowsFollowTheirTwin(_ set: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for widths in [[16, 17], [40, 15, 33], [16, 16, 16, 16, 16, 113], [520, 0, 21, 300], [100, 1, 64]] {
      let parts = widths.enumerated().map { Self.numbers([70, $1], seed: UInt64($0)) }
      let rows = (0..<70).flatMap { row in zip(parts, widths).flatMap { $0.values[row * $1..<(row + 1) * $1] } }
      #expect(Tensor.concatenated(parts, axis: 1).values == rows, "\(widths)")
    }
  }

  /// Rows shorter than a vector, and operands whose elements stand apart, are put side by side on the way.
  @Test(arguments: NumberFunctionTests.instructionSets) func shortRowsFollowTheirTwin(_ set: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for width in [3, 11, 16, 17, 130] {
      let rows = (1 << 14) / width + 2
      let x = Self.numbers([rows + 1, 2 * width + 1])
      let all = AxisIndex.strided(first: 1, step: 1, count: rows)
      let mask = Tensor((0..<rows).map { Float($0 % 3 % 2) }, [rows, 1])
      let operands = [
        x.indexed([all, .strided(first: 1, step: 1, count: width)]),
        x.indexed([all, .strided(first: width, step: -1, count: width)]),
        x.indexed([.strided(first: rows, step: -1, count: rows), .strided(first: 0, step: 2, count: width)]),
        Self.numbers([width]), Self.numbers([rows, 1]), Tensor(0.25),
      ]
      for a in operands {
        for b in operands {
          let (p, q) = (a.broadcast(to: [rows, width]).values, b.broadcast(to: [rows, width]).values)
          #expect((a - b).broadcast(to: [rows, width]).values == zip(p, q).map { $0 - $1 }, "\(a.shape) - \(b.shape)")
          let one = Tensor.choosing(mask, a, b).broadcast(to: [rows, width]).values
          #expect(one == p.indices.map { $0 / width % 3 % 2 == 1 ? p[$0] : q[$0] }, "\(a.shape) or \(b.shape)")
        }
      }
    }
  }

  @Test func membershipsAndCountsFollowTheirTwins() {
    let x = Tensor((0..<5001).map { Float($0 * 7 % 131 - 5) / 2 } + [.nan, .infinity, -0.0], [5004])
    for count in [0, 1, 2, 16, 17, 33, 100] {
      let wanted = (0..<count).map { Double($0 * 5 % 67) / 2 } + [0.1, .nan, -.infinity]
      let expected = x.values.map { element in wanted.contains(Double(element)) ? Float(1) : 0 }
      #expect(x.mask(among: wanted).values == expected, "among \(count)")
    }
    let whole = Tensor(exactly: [16_777_217, 16_777_216, 3], [3], elementType: .int32)
    #expect(whole.mask(among: [16_777_217, 3]).values == [1, 0, 1])
    #expect(Tensor([3, 0, 3], [3]).placeCounts(6).numbers == [1, 0, 0, 2, 0, 0])
    #expect(Tensor([3, 0, 3], [3]).placeCounts(4, weights: Tensor([1, 2, 0.5], [3])).numbers == [2, 0, 0, 1.5])
    #expect(Tensor([], [0]).placeCounts(0).numbers == [])
    // Whole numbers in a narrow range and in a wide one, and others.
    for x in [
      [3, -2, 3, 0, -0.0, -2], [3, -2, 3, 1e9, 3e9], [0.5, 3, 0.5, -.infinity, 3], [7],
    ] as [[Float]] {
      let (values, places, counts) = Tensor(x, [x.count]).distinct(withPlaces: true)
      #expect(values.values == Set(x).sorted(), "of \(x)")
      #expect(places?.numbers.map { values.values[Int($0)] } == x, "of \(x)")
      #expect(counts.numbers == values.values.map { value in Double(x.count { $0 == value }) }, "of \(x)")
    }
  }

  // MARK: reductions

  @Test func reductionsFollowTheirTwins() {
    for shape in [[1, 1, 1], [2, 3, 5], [3, 70, 17], [2, 5, 300], [1, 70000, 1], [1, 9000, 3], [9, 4, 65]] as [Shape] {
      let x = Self.numbers(shape)
      for axis in 0..<3 {
        let (outer, size, inner) = (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
        let columns = (0..<outer * inner).map { place in
          (0..<size).map { x.values[(place / inner * size + $0) * inner + place % inner] }
        }
        func check(_ found: Tensor, _ what: String, _ expected: ([Double]) -> Double) {
          for (a, column) in zip(found.values, columns) {
            let b = expected(column.map { Double($0) })
            #expect(
              abs(Double(a) - b) <= 1e-6 * max(1, abs(b)) || a.isNaN && b.isNaN, "\(what) of \(shape) along \(axis)")
          }
        }
        func sum(_ x: [Double]) -> Double { x.reduce(0, +) }
        check(x.sum(axis: axis), "sum") { sum($0) }
        check(x.mean(axis: axis), "mean") { sum($0) / Double($0.count) }
        check(x.variance(axis: axis), "variance") { column in
          let mean = sum(column) / Double(column.count)
          return sum(column.map { ($0 - mean) * ($0 - mean) }) / Double(column.count - 1)
        }
        check(x.norm(axis: axis), "norm") { sum($0.map { $0 * $0 }).squareRoot() }
        // Of tiny and huge factors the product itself is an ordinary number.
        let factors = x * Tensor((0..<x.count).map { [1e-30, 1e30, 1, -1][$0 % 4] }, shape)
        for (place, found) in factors.product(axis: axis).values.enumerated() {
          var (product, exponent) = (1.0, 0)
          for k in 0..<size {
            product *= Double(factors.values[(place / inner * size + k) * inner + place % inner])
            exponent += Int(product.exponent)
            product = product.significand * (product < 0 ? -1 : 1)
          }
          let wanted = scalbn(product, min(max(exponent, -2000), 2000))
          #expect(
            abs(Double(found) - wanted) <= 1e-6 * abs(wanted) || found == Float(wanted) || abs(wanted) < 1e-37,
            "product of \(shape) along \(axis)")
        }
        check(x.max(axis: axis), "max") { $0.max() ?? 0 }
        check(x.min(axis: axis), "min") { $0.min() ?? 0 }
        check(x.argmax(axis: axis), "argmax") { column in Double(column.firstIndex(of: column.max() ?? 0) ?? -1) }
        let (shares, logarithms) = (x.softmax(axis: axis).values, x.logSoftmax(axis: axis).values)
        for (place, column) in columns.enumerated() {
          let total = column.reduce(0) { $0 + Foundation.exp(Double($1)) }
          for (k, value) in column.enumerated() {
            let flat = (place / inner * size + k) * inner + place % inner
            #expect(abs(Double(shares[flat]) - Foundation.exp(Double(value)) / total) <= 1e-6)
            #expect(abs(Double(logarithms[flat]) - Double(value) + Foundation.log(total)) <= 3e-6)
          }
        }
        let running = x.cumulativeSum(axis: axis)
        for (place, column) in columns.enumerated() {
          var total = 0.0
          for (k, value) in column.enumerated() {
            total += Double(value)
            let found = running.values[(place / inner * size + k) * inner + place % inner]
            #expect(abs(Double(found) - total) <= 1e-6 * max(1, abs(total)))
          }
        }
      }
    }
  }

  @Test func stretchedGradientsAreSummedOverAnyAxes() {
    for (shape, whole) in [
      ([3, 1, 5], [3, 4, 5]), ([1, 4, 1], [3, 4, 5]), ([5], [2, 3, 5]), ([2, 1, 1], [2, 33, 65]),
    ] as [(Shape, Shape)] {
      let parameter = Parameter("x", Self.numbers(shape)), weights = Self.numbers(whole, seed: 2)
      let tape = Tape()
      let gradient = tape.gradients(of: (tape.variable(parameter).broadcast(to: whole) * weights).sum())[parameter]
      var expected = [Double](repeating: 0, count: shape.reduce(1, *))
      let full = Shape(repeating: 1, count: whole.count - shape.count) + shape
      for place in 0..<weights.count {
        var (rest, target, step) = (place, 0, 1)
        for axis in whole.indices.reversed() {
          target += full[axis] == 1 ? 0 : rest % whole[axis] * step
          step *= full[axis]
          rest /= whole[axis]
        }
        expected[target] += Double(weights.values[place])
      }
      for (a, b) in zip(gradient?.values ?? [], expected) { #expect(abs(Double(a) - b) <= 1e-5 * max(1, abs(b))) }
    }
  }
}
