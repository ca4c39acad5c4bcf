import Safepoint

extension Tensor {
  /// The elements on and above (or below) a diagonal of the last two axes, 0 elsewhere (PyTorch's `triu` and `tril`).
  public func triangle(diagonal: Int, isUpper: Bool) -> Tensor {
    precondition(shape.count >= 2, "a triangle needs two axes, found \(shape)")
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let triangle = Kernel.triangle(values, rows: rows, columns: columns, diagonal: diagonal, isUpper: isUpper)
    guard isRecorded else { return Tensor(triangle, shape) }
    return .recorded(triangle, shape, from: [self], keeping: .only()) { gradient in
      [gradient.triangle(diagonal: diagonal, isUpper: isUpper)]
    }
  }

  /// The elements moved on along an axis; those that leave it come in at the other end (PyTorch's `roll`).
  public func rolled(_ distance: Int, axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let size = shape[axis]
    guard count > 0, distance % size != 0 else { return self }
    let shift = ((distance % size) + size) % size
    let (layout, strides) = (layout, shape.strides)
    var (moved, back) = (shape, shape)
    (moved[axis], back[axis]) = (size - shift, shift)
    var rolled = Kernel.uninitialized(count)
    LayoutCopy(moved, from: layout.steps, start: layout.start, to: strides, target: shift * strides[axis])
      .run(layout.base, into: &rolled)
    LayoutCopy(back, from: layout.steps, start: layout.start + (size - shift) * layout.steps[axis], to: strides)
      .run(layout.base, into: &rolled)
    guard isRecorded else { return Tensor(rolled, shape) }
    return .recorded(rolled, shape, from: [self], keeping: .only()) { gradient in
      [gradient.rolled(-shift, axis: axis)]
    }
  }

  /// The elements at places of row-major order, as a tensor of another shape.
  public func taken(_ places: [Int], _ shape: Shape) -> Tensor { gathered(places, shape) }

  /// Row-major places that the sums of one distance of each list lead to, the last list running fastest.
  public static func places(summing distances: [[Int]]) -> [Int] {
    distances.reduce([0]) { places, list in
      var result = Kernel.uninitializedPlaces(places.count * list.count)
      Pieces.walk(rows: places.count, width: list.count, cost: 2) { row, part in
        let start = places[row]
        for k in part { result[row * list.count + k] = start + list[k] }
      }
      return result
    }
  }

  /// Some axes moved behind the others and made one, so that an operator along the last axis works on all of them.
  public func collapsed(_ axes: [Int]) -> Tensor {
    let others = shape.indices.filter { !axes.contains($0) }
    let target = others.map { shape[$0] } + [Array(axes.map { shape[$0] }).elementCount]
    return permuted(others + axes).reshaped(target)
  }
}
