import Safepoint

extension Tensor {
  /// The matrix product of `self` [..., m, k] and `other` [k, n] or [..., k, n]; a vector counts as a row on the left and
  /// as a column on the right, and loses that axis again (PyTorch's `matmul`).
  public func matrixProduct(_ other: Tensor) -> Tensor {
    let result = fitting { () throws(ShapeError) in try ShapeRule.product(shape, other.shape) }
    if shape.count == 1, other.shape.count == 1 { return dot(other) }
    if shape.count == 1 { return reshaped([1, shape[0]]).matrixProduct(other).reshaped(result) }
    if other.shape.count <= 2 { return rowsTimes(other, result) }
    let outer = Array(result.dropLast(2))
    let a = broadcast(to: outer + shape.suffix(2)), b = other.broadcast(to: outer + other.shape.suffix(2))
    return a.batched(b, result)
  }

  /// The sum of the products of the elements of two vectors of one size (PyTorch's `dot`).
  public func dot(_ other: Tensor) -> Tensor {
    precondition(shape.count == 1 && shape == other.shape, "cannot multiply \(shape) by \(other.shape)")
    let total = Float(Kernel.dot(values, other.values))
    guard isRecorded || other.isRecorded else { return Tensor(total) }
    let (x, y, needs) = (constant, other.constant, (isRecorded, other.isRecorded))
    return .recorded([total], [], from: [self, other]) { gradient in
      [needs.0 ? y.scaled(by: gradient.values[0]) : nil, needs.1 ? x.scaled(by: gradient.values[0]) : nil]
    }
  }

