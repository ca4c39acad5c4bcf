/// What a sequence is ordered by: numbers by size with NaN last, false before true, strings by code point, or lists by the first
/// elements that differ.
struct SortKeys {
  private let keys: ScriptList
  private var kind = Slot.Tag.undefined

  /// Keys that are added one by one, for about so many values.
  init(_ count: Int, _ context: CallContext) { keys = context.newList(capacity: min(count, 1 << 16)) }

  /// Adds a key, which it takes over; false, with the key left to the caller, when it is neither a number, a bool, a string nor a
  /// list, or not what the others are.
  @inline(__always) mutating func append(_ value: Slot) -> Bool {
    let number = value.tag == .object ? value.hostNumber : nil
    let key = number.map { Slot($0) } ?? value
    guard keys.count > 0 ? key.tag == kind : [.number, .bool, .string, .list].contains(key.tag) else { return false }
    if number != nil { Teardown.release(value) }
    kind = key.tag
    keys.append(owning: key)
    return true
  }

  /// The first key, or nil.
  var first: Value? { keys.count > 0 ? keys[0] : nil }

  /// Whether the key at a place is no number.
  func isNaN(_ place: Int) -> Bool { kind == .number && keys.slot(at: place).number.isNaN }

  /// True when the key at one place comes before the one at another.
  func precedes(_ left: Int, _ right: Int, _ context: CallContext) throws -> Bool {
    try isBefore(keys.slot(at: left), keys.slot(at: right), context.machine)
  }

  @inline(__always) private func isBefore(_ left: Slot, _ right: Slot, _ machine: Machine) throws -> Bool {
    switch kind {
    case .number: SortKeys.rank(of: left.number) < SortKeys.rank(of: right.number)
    case .bool: left.bits < right.bits
    case .string: try machine.order(ofTexts: left, right) < 0
    default: try machine.order(left, right, .less, nanLast: true) == .before
    }
  }

  /// A key as it is compared first, and the place of what it is the key of.
  private struct Entry {
    let rank: Int64
    let place: Int
  }

  /// The places of the keys in ascending or descending order, equal ones as they were.
  func order(descending: Bool, _ context: CallContext) throws -> [Int] {
    let (machine, count) = (context.machine, keys.count)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    try machine.inPieces(elements: count) { piece in
      for place in piece { entries.append(Entry(rank: rank(of: keys.slot(at: place)), place: place)) }
    }
    let sign: Int64 = descending ? -1 : 0
    switch kind {
    case .number, .bool: try StableSort.sort(&entries, machine) { $0.rank ^ sign < $1.rank ^ sign }
    case .string:
      try StableSort.sort(&entries, machine) { left, right in
        if left.rank != right.rank || left.rank & 0xff < 8 { return left.rank ^ sign < right.rank ^ sign }
        let order = try machine.order(ofTexts: keys.slot(at: left.place), keys.slot(at: right.place))
        return descending ? order > 0 : order < 0
      }
    default:
      try StableSort.sort(&entries, machine) { left, right in
        let (first, second) = descending ? (right, left) : (left, right)
        return try isBefore(keys.slot(at: first.place), keys.slot(at: second.place), machine)
      }
    }
    return entries.map { $0.place }
  }

  @inline(__always) private func rank(of key: Slot) -> Int64 {
    switch kind {
    case .number: SortKeys.rank(of: key.number)
    case .bool: Int64(key.bits)
    case .string: key.with(StringBox.self) { Int64(bitPattern: $0.rank ^ 1 << 63) }
    default: 0
    }
  }

  /// A whole number that orders as numbers do: the bits of a double, those below zero turned round.
  @inline(__always) static func rank(of number: Double) -> Int64 {
    if number.isNaN { return .max }
    let bits = Int64(bitPattern: (number + 0).bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }
}
