import Formats
import PixelScript
import Safepoint

/// The order of rows by the values of columns: numbers by size, texts by code point, false before true; missing values and NaN
/// last in either direction, and equal rows as they were.
enum RowOrder {
  /// The places of rows in order; throws a type error for a column of several types.
  static func places(_ columns: [(name: String, column: Column, descending: Bool)], rows: Int) throws -> [Int] {
    try Safepoint.reserve(40, times: rows, for: "the order of rows")
    var places = Array(0..<rows)
    // A stable sort by the last column first leaves them sorted by all.
    for (name, column, descending) in columns.reversed() {
      let ranks = try ranks(of: column, name)
      places = try sorted(places, by: ranks, descending)
    }
    return places
  }

  /// What comes last in either direction: missing values, and NaN before them.
  private static let last = UInt64.max
  private static let nan = UInt64.max - 1

  /// Whole numbers that order as the values do.
  private static func ranks(of column: Column, _ name: String) throws -> [UInt64] {
    switch column {
    case .numbers(let numbers): return try Pieces.map(numbers.count) { rank(of: numbers[$0]) }
    case .bools(let bools):
      return try Pieces.map(bools.count) { bools[$0] == Column.missingBool ? last : UInt64(bools[$0]) }
    case .texts(let texts):
      let keys = try RowKeys([column], rows: texts.count)
      let order = try order(of: texts, keys.firsts)
      var ranks = [UInt64](repeating: last, count: keys.count)
      for (rank, code) in order.enumerated() where !texts.isMissing(at: keys.firsts[code]) {
        ranks[code] = UInt64(rank)
      }
      return try Pieces.map(texts.count) { ranks[Int(keys.codes[$0])] }
    case .values(let values):
      guard values.allSatisfy(\.isNil) else {
        throw ScriptError(
          .type, "the column \(Display.quoted(name)) holds values of several types, which have no order",
          help: "sort by a function: `sorted(t, by: fn(row) = ...)`")
      }
      return Array(repeating: last, count: values.count)
    }
  }

  /// The bits of a double, those below zero turned round.
  @inline(__always) private static func rank(of number: Double) -> UInt64 {
    if number.isNaN { return MissingNumber.isMissing(number) ? last : nan }
    let bits = (number + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  /// The order of some different texts, as places in `rows`.
  private static func order(of texts: PackedTexts, _ rows: [Int]) throws -> [Int] {
    let bytes = texts.bytes
    let entries = try Pieces.map(rows.count) { place -> (start: UInt64, place: Int) in
      let range = texts.range(at: rows[place])
      var start: UInt64 = 0
      for offset in 0..<8 {
        start = start << 8 | (offset < range.count ? UInt64(bytes[range.lowerBound + offset]) : 0)
      }
      return (start, place)
    }
    func precedes(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
      for offset in 0..<min(a.count, b.count) {
        let (x, y) = (bytes[a.lowerBound + offset], bytes[b.lowerBound + offset])
        if x != y { return x < y }
      }
      return a.count < b.count
    }
    return try entries.sorted {
      try Safepoint.check(after: 20)
      if $0.start != $1.start { return $0.start < $1.start }
      return precedes(texts.range(at: rows[$0.place]), texts.range(at: rows[$1.place]))
    }.map(\.place)
  }

  /// Places in the order of their ranks, in passes over eleven bits each from the lowest; passes that change nothing are left out.
  private static func sorted(_ places: [Int], by ranks: [UInt64], _ descending: Bool) throws -> [Int] {
    var entries = try Pieces.map(places.count) { place -> (rank: UInt64, row: Int) in
      let rank = ranks[places[place]]
      return (descending && rank < nan ? nan - 1 - rank : rank, places[place])
    }
    if entries.count < 2048 {
      // Row numbers do not tell the order so far, the places here do.
      let order = entries.indices.sorted {
        entries[$0].rank != entries[$1].rank ? entries[$0].rank < entries[$1].rank : $0 < $1
      }
      return order.map { entries[$0].row }
    }
    let bits = 11
    let mask = UInt64(1 << bits - 1)
    var other = entries
    let passes = (64 + bits - 1) / bits
    var counts = [Int](repeating: 0, count: passes << bits)
    for entry in entries {
      var rest = entry.rank
      for pass in 0..<passes {
        counts[pass << bits | Int(rest & mask)] += 1
        rest >>= UInt64(bits)
      }
    }
    for pass in 0..<passes {
      let shift = pass * bits
      var starts = Array(counts[pass << bits..<(pass + 1) << bits])
      if starts.contains(entries.count) { continue }
      var sum = 0
      for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
      try Safepoint.check()
      for entry in entries {
        let digit = Int(entry.rank >> UInt64(shift) & mask)
        other[starts[digit]] = entry
        starts[digit] += 1
      }
      swap(&entries, &other)
      try Safepoint.check()
    }
    return entries.map(\.row)
  }
}
