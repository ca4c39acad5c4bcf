import Formats
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
      let (left, right) = (codes, try RowKeys([column], rows: rows))
      let width = UInt64(right.count)
      (codes, firsts) = ([], [])
      try number(rows) { UInt64(left[$0]) * width + UInt64(right.codes[$0]) }
    }
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
    var (low, high) = (Double.infinity, -Double.infinity)
    for number in numbers {
      guard number == number.rounded(), abs(number) < 1e15 else { return false }
      low = min(low, number)
      high = max(high, number)
    }
    guard low <= high, high - low < Double(2 * numbers.count + 1024) else { return false }
    let start = Int(low)
    var table = [Int32](repeating: -1, count: Int(high) - start + 1)
    codes.reserveCapacity(numbers.count)
    try Pieces.forEach(numbers.count) { piece in
      for place in piece {
        let slot = Int(numbers[place]) - start
        if table[slot] < 0 {
          table[slot] = Int32(firsts.count)
          firsts.append(place)
        }
        codes.append(table[slot])
      }
    }
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
    var slots = Slots()
    var hashes: [UInt64] = []
    codes.reserveCapacity(texts.count)
    let bytes = texts.bytes
    try Pieces.forEach(texts.count) { piece in
      for row in piece {
        let range = texts.range(at: row)
        let isMissing = texts.isMissing(at: row)
        var hash: UInt64 = isMissing ? 1 : UInt64(range.count) &+ 2
        for place in range { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01B3 }
        hash = Self.mixed(hash)
        let (slot, code) = slots.find(hash) { known in
          guard hashes[known] == hash else { return false }
          let other = texts.range(at: firsts[known])
          guard other.count == range.count, texts.isMissing(at: firsts[known]) == isMissing else { return false }
          for place in 0..<range.count where bytes[other.lowerBound + place] != bytes[range.lowerBound + place] {
            return false
          }
          return true
        }
        if code >= 0 {
          codes.append(code)
        } else {
          let new = Int32(firsts.count)
          hashes.append(hash)
          firsts.append(row)
          codes.append(new)
          try slots.put(new, at: slot) { hashes[$0] }
        }
      }
    }
  }

  /// Values of several types are known by their type and text.
  private mutating func add(_ values: [Value]) throws {
    var texts = PackedTexts()
    try Pieces.forEach(values.count) { piece in
      for value in values[piece] { texts.append(value.isNil ? nil : "\(value.typeName) \(value.echo)") }
    }
    try add(texts)
  }

  /// The rows of each number, one number after the other, and where those of each begin.
  func grouped() throws -> (rows: [Int], starts: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for code in codes { starts[Int(code) + 1] += 1 }
    for code in 0..<count { starts[code + 1] += starts[code] }
    var next = starts
    var rows = [Int](repeating: 0, count: codes.count)
    try Pieces.forEach(codes.count) { piece in
      for row in piece {
        rows[next[Int(codes[row])]] = row
        next[Int(codes[row])] += 1
      }
    }
    return (rows, starts)
  }
}
