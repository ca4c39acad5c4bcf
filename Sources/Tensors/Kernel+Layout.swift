import Kernels
import Safepoint
import Synchronization

/// A copy between two layouts: the sizes of the axes, and how far one moves on both sides for a step along each.
struct LayoutCopy {
  private let shape: Shape
  private var from: [Int]
  /// nil where elements are written side by side.
  private var to: [Int]?
  /// Where both sides begin.
  private var start, target: Int

  /// A copy of elements of `shape` from `start` on to `target` on, side by side unless there is a `to`.
  init(_ shape: Shape, from: [Int], start: Int = 0, to: [Int]? = nil, target: Int = 0) {
    precondition(from.count == shape.count && to?.count ?? from.count == shape.count)
    (self.shape, self.from, self.to, self.start, self.target) = (shape, from, to, start, target)
    guard var to, to.contains(where: { $0 < 0 }) else { return }
    // What is written backwards is read backwards instead.
    for axis in shape.indices where to[axis] < 0 && shape[axis] > 0 {
      self.start += (shape[axis] - 1) * from[axis]
      self.target += (shape[axis] - 1) * to[axis]
      (self.from[axis], to[axis]) = (-from[axis], -to[axis])
    }
    self.to = to
  }

  /// Copies; what both sides do not name stays.
  func run(_ x: [Float], into y: inout [Float]) {
    guard shape.elementCount > 0 else { return }
    unsafe withUnsafeTemporaryAllocation(of: pb_copy.self, capacity: 1) { copies in
      unsafe x.withUnsafeBufferPointer { from in
        unsafe y.withUnsafeMutableBufferPointer { to in
          guard let copy = copies.baseAddress, let x = from.baseAddress, let y = to.baseAddress else {
            preconditionFailure("a copy from or to nothing")
          }
          let isInside = unsafe pb_plan_copy(
            copy, shape.count, shape, self.from, start, from.count, self.to, target, to.count)
          precondition(isInside != 0, "a copy from or to places outside")
          let entries = unsafe pb_split_size(copy)
          Parallel.pieces(entries, nanoseconds: unsafe pb_copy_cost(copy), unit: entries >= 64 ? 16 : 1) { part in
            unsafe pb_copy_part(copy, part.lowerBound, part.count, x + start, y + target)
          }
        }
      }
    }
  }
}

extension Kernel {
  /// Whether all elements are whole numbers from `low` on below `limit`.
  static func areWholes(_ x: [Float], from low: Float, below limit: Float) -> Bool {
    unsafe holds(x) { unsafe pb_count_wholes($0, low, limit, $1, $2) }
  }

  /// Whether all elements are of at most a size.
  static func areWithin(_ x: [Float], _ size: Float) -> Bool {
    unsafe holds(x) { unsafe pb_count_within($0, size, $1, $2) }
  }

