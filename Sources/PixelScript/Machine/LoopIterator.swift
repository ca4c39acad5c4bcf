/// The state of a `for` loop over a value of the host.
final class LoopIterator: Referent {
  private let source: () throws -> Value?
  private let meter: MemoryMeter
  /// What to do instead where an element is taken apart that is a map.
  let elementHelp: String?

  /// Starts over a value; throws a type error when it has no elements.
  init(_ subject: Slot, meter: MemoryMeter) throws {
    self.meter = meter
    guard let next = try Elements.iterator(over: subject.value) else {
      let help = subject.isNumber ? "write `range(\(subject.value))` for the numbers below it" : nil
      throw ScriptError(
        .type, "`for` expects something with elements, found \(describe(subject.value))", help: help)
    }
    source = next
    elementHelp = if case .object(let object) = subject.value { object.elementHelp } else { nil }
    super.init(slotCount: 0)
  }

  /// The next element, which the caller owns, or nil.
  func next() throws -> Slot? { try source().map { Slot($0, meter: meter) } }
}

extension Machine {
  /// Prepares a loop over pairs that no list holds: what `zip` puts side by side, or, with `auxiliary` 1, what `enumerate` counts;
  /// false when the usual way makes a list.
  ///
  /// A list is gone through as it is now, whatever the loop does with it.
  func preparePairs(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let (a, b) = unsafe (base + Int(i.a), base + Int(i.b))
    let counts = i.auxiliary == 1
    let sources = counts ? 1 : 2
    for place in 0..<Int(i.c) {
      let isFitting = try unsafe place < sources ? givesItems(b[place]) : b[place].isNumber
      guard isFitting else { return false }
    }
    try poll(steps: 16)
    unsafe Machine.set(a, try unsafe items(b))
    unsafe Machine.set(a + 1, 0)
    if counts {
      unsafe Machine.set(a + 2, i.c == 2 ? b[1].number : 0)
    } else {
      unsafe Machine.set(a + 2, try unsafe items(b + 1))
    }
    return true
  }

  /// True for a list, and for a string of which each byte is a letter.
  private func givesItems(_ slot: Slot) throws -> Bool {
    switch slot.tag {
    case .list: true
    case .string: try slot.with(StringBox.self) { try $0.count(self) == $0.size }
    default: false
    }
  }

  /// Takes the value in a register that a loop goes through: a list that others may change as a copy.
  private func items(_ register: UnsafeMutablePointer<Slot>) throws -> Slot {
    let slot = unsafe register.pointee
    if slot.tag == .list, !slot.isUnique {
      let list = slot.object(ScriptList.self)
      try meter.check(adding: list.count * MemoryLayout<Slot>.stride)
      let copy = try list.part(start: 0, count: list.count, step: 1, self)
      // Else the loop would keep it from growing where it is.
      unsafe Machine.set(register, .nil)
      return Slot(.list, owning: copy)
    }
    unsafe register.pointee = .nil
    return slot
  }

  /// Puts the next pair of a loop that `preparePairs` began into two registers; false at the end.
  private func nextPair(
    of items: Slot, _ position: UnsafeMutablePointer<Slot>, _ target: UnsafeMutablePointer<Slot>
  ) -> Bool {
    let place = unsafe Int(position.pointee.number)
    let other = unsafe position[1]
    guard let first = item(items, place) else { return false }
    if other.isNumber {
      unsafe Machine.set(target, other.number + Double(place))
      unsafe Machine.set(target + 1, first.copied())
    } else {
      guard let second = item(other, place) else { return false }
      unsafe Machine.set(target, first.copied())
      unsafe Machine.set(target + 1, second.copied())
    }
    unsafe position.pointee = Slot(Double(place + 1))
    return true
  }

  /// An element of a list, or a letter of a text of ASCII, without a reference of its own; nil at the end.
  @inline(__always) private func item(_ items: Slot, _ place: Int) -> Slot? {
    if items.tag == .list {
      return items.with(ScriptList.self) { list in unsafe place < list.count ? list.slots[place] : nil }
    }
    return items.with(StringBox.self) { text in
      unsafe place < text.size ? letters[Int(text.storage[place] & 127)] : nil
    }
  }

  /// Prepares a loop over the numbers of a range that is no value of its own; false when the usual way tells the mistake.
  func prepareRange(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) -> Bool {
    let (a, b) = unsafe (base + Int(i.a), base + Int(i.b))
    for place in 0..<Int(i.c) where unsafe !b[place].isNumber { return false }
    let start = unsafe i.c == 1 ? 0 : b[0].number
    let stop = unsafe i.c == 1 ? b[0].number : b[1].number
    let step = unsafe i.c == 3 ? b[2].number : 1
    let steps = ((stop - start) / step).rounded(.up)
    guard step != 0, start.isFinite, stop.isFinite, step.isFinite, steps <= Double(ScriptRange.countLimit) else {
      return false
    }
    unsafe Machine.set(a, start)
    unsafe Machine.set(a + 1, 0)
    unsafe Machine.set(a + 2, step)
    unsafe Machine.set(a + 3, max(steps, 0))
    unsafe state.pointee.ticks -= 16
    return true
  }

