import PixelScript
import Safepoint

/// Which rows have the same values in some columns: a number for each row, the same for equal ones, counted from 0 in the order in
/// which they are first met.
struct RowKeys {
  /// The number of each row.
  private(set) var codes: [Int32] = []
  /// The first row of each number.
  private(set) var firsts: [Int] = []

  /// How many different ones there are.
  var count: Int { firsts.count }

  /// Numbers the rows by the values of columns, all of the same length; missing values are equal to each other, as NaNs are.
  init(_ columns: [Column], rows: Int) throws {
    try Safepoint.reserve(24, times: rows, for: "the keys of rows")
    guard let first = columns.first else {
      codes = Array(repeating: 0, count: rows)
      firsts = rows > 0 ? [0] : []
      return
    }
    try add(first, rows)
    for column in columns.dropFirst() {
      let (left, leftCount, right) = (codes, count, try RowKeys([column], rows: rows))
      let width = right.count
      (codes, firsts) = ([], [])
      if Self.isDense(Double(leftCount) * Double(width), rows) {
        try number(rows, below: leftCount * width) { Int(left[$0]) * width + Int(right.codes[$0]) }
      } else {
        try number(rows) { UInt64(left[$0]) * UInt64(width) + UInt64(right.codes[$0]) }
      }
    }
  }

  /// The number of each row as a place.
  var places: [Int] {
    get throws {
      let codes = codes
      return try Pieces.filled(codes.count) { Int(codes[$0]) }
    }
  }

  /// Whether a table of all numbers below a bound is worth its memory.
  static func isDense(_ bound: Double, _ rows: Int) -> Bool { bound <= Double(2 * rows + 1024) }

  /// Numbers rows by whole numbers below a bound.
  @inline(__always)
  private mutating func number(_ rows: Int, below bound: Int, _ slot: (Int) -> Int) throws {
    var table = [Int32](repeating: -1, count: bound)
    var found = try Pieces.filled(rows) { _ in Int32(0) }
    try Pieces.forEach(rows) { piece in
      for row in piece {
        let place = slot(row)
        if table[place] < 0 {
          table[place] = Int32(firsts.count)
          firsts.append(row)
        }
        found[row] = table[place]
      }
    }
    codes = found
  }

  private mutating func add(_ column: Column, _ rows: Int) throws {
    switch column {
    case .numbers(let numbers):
      if try addWhole(numbers) { return }
      try number(rows) { place in
        let number = numbers[place]
        if number.isNaN {
          return MissingNumber.isMissing(number) ? MissingNumber.value.bitPattern : Double.nan.bitPattern
        }
        return number == 0 ? 0 : number.bitPattern
      }
    case .bools(let bools): try number(rows) { UInt64(bools[$0]) }
    case .texts(let texts): try add(texts)
    case .values(let values): try add(values)
    }
  }

  /// Numbers whole numbers that lie close together by a table of them; false for others.
  private mutating func addWhole(_ numbers: [Double]) throws -> Bool {
    guard let (start, end) = try WholeNumbers(numbers).closeBounds else { return false }
    try number(numbers.count, below: end - start + 1) { Int(numbers[$0]) - start }
    return true
  }

  @inline(__always) private static func mixed(_ bits: UInt64) -> UInt64 {
    let product = (bits ^ bits >> 32) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }

  /// A table of numbers by hash, never more than half full; it doubles as it fills.
  private struct Slots {
    private var slots = [Int32](repeating: -1, count: 1024)

    /// The slot of a hash and what is in it: the number that `isEqual` accepts, or -1 in a free one.
    @inline(__always) func find(_ hash: UInt64, _ isEqual: (Int) -> Bool) -> (slot: Int, code: Int32) {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 {
        if isEqual(Int(slots[slot])) { return (slot, slots[slot]) }
        slot = (slot + 1) & (slots.count - 1)
      }
      return (slot, -1)
    }

    @inline(__always) mutating func put(_ code: Int32, at slot: Int, hashes: (Int) -> UInt64) throws {
      slots[slot] = code
      guard 2 * Int(code) >= slots.count else { return }
      try Safepoint.reserve(16, times: slots.count, for: "the keys of rows")
      slots = [Int32](repeating: -1, count: 4 * slots.count)
      for code in 0...Int(code) {
        var place = Int(truncatingIfNeeded: hashes(code)) & (slots.count - 1)
        while slots[place] >= 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = Int32(code)
      }
    }
  }

  /// Numbers rows by 64 bits each.
  private mutating func number(_ rows: Int, _ bits: (Int) -> UInt64) throws {
    var slots = Slots()
    var known: [UInt64] = []
    codes.reserveCapacity(rows)
    try Pieces.forEach(rows) { piece in
      for row in piece {
        let key = bits(row)
        let (slot, code) = slots.find(Self.mixed(key)) { known[$0] == key }
        if code >= 0 {
          codes.append(code)
        } else {
          let new = Int32(firsts.count)
          known.append(key)
          firsts.append(row)
          codes.append(new)
          try slots.put(new, at: slot) { Self.mixed(known[$0]) }
        }
      }
    }
  }

  private mutating func add(_ texts: PackedTexts) throws {
    let (numbers, bound) = try texts.numbered()
    try number(texts.count, below: bound + 1) { Int(numbers[$0]) + 1 }
  }

  /// Values of several types are known by their type and text.
  private mutating func add(_ values: [Value]) throws {
    var texts = PackedTexts()
    try Pieces.forEach(values.count) { piece in
      for value in values[piece] { texts.append(value.isNil ? nil : "\(value.typeName) \(value.echo)") }
    }
    try add(texts)
  }

  /// How many rows have each number.
  func counts() throws -> [Int] {
    let codes = codes
    let parts = try Pieces.parts(codes.count, most: 64 * count <= codes.count ? 16 : 1) { part in
      var counts = [Int](repeating: 0, count: count)
      try Pieces.forEach(part) { for row in $0 { counts[Int(codes[row])] += 1 } }
      return counts
    }
    return parts.dropFirst().reduce(into: parts[0]) { sum, part in for code in sum.indices { sum[code] += part[code] } }
  }

  /// The rows of each number, one number after the other, and where those of each begin.
  func grouped() throws -> (rows: [Int], starts: [Int]) {
    let starts = try starts()
    var next = starts
    var rows = [Int](repeating: 0, count: codes.count)
    try Pieces.forEach(codes.count) { piece in
      for row in piece {
        let code = Int(codes[row])
        rows[next[code]] = row
        next[code] += 1
      }
    }
    return (rows, starts)
  }

  /// The numbers of a column in the rows of each number, those that are missing last, and where those of each begin and end.
  func gathered(_ numbers: [Double]) throws -> (numbers: [Double], starts: [Int], ends: [Int]) {
    let starts = try starts()
    var next = starts
    var gathered = try Pieces.filled(numbers.count) { _ in MissingNumber.value }
    try Pieces.forEach(numbers.count) { piece in
      for row in piece where !MissingNumber.isMissing(numbers[row]) {
        let code = Int(codes[row])
        gathered[next[code]] = numbers[row]
        next[code] += 1
      }
    }
    return (gathered, starts, next)
  }

  private func starts() throws -> [Int] {
    var starts = [0]
    starts.reserveCapacity(count + 1)
    for count in try counts() { starts.append(starts[starts.count - 1] + count) }
    return starts
  }
}
