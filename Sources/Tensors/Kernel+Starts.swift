/// Several arrays with their pointers at once.
extension Kernel {
  /// Calls `body` with where arrays start, unless one is empty.
  static func withStarts(
    _ a: [Float], _ b: [Float], _ c: [Float], _ d: [Float], _ e: inout [Float],
    _ body: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>,
      UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeBufferPointer { c in
          unsafe d.withUnsafeBufferPointer { d in
            unsafe e.withUnsafeMutableBufferPointer { e in
              guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let d = d.baseAddress,
                let e = e.baseAddress
              else { return }
              unsafe body(a, b, c, d, e)
            }
          }
        }
      }
    }
  }

  /// As above for a matrix and for rows and places, which may be empty and then start nowhere.
  static func withStarts(
    _ a: [Float], _ rows: [Float], _ places: [Int],
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>?, UnsafePointer<Int>?) -> Void
  ) {
    unsafe a.withUnsafeBufferPointer { a in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe places.withUnsafeBufferPointer { places in
          guard let a = a.baseAddress else { return }
          unsafe body(a, rows.isEmpty ? nil : rows.baseAddress, places.isEmpty ? nil : places.baseAddress)
        }
      }
    }
  }

  /// As above, for arrays that are written.
  static func withStarts(
    _ a: inout [Float], _ b: inout [Float], _ c: inout [Float], _ d: inout [Float], _ e: inout [Float],
    _ body: (
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe b.withUnsafeMutableBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe d.withUnsafeMutableBufferPointer { d in
            unsafe e.withUnsafeMutableBufferPointer { e in
              guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let d = d.baseAddress,
                let e = e.baseAddress
              else { return }
              unsafe body(a, b, c, d, e)
            }
          }
        }
      }
    }
  }
}
