import PixelScript
import Safepoint
import Tensors

extension TensorObject {
  /// `x[i]`, `x[a:b]`, `x[:, 0, [2, 1]]`, `x[..., 0]`, `x[nil]`, `x[[0, 1], [1, 2]]`, `x[mask]`, `x[positions]`.
  ///
  /// Several lists pick elements together, as in NumPy and PyTorch. A mask of the tensor's own shape gives the elements
  /// where it is true in a row; a tensor of whole numbers takes those places of the first axis.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    if index.count == 1, case .position(let position) = index[0], let entry = smallEntry(position) {
      return .object(TensorObject(entry))
    }
    if let part = smallPart(index) { return .object(TensorObject(part)) }
    if index.count == 1, let picker = try Self.picker(index[0]), let part = try part(where: picker) {
      return .object(part)
    }
    let picking = try Picking(index, of: self)
    guard let axes = picking.separateAxes else {
      let (places, target) = try picking.places()
      return .object(Self.rearranged(self) { $0.taken(places, target) })
    }
    let part = partShape(axes)
    try Self.check(part)
    guard picking.axes == nil else { return .object(Self.rearranged(self) { $0.indexed(axes) }) }
    let target = picking.withNewAxes(part)
    try Self.check(target)
    return .object(Self.rearranged(self) { $0.indexed(axes).reshaped(target) })
  }

  /// The part in its place where it is one at even distances of floats that nobody records, or else the element.
  public func partInPlace(at index: [PixelScript.Index]) throws -> Value? {
    if let part = try TensorPart(self, index) { return .object(part) }
    return try element(at: index)
  }

  /// Parts of other tensors are copied from where they stand.
  public var takesParts: Bool { true }

  /// Replaces a part by that of another tensor, in one copy; false where it must be taken out of it.
  private func copyInPlace(_ part: TensorPart, to index: [PixelScript.Index]) throws -> Bool {
    guard let (source, axes) = part.source(for: self), let own = try TensorPart.axes(index, of: self) else {
      return false
    }
    return changeInPlace { $0.replaceInPlace(own, with: source, axes) }
  }

  /// An entry of the first axis that is short work: that of a constant, of few elements; nil for all else.
  private func smallEntry(_ position: Int) -> Tensor? {
    guard parameter == nil, let size = shape.first, size > 0, own.count / size < 1 << 14 else { return nil }
    return own.entry(position < 0 ? position + size : position)
  }

  /// A part at even distances that is short work: that of a constant, of few elements; nil for all else, and for an index outside.
  private func smallPart(_ index: [PixelScript.Index]) -> Tensor? {
    evenPart(index).flatMap { own.smallPart($0.shape, start: $0.start, steps: $0.steps) }
  }

  /// Where the part at even distances that an index takes stands among elements side by side; nil for a parameter, any other index and one outside.
  private func evenPart(_ index: [PixelScript.Index]) -> (shape: Shape, start: Int, steps: [Int])? {
    let whole = own.shape
    guard parameter == nil, index.count <= whole.count else { return nil }
    var (shape, steps, first) = (whole, whole, whole.count)
    var (start, stride) = (0, 1)
    for (axis, size) in whole.enumerated().reversed() {
      switch axis < index.count ? index[axis] : .all {
      case .position(let position):
        let place = position < 0 ? position + size : position
        guard (0..<size).contains(place) else { return nil }
        start += place * stride
      case .slice(let slice):
        let (place, count, step) = slice.resolved(in: size)
        first -= 1
        // The step to nowhere may be any number.
        (shape[first], steps[first]) = (count, count > 1 ? step * stride : 0)
        start += place * stride
      case .all:
        first -= 1
        (shape[first], steps[first]) = (size, stride)
      default: return nil
      }
      stride &*= size
    }
    if first > 0 { (shape, steps) = (Array(shape[first...]), Array(steps[first...])) }
    return (shape, start, steps)
  }

  /// Replaces a part by a number, a tensor or nested lists, stretched to fit.
  public func setElement(at index: [PixelScript.Index], to value: Value) throws -> Bool {
    var value = value
    if case .object(let part as TensorPart) = value {
      if try part.isChanged(in: self) || copyInPlace(part, to: index) { return true }
      value = .object(part.takenOut())
    }
    if case .number(let number) = value, let part = evenPart(index),
      changeInPlace({ $0.fillInPlace(part.shape, start: part.start, steps: part.steps, with: number) })
    {
      return true
    }
    if case .number(let number) = value, index.count == 1, isPlain, let size = shape.first,
      let picker = try Self.picker(index[0]), picker.shape.count == 1, !picker.isMask || shape.count > 1
    {
      let places = try Self.positions(picker, size: size, axis: 0)
      if changeInPlace({ $0.fillInPlace(entries: places, with: number) }) { return true }
    }
    let type = elementType
    var part = try Self.part(value, of: type)
    // What is put into itself is read while it changes.
    if part === self { part = TensorObject(tensor) }
    if index.count == 1, let picker = try Self.picker(index[0]), try replacePart(where: picker, with: part) {
      return true
    }
    if let mask = try maskOfOneAxis(index), part.tensor.count == 1 {
      try replace(Self.moved([part, self], as: type) { Tensor.choosing(mask, $0[0], $0[1]) })
      return true
    }
    let picking = try Picking(index, of: self)
    guard let axes = picking.axes else {
      let (places, target) = try picking.places()
      part = try Self.fitted(part, into: target)
      if part.parameter == nil, changeInPlace({ $0.replaceInPlace(at: places, target, with: part.tensor) }) {
        return true
      }
      try replace(places, target, with: part)
      return true
    }
    part = try Self.fitted(part, into: partShape(axes))
    if part.parameter == nil, changeInPlace({ $0.replaceInPlace(axes, with: part.tensor) }) { return true }
    try replace(Self.moved([self, part], as: type) { $0[0].replacing(axes, with: $0[1]) })
    return true
  }

  /// The mask of an index that takes entries of one axis behind the first where it is true, and all of the others, in a shape that
  /// stretches over the tensor; nil for any other index.
  private func maskOfOneAxis(_ index: [PixelScript.Index]) throws -> Tensor? {
    guard index.count > 1, index.count <= shape.count,
      index.dropLast().allSatisfy({ if case .all = $0 { true } else { false } }),
      let last = index.last, let picker = try Self.picker(last), picker.isMask, picker.shape == [shape[index.count - 1]]
    else { return nil }
    return picker.tensor.constant.reshaped(picker.shape + shape.dropFirst(index.count).map { _ in 1 })
  }

  /// What is put into a tensor of `type`, which must hold its elements; what is recorded stays so and makes the whole float32.
  private static func part(_ value: Value, of type: ElementType) throws -> TensorObject {
    guard let object = try TensorObject.convert(value) else {
      let isRounded = type == .float32 || type == .bool
      let tensor = try tensor(from: value, as: isRounded ? nil : type)
      return TensorObject(type == .bool ? try tensor.converted(to: type) : tensor)
    }
    let tensor = object.tensor
    guard type != .float32, tensor.elementType != type, object.parameter == nil, !tensor.isRecorded else {
      return object
    }
    return TensorObject(try tensor.converted(to: type))
  }

  /// Replaces what a mask of the whole tensor takes, or a tensor of positions with several axes; false for any other picker.
  private func replacePart(where picker: TensorObject, with part: TensorObject) throws -> Bool {
    let type = elementType
    if picker.isMask {
      guard picker.shape == shape else { return false }
      if part.tensor.count == 1 {
        // One element of however many axes.
        let (mask, one) = (picker.tensor.constant, Self.rearranged(part) { $0.reshaped([]) })
        try replace(Self.moved([one, self], as: type) { Tensor.choosing(mask, $0[0], $0[1]) })
        return true
      }
      let mask = picker.tensor.constant
      let part = try Self.fitted(part, into: [Safepoint.withoutWatch { mask.setCount }])
      let spread = Self.rearranged(part) { $0.reshaped([$0.count]).spread(where: mask) }
      try replace(Self.moved([spread, self], as: type) { Tensor.choosing(mask, $0[0], $0[1]) })
      return true
    }
    guard picker.shape.count != 1, let size = shape.first else { return false }
    let places = try Self.positions(picker, size: size, axis: 0)
    let target = picker.shape + shape.dropFirst()
    try Self.check(target)
    let part = try Self.fitted(part, into: target)
    let row = [places.count] + shape.dropFirst()
    try replace(
      Self.moved([self, part], as: type) {
        let whole = $0[1].broadcast(to: target).reshaped(row)
        return $0[0].replacing([.positions(places)], with: whole)
      })
    return true
  }

  /// Replaces the elements at flat places by a part that fits into a shape of as many.
  private func replace(_ places: [Int], _ target: Shape, with part: TensorObject) throws {
    try replace(
      Self.moved([self, part], as: elementType) {
        let row = $0[1].broadcast(to: target).reshaped([places.count])
        return $0[0].reshaped([$0[0].count]).replacing([.positions(places)], with: row).reshaped($0[0].shape)
      })
  }

  /// Takes over the values of a result, unless what made it was stopped.
  private func replace(_ result: TensorObject) throws {
    try Safepoint.check()
    tensor = result.tensor
  }

  /// What is put into a part of a shape, to which it must stretch; axes of size 1 before those of the part go, as in NumPy and PyTorch.
  private static func fitted(_ part: TensorObject, into shape: Shape) throws -> TensorObject {
    let whole = part.shape
    if ShapeRule.fits(whole, into: shape) { return part }
    let own = Array(whole.suffix(shape.count))
    guard ShapeRule.fits(own, into: shape), whole.dropLast(own.count).allSatisfy({ $0 == 1 }) else {
      throw ShapeError("cannot put \(whole) into a part of shape \(shape)")
    }
    return rearranged(part) { $0.reshaped(own) }
  }

  /// What a mask of the whole tensor, or a tensor of positions with several axes, takes; nil for anything else.
  private func part(where picker: TensorObject) throws -> TensorObject? {
    if picker.isMask {
      if picker.shape.count < shape.count, !picker.shape.isEmpty, shape.starts(with: picker.shape) { return nil }
      guard picker.shape == shape else {
        throw ScriptError(.shape, "a mask of shape \(picker.shape) does not fit a tensor of shape \(shape)")
      }
      return Self.rearranged(self) { $0.masked(picker.tensor) }
    }
    guard picker.shape.count != 1, let size = shape.first else { return nil }
    let positions = try Self.positions(picker, size: size, axis: 0)
    let target = picker.shape + shape.dropFirst()
    try Self.check(target)
    return Self.rearranged(self) { $0.selected(axis: 0, positions).reshaped(target) }
  }

  /// The index of one axis; throws a type error for what is no index of a tensor.
  static func axisIndex(_ index: PixelScript.Index, size: Int, axis: Int) throws -> AxisIndex {
    switch index {
    case .position(let k): return .position(try position(k, size: size, axis: axis))
    case .positions(let list): return .positions(try list.map { try position($0, size: size, axis: axis) })
    case .slice(let slice):
      let (first, count, step) = slice.resolved(in: size)
      return .strided(first: first, step: step, count: count)
    case .all, .rest, .newAxis: return .all
    case .key(let key):
      throw ScriptError(
        .type, "a tensor is indexed by numbers, slices, lists and masks, found \(Display.quoted(key))")
    case .keys:
      throw ScriptError(.type, "a tensor is indexed by numbers, slices, lists and masks, found a list of strings")
    case .object(let object):
      throw ScriptError(
        .type, "a tensor is indexed by numbers, slices, lists and masks, found \(describe(.object(object)))")
    }
  }

  /// The positions along an axis that a mask or whole numbers name.
  static func positions(_ picker: TensorObject, size: Int, axis: Int) throws -> [Int] {
    if picker.isMask {
      guard picker.shape == [size] else {
        throw ScriptError(.shape, "a mask of shape \(picker.shape) does not fit axis \(axis), which has size \(size)")
      }
      return picker.tensor.setPlaces
    }
    if let places = picker.tensor.places(below: size) { return places }
    return try picker.tensor.numbers.map { value in
      guard let k = Int(exactly: value) else {
        throw ScriptError(.index, "a position is a whole number, found \(Display.text(of: value))")
      }
      return try position(k, size: size, axis: axis)
    }
  }

  /// The position counted from 0 that `k` means on an axis; throws an index error outside.
  static func position(_ k: Int, size: Int, axis: Int) throws -> Int {
    do { return try ShapeRule.position(k, size: size, axis: axis) } catch {
      throw ScriptError(.index, error.description)
    }
  }

  private func partShape(_ axes: [AxisIndex]) -> Shape {
    var target: Shape = []
    for (axis, size) in shape.enumerated() {
      switch axis < axes.count ? axes[axis] : .all {
      case .position: break
      case .positions(let list): target.append(list.count)
      case .strided(_, _, let count): target.append(count)
      case .all: target.append(size)
      }
    }
    return target
  }
}
