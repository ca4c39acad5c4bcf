import Foundation

/// Which of two strings comes first, and whether they are the same.
extension StringBox {
  func equals(_ other: StringBox) -> Bool {
    unsafe self === other || shortEqual(other) ?? (memcmp(storage, other.storage, size) == 0)
  }

  /// As `equals`, in pieces that are charged.
  func equals(_ other: StringBox, charge: (Int) throws -> Void) rethrows -> Bool {
    guard size > Machine.bytesAPiece, size == other.size, self !== other else { return equals(other) }
    return try order(other, charge: charge) == 0
  }

  /// As `order` where one of the two is short; nil when both are long.
  @inline(__always) func shortOrder(_ other: StringBox) -> Int? {
    if self === other { return 0 }
    let common = min(size, other.size)
    guard common <= StringBox.keptCapacity else { return nil }
    if common > 0 {
      let first = unsafe Int(storage[0]) - Int(other.storage[0])
      if first != 0 { return first }
      let order = unsafe memcmp(storage, other.storage, common)
      if order != 0 { return Int(order) }
    }
    return size - other.size
  }

  /// Below, above or 0, as it comes before the other, after it, or is the same; by code point, which is the order of the bytes.
  func order(_ other: StringBox, charge: (Int) throws -> Void) rethrows -> Int {
    var start = 0
    let common = min(size, other.size)
    while start < common {
      let part = min(common - start, Machine.bytesAPiece)
      let order = unsafe memcmp(storage + start, other.storage + start, part)
      if order != 0 { return Int(order) }
      start += part
      if start < common { try charge(part) }
    }
    return size - other.size
  }

  /// A number that orders as the first seven bytes do, with the size in its last byte: of the same seven, with zeros behind a shorter
  /// one, the shorter comes first. Only two strings that both have 8 there may be the same in it and not be equal.
  var rank: UInt64 {
    var bits: UInt64 = 0
    for place in 0..<7 { bits = unsafe bits << 8 | (place < size ? UInt64(storage[place]) : 0) }
    return bits << 8 | UInt64(min(size, 8))
  }
}
