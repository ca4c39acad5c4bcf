/// A list of values, shared by reference.
///
/// `slots[0..<count]` are owned; the machine reads and writes them directly.
@safe public final class ScriptList: Container {
  @exclusivity(unchecked) private(set) var slots: UnsafeMutablePointer<Slot>
  /// The number of elements.
  @safe @exclusivity(unchecked) public private(set) var count = 0
  @safe @exclusivity(unchecked) private var capacity: Int

  init(capacity: Int, heap: Heap?) {
    self.capacity = max(capacity, 0)
    unsafe slots = .allocate(capacity: self.capacity)
    super.init(heap: heap)
    heap?.add(cost)
  }

  /// Creates an empty list with room for `capacity` elements.
  public convenience init(capacity: Int) { self.init(capacity: capacity, heap: nil) }

  convenience init(capacity: Int, meter: MemoryMeter) { self.init(capacity: capacity, heap: meter.heap) }

  /// Creates a list of values.
  public convenience init(_ values: some Collection<Value> = []) {
    self.init(capacity: values.count, heap: nil)
    for value in values { append(value) }
  }

  /// Takes over what a list that ends holds.
  private init(endOf other: ScriptList) {
    unsafe (slots, count, capacity) = unsafe (other.slots, other.count, other.capacity)
    super.init(heap: other.heap)
  }

  deinit {
    untrack()
    if count > Teardown.partsOfHost, let heap = heap ?? .ofRun, heap.leave(.list, ScriptList(endOf: self)) { return }
    unsafe Teardown.release(slots, count: count)
    unsafe slots.deallocate()
    heap?.remove(cost)
  }

  /// The most elements of a list that is released at once whatever it holds.
  static let shortCapacity = 8

  /// Begins to be used again.
  @inline(__always) func begin() {
    slotCount = 1
    heap?.add(cost)
  }

  /// Drops the elements of a short list that ends, and keeps it to be used again; false when there is no room, or, with all as it
  /// was, when it holds containers and lies so deep that they take the way without recursion.
  @inline(__always) func isKept() -> Bool {
    guard let room = ListRoom.place(of: capacity), let heap else { return false }
    if heap.isDeep || count > ScriptList.shortCapacity, holdsContainers { return false }
    untrack()
    candidacy = -1
    let held = count
    count = 0
    heap.deeper { unsafe Teardown.release(slots, count: held) }
    // An empty list ends in any way.
    guard heap.keep(self, room: room) else { return false }
    heap.remove(cost)
    return true
  }

  var holdsContainers: Bool {
    for place in 0..<count where unsafe slots[place].isContainer { return true }
    return false
  }

  var cost: Int { 104 + capacity * MemoryLayout<Slot>.stride }

  /// Counts the list, without its elements, against a budget from now on; false when it is already.
  func adopt(_ heap: Heap) -> Bool {
    guard self.heap == nil else { return false }
    self.heap = heap
    heap.add(cost)
    return true
  }

  /// Tells the collector of an element that may lead back to the list.
  @inline(__always) private func note(_ slot: Slot) {
    if slot.isContainer, candidacy < 0 { track(as: .list) }
  }

  @inline(never) private func grow(to wanted: Int) { resize(to: max(wanted, capacity &* 2, 4)) }

  private func resize(to wanted: Int) {
    let before = capacity
    capacity = wanted
    unsafe slots = Resizing.resized(slots, to: capacity)
    heap?.add((capacity - before) * MemoryLayout<Slot>.stride)
  }

  /// True when another element has a long list grow, which asks for that before.
  @inline(__always) var growsLong: Bool { count == capacity && capacity >= 1 << 13 }

  /// Makes room for as many elements again, or for fewer where the budget has no room for them; a long list grows in its place.
  func makeRoom(for count: Int = 1, _ meter: MemoryMeter) throws(ScriptError) {
    let stride = MemoryLayout<Slot>.stride
    let added = max(count, min(capacity, max(meter.room / stride, capacity / 8)))
    try meter.grow(by: added * stride)
    resize(to: capacity + added)
  }

  /// Adds a slot whose reference the list takes over.
  @inline(__always) func append(owning slot: Slot) {
    if count == capacity { grow(to: count + 1) }
    unsafe slots[count] = slot
    count += 1
    note(slot)
  }

  /// Takes an element out of a list that ends, past a few that own nothing; nil when none is left.
  func surrender() -> Slot? {
    while count > 0 {
      count -= 1
      let slot = unsafe slots[count]
      if slot.isReference || count % Machine.elementsAStep == 0 { return slot }
    }
    return nil
  }

  /// Puts a slot, whose reference the list takes over, in the place of another.
  @inline(__always) func replace(_ position: Int, owning slot: Slot) {
    let old = unsafe slots[position]
    unsafe slots[position] = slot
    note(slot)
    Teardown.release(old)
  }

