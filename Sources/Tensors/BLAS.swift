import COpenBLAS
import Foundation
import Kernels
import Safepoint
import Synchronization

/// Matrix products by OpenBLAS, the only file that calls it, or by kernels of our own.
///
/// The library is opened by the program rather than linked, because it chooses its kernels while it loads: Debian's build
/// takes recent processors with AVX-512 for a Haswell and then runs at half their speed unless OPENBLAS_CORETYPE says
/// otherwise beforehand. A value that the user's environment sets for other programs is overruled. It runs on the calling thread only; parallel work is ours.
public enum BLAS {
  private typealias Multiply =
    @convention(c) (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Float, UnsafePointer<Float>?, blasint,
      UnsafePointer<Float>?, blasint, Float, UnsafeMutablePointer<Float>?, blasint
    ) -> Void

  @safe private struct Library: @unchecked Sendable {  // Two values that never change after loading.
    let multiply: Multiply
    let core: String

    /// True when a product of 2 x 3 and 3 x 2 numbers inside larger arrays is what it must be.
    var multipliesRight: Bool {
      let (a, b): ([Float], [Float]) = ([1, 2, 3, 9, 4, 5, 6, 9], [7, 9, 11, 8, 10, 12])
      var c: [Float] = [1, 2, 0, 3, 4, 0]
      unsafe multiply(CblasRowMajor, CblasNoTrans, CblasTrans, 2, 2, 3, 1, a, 4, b, 3, 1, &c, 3)
      return c == [59, 66, 0, 142, 158, 0]
    }
  }

  /// What opening the library gave, decided once.
  private static let library: Result<Library, LibraryError> = open()

