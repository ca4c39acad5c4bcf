import Safepoint
import Synchronization

/// Where the elements of a tensor stand: in an array, from a place on, so far apart along each axis; along one of step 0 all are one.
struct Layout {
  let base: [Float]
  let start: Int
  let steps: [Int]
}

/// Elements of a tensor that stand in the array of another one, or those of a mask as bytes. What can read them there; for all else they are put
/// side by side as floats, once.
final class View: Sendable {
  private struct State {
    var layout: Layout
    /// Whether they stand side by side by now.
    var isCopied = false
    /// How often single entries were taken of them.
    var taken = 0
  }

  let shape: Shape
  /// The number of elements.
  let count: Int
  /// The elements of a mask as bytes of 0 and 1; nil for others.
  let bytes: [UInt8]?
  private let state: Mutex<State>

  init(_ layout: Layout, _ shape: Shape, bytes: [UInt8]? = nil) {
    (self.shape, self.bytes) = (shape, bytes)
    count = shape.elementCount
    state = Mutex(State(layout: layout))
  }

  /// Where the elements are now.
  var layout: Layout {
    bytes == nil ? state.withLock { $0.layout } : Layout(base: values, start: 0, steps: shape.strides)
  }

  /// The elements side by side.
  var values: [Float] {
    let now = state.withLock { ($0.layout, $0.isCopied) }
    if now.1 { return now.0.base }
    var copy: [Float]
    if let bytes {
      copy = Kernel.floats(ofMask: bytes)
    } else {
      copy = Kernel.uninitialized(count)
      LayoutCopy(shape, from: now.0.steps, start: now.0.start).run(now.0.base, into: &copy)
    }
    // A copy that was stopped on the way is nobody's elements.
    if !Safepoint.mustStop {
      state.withLock { $0 = State(layout: Layout(base: copy, start: 0, steps: shape.strides), isCopied: true) }
    }
    return copy
  }

  /// Where the elements are for one who takes an entry of them: whoever takes many finds them side by side.
  var layoutForEntry: Layout {
    if state.withLock({ state in
      state.taken += 1
      return state.taken > 4
    }) {
      _ = values
    }
    return layout
  }
}

extension Tensor {
  /// Fewer elements are few: copied at once, which takes no longer than to keep where they stand, and worked on without what many need.
  static let leastMany = 1 << 14

  /// Where the elements stand.
  var layout: Layout { view?.layout ?? Layout(base: held, start: 0, steps: shape.strides) }

  /// Elements of this tensor from `start` on in its array `base`, so far apart along the axes of a shape: where they stand, or copied where they are
  /// few or a small part of an array that would be kept for them. Off every tape, as float32.
  func viewed(_ shape: Shape, in base: [Float], start: Int, steps: [Int]) -> Tensor {
    let count = shape.elementCount
    guard rest == nil, count >= Self.leastMany, 4 * count >= base.count else {
      var copy = Kernel.uninitialized(count)
      LayoutCopy(shape, from: steps, start: start).run(base, into: &copy)
      return Tensor(copy, shape)
    }
    // Those that stand side by side are an array.
    if start == 0, count == base.count, steps == shape.strides {
      return Tensor(base, shape)
    }
    return Tensor(View(Layout(base: base, start: start, steps: steps), shape))
  }

  /// The order of the axes in which these elements, all of an array, stand side by side; nil where that is their own order, or none.
  package var turn: [Int]? {
    guard let view, view.bytes == nil else { return nil }
    let layout = view.layout
    guard layout.start == 0, layout.base.count == view.count else { return nil }
    let order = shape.indices.sorted {
      // Axes of size 1 stand anywhere.
      (layout.steps[$0], shape[$0], -$0) > (layout.steps[$1], shape[$1], -$1)
    }
    let turned = order.map { shape[$0] }
    guard order != Array(shape.indices),
      zip(zip(turned, order), turned.strides).allSatisfy({ $0.0 == 1 || layout.steps[$0.1] == $1 })
    else { return nil }
    return order
  }

  /// The same elements in the order of axes in which they stand, as what `body` makes of each of them one by one, and back in their own.
  func inTurn(_ order: [Int], _ body: (Tensor) -> Tensor) -> Tensor {
    body(permuted(order)).permuted(order.inverse)
  }

  /// The last axis along which these elements, a view, do not stand side by side with those behind it.
  var axisBeforeRows: Int {
    let steps = layout.steps
    var (axis, width) = (shape.count - 1, 1)
    while axis > 0, shape[axis] == 1 || steps[axis] == width {
      width *= shape[axis]
      axis -= 1
    }
    return axis
  }

  /// These elements, a view, as one row where they stand side by side in their order; nil for others.
  var wholeRow: Rows? {
    guard let view, count > 0 else { return nil }
    let layout = view.layout
    guard zip(zip(shape, shape.strides), layout.steps).allSatisfy({ $0.0 == 1 || $0.1 == $1 }) else { return nil }
    return Rows(base: layout.base, start: layout.start, step: 1)
  }

  /// These elements, read as rows of one length along an axis: how far apart the places of the axes before it, of itself and behind it are. nil
  /// where they stand side by side anyway, or are not evenly apart.
  func rows(around axis: Int) -> Rows? {
    guard let view, count > 0 else { return nil }
    let layout = view.layout
    guard let outer = Rows.step(shape[..<axis], layout.steps[..<axis]),
      let inner = Rows.step(shape[(axis + 1)...], layout.steps[(axis + 1)...])
    else { return nil }
    let around = shape.around(axis)
    let step = shape[axis] == 1 ? around.inner : layout.steps[axis]
    guard around.inner == 1 ? step == 1 && around.size >= 16 : inner == 1 && around.inner >= 16, step >= 0, outer >= 0
    else { return nil }
    return Rows(base: layout.base, start: layout.start, outer: outer, step: step)
  }
}

/// Elements [outer, size, inner] of an array: how far the next is along the first two axes; along the third they stand side by side, or along the
/// second where the third is of size 1.
struct Rows {
  let base: [Float]
  let start, outer, step: Int

  /// Those of an array that hold nothing else.
  init(_ base: [Float], _ around: Kernel.Around) {
    self.init(base: base, start: 0, outer: around.size * around.inner, step: around.inner)
  }

  /// Those of one matrix.
  init(base: [Float], start: Int, step: Int) { self.init(base: base, start: start, outer: 0, step: step) }

  fileprivate init(base: [Float], start: Int, outer: Int, step: Int) {
    (self.base, self.start, self.outer, self.step) = (base, start, outer, step)
  }

  /// Traps unless all of [outer, size, inner] lie inside the array.
  func check(_ around: Kernel.Around) {
    guard around.outer > 0, around.size > 0, around.inner > 0 else { return }
    let last = around.inner == 1 ? around.size - 1 : (around.size - 1) * step + around.inner - 1
    precondition(
      start >= 0 && outer >= 0 && step >= 0 && start + (around.outer - 1) * outer + last < base.count, "rows outside")
  }

  /// The one step that leads along some axes; nil where there is none.
  static func step(_ sizes: ArraySlice<Int>, _ steps: ArraySlice<Int>) -> Int? {
    var found: (step: Int, size: Int)?
    for (size, step) in zip(sizes, steps).reversed() where size != 1 {
      if let known = found {
        guard step == known.step * known.size else { return nil }
        found = (known.step, known.size * size)
      } else {
        found = (step, size)
      }
    }
    return found?.step ?? 1
  }
}

extension [Int] {
  /// The order that undoes this one.
  package var inverse: [Int] {
    var back = self
    for (place, axis) in enumerated() { back[axis] = place }
    return back
  }
}