  /// Whether something holds for all elements; `count` counts those of a block for which it does.
  private static func holds(
    _ x: [Float], _ count: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Int>) -> Void
  ) -> Bool {
    let areAll = Atomic(true)
    let block = 1 << 14
    unsafe x.withUnsafeBufferPointer { x in
      guard let start = x.baseAddress else { return }
      Parallel.pieces(x.count, nanoseconds: x.count / 4) { part in
        for first in stride(from: part.lowerBound, to: part.upperBound, by: block) {
          guard areAll.load(ordering: .relaxed), !Safepoint.mustStop(after: block / 4) else { return }
          let size = min(block, part.upperBound - first)
          var found = 0
          unsafe count(size, start + first, &found)
          if found < size { areAll.store(false, ordering: .relaxed) }
        }
      }
    }
    // What was not looked at any more may be anything.
    return areAll.load(ordering: .relaxed) && !Safepoint.mustStop
  }

  /// Copies rows that stand one behind the other to `start` and on, each `apart` floats from the one before: few elements, without a look.
  static func copyRows(_ x: [Float], rows: Int, width: Int, into y: inout [Float], from start: Int, apart: Int) {
    precondition(rows > 0 && rows * width <= x.count && start + (rows - 1) * apart + width <= y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        for row in 0..<rows { unsafe (y + start + row * apart).update(from: x + row * width, count: width) }
      }
    }
  }

  /// Writes the rows of up to four arrays side by side, all that stand one behind the other in each, from `start` on and `apart` floats from one another:
  /// in the order in which they are written.
  static func joinRows(_ x: [[Float]], rows: Int, into y: inout [Float], from start: Int, apart: Int) {
    let widths = x.map { $0.count / rows } + [Int](repeating: 0, count: 4 - x.count)
    let width = widths.reduce(0, +)
    precondition(!x.isEmpty && start + (rows - 1) * apart + width <= y.count)
    func array(_ k: Int) -> [Float] { x[min(k, x.count - 1)] }
    unsafe withStarts(array(0), array(1), array(2), array(3), &y) { a, b, c, d, y in
      Parallel.pieces(rows, nanoseconds: rows * width / 4, unit: 1) { part in
        let first = part.lowerBound
        unsafe pb_join_rows(
          part.count, widths, a + first * widths[0], b + first * widths[1], c + first * widths[2],
          d + first * widths[3], y + start + first * apart, apart)
      }
    }
  }

  /// Whole numbers as places.
  static func places(_ x: [Float]) -> [Int] {
    let count = x.count
    var places = uninitializedPlaces(count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe places.withUnsafeMutableBufferPointer { places in
        guard let x = x.baseAddress, let places = places.baseAddress else { return }
        unsafe pb_whole_places(count, x, places)
      }
    }
    return places
  }

  /// How often each place 0 ..< `size` is among some, or the sums of their weights: block by block, whatever the threads.
  static func sums(_ size: Int, of places: [Float], weights: [Float]?) -> [Double] {
    let count = places.count
    precondition(weights.map { $0.count == count } ?? true)
    // Many sums are not kept for each block.
    let block = size <= 1 << 12 ? 1 << 16 : max(count, 1)
    let blocks = (count + block - 1) / block
    var sums = totals(max(blocks, 1) * size)
    unsafe places.withUnsafeBufferPointer { places in
      unsafe (weights ?? []).withUnsafeBufferPointer { other in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let places = places.baseAddress, let sums = sums.baseAddress else { return }
          let other = weights == nil ? nil : other.baseAddress
          Parallel.pieces(blocks, nanoseconds: count, unit: 1) { part in
            for place in part {
              let first = place * block
              unsafe pb_add_places(
                min(block, count - first), size, places + first, other.map { unsafe $0 + first }, sums + place * size)
            }
          }
        }
      }
    }
    guard blocks > 1 else { return sums }
    return (0..<size).map { k in (0..<blocks).reduce(0) { $0 + sums[$1 * size + k] } }
  }

  /// The elements of each of `rows` at the places of its row of `places`, which are looked at on the way: nil where one is no whole
  /// number inside the rows.
  static func gatherRows(_ x: [Float], rows: Int, _ places: [Float]) -> [Float]? {
    guard !places.isEmpty else { return [] }
    let (width, taken) = (x.count / rows, places.count / rows)
    guard Int(exactly: Float(width)) == width else { return nil }
    let areInside = Atomic(true)
    var y = uninitialized(places.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe places.withUnsafeBufferPointer { places in
        unsafe y.withUnsafeMutableBufferPointer { y in
          guard let x = x.baseAddress, let places = places.baseAddress, let y = y.baseAddress else { return }
          // So many rows, or such a part of one, that what was looked at is still near.
          let near = 1 << 13
          let (height, length) = (max(near / taken, 1), min(taken, near))
          Parallel.pieces(rows, nanoseconds: Size.product(rows, taken), unit: 1) { part in
            for row in stride(from: part.lowerBound, to: part.upperBound, by: height) {
              let count = min(height, part.upperBound - row)
              for first in stride(from: 0, to: taken, by: length) {
                let (start, length) = (row * taken + first, min(length, taken - first))
                if Safepoint.mustStop(after: count * length) { return }
                var found = 0
                unsafe pb_count_wholes(count * length, 0, Float(width), places + start, &found)
                guard found == count * length else { return areInside.store(false, ordering: .relaxed) }
                unsafe pb_gather_rows(count, width, length, x + row * width, places + start, y + start)
              }
            }
          }
        }
      }
    }
    return areInside.load(ordering: .relaxed) ? y : nil
  }

  /// The elements x[o, places[o, t, i], i] of [outer, size, inner] for places [outer, taken, inner] inside the axis.
  static func gatherColumns(_ x: [Float], _ around: Around, taken: Int, _ places: [Float]) -> [Float] {
    let (outer, size, inner) = around
    precondition(x.count == outer * size * inner && places.count == outer * taken * inner)
    var y = uninitialized(places.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe places.withUnsafeBufferPointer { places in
        unsafe y.withUnsafeMutableBufferPointer { y in
          guard let x = x.baseAddress, let places = places.baseAddress, let y = y.baseAddress else { return }
          Parallel.pieces(outer * taken, nanoseconds: outer * taken * inner, unit: 1) { part in
            for row in part {
              let first = row * inner
              unsafe pb_gather_columns(inner, inner, x + row / taken * size * inner, places + first, y + first)
            }
          }
        }
      }
    }
    return y
  }

  /// Zeros [outer, size, inner] to which elements are added where `gatherColumns` took them, in double precision where they are more than
  /// those; the threads take columns.
  static func scatterColumns(_ dy: [Float], _ around: Around, taken: Int, _ places: [Float]) -> [Float] {
    let (outer, size, inner) = around
    precondition(dy.count == places.count && places.count == outer * taken * inner)
    var x = zeros(outer * size * inner)
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe places.withUnsafeBufferPointer { places in
        unsafe x.withUnsafeMutableBufferPointer { x in
          guard let dy = dy.baseAddress, let places = places.baseAddress, let x = x.baseAddress else { return }
          for o in 0..<outer {
            Parallel.pieces(inner, nanoseconds: taken * inner, unit: 64) { part in
              guard taken <= size else {
                let (first, columns) = (o * taken * inner + part.lowerBound, part.count)
                var sums = totals(size * columns)
                unsafe pb_scatter_column_totals(taken, columns, inner, places + first, dy + first, &sums)
                for row in 0..<size {
                  let to = unsafe x + (o * size + row) * inner + part.lowerBound
                  for k in 0..<columns { unsafe to[k] = Float(sums[row * columns + k]) }
                }
                return
              }
              for t in 0..<taken {
                let first = (o * taken + t) * inner + part.lowerBound
                unsafe pb_scatter_columns(
                  part.count, inner, places + first, dy + first, x + o * size * inner + part.lowerBound)
              }
            }
          }
        }
      }
    }
    return x
  }

  /// The elements of each matrix [rows, columns] on and above a diagonal, or on and below it, 0 elsewhere.
  static func triangle(_ x: [Float], rows: Int, columns: Int, diagonal: Int, isUpper: Bool) -> [Float] {
    guard !x.isEmpty else { return [] }
    let count = x.count / columns
    var y = uninitialized(x.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(count, nanoseconds: count * columns / 6, unit: 1) { part in
          for row in part {
            if Safepoint.mustStop(after: columns / 4 + 4) { return }
            let edge = min(max(row % rows + diagonal + (isUpper ? 0 : 1), 0), columns)
            let (from, to) = unsafe (x + row * columns, y + row * columns)
            unsafe (isUpper ? to : to + edge).update(repeating: 0, count: isUpper ? edge : columns - edge)
            if isUpper {
              unsafe (to + edge).update(from: from + edge, count: columns - edge)
            } else {
              unsafe to.update(from: from, count: edge)
            }
          }
        }
      }
    }
    return y
  }

  /// Rows of x [rows, width] at some places.
  static func pickedRows(_ x: [Float], width: Int, _ places: [Int]) -> [Float] {
    precondition(width > 0 && places.allSatisfy { $0 >= 0 && ($0 + 1) * width <= x.count }, "a row outside")
    var y = uninitialized(places.count * width)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        let work = places.count * (width / 4 + 2)
        Parallel.pieces(places.count, nanoseconds: work, unit: width == 1 ? 1 << 12 : 1) { part in
          if width == 1 {
            return Pieces.walk(part.count) {
              for k in $0 { unsafe y[part.lowerBound + k] = x[places[part.lowerBound + k]] }
            }
          }
          for k in part {
            if Safepoint.mustStop(after: width / 4 + 4) { return }
            unsafe (y + k * width).update(from: x + places[k] * width, count: width)
          }
        }
      }
    }
    return y
  }

  /// Zeros [rows, width] to which rows of `dy` are added at their places, in double precision where they are more than those; the
  /// threads take columns.
  static func spreadRows(_ dy: [Float], width: Int, _ places: [Int], rows: Int) -> [Float] {
    precondition(dy.count == places.count * width && places.allSatisfy { $0 >= 0 && $0 < rows }, "a row outside")
    if places.count <= rows, width >= 16 { return spreadWideRows(dy, width: width, places, rows: rows) }
    var y = zeros(rows * width)
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let dy = dy.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(width, nanoseconds: places.count * width / 2, unit: 16) { part in
          let (first, count) = (part.lowerBound, part.count)
          guard places.count > rows else {
            if width == 1 {
              for (k, place) in places.enumerated() { unsafe y[place] += dy[k] }
              return
            }
            for (k, place) in places.enumerated() {
              unsafe pb_axpy(count, 1, dy + k * width + first, y + place * width + first)
            }
            return
          }
          // Some rows are taken several times, perhaps millions of times.
          var sums = totals(rows * count)
          unsafe pb_add_row_totals(places.count, count, width, places, dy + first, &sums)
          for row in 0..<rows {
            for k in 0..<count { unsafe y[row * width + first + k] = Float(sums[row * count + k]) }
          }
        }
      }
    }
    return y
  }

  /// The same of wide rows, whose places each thread looks through for those that are its own.
  private static func spreadWideRows(_ dy: [Float], width: Int, _ places: [Int], rows: Int) -> [Float] {
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe filled(rows * width, nanoseconds: rows * width / 4, unit: width) { y, part in
        let own = part.lowerBound / width..<part.upperBound / width
        unsafe (y + part.lowerBound).update(repeating: 0, count: part.count)
        guard let dy = dy.baseAddress else { return }
        for (k, place) in places.enumerated() where own.contains(place) {
          unsafe pb_axpy(width, 1, dy + k * width, y + place * width)
        }
      }
    }
  }
}
