import Foundation

extension Machine {
  /// Applies an operation and puts the result into the instruction's register; operands marked as temporary are dropped.
  func arithmetic(_ operation: Operation, _ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    if operation == .add, i.a == i.b, try unsafe grow(base + Int(i.a), by: base[Int(i.c)]) {
      if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
      return
    }
    let (x, y) = unsafe (base[Int(i.b)], base[Int(i.c)])
    if operation == .add, i.auxiliary & 1 != 0, x.tag == .string, y.tag == .string, x.isUnique,
      y.with(StringBox.self, { part in x.with(StringBox.self) { $0.appendShort(part) } })
    {
      // What nobody else will see grows where it is.
      unsafe base[Int(i.b)] = .nil
      if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
      return unsafe Machine.set(base + Int(i.a), x)
    }
    unsafe finish(i, base, try result(operation, x, y, updates: i.auxiliary & 4 != 0))
  }

  /// The result of an operation, or with `updates` the left operand where that changed itself.
  private func result(_ operation: Operation, _ x: Slot, _ y: Slot, updates: Bool) throws -> Slot {
    guard updates, x.tag == .object || x.tag == .map else { return try apply(operation, x, y) }
    if try update(operation, x, y) { return x.copied() }
    guard x.tag == .object, let value = try whole(x.object(ObjectBox.self).object.taken()) else {
      return try apply(operation, x, y)
    }
    let part = Slot(value, meter: meter)
    defer { Teardown.release(part) }
    return try apply(operation, part, y)
  }

  /// `x += y` in place, for a string or list that only this register holds; returns false when it is not so.
  private func grow(_ register: UnsafeMutablePointer<Slot>, by other: Slot) throws -> Bool {
    let slot = unsafe register.pointee
    guard slot.tag == other.tag, slot.tag == .string || slot.tag == .list, slot.isUnique else { return false }
    if slot.tag == .string {
      let isShort = other.with(StringBox.self) { part in slot.with(StringBox.self) { $0.appendShort(part) } }
      if isShort { return true }
      try other.with(StringBox.self) { part in
        if part.size > Machine.bytesAPiece { try meter.check(adding: part.size) }
        try slot.with(StringBox.self) { try $0.append(part, self) }
      }
    } else {
      try slot.with(ScriptList.self) { list in
        try other.with(ScriptList.self) { part in
          try meter.check(adding: part.count * MemoryLayout<Slot>.stride)
          try list.append(part, self)
        }
      }
    }
    return true
  }

