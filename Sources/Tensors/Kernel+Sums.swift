import Kernels

/// Sums of which there are many, as floats.
extension Kernel {
  /// What is added up along an axis.
  enum Summed {
    case elements, squares
  }

  /// What is made of a sum.
  enum Finish {
    case rounded, divided(Float), root

    func callAsFunction(_ sum: Double) -> Float {
      switch self {
      case .rounded: Float(sum)
      case .divided(let count): Float(sum) / count
      case .root: Float(sum.squareRoot())
      }
    }

    /// The same of `count` sums, without asking for each of them which it is.
    func callAsFunction(_ count: Int, _ sums: UnsafePointer<Double>, into y: UnsafeMutablePointer<Float>) {
      switch self {
      case .rounded: for k in 0..<count { unsafe y[k] = Float(sums[k]) }
      case .divided(let divisor): for k in 0..<count { unsafe y[k] = Float(sums[k]) / divisor }
      case .root: for k in 0..<count { unsafe y[k] = Float(sums[k].squareRoot()) }
      }
    }
  }

  /// The columns that a kernel adds up in one way, wherever they begin.
  private static let strip = 64

  /// The sums that are worked out at a time, which stay near.
  private static let near = 8 * strip

  /// What `finish` makes of the sums along the axis of the elements or of their squares: never are many of them kept in double precision.
  static func sums(of summed: Summed, _ x: Rows, _ around: Around, _ finish: Finish) -> [Float] {
    let (outer, size, inner) = around
    let isByRow = inner == 1
    guard outer * inner > near, size > 0, size <= longest, isByRow || inner >= near else {
      let sums = summed == .elements ? totals(x, around) : squares(x, around, means: totals(outer * inner))
      return sums.map { finish($0) }
    }
    x.check(around)
    // Single rows, or strips of the columns of each outer place.
    let width = isByRow ? 1 : strip
    let strips = isByRow ? outer : (inner + strip - 1) / strip
    var y = uninitialized(outer * inner)
    unsafe x.base.withUnsafeBufferPointer { base in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let base = base.baseAddress, let y = y.baseAddress else { return }
        let work = outer * size * inner / 8
        Parallel.pieces(isByRow ? outer : outer * strips, nanoseconds: work, unit: isByRow ? strip : 1) { piece in
          unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: near) { sums in
            guard let sums = sums.baseAddress else { return }
            var place = piece.lowerBound
            while place < piece.upperBound {
              let (o, first) = isByRow ? (0, place) : (place / strips, place % strips * width)
              let taken = min(near / width, strips - place % strips, piece.upperBound - place)
              let count = min(taken * width, (isByRow ? outer : inner) - first)
              if isByRow {
                unsafe addRows(summed, count, size, base + x.start + first * x.outer, x.outer, sums)
              } else {
                unsafe sums.update(repeating: 0, count: count)
                unsafe addColumns(summed, size, count, base + x.start + o * x.outer + first, x.step, sums)
              }
              unsafe finish(count, sums, into: y + o * inner + first)
              place += taken
            }
          }
        }
      }
    }
    return y
  }

  private static func addRows(
    _ summed: Summed, _ rows: Int, _ size: Int, _ x: UnsafePointer<Float>, _ apart: Int,
    _ sums: UnsafeMutablePointer<Double>
  ) {
    let step = apart == size ? rows : 1
    for row in stride(from: 0, to: rows, by: step) {
      switch summed {
      case .elements: unsafe pb_row_totals(step, size, x + row * apart, sums + row)
      case .squares: unsafe pb_row_squares(step, size, x + row * apart, nil, sums + row)
      }
    }
  }

  private static func addColumns(
    _ summed: Summed, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ apart: Int,
    _ sums: UnsafeMutablePointer<Double>
  ) {
    switch summed {
    case .elements: unsafe pb_column_totals(rows, columns, apart, x, sums)
    case .squares: unsafe pb_column_squares(rows, columns, apart, x, nil, sums)
    }
  }

  /// The sum of elements that stand evenly apart, which are put side by side part by part.
  static func total(_ x: [Float], start: Int, step: Int, count: Int) -> Double {
    guard count > 0 else { return 0 }
    let block = count > longest ? block(count) : count
    var sums = totals((count + block - 1) / block)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      Parallel.pieces((count + block - 1) / block, nanoseconds: count / 4, unit: 1) { part in
        var near = uninitialized(block)
        for place in part {
          let size = min(block, count - place * block)
          LayoutCopy([size], from: [step], start: start + place * block * step).run(x, into: &near)
          unsafe pb_row_totals(1, size, near, sums + place)
        }
      }
    }
    return sums.reduce(0, +)
  }
}
