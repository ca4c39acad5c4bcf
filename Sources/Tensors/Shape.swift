import Safepoint

/// The sizes of a tensor's axes, outermost first; `[]` is a single number.
public typealias Shape = [Int]

/// Two shapes, or a shape and an axis, that do not fit together; its text says which and why.
public struct ShapeError: Error, Equatable, CustomStringConvertible {
  /// What does not fit, in one sentence without a point.
  public let description: String

  package init(_ description: String) { self.description = description }
}

extension Shape {
  /// The number of elements of a tensor of this shape; `Int.max` where it is larger.
  public var elementCount: Int { Size.product(self) }

  /// How many places one passes who walks along all axes: an axis of size 0 leaves no elements, but counts as one place.
  public var placeCount: Int { Size.product(lazy.map { Swift.max($0, 1) }) }

  /// The distance in elements from one entry of each axis to the next, row-major.
  package var strides: [Int] {
    var strides = self
    var step = 1
    for axis in indices.reversed() {
      strides[axis] = step
      step = Size.product(step, self[axis])
    }
    return strides
  }

  /// This shape with the rows of an axis moved out: sizes before, of and after `axis`.
  ///
  /// Where there is nothing beside the axis, both other sizes are 0, however large one of them is: nobody walks along it.
  package func around(_ axis: Int) -> (outer: Int, size: Int, inner: Int) {
    let (outer, inner) = (Size.product(self[..<axis]), Size.product(self[(axis + 1)...]))
    return outer == 0 || inner == 0 ? (0, self[axis], 0) : (outer, self[axis], inner)
  }

  package func removing(_ axis: Int) -> Shape {
    var shape = self
    shape.remove(at: axis)
    return shape
  }

  /// The shape with a size of 1 along an axis.
  func keeping(_ axis: Int) -> Shape {
    var kept = self
    kept[axis] = 1
    return kept
  }
}

/// The one judge of shapes: what an operator's result has, or why there is none.
///
/// Commands, files and configurations ask here first and throw; operators called with shapes that do not fit trap with
/// the same text.
public enum ShapeRule {
  /// The shape that both operands of an element-by-element operator stretch to (NumPy's broadcasting).
  public static func broadcast(_ a: Shape, _ b: Shape, operation: String = "combine") throws(ShapeError) -> Shape {
    // The longer one, changed where the other one stretches it.
    let isSwapped = a.count < b.count
    var shape = isSwapped ? b : a
    let shorter = isSwapped ? a : b
    let missing = shape.count - shorter.count
    for (axis, size) in shorter.enumerated() {
      let own = shape[missing + axis]
      if own == size || size == 1 { continue }
      guard own == 1 else { throw ShapeError("cannot \(operation) \(a) with \(b)") }
      shape[missing + axis] = size
    }
    return shape
  }

  /// Whether a shape stretches to another.
  public static func fits(_ shape: Shape, into whole: Shape) -> Bool {
    shape.count <= whole.count && zip(shape.reversed(), whole.reversed()).allSatisfy { $0 == $1 || $0 == 1 }
  }

  /// The shape of the matrix product of `a` [..., m, k] and `b` [..., k, n] or [k, n]; vectors count as in NumPy.
  public static func product(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    // The text takes longer to write than small matrices to multiply.
    var fault: ShapeError { ShapeError("cannot multiply \(a) by \(b)") }
    guard let depth = a.last, !b.isEmpty else { throw fault }
    if b.count == 1 {
      guard depth == b[0] else { throw fault }
      return Array(a.dropLast())
    }
    guard depth == b[b.count - 2] else { throw fault }
    if a.count == 1 { return Array(b.dropLast(2)) + [b[b.count - 1]] }
    let outer = b.count == 2 ? Array(a.dropLast(2)) : try broadcastOuter(a, b)
    return outer + [a[a.count - 2], b[b.count - 1]]
  }

  private static func broadcastOuter(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    do { return try broadcast(Array(a.dropLast(2)), Array(b.dropLast(2))) } catch {
      throw ShapeError("cannot multiply \(a) by \(b)")
    }
  }

  /// An axis counted from 0, or from the end when negative, as an index into `shape`.
  public static func axis(_ axis: Int, of shape: Shape) throws(ShapeError) -> Int {
    let index = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(index) else {
      throw ShapeError("axis \(axis) is outside a tensor of \(shape.count) axes, shape \(shape)")
    }
    return index
  }

  /// The shape `wanted`, with one size of -1 worked out from the rest, for as many elements as `shape` has.
  public static func reshape(_ shape: Shape, to wanted: Shape) throws(ShapeError) -> Shape {
    func fault() -> ShapeError {
      ShapeError("cannot reshape \(shape), \(shape.elementCount) elements, to \(wanted)")
    }
    let open = wanted.count { $0 == -1 }
    let known = try elementCount(open == 0 ? wanted : wanted.filter { $0 != -1 })
    switch open {
    case 0:
      guard known == shape.elementCount else { throw fault() }
      return wanted
    case 1:
      guard known > 0, shape.elementCount % known == 0 else { throw fault() }
      return wanted.map { $0 == -1 ? shape.elementCount / known : $0 }
    default: throw ShapeError("a shape may leave one size open with -1, found \(wanted)")
    }
  }

  /// The number of elements of a shape that a user wrote, refusing negative sizes and numbers too large for memory.
  @discardableResult
  public static func elementCount(_ shape: Shape) throws(ShapeError) -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else { throw ShapeError("a size cannot be negative, found \(shape)") }
    let count = shape.elementCount
    // Without elements too the distances along the axes must be numbers.
    guard count <= 1 << 33, shape.placeCount < .max else {
      throw ShapeError("a tensor of shape \(shape) is too large")
    }
    return count
  }

  /// The order of axes `order`, negative ones counted from the end, checked to name each axis of `shape` once.
  public static func permutation(_ order: [Int], of shape: Shape) throws(ShapeError) -> [Int] {
    var axes = order
    var isOnce = true
    for place in axes.indices {
      axes[place] = try axis(order[place], of: shape)
      for other in 0..<place where axes[other] == axes[place] { isOnce = false }
    }
    guard isOnce, axes.count == shape.count else {
      throw ShapeError("the order \(order) does not name each of the \(shape.count) axes of \(shape) once")
    }
    return axes
  }

  /// Whether positions of a shape, as many as `shape` has axes, name an element each along one of them: no axis but that one is longer.
  public static func arePositions(_ positions: Shape, along axis: Int, of shape: Shape) -> Bool {
    positions.count == shape.count && shape.indices.allSatisfy { $0 == axis || positions[$0] <= shape[$0] }
  }

  /// The shape of tensors joined along an axis; all other sizes must agree.
  public static func concatenation(_ shapes: [Shape], axis: Int) throws(ShapeError) -> Shape {
    guard let first = shapes.first else { throw ShapeError("there is nothing to join") }
    let axis = try Self.axis(axis, of: first)
    var size = 0
    for shape in shapes {
      guard shape.count == first.count, shape.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] }) else {
        throw ShapeError("cannot join \(first) and \(shape) along axis \(axis)")
      }
      size = Size.sum([size, shape[axis]])
    }
    var result = first
    result[axis] = size
    return result
  }
}

/// The value of a shape rule inside an operator, where a fault is the caller's mistake.
func fitting<T>(_ rule: () throws(ShapeError) -> T) -> T {
  do { return try rule() } catch { preconditionFailure(error.description) }
}
