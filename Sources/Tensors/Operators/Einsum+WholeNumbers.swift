import Safepoint

/// Sums of products of whole numbers, exactly.
extension Einsum {
  /// The sum of products of whole numbers, as int32; throws where one does not fit.
  ///
  /// Floats are exact as long as all sums on the way stay below 2^24: larger numbers are cut into digits for which they do, and what
  /// then is too large still is added up number by number.
  public func wholeNumbers(_ tensors: [Tensor]) throws(ElementError) -> Tensor {
    let largest = tensors.map { tensor in
      max(1, tensor.rest == nil ? Self.largest(tensor.values) : 2_147_483_648)
    }
    let place = largest.indices.max { largest[$0] < largest[$1] } ?? 0
    let others = largest.indices.reduce(Double(termCount)) { $1 == place ? $0 : $0 * largest[$1] }
    let floats = tensors.map { Tensor($0.values, $0.shape) }
    if others * largest[place] < Self.exact {
      return try Tensor(self(floats).values, shape).converted(to: .int32)
    }
    let base = (Self.exact / max(others, 1)).rounded(.down)
    guard base >= 16 else { return try Tensor(numbers: sums(tensors), shape, elementType: .int32) }
    var left = tensors[place].numbers
    var totals = Kernel.totals(shape.elementCount)
    var scale = 1.0
    while left.contains(where: { $0 != 0 }), !Safepoint.mustStop {
      let quotients = Tensor.numbers(left.count) { (left[$0] / base).rounded(.towardZero) }
      var digits = floats
      digits[place] = Tensor(
        Tensor.counted(left.count) { Float(left[$0] - quotients[$0] * base) }, tensors[place].shape)
      let part = self(digits).values
      Pieces.walk(part.count) { for k in $0 { totals[k] += scale * Double(part[k]) } }
      (left, scale) = (quotients, scale * base)
    }
    return try Tensor(numbers: totals, shape, elementType: .int32)
  }

  private static let exact = 16_777_216.0

  private static func largest(_ values: [Float]) -> Double {
    var largest: Float = 0
    Pieces.walk(values.count) { for k in $0 { largest = max(largest, abs(values[k])) } }
    return Double(largest)
  }

  /// Each sum, number by number; what no `Int` holds is the largest.
  private func sums(_ tensors: [Tensor]) -> [Double] {
    let labels = output + summedLabels
    let extents = labels.map { sizes[$0] ?? 1 }
    // How far a step along each label leads in each tensor.
    let steps = zip(tensors, inputs).map { tensor, own in
      let strides = tensor.shape.strides
      return labels.map { label in
        own.indices.reduce(0) { own[$1] == label && tensor.shape[$1] > 1 ? $0 + strides[$1] : $0 }
      }
    }
    let numbers = tensors.map { tensor in tensor.numbers.map { Int($0) } }
    var totals = [Int](repeating: 0, count: shape.elementCount)
    var index = [Int](repeating: 0, count: labels.count)
    var places = [Int](repeating: 0, count: tensors.count)
    Pieces.walk(rows: totals.count, width: termCount, cost: 8 * (labels.count + tensors.count)) { row, part in
      for _ in part {
        var (product, isLarge) = (1, totals[row] == .max)
        for k in numbers.indices {
          let (next, overflow) = product.multipliedReportingOverflow(by: numbers[k][places[k]])
          (product, isLarge) = (next, isLarge || overflow)
        }
        let (sum, overflow) = totals[row].addingReportingOverflow(product)
        totals[row] = isLarge || overflow ? .max : sum
        Self.advance(&index, &places, extents, steps)
      }
    }
    return totals.map { Double($0) }
  }

  private static func advance(_ index: inout [Int], _ places: inout [Int], _ extents: [Int], _ steps: [[Int]]) {
    for axis in extents.indices.reversed() {
      index[axis] += 1
      let isOver = index[axis] == extents[axis]
      for k in places.indices { places[k] += isOver ? -steps[k][axis] * (extents[axis] - 1) : steps[k][axis] }
      if !isOver { return }
      index[axis] = 0
    }
  }
}
