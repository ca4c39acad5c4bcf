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
      let order = try x.object(StringBox.self).order(y.object(StringBox.self)) { try charge(bytes: $0) }
      return Slot(Machine.ordered(operation, Double(order), 0))
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

  private static func ordered(_ operation: Operation, _ x: Double, _ y: Double) -> Bool {
    switch operation {
    case .less: x < y
    case .lessOrEqual: x <= y
    case .greater: x > y
    default: x >= y
    }
  }

  func areEqual(_ x: Slot, _ y: Slot) throws -> Bool {
    guard x.tag == y.tag else { return false }
    switch x.tag {
    case .number: return x.number == y.number
    case .bool, .nil, .undefined: return x.bits == y.bits
    case .string:
      if x.bits == y.bits { return true }
      return try x.with(StringBox.self) { left in
        try y.with(StringBox.self) { right in try left.equals(right) { try charge(bytes: $0) } }
      }
    default: return try Equality.areEqual(x, y) { try charge(elements: $0) }
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
    var start = 0
    while start < list.count {
      let end = min(start + Machine.elementsAPiece, list.count)
      let found = try (start..<end).first { try areEqual(item, list.slot(at: $0)) }
      try charge(elements: (found ?? end) - start)
      if let found { return found }
      start = end
    }
    return nil
  }

  /// The hash of a slot as a key, or nil when it can't be one.
  @inline(__always) func hash(of key: Slot) throws -> Int? {
    if key.tag == .string, key.with(StringBox.self, { $0.needsHash }) {
      try key.object(StringBox.self).prepareHash(self)
    }
    return ScriptMap.hash(of: key)
  }

  /// What `item in container` gives.
  func contains(item: Slot, in container: Slot) throws -> Slot {
    switch container.tag {
    case .list:
      return Slot(try position(of: item, in: container.object(ScriptList.self)) != nil)
    case .map:
      guard let hash = try hash(of: item) else { return Slot(false) }
      return Slot(container.with(ScriptMap.self) { $0.place(of: item, hash: hash) } != nil)
    case .string:
      guard item.tag == .string else {
        throw ScriptError(.type, "`in` looks for a string in a string, found \(describe(item.value))")
      }
      return Slot(try container.object(StringBox.self).contains(item.object(StringBox.self), self))
    case .range:
      let range = container.object(ScriptRange.self)
      guard item.isNumber else { return Slot(false) }
      let place = (item.number - range.start) / range.step
      return Slot(place >= 0 && place < Double(range.count) && range[Int(place)] == item.number)
    case .object:
      let object = container.object(ObjectBox.self).object
      if let set = object as? ScriptSet {
        guard let hash = try hash(of: item) else { return Slot(false) }
        return Slot(set.map.place(of: item, hash: hash) != nil)
      }
      if let result = try whole(try object.binary(.contains, item.value, reflected: true)) {
        return Slot(result, meter: meter)
      }
      fallthrough
    default:
      throw ScriptError(.type, "`in` expects something with elements, found \(describe(container.value))")
    }
  }
}
