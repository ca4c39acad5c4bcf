/// Elements that a list names along one axis.
extension Tensor {
  /// Single elements, those of a list along an axis and of positions along the others, with their gradient.
  func recorded(_ taken: Tensor, of list: [Int], along axis: Int, _ indices: [AxisIndex]) -> Tensor {
    let (from, strides) = (shape, shape.strides)
    let start = zip(indices, strides).reduce(0) { if case .position(let k) = $1.0 { $0 + k * $1.1 } else { $0 } }
    let places = list.map { start + $0 * strides[axis] }
    return .recorded(taken, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(Kernel.spreadRows(gradient.values, width: 1, places, rows: from.elementCount), from)]
    }
  }

  /// The entries of the last axis at checked places, no more than there are.
  func columns(_ places: [Int]) -> Tensor {
    let (from, width) = (shape, shape[shape.count - 1])
    let (target, places) = (Shape(from.dropLast()) + [places.count], places.map { Int32($0) })
    let taken = Kernel.takeColumns(values, width: width, places)
    guard isRecorded else { return Tensor(taken, target) }
    return .recorded(taken, target, from: [self], keeping: .only(places.count)) { gradient in
      [Tensor(Kernel.putColumns(gradient.values, width: width, places), from)]
    }
  }
}
