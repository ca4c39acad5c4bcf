/// What the values of one interpreter know of it: the bytes that they hold, and which of them may be parts of cycles.
///
/// It is plain memory behind a pointer, because a value that counted a reference to it would take longer to make. It lives until
/// its interpreter is gone and nothing is charged any more, as a host may keep values for longer.
@safe struct Heap: Equatable {
  @safe private struct State {
    var bytes = 0
    var isAbandoned = false
    var identities = 0
    /// Every container that holds or held another one, without references of their own.
    var candidates: UnsafeMutablePointer<Slot>
    var count = 0
    var capacity: Int
    /// Values that were dropped and not released yet: what is being emptied, each a part of the one before.
    var left: [[Slot]] = []
    /// What may be used again: lists with room for few elements, by `ListRoom`, maps with room for four, eight and sixteen, and
    /// strings with room for 32, 64, 128 and 256 bytes.
    let lists: UnsafeMutablePointer<Pool>
    var strings = Pool()
    var maps = Pool(), wideMaps = Pool(capacity: 1 << 14), largeMaps = Pool(capacity: 1 << 12)
    var lines = Pool(capacity: 1 << 13), longLines = Pool(capacity: 1 << 12), paragraphs = Pool(capacity: 1 << 12)
    /// How deep short values that end lie in each other.
    var depth = 0
    /// Code whose last function went, maybe while a frame still runs it.
    var kept: [Prototype] = []
  }

  private let state: UnsafeMutablePointer<State>

  @inline(__always) static func == (left: Heap, right: Heap) -> Bool { unsafe left.state == right.state }

  private init(_ state: UnsafeMutablePointer<State>) { unsafe self.state = state }

  init() {
    let capacity = 64
    unsafe state = .allocate(capacity: 1)
    let lists = UnsafeMutablePointer<Pool>.allocate(capacity: ListRoom.count)
    for place in 0..<ListRoom.count {
      unsafe (lists + place).initialize(to: Pool(capacity: 1 << (place < 2 ? 16 : 12)))
    }
    unsafe state.initialize(
      to: State(candidates: .allocate(capacity: capacity), capacity: capacity, lists: lists))
  }

  /// The bytes held.
  @inline(__always) var bytes: Int { unsafe state.pointee.bytes }

  @inline(__always) func add(_ bytes: Int) { unsafe state.pointee.bytes &+= bytes }

  @inline(__always) func remove(_ bytes: Int) {
    unsafe state.pointee.bytes &-= bytes
    if unsafe state.pointee.bytes == 0 { endWhenAbandoned() }
  }

  /// A number that no other piece of code of the interpreter has.
  func newIdentity() -> Int {
    unsafe state.pointee.identities += 1
    return unsafe state.pointee.identities
  }

  /// Tells that the interpreter goes.
  func abandon() {
    dropKept()
    for place in 0..<ListRoom.count {
      unsafe state.pointee.lists[place].end { $0.with(ScriptList.self) { $0.begin() } }
    }
    unsafe state.pointee.maps.end { $0.with(ScriptMap.self) { $0.begin() } }
    unsafe state.pointee.wideMaps.end { $0.with(ScriptMap.self) { $0.begin() } }
    unsafe state.pointee.largeMaps.end { $0.with(ScriptMap.self) { $0.begin() } }
    let beginText = { (slot: Slot) in slot.with(StringBox.self) { unsafe $0.begin { _ in 0 } } }
    unsafe state.pointee.strings.end(beginText)
    unsafe state.pointee.lines.end(beginText)
    unsafe state.pointee.longLines.end(beginText)
    unsafe state.pointee.paragraphs.end(beginText)
    unsafe state.pointee.isAbandoned = true
    releaseLeft(most: .max)
    if unsafe state.pointee.bytes == 0 { endWhenAbandoned() }
  }

  @inline(never) private func endWhenAbandoned() {
    guard unsafe state.pointee.isAbandoned else { return }
    unsafe state.pointee.candidates.deallocate()
    unsafe state.pointee.lists.deallocate()
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }
}

extension Heap {
  /// The number of containers that may be parts of cycles.
  @inline(__always) var count: Int { unsafe state.pointee.count }

  /// A container that may be a part of a cycle, without a reference of its own.
  @inline(__always) func candidate(_ place: Int) -> Slot { unsafe state.pointee.candidates[place] }

  /// The place of a slot's object among the candidates, or nil.
  @inline(__always) func place(of slot: Slot) -> Int? {
    guard slot.isContainer else { return nil }
    return slot.with(Container.self) { place(of: $0) }
  }

  /// The place of a container among the candidates, or nil.
  @inline(__always) func place(of container: Container) -> Int? {
    container.candidacy >= 0 && container.heap == self ? container.candidacy : nil
  }

  /// Remembers a container that may be a part of a cycle from now on; returns its place.
  @inline(never) func track(_ container: Slot) -> Int {
    if unsafe state.pointee.count == state.pointee.capacity { grow() }
    let place = unsafe state.pointee.count
    unsafe state.pointee.candidates[place] = container
    unsafe state.pointee.count = place + 1
    return place
  }

  /// Forgets a container; the last one moves to its place.
  @inline(never) func forget(_ place: Int) {
    let last = unsafe state.pointee.count - 1
    unsafe state.pointee.count = last
    let moved = unsafe state.pointee.candidates[last]
    unsafe state.pointee.candidates[place] = moved
    moved.with(Container.self) { $0.candidacy = place }
  }

