/// What the inner loop does in place where the operands are mostly what they are here: numbers, lists, short texts.
extension Machine {
  /// A whole number below 2 to the power of 51 in size, or nil for any other.
  ///
  /// With 1.5 times 2 to the power of 52 added, the last 51 bits of a double are the number: that takes less than a conversion, which
  /// must look at what no `Int` holds.
  @inline(__always) static func whole(_ x: Double) -> Int? {
    let place = (Int(bitPattern: UInt((x + 0x1.8p52).bitPattern)) &<< 13) &>> 13
    return Double(place) == x ? place : nil
  }

  /// The quotient of whole numbers, rounded down, or nil for others and for 0 below.
  @inline(__always) static func quickQuotient(_ x: Double, _ y: Double) -> Double? {
    guard let divisor = whole(y), divisor != 0, whole(x) != nil else { return nil }
    // Adding 0 leaves no -0.
    return (x / y).rounded(.down) + 0
  }

  /// The remainder of whole numbers with the sign of the divisor, or nil for others and for 0 below.
  @inline(__always) static func quickRemainder(_ x: Double, _ y: Double) -> Double? {
    guard let dividend = whole(x), let divisor = whole(y), divisor != 0 else { return nil }
    if UInt(bitPattern: dividend | divisor) >> 32 == 0 {
      return Double(UInt32(truncatingIfNeeded: dividend) % UInt32(truncatingIfNeeded: divisor))
    }
    let remainder = dividend % divisor
    return Double(remainder != 0 && (remainder ^ divisor) < 0 ? remainder + divisor : remainder)
  }

  /// Puts the truth of a comparison into the register `a`.
  @inline(__always) func compare(
    _ next: UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>, _ i: Instruction,
    _ base: UnsafeMutablePointer<Slot>, _ holds: (Double, Double) -> Bool
  ) throws {
    let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
    if x.isNumber, y.isNumber { return unsafe Machine.set(base + Int(i.a), Slot(holds(x.number, y.number))) }
    unsafe frame.pointee.next = next
    try unsafe comparison(i, base)
  }

