/// The state of a `for` loop over a value of the host.
final class LoopIterator: Referent {
  private let source: () throws -> Value?
  private let meter: MemoryMeter

  /// Starts over a value; throws a type error when it has no elements.
  init(_ subject: Slot, meter: MemoryMeter) throws {
    self.meter = meter
    guard let next = try Elements.iterator(over: subject.value) else {
      let help = subject.isNumber ? "write `range(\(subject.value))` for the numbers below it" : nil
      throw ScriptError(
        .type, "`for` expects something with elements, found \(describe(subject.value))", help: help)
    }
    source = next
    super.init(slotCount: 0)
  }

  /// The next element, which the caller owns, or nil.
  func next() throws -> Slot? { try source().map { Slot($0, meter: meter) } }
}

extension Machine {
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
    } else {
      let iterator = try LoopIterator(unsafe b.pointee, meter: meter)
      unsafe Machine.set(a, Slot(.iterator, owning: iterator))
    }
    if i.auxiliary & 1 != 0 { unsafe Machine.set(b, .nil) }
  }

  /// Puts the next element into `auxiliary` registers from `b` on; false when there is none.
  func nextElement(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let target = unsafe base + Int(i.b)
    let state = unsafe base[Int(i.a)]
    if state.tag == .list {
      let place = unsafe base[Int(i.a) + 1].number
      guard let element = Machine.quickElement(state, place)?.copied() else { return false }
      defer { Teardown.release(element) }
      unsafe base[Int(i.a) + 1] = Slot(place + 1)
      try unsafe unpack(element, into: target, count: Int(i.auxiliary), isLoop: true)
      return true
    }
    if state.tag == .string {
      var place = unsafe Int(base[Int(i.a) + 1].number)
      let byte = state.with(StringBox.self) { unsafe place < $0.size ? $0.storage[place] : 0xff }
      if byte < 128, i.auxiliary == 1 {
        unsafe base[Int(i.a) + 1] = Slot(Double(place + 1))
        unsafe Machine.set(target, letters[Int(byte)].copied())
        return true
      }
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
      try unsafe unpack(element, into: target, count: Int(i.auxiliary), isLoop: true)
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
