import Safepoint
import Tensors

/// Puts many entries in order by whole numbers, in passes over eleven bits each from the lowest; passes that change nothing are left out.
enum RadixSort {
  private static let bits = 11
  private static let mask = UInt64(1 << bits - 1)
  private static let passes = (64 + bits - 1) / bits

  /// Puts entries in the order of their ranks, equal ones as they were: parts on several threads, then the parts together.
  @inline(__always)
  static func sort<Entry: BitwiseCopyable>(_ entries: inout [Entry], by rank: (Entry) -> UInt64) throws {
    let whole = entries
    var parts = try Pieces.parts(whole.count, most: 4) { try sorted(Array(whole[$0]), by: rank) }
    while parts.count > 1 {
      let before = parts
      parts = try Parallel.map((before.count + 1) / 2, threads: Parallel.available) { pair in
        let second = 2 * pair + 1
        return second < before.count ? try merged(before[2 * pair], before[second], by: rank) : before[2 * pair]
      }
    }
    entries = parts[0]
  }

  @inline(__always)
  private static func sorted<Entry: BitwiseCopyable>(
    _ unsorted: [Entry], by rank: (Entry) -> UInt64
  ) throws -> [Entry] {
    var entries = unsorted
    var other = entries
    var counts = [Int](repeating: 0, count: passes << bits)
    try Pieces.forEach(entries.count) { piece in
      for place in piece {
        var rest = rank(entries[place])
        for pass in 0..<passes {
          counts[pass << bits | Int(rest & mask)] += 1
          rest >>= UInt64(bits)
        }
      }
    }
    for pass in 0..<passes {
      let shift = UInt64(pass * bits)
      var starts = Array(counts[pass << bits..<(pass + 1) << bits])
      if starts.contains(entries.count) { continue }
      var sum = 0
      for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
      try Pieces.forEach(entries.count) { piece in
        for place in piece {
          let entry = entries[place]
          let digit = Int(rank(entry) >> shift & mask)
          other[starts[digit]] = entry
          starts[digit] += 1
        }
      }
      swap(&entries, &other)
    }
    return entries
  }

  @inline(__always)
  private static func merged<Entry: BitwiseCopyable>(
    _ a: [Entry], _ b: [Entry], by rank: (Entry) -> UInt64
  ) throws -> [Entry] {
    var (i, j) = (0, 0)
    var merged: [Entry] = []
    merged.reserveCapacity(a.count + b.count)
    try Pieces.forEach(a.count + b.count) { piece in
      for _ in piece {
        let isSecond = i == a.count || j < b.count && rank(b[j]) < rank(a[i])
        merged.append(isSecond ? b[j] : a[i])
        if isSecond { j += 1 } else { i += 1 }
      }
    }
    return merged
  }
}
