import PixelScript
import Safepoint
import Tensors

/// An axis, or several as a list.
struct Axes: ScriptConvertible {
  let axes: [Int]

  static let scriptName = "whole number"

  static func convert(_ value: Value) throws(Stopped) -> Axes? {
    if let axis = Int.convert(value) { return Axes(axes: [axis]) }
    return try [Int].convert(value).map(Axes.init)
  }

  var scriptValue: Value { axes.count == 1 ? .number(axes[0]) : axes.scriptValue }

  /// The only one.
  var single: Int? { axes.count == 1 ? axes[0] : nil }

  /// The axes counted from 0, in order; throws when one is none of the tensor's or is there twice, or when what is left without them is
  /// too large, as of a tensor without elements.
  func resolved(in shape: Shape) throws -> [Int] {
    guard !axes.isEmpty else { throw ShapeError("a list of axes names at least one") }
    if let axis = single, shape.indices.contains(axis), !shape.contains(0) { return axes }
    var found = try axes.map { try ShapeRule.axis($0, of: shape) }
    if found.count > 1 {
      found.sort()
      guard zip(found, found.dropFirst()).allSatisfy(!=) else {
        throw ShapeError("the axes \(axes) name one of \(shape) twice")
      }
    }
    if shape.contains(0) { try TensorObject.check(shape.indices.filter { !found.contains($0) }.map { shape[$0] }) }
    return found
  }
}

/// What stands beside a tensor in `max` and `min`: axes, or another tensor.
enum AxesOrTensor: ScriptConvertible {
  case axes(Axes)
  case tensor(TensorObject)

  static let scriptName = "whole number or tensor"

  /// Whole numbers are axes, as in PyTorch's `max`; others are numbers to compare with.
  static func convert(_ value: Value) throws(Stopped) -> AxesOrTensor? {
    if let tensor = try TensorObject.convert(value) { return .tensor(tensor) }
    if let axes = try Axes.convert(value) { return .axes(axes) }
    return try TensorOperand.convert(value).map { .tensor($0.object) }
  }

  var scriptValue: Value {
    switch self {
    case .axes(let axes): axes.scriptValue
    case .tensor(let tensor): .object(tensor)
    }
  }
}

/// How a tensor of a shape is reduced: over all elements, or along axes that the result keeps with size 1 or leaves out.
struct AxisReduction {
  private let axes: [Int]?
  private let shape: Shape
  private let keep: Bool
  /// Whether the order of the elements matters, as places among them do.
  private let isOrdered: Bool

  private init(axes: [Int]?, shape: Shape) {
    (self.axes, self.shape, keep, isOrdered) = (axes, shape, false, false)
  }

  init(_ axes: Axes?, _ keep: Bool, of input: TensorObject, isOrdered: Bool = false) throws {
    shape = input.shape
    self.isOrdered = isOrdered
    self.axes = try axes?.resolved(in: shape)
    self.keep = keep
  }

  /// The shape of the result.
  var target: Shape {
    shape.indices.compactMap { axis in
      guard axes?.contains(axis) ?? true else { return shape[axis] }
      return keep ? 1 : nil
    }
  }

  /// The number of elements that become one.
  var count: Int { (axes ?? Array(shape.indices)).map { shape[$0] }.elementCount }

  /// What an operator along one axis, which it leaves out, makes of a tensor; `whole` is a shorter way for all elements.
  func callAsFunction(
    _ x: Tensor, whole: ((Tensor) -> Tensor)? = nil, several: ((Tensor, [Int]) -> Tensor)? = nil,
    along: (Tensor, Int) -> Tensor
  ) -> Tensor {
    // Short rows are read no faster where they stand.
    if !isOrdered, let order = x.turn, let last = order.last, shape[last] >= 16 {
      return turned(x, order, whole: whole, several: several, along: along)
    }
    let result: Tensor
    if let axes {
      if axes.count == 1 {
        result = along(x, axes[0])
        if !keep { return result }
      } else if let last = axes.last, last - axes[0] == axes.count - 1 {
        // Neighbors are one axis.
        result = Self.one(afterTheOther: axes, of: x, along: along)
      } else {
        result = several.map { $0(x, axes) } ?? along(Self.moving(x) { $0.collapsed(axes) }, shape.count - axes.count)
      }
    } else {
      result = whole.map { $0(x) } ?? along(Self.moving(x) { $0.reshaped([x.count]) }, 0)
    }
    return result.shape == target ? result : Self.moving(result) { $0.reshaped(target) }
  }

  /// The same of elements that stand in another order of the axes, in that order.
  private func turned(
    _ x: Tensor, _ order: [Int], whole: ((Tensor) -> Tensor)?, several: ((Tensor, [Int]) -> Tensor)?,
    along: (Tensor, Int) -> Tensor
  ) -> Tensor {
    let there = AxisReduction(
      axes: axes.map { axes in axes.map { order.inverse[$0] }.sorted() }, shape: order.map { shape[$0] })
    let result = there(Self.moving(x) { $0.permuted(order) }, whole: whole, several: several, along: along)
    let left = order.filter { axis in axes.map { !$0.contains(axis) } ?? false }
    return Self.moving(result) { $0.permuted(left.sorted().compactMap(left.firstIndex(of:))).reshaped(target) }
  }

  /// What `along` makes of one axis after the other, neighbors as one.
  static func one(afterTheOther axes: [Int], of x: Tensor, along: (Tensor, Int) -> Tensor) -> Tensor {
    var (x, axes) = (x, axes)
    while let last = axes.popLast() {
      var first = last
      while axes.last == first - 1 { first = axes.removeLast() }
      let merged = Array(x.shape[..<first]) + [Array(x.shape[first...last]).elementCount] + x.shape[(last + 1)...]
      x = along(first == last ? x : moving(x) { $0.reshaped(merged) }, first)
    }
    return x
  }

  /// What `body` makes of a tensor whose elements it moves about.
  private static func moving(_ x: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
    Tensor.moving([x], as: x.elementType) { body($0[0]) }
  }

  /// The tensor with what is reduced as its last axis, and that axis, for exact whole numbers.
  func collapsed(_ x: Tensor) -> (tensor: Tensor, axis: Int) {
    let axes = axes ?? Array(shape.indices)
    return (Self.moving(x) { $0.collapsed(axes) }, shape.count - axes.count)
  }

  /// Throws unless there is an element of which one can be the largest, say.
  func requireElements(_ name: String) throws {
    guard count > 0 else { throw ShapeError("`\(name)` needs at least one element, found the shape \(shape)") }
  }
}
