import Kernels
import Safepoint

extension ShapeRule {
  /// The shape of what windows of `size` give that move over the last `axes` axes of `x`, one or two, with `padding` on both sides of each.
  public static func pooling(
    _ x: Shape, axes: Int, size: Int, stride: Int, padding: Int
  ) throws(ShapeError) -> Shape {
    guard x.count >= axes, size > 0, stride > 0, padding >= 0, padding <= size / 2 else {
      throw ShapeError("windows of \(size), \(stride) apart, with \(padding) of padding do not fit \(x)")
    }
    return try Array(x.dropLast(axes))
      + x.suffix(axes).map { (length) throws(ShapeError) in
        let room = Size.sum([length, 2 * padding]) - size
        guard length > 0, room >= 0 else { throw ShapeError("windows of \(size) do not fit into \(x)") }
        return room / stride + 1
      }
  }
}

extension Tensor {
  /// The largest elements in windows of `size` that move over the last `axes` axes, one or two, `stride` apart; NaN where one is
  /// (PyTorch's `max_pool1d` and `max_pool2d`). The gradient goes to the first of equal ones.
  public func largestPooled(axes: Int, size: Int, stride: Int, padding: Int = 0) -> Tensor {
    let windows = Windows(shape, axes, size, stride, padding)
    if let rest {
      let places = windows.largest(numbers)
      return Tensor(values.picked(places), windows.target, elementType: elementType, rest: rest.picked(places))
    }
    let y = unsafe windows.pooled(values) { unsafe pb_largest_pool($0, $1, $2, $3, $4) }
    guard isRecorded else { return Tensor(y, windows.target) }
    let x = constant
    return .recorded(y, windows.target, from: [self]) { gradient in
      [
        Tensor(
          unsafe windows.spread(gradient.values, x.values) { unsafe pb_largest_pool_backward($0, $1, $2, $3, $4, $5) },
          x.shape)
      ]
    }
  }

  /// The means of windows of `size` that move over the last `axes` axes, one or two, `stride` apart; padding counts as zeros (PyTorch's
  /// `avg_pool1d` and `avg_pool2d`).
  public func meanPooled(axes: Int, size: Int, stride: Int, padding: Int = 0) -> Tensor {
    let windows = Windows(shape, axes, size, stride, padding)
    let y = unsafe windows.pooled(values) { unsafe pb_mean_pool($0, $1, $2, $3, $4) }
    guard isRecorded else { return Tensor(y, windows.target) }
    let shape = shape
    return .recorded(y, windows.target, from: [self], keeping: .only()) { gradient in
      [
        Tensor(
          unsafe windows.spread(gradient.values, gradient.values) { unsafe pb_mean_pool_backward($0, $1, $2, $4, $5) },
          shape)
      ]
    }
  }
}

/// Windows that move over planes.
private struct Windows {
  let target: Shape
  private let planes: Int
  private let pool: pb_pool

  init(_ shape: Shape, _ axes: Int, _ size: Int, _ stride: Int, _ padding: Int) {
    precondition(axes == 1 || axes == 2, "windows move over one axis or two")
    target = fitting { () throws(ShapeError) in
      try ShapeRule.pooling(shape, axes: axes, size: size, stride: stride, padding: padding)
    }
    planes = Array(shape.dropLast(axes)).elementCount
    let isFlat = axes == 1
    pool = pb_pool(
      height: isFlat ? 1 : shape[shape.count - 2], width: shape[shape.count - 1],
      rows: isFlat ? 1 : target[target.count - 2], columns: target[target.count - 1], kernel_rows: isFlat ? 1 : size,
      kernel_columns: size, row_stride: isFlat ? 1 : stride, column_stride: stride, row_padding: isFlat ? 0 : padding,
      column_padding: padding)
  }

  /// About the nanoseconds of the results of a plane.
  private var cost: Int {
    Size.product([pool.rows, pool.columns, pool.kernel_rows, pool.kernel_columns]) / 4 + 8 * pool.rows
  }

  /// Where the first largest of numbers that floats round is in each window.
  func largest(_ numbers: [Double]) -> [Int] {
    var places = Kernel.uninitializedPlaces(target.elementCount)
    Pieces.walk(places.count, cost: Size.product(pool.kernel_rows, pool.kernel_columns)) {
      for place in $0 {
        let (plane, r, c) = (
          place / (pool.rows * pool.columns), place / pool.columns % pool.rows, place % pool.columns
        )
        let (top, left) = (r * pool.row_stride - pool.row_padding, c * pool.column_stride - pool.column_padding)
        var best: Int?
        for row in max(top, 0)..<min(top + pool.kernel_rows, pool.height) {
          for column in max(left, 0)..<min(left + pool.kernel_columns, pool.width) {
            let candidate = (plane * pool.height + row) * pool.width + column
            if best.map({ numbers[candidate] > numbers[$0] }) ?? true { best = candidate }
          }
        }
        // Padding is at most half a window, so that each has an element.
        places[place] = best ?? 0
      }
    }
    return places
  }

  /// What `kernel` makes of rows of results, on several threads.
  func pooled(
    _ x: [Float],
    _ kernel: (UnsafePointer<pb_pool>, Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    var y = Kernel.uninitialized(target.elementCount)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(planes * pool.rows, nanoseconds: Size.product(planes, cost), unit: 1) { part in
          unsafe withUnsafePointer(to: pool) {
            unsafe kernel($0, part.lowerBound, part.count, x, y + part.lowerBound * pool.columns)
          }
        }
      }
    }
    return y
  }

  /// Zeros of the planes, to which `kernel` adds what comes of the gradient `dy` and of `x`, on several threads.
  func spread(
    _ dy: [Float], _ x: [Float],
    _ kernel: (
      UnsafePointer<pb_pool>, Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) -> [Float] {
    var dx = Kernel.zeros(Size.product([planes, pool.height, pool.width]))
    unsafe Kernel.withStarts(x, dy, dy, dy, &dx) { x, dy, _, _, dx in
      Parallel.pieces(planes, nanoseconds: Size.product(planes, 4 * cost), unit: 1) { part in
        unsafe withUnsafePointer(to: pool) { unsafe kernel($0, part.lowerBound, part.count, x, dy, dx) }
      }
    }
    return dx
  }
}
