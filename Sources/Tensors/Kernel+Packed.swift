import Kernels
import Safepoint

extension Kernel {
  /// Whether a product of so many rows, columns and terms is faster here than in the library, which packs both matrices: one packed
  /// matrix must serve many rows, and its columns must fill vectors.
  static func multipliesPacked(_ rows: Int, _ columns: Int, _ depth: Int) -> Bool {
    rows >= 48 && columns >= 12 && depth >= 8 && pb_multiplies_fast() != 0
  }

  /// Products c = a x b, beside what is there if they accumulate, of matrices whose element (i, k) stands at i * row + k * step.
  ///
  /// An element's sum is that of its terms in order, so that its bits depend neither on the rows and columns beside it nor on threads.
  struct PackedProduct {
    let depth, aRow, aStep, bRow, bStep, cRow: Int
    let accumulates: Bool

    /// Spreads the longer side over the threads; where that is the rows, all share one packed matrix.
    func run(
      _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
      let nanoseconds = Size.product([rows, columns, depth]) / 96
      guard columns <= rows else {
        return Parallel.pieces(columns, nanoseconds: nanoseconds, unit: 64) { part in
          let first = part.lowerBound
          unsafe packed(b + first * bStep, columns: part.count) { packed in
            unsafe multiply(a, packed, c + first, rows: rows, columns: part.count)
          }
        }
      }
      unsafe packed(b, columns: columns) { packed in
        Parallel.pieces(rows, nanoseconds: nanoseconds, unit: 24) { part in
          let first = part.lowerBound
          unsafe multiply(a + first * aRow, packed, c + first * cRow, rows: part.count, columns: columns)
        }
      }
    }

    private func packed(_ b: UnsafePointer<Float>, columns: Int, _ body: (UnsafePointer<Float>) -> Void) {
      var packed = Kernel.uninitialized(pb_packed(depth, columns))
      unsafe packed.withUnsafeMutableBufferPointer { packed in
        guard let start = packed.baseAddress else { return }
        unsafe body(start + pb_pack(depth, columns, b, bRow, bStep, start))
      }
    }

    private func multiply(
      _ a: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, rows: Int,
      columns: Int
    ) {
      var sizes = pb_packed_product(
        rows: rows, columns: columns, depth: depth, a_row: aRow, a_step: aStep, c_row: cRow,
        accumulate: accumulates ? 1 : 0, reverse: 0)
      unsafe pb_multiply_packed(&sizes, a, packed, c)
    }
  }
}
