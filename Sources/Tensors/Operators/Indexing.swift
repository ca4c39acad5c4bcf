import Safepoint

/// What is taken of one axis.
public enum AxisIndex: Equatable, Sendable {
  /// One position; the axis disappears.
  case position(Int)
  /// Several positions in order; the axis stays.
  case positions([Int])
  /// `count` positions from `first` on, `step` apart; all inside the axis, which stays.
  case strided(first: Int, step: Int, count: Int)
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
      case .positions(let list) where list.allSatisfy { $0 >= 0 && $0 < size }: checked.append(indices[axis])
      case .positions(let list):
        checked.append(
          .positions(try list.map { (k) throws(ShapeError) in try position(k, size: size, axis: axis) }))
      case .strided(let first, let step, let count):
        if count > 0 {
          _ = try position(first, size: size, axis: axis)
          _ = try position(first + (count - 1) * step, size: size, axis: axis)
        }
        checked.append(.strided(first: first, step: step, count: count))
      }
    }
    return checked
  }

  /// The first entries of each axis, as many as a shape has, but for one axis of which all are taken.
  static func firstEntries(_ sizes: Shape, besides axis: Int? = nil) -> [AxisIndex] {
    sizes.enumerated().map { $0 == axis ? .all : .strided(first: 0, step: 1, count: $1) }
  }

  /// The shape of what checked indices, one for each axis, take of a tensor.
  static func part(_ shape: Shape, _ indices: [AxisIndex]) -> Shape {
    zip(shape, indices).compactMap { size, index in
      switch index {
      case .position: nil
      case .positions(let list): list.count
      case .strided(_, _, let count): count
      case .all: size
      }
    }
  }
}

extension Tensor {
  /// The part of the tensor that an index for each of the first axes takes, each axis on its own (`x[:, 0, [2, 1]]`).
  public func indexed(_ indices: [AxisIndex]) -> Tensor {
    let indices = fitting { () throws(ShapeError) in try ShapeRule.indices(indices, of: shape) }
    if case .positions(let list)? = indices.first, count > 0, !list.isEmpty,
      indices.dropFirst().allSatisfy({ $0 == .all })
    {
      return rows(list, [list.count] + shape.dropFirst())
    }
    if let axis = indices.firstIndex(where: { if case .positions = $0 { true } else { false } }),
      axis > 0 || indices.count > 1,
      case .positions(let list) = indices[axis], rest == nil, count > 0,
      indices.enumerated().allSatisfy({ if $0 == axis { true } else if case .position = $1 { true } else { false } })
    {
      // Single elements.
      let layout = layout
      let start = zip(indices, layout.steps).reduce(layout.start) {
        if case .position(let k) = $1.0 { $0 + k * $1.1 } else { $0 }
      }
      let places = list.map { start + $0 * layout.steps[axis] }
      let taken = Tensor(Kernel.pickedRows(layout.base, width: 1, places), [list.count])
      return isRecorded ? recorded(taken, of: list, along: axis, indices) : taken
    }
    if case .positions(let list)? = indices.last, !list.isEmpty, count > 0, list.count <= shape[shape.count - 1],
      indices.dropLast().allSatisfy({ $0 == .all })
    {
      return columns(list)
    }
    let region = Region(shape, indices)
    let from = shape
    if region.isWhole(from), !isRecorded { return constant }
    if let steps = region.steps {
      // Places at even distances: no two of them are one.
      let (part, start) = (region.shape, region.start)
      let taken = view == nil ? viewed(part, in: held, start: start, steps: steps) : Region.part(self, indices)
      guard isRecorded else { return taken }
      return .recorded(taken, from: [self], keeping: .only(region.floats)) { gradient in
        let count = from.elementCount
        // Where all are taken nothing is left.
        var spread = part.elementCount == count ? Kernel.uninitialized(count) : Kernel.zeros(count)
        let layout = gradient.layout
        LayoutCopy(part, from: layout.steps, start: layout.start, to: steps, target: start)
          .run(layout.base, into: &spread)
        return [Tensor(spread, from)]
      }
    }
    var taken = Kernel.uninitialized(region.count)
    unsafe taken.withUnsafeMutableBufferPointer { taken in
      unsafe values.withUnsafeBufferPointer { values in
        guard let taken = taken.baseAddress, let values = values.baseAddress else { return }
        region.walk { part, start, run in for k in run { unsafe taken[part + k] = values[start + k] } }
      }
    }
    return .recorded(taken, region.shape, from: [self], keeping: .only(region.floats)) { gradient in
      guard region.count > from.elementCount else {
        var spread = Kernel.zeros(from.elementCount)
        let values = gradient.values
        region.walk { part, start, run in for k in run { spread[start + k] += values[part + k] } }
        return [Tensor(spread, from)]
      }
      // Some are taken several times, perhaps millions of times.
      var spread = Kernel.totals(from.elementCount)
      let values = gradient.values
      region.walk { part, start, run in for k in run { spread[start + k] += Double(values[part + k]) } }
      return [Tensor(spread.rounded, from)]
    }
  }