  /// `x += y` for a map or a value of the host that changes itself; returns false when it does not.
  private func update(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Bool {
    if operation == .union, x.tag == .map, y.tag == .map {
      try merge(y, into: x)
      return true
    }
    guard x.tag == .object else { return false }
    try pollFully(steps: 1)
    do { return try x.object(ObjectBox.self).object.update(operation, y.value) } catch {
      throw Machine.withShapes(error, of: [x.value, y.value])
    }
  }

  func arithmeticWithInteger(_ operation: Operation, _ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let (x, y) = unsafe (base[Int(i.b)], Slot(i.smallC))
    let result = try result(operation, x, y, updates: i.auxiliary & 4 != 0)
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    unsafe Machine.set(base + Int(i.a), result)
  }

  private func finish(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>, _ result: Slot) {
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
    unsafe Machine.set(base + Int(i.a), result)
  }

  func unary(_ operation: UnaryOperator, _ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    unsafe finish(i, base, try negated(base[Int(i.b)], operation))
  }

  /// What `-` and `not` make of a value of the host.
  private func negated(_ operand: Slot, _ operation: UnaryOperator) throws -> Slot {
    if operand.tag == .object { try pollFully(steps: 1) }
    if operand.tag == .object, let value = try whole(try operand.object(ObjectBox.self).object.unary(operation)) {
      return Slot(value, meter: meter)
    }
    let found = describe(operand.value)
    throw operation == .negate
      ? ScriptError(.type, "`-` expects a number, found \(found)")
      : ScriptError(.type, "`not` expects a bool, found \(found)")
  }

  func comparison(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    if let truth = unsafe Machine.quickComparison(i.operation, base[Int(i.b)], base[Int(i.c)]) {
      return unsafe finish(i, base, Slot(truth))
    }
    let result = try unsafe compare(Machine.operation(i.operation), base[Int(i.b)], base[Int(i.c)])
    if i.operation == .notContains {
      guard result.tag == .bool else { throw notACondition(result) }
      return unsafe finish(i, base, Slot(!result.truth))
    }
    unsafe finish(i, base, result)
  }

  /// The truth of `in` or `not in` that decides a jump.
  func membership(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let quick = unsafe Machine.quickContains(base[Int(i.a)], base[Int(i.b)])
    let result = try unsafe quick.map { Slot($0) } ?? contains(item: base[Int(i.a)], in: base[Int(i.b)])
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.a), .nil) }
    if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    if i.operation == .jumpContains { return try truth(result) }
    defer { Teardown.release(result) }
    guard result.tag == .bool else { throw notACondition(result) }
    return !result.truth
  }

  /// The truth of `not` of what is no bool, in a register of which a temporary goes.
  func truth(ofNegated register: UnsafeMutablePointer<Slot>, _ i: Instruction) throws -> Bool {
    let result = try negated(unsafe register.pointee, .not)
    if i.auxiliary & 2 != 0 { unsafe Machine.set(register, .nil) }
    return try truth(result)
  }

  /// The truth of a comparison that decides a jump.
  func condition(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let quick = unsafe Machine.quickComparison(i.operation, base[Int(i.a)], base[Int(i.b)])
    let result =
      try quick == nil ? unsafe compare(Machine.operation(i.operation), base[Int(i.a)], base[Int(i.b)]) : .nil
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.a), .nil) }
    if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    return try quick ?? truth(result)
  }

  /// How two strings of which one is short compare, or any value with nil; nil for others.
  @inline(__always)
  private static func quickComparison(_ operation: Instruction.Operation, _ x: Slot, _ y: Slot) -> Bool? {
    if x.tag == .string, y.tag == .string {
      if operation == .contains || operation == .notContains {
        let has = x.with(StringBox.self) { part in y.with(StringBox.self) { $0.hasLetter(part) } }
        return has.map { $0 == (operation == .contains) }
      }
      if operation == .jumpEqual || operation == .jumpNotEqual {
        if x.bits == y.bits { return operation == .jumpEqual }
        let areEqual = x.with(StringBox.self) { left in y.with(StringBox.self) { left.shortEqual($0) } }
        return areEqual.map { $0 == (operation == .jumpEqual) }
      }
      let order = x.with(StringBox.self) { left in y.with(StringBox.self) { left.shortOrder($0) } }
      guard let order else { return nil }
      switch operation {
      case .equal, .jumpEqual: return order == 0
      case .notEqual, .jumpNotEqual: return order != 0
      case .less, .jumpLess, .jumpLessConstant: return order < 0
      case .lessOrEqual, .jumpLessOrEqual, .jumpLessOrEqualConstant: return order <= 0
      case .greater, .jumpGreater, .jumpGreaterConstant: return order > 0
      case .greaterOrEqual, .jumpGreaterOrEqual, .jumpGreaterOrEqualConstant: return order >= 0
      default: return nil
      }
    }
    guard y.tag == .nil, x.tag != .object else { return nil }
    switch operation {
    case .equal, .jumpEqual: return x.tag == .nil
    case .notEqual, .jumpNotEqual: return x.tag != .nil
    default: return nil
    }
  }

  func conditionWithConstant(_ i: Instruction, _ a: UnsafeMutablePointer<Slot>, _ constant: Slot) throws -> Bool {
    let quick = unsafe Machine.quickComparison(i.operation, a.pointee, constant)
    let result = try quick == nil ? unsafe compare(Machine.operation(i.operation), a.pointee, constant) : .nil
    if i.auxiliary & 1 != 0 { unsafe Machine.set(a, .nil) }
    return try quick ?? truth(result)
  }

  func conditionWithInteger(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let result = try unsafe compare(Machine.operation(i.operation), base[Int(i.a)], Slot(i.smallB))
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.a), .nil) }
    return try truth(result)
  }

  private func truth(_ slot: Slot) throws(ScriptError) -> Bool {
    if slot.tag == .bool { return slot.truth }
    defer { Teardown.release(slot) }
    return try truth(of: slot)
  }

  /// The truth of a condition that is no bool; throws when it has none.
  func truth(of slot: Slot) throws(ScriptError) -> Bool {
    guard let truth = slot.hostTruth else { throw notACondition(slot) }
    return truth
  }

  /// The result of `and` and `or` where the left side does not settle it: element by element for masks, else the right side.
  func combine(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let (left, right) = unsafe (base[Int(i.a)], base[Int(i.b)])
    let operation: Operation = i.auxiliary == 1 ? .or : .and
    guard left.tag == .object || right.tag == .object else { throw notACondition(right) }
    let result: Slot
    do {
      guard let mask = try applyToObjects(operation, left, right) else {
        throw notACondition(left.tag == .object && left.hostTruth == nil ? left : right)
      }
      result = mask
    } catch { throw Machine.withShapes(error, of: [left.value, right.value]) }
    unsafe Machine.set(base + Int(i.b), .nil)
    unsafe Machine.set(base + Int(i.a), result)
  }

  func notACondition(_ slot: Slot) -> ScriptError {
    let value = slot.value
    let help: String? =
      switch value {
      case .number: "compare it, as in `x != 0`"
      case .string, .list, .map: "ask for its length, as in `len(x) > 0`"
      case .nil: "compare it, as in `x != nil`"
      case .object: "make one bool of it, as in `all(x)` or `any(x)`, or compare it, as in `x > 0`"
      default: nil
      }
    return ScriptError(.type, "a condition must be a bool, found \(describe(value))", help: help)
  }

  private static func operation(_ operation: Instruction.Operation) -> Operation {
    switch operation {
    case .equal, .jumpEqual, .jumpEqualInteger, .jumpEqualConstant: .equal
    case .notEqual, .jumpNotEqual, .jumpNotEqualInteger, .jumpNotEqualConstant: .notEqual
    case .less, .jumpLess, .jumpLessInteger, .jumpLessConstant: .less
    case .lessOrEqual, .jumpLessOrEqual, .jumpLessOrEqualInteger, .jumpLessOrEqualConstant: .lessOrEqual
    case .greater, .jumpGreater, .jumpGreaterInteger, .jumpGreaterConstant: .greater
    case .greaterOrEqual, .jumpGreaterOrEqual, .jumpGreaterOrEqualInteger, .jumpGreaterOrEqualConstant: .greaterOrEqual
    default: .contains
    }
  }
}

