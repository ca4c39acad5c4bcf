import Safepoint

extension Tensor {
  /// The same elements in another shape, one size of which may be -1 for "what is left".
  public func reshaped(_ shape: Shape) -> Tensor {
    let (from, shape) = (self.shape, fitting { () throws(ShapeError) in try ShapeRule.reshape(self.shape, to: shape) })
    return .recorded(values, shape, from: [self], keeping: .only()) { gradient in [Tensor(gradient.values, from)] }
  }

  /// The axes in another order: axis `order[k]` becomes axis k.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = fitting { () throws(ShapeError) in try ShapeRule.permutation(order, of: shape) }
    let strides = shape.strides
    let target = axes.map { shape[$0] }
    let sources = Self.places(target, axes.map { strides[$0] })
    return gathered(sources, target)
  }

  /// Two axes exchanged; by default the last two.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
    let (a, b) = fitting { () throws(ShapeError) in
      (try ShapeRule.axis(a, of: shape), try ShapeRule.axis(b, of: shape))
    }
    var order = Array(shape.indices)
    order.swapAt(a, b)
    return permuted(order)
  }

  /// Tensors joined along an axis.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let shape = fitting { () throws(ShapeError) in try ShapeRule.concatenation(tensors.map(\.shape), axis: axis) }
    let axis = axis < 0 ? axis + shape.count : axis
    let (outer, _, inner) = shape.around(axis)
    let shapes = tensors.map(\.shape)
    // A row of the result is made of one of each tensor, which begins at its place.
    let row = shape.elementCount == 0 ? 0 : shape[axis] * inner
    var parts: [(place: Int, width: Int)] = []
    for from in shapes { parts.append((parts.last.map { $0.place + $0.width } ?? 0, from[axis] * inner)) }
    var joined = Kernel.uninitialized(shape.elementCount)
    for (tensor, (place, width)) in zip(tensors, parts) where row > 0 {
      Pieces.walk(rows: outer, width: width) { joined.copy(from: tensor.values, $0 * width, to: $0 * row + place, $1) }
    }
    return .recorded(joined, shape, from: tensors, keeping: .only()) { gradient in
      zip(shapes, parts).map { shape, part in
        var values = Kernel.uninitialized(shape.elementCount)
        Pieces.walk(rows: row > 0 ? outer : 0, width: part.width) {
          values.copy(from: gradient.values, $0 * row + part.place, to: $0 * part.width, $1)
        }
        return Tensor(values, shape)
      }
    }
  }

  /// Tensors of one shape side by side along a new axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { preconditionFailure("there is nothing to stack") }
    let index = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: first.shape + [1]) }
    let parts = tensors.map { tensor in
      precondition(tensor.shape == first.shape, "cannot stack \(first.shape) and \(tensor.shape)")
      return tensor.reshaped(Array(tensor.shape[..<index] + [1] + tensor.shape[index...]))
    }
    return concatenated(parts, axis: index)
  }

  /// The order of the elements along an axis reversed.
  public func flipped(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let reversed = AxisIndex.strided(first: shape[axis] - 1, step: -1, count: shape[axis])
    return count == 0 ? self : indexed([AxisIndex](repeating: .all, count: axis) + [reversed])
  }

  /// The tensor laid end to end `times` along an axis.
  public func repeated(_ times: Int, axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (before, after) = (Array(shape[..<axis]), Array(shape[axis...]))
    let stretched = reshaped(before + [1] + after).broadcast(to: before + [times] + after)
    return stretched.reshaped(before + [times * shape[axis]] + after.dropFirst())
  }

  /// `value` put before and after the elements of each axis: a pair of counts for every axis.
  public func padded(_ counts: [(before: Int, after: Int)], value: Float = 0) -> Tensor {
    precondition(counts.count == shape.count, "padding needs a pair for each of the \(shape.count) axes of \(shape)")
    let target = zip(shape, counts).map { $0 + $1.before + $1.after }
    let strides = target.strides
    let start = zip(counts, strides).reduce(0) { $0 + $1.0.before * $1.1 }
    let places = Self.places(shape, strides, from: start)
    var padded = Kernel.repeating(value, target.elementCount)
    Pieces.walk(places.count, cost: 4) { for k in $0 { padded[places[k]] = values[k] } }
    let from = shape
    return .recorded(padded, target, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(gradient.values.picked(places), from)]
    }
  }

  /// The flat places that row-major order over `shape` visits when each axis moves by its own step.
  static func places(_ shape: Shape, _ steps: [Int], from start: Int = 0) -> [Int] {
    guard shape.elementCount > 0 else { return [] }
    return zip(shape, steps).reduce([start]) { places, axis in spread(places, size: axis.0) { $0 * axis.1 } }
  }

  /// Each of `places` moved by each of `size` distances, in order and in pieces.
  static func spread(_ places: [Int], size: Int, _ distance: (Int) -> Int) -> [Int] {
    var result = Kernel.uninitializedPlaces(places.count * size)
    Pieces.walk(rows: places.count, width: size, cost: 2) { row, part in
      let start = places[row]
      for k in part { result[row * size + k] = start + distance(k) }
    }
    return result
  }

  /// The elements at flat places of this tensor, as a tensor of another shape.
  func gathered(_ places: [Int], _ target: Shape) -> Tensor {
    let from = shape
    return .recorded(values.picked(places), target, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(gradient.values.spread(over: places, count: from.elementCount), from)]
    }
  }
}
