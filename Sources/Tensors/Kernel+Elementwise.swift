import Kernels
import Safepoint
import Synchronization

/// A function of every element: how it is worked out, and what its gradient is made of.
struct ElementFunction {
  fileprivate let function: pb_function
  /// Whether the gradient is made of the result and not of the element.
  let keepsResult: Bool
  /// About the nanoseconds of a thousand elements.
  fileprivate let cost: Int
  fileprivate var (first, second): (Float, Float) = (0, 0)

  private init(_ function: pb_function, keepsResult: Bool = false, cost: Int = 150) {
    (self.function, self.keepsResult, self.cost) = (function, keepsResult, cost)
  }

  static let negative = Self(PB_NEGATE)
  static let exp = Self(PB_EXP, keepsResult: true, cost: 400)
  static let log = Self(PB_LOG, cost: 500)
  static let log2 = Self(PB_LOG2, cost: 500)
  static let sqrt = Self(PB_SQRT, keepsResult: true, cost: 300)
  static let abs = Self(PB_ABS)
  static let sin = Self(PB_SIN, cost: 800)
  static let cos = Self(PB_COS, cost: 800)
  static let tan = Self(PB_TAN, keepsResult: true, cost: 1500)
  static let tanh = Self(PB_TANH, keepsResult: true, cost: 600)
  static let sigmoid = Self(PB_SIGMOID, keepsResult: true, cost: 500)
  static let relu = Self(PB_RELU)
  static let gelu = Self(PB_GELU, cost: 1000)
  static let silu = Self(PB_SILU, cost: 600)
  static let softplus = Self(PB_SOFTPLUS, cost: 800)
  static let round = Self(PB_ROUND)
  static let floor = Self(PB_FLOOR)
  static let ceil = Self(PB_CEIL)
  static let sign = Self(PB_SIGN)

  /// The element held between two bounds.
  static func clamp(_ low: Float, _ high: Float) -> Self {
    var function = Self(PB_CLAMP)
    (function.first, function.second) = (low, high)
    return function
  }

  /// The element to a power.
  static func power(_ exponent: Float) -> Self {
    var function = Self(PB_FIXED_POWER, cost: [-2, -1, -0.5, 0, 0.5, 1, 2, 3].contains(exponent) ? 200 : 3000)
    function.first = exponent
    return function
  }

  /// The element times a number.
  static func scale(_ factor: Float) -> Self {
    var function = Self(PB_SCALE)
    function.first = factor
    return function
  }
}

/// A function of two elements.
struct PairFunction {
  let function: pb_pair_function
  /// About the nanoseconds of a thousand elements.
  fileprivate let cost: Int

  private init(_ function: pb_pair_function, cost: Int = 200) { (self.function, self.cost) = (function, cost) }

  static let add = Self(PB_ADD)
  static let subtract = Self(PB_SUBTRACT)
  static let multiply = Self(PB_MULTIPLY)
  static let divide = Self(PB_DIVIDE, cost: 300)
  static let power = Self(PB_POWER, cost: 3000)
  static let floorDivide = Self(PB_FLOOR_DIVIDE, cost: 1000)
  static let remainder = Self(PB_REMAINDER, cost: 800)
  static let maximum = Self(PB_MAXIMUM)
  static let minimum = Self(PB_MINIMUM)
  static let equal = Self(PB_EQUAL)
  static let notEqual = Self(PB_NOT_EQUAL)
  static let less = Self(PB_LESS)
  static let lessOrEqual = Self(PB_LESS_OR_EQUAL)
  static let shareOfLarger = Self(PB_SHARE_OF_LARGER)
  static let shareOfSmaller = Self(PB_SHARE_OF_SMALLER)
  fileprivate static let select = Self(PB_SELECT)
  static let hold = Self(PB_HOLD)
  static let shareOfHeld = Self(PB_SHARE_OF_HELD)
  static let shareOfLow = Self(PB_SHARE_OF_LOW)
  static let shareOfHigh = Self(PB_SHARE_OF_HIGH)
}

