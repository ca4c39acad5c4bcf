import Safepoint

/// The places of a tensor that an index for each axis takes: runs of elements that stand side by side.
///
/// Where they begin is worked out as they are walked through, not kept: a slice of a million rows takes no more memory than one.
struct Region {
  /// The entries that are taken of one axis: how far each is from the first element of the tensor.
  private enum Distances {
    case regular(first: Int, step: Int)
    case listed([Int], stride: Int)

    @inline(__always) subscript(entry: Int) -> Int {
      switch self {
      case .regular(let first, let step): first + entry * step
      case .listed(let positions, let stride): positions[entry] * stride
      }
    }
  }

  /// The shape of what is taken.
  let shape: Shape
  /// The elements of a run.
  let run: Int
  /// The axes that a run goes over.
  let runAxes: Int
  private var axes: [(count: Int, distances: Distances)] = []

  /// What checked indices, one for each axis, take of a tensor of a shape.
  init(_ whole: Shape, _ indices: [AxisIndex]) {
    shape = ShapeRule.part(whole, indices)
    let regular = Self.regular(whole, indices, whole.strides)
    if regular.count == indices.count {
      let isRepeated = indices.contains { if case .strided(_, 0, let count) = $0 { count > 1 } else { false } }
      steps = isRepeated ? nil : zip(regular, indices).compactMap { if case .position = $1 { nil } else { $0.step } }
      start = regular.reduce(0) { $0 + $1.first }
    } else {
      (steps, start) = (nil, 0)
    }
    let indexed = (indices.lastIndex { $0 != .all } ?? -1) + 1
    run = Array(whole[indexed...]).elementCount
    runAxes = whole.count - indexed
    for ((index, size), stride) in zip(zip(indices, whole), whole.strides).prefix(indexed) {
      switch index {
      case .position(let k): axes.append((1, .regular(first: k * stride, step: 0)))
      case .strided(let first, let step, let count):
        // The step to nowhere may be any number.
        axes.append((count, .regular(first: count > 0 ? first * stride : 0, step: count > 1 ? step * stride : 0)))
      case .positions(let list): axes.append((list.count, .listed(list, stride: stride)))
      case .all: axes.append((size, .regular(first: 0, step: stride)))
      }
    }
  }

  /// For each index that takes entries at even distances where the first is and how far the next, in an array where `strides` lead along the axes.
  private static func regular(
    _ whole: Shape, _ indices: [AxisIndex], _ strides: [Int]
  ) -> [(first: Int, step: Int)] {
    zip(zip(indices, whole), strides).compactMap { index, stride in
      switch index.0 {
      case .position(let k): (k * stride, 0)
      case .strided(let first, let step, let count):
        count > 0 ? (first * stride, count > 1 ? step * stride : stride) : (0, stride)
      case .positions: nil
      case .all: (0, stride)
      }
    }
  }

  /// What these indices, which have `steps`, take of a tensor of the shape.
  static func part(_ tensor: Tensor, _ indices: [AxisIndex]) -> Tensor {
    let layout = tensor.layout
    let regular = regular(tensor.shape, indices, layout.steps)
    let steps = zip(regular, indices).compactMap { entry, index -> Int? in
      if case .position = index { nil } else { entry.step }
    }
    return tensor.viewed(
      ShapeRule.part(tensor.shape, indices), in: layout.base, start: regular.reduce(layout.start) { $0 + $1.first },
      steps: steps)
  }

  /// How far one moves in the tensor for a step along each axis of what is taken, where no axis is a list and no step goes nowhere.
  let steps: [Int]?
  /// The first element that is taken.
  let start: Int

  /// Whether all of a tensor of a shape is taken, in its order.
  func isWhole(_ whole: Shape) -> Bool { shape == whole && steps == whole.strides && start == 0 }

  /// The number of elements taken.
  var count: Int { shape.elementCount }

  /// What keeping the region takes, in floats.
  var floats: Int {
    axes.reduce(8) { if case .listed(let list, _) = $1.distances { $0 + 2 * list.count } else { $0 + 8 } }
  }

  /// Calls `body` for each run, or for pieces of it, until the work must stop: where it begins among the elements taken, where
  /// among those of the tensor, and which of its elements are meant.
  @inline(__always)
  func walk(_ body: (_ part: Int, _ start: Int, _ run: Range<Int>) -> Void) {
    guard count > 0 else { return }
    guard let last = axes.last else { return Pieces.walk(run) { body(0, 0, $0) } }
    var counter = [Int](repeating: 0, count: axes.count - 1)
    var start = axes.dropLast().reduce(0) { $0 + $1.distances[0] }
    func next() {
      for axis in counter.indices.reversed() {
        let (count, distances) = axes[axis]
        let before = distances[counter[axis]]
        counter[axis] = counter[axis] + 1 == count ? 0 : counter[axis] + 1
        start += distances[counter[axis]] - before
        if counter[axis] > 0 { return }
      }
    }
    let rows = count / (last.count * run)
    guard run < 1 << 14 else {
      Pieces.walk(rows: rows * last.count, width: run) { row, part in
        body(row * run, start + last.distances[row % last.count], part)
        if part.upperBound == run, row % last.count == last.count - 1 { next() }
      }
      return
    }
    Pieces.walk(rows: rows, width: last.count, cost: run + 2) { row, part in
      for entry in part { body((row * last.count + entry) * run, start + last.distances[entry], 0..<run) }
      if part.upperBound == last.count { next() }
    }
  }
}