  /// Why OpenBLAS cannot be used.
  public struct LibraryError: Error, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String
    /// What to do.
    public var help =
      "install OpenBLAS, or install it again: in Debian and Ubuntu with `apt-get install --reinstall libopenblas0`"
  }

  /// The processor type whose kernels OpenBLAS chose, such as "SkylakeX".
  ///
  /// Throws when the library is missing or broken, or when it is another one that does not multiply as it must; a program
  /// asks before its first product, as that has nobody to tell.
  public static func coreName() throws(LibraryError) -> String {
    let library = library
    _ = restored
    return try library.get().core
  }

  private static let file = "libopenblas.so.0"
  /// The bytes of addresses that it takes with the memory it works in, and that a program which uses it takes beside.
  private static let needed = 384 << 20

  /// Chooses the kernels and opens the library on another thread, so that a program need not wait for it.
  ///
  /// Nobody else may change the environment of the process until `coreName` has answered, which puts back what was changed.
  public static func openAhead() {
    _ = chosen
    isOpenedAhead.store(true, ordering: .relaxed)
    DispatchQueue.global(qos: .userInitiated).async { _ = library }
  }

  private static let isOpenedAhead = Atomic<Bool>(false)

  /// The variables of the environment that the library reads while it loads, with what they were before.
  private static let chosen: [(name: String, before: String?)] = {
    var choices = [("OPENBLAS_NUM_THREADS", "1")]
    if unsafe String(cString: pb_instruction_set()) == "avx512" { choices.append(("OPENBLAS_CORETYPE", "SkylakeX")) }
    return choices.map { name, value in
      let before = unsafe getenv(name).map { unsafe String(cString: $0) }
      unsafe setenv(name, value, 1)
      return (name, before)
    }
  }()

  private static let restored: Void = {
    for (name, before) in chosen {
      if let before { unsafe setenv(name, before, 1) } else { unsafe unsetenv(name) }
    }
  }()

  private static func open() -> Result<Library, LibraryError> {
    _ = chosen
    defer { if !isOpenedAhead.load(ordering: .relaxed) { _ = restored } }
    // While it is loaded it asks for memory again and again until it is given.
    guard Watch.addressRoom >= needed else {
      let (needed, room) = (needed >> 20, max(0, Watch.addressRoom) >> 20)
      return .failure(
        LibraryError(
          description:
            "OpenBLAS, which multiplies matrices, needs \(needed) MB of addresses, and the limit leaves \(room) MB",
          help: "raise the limit, in a shell with `ulimit -v`"))
    }
    // Its own names first: looking each up in all libraries of the program took three quarters of the time.
    guard let handle = unsafe dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND) else {
      let reason = if let message = unsafe dlerror() { unsafe String(cString: message) } else { "unknown reason" }
      return .failure(LibraryError(description: "OpenBLAS, which multiplies matrices, can't be opened: \(reason)"))
    }
    let path = unsafe String(cString: pb_library_path(handle))
    func failure(_ fault: String) -> Result<Library, LibraryError> {
      .failure(LibraryError(description: "\(path.isEmpty ? file : path) \(fault)"))
    }
    guard let multiply = unsafe dlsym(handle, "cblas_sgemm"), let name = unsafe dlsym(handle, "openblas_get_corename"),
      let settings = unsafe dlsym(handle, "openblas_get_config")
    else {
      return failure("is not OpenBLAS: it lacks one of cblas_sgemm, openblas_get_corename and openblas_get_config")
    }
    // With whole numbers of 64 bits it would take sizes for others.
    if unsafe text(of: settings).contains("USE64BITINT") {
      return failure("is an OpenBLAS for whole numbers of 64 bits; it must be one for 32 bits")
    }
    let library = unsafe Library(multiply: unsafeBitCast(multiply, to: Multiply.self), core: text(of: name))
    return library.multipliesRight
      ? .success(library) : failure("is not OpenBLAS: it multiplies two small matrices wrong")
  }

  /// What a function of the library without arguments says.
  private static func text(of function: UnsafeMutableRawPointer) -> String {
    let text = unsafe unsafeBitCast(function, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    return if let text = unsafe text { unsafe String(cString: text) } else { "unknown" }
  }

  /// A matrix inside an array: `rows` x `columns` elements from `offset`, its rows `stride` apart.
  struct Matrix {
    let rows, columns, stride, offset: Int

    init(_ rows: Int, _ columns: Int, stride: Int? = nil, offset: Int = 0) {
      (self.rows, self.columns, self.stride, self.offset) = (rows, columns, stride ?? columns, offset)
    }

    /// Some of the rows.
    func rows(_ places: Range<Int>) -> Matrix {
      Matrix(places.count, columns, stride: stride, offset: offset + places.lowerBound * stride)
    }

    /// Some of the columns.
    func columns(_ places: Range<Int>) -> Matrix {
      Matrix(rows, places.count, stride: stride, offset: offset + places.lowerBound)
    }

    /// The upper and the lower rows, cut where the blocks of the library end.
    var rowHalves: (Matrix, Matrix) {
      let half = Self.half(rows)
      return (rows(0..<half), rows(half..<rows))
    }

    /// The left and the right columns.
    var columnHalves: (Matrix, Matrix) {
      let half = Self.half(columns)
      return (columns(0..<half), columns(half..<columns))
    }

    private static func half(_ size: Int) -> Int { (size / 2 + 383) / 384 * 384 }

    var extent: Int { rows == 0 ? offset : offset + (rows - 1) * stride + columns }
  }

  /// The multiplications of the largest product that the library does at once: some tens of milliseconds.
  private static let largestPiece = 2.0e9

  /// The products that are summed up in floats where a sum is much longer: its parts are summed up in doubles.
  private static let longestSum = 1 << 12

  /// The most elements of a product whose sums are kept in doubles.
  private static let largestTotals = 1 << 22

  /// c = op(a) x op(b) + (accumulate ? c : 0), where op transposes when asked.
  ///
  /// A large product is cut in two along its longest side, again and again, and stops between the parts when it must.
  ///
  /// A single row times a transposed matrix goes to a kernel of our own, as it costs the library more to prepare for than
  /// to multiply; its last bits are not those of the same row among others, which `roundsAlike` asks for.
  static func multiply(
    _ a: [Float], _ shapeA: Matrix, transposeLeft: Bool = false,
    _ b: [Float], _ shapeB: Matrix, transposeRight: Bool = false,
    into c: inout [Float], _ shapeC: Matrix, accumulate: Bool = false, roundsAlike: Bool = false
  ) {
    let (m, k) = transposeLeft ? (shapeA.columns, shapeA.rows) : (shapeA.rows, shapeA.columns)
    let (k2, n) = transposeRight ? (shapeB.columns, shapeB.rows) : (shapeB.rows, shapeB.columns)
    precondition(k == k2 && shapeC.rows == m && shapeC.columns == n, "a matrix product of sizes that do not fit")
    precondition(shapeA.extent <= a.count && shapeB.extent <= b.count && shapeC.extent <= c.count)
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
      if !accumulate { for r in 0..<m { for j in 0..<n { c[shapeC.offset + r * shapeC.stride + j] = 0 } } }
      return
    }
    let cost = Double(m) * Double(n) * Double(k)
    if Safepoint.mustStop(after: Int(cost / 32)) { return }
    let isDeep = max(m, n) < few && k >= deepest && !roundsAlike
    let isLong = k > 8 * longestSum && !isDeep
    if isLong, m * n <= largestTotals {
      var totals = Kernel.totals(m * n), part = Kernel.uninitialized(m * n)
      for first in stride(from: 0, to: k, by: longestSum) {
        let places = first..<min(k, first + longestSum)
        multiply(
          a, transposeLeft ? shapeA.rows(places) : shapeA.columns(places), transposeLeft: transposeLeft,
          b, transposeRight ? shapeB.columns(places) : shapeB.rows(places), transposeRight: transposeRight,
          into: &part, Matrix(m, n), roundsAlike: roundsAlike)
        if Safepoint.mustStop { return }
        Pieces.walk(m * n) { for k in $0 { totals[k] += Double(part[k]) } }
      }
      for row in 0..<m {
        for column in 0..<n {
          let place = shapeC.offset + row * shapeC.stride + column
          c[place] = Float(totals[row * n + column] + (accumulate ? Double(c[place]) : 0))
        }
      }
      return
    }
    if isLong || cost > largestPiece && !isDeep {
      let parts: [(Matrix, Matrix, Matrix, Bool)]
      if k >= max(m, n), !isLong {
        let (x, y) = transposeLeft ? shapeA.rowHalves : shapeA.columnHalves
        let (v, w) = transposeRight ? shapeB.columnHalves : shapeB.rowHalves
        parts = [(x, v, shapeC, accumulate), (y, w, shapeC, true)]
      } else if m >= n {
        let (x, y) = transposeLeft ? shapeA.columnHalves : shapeA.rowHalves
        let (upper, lower) = shapeC.rowHalves
        parts = [(x, shapeB, upper, accumulate), (y, shapeB, lower, accumulate)]
      } else {
        let (x, y) = transposeRight ? shapeB.rowHalves : shapeB.columnHalves
        let (left, right) = shapeC.columnHalves
        parts = [(shapeA, x, left, accumulate), (shapeA, y, right, accumulate)]
      }
      for (partA, partB, partC, adds) in parts {
        multiply(
          a, partA, transposeLeft: transposeLeft, b, partB, transposeRight: transposeRight, into: &c, partC,
          accumulate: adds, roundsAlike: roundsAlike)
      }
      return
    }
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          let (x, y, z) = unsafe (a + shapeA.offset, b + shapeB.offset, c + shapeC.offset)
          if isDeep {
            return unsafe addParts(
              x, shapeA.stride, transposeLeft, y, shapeB.stride, transposeRight, z, shapeC.stride, (m, n, k), accumulate
            )
          }
          if n == 1, !transposeLeft, transposeRight || shapeB.stride == 1, shapeC.stride == 1 {
            // A matrix times a vector.
            return Parallel.pieces(m, nanoseconds: m * k / 8) { part in
              let first = part.lowerBound
              unsafe pb_matrix_vector(
                part.count, k, x + first * shapeA.stride, shapeA.stride, y, z + first, accumulate ? 1 : 0)
            }
          }
          if n == 1, transposeLeft, shapeC.stride == 1, !accumulate {
            return Parallel.pieces(m, nanoseconds: m * k / 8, unit: 64) { part in
              let first = part.lowerBound
              unsafe pb_weighted_rows(
                k, part.count, shapeA.stride, x + first, y, transposeRight ? 1 : shapeB.stride, z + first)
            }
          }
          if !transposeRight, k <= 16, n * k <= 256 {
            // Small whatever the rows, so that the bits of one do not depend on their number.
            return Parallel.pieces(m, nanoseconds: m * (n * k / 16 + 8)) { part in
              var sizes = pb_small_product(
                rows: part.count, columns: n, depth: k, a_row: transposeLeft ? 1 : shapeA.stride,
                a_step: transposeLeft ? shapeA.stride : 1, b_step: shapeB.stride, y_row: shapeC.stride,
                accumulate: accumulate ? 1 : 0)
              let first = part.lowerBound
              unsafe pb_small_product(
                &sizes, x + first * (transposeLeft ? 1 : shapeA.stride), y, z + first * shapeC.stride)
            }
          }
          if m == 1, transposeRight, !transposeLeft, !roundsAlike {
            unsafe pb_matrix_vector(
              n, k, b + shapeB.offset, shapeB.stride, a + shapeA.offset, c + shapeC.offset, accumulate ? 1 : 0)
            return
          }
          unsafe spread(
            a + shapeA.offset, shapeA.stride, transposeLeft, b + shapeB.offset, shapeB.stride, transposeRight,
            c + shapeC.offset, shapeC.stride, (m, n, k), accumulate)
        }
      }
    }
  }

  /// The sides of a result that are few, and the products in each of its sums that are many beside them.
  private static let few = 64, deepest = 1 << 12

  /// A small product of a long row and a long column for each sum, whose parts the threads take; they are added up in doubles.
  private static func addParts(
    _ a: UnsafePointer<Float>, _ strideA: Int, _ transposeLeft: Bool,
    _ b: UnsafePointer<Float>, _ strideB: Int, _ transposeRight: Bool,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ size: (m: Int, n: Int, k: Int), _ accumulate: Bool
  ) {
    let (m, n, k) = size
    let isRow = m == 1 && !transposeRight
    let length = Kernel.block(k, most: isRow ? 1 << 8 : longestSum), parts = (k + length - 1) / length
    let sums = unsafe Kernel.filled(
      parts * m * n, nanoseconds: Size.product([k, m * n + 4 * (m + n)]) / 32, unit: m * n
    ) { sums, taken in
      for part in taken.lowerBound / (m * n)..<taken.upperBound / (m * n) {
        let (first, z) = unsafe (part * length, sums + part * m * n)
        let depth = min(length, k - first)
        if Safepoint.mustStop(after: m * n * depth / 32) { return }
        let x = unsafe a + first * (transposeLeft ? strideA : 1), y = unsafe b + first * (transposeRight ? 1 : strideB)
        if isRow {
          unsafe pb_weighted_rows(depth, n, strideB, y, x, transposeLeft ? strideA : 1, z)
        } else {
          unsafe spread(x, strideA, transposeLeft, y, strideB, transposeRight, z, n, (m, n, depth), false)
        }
      }
    }
    for place in 0..<m * n {
      let to = unsafe c + place / n * strideC + place % n
      let total = stride(from: place, to: sums.count, by: m * n).reduce(0.0) { $0 + Double(sums[$1]) }
      unsafe to.pointee = Float(total + (accumulate ? Double(to.pointee) : 0))
    }
  }

  /// The least multiplications of a part of a product that another thread may do.
  private static let leastPiece = 1 << 21

  /// A product of kernels of our own where they are faster, else one of the library, or several where it is large: cut along the longer
  /// side of the result, at places that depend on the sizes alone, so that the bits do not depend on the threads.
  private static func spread(
    _ a: UnsafePointer<Float>, _ strideA: Int, _ transposeLeft: Bool,
    _ b: UnsafePointer<Float>, _ strideB: Int, _ transposeRight: Bool,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ size: (m: Int, n: Int, k: Int), _ accumulate: Bool
  ) {
    let (m, n, k) = size
    if Kernel.multipliesPacked(m, n, k) {
      let product = Kernel.PackedProduct(
        depth: k, aRow: transposeLeft ? 1 : strideA, aStep: transposeLeft ? strideA : 1,
        bRow: transposeRight ? 1 : strideB, bStep: transposeRight ? strideB : 1, cRow: strideC, accumulates: accumulate)
      return unsafe product.run(a, b, c, rows: m, columns: n)
    }
    let library: Library
    do { library = try Self.library.get() } catch { preconditionFailure(error.description) }
    func part(_ rows: Range<Int>, _ columns: Range<Int>) {
      let startA = rows.lowerBound * (transposeLeft ? 1 : strideA)
      let startB = columns.lowerBound * (transposeRight ? strideB : 1)
      unsafe library.multiply(
        CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
        blasint(rows.count), blasint(columns.count), blasint(k), 1, a + startA, blasint(strideA), b + startB,
        blasint(strideB), accumulate ? 1 : 0, c + rows.lowerBound * strideC + columns.lowerBound, blasint(strideC))
    }
    let cost = m * n * k
    // What is brought from memory for few multiplications takes as long as some more.
    let pieces = min(8, max(cost, 16 * (m * k + k * n)) / leastPiece)
    let longer = max(m, n)
    guard pieces > 1, longer >= 64 else { return part(0..<m, 0..<n) }
    let step = ((longer + pieces - 1) / pieces + 31) / 32 * 32
    Parallel.pieces((longer + step - 1) / step, nanoseconds: max(cost / 48, (m * k + k * n) / 16), unit: 1) { taken in
      for piece in taken {
        let range = piece * step..<min(longer, (piece + 1) * step)
        if m >= n { part(range, 0..<n) } else { part(0..<m, range) }
      }
    }
  }

  /// c[o] = op(a[o]) x op(b[o]) for `count` products of one size whose matrices follow each other.
  static func multiplyEach(
    _ count: Int, _ a: [Float], transposeLeft: Bool = false, _ b: [Float], transposeRight: Bool = false,
    into c: inout [Float], _ size: (m: Int, n: Int, k: Int)
  ) {
    let (m, n, k) = size
    precondition(a.count == count * m * k && b.count == count * k * n && c.count == count * m * n)
    guard count > 0, m > 0, n > 0 else { return }
    guard k > 0 else { return c = Kernel.zeros(c.count) }
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          if Size.product([m, n, k]) <= 1 << 10, n * k <= 256 {
            // So small that a call for each would take longer.
            let work = Size.product(count, m * k * ((n + 15) / 16) + 8)
            return Parallel.pieces(count, nanoseconds: work, unit: 16) { part in
              var sizes = pb_small_product(
                rows: m, columns: n, depth: k, a_row: transposeLeft ? 1 : k, a_step: transposeLeft ? m : 1,
                b_step: transposeRight ? 1 : n, y_row: n, accumulate: 0)
              let o = part.lowerBound
              unsafe pb_small_products(
                &sizes, part.count, transposeRight ? 1 : 0, a + o * m * k, b + o * k * n, c + o * m * n)
            }
          }
          Parallel.pieces(count, nanoseconds: Size.product([count, m, n, k]) / 32 + 100 * count, unit: 1) { part in
            for o in part {
              if Safepoint.mustStop(after: Size.product([m, n, k]) / 32 + 64) { return }
              unsafe spread(
                a + o * m * k, transposeLeft ? m : k, transposeLeft, b + o * k * n, transposeRight ? k : n,
                transposeRight, c + o * m * n, n, size, false)
            }
          }
        }
      }
    }
  }
}
