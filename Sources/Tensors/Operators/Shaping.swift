import Safepoint

extension Tensor {
  /// The same elements in another shape, one size of which may be -1 for "what is left".
  public func reshaped(_ shape: Shape) -> Tensor {
    reshaped(checked: fitting { () throws(ShapeError) in try ShapeRule.reshape(self.shape, to: shape) })
  }

  /// The same in a shape that `ShapeRule` gave.
  package func reshaped(checked shape: Shape) -> Tensor {
    let from = self.shape
    let still = [Int](repeating: 0, count: shape.count)
    let moved = single.map { viewed(shape, in: [$0], start: 0, steps: still) } ?? Tensor(values, shape)
    guard isRecorded else { return moved }
    return .recorded(moved, from: [self], keeping: .only()) { gradient in [gradient.reshaped(checked: from)] }
  }

  /// The axes in another order: axis `order[k]` becomes axis k.
  public func permuted(_ order: [Int]) -> Tensor {
    permuted(checked: fitting { () throws(ShapeError) in try ShapeRule.permutation(order, of: shape) })
  }

  /// The same in an order that `ShapeRule` gave.
  package func permuted(checked axes: [Int]) -> Tensor {
    var target = axes
    // Where only axes of size 1 move the elements stay.
    var (last, stay) = (-1, view == nil)
    for (place, axis) in axes.enumerated() {
      let size = shape[axis]
      target[place] = size
      if size == 1 { continue }
      stay = stay && axis > last
      last = axis
    }
    if stay { return reshaped(checked: target) }
    if !isRecorded, count == 0 { return Tensor(values, target) }
    let layout = layout
    var steps = axes
    for (place, axis) in axes.enumerated() { steps[place] = layout.steps[axis] }
    let moved = viewed(target, in: layout.base, start: layout.start, steps: steps)
    guard isRecorded else { return moved }
    let back = axes.inverse
    return .recorded(moved, from: [self], keeping: .only()) { gradient in [gradient.permuted(back)] }
  }

  /// Two axes exchanged; by default the last two.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
    let (a, b) = fitting { () throws(ShapeError) in
      (try ShapeRule.axis(a, of: shape), try ShapeRule.axis(b, of: shape))
    }
    var order = Array(shape.indices)
    order.swapAt(a, b)
    return permuted(checked: order)
  }

  /// Tensors joined along an axis.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(
      tensors, axis: axis,
      checked: fitting { () throws(ShapeError) in try ShapeRule.concatenation(tensors.map(\.shape), axis: axis) })
  }

  /// The same of a shape that `ShapeRule` gave.
  package static func concatenated(_ tensors: [Tensor], axis: Int, checked shape: Shape) -> Tensor {
    joined(tensors, axis: axis < 0 ? axis + shape.count : axis, shape, keepsAxis: true)
  }

  /// Tensors of one shape side by side along a new axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { preconditionFailure("there is nothing to stack") }
    var shape = first.shape
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape + [1]) }
    shape.insert(tensors.count, at: axis)
    for tensor in tensors {
      precondition(tensor.shape == first.shape, "cannot stack \(first.shape) and \(tensor.shape)")
    }
    return joined(tensors, axis: axis, shape, keepsAxis: false)
  }

  /// The rows of each tensor before an axis, one behind the other, as rows of a tensor of a shape, which has the axis, as they have or not.
  private static func joined(_ tensors: [Tensor], axis: Int, _ shape: Shape, keepsAxis: Bool) -> Tensor {
    let rows = shape.around(axis).outer
    let widths = tensors.map { rows > 0 ? $0.count / rows : 0 }
    let width = Size.sum(widths)
    var joined = Kernel.uninitialized(shape.elementCount)
    var (place, start) = (0, 0)
    while place < tensors.count {
      let (tensor, own) = (tensors[place], widths[place])
      var next = place + 1
      if tensor.view != nil {
        let layout = tensor.layout
        let steps = keepsAxis ? shape.strides : shape.strides.removing(axis)
        LayoutCopy(tensor.shape, from: layout.steps, start: layout.start, to: steps, target: start)
          .run(layout.base, into: &joined)
      } else if own == 0 {
        // Rows without elements may be any number.
      } else if rows * own <= 1 << 10 {
        Kernel.copyRows(tensor.held, rows: rows, width: own, into: &joined, from: start, apart: width)
      } else if rows == 1 || own < 16 {
        LayoutCopy([rows, own], from: [own, 1], to: [width, 1], target: start).run(tensor.held, into: &joined)
      } else {
        while next < Swift.min(place + 4, tensors.count), tensors[next].view == nil, widths[next] >= 16 { next += 1 }
        Kernel.joinRows(tensors[place..<next].map(\.held), rows: rows, into: &joined, from: start, apart: width)
      }
      start += Size.sum(Array(widths[place..<next]))
      place = next
    }
    guard tensors.contains(where: \.isRecorded) else { return Tensor(joined, shape) }
    let (shapes, needs) = (tensors.map(\.shape), tensors.map(\.isRecorded))
    return .recorded(joined, shape, from: tensors, keeping: .only()) { gradient in
      // Each the part of the gradient at its place along the axis.
      let layout = gradient.layout
      let steps = keepsAxis ? layout.steps : layout.steps.removing(axis)
      var start = layout.start
      return shapes.indices.map { part in
        defer { start += (keepsAxis ? shapes[part][axis] : 1) * layout.steps[axis] }
        return needs[part] ? gradient.viewed(shapes[part], in: layout.base, start: start, steps: steps) : nil
      }
    }
  }

  /// The order of the elements along an axis reversed.
  public func flipped(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    guard count > 0 else { return self }
    let layout = layout
    var steps = layout.steps
    steps[axis] = -steps[axis]
    let start = layout.start + (shape[axis] - 1) * layout.steps[axis]
    let flipped = viewed(shape, in: layout.base, start: start, steps: steps)
    guard isRecorded else { return flipped }
    return .recorded(flipped, from: [self], keeping: .only()) { gradient in [gradient.flipped(axis: axis)] }
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
    // Edges of short rows take longer than all of them.
    var padded: [Float]
    if (target.last ?? 0) < 256 {
      padded = Kernel.repeating(value, target.elementCount)
    } else {
      padded = Kernel.uninitialized(target.elementCount)
      // Before and behind the elements along each axis, inside those along the axes before it.
      for (axis, count) in counts.enumerated() {
        var part = Array(shape[..<axis]) + target[axis...]
        let edge = zip(counts, strides).prefix(axis).reduce(0) { $0 + $1.0.before * $1.1 }
        for (size, place) in [(count.before, 0), (count.after, target[axis] - count.after)] where size > 0 {
          part[axis] = size
          LayoutCopy(part, from: part.map { _ in 0 }, to: strides, target: edge + place * strides[axis])
            .run([value], into: &padded)
        }
      }
    }
    let layout = layout
    LayoutCopy(shape, from: layout.steps, start: layout.start, to: strides, target: start)
      .run(layout.base, into: &padded)
    let from = shape
    return .recorded(padded, target, from: [self], keeping: .only()) { gradient in
      let layout = gradient.layout
      let start = zip(counts, layout.steps).reduce(layout.start) { $0 + $1.0.before * $1.1 }
      return [gradient.viewed(from, in: layout.base, start: start, steps: layout.steps)]
    }
  }

  /// The elements at flat places of this tensor, as a tensor of another shape.
  func gathered(_ places: [Int], _ target: Shape) -> Tensor {
    let from = shape
    return .recorded(values.picked(places), target, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(gradient.values.spread(over: places, count: from.elementCount), from)]
    }
  }
}
