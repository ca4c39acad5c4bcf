import Kernels
import Safepoint

/// The C kernels with arrays for pointers and their sizes checked: the only file that calls them.
package enum Kernel {
  /// The instruction set the kernels run with: "avx512", "avx2" or "portable".
  package static var instructionSet: String { unsafe String(cString: pb_instruction_set()) }

  /// Chooses an instruction set for the kernels that this thread calls; false where the processor lacks it. For tests.
  package static func use(_ instructionSet: String) -> Bool { unsafe pb_use_instruction_set(instructionSet) != 0 }

  /// Lets the kernels ask whether they must stop.
  private static let asks: Void = pb_ask_with { Safepoint.mustStop ? 1 : 0 }

  /// An array of `count` floats whose first values the caller writes, in pieces: a large one that there is no room for stops the
  /// work instead of being written. There may be room for more.
  static func uninitialized(_ count: Int, capacity: Int = 0) -> [Float] {
    _ = asks
    if count >= 1 << 22 { Safepoint.mayMake(4 * count) }
    // What the library makes for elements of any type asks for theirs each time.
    var floats: [Float] = []
    floats.append(addingCapacity: max(count, capacity)) { floats in
      unsafe floats.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }
    return floats
  }

  /// As `uninitialized`, for bytes of which any value will do.
  package static func uninitializedBytes(_ count: Int) -> [UInt8] {
    if count >= 1 << 24 { Safepoint.mayMake(count) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }

  /// As many bytes of one value; those behind the point where the work must stop have any value.
  package static func bytes(repeating value: UInt8, _ count: Int) -> [UInt8] {
    if count >= 1 << 24 { Safepoint.mayMake(count) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      for start in stride(from: 0, to: count, by: 1 << 20) {
        if Safepoint.mustStop(after: 1 << 18) { break }
        unsafe buffer[start..<min(start + (1 << 20), count)].initialize(repeating: value)
      }
    }
  }

  /// As `uninitialized`, for places: nobody may use them once the work must stop, as `Pieces` sees to.
  static func uninitializedPlaces(_ count: Int) -> [Int] {
    if count >= 1 << 21 { Safepoint.mayMake(8 * count) }
    return unsafe [Int](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }

  /// Where the floats of an array are, which tells arrays that are alive apart.
  static func address(of x: [Float]) -> UInt {
    unsafe x.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }

  /// An array of zeros, in pieces as `uninitialized`.
  static func zeros(_ count: Int) -> [Float] { repeating(0, count) }

  /// An array of one value, in pieces as `uninitialized`.
  static func repeating(_ value: Float, _ count: Int) -> [Float] {
    if count < 1 << 15 { return [Float](repeating: value, count: count) }
    return unsafe filled(count, nanoseconds: count / 8) { y, part in
      var first = part.lowerBound
      while first < part.upperBound, !Safepoint.mustStop(after: 1 << 14) {
        let count = min(1 << 17, part.upperBound - first)
        unsafe (y + first).update(repeating: value, count: count)
        first += count
      }
    }
  }

  /// As `uninitialized`, in double precision.
  static func uninitializedTotals(_ count: Int) -> [Double] {
    if count >= 1 << 21 { Safepoint.mayMake(8 * count) }
    var totals: [Double] = []
    totals.append(addingCapacity: count) { totals in
      unsafe totals.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }
    return totals
  }

  /// Zeros of double precision to add up in, in pieces as `uninitialized`.
  static func totals(_ count: Int) -> [Double] {
    if count < 1 << 19 { return [Double](repeating: 0, count: count) }
    var totals = uninitializedTotals(count)
    Pieces.walk(count) { for k in $0 { totals[k] = 0 } }
    return totals
  }

  /// sum += part
  package static func accumulate(_ part: [Float], into sum: inout [Float]) { axpy(1, part, into: &sum) }

  static func axpy(_ a: Float, _ x: [Float], into y: inout [Float]) {
    precondition(x.count == y.count)
    let count = x.count
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(count, nanoseconds: nanoseconds(count, 200)) { part in
          unsafe pb_axpy(part.count, a, x + part.lowerBound, y + part.lowerBound)
        }
      }
    }
  }

  /// a + b, with b over and over where a is longer.
  static func add(_ a: [Float], _ b: [Float]) -> [Float] {
    precondition(b.isEmpty ? a.isEmpty : a.count % b.count == 0)
    var y = uninitialized(a.count)
    unsafe pb_add(b.isEmpty ? 0 : a.count / b.count, b.count, a, b, &y)
    return y
  }

  /// a * b, with b over and over where a is longer.
  static func multiply(_ a: [Float], _ b: [Float]) -> [Float] {
    precondition(b.isEmpty ? a.isEmpty : a.count % b.count == 0)
    var y = uninitialized(a.count)
    unsafe pb_multiply(b.isEmpty ? 0 : a.count / b.count, b.count, a, b, &y)
    return y
  }

  package static func exp(_ x: [Float]) -> [Float] { map(.exp, x) }
  package static func tanh(_ x: [Float]) -> [Float] { map(.tanh, x) }
  package static func sigmoid(_ x: [Float]) -> [Float] { map(.sigmoid, x) }

  package static func softmax(_ x: [Float], classes: Int) -> [Float] {
    unsafe overRows(x, classes: classes) { unsafe pb_softmax($0, $1, $2, $4) }
  }

  static func columnSums(_ x: [Float], rows: Int, columns: Int, stride: Int) -> [Float] {
    precondition(rows == 0 || (rows - 1) * stride + columns <= x.count)
    return sums(columns, overRows: rows) { first, count, sums in
      unsafe x.withUnsafeBufferPointer { x in
        guard let start = x.baseAddress else { return }
        unsafe pb_column_sums(count, columns, stride, start + first * stride, &sums)
      }
    }
  }

  /// `count` sums over `rows`: `body` adds some rows up in single precision, and blocks of them are added up in double.
  private static func sums(
    _ count: Int, overRows rows: Int, _ body: (_ first: Int, _ rows: Int, _ sums: inout [Float]) -> Void
  ) -> [Float] {
    let block = 64
    var sums = [Float](repeating: 0, count: count)
    guard rows > block else {
      body(0, rows, &sums)
      return sums
    }
    var totals = [Double](repeating: 0, count: count)
    for first in stride(from: 0, to: rows, by: block) {
      for k in sums.indices { sums[k] = 0 }
      body(first, min(block, rows - first), &sums)
      for k in sums.indices { totals[k] += Double(sums[k]) }
    }
    return totals.map { Float($0) }
  }

  /// Rows [rows, stride] whose first columns the caller writes. The others are zero: whatever memory holds could be slow to
  /// compute with.
  static func padded(rows: Int, columns: Int, stride: Int) -> [Float] {
    precondition(columns <= stride)
    var x = uninitialized(rows * stride)
    if columns < stride { unsafe pb_clear_padding(rows, columns, stride, &x) }
    return x
  }

  /// Rows [rows, stride] whose first columns hold `row`.
  static func rows(of row: [Float], rows: Int, stride: Int) -> [Float] {
    var x = padded(rows: rows, columns: row.count, stride: stride)
    unsafe pb_fill_rows(rows, row.count, stride, row, &x)
    return x
  }

  /// Sums of table entries, as `pb_gather_sum` says; ids [rows, cells] must be below `entries`.
  package static func gatherSum(ids: [UInt8], cells: Int, table: [Float], bias: [Float]) -> [Float] {
    let (rows, dim) = (ids.count / cells, bias.count)
    let entries = table.count / (cells * dim)
    precondition(table.count == cells * entries * dim && ids.allSatisfy { Int($0) < entries })
    var y = uninitialized(rows * dim)
    unsafe pb_gather_sum(rows, cells, entries, dim, ids, table, bias, &y)
    return y
  }

  package static func scatterSum(ids: [UInt8], cells: Int, entries: Int, dim: Int, _ dy: [Float]) -> [Float] {
    let rows = ids.count / cells
    precondition(dy.count == rows * dim && ids.allSatisfy { Int($0) < entries })
    var table = zeros(cells * entries * dim)
    unsafe pb_scatter_sum(rows, cells, entries, dim, ids, dy, &table)
    return table
  }

  /// Rows of `x` normalised, with the mean and the inverse deviation of each.
  package static func layerNorm(
    _ x: [Float], weight: [Float], bias: [Float], epsilon: Float
  ) -> (y: [Float], mean: [Float], inverseDeviation: [Float]) {
    let dim = weight.count
    precondition(bias.count == dim && dim > 0 && x.count % dim == 0)
    let rows = x.count / dim
    var (y, mean, inverse) = (uninitialized(x.count), uninitialized(rows), uninitialized(rows))
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe mean.withUnsafeMutableBufferPointer { mean in
          unsafe inverse.withUnsafeMutableBufferPointer { inverse in
            guard let x = x.baseAddress, let y = y.baseAddress, let mean = mean.baseAddress,
              let inverse = inverse.baseAddress
            else { return }
            Parallel.pieces(rows, nanoseconds: rows * dim / 2, unit: 1) { part in
              let first = part.lowerBound
              unsafe pb_layer_norm(
                part.count, dim, epsilon, x + first * dim, weight, bias, y + first * dim, mean + first, inverse + first)
            }
          }
        }
      }
    }
    return (y, mean, inverse)
  }

  package static func layerNormBackward(
    _ x: [Float], weight: [Float], mean: [Float], inverseDeviation: [Float], gradient dy: [Float]
  ) -> (x: [Float], weight: [Float], bias: [Float]) {
    let dim = weight.count
    precondition(dy.count == x.count && mean.count * dim == x.count && inverseDeviation.count == mean.count)
    var dx = uninitialized(x.count)
    let both = sums(2 * dim, overRows: mean.count) { first, rows, sums in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe withStarts(x, dy, mean, inverseDeviation, &dx) { x, dy, mean, inverse, dx in
          guard let weights = sums.baseAddress else { return }
          unsafe pb_layer_norm_backward(
            rows, dim, x + first * dim, weight, mean + first, inverse + first, dy + first * dim, dx + first * dim,
            weights, weights + dim)
        }
      }
    }
    return (dx, Array(both[..<dim]), Array(both[dim...]))
  }

  /// Rows of `x` divided by their root mean square, with the inverse of each row's.
  static func rmsNorm(_ x: [Float], weight: [Float], epsilon: Float) -> (y: [Float], inverse: [Float]) {
    let dim = weight.count
    precondition(dim > 0 && x.count % dim == 0)
    var (y, inverse) = (uninitialized(x.count), uninitialized(x.count / dim))
    unsafe pb_rms_norm(inverse.count, dim, epsilon, x, weight, &y, &inverse)
    return (y, inverse)
  }

  static func rmsNormBackward(
    _ x: [Float], weight: [Float], inverse: [Float], gradient dy: [Float]
  ) -> (x: [Float], weight: [Float]) {
    let dim = weight.count
    precondition(dy.count == x.count && inverse.count * dim == x.count)
    var dx = uninitialized(x.count)
    let dweight = sums(dim, overRows: inverse.count) { first, rows, sums in
      unsafe withStarts(x, dy, inverse, inverse, &dx) { x, dy, inverse, _, dx in
        unsafe pb_rms_norm_backward(
          rows, dim, x + first * dim, weight, inverse + first, dy + first * dim, dx + first * dim, &sums)
      }
    }
    return (dx, dweight)
  }

  /// The settings of one AdamW step, the bias corrections worked out for it.
  package struct AdamStep {
    package let rate, beta1, beta2, epsilon, decay, correction1, correction2: Float

    package init(
      rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float, correction1: Float, correction2: Float
    ) {
      (self.rate, self.beta1, self.beta2, self.epsilon, self.decay) = (rate, beta1, beta2, epsilon, decay)
      (self.correction1, self.correction2) = (correction1, correction2)
    }
  }

  package static func adamW(
    _ value: inout [Float], gradient: [Float], first: inout [Float], second: inout [Float], _ step: AdamStep
  ) {
    precondition(gradient.count == value.count && first.count == value.count && second.count == value.count)
    unsafe value.withUnsafeMutableBufferPointer { value in
      unsafe gradient.withUnsafeBufferPointer { gradient in
        unsafe first.withUnsafeMutableBufferPointer { first in
          unsafe second.withUnsafeMutableBufferPointer { second in
            guard let x = value.baseAddress, let g = gradient.baseAddress, let m = first.baseAddress,
              let v = second.baseAddress
            else { return }
            Parallel.pieces(value.count, nanoseconds: value.count / 2) { part in
              let k = part.lowerBound
              unsafe pb_adamw(
                part.count, x + k, g + k, m + k, v + k, step.rate, step.beta1, step.beta2, step.epsilon, step.decay,
                step.correction1, step.correction2)
            }
          }
        }
      }
    }
  }
}
