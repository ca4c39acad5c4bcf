import Kernels
import Safepoint

/// Elements put to places along the middle axis of [outer, size, inner], which the caller has checked.
extension Kernel {
  /// Calls `body` with each outer place and some of the columns behind it, on several threads; an element costs about `cost` nanoseconds.
  private static func forEachColumns(
    _ around: Around, taken: Int, cost: Int, _ body: (_ o: Int, _ columns: Range<Int>) -> Void
  ) {
    let (outer, _, inner) = around
    let work = Size.product([outer, taken, inner, cost])
    guard outer < 8, inner >= 128 else {
      return Parallel.pieces(outer, nanoseconds: work, unit: 1) { part in
        for o in part {
          if Safepoint.mustStop(after: 1) { return }
          body(o, 0..<inner)
        }
      }
    }
    for o in 0..<outer { Parallel.pieces(inner, nanoseconds: work / outer, unit: 64) { body(o, $0) } }
  }

  /// `x` with values [outer, taken, inner], or one for all, at y[o, places[o, t, i], i]; of several for one place the last stays.
  static func put(_ values: [Float], in x: Tensor, _ around: Around, at places: [Float]) -> [Float] {
    let (outer, size, inner) = around
    var y = x.single.map { repeating($0, x.count) } ?? x.values.copied
    guard !places.isEmpty, x.count > 0 else { return y }
    let taken = places.count / (outer * inner)
    let step = values.count == places.count ? 1 : 0
    precondition(x.count == outer * size * inner && places.count == outer * taken * inner)
    precondition(step == 1 || values.count == 1)
    unsafe withStarts(places, values, places, places, &y) { places, values, _, _, y in
      forEachColumns(around, taken: taken, cost: 1) { o, part in
        let first = o * taken * inner + part.lowerBound
        unsafe pb_put(
          taken, part.count, inner, places + first, values + first * step, step, y + o * size * inner + part.lowerBound)
      }
    }
    return y
  }

  /// What `put` left of the values, each taken of `dy` at its place: 0 where another came behind it.
  static func left(of dy: [Float], _ around: Around, at places: [Float]) -> [Float] {
    let (outer, size, inner) = around
    guard !places.isEmpty, !dy.isEmpty else { return zeros(places.count) }
    let taken = places.count / (outer * inner)
    precondition(dy.count == outer * size * inner && places.count == outer * taken * inner)
    var dx = uninitialized(places.count)
    unsafe withStarts(places, dy, places, places, &dx) { places, dy, _, _, dx in
      forEachColumns(around, taken: taken, cost: 3) { o, part in
        var last = unsafe [Int32](unsafeUninitializedCapacity: size * part.count) { _, made in made = size * part.count
        }
        let first = o * taken * inner + part.lowerBound
        unsafe pb_put_backward(
          taken, part.count, inner, places + first, dy + o * size * inner + part.lowerBound, &last, dx + first)
      }
    }
    return dx
  }

  /// The elements of rows of x [rows, width] at some places, the same in each.
  static func takeColumns(_ x: [Float], width: Int, _ places: [Int32]) -> [Float] {
    precondition(width > 0 && x.count % width == 0 && places.allSatisfy { (0..<Int32(width)).contains($0) })
    let (rows, taken) = (x.count / width, places.count)
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe filled(rows, width: taken, nanoseconds: rows * (taken + 2)) { y, part in
        guard let x = x.baseAddress else { return }
        let first = part.lowerBound
        unsafe pb_take_columns(part.count, width, taken, x + first * width, places, y + first * taken)
      }
    }
  }

  /// Zeros [rows, width] to each row of which the elements of its row of `dy` are added at some places.
  static func putColumns(_ dy: [Float], width: Int, _ places: [Int32]) -> [Float] {
    precondition(!places.isEmpty && places.allSatisfy { (0..<Int32(width)).contains($0) })
    let (rows, taken) = (dy.count / places.count, places.count)
    return unsafe dy.withUnsafeBufferPointer { dy in
      unsafe filled(rows, width: width, nanoseconds: rows * (taken + width / 8 + 2)) { x, part in
        guard let dy = dy.baseAddress else { return }
        let first = part.lowerBound
        unsafe pb_put_columns(part.count, width, taken, dy + first * taken, places, x + first * width)
      }
    }
  }

  /// An array of `rows` of `width` floats which `body` writes, some rows at a time on several threads where the work is worth it.
  private static func filled(
    _ rows: Int, width: Int, nanoseconds: Int, _ body: (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> [Float] {
    var y = uninitialized(rows * width)
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      Parallel.pieces(rows, nanoseconds: nanoseconds, unit: 1) { unsafe body(y, $0) }
    }
    return y
  }

  /// Zeros [rows, width] to each row of which the elements of its row of `x` are added at their places, in double precision where
  /// they are more than those; `base` is added to what comes out.
  static func scatterRows(
    _ x: [Float], rows: Int, width: Int, _ places: [Float], onto base: [Float] = []
  ) -> [Float] {
    precondition(x.count == places.count && (base.isEmpty || base.count == rows * width))
    let taken = places.count / rows
    var y = uninitialized(rows * width)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe places.withUnsafeBufferPointer { places in
        unsafe y.withUnsafeMutableBufferPointer { y in
          guard let y = y.baseAddress else { return }
          Parallel.pieces(rows, nanoseconds: rows * (taken + width / 8), unit: 1) { part in
            var sums = taken > width ? totals(width) : []
            if !base.isEmpty, taken <= width / 4 {
              var few = zeros(width)
              for row in part {
                guard !Safepoint.mustStop(after: width / 4 + 4), let x = x.baseAddress, let places = places.baseAddress
                else { return }
                let first = row * taken
                unsafe addFew(
                  x + first, at: places + first, count: taken, to: base, from: row * width, y + row * width, &few)
              }
              return
            }
            for row in part {
              unsafe (y + row * width).update(repeating: 0, count: width)
              guard let x = x.baseAddress, let places = places.baseAddress else { continue }
              let first = row * taken
              if taken > width {
                unsafe pb_scatter_row(taken, width, places + first, x + first, &sums, y + row * width)
              } else {
                unsafe pb_scatter_row(taken, width, places + first, x + first, nil, y + row * width)
              }
              if !base.isEmpty {
                unsafe base.withUnsafeBufferPointer {
                  if let base = $0.baseAddress { unsafe pb_axpy(width, 1, base + row * width, y + row * width) }
                }
              }
            }
          }
        }
      }
    }
    return y
  }

  /// A row of `base` with the sums of a few elements added at their places; `sums` are zeros before and after.
  private static func addFew(
    _ x: UnsafePointer<Float>, at places: UnsafePointer<Float>, count: Int, to base: [Float], from start: Int,
    _ y: UnsafeMutablePointer<Float>, _ sums: inout [Float]
  ) {
    unsafe base.withUnsafeBufferPointer { base in
      guard let base = base.baseAddress else { return }
      let row = unsafe base + start
      unsafe y.update(from: row, count: sums.count)
      for k in 0..<count { unsafe sums[Int(places[k])] += x[k] }
      for k in 0..<count { unsafe y[Int(places[k])] = row[Int(places[k])] + sums[Int(places[k])] }
      for k in 0..<count { unsafe sums[Int(places[k])] = 0 }
    }
  }
}
