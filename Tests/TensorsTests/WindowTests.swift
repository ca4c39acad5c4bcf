import Foundation
import Tensors
import Testing

/// Windows that move over tensors, elements that are put to places, and short rows in order, each beside a plain twin.
@Suite struct WindowTests {
  private static func numbers(_ shape: Shape, from first: Int = 0) -> Tensor {
    Tensor((0..<shape.elementCount).map { Float(($0 + first) * 37 % 1009 - 500) / 32 }, shape)
  }

  private static let sets = ["portable", "avx2", "avx512"]

  /// The places in a plane that each window has inside it.
  private static func windows(
    _ height: Int, _ width: Int, _ size: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int)
  ) -> [[Int]] {
    let rows = (height + 2 * padding.0 - size.0) / stride.0 + 1,
      columns = (width + 2 * padding.1 - size.1) / stride.1 + 1
    return (0..<rows * columns).map { place in
      let (top, left) = (place / columns * stride.0 - padding.0, place % columns * stride.1 - padding.1)
      return (0..<size.0 * size.1).compactMap { k in
        let (y, x) = (top + k / size.1, left + k % size.1)
        return (0..<height).contains(y) && (0..<width).contains(x) ? y * width + x : nil
      }
    }
  }

  @Test(arguments: sets) func pooledWindowsAndTheirGradients(_ set: String) throws {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for (shape, axes) in [
      ([7], 1), ([3, 40], 1), ([2, 3, 1037], 1), ([5, 6], 2), ([2, 3, 17, 33], 2), ([1, 1, 1], 2), ([9, 4, 600], 2),
    ] as [(Shape, Int)] {
      for (size, stride, padding) in [(1, 1, 0), (2, 2, 0), (3, 1, 1), (3, 2, 1), (2, 3, 1), (5, 3, 2)] {
        guard shape.suffix(axes).allSatisfy({ $0 + 2 * padding >= size }) else { continue }
        let (height, width) = (axes == 1 ? 1 : shape[shape.count - 2], shape[shape.count - 1])
        let flat = axes == 1
        let windows = Self.windows(
          height, width, (flat ? 1 : size, size), (flat ? 1 : stride, stride), (flat ? 0 : padding, padding))
        var x = Self.numbers(shape)
        if x.count > 20 {
          var values = x.values
          for place in [0, 3, x.count - 1] { values[place] = .nan }
          values[5] = values[6]
          x = Tensor(values, shape)
        }
        let what = "\(shape), windows of \(size), \(stride), \(padding)"
        for isLargest in [true, false] {
          let (parameter, tape) = (Parameter("x", x), Tape())
          let input = tape.variable(parameter)
          let y =
            isLargest
            ? input.largestPooled(axes: axes, size: size, stride: stride, padding: padding)
            : input.meanPooled(axes: axes, size: size, stride: stride, padding: padding)
          let weights = Self.numbers(y.shape, from: 8)
          let gradient = try #require(tape.gradients(of: (y * weights).sum())[parameter]).values
          var expected = [Float](repeating: 0, count: x.count)
          for place in 0..<y.count {
            let plane = place / windows.count * height * width
            let places = windows[place % windows.count].map { plane + $0 }
            let weight = weights.values[place]
            if isLargest {
              var best = places[0]
              for k in places where x.values[k] > x.values[best] || x.values[k].isNaN { best = k }
              let value = x.values[best]
              #expect(y.values[place] == value || y.values[place].isNaN && value.isNaN, "\(what), \(place)")
              expected[best] += weight
            } else {
              let area = flat ? size : size * size
              let mean = places.reduce(0) { $0 + Double(x.values[$1]) } / Double(area)
              let found = Double(y.values[place])
              #expect(found.isNaN && mean.isNaN || abs(found - mean) <= 1e-5, "\(what)")
              for k in places { expected[k] += weight / Float(area) }
            }
          }
          #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) <= 1e-3 }, "\(what), gradient")
        }
      }
    }
  }

  /// With fewer and with more values than there are places, along each axis.
  @Test func scatteredElementsAndTheirGradients() throws {
    for shape in [[4, 3, 5], [2, 70, 130], [7, 2, 1]] as [Shape] {
      for axis in 0..<3 {
        for taken in [1, 2, shape[axis], 3 * shape[axis]] {
          var target = shape
          target[axis] = taken
          let places = (0..<target.elementCount).map { $0 * 7 % 13 % shape[axis] }
          let (_, size, inner) = shape.around(axis)
          let flat = places.indices.map { k in (k / (taken * inner) * size + places[k]) * inner + k % inner }
          let positions = Tensor(places.map { Float($0) }, target, elementType: .int32)
          let (x, part) = (Parameter("x", Self.numbers(shape)), Parameter("part", Self.numbers(target, from: 5)))
          for adds in [true, false] {
            let tape = Tape()
            let (a, b) = (tape.variable(x), tape.variable(part))
            let y = adds ? a.scatterAdded(b, axis: axis, at: positions) : a.scattered(b, axis: axis, at: positions)
            var expected = x.value.values.map { Double($0) }
            for (k, place) in flat.enumerated() {
              expected[place] = Double(part.value.values[k]) + (adds ? expected[place] : 0)
            }
            let what = "\(shape), \(axis), \(taken), \(adds)"
            #expect(zip(y.values, expected).allSatisfy { abs(Double($0) - $1) <= 1e-4 }, "\(what)")
            let weights = Self.numbers(shape, from: 11)
            let gradients = tape.gradients(of: (y * weights).sum())
            let (dx, dPart) = (try #require(gradients[x]).values, try #require(gradients[part]).values)
            let last = flat.enumerated().reduce(into: [Int: Int]()) { $0[$1.element] = $1.offset }
            #expect(
              dx.indices.allSatisfy { dx[$0] == (adds || last[$0] == nil ? weights.values[$0] : 0) }, "\(what), x")
            #expect(
              flat.indices.allSatisfy { dPart[$0] == (adds || last[flat[$0]] == $0 ? weights.values[flat[$0]] : 0) },
              "\(what), part")
          }
        }
      }
    }
  }

  /// NaN counts as the largest, equal ones stay in their order, whichever way and in rows of every short length.
  @Test(arguments: sets) func shortRowsInOrder(_ set: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for size in [1, 2, 3, 4, 7, 8, 15, 16, 17, 33, 64] {
      for (outer, inner) in [(1, 1), (37, 1), (3, 5), (2, 41)] {
        let shape = [outer, size, inner]
        var values = (0..<shape.elementCount).map { Float($0 * 7 % 11 % 5) - 2 }
        for place in stride(from: 3, to: values.count, by: 17) { values[place] = .nan }
        for place in stride(from: 5, to: values.count, by: 13) { values[place] = -0.0 }
        let x = Tensor(values, shape)
        for descending in [false, true] {
          func isBefore(_ a: Float, _ b: Float) -> Bool {
            if a.isNaN || b.isNaN { return descending ? a.isNaN && !b.isNaN : b.isNaN && !a.isNaN }
            return descending ? a > b : a < b
          }
          let order = x.sortedPositions(axis: 1, descending: descending).values
          let first = x.extremePositions(min(2, size), axis: 1, largest: descending)
          for row in 0..<outer * inner {
            let start = row / inner * size * inner + row % inner
            let expected: [Int] = Array(0..<size).sorted { first, second in
              let (a, b) = (values[start + first * inner], values[start + second * inner])
              if isBefore(a, b) { return true }
              return !isBefore(b, a) && first < second
            }
            #expect((0..<size).map { Int(order[start + $0 * inner]) } == expected, "\(shape), \(descending)")
            let width = min(2, size)
            let found = (0..<width).map { (k: Int) -> Int in
              Int(first.values[(row / inner * width + k) * inner + row % inner])
            }
            #expect(found == Array(expected.prefix(width)), "\(shape), \(descending)")
          }
        }
        let logarithms = x.logSumExp(axis: 1).values
        for row in 0..<outer * inner {
          let start = row / inner * size * inner + row % inner
          let sum: Double = (0..<size).map { exp(Double(values[start + $0 * inner])) }.reduce(0, +)
          let (found, expected) = (Double(logarithms[row]), log(sum))
          #expect(found.isNaN && expected.isNaN || abs(found - expected) <= 1e-5, "\(shape)")
        }
      }
    }
    let end = Float.infinity
    let rows = Tensor([-end, -end, end, 1, end, -end, 3, -end], [4, 2]).logSumExp(axis: 1).values
    #expect(rows == [-end, end, end, 3])
  }

  /// Keys that differ in few bits and in many, of every number of digits.
  @Test func longRowsInOrder() {
    for (count, numbers) in [(300, 7), (70_000, 7), (70_000, 3000), (70_001, 70_001), (1000, 1)] {
      for scale in [1, 0.001, 3.7e30] as [Float] {
        let values = (0..<count).map { place -> Float in
          let number: Int = place * 7919 % 100_003 % numbers
          return Float(number) * scale - 2 * scale
        }
        let x = Tensor(values, [count])
        for descending in [false, true] {
          func isBefore(_ a: Int, _ b: Int) -> Bool {
            if values[a] == values[b] { return a < b }
            return descending ? values[a] > values[b] : values[a] < values[b]
          }
          let expected: [Int] = Array(0..<count).sorted(by: isBefore)
          let found = x.sortedPositions(axis: 0, descending: descending).values.map { Int($0) }
          #expect(found == expected, "\(count) of \(numbers), \(scale)")
        }
      }
    }
  }
}
