import Foundation
import Safepoint

extension Tensor {
  /// The logarithm of the sum of e to the power of the elements along one axis, without overflow (PyTorch's `logsumexp`).
  public func logSumExp(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (outer, size, inner) = shape.around(axis)
    let (x, from) = (values, shape)
    var results = Kernel.uninitialized(outer * inner)
    for row in results.indices {
      if Safepoint.mustStop(after: 12 * size) { break }
      let start = row / inner * size * inner + row % inner
      let largest = (0..<size).reduce(-Float.infinity) { most, k in
        let value = x[start + k * inner]
        return value > most || value.isNaN ? value : most
      }
      guard largest.isFinite else {
        results[row] = largest
        continue
      }
      var sum = 0.0
      for k in 0..<size { sum += Foundation.exp(Double(x[start + k * inner]) - Double(largest)) }
      results[row] = Float(Double(largest) + Foundation.log(sum))
    }
    let y = results
    return .recorded(y, shape.removing(axis), from: [self]) { gradient in
      var parts = Kernel.uninitialized(x.count)
      for row in y.indices {
        if Safepoint.mustStop(after: 12 * size) { break }
        let start = row / inner * size * inner + row % inner
        for k in 0..<size {
          let place = start + k * inner
          parts[place] = y[row] == -.infinity ? 0 : gradient.values[row] * expf(x[place] - y[row])
        }
      }
      return [Tensor(parts, from)]
    }
  }

  /// The logarithm to the base 2 of every element.
  public func log2() -> Tensor {
    let x = constant
    return .recorded(values.mapped(cost: 8, log2f), shape, from: [self]) { gradient in
      [gradient / (x * Tensor(0.693_147_2))]
    }
  }
}
