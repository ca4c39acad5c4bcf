import Kernels
import Safepoint

/// Reductions over the middle axis of [outer, size, inner], in double precision and in an order that does not depend on the
/// number of threads.
extension Kernel {
  typealias Around = (outer: Int, size: Int, inner: Int)

  /// The elements of a row that are added up at once, and the rows of narrow columns.
  static let longest = 1 << 16, tallest = 1 << 12

  /// The size of the parts of a longer axis, at most so much, that are worked on on their own. Whatever the threads are, the share of each is the
  /// part of the axis that it has of any other work along it.
  static func block(_ size: Int, most: Int = longest) -> Int {
    let blocks = ((size - 1) / (16 * most) + 1) * 16
    return (size - 1) / blocks / 16 * 16 + 16
  }

  /// Shares work along the axis out among the threads, an element taking about `cost` nanoseconds of a thousand: rows where their elements
  /// stand side by side, else columns, all of several outer places or at least `narrow` of one.
  private static func share(
    _ around: Around, cost: Int, narrow: Int = 0, rows: (Range<Int>) -> Void, columns: (_ o: Int, Range<Int>) -> Void
  ) {
    let (outer, size, inner) = around
    let work = Size.product([outer, size, inner]) / 1000 * cost
    if inner == 1 { return Parallel.pieces(outer, nanoseconds: work, unit: 1, rows) }
    if outer >= 8 || inner < narrow {
      return Parallel.pieces(outer, nanoseconds: work, unit: 1) { part in for o in part { columns(o, 0..<inner) } }
    }
    for o in 0..<outer { Parallel.pieces(inner, nanoseconds: work / outer, unit: 64) { columns(o, $0) } }
  }

  /// Calls `body` for the blocks of long rows, on several threads.
  private static func shareBlocks(
    rows: Int, size: Int, cost: Int, _ body: (_ place: Int, _ row: Int, _ part: Range<Int>) -> Void
  ) {
    let block = block(size), blocks = (size + block - 1) / block
    Parallel.pieces(rows * blocks, nanoseconds: Size.product(rows, size) / 1000 * cost, unit: 1) { part in
      for place in part {
        let first = place % blocks * block
        body(place, place / blocks, first..<min(size, first + block))
      }
    }
  }

  /// The sums along the axis.
  static func totals(_ x: [Float], _ around: Around) -> [Double] { totals(Rows(x, around), around) }

  /// The same of elements that stand apart.
  static func totals(_ x: Rows, _ around: Around) -> [Double] { reduced(x, around, means: nil) }

  /// The sums of the squares of the distances from `means`, one for each result.
  static func squares(_ x: [Float], _ around: Around, means: [Double]) -> [Double] {
    squares(Rows(x, around), around, means: means)
  }

  /// The same of elements that stand apart.
  static func squares(_ x: Rows, _ around: Around, means: [Double]) -> [Double] {
    precondition(means.count == around.outer * around.inner)
    return reduced(x, around, means: means)
  }

  private static func reduced(_ x: Rows, _ around: Around, means: [Double]?) -> [Double] {
    let (outer, size, inner) = around
    x.check(around)
    guard outer * size * inner > 0 else { return totals(outer * inner) }
    let middles = means ?? []
    return unsafe x.base.withUnsafeBufferPointer { base in
      unsafe middles.withUnsafeBufferPointer { middles in
        guard let base = base.baseAddress else { return [] }
        let middles = means == nil ? nil : middles.baseAddress
        return unsafe inner == 1
          ? rows(base + x.start, x.outer, outer, size, middles) : columns(base + x.start, x, around, middles)
      }
    }
  }

