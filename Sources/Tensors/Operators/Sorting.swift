import Safepoint

extension Tensor {
  /// The positions of the elements along an axis in ascending or descending order, as int32; equal ones stay in theirs, NaN counts as
  /// the largest (PyTorch's stable `argsort`).
  public func sortedPositions(axis: Int, descending: Bool = false) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (outer, size, inner) = shape.around(axis)
    // The other axes may have any size then.
    guard count > 0 else { return Tensor(exactly: [], shape, elementType: .int32) }
    if rest == nil, size <= Kernel.shortRow {
      return shortOrder(size, axis, descending: descending)
    }
    let rows = outer * inner
    if rows == 1 {
      var keys = [UInt32](repeating: 0, count: size)
      writeKeys(0, (1, size, 1), descending: descending, into: &keys)
      return Tensor(positions: Self.order(of: keys), of: size, shape)
    }
    var positions = [Int32](repeating: 0, count: count)
    unsafe positions.withUnsafeMutableBufferPointer { positions in
      guard let positions = positions.baseAddress else { return }
      Parallel.pieces(rows, nanoseconds: 20 * count, unit: 1) { part in
        var keys = [UInt32](repeating: 0, count: size)
        for row in part {
          if Safepoint.mustStop(after: size) { return }
          writeKeys(row, (outer, size, inner), descending: descending, into: &keys)
          let order = Self.order(of: keys)
          let start = row / inner * size * inner + row % inner
          Pieces.walk(size, cost: 4) { for k in $0 { unsafe positions[start + k * inner] = order[k] } }
        }
      }
    }
    return Tensor(positions: positions, of: size, shape)
  }

  /// The positions of the `k` largest or smallest elements along an axis, the first of equal ones first (PyTorch's `topk`).
  public func extremePositions(_ k: Int, axis: Int, largest: Bool = true) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let (size, inner) = (around.size, around.inner)
    var target = shape
    target[axis] = k
    if rest == nil, count > 0, k > 0, size <= Kernel.shortRow { return shortOrder(k, axis, descending: largest) }
    if target.elementCount > 0, k <= Swift.max(size / 8, 16) {
      let places = Kernel.places(
        rows: around.outer * inner, size: size, count: k, cost: 4 * size + 64,
        keys: { writeKeys($0, around, descending: largest, into: &$1) }
      ) { keys, spare in
        let least = Kernel.leastPlaces(keys, k, spare: &spare)
        return Self.order(of: least.map { keys[Int($0)] }).map { least[Int($0)] }
      }
      let positions = Tensor.numbers(places.count) { place in
        Double(places[(place / (k * inner) * inner + place % inner) * k + place / inner % k])
      }
      return Tensor(exactly: positions, target, elementType: .int32)
    }
    let first = AxisIndex.strided(first: 0, step: 1, count: k)
    let order = sortedPositions(axis: axis, descending: largest)
    return Tensor.moving([order], as: .int32) {
      $0[0].indexed([AxisIndex](repeating: .all, count: axis) + [first])
    }
  }

  /// The positions of the first `taken` of short rows along an axis in order.
  private func shortOrder(_ taken: Int, _ axis: Int, descending: Bool) -> Tensor {
    let around = shape.around(axis)
    let (outer, inner) = (around.outer, around.inner)
    let places = Kernel.orderRows(values, around, descending: descending, taken: taken)
    var target = shape
    target[axis] = taken
    guard inner > 1 else { return Tensor(positions: places, of: around.size, target) }
    // [outer, inner, taken] becomes [outer, taken, inner].
    let rows = Tensor(positions: places, of: around.size, [outer, inner, taken])
    return Tensor(rows.permuted([0, 2, 1]).values, target, elementType: .int32)
  }

  /// The different elements in ascending order, where they are asked for the place of each element among them, of this shape, and how often each
  /// is there.
  public func distinct(withPlaces: Bool) -> (values: Tensor, places: Tensor?, counts: Tensor) {
    if let few = distinctOfRange(withPlaces) { return few }
    // Side by side also where they are a view.
    let row = Tensor(values, [count], elementType: elementType, rest: rest)
    let order = row.sortedPositions(axis: 0).numbers
    var (found, counts): ([Double], [Double]) = ([], [])
    var places = Kernel.totals(withPlaces ? count : 0)
    Pieces.walk(count, cost: 8) {
      for k in $0 {
        let number = row.number(at: Int(order[k]))
        if found.last != number {
          found.append(number)
          counts.append(0)
        }
        counts[counts.count - 1] += 1
        if withPlaces { places[Int(order[k])] = Double(found.count - 1) }
      }
    }
    return (
      Tensor(exactly: found, [found.count], elementType: elementType),
      withPlaces ? Tensor(exactly: places, shape, elementType: .int32) : nil,
      Tensor(exactly: counts, [counts.count], elementType: .int32)
    )
  }

  /// The same for small whole numbers between two that are not much further apart than there are elements; nil for others.
  private func distinctOfRange(_ withPlaces: Bool) -> (values: Tensor, places: Tensor?, counts: Tensor)? {
    guard rest == nil, count > 0 else { return nil }
    let low = Kernel.largest(values, (1, count, 1), sign: -1)[0]
    let high = Kernel.largest(values, (1, count, 1), sign: 1)[0]
    let limit = Float(1 << 24)
    guard low > -limit, high < limit, high - low <= Float(4 * Swift.min(count, 1 << 20) + 256),
      areWholes(from: low, below: high + 1)
    else { return nil }
    let bins = low == 0 ? values : (Tensor(values, [count]) - Tensor(low)).values
    let size = Int(high - low) + 1
    var sums: [Double]
    if size <= 2 {
      let set = Double(Kernel.setCount(bins))
      sums = size == 1 ? [Double(count)] : [Double(count) - set, set]
    } else {
      sums = Kernel.sums(size, of: bins, weights: nil)
    }
    var (found, counts): ([Double], [Double]) = ([], [])
    Pieces.walk(size) {
      for number in $0 where sums[number] > 0 {
        found.append(Double(low) + Double(number))
        counts.append(sums[number])
        sums[number] = Double(found.count - 1)
      }
    }
    var places: Tensor?
    if withPlaces {
      guard let taken = Kernel.gatherRows(sums.rounded, rows: 1, bins) else { return nil }
      places = Tensor(taken, shape, elementType: .int32)
    }
    return (
      Tensor(exactly: found, [found.count], elementType: elementType), places,
      Tensor(exactly: counts, [counts.count], elementType: .int32)
    )
  }

  /// Writes the keys of a row along the middle axis of [outer, size, inner], which order as its elements do; NaN counts as the largest.
  func writeKeys(_ row: Int, _ around: Kernel.Around, descending: Bool, into keys: inout [UInt32]) {
    let (_, size, inner) = around
    let start = row / inner * size * inner + row % inner
    guard rest != nil else {
      return Kernel.orderKeys(values, from: start, step: inner, descending: descending, into: &keys)
    }
    Pieces.walk(size, cost: 4) { for k in $0 { keys[k] = rank(at: start + k * inner, descending) } }
  }

  /// A number that orders as the whole number at a place does.
  private func rank(at place: Int, _ descending: Bool) -> UInt32 {
    let bits = Int32(number(at: place))
    let rank = UInt32(bitPattern: bits) ^ 0x8000_0000
    return descending ? ~rank : rank
  }

  /// The places of keys in ascending order, equal ones as they were: by their digits, from the last to the first.
  static func order(of keys: [UInt32]) -> [Int32] {
    let count = keys.count
    if count <= 64 {
      return (0..<Int32(count)).sorted { a, b in
        keys[Int(a)] == keys[Int(b)] ? a < b : keys[Int(a)] < keys[Int(b)]
      }
    }
    return Kernel.sortedPlaces(keys)
  }
}
