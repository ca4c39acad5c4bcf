import Kernels
import Safepoint

/// Products along the middle axis of [outer, size, inner], and logarithms of sums along the last.
extension Kernel {
  /// The products along the axis, in double precision.
  static func products(_ x: [Float], _ around: Around) -> [Double] {
    let (outer, size, inner) = around
    precondition(x.count == outer * size * inner)
    if inner == 1, size > longest { return longProducts(x, rows: outer, size) }
    var products = totals(outer * inner)
    Pieces.walk(products.count) { for k in $0 { products[k] = 1 } }
    unsafe x.withUnsafeBufferPointer { x in
      unsafe products.withUnsafeMutableBufferPointer { products in
        guard let x = x.baseAddress, let products = products.baseAddress else { return }
        let work = outer * size * inner / 8
        Parallel.pieces(outer, nanoseconds: work, unit: 1) { part in
          guard inner > 1 else {
            return unsafe pb_row_products(
              part.count, size, x + part.lowerBound * size, products + part.lowerBound, nil)
          }
          for o in part {
            // Wide columns are shared out where the rows are few.
            Parallel.pieces(inner, nanoseconds: outer < 8 ? work / outer : 0, unit: 64) { part in
              let place = o * size * inner + part.lowerBound
              unsafe pb_column_products(
                size, part.count, inner, x + place, nil, products + o * inner + part.lowerBound)
            }
          }
        }
      }
    }
    return products
  }

  /// The products of long rows, part by part.
  private static func longProducts(_ x: [Float], rows: Int, _ size: Int) -> [Double] {
    let block = block(size), parts = (size + block - 1) / block
    var (products, powers) = (totals(rows * parts), [Int](repeating: 0, count: rows * parts))
    unsafe x.withUnsafeBufferPointer { x in
      unsafe products.withUnsafeMutableBufferPointer { products in
        unsafe powers.withUnsafeMutableBufferPointer { powers in
          guard let x = x.baseAddress, let products = products.baseAddress, let powers = powers.baseAddress else {
            return
          }
          Parallel.pieces(rows * parts, nanoseconds: rows * size / 8, unit: 1) { part in
            for place in part {
              let first = place % parts * block
              unsafe pb_row_products(
                1, min(block, size - first), x + place / parts * size + first, products + place, powers + place)
            }
          }
        }
      }
    }
    return (0..<rows).map { row in
      var (product, power) = (1.0, 0)
      for place in row * parts..<(row + 1) * parts {
        product *= products[place]
        power += powers[place]
        guard product.isNormal else { continue }
        power += Int(product.exponent)
        product = Double(sign: product.sign, exponent: 0, significand: product.significand)
      }
      return Double(sign: .plus, exponent: max(-4000, min(power, 4000)), significand: product)
    }
  }

  /// The products up to each place along the axis.
  static func runningProducts(_ x: [Float], _ around: Around) -> [Float] {
    let (outer, size, inner) = around
    precondition(x.count == outer * size * inner)
    return unsafe alongRows(x, rows: outer, width: size * inner, cost: 2) { x, part, y in
      guard inner > 1 else { return unsafe pb_running_products(part.count, size, x, y) }
      for o in 0..<part.count {
        var products = [Double](repeating: 1, count: inner)
        unsafe pb_column_products(size, inner, inner, x + o * size * inner, y + o * size * inner, &products)
      }
    }
  }

  /// Rows made of rows of the same width; an element costs about `cost` nanoseconds.
  private static func alongRows(
    _ x: [Float], rows: Int, width: Int, cost: Int,
    _ body: (UnsafePointer<Float>, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    var y = uninitialized(x.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(rows, nanoseconds: Size.product([rows, width, cost]), unit: 4) { part in
          let first = part.lowerBound * width
          unsafe body(x + first, part, y + first)
        }
      }
    }
    return y
  }

  /// Softmax along the middle axis, or its logarithm.
  static func columnSoftmax(_ x: [Float], _ around: Around, isLogarithm: Bool) -> [Float] {
    unsafe overColumns(x, x, around, cost: 4) {
      unsafe pb_column_softmax($0, $1, around.inner, isLogarithm ? 1 : 0, $2, $4)
    }
  }