  /// Puts the state of a loop into four registers: a range as start, position, step and count, a list, string or map as itself
  /// and the position, else an iterator.
  func prepareLoop(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let (a, b) = unsafe (base + Int(i.a), base + Int(i.b))
    if unsafe b.pointee.tag == .range {
      let range = unsafe b.pointee.object(ScriptRange.self)
      for (place, number) in [range.start, 0, range.step, Double(range.count)].enumerated() {
        unsafe Machine.set(a + place, number)
      }
    } else if unsafe b.pointee.tag == .list || b.pointee.tag == .string || b.pointee.tag == .map {
      unsafe Machine.set(a, b.pointee.copied())
      unsafe Machine.set(a + 1, 0)
      unsafe Machine.set(a + 2, .nil)
    } else {
      let iterator = try LoopIterator(unsafe b.pointee, meter: meter)
      unsafe Machine.set(a, Slot(.iterator, owning: iterator))
    }
    if i.auxiliary & 1 != 0 { unsafe Machine.set(b, .nil) }
  }

  /// The room for what a loop will go through, at most some, as it may end early.
  func room(_ state: UnsafeMutablePointer<Slot>) -> Int {
    let first = unsafe state.pointee
    let count =
      switch first.tag {
      case .number: unsafe Int(state[3].number)
      case .list: first.with(ScriptList.self) { $0.count }
      case .string: first.with(StringBox.self) { $0.quickCount ?? 0 }
      default: 0
      }
    return min(count, Machine.elementsAPiece)
  }

  /// Puts the next element into `auxiliary` registers from `b` on; false when there is none.
  func nextElement(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let target = unsafe base + Int(i.b)
    let state = unsafe base[Int(i.a)]
    if unsafe i.auxiliary == 2 && (state.tag == .list || state.tag == .string) && base[Int(i.a) + 2].tag != .nil {
      return unsafe nextPair(of: state, base + Int(i.a) + 1, target)
    }
    if state.tag == .list {
      let place = unsafe base[Int(i.a) + 1].number
      guard let element = Machine.quickElement(state, place) else { return false }
      unsafe base[Int(i.a) + 1] = Slot(place + 1)
      if element.tag == .list, element.with(ScriptList.self, { $0.count == Int(i.auxiliary) }) {
        // The list of the loop holds it meanwhile.
        for part in 0..<Int(i.auxiliary) {
          unsafe Machine.set(target + part, element.with(ScriptList.self) { unsafe $0.slots[part].copied() })
        }
        return true
      }
      let held = element.copied()
      defer { Teardown.release(held) }
      try unsafe unpack(held, into: target, count: Int(i.auxiliary), isLoop: true)
      return true
    }
    if state.tag == .string {
      var place = unsafe Int(base[Int(i.a) + 1].number)
      guard let letter = try state.with(StringBox.self, { try $0.nextLetter(&place, self) }) else { return false }
      unsafe base[Int(i.a) + 1] = Slot(Double(place))
      if i.auxiliary == 1 {
        unsafe Machine.set(target, letter)
      } else {
        defer { Teardown.release(letter) }
        try unsafe unpack(letter, into: target, count: Int(i.auxiliary), isLoop: true)
      }
      return true
    }
    if state.tag == .map {
      guard let (key, value) = unsafe nextEntry(state, base + Int(i.a) + 1) else { return false }
      if i.auxiliary > 2 {
        try unsafe unpack(key, into: target, count: Int(i.auxiliary), isLoop: true)
        return true
      }
      unsafe Machine.set(target, key.copied())
      if i.auxiliary == 2 { unsafe Machine.set(target + 1, value.copied()) }
      return true
    }
    guard state.tag == .iterator else {
      throw ScriptError(
        .type, "expected \(i.auxiliary) values, found a number",
        help: "positions and elements are `for i, x in enumerate(xs)`")
    }
    let iterator = state.object(LoopIterator.self)
    // The host may take any time for an element.
    try pollFully(steps: 0)
    guard let element = try iterator.next() else { return false }
    if i.auxiliary == 1 {
      unsafe Machine.set(target, element)
    } else {
      defer { Teardown.release(element) }
      try unsafe unpack(
        element, into: target, count: Int(i.auxiliary), isLoop: true, mapHelp: iterator.elementHelp)
    }
    return true
  }

  /// The next key and value of a map, without references of their own; nil at the end.
  private func nextEntry(_ map: Slot, _ position: UnsafeMutablePointer<Slot>) -> (key: Slot, value: Slot)? {
    map.with(ScriptMap.self) { map in
      var place = unsafe Int(position.pointee.number)
      while place < map.used, map.key(at: place).tag == .undefined { place += 1 }
      guard place < map.used else { return nil }
      unsafe position.pointee = Slot(Double(place + 1))
      return (map.key(at: place), map.slot(at: place))
    }
  }
}
