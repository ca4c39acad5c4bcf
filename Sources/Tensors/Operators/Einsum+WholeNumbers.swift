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
    let totals = most < 0x1p120 ? sumsByDigits(tensors, largest) ?? sums(tensors) : sums(tensors)
    return try Tensor(numbers: totals.map { Double($0) }, shape, elementType: .int32)
  }

  /// The sums of the products of all digits; nil where these are many.
  private func sumsByDigits(_ tensors: [Tensor], _ largest: [Double]) -> [Int128]? {
    guard let bases = Self.bases(largest, terms: Double(max(termCount, 1))) else { return nil }
    let digits = tensors.indices.map { Self.digits(of: tensors[$0], base: bases[$0]) }
    guard digits.reduce(1, { $0 * $1.count }) <= 64 else { return nil }
    var totals = [Int128](repeating: 0, count: shape.elementCount)
    var places = [Int](repeating: 0, count: digits.count)
    repeat {
      let part = self(places.indices.map { digits[$0][places[$0]] }).values
      // What was stopped holds anything.
      if Safepoint.mustStop { break }
      let scale = places.indices.reduce(into: Int128(1)) { scale, k in
        for _ in 0..<places[k] { scale *= Int128(bases[k]) }
      }
      Pieces.walk(part.count, cost: 4) { for k in $0 { totals[k] += scale * Int128(part[k]) } }
    } while Self.advance(&places, digits.map(\.count))
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