  /// The gradient of `columnSoftmax` from what came out.
  static func columnSoftmaxBackward(
    _ y: [Float], _ around: Around, isLogarithm: Bool, gradient dy: [Float]
  ) -> [Float] {
    unsafe overColumns(y, dy, around, cost: 2) {
      unsafe pb_column_softmax_backward($0, $1, around.inner, isLogarithm ? 1 : 0, $2, $3, $4)
    }
  }

  /// A kernel over the columns of each [size, inner] of two arrays, so many rows of so many columns at once.
  private static func overColumns(
    _ a: [Float], _ b: [Float], _ around: Around, cost: Int,
    _ kernel: (Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    let (outer, size, inner) = around
    precondition(a.count == b.count && a.count == outer * size * inner)
    var y = uninitialized(a.count)
    // An axis of size 0 may stand beside one without an end.
    guard !a.isEmpty else { return y }
    unsafe withStarts(a, b, a, b, &y) { a, b, _, _, y in
      func columns(_ o: Int, _ part: Range<Int>) {
        let place = o * size * inner + part.lowerBound
        unsafe kernel(size, part.count, a + place, b + place, y + place)
      }
      if outer >= 8 {
        Parallel.pieces(outer, nanoseconds: outer * size * inner * cost / 4, unit: 1) { part in
          for o in part { columns(o, 0..<inner) }
        }
      } else {
        for o in 0..<outer {
          Parallel.pieces(inner, nanoseconds: size * inner * cost / 4, unit: 64) { columns(o, $0) }
        }
      }
    }
    return y
  }

  /// The logarithms of the sums of e to the power of the elements of rows of `size`.
  static func logSumExp(_ x: [Float], rows: Int, size: Int) -> [Float] {
    precondition(x.count == rows * size)
    guard size > 0 else { return repeating(-.infinity, rows) }
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe filled(rows, nanoseconds: rows * size / 2, unit: 1) { y, part in
        guard let x = x.baseAddress else { return }
        unsafe pb_log_sum_exp(part.count, size, x + part.lowerBound * size, y + part.lowerBound)
      }
    }
  }

  /// The gradient of `logSumExp` from what came out.
  static func logSumExpBackward(_ x: [Float], _ y: [Float], size: Int, gradient dy: [Float]) -> [Float] {
    precondition(x.count == y.count * size && dy.count == y.count)
    return unsafe y.withUnsafeBufferPointer { y in
      unsafe dy.withUnsafeBufferPointer { dy in
        unsafe alongRows(x, rows: y.count, width: size, cost: 1) { x, part, dx in
          guard let y = y.baseAddress, let dy = dy.baseAddress else { return }
          unsafe pb_log_sum_exp_backward(part.count, size, x, y + part.lowerBound, dy + part.lowerBound, dx)
        }
      }
    }
  }

  /// The sums of the rows of x [depth, columns] times the elements of a vector, to the bit those of the rows of its transpose.
  static func columnVector(_ x: Rows, _ vector: [Float], depth: Int, columns: Int) -> [Float] {
    x.check((1, depth, columns))
    precondition(vector.count == depth)
    return unsafe x.base.withUnsafeBufferPointer { base in
      unsafe vector.withUnsafeBufferPointer { vector in
        unsafe filled(columns, nanoseconds: depth * columns / 8, unit: 64) { y, part in
          guard let base = base.baseAddress, let vector = vector.baseAddress else { return }
          let first = part.lowerBound
          unsafe pb_column_vector(depth, part.count, x.step, base + x.start + first, vector, y + first)
        }
      }
    }
  }

  /// The sum of the products of elements, in double precision.
  static func dot(_ a: [Float], _ b: [Float]) -> Double {
    precondition(a.count == b.count)
    let (count, block) = (a.count, 1 << 15)
    let blocks = max(1, (count + block - 1) / block)
    var sums = [Double](repeating: 0, count: blocks)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let a = a.baseAddress, let b = b.baseAddress, let sums = sums.baseAddress else { return }
          Parallel.pieces(blocks, nanoseconds: count / 6, unit: 1) { part in
            for place in part {
              let first = place * block
              unsafe pb_row_dots(1, min(block, count - first), a + first, b + first, sums + place)
            }
          }
        }
      }
    }
    return sums.reduce(0, +)
  }
}
