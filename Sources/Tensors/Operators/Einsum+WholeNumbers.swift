import Foundation
import Safepoint

/// Sums of products of whole numbers, exactly.
extension Einsum {
  /// The sum of products of whole numbers, as int32; throws where one does not fit.
  ///
  /// Floats are exact as long as all sums on the way stay below 2^24: larger numbers are cut into digits for which they do. Where that
  /// makes many products, the numbers are added up one by one.
  public func wholeNumbers(_ tensors: [Tensor]) throws(ElementError) -> Tensor {
    if inputs.count == 2, inputs[0].count == 1, inputs[0] == inputs[1], output.isEmpty {
      // So small that no sum of so many products is rounded in double precision.
      let bound = Float((0x1p53 / Double(termCount + 1)).squareRoot().rounded(.down)).nextDown
      if tensors.allSatisfy({ $0.shape == tensors[0].shape && $0.areWholes(within: bound) }) {
        let sum = Kernel.dot(tensors[0].values, tensors[1].values)
        return try Tensor(numbers: [sum], shape, elementType: .int32)
      }
    }
    let largest = tensors.map { tensor in
      max(1, tensor.rest == nil ? Self.largest(tensor.values) : 2_147_483_648)
    }
    let most = largest.reduce(Double(termCount), *)
    if most < Self.exact {
      let floats = tensors.map { Tensor($0.values, $0.shape) }
      return try Tensor(self(floats).values, shape).converted(to: .int32)
    }
    let digits = most < 0x1p120 ? self.digits(of: tensors, largest) : nil
    // Sums below 2^53 are exact in double precision.
    if let digits, most < 0x1p53 {
      let sums = summed(digits) { scale in
        let scale = Double(scale)
        return { Double($0) * scale }
      }
      return try Tensor(numbers: sums, shape, elementType: .int32)
    }
    let totals = digits.map { summed($0) { scale in { scale * Int128(Int64($0)) } } } ?? sums(tensors)
    return try Tensor(numbers: Self.nearest(totals), shape, elementType: .int32)
  }

  /// The nearest numbers of double precision; most sums are no longer than 64 bits, which are quicker.
  private static func nearest(_ sums: [Int128]) -> [Double] {
    Tensor.numbers(sums.count) { k in
      let short = Int64(truncatingIfNeeded: sums[k])
      return Int128(short) == sums[k] ? Double(short) : Double(sums[k])
    }
  }

  /// The digits of tensors with the base of each; nil where these are many, or where the work was stopped.
  private func digits(of tensors: [Tensor], _ largest: [Double]) -> [(base: Double, digits: [Tensor])]? {
    guard let bases = Self.bases(largest, terms: Double(max(termCount, 1))) else { return nil }
    let digits = tensors.indices.map { (base: bases[$0], digits: Self.digits(of: tensors[$0], base: bases[$0])) }
    return digits.reduce(1, { $0 * $1.digits.count }) <= 64 && !Safepoint.mustStop ? digits : nil
  }

  /// The sums of the products of all digits, each `scaled` by what it stands for; what was stopped holds anything.
  private func summed<Number: AdditiveArithmetic>(
    _ tensors: [(base: Double, digits: [Tensor])], _ scaled: (Int128) -> (Float) -> Number
  ) -> [Number] {
    var totals = [Number](repeating: .zero, count: shape.elementCount)
    var places = [Int](repeating: 0, count: tensors.count)
    repeat {
      let part = self(places.indices.map { tensors[$0].digits[places[$0]] }).values
      if Safepoint.mustStop { break }
      let term = scaled(
        places.indices.reduce(into: Int128(1)) { scale, k in
          for _ in 0..<places[k] { scale *= Int128(tensors[k].base) }
        })
      Pieces.walk(part.count, cost: 4) { for k in $0 { totals[k] += term(part[k]) } }
    } while Self.advance(&places, tensors.map(\.digits.count))
    return totals
  }

  /// A base for each tensor, so that a sum of products of digits is below 2^24; nil where they would be small.
  private static func bases(_ largest: [Double], terms: Double) -> [Double]? {
    var (left, bases) = (exact / terms, largest)
    for (rank, k) in largest.indices.sorted(by: { largest[$0] < largest[$1] }).enumerated() {
      let share = pow(left, 1 / Double(largest.count - rank)).rounded(.down)
      bases[k] = min(largest[k] + 1, share)
      guard bases[k] >= min(8, largest[k] + 1) else { return nil }
      left /= bases[k]
    }
    return bases
  }

  /// The digits of whole numbers, the lowest first, each with the sign of its number.
  private static func digits(of tensor: Tensor, base: Double) -> [Tensor] {
    var left = tensor.numbers
    var digits: [Tensor] = []
    repeat {
      let numbers = left
      let quotients = Tensor.numbers(left.count) { (numbers[$0] / base).rounded(.towardZero) }
      digits.append(
        Tensor(Tensor.counted(left.count) { Float(numbers[$0] - quotients[$0] * base) }, tensor.shape))
      left = quotients
    } while left.contains { $0 != 0 } && !Safepoint.mustStop
    return digits
  }

  /// The next places, of which each is below its bound; false behind the last.
  private static func advance(_ places: inout [Int], _ bounds: [Int]) -> Bool {
    for k in places.indices {
      places[k] += 1
      if places[k] < bounds[k] { return true }
      places[k] = 0
    }
    return false
  }

  private static let exact = 16_777_216.0

  private static func largest(_ values: [Float]) -> Double {
    guard !values.isEmpty else { return 0 }
    let around = (outer: 1, size: values.count, inner: 1)
    return Double(max(Kernel.largest(values, around, sign: 1)[0], -Kernel.largest(values, around, sign: -1)[0]))
  }

  /// Each sum, number by number; what no `Int128` holds is the largest.
  private func sums(_ tensors: [Tensor]) -> [Int128] {
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
    var totals = [Int128](repeating: 0, count: shape.elementCount)
    var index = [Int](repeating: 0, count: labels.count)
    var places = [Int](repeating: 0, count: tensors.count)
    Pieces.walk(rows: totals.count, width: termCount, cost: 8 * (labels.count + tensors.count)) { row, part in
      for _ in part {
        var (product, isLarge) = (Int128(1), totals[row] == .max)
        for k in numbers.indices {
          let (next, overflow) = product.multipliedReportingOverflow(by: Int128(numbers[k][places[k]]))
          (product, isLarge) = (next, isLarge || overflow)
        }
        let (sum, overflow) = totals[row].addingReportingOverflow(product)
        totals[row] = isLarge || overflow ? .max : sum
        Self.advance(&index, &places, extents, steps)
      }
    }
    return totals
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