extension Machine {
  /// The result of an operation; the caller owns it, the operands stay.
  func apply(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot {
    switch (x.tag, y.tag) {
    case (.number, .number): return Slot(try Machine.calculate(operation, x.number, y.number))
    case (.string, .string) where operation == .add: return try joined(x, y)
    case (.list, .list) where operation == .add: return try joinedLists(x, y)
    case (.map, .map) where operation == .union: return try merged(x, y)
    case (.string, .number) where operation == .multiply: return try repeated(x, y.number)
    case (.number, .string) where operation == .multiply: return try repeated(y, x.number)
    case (.list, .number) where operation == .multiply: return try repeatedList(x, y.number)
    case (.number, .list) where operation == .multiply: return try repeatedList(y, x.number)
    default: break
    }
    if operation == .multiply, let repeated = try repeatedByHost(x, y) ?? repeatedByHost(y, x) { return repeated }
    do { if let result = try applyToObjects(operation, x, y) { return result } } catch {
      throw Machine.withShapes(error, of: [x.value, y.value])
    }
    var error = error(
      .type, "`\(operation.symbol)` does not work on \(describeType(x)) and \(describeType(y))",
      help: help(for: operation, x, y))
    error.operands = [describeType(x), describeType(y)]
    throw error
  }

  private func describeType(_ slot: Slot) -> String { withArticle(slot.value.typeName) }

  private func applyToObjects(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot? {
    guard x.tag == .object || y.tag == .object else { return nil }
    if let set = try joinedSets(operation, x, y) { return set }
    // An operator of the host may take as long as a command.
    try pollFully(steps: 1)
    if x.tag == .object, operation != .contains {
      let result = try whole(try x.object(ObjectBox.self).object.binary(operation, y.value, reflected: false))
      if let result { return Slot(result, meter: meter) }
    }
    if y.tag == .object {
      let result = try whole(try y.object(ObjectBox.self).object.binary(operation, x.value, reflected: true))
      if let result { return Slot(result, meter: meter) }
    }
    return nil
  }

  /// What `| & - ^` of two sets give, which look at the budgets themselves; nil for anything else.
  private func joinedSets(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Slot? {
    guard x.tag == .object, y.tag == .object, operation.isOfSets || operation == .subtract else { return nil }
    let joined = try x.with(ObjectBox.self) { first in
      try y.with(ObjectBox.self) { second in
        try first.withSet { set in try second.withSet { try set.joined(operation, with: $0) } }
      }
    }
    guard let result = joined.flatMap(\.self) else { return nil }
    try poll(steps: 1)
    return Slot(.object, owning: ObjectBox(result, heap: heap))
  }

  private static func calculate(_ operation: Operation, _ x: Double, _ y: Double) throws(ScriptError) -> Double {
    switch operation {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .power:
      if x == 0, y < 0 { throw ScriptError(.value, "0 ** \(Display.text(of: y)) divides by zero") }
      let result = pow(x, y)
      if result.isNaN, !x.isNaN, !y.isNaN {
        throw ScriptError(.value, "\(Display.text(of: x)) ** \(Display.text(of: y)) is no real number")
      }
      return result
    case .divide, .floorDivide, .remainder:
      if y == 0 { throw ScriptError(.value, "division by zero") }
      if operation == .divide { return x / y }
      if operation == .floorDivide, let quotient = quickQuotient(x, y) { return quotient }
      if operation == .remainder, let remainder = quickRemainder(x, y) { return remainder }
      let rest = x.truncatingRemainder(dividingBy: y)
      let isBelow = rest != 0 && (rest < 0) != (y < 0)
      if operation == .remainder { return isBelow ? rest + y : rest }
      // From the remainder, so that no rounding of x / y counts.
      let quotient = (x - rest) / y - (isBelow ? 1 : 0)
      let down = quotient.rounded(.down)
      return quotient - down > 0.5 ? down + 1 : down
    default:
      throw ScriptError(
        .type, "`\(operation.symbol)` does not work on a number and a number", help: Self.helpForNumbers(operation))
    }
  }

  private func joined(_ x: Slot, _ y: Slot) throws -> Slot {
    try x.with(StringBox.self) { left in
      try y.with(StringBox.self) { right in try left.joined(with: right, self) }
    }
  }

  private func joinedLists(_ x: Slot, _ y: Slot) throws -> Slot {
    let count = x.with(ScriptList.self) { $0.count } + y.with(ScriptList.self) { $0.count }
    try meter.check(adding: count * MemoryLayout<Slot>.stride)
    return try made(newList(capacity: count)) { list in
      try x.with(ScriptList.self) { try list.append($0, self) }
      try y.with(ScriptList.self) { try list.append($0, self) }
    }
  }

  /// A new list that `fill` fills, which the caller owns.
  @inline(__always) private func made(_ list: Slot, _ fill: (ScriptList) throws -> Void) throws -> Slot {
    do { try list.with(ScriptList.self, fill) } catch {
      Teardown.release(list)
      throw error
    }
    return list
  }

  /// The number of repetitions, after a look at the memory they would take.
  private func repetitions(_ times: Double, size: Int) throws(ScriptError) -> Int {
    guard let count = Machine.whole(times) ?? Int(whole: times) else {
      throw ScriptError(
        .value, "`*` repeats a whole number of times, found \(Display.text(of: times))",
        help: "the numbers of a list are multiplied as a tensor: `tensor([1, 2]) * \(Display.text(of: times))`")
    }
    let (total, overflow) = max(count, 0).multipliedReportingOverflow(by: size)
    try meter.check(adding: overflow ? .max : total)
    return max(count, 0)
  }

  private func repeated(_ x: Slot, _ times: Double) throws -> Slot {
    try x.with(StringBox.self) { try $0.repeated(repetitions(times, size: $0.size), self) }
  }

  /// A text or a list as often as a value of the host that counts as a number says; nil for other operands.
  private func repeatedByHost(_ x: Slot, _ times: Slot) throws -> Slot? {
    guard x.tag == .string || x.tag == .list, let number = times.hostNumber else { return nil }
    return try x.tag == .string ? repeated(x, number) : repeatedList(x, number)
  }

  private func repeatedList(_ x: Slot, _ times: Double) throws -> Slot {
    let length = x.with(ScriptList.self) { $0.count }
    let count = try repetitions(times, size: length * MemoryLayout<Slot>.stride)
    return try made(newList(capacity: count * length)) { list in
      if length == 1 {
        let element = x.with(ScriptList.self) { $0.slot(at: 0) }
        return try inPieces(elements: count) { list.append(element, times: $0.count) }
      }
      for _ in 0..<(length == 0 ? 0 : count) {
        try x.with(ScriptList.self) { try list.append($0, self) }
        // Short lists charge nothing by themselves.
        if length < Machine.elementsAStep, list.count % Machine.elementsAPiece < length {
          try charge(elements: Machine.elementsAPiece)
        }
      }
    }
  }
}