  /// The entry at a place of the first axis of a constant; nil for what is recorded, and for whole numbers that floats round.
  public func entry(_ entry: Int) -> Tensor? {
    guard place == nil, rest == nil, let size = shape.first, (0..<size).contains(entry) else { return nil }
    if let view {
      let layout = view.layoutForEntry
      let row = Array(shape.dropFirst())
      var values = Kernel.uninitialized(row.elementCount)
      LayoutCopy(
        row, from: Array(layout.steps.dropFirst()), start: layout.start + entry * layout.steps[0]
      ).run(layout.base, into: &values)
      return Tensor(values, row, elementType: elementType)
    }
    if shape.count == 1 { return Tensor([values[entry]], [], elementType: elementType) }
    let width = values.count / size
    return Tensor(
      Array(values[entry * width..<(entry + 1) * width]), Array(shape.dropFirst()), elementType: elementType)
  }

  /// Few elements of a constant that stand side by side, from `start` on and so far apart along the axes of a shape, of its type; nil for all else.
  package func smallPart(_ shape: Shape, start: Int, steps: [Int]) -> Tensor? {
    let count = shape.elementCount
    guard place == nil, rest == nil, view == nil, count > 0, count < Self.leastMany else { return nil }
    var part = Kernel.uninitialized(count)
    LayoutCopy(shape, from: steps, start: start).run(held, into: &part)
    return Tensor(part, shape, elementType: elementType)
  }

