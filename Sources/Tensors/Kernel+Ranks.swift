import Kernels
import Safepoint

/// Elements in order without sorting them all: by keys, which order as the elements do.
extension Kernel {
  /// Writes keys of the elements from `start` on, `step` apart; NaN counts as the largest.
  static func orderKeys(
    _ x: [Float], from start: Int, step: Int, descending: Bool, into keys: inout [UInt32]
  ) {
    let count = keys.count
    guard count > 0 else { return }
    precondition(start >= 0 && step > 0 && start + (count - 1) * step < x.count, "a row outside")
    unsafe x.withUnsafeBufferPointer { x in
      unsafe keys.withUnsafeMutableBufferPointer { keys in
        guard let x = x.baseAddress, let keys = keys.baseAddress else { return }
        Parallel.pieces(count, nanoseconds: count / 2) { part in
          let first = part.lowerBound
          unsafe pb_order_keys(part.count, step, descending ? 1 : 0, x + start + first * step, keys + first)
        }
      }
    }
  }

  /// The longest row that `orderRows` takes.
  static let shortRow = Int(PB_SHORT_ROW)

  /// Where the first `taken` elements in order stand, for each row along the middle axis of [outer, size, inner]; equal ones stay in
  /// theirs, NaN counts as the largest.
  static func orderRows(_ x: [Float], _ around: Around, descending: Bool, taken: Int) -> [Int32] {
    let (outer, size, inner) = around
    precondition(size <= shortRow && taken <= size && x.count == outer * size * inner)
    let rows = outer * inner
    var places = [Int32](repeating: 0, count: rows * taken)
    unsafe places.withUnsafeMutableBufferPointer { places in
      unsafe x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let places = places.baseAddress else { return }
        Parallel.pieces(rows, nanoseconds: Size.product([rows, size, size / 8 + 4]), unit: 1) { part in
          let first = part.lowerBound
          unsafe pb_order_rows(
            first, part.count, size, inner, descending ? 1 : 0, taken, x, places + first * taken)
        }
      }
    }
    return places
  }

  /// The places of keys in ascending order, equal ones in theirs; all are 0 where the work was stopped.
  static func sortedPlaces(_ keys: [UInt32]) -> [Int32] {
    let count = keys.count
    var pairs = [UInt64](repeating: 0, count: count)
    var spare = [UInt64](repeating: 0, count: count)
    var places = [Int32](repeating: 0, count: count)
    unsafe pb_sort_places(count, keys, &pairs, &spare, &places)
    return places
  }

  /// `count` places in each of `rows` of `size` keys, on several threads; a row costs about `cost` nanoseconds. Where the work was
  /// stopped they are any.
  static func places(
    rows: Int, size: Int, count: Int, cost: Int, keys write: (_ row: Int, _ keys: inout [UInt32]) -> Void,
    _ pick: ([UInt32], _ spare: inout [UInt32]) -> [Int32]
  ) -> [Int32] {
    var places = [Int32](repeating: 0, count: rows * count)
    unsafe places.withUnsafeMutableBufferPointer { places in
      guard let places = places.baseAddress else { return }
      Parallel.pieces(rows, nanoseconds: Size.product(rows, cost), unit: 1) { part in
        var keys = [UInt32](repeating: 0, count: size)
        var spare = [UInt32](repeating: 0, count: pb_spare_keys(size))
        for row in part {
          if Safepoint.mustStop(after: cost) { return }
          write(row, &keys)
          let picked = pick(keys, &spare)
          precondition(picked.count == count)
          for k in 0..<count { unsafe places[row * count + k] = picked[k] }
        }
      }
    }
    return places
  }

  /// The places of the `k` least keys, of equal ones the first, in the order of the places.
  static func leastPlaces(_ keys: [UInt32], _ k: Int, spare: inout [UInt32]) -> [Int32] {
    precondition(k <= keys.count && spare.count >= pb_spare_keys(keys.count))
    let block = 1 << 15
    guard keys.count >= 4 * block, k <= block / 4 else {
      var places = [Int32](repeating: 0, count: k)
      unsafe pb_least_places(keys.count, k, keys, &spare, &places)
      return places
    }
    // The least of all are among the least of each block.
    let blocks = (keys.count + block - 1) / block
    let sizes = (0..<blocks).map { min(block, keys.count - $0 * block) }
    var found = [Int32](repeating: 0, count: blocks * k)
    unsafe found.withUnsafeMutableBufferPointer { found in
      unsafe keys.withUnsafeBufferPointer { keys in
        guard let found = found.baseAddress, let keys = keys.baseAddress else { return }
        Parallel.pieces(blocks, nanoseconds: blocks * block, unit: 1) { part in
          var spare = [UInt32](repeating: 0, count: pb_spare_keys(block))
          for place in part {
            let (first, taken) = (place * block, min(k, sizes[place]))
            unsafe pb_least_places(sizes[place], taken, keys + first, &spare, found + place * k)
            for j in 0..<taken { unsafe found[place * k + j] += Int32(first) }
          }
        }
      }
    }
    // Only the last block may have fewer.
    found.removeLast(k - min(k, sizes[blocks - 1]))
    let candidates = found.map { keys[Int($0)] }
    var places = [Int32](repeating: 0, count: k)
    unsafe pb_least_places(candidates.count, k, candidates, &spare, &places)
    return places.map { found[Int($0)] }
  }

  /// The places of the keys with so many others before them in order, equal ones in theirs.
  static func rankedPlaces(_ keys: [UInt32], _ ranks: [Int], spare: inout [UInt32]) -> [Int32] {
    precondition(ranks.allSatisfy { keys.indices.contains($0) } && spare.count >= pb_spare_keys(keys.count))
    var places = [Int32](repeating: 0, count: ranks.count)
    unsafe pb_ranked_places(keys.count, ranks.count, ranks, keys, &spare, &places)
    return places
  }
}
