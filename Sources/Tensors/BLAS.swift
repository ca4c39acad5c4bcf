import COpenBLAS
import Foundation
import Kernels

/// Matrix products by OpenBLAS, the only file that calls it.
///
/// The library is opened at first use rather than linked, because it chooses its kernels while it loads: Debian's build
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
  }

  /// What opening the library gave, decided once.
  private static let library: Result<Library, LibraryError> = open()

  /// Why OpenBLAS cannot be used.
  public struct LibraryError: Error, CustomStringConvertible {
    /// What failed and what to install.
    public let description: String
  }

  /// The processor type whose kernels OpenBLAS chose, such as "SkylakeX".
  public static func coreName() throws(LibraryError) -> String { try library.get().core }

  private static func open() -> Result<Library, LibraryError> {
    if unsafe String(cString: pb_instruction_set()) == "avx512" { unsafe setenv("OPENBLAS_CORETYPE", "SkylakeX", 1) }
    unsafe setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let handle = unsafe dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) else {
      let reason = if let message = unsafe dlerror() { unsafe String(cString: message) } else { "unknown reason" }
      return .failure(LibraryError(description: "cannot open OpenBLAS (package libopenblas0): \(reason)"))
    }
    guard let multiply = unsafe dlsym(handle, "cblas_sgemm"), let name = unsafe dlsym(handle, "openblas_get_corename")
    else { return .failure(LibraryError(description: "libopenblas.so.0 lacks cblas_sgemm or openblas_get_corename")) }
    let core = unsafe unsafeBitCast(name, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    return .success(
      unsafe Library(
        multiply: unsafeBitCast(multiply, to: Multiply.self),
        core: core.map { unsafe String(cString: $0) } ?? "unknown"))
  }

  /// A matrix inside an array: `rows` x `columns` elements from `offset`, its rows `stride` apart.
  struct Matrix {
    let rows, columns, stride, offset: Int

    init(_ rows: Int, _ columns: Int, stride: Int? = nil, offset: Int = 0) {
      (self.rows, self.columns, self.stride, self.offset) = (rows, columns, stride ?? columns, offset)
    }

    var extent: Int { rows == 0 ? offset : offset + (rows - 1) * stride + columns }
  }

  /// c = op(a) x op(b) + (accumulate ? c : 0), where op transposes when asked.
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
    let library: Library
    do { library = try Self.library.get() } catch { preconditionFailure(error.description) }
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          if m == 1, transposeRight, !transposeLeft, !roundsAlike {
            unsafe pb_matrix_vector(
              n, k, b.baseAddress.map { unsafe $0 + shapeB.offset }, shapeB.stride,
              a.baseAddress.map { unsafe $0 + shapeA.offset }, c.baseAddress.map { unsafe $0 + shapeC.offset },
              accumulate ? 1 : 0)
            return
          }
          unsafe library.multiply(
            CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), 1, a.baseAddress.map { unsafe $0 + shapeA.offset },
            blasint(shapeA.stride), b.baseAddress.map { unsafe $0 + shapeB.offset }, blasint(shapeB.stride),
            accumulate ? 1 : 0, c.baseAddress.map { unsafe $0 + shapeC.offset }, blasint(shapeC.stride))
        }
      }
    }
  }
}