  /// Goes where the second word of a comparison of two registers says, or on behind it.
  @inline(__always) func jump(
    _ next: inout UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>, _ i: Instruction,
    _ base: UnsafeMutablePointer<Slot>, _ holds: (Double, Double) -> Bool
  ) throws {
    let x = unsafe base[Int(i.a)], y = unsafe base[Int(i.b)]
    let truth: Bool
    if x.isNumber, y.isNumber {
      truth = holds(x.number, y.number)
    } else if let order = Machine.letterOrder(x, y) {
      truth = holds(order, 0)
      if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.a), .nil) }
      if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    } else {
      unsafe frame.pointee.next = next
      truth = try unsafe condition(i, base)
    }
    try unsafe jump(&next, frame, isTaken: truth == (i.auxiliary >= 128))
  }

  /// Below, above or 0, as a letter of ASCII comes before another one, after it, or is the same; nil for other values.
  @inline(__always) static func letterOrder(_ x: Slot, _ y: Slot) -> Double? {
    guard x.tag == .string, y.tag == .string else { return nil }
    return x.with(StringBox.self) { a in
      y.with(StringBox.self) { b in
        unsafe a.size == 1 && b.size == 1 ? Double(Int32(a.storage[0]) &- Int32(b.storage[0])) : nil
      }
    }
  }

  /// As for two registers, with a small whole number on the right.
  @inline(__always) func jumpWithInteger(
    _ next: inout UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>, _ i: Instruction,
    _ base: UnsafeMutablePointer<Slot>, _ holds: (Double, Double) -> Bool
  ) throws {
    let x = unsafe base[Int(i.a)]
    let truth: Bool
    if x.isNumber {
      truth = holds(x.number, i.smallB)
    } else {
      unsafe frame.pointee.next = next
      truth = try unsafe conditionWithInteger(i, base)
    }
    try unsafe jump(&next, frame, isTaken: truth == (i.auxiliary >= 128))
  }

  /// As for two registers, with a constant string or nil on the right, where the truth is known unless it takes long to find out.
  @inline(__always) func jumpWithConstant(
    _ next: inout UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>, _ i: Instruction,
    _ a: UnsafeMutablePointer<Slot>, _ known: Bool?
  ) throws {
    let truth: Bool
    if let known {
      truth = known
      if i.auxiliary & 1 != 0 { unsafe Machine.set(a, .nil) }
    } else {
      unsafe frame.pointee.next = next
      truth = try unsafe conditionWithConstant(i, a, frame.pointee.header.pointee.constants[Int(i.b)])
    }
    try unsafe jump(&next, frame, isTaken: truth == (i.auxiliary >= 128))
  }

  /// Whether an order, below, above or 0, is what a comparison with a constant asks for.
  @inline(__always) static func isOrdered(_ operation: Instruction.Operation, _ order: Double) -> Bool {
    switch operation {
    case .jumpLessConstant: order < 0
    case .jumpLessOrEqualConstant: order <= 0
    case .jumpGreaterConstant: order > 0
    default: order >= 0
    }
  }

  /// `a = b in c`, or `not in`, where it takes no time to find out; false elsewhere.
  static func quickContains(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) -> Bool {
    guard let has = unsafe quickContains(base[Int(i.b)], base[Int(i.c)]) else { return false }
    if i.auxiliary & 1 != 0 { unsafe set(base + Int(i.b), .nil) }
    if i.auxiliary & 2 != 0 { unsafe set(base + Int(i.c), .nil) }
    unsafe set(base + Int(i.a), Slot(has == (i.operation == .contains)))
    return true
  }

  /// Whether a string is a key of a map or a letter of a short text, or a number or a string one of few elements of a list; nil where
  /// that takes longer to find out.
  @inline(__always) static func quickContains(_ item: Slot, _ container: Slot) -> Bool? {
    switch container.tag {
    case .map:
      if item.isNumber, !item.number.isNaN {
        return container.with(ScriptMap.self) { $0.place(of: item, hash: ScriptMap.hash(of: item.number)) != nil }
      }
      guard item.tag == .string else { return nil }
      return item.with(StringBox.self) { text in
        text.needsHash ? nil : container.with(ScriptMap.self) { $0.place(of: item, hash: text.hash) != nil }
      }
    case .string:
      guard item.tag == .string else { return nil }
      return item.with(StringBox.self) { part in container.with(StringBox.self) { $0.hasLetter(part) } }
    case .list: return container.with(ScriptList.self) { $0.count <= 16 ? $0.hasPlain(item) : nil }
    case .object where item.isNumber || item.tag == .string: return quickContains(item, inObject: container)
    default: return nil
    }
  }

  /// Whether a number or a string is an element of a set; nil for other values of the host.
  private static func quickContains(_ item: Slot, inObject container: Slot) -> Bool? {
    let hash: Int
    if item.isNumber {
      guard !item.number.isNaN else { return nil }
      hash = ScriptMap.hash(of: item.number)
    } else {
      guard !item.with(StringBox.self, { $0.needsHash }) else { return nil }
      hash = item.with(StringBox.self) { $0.hash }
    }
    return container.with(ObjectBox.self) { $0.withSet { $0.has(item, hash: hash) } }
  }

  /// Whether a value is a constant string or nil; nil where that takes longer to find out.
  @inline(__always) static func quickEqual(_ x: Slot, _ constant: Slot) -> Bool? {
    if x.tag == .string, constant.tag == .string {
      if x.bits == constant.bits { return true }
      return x.with(StringBox.self) { a in constant.with(StringBox.self) { a.shortEqual($0) } }
    }
    return x.tag == .object ? nil : x.tag == .nil && constant.tag == .nil
  }

  /// The length of a list, or of a text of which it is known, or nil.
  @inline(__always) static func quickLength(_ subject: Slot) -> Int? {
    switch subject.tag {
    case .list: return subject.with(ScriptList.self) { $0.count }
    case .string: return subject.with(StringBox.self) { $0.quickCount }
    default: return nil
    }
  }

  /// Adds the value of `b` to the list in `a`, unless that is none or must ask for more room.
  @inline(__always) static func quickAppend(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) -> Bool {
    let (list, value) = unsafe (base[Int(i.a)], base[Int(i.b)])
    guard list.tag == .list, !list.with(ScriptList.self, { $0.growsLong }) else { return false }
    if i.auxiliary != 0 { unsafe base[Int(i.b)] = .nil } else { value.retain() }
    list.with(ScriptList.self) { $0.append(owning: value) }
    return true
  }

  /// Jumps back have a safepoint.
  @inline(__always) func jump(
    _ next: inout UnsafeMutablePointer<Instruction>, _ frame: UnsafeMutablePointer<Frame>, isTaken: Bool
  ) throws {
    guard isTaken else { return unsafe next += 1 }
    let offset = unsafe next.pointee.wide
    unsafe next += offset + 1
    if offset < 0 { unsafe state.pointee.ticks -= 1 }
    if unsafe state.pointee.ticks <= 0 {
      unsafe frame.pointee.next = next
      try safepoint()
    }
  }
}
