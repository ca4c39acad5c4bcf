import Kernels
import Safepoint

/// The elements of a mask, 0 where it is false: floats, or bytes, of which memory brings four times as many.
struct MaskElements {
  private let floats: [Float]
  private let bytes: [UInt8]?

  init(_ tensor: Tensor) {
    bytes = tensor.bytes
    floats = bytes == nil ? tensor.values : []
  }

  var count: Int { bytes?.count ?? floats.count }

  /// The kernels' number for what they are.
  fileprivate var areBytes: Int32 { bytes == nil ? 0 : 1 }

  /// Calls `body` with what tells where some of the elements begin.
  fileprivate func withPlaces<Result>(_ body: ((Int) -> UnsafeRawPointer) -> Result) -> Result? {
    if let bytes {
      return unsafe bytes.withUnsafeBytes { start in
        unsafe start.baseAddress.map { base in unsafe body { unsafe base + $0 } }
      }
    }
    return unsafe floats.withUnsafeBytes { start in
      unsafe start.baseAddress.map { base in unsafe body { unsafe base + 4 * $0 } }
    }
  }
}

/// A mask in blocks, and how many of its elements before and in each are set.
private struct MaskBlocks {
  private let count, size: Int
  /// The set elements before each block, and after the last all of them.
  private var before: [Int] = [0]

  init(_ mask: MaskElements) {
    count = mask.count
    size = count > Kernel.longest ? Kernel.block(count) : max(count, 1)
    let blocks = (count + size - 1) / size
    var counts = [Int](repeating: 0, count: blocks)
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      _ = unsafe mask.withPlaces { places in
        forEach(nanoseconds: count / 8) { block, range in
          unsafe pb_count_set(range.count, mask.areBytes, places(range.lowerBound), &counts[block])
        }
      }
    }
    for count in counts { before.append(before[before.count - 1] + count) }
  }

  /// The number of set elements.
  var total: Int { before[before.count - 1] }

  /// The set elements of a block among all that are set.
  func set(_ block: Int) -> Range<Int> { before[block]..<before[block + 1] }

  /// Calls `body` with every block and the elements in it, on several threads, until the work must stop.
  func forEach(nanoseconds: Int, _ body: (Int, Range<Int>) -> Void) {
    Parallel.pieces((count + size - 1) / size, nanoseconds: nanoseconds, unit: 1) { part in
      for block in part {
        let range = block * size..<min(count, (block + 1) * size)
        if Safepoint.mustStop(after: range.count / 2) { return }
        body(block, range)
      }
    }
  }
}

extension Kernel {
  /// The number of elements that are not 0.
  static func setCount(_ x: [Float]) -> Int { setCount(MaskElements(Tensor(x, [x.count]))) }

  /// The same of a mask.
  static func setCount(_ mask: MaskElements) -> Int { MaskBlocks(mask).total }

  /// The elements of `x` where the mask is not 0, side by side.
  static func compress(_ x: [Float], _ mask: MaskElements) -> [Float] {
    precondition(x.count == mask.count)
    let blocks = MaskBlocks(mask)
    var y = uninitialized(blocks.total)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        _ = unsafe mask.withPlaces { places in
          blocks.forEach(nanoseconds: x.count / 2) { block, range in
            guard let x = x.baseAddress, let y = y.baseAddress else { return }
            let (first, set) = (range.lowerBound, blocks.set(block))
            guard !set.isEmpty else { return }
            var found = 0
            unsafe pb_compress(range.count, mask.areBytes, places(first), x + first, y + set.lowerBound, &found)
          }
        }
      }
    }
    return y
  }

  /// What `compress` took put back to its places, zeros elsewhere.
  static func expand(_ x: [Float], _ mask: MaskElements) -> [Float] {
    let blocks = MaskBlocks(mask)
    guard blocks.total == x.count, !x.isEmpty else { return zeros(mask.count) }
    var y = uninitialized(mask.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        _ = unsafe mask.withPlaces { places in
          blocks.forEach(nanoseconds: mask.count) { block, range in
            guard let x = x.baseAddress, let y = y.baseAddress else { return }
            let first = range.lowerBound
            unsafe pb_expand(range.count, mask.areBytes, places(first), x + blocks.set(block).lowerBound, y + first)
          }
        }
      }
    }
    return y
  }

  /// Whether a comparison holds for elements of one shape or a single one on a side, as bytes.
  static func bytes(_ comparison: PairFunction, _ a: [Float], _ b: [Float], _ count: Int) -> [UInt8] {
    precondition((a.count == count || a.count == 1) && (b.count == count || b.count == 1))
    let (stepA, stepB) = (a.count == count ? 1 : 0, b.count == count ? 1 : 0)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe filledBytes(count, nanoseconds: count / 8) { y, part in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          let first = part.lowerBound
          unsafe pb_compare_row(
            comparison.function, part.count, a + first * stepA, stepA, b + first * stepB, stepB, y + first)
        }
      }
    }
  }

  /// Bytes of 0 and 1 joined one by one.
  static func joined(_ a: [UInt8], _ b: [UInt8], _ operation: pb_logic) -> [UInt8] {
    precondition(a.count == b.count)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe filledBytes(a.count, nanoseconds: a.count / 32) { y, part in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          let first = part.lowerBound
          unsafe pb_join_bytes(operation, part.count, a + first, b + first, y + first)
        }
      }
    }
  }

  private static func filledBytes(
    _ count: Int, nanoseconds: Int, _ body: (UnsafeMutablePointer<UInt8>, Range<Int>) -> Void
  ) -> [UInt8] {
    var y = uninitializedBytes(count)
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let start = y.baseAddress else { return }
      Parallel.pieces(count, nanoseconds: nanoseconds, unit: 64) { unsafe body(start, $0) }
    }
    return y
  }
}
