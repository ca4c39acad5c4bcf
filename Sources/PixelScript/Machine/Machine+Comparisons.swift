extension Machine {
  /// The result of a comparison: a boolean, or what a host value makes of it.
  func compare(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot {
    switch operation {
    case .equal, .notEqual:
      if x.tag == .object || y.tag == .object {
        if let mask = try comparedObjects(operation, x, y) { return mask }
      }
      return Slot(try areEqual(x, y) == (operation == .equal))
    case .contains: return try contains(item: x, in: y)
    default: break
    }
    if x.isNumber, y.isNumber { return Slot(Machine.ordered(operation, x.number, y.number)) }
    if x.tag == .string, y.tag == .string {
      return Slot(Machine.ordered(operation, Double(try order(ofTexts: x, y)), 0))
    }
    if x.tag == .list, y.tag == .list { return Slot(try ordered(operation, x, y)) }
    if let mask = try comparedObjects(operation, x, y) { return mask }
    throw notComparable(operation, x, y)
  }

  /// The error about two values of which none comes first.
  func notComparable(_ operation: Operation, _ x: Slot, _ y: Slot) -> ScriptError {
    var error = ScriptError(
      .type, "`\(operation.symbol)` can't compare \(describe(x.value)) with \(describe(y.value))",
      help: x.tag == .string && y.isNumber || x.isNumber && y.tag == .string
        ? "`num(text)` makes a number of a string" : nil)
    error.operands = [withArticle(x.value.typeName), withArticle(y.value.typeName)]
    return error
  }

  private func comparedObjects(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot? {
    do { return try mask(operation, x, y) } catch { throw Machine.withShapes(error, of: [x.value, y.value]) }
  }

  private func mask(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot? {
    guard x.tag == .object || y.tag == .object else { return nil }
    // As long as an operator, and told before what values hold now.
    try pollFully(steps: 1)
    if x.tag == .object {
      let mask = try whole(try x.object(ObjectBox.self).object.binary(operation, y.value, reflected: false))
      if let mask { return Slot(mask, meter: meter) }
    }
    if y.tag == .object {
      let mask = try whole(try y.object(ObjectBox.self).object.binary(operation, x.value, reflected: true))
      if let mask { return Slot(mask, meter: meter) }
    }
    return nil
  }

  /// Below, above or 0, as one string comes before another, after it, or is the same.
  @inline(__always) func order(ofTexts x: Slot, _ y: Slot) throws -> Int {
    try x.with(StringBox.self) { left in
      try y.with(StringBox.self) { right in try left.order(right) { try charge(bytes: $0) } }
    }
  }

  private static func ordered(_ operation: Operation, _ x: Double, _ y: Double) -> Bool {
    switch operation {
    case .less: x < y
    case .lessOrEqual: x <= y
    case .greater: x > y
    default: x >= y
    }
  }

  func areEqual(_ x: Slot, _ y: Slot) throws -> Bool {
    guard x.tag == y.tag else {
      return x.tag == .object || y.tag == .object ? try Equality.areEqual(x, y) { try charge(elements: $0) } : false
    }
    switch x.tag {
    case .number: return x.number == y.number
    case .bool, .nil, .undefined: return x.bits == y.bits
    case .string:
      if x.bits == y.bits { return true }
      return try x.with(StringBox.self) { left in
        try y.with(StringBox.self) { right in try left.equals(right) { try charge(bytes: $0) } }
      }
    default:
      var left = Machine.elementsAStep
      if let answer = Machine.areSoonEqual(x, y, &left) { return answer }
      return try Equality.areEqual(x, y) { try charge(elements: $0) }
    }
  }

  /// Whether two lists or maps with few parts are equal; nil when they have others than the language's own, or many.
  private static func areSoonEqual(_ x: Slot, _ y: Slot, _ left: inout Int) -> Bool? {
    guard x.tag == y.tag else { return x.tag == .object || y.tag == .object ? nil : false }
    switch x.tag {
    case .number: return x.number == y.number
    case .bool, .nil: return x.bits == y.bits
    case .string:
      return x.with(StringBox.self) { a in
        y.with(StringBox.self) { b in a.size <= StringBox.keptCapacity || a.size != b.size ? a.equals(b) : nil }
      }
    case .list:
      if x.bits == y.bits { return true }
      return x.with(ScriptList.self) { a in
        y.with(ScriptList.self) { b in
          guard a.count == b.count else { return false }
          left -= a.count + 1
          guard left >= 0 else { return nil }
          for place in 0..<a.count {
            let answer = unsafe areSoonEqual(a.slots[place], b.slots[place], &left)
            if answer != true { return answer }
          }
          return true
        }
      }
    case .map:
      if x.bits == y.bits { return true }
      return x.with(ScriptMap.self) { a in
        y.with(ScriptMap.self) { b in
          guard a.count == b.count else { return false }
          left -= a.used + 1
          guard left >= 0 else { return nil }
          for place in 0..<a.used {
            let entry = unsafe a.storage[place]
            if entry.key.tag == .undefined { continue }
            guard let other = b.place(of: entry.key, hash: entry.hash) else { return false }
            let answer = areSoonEqual(entry.value, b.slot(at: other), &left)
            if answer != true { return answer }
          }
          return true
        }
      }
    default: return nil
    }
  }

  /// Compares two values as a whole.
  func areEqual(_ left: Value, _ right: Value) throws -> Bool {
    let (x, y) = (Slot(left), Slot(right))
    defer {
      Teardown.release(x)
      Teardown.release(y)
    }
    return try areEqual(x, y)
  }

  /// The position of the first element of a list that is equal to a value, or nil.
  func position(of item: Slot, in list: ScriptList) throws -> Int? {
    let item = item.plain
    var start = 0
    while start < list.count {
      let end = min(start + Machine.elementsAPiece, list.count)
      var place = start
      if item.isNumber {
        while place < end, unsafe list.slots[place].anyNumber != item.number { place += 1 }
      } else {
        // The list may change when a value of the host is compared.
        while place < min(end, list.count), try unsafe !areEqual(item, list.slots[place]) { place += 1 }
      }
      try charge(elements: place - start)
      if place < min(end, list.count) { return place }
      start = end
    }
    return nil
  }

  /// A slot as a key, which owns nothing, and its hash; nil when it can't be one.
  @inline(__always) func key(_ slot: Slot) throws -> (slot: Slot, hash: Int)? {
    if slot.tag == .string, slot.with(StringBox.self, { $0.needsHash }) {
      try slot.with(StringBox.self) { try $0.prepareHash(self) }
    }
    let key = slot.plain
    return ScriptMap.hash(of: key).map { (key, $0) }
  }

  /// What `item in container` gives.
  func contains(item: Slot, in container: Slot) throws -> Slot {
    let item = item.plain
    if item.tag == .object, container.tag != .string, let error = notOneValue(item, in: container) { throw error }
    switch container.tag {
    case .list:
      return Slot(try container.with(ScriptList.self) { try position(of: item, in: $0) } != nil)
    case .map:
      guard let (key, hash) = try self.key(item) else { return Slot(false) }
      return Slot(container.with(ScriptMap.self) { $0.place(of: key, hash: hash) } != nil)
    case .string:
      guard item.tag == .string else {
        throw ScriptError(.type, "`in` looks for a string in a string, found \(describe(item.value))")
      }
      return try container.with(StringBox.self) { text in
        try item.with(StringBox.self) { Slot(try text.contains($0, self)) }
      }
    case .range:
      let range = container.object(ScriptRange.self)
      guard item.isNumber else { return Slot(false) }
      let place = (item.number - range.start) / range.step
      return Slot(place >= 0 && place < Double(range.count) && range[Int(place)] == item.number)
    case .object:
      if container.with(ObjectBox.self, { $0.isSet }) {
        guard let (key, hash) = try self.key(item) else { return Slot(false) }
        return Slot(container.with(ObjectBox.self) { $0.withSet { $0.has(key, hash: hash) } } ?? false)
      }
      let object = container.object(ObjectBox.self).object
      meter.note()
      if let result = try whole(try object.binary(.contains, item.value, reflected: true)) {
        return Slot(result, meter: meter)
      }
      fallthrough
    default:
      throw ScriptError(.type, "`in` expects something with elements, found \(describe(container.value))")
    }
  }

  /// The error about many values, such as those of a column, where `in` looks for one; nil where they may be one as a whole: in a list that
  /// holds values of the host, or nothing.
  private func notOneValue(_ item: Slot, in container: Slot) -> ScriptError? {
    let object = item.object(ObjectBox.self).object
    guard object.isElementwise else { return nil }
    if container.tag == .list {
      let isAmongOthers = container.with(ScriptList.self) { list in
        list.count == 0 || (0..<list.count).contains { list.slot(at: $0).tag == .object }
      }
      if isAmongOthers { return nil }
    }
    return error(
      .type, "`in` looks for one value, found \(describe(item.value))",
      help: "`isin(values, others)` tells which of several values are among others")
  }
}
