import Tensors
import Testing

/// Parts that are taken, replaced and added up in several ways, each beside a plain twin.
@Suite struct PartTests {
  private static func numbers(_ shape: Shape, from first: Int = 0) -> Tensor {
    Tensor((0..<shape.elementCount).map { Float(($0 + first) * 37 % 1009 - 500) / 32 }, shape)
  }

  /// What may stand for an axis of a size.
  private static func indices(_ size: Int) -> [AxisIndex] {
    [
      .all, .position(size - 1), .strided(first: 0, step: 1, count: size),
      .strided(first: size - 1, step: -1, count: size),
      .strided(first: 0, step: 2, count: (size + 1) / 2), .strided(first: 0, step: 1, count: 0),
      .strided(first: size / 2, step: 1, count: size - size / 2), .positions([size - 1, 0]), .positions([]),
    ]
  }

  /// The flat places that indices take, by walking over all.
  private static func places(_ shape: Shape, _ indices: [AxisIndex]) -> [Int] {
    zip(zip(shape, shape.strides), indices).reduce([0]) { places, axis in
      let ((size, stride), index) = axis
      let entries: [Int] =
        switch index {
        case .all: Array(0..<size)
        case .position(let k): [k]
        case .positions(let list): list
        case .strided(let first, let step, let count): (0..<count).map { first + $0 * step }
        }
      return places.flatMap { place in entries.map { place + $0 * stride } }
    }
  }

  @Test(arguments: [[3, 5], [1, 4], [4, 1], [70, 33]] as [Shape])
  func partsAreTakenAndReplaced(shape: Shape) {
    let shape = shape + [3]
    let x = Self.numbers(shape)
    for a in Self.indices(shape[0]) {
      for b in Self.indices(shape[1]) {
        for c in [.all, .position(1), .positions([2, 0])] as [AxisIndex] {
          let indices = [a, b, c]
          let places = Self.places(shape, indices)
          let taken = x.indexed(indices)
          #expect(taken.values == places.map { x.values[$0] }, "\(shape), \(indices)")
          // A number, a row for the last axis, and a value of its own for each.
          let parts = [
            Tensor(7), Self.numbers(Array(taken.shape.suffix(1)), from: 5), Self.numbers(taken.shape, from: 9),
          ]
          for part in parts {
            let values = part.broadcast(to: taken.shape).values
            var expected = x.values
            for (k, place) in places.enumerated() { expected[place] = values[k] }
            #expect(x.replacing(indices, with: part).values == expected, "\(shape), \(indices), \(part.shape)")
            var (changed, flat) = (x, x)
            let (isChanged, isFlat) = (
              changed.replaceInPlace(indices, with: part), flat.replaceInPlace(at: places, taken.shape, with: part)
            )
            #expect(isChanged && changed.values == expected, "\(shape), \(indices), \(part.shape)")
            #expect(isFlat && flat.values == expected, "\(shape), \(indices), \(part.shape)")
          }
        }
      }
    }
    #expect(x.values == Self.numbers(shape).values, "the tensor itself was changed")
  }

