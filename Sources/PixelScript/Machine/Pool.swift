/// Small values that ended and wait to be used again, so that short lists, maps and strings are made without an allocation.
///
/// The pool owns a reference to each; they hold nothing and count against no budget.
@safe struct Pool {
  private let capacity: Int
  private let slots: UnsafeMutablePointer<Slot>
  private(set) var count = 0

  /// A pool that keeps so many values at most.
  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
    unsafe slots = .allocate(capacity: capacity)
  }

  /// Keeps a value that nothing refers to; false when enough are kept.
  @inline(__always) mutating func keep(_ tag: Slot.Tag, _ value: Referent) -> Bool {
    guard count < capacity else { return false }
    unsafe slots[count] = Slot(tag, borrowing: value)
    count += 1
    return true
  }

  /// A value, with the reference that the pool had and no slot counted yet; nil when there is none.
  @inline(__always) mutating func take() -> Slot? {
    guard count > 0 else { return nil }
    count -= 1
    return unsafe slots[count]
  }

  /// Ends all values, which `begin` counts as used again first, and the pool.
  mutating func end(_ begin: (Slot) -> Void) {
    while let slot = take() {
      begin(slot)
      if slot.drop() { slot.end() }
    }
    unsafe slots.deallocate()
  }
}

/// The rooms of lists that are kept to be used again: for 2, 4, 8, 12, 16, 24 and 32 elements.
enum ListRoom {
  static let count = 7

  /// The place of the least room for so many elements, of which none may be known yet; nil for more than any has.
  @inline(__always) static func place(for elements: Int) -> Int? {
    if elements <= 8 { return elements > 4 ? 2 : elements == 1 || elements == 2 ? 0 : 1 }
    return elements > 32 ? nil : elements > 16 ? elements > 24 ? 6 : 5 : elements > 12 ? 4 : 3
  }

  /// The elements that the room at a place is for.
  @inline(__always) static func capacity(at place: Int) -> Int {
    place < 3 ? 2 << place : place & 1 == 0 ? 8 << (place / 2 - 1) : 12 << (place / 2 - 1)
  }

  /// The place of a room for so many elements and no more; nil where there is none.
  @inline(__always) static func place(of capacity: Int) -> Int? {
    guard capacity > 1, let place = place(for: capacity), self.capacity(at: place) == capacity else { return nil }
    return place
  }
}

extension Machine {
  /// A new empty list, which the caller owns.
  @inline(__always) func newList(capacity: Int) -> Slot {
    guard let room = ListRoom.place(for: capacity) else {
      return Slot(.list, owning: ScriptList(capacity: capacity, heap: heap))
    }
    guard let slot = heap.takeList(room) else {
      return Slot(.list, owning: ScriptList(capacity: ListRoom.capacity(at: room), heap: heap))
    }
    slot.with(ScriptList.self) { $0.begin() }
    return slot
  }

  /// A new empty map, which the caller owns.
  @inline(__always) func newMap(capacity: Int) -> Slot {
    guard capacity <= ScriptMap.shortCapacity, let slot = heap.takeMap(capacity) else {
      return Slot(.map, owning: ScriptMap(capacity: capacity, heap: heap))
    }
    slot.with(ScriptMap.self) { $0.begin() }
    return slot
  }

  /// A new string, which the caller owns, whose bytes `write` puts into memory for `size` of them; it returns how many they are.
  @inline(__always) func newString(size: Int, write: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> Slot {
    guard size <= StringBox.keptCapacity, let slot = heap.takeString(size) else {
      return unsafe Slot(.string, owning: StringBox(size: size, heap: heap, write: write))
    }
    slot.with(StringBox.self) { unsafe $0.begin(write) }
    return slot
  }
}

extension Slot {
  /// A new string of a text of the host, which the caller owns; of a long one only a part when the run must stop meanwhile.
  init(text: String, heap: Heap?) {
    var text = text
    let size = text.utf8.count
    guard size <= StringBox.keptCapacity, let slot = heap?.takeString(size) else {
      self.init(.string, owning: StringBox(text, heap: heap))
      return
    }
    self = slot
    slot.with(StringBox.self) { box in
      unsafe box.begin { target in
        text.withUTF8 { unsafe target.update(fromContentsOf: $0) }
      }
    }
  }
}

extension Machine {
  /// A new empty string with room for some bytes, which the caller owns.
  func newString(room: Int) -> Slot { unsafe newString(size: room) { _ in 0 } }
}

extension Slot {
  /// The object of a slot from a pool, with the reference that the pool had.
  func taken<T: Referent>(_ type: T.Type) -> T {
    let value = object(type)
    value.slotCount = 0
    end()
    return value
  }
}
