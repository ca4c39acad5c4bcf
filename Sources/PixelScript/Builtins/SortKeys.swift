/// What a sequence is ordered by: numbers by size with NaN last, false before true, strings by code point, or lists by the first
/// elements that differ.
struct SortKeys {
  private var numbers: [Double] = []
  private var strings: [StringBox] = []
  private var lists: [ScriptList] = []
  /// Whether the numbers stand for false and true.
  private var areBools = false

  /// Keys that are added one by one.
  init() {}

  /// Numbers as their own keys.
  init(_ numbers: [Double]) { self.numbers = numbers }

  /// Adds a key; false when it is neither a number, a string nor a list, or not what the others are.
  mutating func append(_ value: Slot) -> Bool {
    switch value.tag {
    case .number where strings.isEmpty && lists.isEmpty && !areBools: numbers.append(value.number)
    case .bool where strings.isEmpty && lists.isEmpty && (areBools || numbers.isEmpty):
      areBools = true
      numbers.append(value.truth ? 1 : 0)
    case .string where numbers.isEmpty && lists.isEmpty: strings.append(value.object(StringBox.self))
    case .list where numbers.isEmpty && strings.isEmpty: lists.append(value.object(ScriptList.self))
    case .object where strings.isEmpty && lists.isEmpty && !areBools:
      guard let number = value.hostNumber else { return false }
      numbers.append(number)
    default: return false
    }
    return true
  }

  /// The first key, or nil.
  var first: Value? {
    numbers.first.map { areBools ? .bool($0 == 1) : .number($0) } ?? strings.first.map { .string($0.text) }
      ?? lists.first.map { .list($0) }
  }

  /// True when the key at one place comes before the one at another.
  func precedes(_ left: Int, _ right: Int, _ context: CallContext) throws -> Bool {
    guard lists.isEmpty else { return try isBefore(left, right, context) }
    guard strings.isEmpty else { return try order(left, right, context.machine) < 0 }
    return SortKeys.rank(of: numbers[left]) < SortKeys.rank(of: numbers[right])
  }

  /// Below, above or 0, as one string comes before another.
  private func order(_ left: Int, _ right: Int, _ machine: Machine) throws -> Int {
    try strings[left].order(strings[right]) { try machine.charge(bytes: $0) }
  }

  /// True when the list at one place comes before the one at another.
  private func isBefore(_ left: Int, _ right: Int, _ context: CallContext) throws -> Bool {
    try context.machine.order(
      Slot(.list, borrowing: lists[left]), Slot(.list, borrowing: lists[right]), .less, nanLast: true) == .before
  }

  /// The places of lists in order.
  private func listOrder(descending: Bool, _ context: CallContext) throws -> [Int] {
    var work = context.work()
    return try lists.indices.sorted { left, right in
      try work.add()
      let (first, second) = descending ? (right, left) : (left, right)
      if try isBefore(first, second, context) { return true }
      return try left < right && !isBefore(second, first, context)
    }
  }

  /// The places of the keys in ascending or descending order, equal ones as they were.
  func order(descending: Bool, _ context: CallContext) throws -> [Int] {
    guard lists.isEmpty else { return try listOrder(descending: descending, context) }
    let machine = context.machine
    var work = context.work()
    var entries: [(rank: Int64, place: Int)] = []
    entries.reserveCapacity(max(numbers.count, strings.count))
    try machine.inPieces(elements: max(numbers.count, strings.count)) { piece in
      for place in piece {
        let rank = numbers.isEmpty ? SortKeys.rank(of: strings[place]) : SortKeys.rank(of: numbers[place])
        entries.append((descending ? ~rank : rank, place))
      }
    }
    if strings.isEmpty {
      try entries.sort { left, right in
        try work.add()
        return left.rank != right.rank ? left.rank < right.rank : left.place < right.place
      }
    } else {
      try entries.sort { left, right in
        try work.add()
        if left.rank != right.rank { return left.rank < right.rank }
        let order = try order(left.place, right.place, machine)
        return order == 0 ? left.place < right.place : (order < 0) != descending
      }
    }
    var places: [Int] = []
    places.reserveCapacity(entries.count)
    try machine.inPieces(elements: entries.count) { piece in for place in piece { places.append(entries[place].place) }
    }
    return places
  }

  /// A whole number that orders as numbers do: the bits of a double, those below zero turned round.
  @inline(__always) static func rank(of number: Double) -> Int64 {
    if number.isNaN { return .max }
    let bits = Int64(bitPattern: (number + 0).bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }

  /// A whole number that orders as the first eight bytes do.
  private static func rank(of text: StringBox) -> Int64 { Int64(bitPattern: text.firstEight ^ 1 << 63) }
}
