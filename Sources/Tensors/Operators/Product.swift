import Safepoint

extension Tensor {
  /// The products along one axis (PyTorch's `prod`); where elements are 0 the gradient is the product of the others.
  public func product(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let (x, from) = (values, shape)
    let products = Kernel.products(x, around)
    return .recorded(products.rounded, shape.removing(axis), from: [self]) { gradient in
      [Tensor(Self.productGradient(x, gradient.values, around), from)]
    }
  }

  private static func productGradient(
    _ x: [Float], _ gradient: [Float], _ around: (outer: Int, size: Int, inner: Int)
  ) -> [Float] {
    let (outer, size, inner) = around
    var result = Kernel.uninitialized(x.count)
    for row in 0..<outer * inner {
      if Safepoint.mustStop(after: 4 * size) { break }
      let start = row / inner * size * inner + row % inner
      // The product of those before a place, then times that of those behind it.
      var (before, behind) = (1.0, 1.0)
      for k in 0..<size {
        result[start + k * inner] = Float(before)
        before *= Double(x[start + k * inner])
      }
      for k in (0..<size).reversed() {
        result[start + k * inner] = Float(Double(result[start + k * inner]) * behind * Double(gradient[row]))
        behind *= Double(x[start + k * inner])
      }
    }
    return result
  }

  /// The running products along one axis (PyTorch's `cumprod`).
  public func cumulativeProduct(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    guard count > 0 else { return self }
    let around = shape.around(axis)
    let (x, from) = (values, shape)
    let y = Kernel.runningProducts(x, around)
    return .recorded(y, shape, from: [self]) { gradient in
      [Tensor(Self.cumulativeProductGradient(x, y, gradient.values, around), from)]
    }
  }

  /// Each product has all elements up to its place as factors: those behind a first 0 reach no product, and the first 0 itself is
  /// no divisor, so its part is summed without it.
  private static func cumulativeProductGradient(
    _ x: [Float], _ y: [Float], _ gradient: [Float], _ around: (outer: Int, size: Int, inner: Int)
  ) -> [Float] {
    let (outer, size, inner) = around
    var result = Kernel.zeros(x.count)
    for row in 0..<outer * inner {
      if Safepoint.mustStop(after: 8 * size) { break }
      let start = row / inner * size * inner + row % inner
      func place(_ k: Int) -> Int { start + k * inner }
      let zero = (0..<size).first { x[place($0)] == 0 } ?? size
      var sum = 0.0
      for k in (0..<zero).reversed() {
        sum += Double(gradient[place(k)]) * Double(y[place(k)])
        result[place(k)] = Float(sum / Double(x[place(k)]))
      }
      guard zero < size else { continue }
      var product = zero > 0 ? Double(y[place(zero - 1)]) : 1
      sum = Double(gradient[place(zero)]) * product
      for k in zero + 1..<size where product != 0 {
        product *= Double(x[place(k)])
        sum += Double(gradient[place(k)]) * product
      }
      result[place(zero)] = Float(sum)
    }
    return result
  }

  /// The products of whole numbers along an axis, as int32; throws where one does not fit.
  public func wholeProduct(axis: Int) throws(ElementError) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (outer, size, inner) = shape.around(axis)
    var products = Kernel.totals(outer * inner)
    for row in products.indices {
      if Safepoint.mustStop(after: 2 * size) { break }
      let start = row / inner * size * inner + row % inner
      products[row] = (0..<size).reduce(1.0) { product, k in
        // Beyond 2^53 the product fits into no type, unless a 0 follows, even upon an infinite one.
        let number = number(at: start + k * inner)
        return number == 0 ? 0 : product * number
      }
    }
    return try Tensor(numbers: products, shape.removing(axis), elementType: .int32)
  }

  /// The running products of whole numbers along an axis, as int32; throws where one does not fit.
  public func wholeCumulativeProduct(axis: Int) throws(ElementError) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    guard count > 0 else { return Tensor([], shape, elementType: .int32) }
    let (outer, size, inner) = shape.around(axis)
    var products = Kernel.totals(count)
    for row in 0..<outer * inner {
      if Safepoint.mustStop(after: 2 * size) { break }
      let start = row / inner * size * inner + row % inner
      var product = 1.0
      for k in 0..<size {
        let number = number(at: start + k * inner)
        product = number == 0 ? 0 : product * number
        products[start + k * inner] = product
      }
    }
    return try Tensor(numbers: products, shape, elementType: .int32)
  }
}