  /// Those of rows that begin `apart`.
  private static func rows(
    _ x: UnsafePointer<Float>, _ apart: Int, _ rows: Int, _ size: Int, _ means: UnsafePointer<Double>?
  ) -> [Double] {
    func add(
      _ rows: Int, _ size: Int, _ x: UnsafePointer<Float>, _ means: UnsafePointer<Double>?,
      _ sums: UnsafeMutablePointer<Double>
    ) {
      if let means = unsafe means {
        unsafe pb_row_squares(rows, size, x, means, sums)
      } else {
        unsafe pb_row_totals(rows, size, x, sums)
      }
    }
    var sums = size > longest ? totals(rows) : uninitializedTotals(rows)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      guard size > longest else {
        Parallel.pieces(rows, nanoseconds: rows * size / 8, unit: 1) { part in
          let step = apart == size ? part.count : 1
          for first in stride(from: part.lowerBound, to: part.upperBound, by: step) {
            unsafe add(step, size, x + first * apart, means.map { unsafe $0 + first }, sums + first)
          }
        }
        return
      }
      let block = block(size), blocks = (size + block - 1) / block
      var parts = totals(rows * blocks)
      unsafe parts.withUnsafeMutableBufferPointer { parts in
        guard let parts = parts.baseAddress else { return }
        Parallel.pieces(rows * blocks, nanoseconds: rows * size / 8, unit: 1) { part in
          for place in part {
            let (row, first) = (place / blocks, place % blocks * block)
            unsafe add(
              1, min(block, size - first), x + row * apart + first, means.map { unsafe $0 + row }, parts + place)
          }
        }
        for place in 0..<rows * blocks { unsafe sums[place / blocks] += parts[place] }
      }
    }
    return sums
  }

  private static func columns(
    _ x: UnsafePointer<Float>, _ apart: Rows, _ around: Around, _ means: UnsafePointer<Double>?
  ) -> [Double] {
    let (outer, size, inner) = around
    func add(
      _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ means: UnsafePointer<Double>?,
      _ sums: UnsafeMutablePointer<Double>
    ) {
      if let means = unsafe means {
        unsafe pb_column_squares(rows, columns, apart.step, x, means, sums)
      } else {
        unsafe pb_column_totals(rows, columns, apart.step, x, sums)
      }
    }
    let work = outer * size * inner / 8
    // Narrow columns are cut into blocks of rows, wide ones between the threads.
    let block = inner < 256 && size > tallest ? block(size, most: tallest) : max(size, 1)
    let blocks = (size + block - 1) / block
    var sums = totals(outer * blocks * inner)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      if outer * blocks >= 8 || inner < 256 {
        Parallel.pieces(outer * blocks, nanoseconds: work, unit: 1) { part in
          for place in part {
            let (o, first) = (place / blocks, place % blocks * block)
            let rows = min(block, size - first)
            unsafe add(
              rows, inner, x + o * apart.outer + first * apart.step, means.map { unsafe $0 + o * inner },
              sums + place * inner)
          }
        }
      } else {
        for o in 0..<outer {
          Parallel.pieces(inner, nanoseconds: work / outer, unit: 64) { part in
            let first = part.lowerBound
            unsafe add(
              size, part.count, x + o * apart.outer + first, means.map { unsafe $0 + o * inner + first },
              sums + o * inner + first)
          }
        }
      }
    }
    guard blocks > 1 else { return sums }
    var whole = totals(outer * inner)
    for o in 0..<outer {
      for b in 0..<blocks { for i in 0..<inner { whole[o * inner + i] += sums[(o * blocks + b) * inner + i] } }
    }
    return whole
  }

  /// `x` less the means along the axis.
  static func centered(_ x: [Float], _ around: Around, means: [Double]) -> [Float] {
    let (outer, size, inner) = around
    var y = uninitialized(x.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe means.withUnsafeBufferPointer { means in
          guard let x = x.baseAddress, let y = y.baseAddress, let means = means.baseAddress else { return }
          for o in 0..<(inner == 1 ? 1 : outer) {
            let rows = inner == 1 ? outer : size, width = inner == 1 ? size : inner
            let base = o * size * inner
            Parallel.pieces(rows, nanoseconds: rows * width / 2, unit: 1) { part in
              let first = base + part.lowerBound * width
              unsafe pb_centered(
                part.count, width, inner == 1 ? 0 : 1, x + first,
                means + (inner == 1 ? part.lowerBound : o * inner), y + first)
            }
          }
        }
      }
    }
    return y
  }

  /// Where along the axis the largest elements are, with a `sign` of -1 the smallest: the first NaN, else the first of equal ones.
  static func extremes(_ x: [Float], _ around: Around, sign: Float) -> [Int32] {
    let (outer, size, inner) = around
    if inner == 1, size > longest { return longExtremes(x, outer, size, sign: sign) }
    var places = [Int32](repeating: 0, count: outer * inner)
    var best = uninitialized(inner == 1 ? 0 : outer * inner)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe places.withUnsafeMutableBufferPointer { places in
        unsafe best.withUnsafeMutableBufferPointer { best in
          guard let x = x.baseAddress, let places = places.baseAddress else { return }
          share(around, cost: 250) { part in
            unsafe pb_row_extremes(part.count, size, sign, x + part.lowerBound * size, places + part.lowerBound)
          } columns: { o, part in
            guard let best = best.baseAddress else { return }
            let place = o * inner + part.lowerBound
            unsafe pb_column_extremes(
              size, part.count, inner, sign, x + o * size * inner + part.lowerBound, best + place, places + place)
          }
        }
      }
    }
    return places
  }

  /// The extremes of long rows, block by block.
  private static func longExtremes(_ x: [Float], _ rows: Int, _ size: Int, sign: Float) -> [Int32] {
    let block = block(size), blocks = (size + block - 1) / block
    var found = [Int32](repeating: 0, count: rows * blocks)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe found.withUnsafeMutableBufferPointer { found in
        guard let x = x.baseAddress, let found = found.baseAddress else { return }
        shareBlocks(rows: rows, size: size, cost: 250) { place, row, part in
          unsafe pb_row_extremes(1, part.count, sign, x + row * size + part.lowerBound, found + place)
        }
      }
    }
    return (0..<rows).map { row in
      let places = (0..<blocks).map { $0 * block + Int(found[row * blocks + $0]) }
      var best = places[0]
      for place in places.dropFirst() {
        let (a, b) = (x[row * size + best] * sign, x[row * size + place] * sign)
        if b > a || b.isNaN && !a.isNaN { best = place }
      }
      return Int32(best)
    }
  }

  /// The largest elements along the axis, with a `sign` of -1 the smallest; NaN where one is.
  static func largest(_ x: [Float], _ around: Around, sign: Float) -> [Float] {
    largest(Rows(x, around), around, sign: sign)
  }

  /// The same of elements that stand apart.
  static func largest(_ x: Rows, _ around: Around, sign: Float) -> [Float] {
    let (outer, size, inner) = around
    precondition(size > 0)
    x.check(around)
    var y = uninitialized(outer * inner)
    let isLong = inner == 1 && size > longest, block = block(size)
    var parts = uninitialized(isLong ? outer * ((size + block - 1) / block) : 0)
    unsafe x.base.withUnsafeBufferPointer { base in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let base = base.baseAddress, let y = y.baseAddress else { return }
        let start = unsafe base + x.start
        guard !isLong else {
          return unsafe parts.withUnsafeMutableBufferPointer { parts in
            guard let found = parts.baseAddress else { return }
            shareBlocks(rows: outer, size: size, cost: 125) { place, row, part in
              unsafe pb_row_largest(1, part.count, sign, start + row * x.outer + part.lowerBound, found + place)
            }
            unsafe pb_row_largest(outer, parts.count / outer, sign, found, y)
          }
        }
        share(around, cost: 125) { part in
          let step = x.outer == size ? part.count : 1
          for first in stride(from: part.lowerBound, to: part.upperBound, by: step) {
            unsafe pb_row_largest(step, size, sign, start + first * x.outer, y + first)
          }
        } columns: { o, part in
          unsafe pb_column_largest(
            size, part.count, x.step, sign, start + o * x.outer + part.lowerBound, y + o * inner + part.lowerBound)
        }
      }
    }
    return y
  }

  /// What each of `dy` is shared evenly among: the elements along the axis that are the one that was chosen, NaN where that is NaN.
  static func shared(_ dy: [Float], _ x: [Float], _ around: Around, chosen: [Float]) -> [Float] {
    let (outer, size, inner) = around
    precondition(dy.count == outer * inner && chosen.count == dy.count && x.count == dy.count * size)
    guard !x.isEmpty else { return [] }
    var dx = uninitialized(x.count)
    let isLong = inner == 1 && size > longest, block = block(size)
    var counts = [Int](repeating: 0, count: isLong ? outer * ((size + block - 1) / block) : 0)
    unsafe withStarts(x, dy, chosen, chosen, &dx) { x, dy, chosen, _, dx in
      guard !isLong else {
        return unsafe counts.withUnsafeMutableBufferPointer { counts in
          guard let found = counts.baseAddress else { return }
          shareBlocks(rows: outer, size: size, cost: 150) { place, row, part in
            let first = row * size + part.lowerBound
            unsafe pb_count_chosen(part.count, x + first, chosen[row], dx + first, found + place)
          }
          let blocks = counts.count / outer
          shareBlocks(rows: outer, size: size, cost: 10) { place, row, part in
            guard unsafe found[place] > 0 else { return }
            let count = (row * blocks..<(row + 1) * blocks).reduce(0) { unsafe $0 + found[$1] }
            let first = row * size + part.lowerBound
            unsafe pb_share_row(
              part.count, x + first, chosen[row], dy[row] / Float(count), found[place], dx + first)
          }
        }
      }
      share(around, cost: 500) { part in
        let (row, first) = (part.lowerBound, part.lowerBound * size)
        unsafe pb_share_rows(part.count, size, x + first, chosen + row, dy + row, dx + first)
      } columns: { o, part in
        let (row, first) = (o * inner + part.lowerBound, o * size * inner + part.lowerBound)
        unsafe pb_share_columns(size, part.count, inner, x + first, chosen + row, dy + row, dx + first)
      }
    }
    return dx
  }

  /// Running sums along the axis.
  static func running(_ x: [Float], _ around: Around, backwards: Bool) -> [Float] {
    let (_, size, inner) = around
    // Of an axis of size 0 there may be any number.
    guard !x.isEmpty else { return [] }
    let direction: Int32 = backwards ? 1 : 0
    var y = uninitialized(x.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        share(around, cost: size < 64 && inner == 1 ? 1000 : 500, narrow: 256) { part in
          let first = part.lowerBound * size
          if size < 64 { return unsafe pb_running_rows(part.count, size, direction, x + first, y + first) }
          for o in part {
            var sum = 0.0
            unsafe pb_running(size, 1, 1, direction, x + o * size, y + o * size, &sum)
          }
        } columns: { o, part in
          var sums = totals(part.count)
          let place = o * size * inner + part.lowerBound
          unsafe pb_running(size, part.count, inner, direction, x + place, y + place, &sums)
        }
      }
    }
    return y
  }

  /// A kernel over rows of `classes`, which reads `a` and perhaps `b`, on several threads.
  static func overRows(
    _ a: [Float], _ b: [Float]? = nil, classes: Int,
    _ kernel: (Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    let other = b ?? a
    precondition(a.count == other.count)
    guard classes > 0 else { return uninitialized(a.count) }
    var y = uninitialized(a.count)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe other.withUnsafeBufferPointer { b in
        unsafe y.withUnsafeMutableBufferPointer { y in
          guard let a = a.baseAddress, let b = b.baseAddress, let start = y.baseAddress else { return }
          Parallel.pieces(y.count / classes, nanoseconds: y.count, unit: 1) { part in
            let first = part.lowerBound * classes
            unsafe kernel(part.count, classes, a + first, b + first, start + first)
          }
        }
      }
    }
    return y
  }

  static func logSoftmax(_ x: [Float], classes: Int) -> [Float] {
    unsafe overRows(x, classes: classes) { unsafe pb_log_softmax($0, $1, $2, $4) }
  }

  /// The gradient of `logSoftmax` from what came out.
  static func logSoftmaxBackward(_ y: [Float], classes: Int, gradient dy: [Float]) -> [Float] {
    unsafe overRows(y, dy, classes: classes) { unsafe pb_log_softmax_backward($0, $1, $2, $3, $4) }
  }

  /// The gradient of `softmax` from what came out.
  static func softmaxBackward(_ y: [Float], classes: Int, gradient dy: [Float]) -> [Float] {
    unsafe overRows(y, dy, classes: classes) { unsafe pb_softmax_backward($0, $1, $2, $3, $4) }
  }
}
