extension Tensor {
  /// The same as `gathered` along the last axis, where the indices are looked at on the way; nil along others, and where one is outside.
  public func gathered(axis: Int, inside indices: Tensor) -> Tensor? {
    let (outer, size, inner) = shape.around(axis)
    guard inner == 1, size > 0, indices.count > 0, indices.rest == nil,
      indices.shape.removing(axis) == shape.removing(axis),
      let rows = Kernel.gatherRows(values, rows: outer, indices.values)
    else { return nil }
    guard isRecorded else { return Tensor(rows, indices.shape) }
    let (places, from) = (indices.values, shape)
    return .recorded(rows, indices.shape, from: [self], keeping: .only(places.count)) { gradient in
      [Tensor(Kernel.scatterRows(gradient.values, rows: outer, width: size, places), from)]
    }
  }

  /// The first entries of each axis, as many as a shape has.
  package func firstEntries(_ sizes: Shape) -> Tensor { indexed(ShapeRule.firstEntries(sizes)) }

  /// result[..., k, ...] = self[..., indices[..., k, ...], ...] along one axis (PyTorch's `gather`); along the others there may be fewer indices
  /// than elements.
  public func gathered(axis: Int, indices: Tensor) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    precondition(
      ShapeRule.arePositions(indices.shape, along: axis, of: shape),
      "cannot gather from \(shape) by indices of \(indices.shape) along axis \(axis)")
    guard indices.shape.removing(axis) == shape.removing(axis) else {
      return indexed(ShapeRule.firstEntries(indices.shape, besides: axis)).gathered(axis: axis, indices: indices)
    }
    if let rows = gathered(axis: axis, inside: indices) { return rows }
    let (_, size, inner) = shape.around(axis)
    let taken = indices.shape[axis]
    if indices.count > 0, indices.arePlaces(below: size) {
      let (places, around, from) = (indices.values, shape.around(axis), shape)
      let columns = Kernel.gatherColumns(values, around, taken: taken, places)
      guard isRecorded else { return Tensor(columns, indices.shape) }
      return .recorded(columns, indices.shape, from: [self], keeping: .only(places.count)) { gradient in
        [Tensor(Kernel.scatterColumns(gradient.values, around, taken: taken, places), from)]
      }
    }
    var places = Kernel.uninitializedPlaces(indices.count)
    Pieces.walk(indices.count, cost: 16) {
      for flat in $0 {
        let value = Int(indices.number(at: flat))
        let k = fitting { () throws(ShapeError) in try ShapeRule.position(value, size: size, axis: axis) }
        places[flat] = (flat / (taken * inner) * size + k) * inner + flat % inner
      }
    }
    return gathered(places, indices.shape)
  }
}