  /// x W^T + b over the last axis with `weight` [n, k] as PyTorch's `linear` stores it; one node.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let (depth, columns) = (weight.shape[1], weight.shape[0])
    precondition(shape.last == depth, "cannot multiply \(shape) by the transpose of \(weight.shape)")
    precondition(bias == nil || bias?.shape == [columns], "a bias for \(columns) columns")
    let rows = count / Swift.max(depth, 1)
    var y = bias.map { Kernel.rows(of: $0.values, rows: rows, stride: columns) } ?? Kernel.uninitialized(rows * columns)
    let (sizeX, sizeW, sizeY) = (BLAS.Matrix(rows, depth), BLAS.Matrix(columns, depth), BLAS.Matrix(rows, columns))
    let needs = (isRecorded, weight.isRecorded)
    BLAS.multiply(
      values, sizeX, weight.values, sizeW, transposeRight: true, into: &y, sizeY, accumulate: bias != nil,
      roundsAlike: needs.0 || needs.1)
    let (x, w) = (constant, weight.constant)
    let inputs = [self, weight] + (bias.map { [$0] } ?? [])
    let hasBias = bias != nil
    return .recorded(y, shape.dropLast() + [columns], from: inputs) { gradient in
      var (dx, dw): (Tensor?, Tensor?) = (nil, nil)
      if needs.0 {
        var values = Kernel.uninitialized(x.count)
        BLAS.multiply(gradient.values, sizeY, w.values, sizeW, into: &values, sizeX)
        dx = Tensor(values, x.shape)
      }
      if needs.1 {
        var values = Kernel.uninitialized(w.count)
        BLAS.multiply(gradient.values, sizeY, transposeLeft: true, x.values, sizeX, into: &values, sizeW)
        dw = Tensor(values, w.shape)
      }
      guard hasBias else { return [dx, dw] }
      let sums = Kernel.columnSums(gradient.values, rows: rows, columns: columns, stride: columns)
      return [dx, dw, Tensor(sums, [columns])]
    }
  }

  private func rowsTimes(_ other: Tensor, _ result: Shape) -> Tensor {
    // A vector is a column.
    let (depth, columns) = (other.shape[0], other.shape.count == 1 ? 1 : other.shape[1])
    let rows = shape.dropLast().reduce(1, *)
    let (sizeA, sizeB, sizeC) = (BLAS.Matrix(rows, depth), BLAS.Matrix(depth, columns), BLAS.Matrix(rows, columns))
    var product: [Float]
    if columns == 1, let standing = standingRows(depth) {
      product = Kernel.columnVector(standing, other.values, depth: depth, columns: rows)
    } else {
      product = Kernel.uninitialized(rows * columns)
      let (left, right) = (matrix(sizeA), other.matrix(sizeB))
      BLAS.multiply(left.values, left.size, right.values, right.size, into: &product, sizeC)
    }
    guard isRecorded || other.isRecorded else { return Tensor(product, result) }
    let (a, b, needs) = (constant, other.constant, (isRecorded, other.isRecorded))
    return .recorded(product, result, from: [self, other]) { gradient in
      var (da, db): (Tensor?, Tensor?) = (nil, nil)
      if needs.0 {
        var values = Kernel.uninitialized(a.count)
        let right = b.matrix(sizeB)
        BLAS.multiply(gradient.values, sizeC, right.values, right.size, transposeRight: true, into: &values, sizeA)
        da = Tensor(values, a.shape)
      }
      if needs.1 {
        var values = Kernel.uninitialized(b.count)
        let left = a.matrix(sizeA)
        BLAS.multiply(left.values, left.size, transposeLeft: true, gradient.values, sizeC, into: &values, sizeB)
        db = Tensor(values, b.shape)
      }
      return [da, db]
    }
  }

  /// These elements as a matrix of a size, read where they stand if its rows are evenly apart there. Columns that are would be added up in another
  /// order, and what a product is must not depend on who has read its operands before.
  private func matrix(_ size: BLAS.Matrix) -> (values: [Float], size: BLAS.Matrix) {
    guard view != nil, let rows = rows(around: shape.count - 1), rows.outer >= size.columns else {
      return (values, size)
    }
    return (rows.base, BLAS.Matrix(size.rows, size.columns, stride: rows.outer, offset: rows.start))
  }

  /// These elements, a view, read as the columns of a matrix where their rows stand so, as those of a transposed one: how far its rows are apart.
  private func standingRows(_ depth: Int) -> Rows? {
    guard let view, depth <= 1 << 15 else { return nil }
    let (layout, last) = (view.layout, shape.count - 1)
    guard layout.steps[last] > 0, Rows.step(shape[..<last], layout.steps[..<last]) == 1 else { return nil }
    return Rows(base: layout.base, start: layout.start, step: layout.steps[last])
  }

  /// One product for each outer index; both operands have the same outer axes.
  private func batched(_ other: Tensor, _ result: Shape) -> Tensor {
    let (m, k, n) = (shape[shape.count - 2], shape[shape.count - 1], result[result.count - 1])
    let (a, b, needs) = (constant, other.constant, (isRecorded, other.isRecorded))
    // Without elements nothing is multiplied, and the other axes may have any size.
    guard result.elementCount > 0, k > 0 else {
      return .recorded(Kernel.zeros(result.elementCount), result, from: [self, other]) { _ in
        [Tensor(Kernel.zeros(a.count), a.shape), Tensor(Kernel.zeros(b.count), b.shape)]
      }
    }
    let outer = result.dropLast(2).reduce(1, *)
    // A product larger than the library does at once is cut.
    guard Size.product([m, k, n]) <= 1 << 30, k <= 1 << 15 else { return oneByOne(other, result) }
    var product = Kernel.uninitialized(result.elementCount)
    BLAS.multiplyEach(outer, a.values, b.values, into: &product, (m, n, k))
    return .recorded(product, result, from: [self, other]) { gradient in
      var (da, db): (Tensor?, Tensor?) = (nil, nil)
      if needs.0 {
        var values = Kernel.uninitialized(a.count)
        BLAS.multiplyEach(outer, gradient.values, b.values, transposeRight: true, into: &values, (m, k, n))
        da = Tensor(values, a.shape)
      }
      if needs.1 {
        var values = Kernel.uninitialized(b.count)
        BLAS.multiplyEach(outer, a.values, transposeLeft: true, gradient.values, into: &values, (k, n, m))
        db = Tensor(values, b.shape)
      }
      return [da, db]
    }
  }

  /// The batched product of matrices too large to be done at once.
  private func oneByOne(_ other: Tensor, _ result: Shape) -> Tensor {
    let (m, k, n) = (shape[shape.count - 2], shape[shape.count - 1], result[result.count - 1])
    let outer = result.dropLast(2).reduce(1, *)
    func sizes(_ o: Int) -> (BLAS.Matrix, BLAS.Matrix, BLAS.Matrix) {
      (
        BLAS.Matrix(m, k, offset: o * m * k), BLAS.Matrix(k, n, offset: o * k * n), BLAS.Matrix(m, n, offset: o * m * n)
      )
    }
    var product = Kernel.uninitialized(result.elementCount)
    let cost = Size.product([m, k, n]) / 8 + 64
    Pieces.walk(outer, cost: cost) {
      for o in $0 {
        let (a, b, c) = sizes(o)
        BLAS.multiply(values, a, other.values, b, into: &product, c)
      }
    }
    let (a, b) = (constant, other.constant)
    return .recorded(product, result, from: [self, other]) { gradient in
      var (da, db) = (Kernel.uninitialized(a.count), Kernel.uninitialized(b.count))
      Pieces.walk(outer, cost: 2 * cost) {
        for o in $0 {
          let (sizeA, sizeB, sizeC) = sizes(o)
          BLAS.multiply(gradient.values, sizeC, b.values, sizeB, transposeRight: true, into: &da, sizeA)
          BLAS.multiply(a.values, sizeA, transposeLeft: true, gradient.values, sizeC, into: &db, sizeB)
        }
      }
      return [Tensor(da, a.shape), Tensor(db, b.shape)]
    }
  }
}
