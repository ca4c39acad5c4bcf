extension Machine {
  /// The instructions that make values and other rare ones.
  func other(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws {
    let base = unsafe frame.pointee.base
    let a = unsafe base + Int(i.a)
    switch i.operation {
    case .prepareLoop: try unsafe prepareLoop(i, base)
    case .makeList: unsafe makeList(i, base)
    case .makeMap: try unsafe makeMap(i, base)
    case .makeFunction: unsafe Machine.set(a, makeFunction(i.wide, frame))
    case .makeSlice: try unsafe makeSlice(i, base)
    case .interpolate: try unsafe interpolate(i, base)
    case .unpack: try unsafe unpack(i, base)
    case .getIndices: try unsafe getIndices(i, base)
    case .setIndices: try unsafe setIndices(i, base)
    case .operate:
      guard let operation = Operation(rawValue: i.auxiliary >> 4) else { preconditionFailure("no such operation") }
      try unsafe arithmetic(operation, i, base)
    case .setGlobal:
      let slot = unsafe a.pointee
      unsafe a.pointee = .nil
      unsafe Machine.set(frame.pointee.header.pointee.globals + i.wide, slot)
    case .setCapture:
      let slot = unsafe a.pointee
      unsafe a.pointee = .nil
      Teardown.release(unsafe Machine.capture(i.wide, of: frame).with(Cell.self) { $0.exchange(slot) })
    case .format:
      if i.auxiliary == 0, let plain = unsafe plainForm(i, frame),
        let text = unsafe plain.text(of: base[Int(i.b)], self)
      {
        return unsafe Machine.set(a, text)
      }
      let text = try unsafe formatted(i, base, frame)
      unsafe Machine.set(a, Slot(.string, owning: StringBox(text, meter: meter)))
      try chargeMade(text.utf8.count)
    case .beginTry:
      unsafe handlers.append(Handler(frame: depth, next: frame.pointee.next + i.wide, register: Int(i.a)))
    case .endTry: handlers.removeLast()
    case .failAssertion:
      var error = unsafe failedAssertion(i, base)
      error.isOfScript = true
      throw error
    case .importScript:
      let path = unsafe constant(Int(i.b), frame).object(StringBox.self).text
      unsafe Machine.set(a, Slot(.map(try interpreter.importScript(path, from: frame.pointee)), meter: meter))
    case .importNames:
      let path = unsafe constant(Int(i.b), frame).object(StringBox.self).text
      try interpreter.importNames(path, from: unsafe frame.pointee)
    case .move, .take, .clear, .pass, .loadNil, .loadTrue, .loadFalse, .loadInteger, .loadConstant, .loadCommand,
      .getGlobal,
      .makeCell, .getCell, .setCell, .getCapture, .checkDefined, .skipUnlessUndefined, .skipUnlessCopy, .add, .subtract,
      .multiply,
      .divide, .floorDivide, .remainder, .power, .matrixProduct, .addInteger, .multiplyInteger, .floorDivideInteger,
      .remainderInteger, .negate, .not, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contains,
      .notContains, .jumpEqual, .jumpNotEqual, .jumpLess, .jumpLessOrEqual, .jumpGreater, .jumpGreaterOrEqual,
      .jumpEqualInteger, .jumpNotEqualInteger, .jumpLessInteger, .jumpLessOrEqualInteger, .jumpGreaterInteger,
      .jumpGreaterOrEqualInteger, .jumpEqualConstant, .jumpNotEqualConstant,
      .jumpLessConstant, .jumpLessOrEqualConstant, .jumpGreaterConstant, .jumpGreaterOrEqualConstant,
      .jump, .jumpIf, .jumpIfNot, .combine, .nextElement, .call, .callGlobal, .callCell,
      .callCapture, .callCommand, .callMethod, .raise, .giveBack, .giveBackNil, .getIndex, .setIndex, .getField,
      .setField,
      .quickSlice, .prepareRange, .preparePairs, .length, .getInner, .setInner, .jumpContains, .jumpNotContains,
      .append, .quickLength, .quickAppend, .quick, .callShadowed, .collect:
      preconditionFailure("the inner loop handles \(i.operation)")
    }
  }

  /// A value in the form that `auxiliary` tells: one known beforehand, one computed (1), or the one with quotes (2).
  private func formatted(
    _ i: Instruction, _ base: UnsafeMutablePointer<Slot>, _ frame: UnsafeMutablePointer<Frame>
  ) throws -> String {
    let value = unsafe base[Int(i.b)].value
    switch i.auxiliary {
    case 1: return try FormatSpecification.format(value, unsafe base[Int(i.c)].object(StringBox.self).text)
    case 2: return value.echo
    default:
      let prototype = unsafe frame.pointee.header.pointee.prototype
      return try unsafe prototype._withUnsafeGuaranteedRef { $0.formats[Int(i.c)] }.text(of: value)
    }
  }

  /// The form that is known beforehand, where it is a plain one.
  private func plainForm(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) -> PlainForm? {
    let prototype = unsafe frame.pointee.header.pointee.prototype
    return unsafe prototype._withUnsafeGuaranteedRef { $0.formats[Int(i.c)].plain }
  }

  /// Drops the operands of an assignment to a part that are temporaries.
  func dropTemporaries(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) {
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.a), .nil) }
    if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    if i.auxiliary & 4 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
  }

  private func constant(_ index: Int, _ frame: UnsafeMutablePointer<Frame>) -> Slot {
    unsafe frame.pointee.header.pointee.constants[index]
  }

  /// A command as a value.
  func command(_ position: Int) -> Slot {
    if let known = commandFunctions[position] { return Slot(.function, owning: known) }
    let function = ScriptFunction(interpreter.registry.entries[position], heap: meter.heap)
    commandFunctions[position] = function
    return Slot(.function, owning: function)
  }

  private func makeList(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) {
    let register = unsafe base + Int(i.a)
    let slot =
      unsafe i.auxiliary == 1
      ? register.pointee : newList(capacity: i.auxiliary == 2 ? room(base + Int(i.b)) : Int(i.c))
    slot.with(ScriptList.self) { list in
      for place in 0..<Int(i.c) {
        list.append(owning: unsafe base[Int(i.b) + place])
        unsafe base[Int(i.b) + place] = .nil
      }
    }
    if i.auxiliary != 1 { unsafe Machine.set(register, slot) }
  }

  private func makeMap(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let register = unsafe base + Int(i.a)
    let slot = unsafe i.auxiliary == 1 ? register.pointee : newMap(capacity: Int(i.c) / 2)
    do { try slot.with(ScriptMap.self) { try unsafe fill($0, i, base) } } catch {
      if i.auxiliary == 0 { Teardown.release(slot) }
      throw error
    }
    if i.auxiliary == 0 { unsafe Machine.set(register, slot) }
  }

  @inline(__always)
  private func fill(_ map: ScriptMap, _ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    var place = Int(i.b)
    while place < Int(i.b) + Int(i.c) {
      guard let (key, hash) = try unsafe self.key(base[place]) else { throw unsafe notAKey(base[place]) }
      if map.growsLong { try makeRoom(in: map) }
      map.set(key, hash: hash, owning: unsafe base[place + 1])
      unsafe base[place + 1] = .nil
      unsafe Machine.set(base + place, .nil)
      place += 2
    }
  }

  private func makeFunction(_ child: Int, _ frame: UnsafeMutablePointer<Frame>) -> Slot {
    let outer = unsafe frame.pointee.header.pointee.prototype.takeUnretainedValue()
    let prototype = outer.children[child]
    let function = ScriptFunction(prototype, heap: meter.heap)
    for (place, capture) in prototype.captures.enumerated() {
      switch capture {
      case .register(let register): unsafe function.captures[place] = frame.pointee.base[register].copied()
      case .capture(let index): unsafe function.captures[place] = Machine.capture(index, of: frame).copied()
      }
    }
    return Slot(.function, owning: function)
  }

  /// The cell of a captured variable.
  @inline(__always) static func capture(_ index: Int, of frame: UnsafeMutablePointer<Frame>) -> Slot {
    unsafe frame.pointee.captures.unsafelyUnwrapped[index]
  }

  private func makeSlice(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    if i.auxiliary == 1 {
      return unsafe Machine.set(base + Int(i.a), Slot(.slice, owning: SliceBox(try Slice(), isRest: true)))
    }
    var bounds: [Int?] = []
    for place in Int(i.b)..<Int(i.b) + 3 {
      let slot = unsafe base[place]
      if slot.tag == .nil {
        bounds.append(nil)
      } else if let bound = slot.anyNumber.flatMap({ Int(whole: $0) }) {
        bounds.append(bound)
      } else {
        throw ScriptError(.index, "the bound of a slice must be a whole number, found \(describe(slot.value))")
      }
    }
    let slice = try Slice(start: bounds[0], stop: bounds[1], step: bounds[2])
    unsafe Machine.set(base + Int(i.a), Slot(.slice, owning: SliceBox(slice)))
  }

  private func interpolate(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let parts = unsafe UnsafeMutableBufferPointer(start: base + Int(i.b), count: Int(i.c))
    var size = 0
    for place in parts.indices {
      let part = unsafe parts[place]
      if part.tag == .string {
        size += part.with(StringBox.self) { $0.size }
      } else if part.isSmallWhole {
        size += Slot.smallWholeLength
      } else {
        let text = part.value.description
        size += text.utf8.count
        unsafe Machine.set(
          parts.baseAddress.unsafelyUnwrapped + place, Slot(.string, owning: StringBox(text, meter: meter)))
        try chargeMade(text.utf8.count)
      }
    }
    try meter.check(adding: size)
    if size <= Machine.bytesAPiece { try charge(bytes: size) }
    let text = unsafe size <= Machine.bytesAPiece ? joined(parts, size: size) : try joinedLong(parts, size: size)
    for part in parts.indices { unsafe Machine.set(parts.baseAddress.unsafelyUnwrapped + part, .nil) }
    unsafe Machine.set(base + Int(i.a), text)
  }

  /// Strings and small whole numbers as one text of at most `size` bytes.
  @inline(__always)
  private func joined(_ parts: UnsafeMutableBufferPointer<Slot>, size: Int) -> Slot {
    var isASCII = true
    let text = unsafe newString(size: size) { buffer in
      var writer = unsafe TextWriter(buffer)
      for place in parts.indices {
        let part = unsafe parts[place]
        if part.tag == .string {
          part.with(StringBox.self) {
            unsafe writer.write($0.bytes)
            isASCII = isASCII && $0.isKnownASCII
          }
        } else {
          writer.write(Int(part.number))
        }
      }
      return writer.count
    }
    if isASCII { text.with(StringBox.self) { $0.noteASCII() } }
    return text
  }

  /// As `joined`, in pieces that are charged.
  private func joinedLong(_ parts: UnsafeMutableBufferPointer<Slot>, size: Int) throws -> Slot {
    let box = unsafe StringBox(size: size, meter: meter) { _ in 0 }
    for place in parts.indices {
      let part = unsafe parts[place]
      if part.tag == .string {
        try part.with(StringBox.self) { try box.append($0, self) }
      } else {
        try box.append(StringBox(String(Int(part.number)), meter: meter), self)
      }
    }
    return Slot(.string, owning: box)
  }

  /// Takes the value in register b apart into `c` registers from `a` on.
  private func unpack(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let source = unsafe base[Int(i.b)]
    try unsafe unpack(source, into: base + Int(i.a), count: Int(i.c))
  }

  /// Puts the elements of a value into registers. The keys of a map would be taken for its values, so a map is none.
  func unpack(
    _ source: Slot, into first: UnsafeMutablePointer<Slot>, count: Int, isLoop: Bool = false, mapHelp: String? = nil
  ) throws {
    if source.tag == .list {
      let found = source.with(ScriptList.self) { $0.count }
      guard found == count else { throw ScriptError(.value, "expected \(count) values, found \(found)") }
      // The list may lie in one of the registers.
      let held = source.copied()
      defer { Teardown.release(held) }
      return held.with(ScriptList.self) { list in
        for place in 0..<count { unsafe Machine.set(first + place, list.slots[place].copied()) }
      }
    }
    if source.tag == .map {
      throw ScriptError(
        .type, "expected \(count) values, found a map",
        help: mapHelp
          ?? (isLoop
            ? "`for x in xs { x.name }` has its values by name; keys and values of one map are `for k, v in m`"
            : "`m.name` is a value of it, `values(m)` a list of all, `keys(m)` one of the keys"))
    }
    guard let next = try Elements.iterator(over: source.value), source.tag != .string else {
      throw ScriptError(
        .type, "expected \(count) values, found \(describe(source.value))",
        help: isLoop ? "positions and elements are `for i, x in enumerate(xs)`" : nil)
    }
    var values: [Value] = []
    while values.count <= count, let value = try next() { values.append(value) }
    guard values.count == count else {
      let found = values.count > count ? "more" : "\(values.count)"
      throw ScriptError(.value, "expected \(count) values, found \(found)")
    }
    for (place, value) in values.enumerated() { unsafe Machine.set(first + place, Slot(value, meter: meter)) }
  }
}

