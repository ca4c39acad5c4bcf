import Safepoint

/// What is taken of one axis.
public enum AxisIndex: Equatable, Sendable {
  /// One position; the axis disappears.
  case position(Int)
  /// Several positions in order; the axis stays.
  case positions([Int])
  /// The whole axis.
  case all
}

extension ShapeRule {
  /// The index of position `k` on an axis of `size`, counted from the end when negative.
  public static func position(_ k: Int, size: Int, axis: Int) throws(ShapeError) -> Int {
    let index = k < 0 ? k + size : k
    guard (0..<size).contains(index) else {
      throw ShapeError("position \(k) is outside axis \(axis), which has size \(size)")
    }
    return index
  }

  /// `indices` with every position counted from 0 and one entry for each axis of `shape`.
  public static func indices(_ indices: [AxisIndex], of shape: Shape) throws(ShapeError) -> [AxisIndex] {
    guard indices.count <= shape.count else {
      throw ShapeError("\(indices.count) indices for a tensor of \(shape.count) axes, shape \(shape)")
    }
    var checked: [AxisIndex] = []
    for (axis, size) in shape.enumerated() {
      switch axis < indices.count ? indices[axis] : .all {
      case .all: checked.append(.all)
      case .position(let k): checked.append(.position(try position(k, size: size, axis: axis)))
      case .positions(let list):
        checked.append(
          .positions(try list.map { (k) throws(ShapeError) in try position(k, size: size, axis: axis) }))
      }
    }
    return checked
  }

  /// The shape of what checked indices, one for each axis, take of a tensor.
  static func part(_ shape: Shape, _ indices: [AxisIndex]) -> Shape {
    zip(shape, indices).compactMap { size, index in
      switch index {
      case .position: nil
      case .positions(let list): list.count
      case .all: size
      }
    }
  }
}

extension Tensor {
  /// The part of the tensor that an index for each of the first axes takes, each axis on its own (`x[:, 0, [2, 1]]`).
  public func indexed(_ indices: [AxisIndex]) -> Tensor {
    let (starts, run, target) = located(indices)
    var taken = Kernel.uninitialized(starts.count * run)
    Self.walk(starts, run) { part, start in taken.copy(from: values, start, to: part, count: run) }
    let from = shape
    return .recorded(taken, target, from: [self], keeping: .only(2 * starts.count)) { gradient in
      guard starts.count * run > from.elementCount else {
        var spread = Kernel.zeros(from.elementCount)
        Self.walk(starts, run) { part, start in
          Pieces.walk(run) { for k in $0 { spread[start + k] += gradient.values[part + k] } }
        }
        return [Tensor(spread, from)]
      }
      // Some are taken several times, perhaps millions of times.
      var spread = Kernel.totals(from.elementCount)
      Self.walk(starts, run) { part, start in
        Pieces.walk(run) { for k in $0 { spread[start + k] += Double(gradient.values[part + k]) } }
      }
      return [Tensor(spread.rounded, from)]
    }
  }

  /// A copy in which the part that `indices` take is replaced by `part`, stretched to fit.
  public func replacing(_ indices: [AxisIndex], with part: Tensor) -> Tensor {
    let (starts, run, target) = located(indices)
    let part = part.broadcast(to: target)
    var replaced = values
    Self.walk(starts, run) { replaced.copy(from: part.values, $0, to: $1, count: run) }
    let from = shape
    return .recorded(replaced, shape, from: [self, part], keeping: .only(2 * starts.count)) { gradient in
      var rest = gradient.values
      var taken = Kernel.uninitialized(target.elementCount)
      Self.walk(starts, run) { part, start in
        taken.copy(from: rest, start, to: part, count: run)
        Pieces.walk(run) { for k in $0 { rest[start + k] = 0 } }
      }
      return [Tensor(rest, from), Tensor(taken, target)]
    }
  }

