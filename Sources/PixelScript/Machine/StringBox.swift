import Foundation

/// A string in a slot: its bytes in UTF-8.
///
/// Equality, order and positions go by code point, so that `é` in one and in two code points differ, as in Python. The bytes are
/// the box's own because every look into a `String` counts references atomically, which takes longer than the look.
@safe final class StringBox: Referent {
  private var storage: UnsafeMutablePointer<UInt8>
  /// The number of bytes.
  private(set) var size: Int
  private var capacity: Int
  /// The number of code points; -1 until somebody asks.
  private var knownCount = -1
  /// The hash of the bytes; 0 until somebody asks.
  private var knownHash = 0
  private var heap: Heap?

  /// The box itself, and what a small allocation takes beyond what is asked for.
  private static let overhead = 104

  /// A string whose bytes, which must be UTF-8, `write` puts into memory for `size` of them; it returns how many they are.
  init(size: Int, heap: Heap?, write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    capacity = size
    self.heap = heap
    unsafe storage = .allocate(capacity: size)
    self.size = unsafe write(UnsafeMutableBufferPointer(start: storage, count: size))
    super.init(slotCount: 0)
    heap?.add(StringBox.overhead + capacity)
  }

  convenience init(size: Int, meter: MemoryMeter?, write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    unsafe self.init(size: size, heap: meter?.heap, write: write)
  }

  convenience init(_ text: String, meter: MemoryMeter?) { self.init(text, heap: meter?.heap) }

  convenience init(_ text: String, heap: Heap?) {
    var text = text
    let size = text.utf8.count
    unsafe self.init(size: size, heap: heap) { bytes in
      text.withUTF8 { unsafe bytes.update(fromContentsOf: $0) }
    }
  }

  convenience init(_ bytes: some Collection<UInt8>, meter: MemoryMeter?) {
    let size = bytes.count
    unsafe self.init(size: size, meter: meter) { unsafe $0.update(fromContentsOf: bytes) }
  }

  deinit {
    heap?.remove(StringBox.overhead + capacity)
    unsafe storage.deallocate()
  }

  /// Counts the string against a budget from now on.
  func adopt(_ heap: Heap) {
    guard self.heap == nil else { return }
    self.heap = heap
    heap.add(StringBox.overhead + capacity)
  }

  /// The bytes, for as long as the box is held and not appended to.
  @inline(__always) var bytes: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: storage, count: size)
  }

  /// The string as a host sees it.
  var text: String { unsafe String(decoding: bytes, as: UTF8.self) }

  /// The number of code points, in O(1) after the first time.
  var count: Int {
    // Every byte but those that continue a code point.
    if knownCount < 0 { knownCount = unsafe bytes.count { $0 & 0xc0 != 0x80 } }
    return knownCount
  }

  /// True when every code point is one byte.
  private var isASCII: Bool { count == size }

  var hash: Int {
    if knownHash == 0 { knownHash = unsafe Hashing.hash(of: UnsafeRawBufferPointer(bytes)) }
    return knownHash
  }

  /// Adds a text at the end; only for a box that nobody else sees. The other may be the box itself.
  func append(_ other: StringBox) {
    let added = other.size
    if size + added > capacity {
      let larger = max(size + added, capacity * 2)
      let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
      unsafe moved.update(from: storage, count: size)
      unsafe storage.deallocate()
      unsafe storage = moved
      heap?.add(larger - capacity)
      capacity = larger
    }
    unsafe (storage + size).update(from: other.storage, count: added)
    size += added
    (knownCount, knownHash) = (-1, 0)
  }

  func equals(_ other: StringBox) -> Bool {
    unsafe self === other || size == other.size && memcmp(storage, other.storage, size) == 0
  }

  /// True when it comes before another by code point, which is the order of the bytes.
  func precedes(_ other: StringBox) -> Bool {
    let order = unsafe memcmp(storage, other.storage, min(size, other.size))
    return order < 0 || order == 0 && size < other.size
  }

  /// True when the bytes of a part occur in it.
  func contains(_ part: StringBox) -> Bool {
    guard part.size > 0 else { return true }
    var start = 0
    while start + part.size <= size {
      let first = unsafe memchr(storage + start, Int32(part.storage[0]), size - part.size - start + 1)
      guard let first = unsafe first else { return false }
      if unsafe memcmp(first, part.storage, part.size) == 0 { return true }
      start = unsafe first - UnsafeMutableRawPointer(storage) + 1
    }
    return false
  }

  /// A new string of this one and another.
  func joined(with other: StringBox, meter: MemoryMeter?) -> StringBox {
    unsafe StringBox(size: size + other.size, meter: meter) { target in
      let middle = unsafe target.update(fromContentsOf: bytes)
      return unsafe UnsafeMutableBufferPointer(rebasing: target[middle...]).update(fromContentsOf: other.bytes) + middle
    }
  }

  /// A new string of this one several times.
  func repeated(_ times: Int, meter: MemoryMeter?) -> StringBox {
    unsafe StringBox(size: size * times, meter: meter) { target in
      guard let start = target.baseAddress, target.count > 0 else { return 0 }
      unsafe start.update(from: storage, count: size)
      // Doubles what is there, so that a million repetitions of a letter take twenty copies.
      var written = size
      while written < target.count {
        let part = min(written, target.count - written)
        unsafe (start + written).update(from: start, count: part)
        written += part
      }
      return written
    }
  }

  /// The code points at `start`, `start + step`, ...; in O(count) for ASCII.
  func part(start: Int, count: Int, step: Int, meter: MemoryMeter?) -> StringBox {
    if step == 1 {
      let first = offset(of: start, from: 0, at: 0)
      let end = offset(of: start + count, from: start, at: first)
      return unsafe StringBox(bytes[first..<end], meter: meter)
    }
    if isASCII { return StringBox((0..<count).map { unsafe storage[start + $0 * step] }, meter: meter) }
    let all = Array(text.unicodeScalars)
    let part = String(String.UnicodeScalarView((0..<count).map { all[start + $0 * step] }))
    return StringBox(part, meter: meter)
  }

  /// Where a code point starts, looked for from one that starts at `offset`.
  private func offset(of position: Int, from known: Int, at offset: Int) -> Int {
    if isASCII { return position }
    var (left, place) = (position - known, offset)
    while left > 0 {
      repeat { place += 1 } while unsafe place < size && storage[place] & 0xc0 == 0x80
      left -= 1
    }
    return place
  }
}