extension Machine {
  /// Makes cells, and tells of variables without a value.
  func variable(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws {
    let base = unsafe frame.pointee.base
    let a = unsafe base + Int(i.a)
    switch i.operation {
    case .makeCell:
      let slot = unsafe a.pointee
      unsafe a.pointee = Slot(.cell, owning: Cell(slot, heap: meter.heap))
    case .getCell, .getCapture: throw undefined(unsafe constant(Int(i.c), frame).object(StringBox.self).text)
    default:
      if unsafe a.pointee.tag == .undefined {
        let name = unsafe constant(i.wide, frame).object(StringBox.self).text
        throw i.auxiliary == 0 ? undefined(name) : unset(name)
      }
    }
  }

  /// The error about a function's own variable that has no value yet.
  private func unset(_ name: String) -> ScriptError {
    let prototype = unsafe state.pointee.frame.pointee.header.pointee.prototype.takeUnretainedValue()
    let isOutside =
      prototype.module.definedNames.contains(name) || prototype.localNames.count(where: { $0 == name }) > 1
    let outer = isOutside ? "; `outer \(name)` at its start means the one outside" : ""
    return ScriptError(
      .name, "`\(name)` has no value yet",
      help: "this function assigns it, which makes it a variable of its own\(outer)")
  }

  func undefinedGlobal(_ index: Int) -> ScriptError {
    guard depth > 0 else { return ScriptError(.name, "a variable has no value") }
    let module = unsafe state.pointee.frame.pointee.header.pointee.prototype.takeUnretainedValue().module
    return undefined(module.names[index])
  }

  func undefined(_ name: String) -> ScriptError {
    if catchesErrors, interpreter.registry[name] == nil, Constant.named(name) == nil {
      return ScriptError(.name, "there is no variable or command `\(name)`")
    }
    // Variables come first, so that of equally near names they are the ones suggested.
    var names: [String] = []
    if depth > 0 {
      let prototype = unsafe state.pointee.frame.pointee.header.pointee.prototype.takeUnretainedValue()
      names = prototype.localNames + prototype.module.definedNames
    }
    guard interpreter.registry[name] == nil else {
      return ScriptError(
        .name, "there is no variable `\(name)`",
        help: "`\(name)` is a command until a variable gets its name: `\(name) = ...`")
    }
    if let constant = Constant.named(name) {
      return ScriptError(.type, "`\(name)` is the number \(Display.text(of: constant.value)), which can't be called")
    }
    names += interpreter.registry.names + Constant.all.map(\.name)
    let near = Suggestion.best(for: name, in: names).map { "did you mean `\($0)`?" }
    let known = helpForChange(of: name) ?? helpForMember(of: name) ?? ForeignWord.help(for: name)
    let help = known ?? near ?? helpForComment()
    return ScriptError(.name, "there is no variable or command `\(name)`", help: help)
  }

  /// The error that `raise` throws: a message, or a caught error once more.
  func raised(_ slot: Slot) throws -> ScriptError {
    let value = slot.value
    try pollFully(steps: 0)
    switch value {
    case .string(let message): return ScriptError(.value, message)
    case .map(let map):
      guard case .string(let message) = map["message"], let kind = kind(raised: slot) else { break }
      return ScriptError(kind, message)
    default: break
    }
    return ScriptError(
      .type, "`raise` expects a message or a caught error, found \(describe(value))",
      help: "write `raise \"message\"`, or a map with a message: `raise {message: \"...\", kind: \"value\"}`")
  }

  /// The kind of the error of a message or a map that is raised, or nil for other values.
  ///
  /// Only the program says that somebody interrupted it, or that it has a fault: a script that says so raises a value error.
  func kind(raised value: Slot) -> Diagnostic.Kind? {
    guard value.tag == .map else { return value.tag == .string ? .value : nil }
    let name = field(shared.errorFields.kind, of: value)
    guard name.tag == .string, let kind = Diagnostic.Kind(rawValue: name.object(StringBox.self).text) else {
      return .value
    }
    return !kind.isOfProgram || value.object(ScriptMap.self).caught == kind ? kind : .value
  }

  /// A field of a map, without a reference of its own; nil where there is none.
  func field(_ name: Slot, of map: Slot) -> Slot {
    map.with(ScriptMap.self) { map in map.place(ofField: name).map { map.slot(at: $0) } ?? .nil }
  }

  /// The error of an assertion, with its message; `auxiliary` 1 tells that the operands of its comparison are in `b` and `c`.
  private func failedAssertion(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) -> ScriptError {
    let message = unsafe base[Int(i.a)]
    var error = ScriptError(
      .value,
      message.tag == .nil ? "assertion failed" : "assertion failed: \(Display.text(of: message.value, limit: 10_000))")
    guard i.auxiliary == 1 else { return error }
    error.operands = [Int(i.b), Int(i.c)].map { register in
      let text = unsafe Display.echo(of: base[register].value, limit: 100)
      return text.utf8.count > 60 || text.contains("\n") ? unsafe describe(base[register].value) : text
    }
    return error
  }
}