  /// Calls `body` in pieces for each run of elements: where it stands in the part taken and where in the whole.
  private static func walk(_ starts: [Int], _ run: Int, _ body: (_ part: Int, _ start: Int) -> Void) {
    Pieces.walk(starts.count, cost: 8) { for index in $0 { body(index * run, starts[index]) } }
  }

  /// Where the parts that indices take begin, the elements of each, which stand side by side, and the shape of all.
  private func located(_ indices: [AxisIndex]) -> (starts: [Int], run: Int, shape: Shape) {
    let checked = fitting { () throws(ShapeError) in try ShapeRule.indices(indices, of: shape) }
    var (places, target) = ([0], Shape())
    let whole = (checked.lastIndex { $0 != .all } ?? -1) + 1
    let rest = Array(shape[whole...])
    if count == 0 || rest.elementCount == 0 { return ([], 0, ShapeRule.part(shape, checked)) }
    for ((index, size), stride) in zip(zip(checked, shape), shape.strides).prefix(whole) {
      switch index {
      case .position(let k): places = Self.spread(places, size: 1) { _ in k * stride }
      case .positions(let list):
        places = Self.spread(places, size: list.count) { list[$0] * stride }
        target.append(list.count)
      case .all:
        places = Self.spread(places, size: size) { $0 * stride }
        target.append(size)
      }
    }
    return (places, rest.elementCount, target + rest)
  }

  /// The entries at `positions` of one axis, in that order; all must lie inside the axis.
  public func selected(axis: Int, _ positions: [Int]) -> Tensor {
    indexed([AxisIndex](repeating: .all, count: axis) + [.positions(positions)])
  }

  /// The elements where `mask`, of the same shape, is not 0, in a row.
  public func masked(_ mask: Tensor) -> Tensor {
    precondition(mask.shape == shape, "a mask of shape \(mask.shape) for a tensor of shape \(shape)")
    var places: [Int] = []
    Pieces.walk(mask.count, cost: 2) { for k in $0 where mask.values[k] != 0 { places.append(k) } }
    return gathered(places, [places.count])
  }

  /// result[..., k, ...] = self[..., indices[..., k, ...], ...] along one axis (PyTorch's `gather`); the other sizes agree.
  public func gathered(axis: Int, indices: Tensor) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    precondition(
      indices.shape.count == shape.count && indices.shape.removing(axis) == shape.removing(axis),
      "cannot gather from \(shape) by indices of \(indices.shape) along axis \(axis)")
    let (_, size, inner) = shape.around(axis)
    let taken = indices.shape[axis]
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

  /// The rows of this table [entries, width] that `ids` name, of shape `shape` + [width] (PyTorch's `embedding`).
  public func embedding(_ ids: [Int], _ shape: Shape) -> Tensor {
    precondition(self.shape.count == 2 && shape.elementCount == ids.count, "an embedding table has two axes")
    return selected(axis: 0, ids).reshaped(shape + [self.shape[1]])
  }

  /// Elements of `yes` where the mask is not 0 and of `no` elsewhere, with broadcasting.
  public static func choosing(_ mask: Tensor, _ yes: Tensor, _ no: Tensor) -> Tensor {
    let one = mask.constant.mask(Tensor(0)) { $0 != $1 }
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(ShapeRule.broadcast(mask.shape, yes.shape), no.shape, operation: "choose")
    }
    let picked = one.broadcast(to: shape).values
    let (a, b) = (yes.broadcast(to: shape), no.broadcast(to: shape))
    var values = Kernel.uninitialized(picked.count)
    Pieces.walk(picked.count, cost: 2) { for k in $0 { values[k] = picked[k] != 0 ? a.values[k] : b.values[k] } }
    return .recorded(values, shape, from: [a, b], keeping: .only(values.count)) { gradient in
      let kept = Tensor(picked, shape)
      return [gradient * kept, gradient * (Tensor(1) - kept)]
    }
  }
}
