import Safepoint

/// A map from strings, numbers and booleans to values, in insertion order, shared by reference.
///
/// Entries lie in insertion order; `table` holds their positions by hash (open addressing, a power of two): half of the hash above
/// the position + 1, so that most searches touch one entry; 0 is free, and no position with something above it is what an entry
/// leaves there that was removed. That stays as a gap (an undefined key) until the map grows.
@safe public final class ScriptMap: Container {
  struct Entry: BitwiseCopyable {
    var hash: Int
    var key: Slot
    var value: Slot
  }

  @exclusivity(unchecked) private(set) var storage: UnsafeMutablePointer<Entry>
  @exclusivity(unchecked) private var table: UnsafeMutablePointer<UInt64>
  @safe @exclusivity(unchecked) private var capacity: Int
  /// The number of places in use, gaps included.
  @safe @exclusivity(unchecked) private(set) var used = 0
  /// The number of entries.
  @safe @exclusivity(unchecked) public private(set) var count = 0
  /// True for a row that a table hands to a loop or a function: a copy, which a script that means the table must not change in vain.
  @safe @exclusivity(unchecked) public private(set) var isRow = false
  /// The kind of the caught error that the map tells of; nil for any other map.
  @safe @exclusivity(unchecked) var caught: Diagnostic.Kind?
  /// What a key has that is not there, or a function that makes it; undefined without one.
  @safe @exclusivity(unchecked) private(set) var fallback = Slot.undefined

  init(capacity wanted: Int, heap: Heap?) {
    var capacity = 4
    while capacity < wanted { capacity *= 2 }
    self.capacity = capacity
    unsafe (storage, table) = unsafe ScriptMap.allocate(capacity)
    unsafe table.initialize(repeating: 0, count: capacity * 2)
    super.init(heap: heap)
    heap?.add(cost)
  }

  convenience init(capacity: Int, meter: MemoryMeter) { self.init(capacity: capacity, heap: meter.heap) }

  /// Creates an empty map.
  public convenience init() { self.init(capacity: 4, heap: nil) }

  /// Creates a row of a table for a loop or a function, which a script can't change.
  public convenience init(row entries: some Collection<(String, Value)>) {
    self.init(capacity: entries.count, heap: nil)
    for (name, value) in entries { self[name] = value }
    isRow = true
  }

  /// The error of a change of a row.
  static var rowIsCopy: ScriptError {
    ScriptError(
      .value, "a row of a table, as a loop or a function gets it, is a copy: the table would stay as it is",
      help: "`t[0].loss = 1` and `t.loss[mask] = 1` change the table, `with_columns(t, loss: fn(row) = ...)` all rows; "
        + "`t.rows` are maps of their own")
  }

  /// Takes over what a map that ends holds.
  private init(endOf other: ScriptMap) {
    unsafe (storage, table) = unsafe (other.storage, other.table)
    (capacity, used, count, fallback) = (other.capacity, other.used, other.count, other.fallback)
    super.init(heap: other.heap)
  }

  deinit {
    untrack()
    if used > Teardown.partsOfHost, let heap = heap ?? .ofRun, heap.leave(.map, ScriptMap(endOf: self)) { return }
    while let slot = surrender() { Teardown.release(slot) }
    unsafe storage.deallocate()
    heap?.remove(cost)
  }