  private func grow() {
    let larger = unsafe state.pointee.capacity * 2
    let moved = UnsafeMutablePointer<Slot>.allocate(capacity: larger)
    unsafe moved.moveInitialize(from: state.pointee.candidates, count: state.pointee.count)
    unsafe state.pointee.candidates.deallocate()
    unsafe state.pointee.candidates = moved
    unsafe state.pointee.capacity = larger
  }
}

extension Heap {
  /// The address of the heap of the run under way on this thread; only a number may be seen by tasks.
  @TaskLocal private static var address: UInt = 0

  /// The heap of the run under way on this thread: what a host made and lets go of meanwhile is left to it.
  static var ofRun: Heap? { unsafe UnsafeMutablePointer<State>(bitPattern: address).map(Heap.init) }

  /// Does something as a run.
  func whileRunning<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Heap.$address.withValue(unsafe UInt(bitPattern: state), operation: body)
  }
}

extension Heap {
  /// True inside so many short values that end that what they hold must take the way without recursion.
  @inline(__always) var isDeep: Bool { unsafe state.pointee.depth >= 3 }

  /// True inside a short value that ends.
  @inline(__always) var isInside: Bool { unsafe state.pointee.depth > 0 }

  /// Releases what a short value held that ends.
  @inline(__always) func deeper(_ body: () -> Void) {
    unsafe state.pointee.depth += 1
    body()
    unsafe state.pointee.depth -= 1
  }

  /// A short list to be used again, with room as a place of `ListRoom` tells, that has no slot yet.
  @inline(__always) func takeList(_ room: Int) -> Slot? { unsafe state.pointee.lists[room].take() }

  /// A short map to be used again, with at least some room, that has no slot yet.
  @inline(__always) func takeMap(_ capacity: Int) -> Slot? {
    if capacity <= 4, let map = unsafe state.pointee.maps.take() { return map }
    return unsafe capacity <= 8 ? state.pointee.wideMaps.take() : state.pointee.largeMaps.take()
  }

  /// A string to be used again with room for some bytes, that has no slot yet.
  @inline(__always) func takeString(_ room: Int) -> Slot? {
    if room <= 32 { return unsafe state.pointee.strings.take() }
    if room <= 64 { return unsafe state.pointee.lines.take() }
    return unsafe room <= 128 ? state.pointee.longLines.take() : state.pointee.paragraphs.take()
  }

  /// Keeps an empty list with room as a place of `ListRoom` tells that nothing refers to; false when it must end.
  @inline(__always) func keep(_ list: ScriptList, room: Int) -> Bool {
    guard unsafe !state.pointee.isAbandoned else { return false }
    return unsafe state.pointee.lists[room].keep(.list, list)
  }

  /// Keeps an empty map of one of the capacities of the pools that nothing refers to; false when it must end.
  @inline(__always) func keep(_ map: ScriptMap, capacity: Int) -> Bool {
    guard unsafe !state.pointee.isAbandoned else { return false }
    switch capacity {
    case 4: return unsafe state.pointee.maps.keep(.map, map)
    case 8: return unsafe state.pointee.wideMaps.keep(.map, map)
    default: return unsafe state.pointee.largeMaps.keep(.map, map)
    }
  }

  /// Keeps a string of one of the sizes of the pools that nothing refers to; false when it must end.
  @inline(__always) func keep(_ text: StringBox, room: Int) -> Bool {
    guard unsafe !state.pointee.isAbandoned else { return false }
    switch room {
    case 32: return unsafe state.pointee.strings.keep(.string, text)
    case 64: return unsafe state.pointee.lines.keep(.string, text)
    case 128: return unsafe state.pointee.longLines.keep(.string, text)
    case 256: return unsafe state.pointee.paragraphs.keep(.string, text)
    default: return false
    }
  }
}

extension Heap {
  /// Whether values were dropped that are not released yet.
  @inline(__always) var hasLeft: Bool { unsafe !state.pointee.left.isEmpty }

  /// Keeps a container that ends, to be released later; false when there is no later, and then it is as it was.
  func leave(_ tag: Slot.Tag, _ container: @autoclosure () -> Container) -> Bool {
    guard unsafe !state.pointee.isAbandoned else { return false }
    let slot = Slot(tag, owning: container())
    _ = slot.drop()
    return leave([slot])
  }

  /// Keeps a value that was dropped, to be released later; false when there is no later.
  func leave(_ path: [Slot]) -> Bool {
    guard unsafe !state.pointee.isAbandoned else { return false }
    unsafe state.pointee.left.append(path)
    return true
  }

  /// Releases some of the values that were dropped.
  func releaseLeft(most: Int) {
    var rest = most
    while rest > 0, var path = unsafe state.pointee.left.popLast() {
      rest = Teardown.empty(&path, most: rest)
      if !path.isEmpty { unsafe state.pointee.left.append(path) }
    }
  }
}

extension Heap {
  /// The number of kept pieces of code.
  var keptCount: Int { unsafe state.pointee.kept.count }

  /// Keeps code until it is known that no frame runs it.
  func keep(_ prototype: Prototype) {
    if unsafe !state.pointee.isAbandoned { unsafe state.pointee.kept.append(prototype) }
  }

  /// Drops the kept code but for some.
  func dropKept(except running: [Prototype] = []) {
    let dropped = unsafe state.pointee.kept
    unsafe state.pointee.kept = running
    withExtendedLifetime(dropped) {}
  }
}
