import Safepoint

extension Tensor {
  /// This tensor with `values`, of the shape of `places` or one for all, put to places of an axis; along the others there may be fewer
  /// places than elements (PyTorch's `scatter`). Of several for one place the last stays.
  public func scattered(_ values: Tensor, axis: Int, at places: Tensor) -> Tensor {
    if let part = reached(by: places, along: axis) {
      return replacing(part, with: indexed(part).scattered(values, axis: axis, at: places))
    }
    let isOne = values.count == 1 && !values.isRecorded
    let part = isOne ? values : values.broadcast(to: places.shape)
    guard !places.isRounded else {
      let flat = Self.flatPlaces(places, axis, in: shape)
      // They may be any then.
      if Safepoint.mustStop { return self }
      let row = part.broadcast(to: places.shape).reshaped([places.count])
      return reshaped([count]).replacing([.positions(flat)], with: row).reshaped(shape)
    }
    let (around, at, from) = (shape.around(axis), places.constant, shape)
    let result = Kernel.put(part.values, in: self, around, at: at.values)
    guard isRecorded || part.isRecorded else { return Tensor(result, shape) }
    let needs = (isRecorded, part.isRecorded)
    return .recorded(result, shape, from: [self, part], keeping: .only(places.count)) { gradient in
      [
        needs.0 ? Tensor(Kernel.put([0], in: gradient, around, at: at.values), from) : nil,
        needs.1 ? Tensor(Kernel.left(of: gradient.values, around, at: at.values), at.shape) : nil,
      ]
    }
  }

  /// The entries of this tensor in whose reach places of an axis are, where they are fewer than its elements along other axes; nil where all are.
  private func reached(by places: Tensor, along axis: Int) -> [AxisIndex]? {
    places.shape.removing(axis) == shape.removing(axis) ? nil : ShapeRule.firstEntries(places.shape, besides: axis)
  }

  /// This tensor with `values` added at `places` of an axis, of sizes as for `scattered` (PyTorch's `scatter_add`).
  public func scatterAdded(_ values: Tensor, axis: Int, at places: Tensor) -> Tensor {
    if let part = reached(by: places, along: axis) {
      return replacing(part, with: indexed(part).scatterAdded(values, axis: axis, at: places))
    }
    let around = shape.around(axis)
    guard around.inner == 1, count > 0, values.count > 0, !isRecorded, !values.isRecorded, !places.isRounded else {
      return self + values.scattered(over: shape, axis: axis, at: places)
    }
    let sums = Kernel.scatterRows(
      values.values, rows: around.outer, width: around.size, places.values, onto: self.values)
    return Tensor(sums, shape)
  }

  /// Zeros of a shape to which these are added at places of an axis.
  private func scattered(over target: Shape, axis: Int, at places: Tensor) -> Tensor {
    let (around, taken) = (target.around(axis), shape[axis])
    let sums: [Float]
    if count == 0 || target.elementCount == 0 {
      sums = Kernel.zeros(target.elementCount)
    } else if !places.isRounded, around.inner == 1 {
      sums = Kernel.scatterRows(values, rows: around.outer, width: around.size, places.values)
    } else if !places.isRounded {
      sums = Kernel.scatterColumns(values, around, taken: taken, places.values)
    } else {
      // Some places come several times, perhaps millions of times.
      sums = values.spread(over: Self.flatPlaces(places, axis, in: target), count: target.elementCount)
    }
    guard isRecorded else { return Tensor(sums, target) }
    return .recorded(sums, target, from: [self], keeping: .only(places.count)) { gradient in
      [gradient.gathered(axis: axis, indices: places)]
    }
  }

  /// The same of whole numbers, as int32; throws where a sum does not fit.
  public func wholesAdded(_ values: Tensor, axis: Int, at places: Tensor) throws(ElementError) -> Tensor {
    if let part = reached(by: places, along: axis) {
      let sums = try Tensor.moving([self], as: .int32) { $0[0].indexed(part) }.wholesAdded(
        values, axis: axis, at: places)
      return Tensor.moving([self, sums], as: .int32) { $0[0].replacing(part, with: $0[1]) }
    }
    let flat = Self.flatPlaces(places, axis, in: shape)
    var sums = numbers
    Pieces.walk(flat.count, cost: 8) { for k in $0 { sums[flat[k]] += values.number(at: k) } }
    return try Tensor(numbers: sums, shape, elementType: .int32)
  }

  /// The row-major places of a shape that places along an axis mean.
  private static func flatPlaces(_ places: Tensor, _ axis: Int, in shape: Shape) -> [Int] {
    let (_, size, inner) = shape.around(axis)
    let taken = places.shape[axis]
    var flat = Kernel.uninitializedPlaces(places.count)
    Pieces.walk(places.count, cost: 8) {
      for k in $0 { flat[k] = (k / (taken * inner) * size + Int(places.number(at: k))) * inner + k % inner }
    }
    return flat
  }
}