  func insert(owning slot: Slot, at position: Int) {
    if count == capacity { grow(to: count + 1) }
    unsafe (slots + position + 1).moveInitialize(from: slots + position, count: count - position)
    unsafe slots[position] = slot
    count += 1
    note(slot)
  }

  /// Takes an element out; the caller owns it.
  func take(at position: Int) -> Slot {
    let slot = unsafe slots[position]
    unsafe (slots + position).moveInitialize(from: slots + position + 1, count: count - position - 1)
    count -= 1
    return slot
  }

  /// Puts copies of the elements of another list in the place of some of these.
  func replace(_ range: Range<Int>, with elements: ScriptList) {
    let old = range.map { unsafe slots[$0] }
    let added = elements.count - range.count
    if count + added > capacity { grow(to: count + added) }
    let tail = unsafe slots + range.upperBound
    unsafe (tail + added).moveInitialize(from: tail, count: count - range.upperBound)
    for place in 0..<elements.count {
      let slot = unsafe elements.slots[place].copied()
      unsafe slots[range.lowerBound + place] = slot
      note(slot)
    }
    count += added
    for slot in old { Teardown.release(slot) }
  }

  /// Adds a value several times.
  func append(_ slot: Slot, times: Int) {
    if count + times > capacity { grow(to: count + times) }
    if slot.isReference { for _ in 0..<times { slot.retain() } }
    unsafe (slots + count).initialize(repeating: slot, count: times)
    count += times
    if times > 0 { note(slot) }
  }

  /// Adds copies of the elements of another list, which may be this one.
  func append(_ other: ScriptList, _ machine: Machine) throws {
    let added = other.count
    if count + added > capacity {
      if capacity >= 1 << 13 { try makeRoom(for: added, machine.meter) } else { grow(to: count + added) }
    }
    try machine.inPieces(elements: added) { piece in
      let target = unsafe slots + count
      let source = unsafe other.slots + piece.lowerBound
      for place in 0..<piece.count {
        let slot = unsafe source[place].copied()
        unsafe target[place] = slot
        note(slot)
      }
      count += piece.count
    }
  }

  /// A new list of the elements at `start`, `start + step`, ...
  func part(start: Int, count: Int, step: Int, _ machine: Machine) throws -> ScriptList {
    let part = machine.newList(capacity: count).taken(ScriptList.self)
    try machine.inPieces(elements: count) { piece in
      let target = unsafe part.slots
      for place in piece {
        let slot = unsafe slots[start + place * step].copied()
        unsafe target[place] = slot
        part.note(slot)
      }
      part.count = piece.upperBound
    }
    return part
  }

  /// A new list of the elements at some positions.
  func picking(_ positions: [Int], _ machine: Machine) throws -> ScriptList {
    let picked = ScriptList(capacity: positions.count, meter: machine.meter)
    try machine.inPieces(elements: positions.count) { piece in
      for place in piece { picked.append(owning: unsafe slots[positions[place]].copied()) }
    }
    return picked
  }

  /// The elements as numbers, or nil when one is none.
  func numbers(_ machine: Machine) throws -> [Double]? {
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    var areNumbers = true
    try machine.inPieces(elements: count) { piece in
      for position in piece where areNumbers {
        areNumbers = unsafe slots[position].isNumber
        numbers.append(unsafe slots[position].number)
      }
    }
    return areNumbers ? numbers : nil
  }

  /// The element at a position, which the caller owns; the list may end with its last use.
  func copy(at position: Int) -> Slot { unsafe slots[position].copied() }

  /// The element at a position, without a reference of its own.
  func slot(at position: Int) -> Slot { unsafe slots[position] }
}

extension ScriptList {
  /// True when one of the first so many elements is a value of the host.
  public func hasObject(among first: Int) -> Bool {
    for place in 0..<min(count, first) where unsafe slots[place].tag == .object { return true }
    return false
  }

  /// The elements in order.
  public var values: [Value] { (0..<count).map { unsafe slots[$0].value } }

  /// The element at a position from 0 to `count` - 1.
  public subscript(position: Int) -> Value {
    get {
      precondition(position >= 0 && position < count, "position outside the list")
      return unsafe slots[position].value
    }
    set {
      precondition(position >= 0 && position < count, "position outside the list")
      replace(position, owning: Slot(newValue, heap: heap))
    }
  }

  /// Adds an element at the end.
  public func append(_ value: Value) { append(owning: Slot(value, heap: heap)) }

  /// Puts an element before the one at `position`, which is at most `count`.
  public func insert(_ value: Value, at position: Int) {
    precondition(position >= 0 && position <= count, "position outside the list")
    insert(owning: Slot(value, heap: heap), at: position)
  }

  /// Takes an element out of the list, in O(count).
  @discardableResult public func remove(at position: Int) -> Value {
    precondition(position >= 0 && position < count, "position outside the list")
    let slot = take(at: position)
    defer { Teardown.release(slot) }
    return slot.value
  }
}