  /// Parts at even distances that are computed with and copied where they stand.
  @Test(arguments: [[3, 5], [1, 4], [4, 1], [70, 33], [900, 700]] as [Shape])
  func partsChangeWhereTheyStand(shape: Shape) {
    let shape = shape + [3]
    let x = Self.numbers(shape)
    let operations: [(Tensor.SmallOperation, (Float, Float) -> Float)] = [
      (.add, (+)), (.subtract, (-)), (.multiply, (*)), (.divide, (/)),
    ]
    func isRegular(_ index: AxisIndex) -> Bool { if case .positions = index { false } else { true } }
    var turn = 0
    for a in Self.indices(shape[0]).filter(isRegular) {
      for b in Self.indices(shape[1]).filter(isRegular) {
        for c in [.all, .position(1), .strided(first: 2, step: -2, count: 2)] as [AxisIndex] {
          let indices = [a, b, c]
          let places = Self.places(shape, indices)
          let target = x.indexed(indices).shape
          turn += 1
          let (operation, function) = operations[turn % operations.count]
          // None is 0, by which 0 divided is no number.
          let parts = [Self.numbers(Array(target.suffix(1)), from: 5), Self.numbers(target, from: 9)]
          for part in [Tensor(7)] + parts.map({ $0 + Tensor(1 / 64) }) {
            let values = part.broadcast(to: target).values
            var expected = x.values
            for (k, place) in places.enumerated() { expected[place] = function(expected[place], values[k]) }
            var changed = x
            let isChanged = changed.updateInPlace(indices, operation, with: part)
            #expect(isChanged && changed.values == expected, "\(shape), \(indices), \(part.shape)")
          }
          var expected = [Float](repeating: 1, count: x.count)
          for place in places { expected[place] = x.values[place] }
          var copied = Tensor(repeating: 1, shape)
          let isCopied = copied.replaceInPlace(indices, with: x, indices)
          #expect(isCopied && copied.values == expected, "\(shape), \(indices)")
        }
      }
    }
    #expect(x.values == Self.numbers(shape).values, "the tensor itself was changed")
    var (row, table) = (Self.numbers([3]), Self.numbers([2, 3]))
    let isWider = row.updateInPlace([.all], .add, with: table)
    let isStretched = table.replaceInPlace([.all], with: row, [.all])
    #expect(!isWider && isStretched && table.values == row.values + row.values)
  }

  @Test func whatIsRecordedOrOfAnotherTypeIsNotChangedInPlace() {
    var x = Self.numbers([3])
    let whole = Tensor([1], [1], elementType: .int32)
    var recorded = Tape().variable(Parameter("p", x))
    let others = [
      x.replaceInPlace([.all], with: whole), x.replaceInPlace(at: [0], [1], with: whole),
      x.replaceInPlace([.all], with: Tape().variable(Parameter("p", Tensor(1)))),
      recorded.replaceInPlace([.all], with: Tensor(1)),
    ]
    #expect(others == [false, false, false, false])
    #expect(x.values == Self.numbers([3]).values)
  }

  /// Of elements that go to one place the last stays there, and gets the gradient.
  @Test(arguments: 1...3) func listedEntriesChangeOnSeveralThreads(_ threads: Int) {
    let (whole, part) = (Self.numbers([600, 300]), Self.numbers([900, 300], from: 7))
    let places = (0..<900).map { $0 * 7 % 500 }
    var (replaced, filled) = (whole, whole)
    let done = Parallel.$threads.withValue(threads) {
      (replaced.replaceInPlace([.positions(places)], with: part), filled.fillInPlace(entries: places, with: 2.5))
    }
    #expect(done == (true, true))
    for entry in 0..<600 {
      let last = places.lastIndex(of: entry)
      for column in [0, 1, 299] {
        let found = (replaced.values[entry * 300 + column], filled.values[entry * 300 + column])
        let kept = whole.values[entry * 300 + column]
        #expect(found.0 == last.map { part.values[$0 * 300 + column] } ?? kept && found.1 == (last == nil ? kept : 2.5))
      }
    }
  }

