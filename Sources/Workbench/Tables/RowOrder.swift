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

  /// The first `count` of the places in order by one column, by going through it once: of each part those that may be among them.
  static func first(_ count: Int, of column: Column, _ name: String, descending: Bool) throws -> [Int] {
    let rows = column.count
    guard rows >= 2048, count < rows / 8 else {
      return Array(try places([(name, column, descending)], rows: rows).prefix(count))
    }
    let ranks = try ranks(of: column, name)
    let room = max(2 * count, 1024)
    func isBefore(_ a: Ranked, _ b: Ranked) -> Bool { (a.rank, a.row) < (b.rank, b.row) }
    let parts = try Pieces.parts(rows) { part -> [Ranked] in
      var chosen: [Ranked] = []
      chosen.reserveCapacity(room)
      // Rows behind have no place among the first unless they rank before this; nil until there are enough.
      var bound: UInt64?
      try Pieces.forEach(part) { piece in
        for row in piece {
          let rank = turned(ranks[row], descending)
          if let bound, rank >= bound { continue }
          chosen.append(Ranked(rank: rank, row: row))
          guard chosen.count == room else { continue }
          try Safepoint.check(after: 8 * room)
          chosen.sort(by: isBefore)
          chosen.removeLast(room - count)
          bound = chosen.last?.rank ?? 0
        }
      }
      return chosen
    }
    return parts.joined().sorted(by: isBefore).prefix(count).map(\.row)
  }

  /// A rank, or of those from high to low its opposite; what comes last stays so.
  @inline(__always) private static func turned(_ rank: UInt64, _ descending: Bool) -> UInt64 {
    descending && rank < nan ? nan - 1 - rank : rank
  }

  /// What comes last in either direction: missing values, and NaN before them.
  private static let last = UInt64.max
  static let nan = UInt64.max - 1

  /// Whole numbers that order as the values do.
  static func ranks(of column: Column, _ name: String) throws -> [UInt64] {
    switch column {
    case .numbers(let numbers): return try Pieces.filled(numbers.count) { rank(of: numbers[$0]) }
    case .bools(let bools):
      return try Pieces.filled(bools.count) { bools[$0] == Column.missingBool ? last : UInt64(bools[$0]) }
    case .texts(let texts):
      let ranks = try TextOrder(texts).ranks()
      let codes = texts.codes
      return try Pieces.filled(texts.count) { codes[$0] < 0 ? last : ranks[Int(codes[$0])] }
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

  private struct Ranked: BitwiseCopyable {
    let rank: UInt64
    let row: Int
  }

  /// Places in the order of their ranks, in passes over eleven bits each from the lowest; passes that change nothing are left out.
  private static func sorted(_ places: [Int], by ranks: [UInt64], _ descending: Bool) throws -> [Int] {
    var entries = try Pieces.filled(places.count) { place in
      Ranked(rank: turned(ranks[places[place]], descending), row: places[place])
    }
    if entries.count < 2048 {
      // Row numbers do not tell the order so far, the places here do.
      let order = entries.indices.sorted {
        entries[$0].rank != entries[$1].rank ? entries[$0].rank < entries[$1].rank : $0 < $1
      }
      return order.map { entries[$0].row }
    }
    try RadixSort.sort(&entries) { $0.rank }
    return try Pieces.filled(entries.count) { entries[$0].row }
  }

  /// Numbers by size, NaN last; none is missing.
  static func sorted(_ numbers: [Double]) throws -> [Double] {
    if let sorted = try WholeNumbers(numbers).sorted { return sorted }
    var ranks = try Pieces.filled(numbers.count) { rank(of: numbers[$0]) }
    try RadixSort.sort(&ranks) { $0 }
    return try Pieces.filled(ranks.count) { place in
      let rank = ranks[place]
      return rank >= nan ? .nan : Double(bitPattern: rank >> 63 == 1 ? rank & ~(1 << 63) : ~rank)
    }
  }
}
