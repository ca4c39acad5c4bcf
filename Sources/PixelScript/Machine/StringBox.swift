import Foundation
import Safepoint

/// A string in a slot: its bytes in UTF-8.
///
/// Equality, order and positions go by code point, so that `é` in one and in two code points differ, as in Python. The bytes are
/// the box's own because every look into a `String` counts references atomically, which takes longer than the look.
@safe final class StringBox: Referent {
  @exclusivity(unchecked) private(set) var storage: UnsafeMutablePointer<UInt8>
  /// The number of bytes.
  @safe @exclusivity(unchecked) private(set) var size: Int
  /// The room, in words of eight bytes.
  @safe @exclusivity(unchecked) private var words: UInt32
  /// Where a map had the string as a key, when it is the name of a field.
  @safe @exclusivity(unchecked) var hint: Int32 = 0
  /// The number of code points; -1 until somebody asks.
  @safe @exclusivity(unchecked) private(set) var knownCount = -1
  /// The hash of the bytes; 0 until somebody asks.
  @safe @exclusivity(unchecked) private var knownHash = 0
  @safe @exclusivity(unchecked) private var heap: Heap?
  /// The bytes of a short string, which needs no memory beside the box; of another one the first word is the address of `points`.
  @exclusivity(unchecked) private var inside: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The least room of a string, which lies in the box itself.
  static let shortCapacity = 32
  /// The most room of a string that is kept to be used again.
  static let keptCapacity = 256
  /// The bytes of a string that are looked through for a code point each time.
  private static let scannedSize = 48

  /// The box, its bytes, and what an allocation takes beyond what is asked for.
  var cost: Int { StringBox.cost(of: capacity) }

  /// What the box of a string with room for so many bytes takes.
  static func cost(of capacity: Int) -> Int { 112 + (capacity > StringBox.shortCapacity ? capacity + 16 : 0) }

  /// Begins to be used again, with other bytes.
  @inline(__always) func begin(_ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    slotCount = 1
    size = unsafe write(UnsafeMutableBufferPointer(start: storage, count: capacity))
    (knownCount, knownHash) = (-1, 0)
    heap?.add(cost)
  }

  /// Keeps a string of little room that ends to be used again; false when it is not to be kept.
  @inline(__always) func isKept() -> Bool {
    guard capacity <= StringBox.keptCapacity, unsafe points == nil, let heap, heap.keep(self, room: capacity) else {
      return false
    }
    heap.remove(cost)
    return true
  }

  /// A string whose bytes, which must be UTF-8, `write` puts into memory for `size` of them; it returns how many they are.
  init(size: Int, heap: Heap?, write: (UnsafeMutableBufferPointer<UInt8>) throws -> Int) rethrows {
    // One of the sizes that are kept.
    let capacity =
      size > StringBox.keptCapacity
      ? size : max(1 << (Int.bitWidth - (size - 1).leadingZeroBitCount), StringBox.shortCapacity)
    words = StringBox.words(for: capacity)
    self.size = 0
    self.heap = heap
    let isShort = size <= StringBox.shortCapacity
    unsafe storage = isShort ? StringBox.nowhere : .allocate(capacity: Int(words) * 8)
    super.init(slotCount: 0)
    if isShort {
      // The box does not move, and neither do its parts.
      unsafe storage = withUnsafeMutableBytes(of: &inside) {
        unsafe $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      }
    }
    heap?.add(cost)
    self.size = try unsafe write(UnsafeMutableBufferPointer(start: storage, count: size))
  }

  /// The words that hold so many bytes.
  private static func words(for bytes: Int) -> UInt32 { UInt32(clamping: (bytes + 7) / 8) }

  @inline(__always) private var capacity: Int { Int(words) &* 8 }

  /// Where code points lie, once somebody asked in a long text that has others than ASCII.
  private var points: Unmanaged<CodePoints>? {
    guard capacity > StringBox.shortCapacity, unsafe inside.0 != 0 else { return nil }
    return unsafe UnsafeRawPointer(bitPattern: UInt(unsafe inside.0)).map { unsafe .fromOpaque($0) }
  }