  /// Room for entries and, behind them in the same block, for the table.
  private static func allocate(
    _ capacity: Int
  ) -> (storage: UnsafeMutablePointer<Entry>, table: UnsafeMutablePointer<UInt64>) {
    let size = capacity * MemoryLayout<Entry>.stride
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: size + capacity * 2 * MemoryLayout<UInt64>.stride, alignment: MemoryLayout<Entry>.alignment)
    return unsafe (
      block.bindMemory(to: Entry.self, capacity: capacity),
      (block + size).bindMemory(to: UInt64.self, capacity: capacity * 2)
    )
  }

  /// The most room of a map that is kept to be used again.
  static let shortCapacity = 16

  /// Begins to be used again.
  @inline(__always) func begin() {
    slotCount = 1
    heap?.add(cost)
  }

  /// Drops the entries of a short map that ends, and keeps it to be used again; false when there is no room, or, with all as it was,
  /// when it holds containers and lies so deep that they take the way without recursion.
  func isKept() -> Bool {
    guard capacity <= ScriptMap.shortCapacity, let heap, !heap.isDeep || !holdsContainers else { return false }
    untrack()
    candidacy = -1
    let (held, fallback) = (used, fallback)
    (used, count, isRow, caught, self.fallback) = (0, 0, false, nil, .undefined)
    heap.deeper {
      for place in 0..<held {
        let entry = unsafe storage[place]
        Teardown.release(entry.key)
        Teardown.release(entry.value)
      }
      Teardown.release(fallback)
    }
    unsafe table.update(repeating: 0, count: capacity * 2)
    // An empty map ends in any way.
    guard heap.keep(self, capacity: capacity) else { return false }
    heap.remove(cost)
    return true
  }

  var holdsContainers: Bool {
    for place in 0..<used where unsafe storage[place].value.isContainer { return true }
    return fallback.isContainer
  }

  /// The bytes that are counted against no budget.
  var uncounted: Int { heap == nil ? cost : 0 }

  var cost: Int { ScriptMap.cost(of: capacity) }

  private static func cost(of capacity: Int) -> Int { 112 + capacity * (MemoryLayout<Entry>.stride + 16) }

  /// Counts the map, without what is in it, against a budget from now on; false when it is already.
  func adopt(_ heap: Heap) -> Bool {
    guard self.heap == nil else { return false }
    self.heap = heap
    heap.add(cost)
    return true
  }

  /// Takes a key or a value out of a map that ends, past a few that own nothing; nil when it is empty.
  func surrender() -> Slot? {
    while used > 0 {
      let entry = unsafe storage[used - 1]
      if entry.value.isReference {
        unsafe storage[used - 1].value = .nil
        return entry.value
      }
      used -= 1
      if entry.key.isReference || used % Machine.elementsAStep == 0 { return entry.key }
    }
    guard fallback.isReference else { return nil }
    defer { fallback = .undefined }
    return fallback
  }

  /// Gives keys that are not there a value, or a function that makes it, whose reference the map takes over.
  func setFallback(owning slot: Slot) {
    if slot.isContainer, candidacy < 0 { track(as: .map) }
    let old = fallback
    fallback = slot
    Teardown.release(old)
  }

  /// The hash of a slot as a key, or nil when it can't be one.
  static func hash(of key: Slot) -> Int? {
    switch key.tag {
    case .string: key.with(StringBox.self) { $0.hash }
    case .number: key.number.isNaN ? nil : hash(of: key.number)
    case .bool: Hashing.hash(of: key.bits &+ 0x9e37_79b9)
    default: nil
    }
  }

  /// The hash of a number that is one; 0 and -0 are the same.
  @inline(__always) static func hash(of number: Double) -> Int { Hashing.hash(of: (number + 0).bitPattern) }

  /// What `table` holds for an entry.
  private static func mark(_ hash: Int, _ place: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: hash) & 0xffff_ffff_0000_0000 | UInt64(place + 1)
  }

  /// What `table` holds where an entry was.
  private static let leftOver: UInt64 = 1 << 32

  private static func same(_ a: Slot, _ b: Slot) -> Bool {
    guard a.tag == b.tag else { return false }
    switch a.tag {
    case .string: return a.with(StringBox.self) { left in b.with(StringBox.self) { left.equals($0) } }
    case .number: return a.number == b.number
    default: return a.bits == b.bits
    }
  }

  /// The place of a key in `storage`, or nil.
  func place(of key: Slot, hash: Int) -> Int? {
    let mask = capacity * 2 - 1
    var probe = hash & mask
    while true {
      let found = unsafe table[probe]
      if found == 0 { return nil }
      if found >> 32 == UInt64(truncatingIfNeeded: hash) >> 32 {
        let place = Int(found & 0xffff_ffff) - 1
        if place >= 0, ScriptMap.same(unsafe storage[place].key, key) { return place }
      }
      probe = (probe + 1) & mask
    }
  }

  /// The place of a key that is a constant of the code, which remembers where it was found last, or nil.
  @inline(__always) func place(ofField name: Slot) -> Int? {
    name.with(StringBox.self) { text in
      let hint = Int(text.hint)
      if hint < used, hint >= 0, unsafe storage[hint].key.bits == name.bits { return hint }
      guard let place = place(of: name, hash: text.hash) else { return nil }
      text.hint = Int32(truncatingIfNeeded: place)
      return place
    }
  }

  /// Puts a slot, whose reference the map takes over, in the place of a value.
  @inline(__always) func replace(_ place: Int, owning value: Slot) {
    if value.isContainer, candidacy < 0 { track(as: .map) }
    let old = unsafe storage[place].value
    unsafe storage[place].value = value
    Teardown.release(old)
  }

  /// The value at a place, without a reference of its own.
  @inline(__always) func slot(at place: Int) -> Slot { unsafe storage[place].value }

  /// The key at a place, undefined for a gap.
  @inline(__always) func key(at place: Int) -> Slot { unsafe storage[place].key }

  /// The entry at a place, or nil for a gap.
  func entry(at place: Int) -> Entry? {
    let entry = unsafe storage[place]
    return entry.key.tag == .undefined ? nil : entry
  }

  /// Sets an entry; the map takes over the reference of `value` and makes its own of `key`.
  func set(_ key: Slot, hash: Int, owning value: Slot) {
    if value.isContainer, candidacy < 0 { track(as: .map) }
    let mask = capacity * 2 - 1
    var (probe, free) = (hash & mask, -1)
    while case let found = unsafe table[probe], found != 0 {
      let place = Int(found & 0xffff_ffff) - 1
      if place < 0 {
        if free < 0 { free = probe }
      } else if found >> 32 == UInt64(truncatingIfNeeded: hash) >> 32, ScriptMap.same(unsafe storage[place].key, key) {
        let old = unsafe storage[place].value
        unsafe storage[place].value = value
        return Teardown.release(old)
      }
      probe = (probe + 1) & mask
    }
    if free < 0 { free = probe }
    if used == capacity {
      rebuild {}
      let mask = capacity * 2 - 1
      free = hash & mask
      while unsafe table[free] != 0 { free = (free + 1) & mask }
    }
    unsafe table[free] = ScriptMap.mark(hash, used)
    unsafe storage[used] = Entry(hash: hash, key: key.copied(), value: value)
    used += 1
    count += 1
  }

  /// Takes an entry's value out; the caller owns it.
  func take(at place: Int) -> Slot {
    let entry = unsafe storage[place]
    let mask = capacity * 2 - 1
    var probe = entry.hash & mask
    while unsafe table[probe] & 0xffff_ffff != UInt64(place + 1) { probe = (probe + 1) & mask }
    let isLast = unsafe table[(probe + 1) & mask] == 0
    unsafe table[probe] = isLast ? 0 : ScriptMap.leftOver
    unsafe storage[place].key = .undefined
    unsafe storage[place].value = .nil
    Teardown.release(entry.key)
    count -= 1
    return entry.value
  }

  /// Closes the gaps that removed entries left.
  func compact() { if used != count { rebuild {} } }

  /// Makes room for another entry where that may take long; `look` is called now and then, and the map is as before when it throws.
  func makeRoom(_ look: () throws -> Void) rethrows {
    if growsLong { try rebuild(look) }
  }

  /// As above for hosts, which have the watch of the thread; throws when there is no room beside it for the larger map.
  package func makeRoom() throws(Stopped) {
    guard growsLong else { return }
    try Safepoint.reserve(growth, for: "a map")
    do { try rebuild { try Safepoint.check() } } catch let stopped as Stopped { throw stopped } catch {
      preconditionFailure("a look throws nothing else")
    }
  }

  /// What the map takes beside what it has while it grows.
  var growth: Int { ScriptMap.cost(of: room) }

  /// The capacity with room for another entry, gaps closed.
  private var room: Int { count * 2 > capacity ? capacity * 2 : capacity }

  /// True when the next entry takes long because the map must grow.
  @inline(__always) var growsLong: Bool { used == capacity && capacity >= ScriptMap.piece }

  /// The entries that are moved without a look.
  private static let piece = 1 << 13

  /// Closes the gaps, and doubles the capacity when at least half of it is in use.
  private func rebuild(_ look: () throws -> Void) rethrows {
    let before = cost
    let larger = room
    let (moved, places) = unsafe ScriptMap.allocate(larger)
    var next = 0
    do {
      try Machine.inPieces(larger * 2, of: ScriptMap.piece * 8) { piece in
        unsafe (places + piece.lowerBound).initialize(repeating: 0, count: piece.count)
        try look()
      }
      try Machine.inPieces(used, of: ScriptMap.piece) { piece in
        for place in piece where unsafe storage[place].key.tag != .undefined {
          let entry = unsafe storage[place]
          var probe = entry.hash & (larger * 2 - 1)
          while unsafe places[probe] != 0 { probe = (probe + 1) & (larger * 2 - 1) }
          unsafe places[probe] = ScriptMap.mark(entry.hash, next)
          unsafe moved[next] = entry
          next += 1
        }
        try look()
      }
    } catch {
      unsafe moved.deallocate()
      throw error
    }
    unsafe storage.deallocate()
    unsafe (storage, table) = unsafe (moved, places)
    (capacity, used) = (larger, next)
    heap?.add(cost - before)
  }
}