  @Test func placesNamedTwice() throws {
    let cases: [[AxisIndex]] = [
      [.positions([0, 0, 2, 0])], [.positions([1, 1]), .positions([2, 0])], [.all, .positions([1, 1])],
    ]
    for indices in cases {
      let x = Parameter("x", Self.numbers([3, 3]))
      let taken = x.value.indexed(indices)
      let part = Parameter("part", Self.numbers(taken.shape, from: 4))
      let weights = Self.numbers([3, 3], from: 8)
      let tape = Tape()
      let y = tape.variable(x).replacing(indices, with: tape.variable(part))
      let gradients = tape.gradients(of: (y * weights).sum())
      let (dx, dPart) = (try #require(gradients[x]).values, try #require(gradients[part]).values)
      let places = Self.places([3, 3], indices + [AxisIndex](repeating: .all, count: 2 - indices.count))
      for (k, place) in places.enumerated() {
        let isLast = places.lastIndex(of: place) == k
        #expect(dPart[k] == (isLast ? weights.values[place] : 0), "\(indices), \(k)")
        #expect(y.values[place] == part.value.values[places.lastIndex(of: place) ?? 0])
      }
      for place in 0..<9 { #expect(dx[place] == (places.contains(place) ? 0 : weights.values[place]), "\(place)") }
    }
  }

  @Test func masksSpreadAndName() {
    for count in [0, 1, 5, 255, 256, 257, 70_000] {
      let x = Self.numbers([count])
      let mask = x.compared(.greater, Tensor(0.5))
      let places = x.values.indices.filter { x.values[$0] > 0.5 }
      #expect(mask.setPlaces == places)
      let row = Self.numbers([places.count], from: 3)
      var expected = [Float](repeating: 0, count: count)
      for (k, place) in places.enumerated() { expected[place] = row.values[k] }
      #expect(row.spread(where: mask).values == expected, "\(count)")
    }
  }

  /// Along each axis, with fewer and with more places than there are entries, as floats and as whole numbers.
  @Test func gatheredElementsAndTheirGradients() throws {
    for shape in [[4, 3, 5], [2, 70, 130], [7, 2, 1]] as [Shape] {
      for axis in 0..<3 {
        for taken in [1, 2, shape[axis], 3 * shape[axis]] {
          var target = shape
          target[axis] = taken
          let places = (0..<target.elementCount).map { $0 * 7 % 13 % shape[axis] }
          let (_, size, inner) = shape.around(axis)
          let flat = places.indices.map { k in (k / (taken * inner) * size + places[k]) * inner + k % inner }
          let parameter = Parameter("p", Self.numbers(shape))
          let tape = Tape()
          let found = tape.variable(parameter).gathered(
            axis: axis, indices: Tensor(places.map { Float($0) }, target, elementType: .int32))
          #expect(found.values == flat.map { parameter.value.values[$0] }, "\(shape), \(axis), \(taken)")
          let weights = Self.numbers(target, from: 11)
          let gradient = try #require(tape.gradients(of: (found * weights).sum())[parameter])
          var expected = [Double](repeating: 0, count: shape.elementCount)
          for (k, place) in flat.enumerated() { expected[place] += Double(weights.values[k]) }
          #expect(
            zip(gradient.values, expected).allSatisfy { abs(Double($0) - $1) <= 1e-4 }, "\(shape), \(axis), \(taken)")
        }
      }
    }
  }

  @Test(arguments: [
    [0], [1], [2], [3], [0, 1], [1, 2], [0, 2], [2, 3], [0, 3], [0, 2, 3], [0, 1, 3], [1, 3], [0, 1, 2, 3],
  ])
  func sumsOverSeveralAxes(axes: [Int]) throws {
    for shape in [[2, 3, 4, 5], [1, 7, 1, 130], [3, 0, 2, 2]] as [Shape] {
      let parameter = Parameter("p", Self.numbers(shape))
      let tape = Tape()
      let x = tape.variable(parameter)
      let kept = shape.indices.filter { !axes.contains($0) }
      let target = kept.map { shape[$0] }
      var expected = [Double](repeating: 0, count: target.elementCount)
      for k in 0..<shape.elementCount {
        let place = zip(kept, target.strides).reduce(0) { $0 + k / shape.strides[$1.0] % shape[$1.0] * $1.1 }
        expected[place] += Double(parameter.value.values[k])
      }
      let sums = x.sum(axes: axes)
      #expect(sums.shape == target && sums.values == expected.map { Float($0) }, "\(shape)")
      let size = axes.map { shape[$0] }.elementCount
      if size > 0 {
        let means = x.mean(axes: axes).values
        #expect(zip(means, expected).allSatisfy { abs(Double($0) - $1 / Double(size)) <= 1e-5 }, "\(shape)")
      }
      let weights = Self.numbers(target, from: 3)
      let gradient = try #require(tape.gradients(of: (sums * weights).sum())[parameter])
      #expect(gradient.shape == shape)
      for k in 0..<shape.elementCount {
        let place = zip(kept, target.strides).reduce(0) { $0 + k / shape.strides[$1.0] % shape[$1.0] * $1.1 }
        #expect(gradient.values[k] == weights.values[place], "\(shape), \(k)")
      }
    }
  }

  @Test func countsOfPlaces() {
    for (count, size) in [(0, 3), (5, 1), (1000, 7), (200_000, 7), (200_001, 512), (200_003, 513), (150_000, 5000)] {
      let places = Tensor((0..<count).map { Float($0 * 7919 % 100_003 % size) }, [count])
      let weights = Self.numbers([count])
      var (counts, sums) = ([Double](repeating: 0, count: size + 2), [Double](repeating: 0, count: size + 2))
      for k in 0..<count {
        counts[Int(places.values[k])] += 1
        sums[Int(places.values[k])] += Double(weights.values[k])
      }
      #expect(places.placeCounts(size + 2).numbers == counts, "\(count) of \(size)")
      // Numbers of so few digits are added up exactly in any order.
      #expect(places.placeCounts(size + 2, weights: weights).values == sums.map { Float($0) }, "\(count) of \(size)")
    }
    let large = Tensor(exactly: [16_777_217, 3], [2], elementType: .int32)
    #expect(large.placeCounts(16_777_218).number(at: 16_777_217) == 1)
  }

  @Test func histogramsOfManyElements() {
    for count in [10, 70_000, 300_007] {
      let x = Self.numbers([count])
      for bins in [1, 7, 5000] {
        let (counts, edges) = x.histogram(bins: bins, from: -10, to: 12.5)
        var expected = [Float](repeating: 0, count: bins)
        let bounds = (0...bins).map { -10 + Double($0) * 22.5 / Double(bins) }
        for value in x.values where value >= -10 && value <= 12.5 {
          let bin = bounds.lastIndex { $0 <= Double(value) } ?? 0
          expected[min(bin, bins - 1)] += 1
          if bins == 5000 { break }
        }
        if bins == 5000 {
          #expect(counts.values.reduce(0, +) == Float(x.values.count { $0 >= -10 && $0 <= 12.5 }))
        } else {
          #expect(counts.values == expected, "\(count), \(bins)")
        }
        #expect(edges.values.first == -10 && edges.values.last == 12.5)
      }
    }
  }

  /// Products and sums of whole numbers that floats round on the way.
  @Test func dotsOfWholeNumbers() throws {
    let plan = { (count: Int) in try Einsum("i,i->", shapes: [[count], [count]]) }
    for (count, size) in [(0, 1), (3, 16_000_000), (1000, 40_000), (70_000, 170), (2, 1 << 14)] {
      let x = Tensor((0..<count).map { Float($0 % 2 == 0 ? size - $0 : $0 - size) }, [count], elementType: .int32)
      let y = Tensor((0..<count).map { Float($0 % 4 < 2 ? size - $0 : $0 - size) }, [count], elementType: .int32)
      let exact = (0..<count).reduce(0) { $0 + Int(x.values[$1]) * Int(y.values[$1]) }
      let found = try? plan(count).wholeNumbers([x, y]).numbers
      #expect(found == (abs(exact) < 1 << 31 ? [Double(exact)] : nil), "\(count) of \(size)")
    }
  }

  /// Equal elements share the gradient of the largest, and NaN takes it, along each axis and at every length of rows.
  @Test func theLargestShareTheirGradient() throws {
    for shape in [[3, 1, 2], [2, 4, 1], [3, 9, 1], [5, 40, 1], [2, 6, 3], [9, 5, 70], [1, 3, 200]] as [Shape] {
      for axis in 0..<3 {
        var values = (0..<shape.elementCount).map { Float($0 * 7 % 11 % 4) }
        values[shape.elementCount / 2] = .nan
        let parameter = Parameter("p", Tensor(values, shape))
        let tape = Tape()
        let largest = tape.variable(parameter).max(axis: axis)
        let weights = Self.numbers(largest.shape, from: 3)
        let gradient = try #require(tape.gradients(of: (largest * weights).sum())[parameter]).values
        let (outer, size, inner) = shape.around(axis)
        for row in 0..<outer * inner {
          let places = (0..<size).map { (row / inner * size + $0) * inner + row % inner }
          let hasNaN = places.contains { values[$0].isNaN }
          let most = places.map { values[$0] }.filter { !$0.isNaN }.max() ?? 0
          let chosen = places.filter { hasNaN ? values[$0].isNaN : values[$0] == most }
          for place in places {
            let expected = chosen.contains(place) ? weights.values[row] / Float(chosen.count) : 0
            #expect(gradient[place] == expected, "\(shape), \(axis), \(place)")
          }
        }
      }
    }
  }
}