  private static var nowhere: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<UInt64>.alignment).unsafelyUnwrapped
  }

  convenience init(
    size: Int, meter: MemoryMeter?, write: (UnsafeMutableBufferPointer<UInt8>) throws -> Int
  ) rethrows {
    try unsafe self.init(size: size, heap: meter?.heap, write: write)
  }

  convenience init(_ text: String, meter: MemoryMeter?) { self.init(text, heap: meter?.heap) }

  /// The string of a host; of a long one only a part when the run must stop meanwhile.
  convenience init(_ text: String, heap: Heap?) {
    var text = text
    let size = text.utf8.count
    unsafe self.init(size: size, heap: heap) { target in
      text.withUTF8 { unsafe StringBox.copy($0, to: target) }
    }
  }

  convenience init(_ bytes: some Collection<UInt8>, meter: MemoryMeter?) {
    let size = bytes.count
    unsafe self.init(size: size, meter: meter) { unsafe $0.update(fromContentsOf: bytes) }
  }

  deinit {
    heap?.remove(cost + (unsafe points?._withUnsafeGuaranteedRef { $0.cost } ?? 0))
    unsafe points?.release()
    if capacity > StringBox.shortCapacity { unsafe storage.deallocate() }
  }

  /// Counts the string against a budget from now on.
  func adopt(_ heap: Heap) {
    guard self.heap == nil else { return }
    self.heap = heap
    heap.add(cost)
  }

  /// True when it is known that all code points are ASCII.
  @inline(__always) var isKnownASCII: Bool { knownCount == size }

  /// Tells that all code points are ASCII, where what the string was made of was.
  @inline(__always) func noteASCII() { knownCount = size }

  /// Tells how many code points there are, where what the string was made of had as many.
  @inline(__always) func note(count: Int) { knownCount = count }

  /// The number of code points, as far as it is known or takes no time to find out.
  @inline(__always) var quickCount: Int? { isQuicklyASCII ? size : knownCount >= 0 ? knownCount : nil }

  /// True when all code points are ASCII, as far as that is known or takes no time to find out.
  @inline(__always) var isQuicklyASCII: Bool {
    if knownCount < 0, size <= StringBox.keptCapacity { knownCount = unsafe CodePoints.count(bytes[0...]) }
    return knownCount == size
  }

  /// True when all bytes of a short string are ASCII.
  var isShortASCII: Bool {
    guard size <= StringBox.keptCapacity else { return false }
    var all: UInt8 = 0
    for place in 0..<size { unsafe all |= storage[place] }
    return all < 128
  }

  /// The bytes, for as long as the box is held and not appended to.
  @inline(__always) var bytes: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: storage, count: size)
  }
}

extension StringBox {
  @inline(__always) var hash: Int {
    if knownHash == 0 {
      var hashing = Hashing(size)
      let whole = size <= StringBox.keptCapacity ? size & ~7 : size
      unsafe hashing.add(UnsafeRawBufferPointer(start: storage, count: whole))
      if whole < size { hashing.end(with: word(at: whole), count: size - whole) }
      knownHash = hashing.result
    }
    return knownHash
  }

  /// Eight bytes from a multiple of eight on, which lie within the room of a short string that has one of them, and the first 32 within
  /// that of any.
  @inline(__always) func word(at place: Int) -> UInt64 {
    unsafe UnsafeRawPointer(storage + place).loadUnaligned(as: UInt64.self)
  }

  /// True when it takes long to get the hash.
  @inline(__always) var needsHash: Bool { size > Machine.bytesAPiece && knownHash == 0 }

  /// Works the hash of a long string out in pieces.
  func prepareHash(_ machine: Machine) throws {
    var hashing = Hashing(size)
    try machine.inPieces(bytes: size) {
      unsafe hashing.add(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[$0])))
    }
    knownHash = hashing.result
  }

  /// Adds a text of few bytes at the end where there is room; false where `append` must. Only for a box that nobody else sees.
  @inline(__always) func appendShort(_ other: StringBox) -> Bool {
    let (added, end) = (other.size, size)
    guard added <= StringBox.keptCapacity, end + added <= capacity else { return false }
    var points = 0
    if added > 8 {
      unsafe (storage + end).update(from: other.storage, count: added)
      size = end + added
      knownHash = 0
      if knownCount >= 0 { knownCount = unsafe knownCount + CodePoints.count(bytes[end...]) }
      return true
    }
    for place in 0..<added {
      let byte = unsafe other.storage[place]
      unsafe storage[end + place] = byte
      points += byte & 0xc0 != 0x80 ? 1 : 0
    }
    size = end + added
    knownHash = 0
    if knownCount >= 0 { knownCount += points }
    return true
  }

  /// Adds a text at the end; only for a box that nobody else sees. The other may be the box itself.
  func append(_ other: StringBox, _ machine: Machine) throws {
    try append(other, 0..<other.size, machine)
  }

  /// Adds some bytes of a text at the end; only for a box that nobody else sees. The other may be the box itself.
  func append(_ other: StringBox, _ part: Range<Int>, _ machine: Machine) throws {
    let added = part.count
    if size + added > capacity { try makeRoom(for: size + added, machine.meter) }
    if added <= Machine.bytesAPiece {
      unsafe (storage + size).update(from: other.storage + part.lowerBound, count: added)
      try machine.charge(bytes: added)
    } else {
      try machine.inPieces(bytes: added) {
        unsafe (storage + size + $0.lowerBound).update(
          from: other.storage + part.lowerBound + $0.lowerBound, count: $0.count)
      }
    }
    let before = size
    size += added
    knownHash = 0
    // A text that grows letter by letter and is asked for its length each time is not counted from its start.
    knownCount =
      unsafe knownCount < 0 || added > Machine.bytesAPiece ? -1 : knownCount + CodePoints.count(bytes[before...])
  }

  /// Makes room for twice as many bytes, or for fewer where the budget has no room for them; a long text asks before it grows.
  private func makeRoom(for wanted: Int, _ meter: MemoryMeter) throws(ScriptError) {
    guard capacity >= 1 << 17 else { return resize(to: max(wanted, capacity * 2)) }
    let larger = max(wanted, min(capacity * 2, capacity + max(meter.room, capacity / 8)))
    try meter.grow(by: larger - capacity)
    resize(to: larger)
  }

  private func resize(to wanted: Int) {
    let before = cost
    let words = StringBox.words(for: wanted)
    let larger = max(Int(words) * 8, wanted)
    if capacity > StringBox.shortCapacity {
      unsafe storage = Resizing.resized(storage, to: larger)
    } else {
      let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
      unsafe moved.update(from: storage, count: size)
      unsafe storage = moved
      unsafe inside.0 = 0
    }
    self.words = words
    heap?.add(cost - before)
  }
}

