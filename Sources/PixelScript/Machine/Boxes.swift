/// A string in a slot.
///
/// Equality, order and positions go by code point, so that `é` in one and in two code points differ, as in Python.
final class StringBox: Referent {
  private(set) var text: String
  /// The number of code points; -1 until somebody asks.
  private var knownCount = -1
  /// The hash of the bytes; 0 until somebody asks.
  private var knownHash = 0
  private let meter: MemoryMeter?

  init(_ text: String, meter: MemoryMeter?) {
    self.text = text
    self.meter = meter
    super.init(slotCount: 0)
    meter?.add(StringBox.overhead + text.utf8.count)
  }

  deinit { meter?.remove(StringBox.overhead + text.utf8.count) }

  private static let overhead = 64

  /// The number of code points, in O(1) after the first time.
  var count: Int {
    if knownCount < 0 { knownCount = text.unicodeScalars.count }
    return knownCount
  }

  /// True when every code point is one byte.
  var isASCII: Bool { count == text.utf8.count }

  var hash: Int {
    if knownHash == 0 { knownHash = Hashing.hash(of: text) }
    return knownHash
  }

  /// Adds a text at the end; only for a box that nobody else sees.
  func append(_ other: String) {
    text += other
    (knownCount, knownHash) = (-1, 0)
    meter?.add(other.utf8.count)
  }

  func equals(_ other: StringBox) -> Bool {
    self === other || text.utf8.count == other.text.utf8.count && text.utf8.elementsEqual(other.text.utf8)
  }
}

/// A host value in a slot.
final class ObjectBox: Referent {
  let object: any ScriptObject
  private let meter: MemoryMeter?
  private let cost: Int

  init(_ object: any ScriptObject, meter: MemoryMeter?) {
    self.object = object
    self.meter = meter
    cost = meter == nil ? 0 : object.memoryCost
    super.init(slotCount: 0)
    meter?.add(cost)
  }

  deinit { meter?.remove(cost) }
}

/// A variable of a function that closures share.
final class Cell: Referent {
  @safe @exclusivity(unchecked) var slot: Slot

  init(_ slot: Slot) {
    self.slot = slot
    super.init(slotCount: 0)
  }

  deinit { Teardown.release(slot) }
}

/// `a:b:c` between brackets, on its way to the indexed value.
final class SliceBox: Referent {
  let slice: Slice

  init(_ slice: Slice) {
    self.slice = slice
    super.init(slotCount: 0)
  }
}

/// The hash of map keys.
enum Hashing {
  static func hash(of text: String) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return finish(hash)
  }

  static func hash(of bits: UInt64) -> Int { finish(bits) }

  private static func finish(_ hash: UInt64) -> Int {
    let mixed = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
    let result = Int(truncatingIfNeeded: mixed ^ (mixed >> 29))
    return result == 0 ? 1 : result
  }
}