  /// The entries of the first axis at checked places.
  private func rows(_ places: [Int], _ shape: Shape) -> Tensor {
    let (from, width) = (self.shape, shape.dropFirst().reduce(1, *))
    let taken = Kernel.pickedRows(values, width: width, places)
    guard isRecorded else { return Tensor(taken, shape) }
    return .recorded(taken, shape, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(Kernel.spreadRows(gradient.values, width: width, places, rows: from[0]), from)]
    }
  }

  /// A copy in which the part that `indices` take is replaced by `part`, stretched to fit.
  public func replacing(_ indices: [AxisIndex], with part: Tensor) -> Tensor {
    let region = region(indices)
    let part = part.broadcast(to: region.shape)
    var replaced = values.copied
    region.walk { replaced.copy(from: part.values, $0, to: $1, $2) }
    let from = shape
    guard isRecorded || part.isRecorded else { return Tensor(replaced, shape) }
    return .recorded(replaced, shape, from: [self, part], keeping: .only(region.floats)) { gradient in
      let repeats = indices.contains {
        if case .positions(let list) = $0 { Set(list).count < list.count } else { false }
      }
      let values = gradient.values
      var rest = values.copied
      var taken = Kernel.uninitialized(region.count)
      if repeats {
        // Of elements that go to one place the last stays there.
        var last = Kernel.uninitializedPlaces(from.elementCount)
        region.walk { part, start, run in for k in run { last[start + k] = part + k } }
        region.walk { part, start, run in
          for k in run { taken[part + k] = last[start + k] == part + k ? values[start + k] : 0 }
        }
        region.walk { _, start, run in for k in run { rest[start + k] = 0 } }
      } else {
        region.walk { part, start, run in
          taken.copy(from: rest, start, to: part, run)
          for k in run { rest[start + k] = 0 }
        }
      }
      return [Tensor(rest, from), Tensor(taken, region.shape)]
    }
  }

  /// Replaces a small part of a constant by another of the same type, in place where nothing else has the elements; false, with
  /// nothing changed, where that does not do: then `replacing` does.
  public mutating func replaceInPlace(_ indices: [AxisIndex], with part: Tensor) -> Bool {
    let region = region(indices)
    guard isChangeable(by: part, count: region.count) else { return false }
    if region.isWhole(shape) {
      values = part.broadcast(to: shape).values
      return true
    }
    Safepoint.withoutWatch {
      if let steps = region.steps {
        let from = Walk.steps(part.shape, in: region.shape)
        LayoutCopy(region.shape, from: from, to: steps, target: region.start).run(part.values, into: &values)
        return
      }
      // What every run of the region gets is not repeated for each.
      let axes = Swift.max(region.runAxes, part.shape.drop { $0 == 1 }.count)
      let row = part.reshaped(Array(part.shape.suffix(axes))).broadcast(to: region.shape.suffix(axes))
      let period = Swift.max(row.count, 1)
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe row.values.withUnsafeBufferPointer { row in
          guard let start = values.baseAddress, let row = row.baseAddress else { return }
          // Each thread looks through all runs for those that go to its part, so that of several for one place the last stays.
          let work = region.run < 256 ? 0 : region.count / 4
          Parallel.pieces(values.count, nanoseconds: work, unit: Swift.max(region.run, 1)) { own in
            region.walk { part, place, run in
              guard own.contains(place + run.lowerBound) else { return }
              let (from, to) = unsafe (row + part % period, start + place)
              for k in run { unsafe to[k] = from[k] }
            }
          }
        }
      }
    }
    return true
  }

  /// Replaces a small part of floats off every tape, from `start` on and so far apart along the axes of a shape, by a number, as `replaceInPlace` does.
  package mutating func fillInPlace(_ shape: Shape, start: Int, steps: [Int], with number: Double) -> Bool {
    let value = Tensor(Float(number))
    guard elementType == .float32, isChangeable(by: value, count: shape.elementCount) else { return false }
    Safepoint.withoutWatch {
      LayoutCopy(shape, from: Shape(repeating: 0, count: shape.count), to: steps, target: start)
        .run(value.values, into: &values)
    }
    return true
  }

  /// Replaces a few entries of the first axis of floats off every tape, which lie inside, by a number, as `replaceInPlace` does.
  package mutating func fillInPlace(entries places: [Int], with number: Double) -> Bool {
    let (value, width) = (Float(number), count / Swift.max(shape.first ?? 1, 1))
    guard elementType == .float32, isChangeable(by: Tensor(value), count: places.count * width) else { return false }
    Safepoint.withoutWatch {
      unsafe values.withUnsafeMutableBufferPointer { values in
        guard let start = values.baseAddress else { return }
        let work = width < 256 ? 0 : places.count * width / 4
        Parallel.pieces(values.count, nanoseconds: work, unit: width) { own in
          for place in places where own.contains(place * width) {
            unsafe (start + place * width).update(repeating: value, count: width)
          }
        }
      }
    }
    return true
  }

  /// Replaces the elements at flat places, which lie inside, as `replaceInPlace` does; `part` is stretched to `shape`, of as many.
  public mutating func replaceInPlace(at places: [Int], _ shape: Shape, with part: Tensor) -> Bool {
    guard isChangeable(by: part, count: places.count) else { return false }
    let isOne = part.count == 1
    let part = isOne ? part.values : part.broadcast(to: shape).values
    for (k, place) in places.enumerated() { values[place] = part[isOne ? 0 : k] }
    return true
  }

  /// Makes a small part of a constant what `operation` gives of its elements and those of another, stretched to fit, in place as `replaceInPlace`
  /// does; false, with nothing changed, where that does not do.
  public mutating func updateInPlace(_ indices: [AxisIndex], _ operation: SmallOperation, with other: Tensor) -> Bool {
    let region = region(indices)
    guard elementType == .float32, !isRecorded, !other.isRecorded, region.count <= Self.mostInPlace,
      let steps = region.steps, let function = operation.arithmetic,
      ShapeRule.fits(other.shape, into: region.shape)
    else { return false }
    Safepoint.withoutWatch {
      Kernel.update(&values, function, region.shape, start: region.start, steps: steps, by: other)
    }
    return true
  }

  /// Replaces a small part of a constant by that of another of the same type in one copy, in place as `replaceInPlace` does; false, with nothing
  /// changed, where that does not do.
  public mutating func replaceInPlace(_ indices: [AxisIndex], with source: Tensor, _ sourceIndices: [AxisIndex]) -> Bool
  {
    let (region, from) = (region(indices), source.region(sourceIndices))
    guard isChangeable(by: source, count: region.count), let steps = region.steps, let sourceSteps = from.steps,
      ShapeRule.fits(from.shape, into: region.shape)
    else { return false }
    Safepoint.withoutWatch {
      LayoutCopy(
        region.shape, from: Walk.steps(from.shape, sourceSteps, in: region.shape), start: from.start, to: steps,
        target: region.start
      ).run(source.values, into: &values)
    }
    return true
  }

  /// Whether these are the elements of another tensor in the very same memory.
  public func isSame(as other: Tensor) -> Bool {
    Kernel.address(of: values) == Kernel.address(of: other.values) && shape == other.shape
  }

  private func isChangeable(by part: Tensor, count: Int) -> Bool {
    !isRecorded && !part.isRecorded && elementType == part.elementType && rest == nil && part.rest == nil
      && count <= Self.mostInPlace
  }

  /// What is changed in place is changed without a look, as a half would be seen.
  private static let mostInPlace = 1 << 24

  private func region(_ indices: [AxisIndex]) -> Region {
    Region(shape, fitting { () throws(ShapeError) in try ShapeRule.indices(indices, of: shape) })
  }

  /// The entries at `positions` of one axis, in that order; all must lie inside the axis.
  public func selected(axis: Int, _ positions: [Int]) -> Tensor {
    indexed([AxisIndex](repeating: .all, count: axis) + [.positions(positions)])
  }

  /// The elements where `mask`, of the same shape, is not 0, in a row.
  public func masked(_ mask: Tensor) -> Tensor {
    precondition(mask.shape == shape, "a mask of shape \(mask.shape) for a tensor of shape \(shape)")
    let taken = Kernel.compress(values, MaskElements(mask))
    guard isRecorded else { return Tensor(taken, [taken.count]) }
    let (kept, from) = (MaskElements(mask), shape)
    return .recorded(taken, [taken.count], from: [self], keeping: .only(kept.count)) { gradient in
      [Tensor(Kernel.expand(gradient.values, kept), from)]
    }
  }

  /// The elements of a row put one after the other where `mask` is not 0, of its shape, and 0 elsewhere.
  public func spread(where mask: Tensor) -> Tensor {
    let values = Kernel.expand(values, MaskElements(mask))
    guard isRecorded else { return Tensor(values, mask.shape) }
    let kept = MaskElements(mask)
    return .recorded(values, mask.shape, from: [self], keeping: .only(kept.count)) { gradient in
      let taken = Kernel.compress(gradient.values, kept)
      return [Tensor(taken, [taken.count])]
    }
  }

  /// The row-major places of the elements that are not 0.
  public var setPlaces: [Int] {
    // Larger places are no floats.
    guard count <= 1 << 24 else { return values.indices.filter { values[$0] != 0 } }
    return Safepoint.withoutWatch {
      Kernel.places(Kernel.compress(Tensor.evenly(count, from: 0, step: 1), MaskElements(self)))
    }
  }

  /// The rows of this table [entries, width] that `ids` name, of shape `shape` + [width] (PyTorch's `embedding`).
  public func embedding(_ ids: [Int], _ shape: Shape) -> Tensor {
    precondition(self.shape.count == 2 && shape.elementCount == ids.count, "an embedding table has two axes")
    return selected(axis: 0, ids).reshaped(shape + [self.shape[1]])
  }

  /// Elements of `yes` where the mask is not 0 and of `no` elsewhere, with broadcasting.
  public static func choosing(_ mask: Tensor, _ yes: Tensor, _ no: Tensor) -> Tensor {
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(ShapeRule.broadcast(mask.shape, yes.shape), no.shape, operation: "choose")
    }
    let values = Kernel.select(mask, yes, no, shape)
    guard yes.isRecorded || no.isRecorded else { return Tensor(values, shape) }
    let (mask, x, y, needs) = (mask.constant, yes.shape, no.shape, (yes.isRecorded, no.isRecorded))
    return .recorded(values, shape, from: [yes, no], keeping: .only(mask.count)) { gradient in
      func part(_ yes: Tensor, _ no: Tensor) -> Tensor { Tensor(Kernel.select(mask, yes, no, shape), shape) }
      return [
        needs.0 ? part(gradient, Tensor(0)).summed(to: x) : nil,
        needs.1 ? part(Tensor(0), gradient).summed(to: y) : nil,
      ]
    }
  }
}