extension StringBox {
  /// The number of code points, in O(1) after the first time.
  @inline(__always) func count(_ machine: Machine) throws -> Int {
    knownCount >= 0 ? knownCount : try countPoints(machine)
  }

  private func countPoints(_ machine: Machine) throws -> Int {
    var count = 0
    try machine.inPieces(bytes: size) { unsafe count += CodePoints.count(bytes[$0]) }
    knownCount = count
    return count
  }

  /// The code points at `start`, `start + step`, ..., in O(count) after the first time, as a string that the caller owns.
  func part(start: Int, count: Int, step: Int, _ machine: Machine) throws -> Slot {
    guard count > 0 else { return machine.shared.empty.copied() }
    let isASCII = try self.count(machine) == size
    if step == 1 {
      if isASCII { return try part(start..<start + count, machine) }
      let first = try offset(of: start, machine)
      let end =
        count <= 64
        ? unsafe CodePoints.step(from: first, by: count, in: bytes) : try offset(of: start + count, machine)
      return try part(first..<end, machine)
    }
    if isASCII {
      if count <= StringBox.keptCapacity {
        try machine.charge(elements: count)
        let source = unsafe bytes
        return unsafe machine.newString(size: count) { target in
          for place in 0..<count { unsafe target[place] = source[start + place * step] }
          return count
        }
      }
      let part = try unsafe StringBox(size: count, heap: machine.heap) { target in
        try machine.inPieces(elements: count) { piece in
          for place in piece { unsafe target[place] = storage[start + place * step] }
        }
        return count
      }
      return Slot(.string, owning: part)
    }
    if step == -1 { return try reversedPart(from: start - count + 1, to: start + 1, machine) }
    var part: [UInt8] = []
    var work = Work(machine)
    var place = try offset(of: start, machine)
    for position in 0..<count {
      if position > 0 {
        place =
          abs(step) <= 64
          ? unsafe CodePoints.step(from: place, by: step, in: bytes)
          : try offset(of: start + position * step, machine)
      }
      var end = place
      repeat { end += 1 } while unsafe end < size && storage[end] & 0xc0 == 0x80
      unsafe part += bytes[place..<end]
      try work.add(4)
    }
    return Slot(.string, owning: StringBox(part, meter: machine.meter))
  }

  /// The code points from one position up to another, the last one first, as a string that the caller owns.
  private func reversedPart(from first: Int, to last: Int, _ machine: Machine) throws -> Slot {
    let start = try offset(of: first, machine)
    let end = try offset(of: last, machine)
    let size = end - start
    // The letters as they come go to the end of what is made, and before each other.
    @inline(__always)
    func write(_ target: UnsafeMutableBufferPointer<UInt8>, _ looked: (Int) throws -> Void) rethrows {
      var (place, free, next) = (start, size, start + Machine.elementsAPiece)
      while place < end {
        let length = unsafe min(CodePoints.length(of: storage[place]), end - place)
        free -= length
        for byte in 0..<length { unsafe target[free + byte] = storage[place + byte] }
        place += length
        if place >= next {
          try looked(Machine.elementsAPiece)
          next += Machine.elementsAPiece
        }
      }
    }
    if size <= StringBox.keptCapacity {
      try machine.charge(elements: size)
      let part = unsafe machine.newString(size: size) { target in
        unsafe write(target) { _ in }
        return size
      }
      part.with(StringBox.self) { $0.note(count: last - first) }
      return part
    }
    try machine.meter.check(adding: size)
    let part = try unsafe StringBox(size: size, heap: machine.heap) { target in
      try unsafe write(target) { try machine.charge(elements: $0) }
      return size
    }
    return Slot(.string, owning: part)
  }

  /// Where a code point starts; the number of all of them means the end.
  func offset(of position: Int, _ machine: Machine) throws -> Int {
    if knownCount == size || position == 0 { return position }
    if position == knownCount { return size }
    // A short text is looked through anew in less time than a table takes to make.
    if size <= StringBox.scannedSize { return unsafe CodePoints.step(from: 0, by: position, in: bytes) }
    let points = unsafe self.points ?? .passRetained(CodePoints())
    unsafe inside.0 = UInt64(UInt(bitPattern: points.toOpaque()))
    return try unsafe points._withUnsafeGuaranteedRef { points in
      if !points.hasSeen(size) {
        let before = points.cost
        defer { heap?.add(points.cost - before) }
        try unsafe points.index(bytes, machine)
      }
      return unsafe points.offset(of: position, in: bytes)
    }
  }
}
