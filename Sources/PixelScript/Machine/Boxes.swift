/// A host value in a slot.
@safe final class ObjectBox: Container {
  let object: any ScriptObject
  /// The object when it is a set, which the language itself knows.
  private let ownSet: Unmanaged<ScriptSet>?
  private var cost = 0

  /// What the box itself takes.
  private static let own = 80

  init(_ object: any ScriptObject, heap: Heap?) {
    self.object = object
    unsafe ownSet = (object as? ScriptSet).map { unsafe Unmanaged.passUnretained($0) }
    super.init(heap: nil)
    if let heap { adopt(heap) }
  }

  /// The box of a set of the language.
  init(_ set: ScriptSet, _ heap: Heap) {
    object = set
    unsafe ownSet = .passUnretained(set)
    super.init(heap: heap)
    cost = set.memoryCost + ObjectBox.own
    heap.add(cost)
  }

  deinit {
    untrack()
    heap?.remove(cost)
  }

  /// Whether the object is a set.
  @inline(__always) var isSet: Bool { unsafe ownSet != nil }

  /// What a function makes of the object when it is a set, without counting a reference to it.
  @inline(__always) func withSet<Result>(_ body: (ScriptSet) throws -> Result) rethrows -> Result? {
    guard let set = unsafe ownSet else { return nil }
    return try unsafe set._withUnsafeGuaranteedRef(body)
  }

  /// True when nothing else refers to the object, and a change of it changes nothing else.
  var isCopy: Bool {
    if object.isView { return false }
    var bits = unsafe UInt(bitPattern: Unmanaged.passUnretained(object as AnyObject).toOpaque())
    return unsafe withUnsafeMutablePointer(to: &bits) { address in
      unsafe address.withMemoryRebound(to: AnyObject.self, capacity: 1) {
        unsafe isKnownUniquelyReferenced(&$0.pointee)
      }
    }
  }

  /// Counts the object against a budget from now on.
  func adopt(_ heap: Heap) {
    guard self.heap == nil else { return }
    self.heap = heap
    cost = object.memoryCost + ObjectBox.own
    heap.add(cost)
    if object.holdsValues { track(as: .object) }
  }
}

/// A variable of a function that closures share.
final class Cell: Container {
  @safe @exclusivity(unchecked) private(set) var slot: Slot

  static let cost = 72

  init(_ slot: Slot, heap: Heap) {
    self.slot = slot
    super.init(heap: heap)
    heap.add(Cell.cost)
    if slot.isContainer { track(as: .cell) }
  }

  deinit {
    untrack()
    Teardown.release(slot)
    heap?.remove(Cell.cost)
  }

  /// Sets the variable; the cell takes over the slot's reference. Returns the slot before, which the caller owns.
  @inline(__always) func exchange(_ new: Slot) -> Slot {
    let old = slot
    slot = new
    if new.isContainer, candidacy < 0 { track(as: .cell) }
    return old
  }

  /// Takes the value out of a cell that ends.
  func surrender() -> Slot? {
    guard slot.isReference else { return nil }
    defer { slot = .nil }
    return slot
  }
}

/// `a:b:c` between brackets, on its way to the indexed value.
final class SliceBox: Referent {
  let slice: Slice
  /// True for `...`, all axes that no other index names.
  let isRest: Bool

  init(_ slice: Slice, isRest: Bool = false) {
    self.isRest = isRest
    self.slice = slice
    super.init(slotCount: 0)
  }
}

/// The hash of map keys: of the bytes of a string, which come in one or more pieces, all but the last in whole eights.
struct Hashing {
  private var hash: UInt64
  /// The bytes behind the last whole eight.
  private var last: UInt64 = 0

  /// The hash of a string of so many bytes.
  init(_ count: Int) { hash = UInt64(truncatingIfNeeded: count) &* 0x9e37_79b9_7f4a_7c15 }

  /// Goes on with some bytes.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var place = 0
    while place + 8 <= bytes.count {
      hash = unsafe Hashing.mixed(hash, bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    last = 0
    while place < bytes.count {
      last = unsafe last << 8 | UInt64(bytes[place])
      place += 1
    }
  }

  /// Ends with some bytes, fewer than eight, which come first in a word.
  @inline(__always) mutating func end(with word: UInt64, count: Int) {
    last = UInt64(bigEndian: word) &>> UInt64(64 - 8 * count)
  }

  /// The hash of all bytes.
  var result: Int { Hashing.finish(Hashing.mixed(hash, last)) }

  static func hash(of bits: UInt64) -> Int { finish(bits) }

  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xbf58_476d_1ce4_e5b9)
    return product.low ^ product.high &+ 0x94d0_49bb_1331_11eb
  }

  private static func finish(_ hash: UInt64) -> Int {
    let mixed = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
    let result = Int(truncatingIfNeeded: mixed ^ (mixed >> 29))
    return result == 0 ? 1 : result
  }
}