extension Kernel {
  /// An array of `count` floats which `body` writes, in pieces on several threads where the work of `nanoseconds` is worth it.
  static func filled(
    _ count: Int, nanoseconds: Int, unit: Int = 16, _ body: (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> [Float] {
    var y = uninitialized(count)
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let start = y.baseAddress else { return }
      Parallel.pieces(count, nanoseconds: nanoseconds, unit: unit) { unsafe body(start, $0) }
    }
    return y
  }

  /// f(x) of every element.
  static func map(_ f: ElementFunction, _ x: [Float]) -> [Float] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe filled(x.count, nanoseconds: nanoseconds(x.count, f.cost)) { y, part in
        guard let x = x.baseAddress else { return }
        unsafe pb_map(
          f.function, part.count, f.first, f.second, x + part.lowerBound, y + part.lowerBound)
      }
    }
  }

  /// f(x) of every element of rows.
  static func map(_ f: ElementFunction, _ x: Rows, _ around: Around) -> [Float] {
    // Rows where the last axis is of size 1, else those along it.
    let isFlat = around.inner == 1
    let (rows, width) = isFlat ? (around.outer, around.size) : (around.outer * around.size, around.inner)
    var y = uninitialized(rows * width)
    unsafe x.base.withUnsafeBufferPointer { base in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let base = base.baseAddress, let y = y.baseAddress else { return }
        // A long row is cut.
        let length = min(width, 1 << 14)
        let pieces = (width + length - 1) / length
        Parallel.pieces(rows * pieces, nanoseconds: nanoseconds(rows * width, f.cost), unit: 1) { part in
          for place in part {
            let (row, first) = (place / pieces, place % pieces * length)
            let start =
              isFlat ? row * x.outer : row / around.size * x.outer + row % around.size * x.step
            unsafe pb_map(
              f.function, min(length, width - first), f.first, f.second, base + x.start + start + first,
              y + row * width + first)
          }
        }
      }
    }
    return y
  }

  /// The gradient of x from that of f(x); `kept` is what the function keeps.
  static func mapBackward(_ f: ElementFunction, kept: [Float], gradient: Tensor) -> [Float] {
    precondition(kept.count == gradient.count)
    // Few of one number for all stay near.
    let near = gradient.single.map { [Float](repeating: $0, count: min(kept.count, 1 << 11)) }
    let dy = near ?? gradient.values
    return unsafe kept.withUnsafeBufferPointer { kept in
      unsafe dy.withUnsafeBufferPointer { dy in
        unsafe filled(kept.count, nanoseconds: nanoseconds(kept.count, f.cost + 100)) { dx, part in
          guard let kept = kept.baseAddress, let start = dy.baseAddress else { return }
          for first in stride(from: part.lowerBound, to: part.upperBound, by: near == nil ? part.count : dy.count) {
            let count = near == nil ? part.count : min(dy.count, part.upperBound - first)
            let dy = unsafe near == nil ? start + first : start
            unsafe pb_map_backward(f.function, count, f.first, f.second, kept + first, dy, dx + first)
          }
        }
      }
    }
  }

  static func nanoseconds(_ count: Int, _ perThousand: Int) -> Int { count / 1024 * perThousand }

  /// f(a, b) for all elements of `shape`, which both are stretched to; nil where one is of more than a size.
  static func combine(_ f: PairFunction, _ a: Tensor, _ b: Tensor, _ shape: Shape, within size: Float) -> [Float]? {
    let (result, areWithin) = combined(f, a, b, shape, size)
    return areWithin ? result : nil
  }

  /// f(a, b) for all elements of `shape`, which both are stretched to.
  static func combine(_ f: PairFunction, _ a: Tensor, _ b: Tensor, _ shape: Shape) -> [Float] {
    combined(f, a, b, shape, nil).values
  }

  /// f(a, b), and whether all are of at most a size, which they are looked at for as they come.
  private static func combined(
    _ f: PairFunction, _ a: Tensor, _ b: Tensor, _ shape: Shape, _ size: Float?
  ) -> (values: [Float], areWithin: Bool) {
    if a.view != nil || b.view != nil {
      let values = combine(f, a, b, mask: nil, shape)
      return (values, size.map { areWithin(values, $0) } ?? true)
    }
    let (x, y) = (a.values, b.values)
    let cost = nanoseconds(max(x.count, y.count), f.cost)
    // The usual cases: shapes alike, or a single number on one side.
    if (a.shape == shape || x.count == 1) && (b.shape == shape || y.count == 1) {
      let count = shape.elementCount
      let (stepX, stepY) = (a.shape == shape && count > 1 ? 1 : 0, b.shape == shape && count > 1 ? 1 : 0)
      let areWithin = Atomic(true)
      let values = unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          unsafe filled(count, nanoseconds: cost) { z, part in
            guard let x = x.baseAddress, let y = y.baseAddress else { return }
            let piece = size == nil ? part.count : 1 << 13
            for first in stride(from: part.lowerBound, to: part.upperBound, by: piece) {
              let count = min(piece, part.upperBound - first)
              unsafe pb_combine_row(f.function, count, x + first * stepX, stepX, y + first * stepY, stepY, z + first)
              guard let size else { continue }
              var found = 0
              unsafe pb_count_within(count, size, z + first, &found)
              if found < count { areWithin.store(false, ordering: .relaxed) }
            }
          }
        }
      }
      return (values, areWithin.load(ordering: .relaxed))
    }
    let values = combine(f, a, b, mask: nil, shape)
    return (values, size.map { areWithin(values, $0) } ?? true)
  }

  /// Makes elements of `x` what f gives of them and of those of `b`: of `shape`, from `start` on, `steps` apart along its axes, no two of
  /// them one. Nobody is asked whether the work must stop.
  static func update(_ x: inout [Float], _ f: PairFunction, _ shape: Shape, start: Int, steps: [Int], by b: Tensor) {
    let count = shape.elementCount
    guard count > 0 else { return }
    let ends = zip(shape, steps).map { ($0 - 1) * $1 }
    precondition(
      start + ends.reduce(0) { $0 + min($1, 0) } >= 0 && start + ends.reduce(0) { $0 + max($1, 0) } < x.count,
      "a part outside")
    var walk = pb_walk()
    unsafe plan(&walk, shape, Operand(shape, steps), Operand(b.shape), nil)
    unsafe pb_put_longest_last(&walk, 32)
    let isNear = unsafe pb_far_operands(&walk) & 1 == 0
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe b.values.withUnsafeBufferPointer { b in
        guard let x = x.baseAddress, let b = b.baseAddress else { return }
        unsafe withUnsafePointer(to: walk) { walk in
          Parallel.pieces(count, nanoseconds: nanoseconds(count, isNear ? f.cost : f.cost + 1000)) { part in
            unsafe pb_update(walk, f.function, part.lowerBound, part.count, b, x + start)
          }
        }
      }
    }
  }

  /// f(a, b) for arrays of one length, on this thread.
  static func combineSmall(_ f: PairFunction, _ a: [Float], _ b: [Float]) -> [Float] {
    let count = a.count
    precondition(count == b.count)
    guard count > 0 else { return [] }
    var y = uninitialized(count)
    unsafe pb_combine_row(f.function, count, a, 1, b, 1, &y)
    return y
  }

  /// f(a, number), or f(number, a) when reflected.
  static func combineSmall(_ f: PairFunction, _ a: [Float], _ number: Float, isReflected: Bool) -> [Float] {
    let count = a.count
    guard count > 0 else { return [] }
    var (y, number) = (uninitialized(count), number)
    if isReflected {
      unsafe pb_combine_row(f.function, count, &number, 0, a, 1, &y)
    } else {
      unsafe pb_combine_row(f.function, count, a, 1, &number, 0, &y)
    }
    return y
  }

  /// Elements of `yes` where the mask is not 0, of `no` elsewhere, all stretched to `shape`.
  static func select(_ mask: Tensor, _ yes: Tensor, _ no: Tensor, _ shape: Shape) -> [Float] {
    combine(.select, yes, no, mask: mask, shape)
  }

  /// What `hold`, or a share of its gradient, is of an element and two bounds, all stretched to `shape`.
  static func held(_ f: PairFunction, _ x: Tensor, _ low: Tensor, _ high: Tensor, _ shape: Shape) -> [Float] {
    combine(f, x, low, mask: high, shape)
  }

  /// The same elements in memory of their own.
  static func copy(_ x: [Float]) -> [Float] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe filled(x.count, nanoseconds: x.count / 8) { copy, part in
        guard let x = x.baseAddress else { return }
        var first = part.lowerBound
        while first < part.upperBound, !Safepoint.mustStop(after: 1 << 14) {
          let count = min(1 << 17, part.upperBound - first)
          unsafe (copy + first).update(from: x + first, count: count)
          first += count
        }
      }
    }
  }

  private static func combine(_ f: PairFunction, _ a: Tensor, _ b: Tensor, mask: Tensor?, _ shape: Shape) -> [Float] {
    let count = shape.elementCount
    guard count > 0 else { return [] }
    var operands = (Operand(a), Operand(b), mask.map { Operand($0) })
    return unsafe withUnsafeTemporaryAllocation(of: pb_walk.self, capacity: 1) { walks in
      guard let walk = walks.baseAddress else { return [] }
      unsafe plan(walk, shape, operands.0, operands.1, operands.2)
      if a.view != nil || b.view != nil || mask?.view != nil {
        let far = unsafe pb_far_operands(walk)
        if far & 1 != 0, a.view != nil { operands.0 = Operand(a.shape, values: a.values) }
        if far & 2 != 0, b.view != nil { operands.1 = Operand(b.shape, values: b.values) }
        if far & 4 != 0, let mask, mask.view != nil { operands.2 = Operand(mask.shape, values: mask.values) }
        unsafe plan(walk, shape, operands.0, operands.1, operands.2)
      }
      let third = operands.2 ?? Operand([])
      let bytes = operands.0.isByte + 2 * operands.1.isByte + 4 * third.isByte
      return unsafe operands.0.withStart { a in
        unsafe operands.1.withStart { b in
          unsafe third.withStart { mask in
            unsafe filled(count, nanoseconds: nanoseconds(count, f.cost)) { z, part in
              guard let a = unsafe a, let b = unsafe b else { return }
              unsafe pb_combine(walk, f.function, bytes, part.lowerBound, part.count, a, b, mask, z)
            }
          }
        }
      }
    }
  }

  /// Where the elements of an operand of an element-by-element function stand.
  private struct Operand {
    let shape: Shape
    /// The elements from one entry to the next along the axes; nil where they stand side by side.
    var steps: [Int]?
    var base: [Float] = []
    var start = 0
    /// Those of a mask.
    var bytes: [UInt8]?

    init(_ tensor: Tensor) {
      (shape, base, bytes) = (tensor.shape, tensor.held, tensor.bytes)
      guard bytes == nil, let layout = tensor.view?.layout else { return }
      (steps, base, start) = (layout.steps, layout.base, layout.start)
    }

    init(_ shape: Shape, _ steps: [Int]? = nil, values: [Float] = []) {
      (self.shape, self.steps, base) = (shape, steps, values)
    }

    var isByte: Int32 { bytes == nil ? 0 : 1 }

    /// Calls `body` with the first element, nil where there is none.
    func withStart<Result>(_ body: (UnsafeRawPointer?) -> Result) -> Result {
      if let bytes { return unsafe bytes.withUnsafeBytes { unsafe body($0.baseAddress) } }
      guard !base.isEmpty else { return body(nil) }
      return unsafe base.withUnsafeBytes { base in unsafe body(base.baseAddress.map { unsafe $0 + 4 * start }) }
    }
  }

  /// Works out a walk through operands stretched to a shape with elements, with as few axes as do.
  private static func plan(
    _ walk: UnsafeMutablePointer<pb_walk>, _ shape: Shape, _ a: Operand, _ b: Operand, _ mask: Operand?
  ) {
    precondition(shape.count <= PB_AXES, "a walk along \(shape.count) axes")
    unsafe pb_begin_walk(walk, shape.count, shape)
    unsafe pb_add_operand(walk, 0, a.shape.count, a.shape, a.steps)
    unsafe pb_add_operand(walk, 1, b.shape.count, b.shape, b.steps)
    if let mask { unsafe pb_add_operand(walk, 2, mask.shape.count, mask.shape, mask.steps) }
    unsafe pb_end_walk(walk)
  }
}

/// How far one moves along axes.
enum Walk {
  /// How far one moves in a tensor of `shape` for a step along each axis of `whole`: 0 where it is stretched.
  static func steps(_ shape: Shape, in whole: Shape) -> [Int] { steps(shape, shape.strides, in: whole) }

  /// The same where a step along each of its own axes is one of `strides`.
  static func steps(_ shape: Shape, _ strides: [Int], in whole: Shape) -> [Int] {
    let missing = whole.count - shape.count
    return whole.indices.map { $0 < missing || shape[$0 - missing] == 1 ? 0 : strides[$0 - missing] }
  }
}
