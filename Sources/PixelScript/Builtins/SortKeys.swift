/// What a sequence is ordered by: numbers by size with NaN last, or strings by code point.
struct SortKeys {
  private var numbers: [Double] = []
  private var strings: [String] = []

  /// Keys that are added one by one.
  init() {}

  /// Numbers as their own keys.
  init(_ numbers: [Double]) { self.numbers = numbers }

  /// Adds a key; false when it is neither a number nor a string, or not what the others are.
  mutating func append(_ value: Value) -> Bool {
    switch value {
    case .number(let number) where strings.isEmpty: numbers.append(number)
    case .string(let text) where numbers.isEmpty: strings.append(text)
    default: return false
    }
    return true
  }

  /// True when the key at one place comes before the one at another.
  func precedes(_ left: Int, _ right: Int) -> Bool {
    guard strings.isEmpty else { return strings[left].utf8.lexicographicallyPrecedes(strings[right].utf8) }
    return SortKeys.rank(of: numbers[left]) < SortKeys.rank(of: numbers[right])
  }

  /// The places of the keys in ascending or descending order, equal ones as they were; `poll` is called now and then.
  func order(descending: Bool, poll: () throws -> Void) rethrows -> [Int] {
    let ranks = numbers.isEmpty ? strings.map(SortKeys.rank) : numbers.map(SortKeys.rank)
    var entries = ranks.enumerated().map { (rank: descending ? ~$1 : $1, place: $0) }
    var comparisons = 0
    func watch() throws {
      comparisons &+= 1
      if comparisons & 0xffff == 0 { try poll() }
    }
    if strings.isEmpty {
      try entries.sort { left, right in
        try watch()
        return left.rank != right.rank ? left.rank < right.rank : left.place < right.place
      }
    } else {
      try entries.sort { left, right in
        try watch()
        if left.rank != right.rank { return left.rank < right.rank }
        let (first, second) = descending ? (right.place, left.place) : (left.place, right.place)
        if precedes(first, second) { return true }
        return precedes(second, first) ? false : left.place < right.place
      }
    }
    return entries.map(\.place)
  }

  /// A whole number that orders as numbers do: the bits of a double, those below zero turned round.
  private static func rank(of number: Double) -> Int64 {
    if number.isNaN { return .max }
    let bits = Int64(bitPattern: (number + 0).bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }

  /// A whole number that orders as the first eight bytes do.
  private static func rank(of text: String) -> Int64 {
    var bits: UInt64 = 0
    var shift: UInt64 = 64
    for byte in text.utf8.prefix(8) {
      shift -= 8
      bits |= UInt64(byte) << shift
    }
    return Int64(bitPattern: bits ^ 1 << 63)
  }
}
