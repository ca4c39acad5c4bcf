import CSystem
import Foundation

/// Finds some bytes in others, in time that grows with both and not with their product; in UTF-8, where an occurrence of the bytes
/// is one of the string.
@safe struct ByteSearch {
  private let part: UnsafeBufferPointer<UInt8>
  private let length: Int
  /// The hash of a long part.
  private let wanted: RollingHash?

  /// Longer parts are looked for by their hash, because the search of the C library looks through a part anew for each piece.
  static let longest = 1 << 12

  /// The bytes of a text that is looked through at once.
  static let shortText = 1 << 12

  /// The offset of the first occurrence of a part, which is not empty, in a short text that is no shorter, at `start` or later; or nil.
  static func first(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    let whole = unsafe text.baseAddress.unsafelyUnwrapped
    let found = unsafe memmem(whole + start, text.count - start, part.baseAddress.unsafelyUnwrapped, part.count)
    return unsafe found.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(whole) }
  }

  /// Searches for a part, which must stay where it is and is not empty.
  init(_ part: UnsafeBufferPointer<UInt8>, charge: (Int) throws -> Void) rethrows {
    unsafe self.part = unsafe part
    length = part.count
    wanted = part.count > ByteSearch.longest ? try unsafe RollingHash(part, from: 0, length: part.count, charge) : nil
  }

  /// The offset of the first occurrence at `start` or later, or nil; `charge` is told the bytes that were looked through.
  func first(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, charge: (Int) throws -> Void
  ) rethrows -> Int? {
    let last = bytes.count - length
    guard start <= last else { return nil }
    if let wanted { return try unsafe first(wanted, in: bytes, from: start, charge) }
    var place = start
    while place <= last {
      let piece = min(Machine.bytesAPiece, last - place + 1)
      let found = unsafe memmem(
        bytes.baseAddress.unsafelyUnwrapped + place, piece + length - 1, part.baseAddress.unsafelyUnwrapped,
        length)
      if let found = unsafe found {
        let offset = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
        try charge(offset - place)
        return offset
      }
      try charge(piece)
      place += piece
    }
    return nil
  }

  private func first(
    _ wanted: RollingHash, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ charge: (Int) throws -> Void
  ) rethrows -> Int? {
    var hash = try unsafe RollingHash(bytes, from: start, length: length, charge)
    var place = start
    while true {
      if hash == wanted, try unsafe isHere(place, in: bytes, charge) { return place }
      guard place + length < bytes.count else { return nil }
      unsafe hash.move(out: bytes[place], in: bytes[place + length])
      place += 1
      if place & 0xffff == 0 { try charge(0xffff * 8) }
    }
  }

  private func isHere(
    _ place: Int, in bytes: UnsafeBufferPointer<UInt8>, _ charge: (Int) throws -> Void
  ) rethrows -> Bool {
    var done = 0
    while done < length {
      let piece = min(Machine.bytesAPiece, length - done)
      let order = unsafe memcmp(
        bytes.baseAddress.unsafelyUnwrapped + place + done, part.baseAddress.unsafelyUnwrapped + done, piece)
      if order != 0 { return false }
      try charge(piece)
      done += piece
    }
    return true
  }
}

/// The hash of a window of bytes, which moves on by one byte in O(1): a polynomial modulo the prime 2^61 - 1.
private struct RollingHash: Equatable {
  private static let prime: UInt64 = 1 << 61 - 1
  private static let base: UInt64 = 0x0d3c_21f5_6b87_a94e

  private var value: UInt64 = 0
  /// The factor of the byte that leaves the window.
  private var highest: UInt64 = 1

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, length: Int, _ charge: (Int) throws -> Void
  ) rethrows {
    for place in start..<start + length {
      value = unsafe RollingHash.sum(RollingHash.product(value, RollingHash.base), UInt64(bytes[place]) + 1)
      if place > start { highest = RollingHash.product(highest, RollingHash.base) }
      if place & 0xffff == 0xffff { try charge(0xffff * 8) }
    }
  }

  mutating func move(out old: UInt8, in new: UInt8) {
    let gone = RollingHash.product(highest, UInt64(old) + 1)
    let rest = RollingHash.sum(value, RollingHash.prime - gone)
    value = RollingHash.sum(RollingHash.product(rest, RollingHash.base), UInt64(new) + 1)
  }

  static func == (left: RollingHash, right: RollingHash) -> Bool { left.value == right.value }

  private static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return sum(low & prime, low >> 61 | high << 3)
  }

  private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let sum = a + b
    return sum >= prime ? sum - prime : sum
  }
}

extension StringBox {
  /// True when the bytes of a part occur in it.
  func contains(_ part: StringBox, _ machine: Machine) throws -> Bool {
    guard part.size > 0 else { return true }
    guard part.size <= size else { return false }
    if size <= Machine.bytesAPiece, part.size <= ByteSearch.longest {
      try machine.charge(bytes: size)
      if part.size == 1 { return unsafe memchr(storage, Int32(part.storage[0]), size) != nil }
      return unsafe memmem(storage, size, part.storage, part.size) != nil
    }
    let search = try unsafe ByteSearch(part.bytes) { try machine.charge(bytes: $0) }
    return try unsafe search.first(in: bytes, from: 0) { try machine.charge(bytes: $0) } != nil
  }
}

extension CallContext {
  /// Calls `body` with the offset of each occurrence of a part in a text, from the first to the last, until it returns false.
  ///
  /// Occurrences do not overlap; the part is not empty. The offsets count bytes of UTF-8.
  func forEachOccurrence(of part: String, in text: String, _ body: (Int) throws -> Bool) throws {
    var (text, part) = (text, part)
    let machine = interpreter.machine
    let charge = { (bytes: Int) in try machine.charge(bytes: bytes) }
    try text.withUTF8 { bytes in
      try part.withUTF8 { part in
        let search = try unsafe ByteSearch(part, charge: charge)
        var place = 0
        while let found = try unsafe search.first(in: bytes, from: place, charge: charge), try body(found) {
          try machine.poll(steps: 1)
          place = found + part.count
        }
      }
    }
  }
}
