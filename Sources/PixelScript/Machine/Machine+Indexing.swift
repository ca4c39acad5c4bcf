/// What a part of a value is taken for.
enum PartUse {
  case value, fieldToSet, inPlace

  /// By the marks of an instruction.
  init(marks: Int) { self = marks & 4 != 0 ? .fieldToSet : marks & 8 != 0 ? .inPlace : .value }

  /// The part of a value of the host.
  func part(of host: any ScriptObject, at index: [Index]) throws -> Value? {
    switch self {
    case .value: try host.element(at: index)
    case .fieldToSet: try host.part(at: index)
    case .inPlace: try host.partInPlace(at: index)
    }
  }
}

extension Machine {
  /// The length of one of the language's own values, or nil.
  func length(_ subject: Slot) throws -> Int? {
    switch subject.tag {
    case .string: try subject.with(StringBox.self) { try $0.count(self) }
    case .list: subject.with(ScriptList.self) { $0.count }
    case .map: subject.with(ScriptMap.self) { $0.count }
    case .range: subject.with(ScriptRange.self) { $0.count }
    case .object: subject.with(ObjectBox.self) { $0.withSet { $0.map.count } }
    default: nil
    }
  }

  /// The element of a list at a number that is a position in it, or nil.
  @inline(__always) static func quickElement(_ list: Slot, _ position: Double) -> Slot? {
    list.with(ScriptList.self) { list in Machine.place(position, list.count).map { unsafe list.slots[$0] } }
  }

  /// A position from the start, or a negative one from the end, counted from the start; nil outside so many elements and between them.
  @inline(__always) static func place(_ position: Double, _ count: Int) -> Int? {
    guard let place = whole(position) else { return nil }
    let fromStart = place < 0 ? place &+ count : place
    return UInt(bitPattern: fromStart) < UInt(bitPattern: count) ? fromStart : nil
  }

  /// `a = b[c]` of a map and a number, or a string of which the hash takes no time; false where there is no such key, and for others.
  static func quickEntry(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) -> Bool {
    let (map, key) = unsafe (base[Int(i.b)], base[Int(i.c)])
    let hash: Int
    if key.isNumber {
      hash = ScriptMap.hash(of: key.number)
    } else {
      guard key.tag == .string, !key.with(StringBox.self, { $0.needsHash }) else { return false }
      hash = key.with(StringBox.self) { $0.hash }
    }
    // A number that is none is no key, and equal to none.
    let value = map.with(ScriptMap.self) { map in
      map.place(of: key, hash: hash).map { map.slot(at: $0).copied() }
    }
    guard let value else { return false }
    if i.auxiliary & 1 != 0 { unsafe set(base + Int(i.b), .nil) }
    if i.auxiliary & 2 != 0 { unsafe set(base + Int(i.c), .nil) }
    unsafe set(base + Int(i.a), value)
    return true
  }

  /// `a = b[c:c + 1:c + 2]` of a list or a text; false when it takes the way of other values.
  func quickSlice(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws -> Bool {
    let object = unsafe base[Int(i.b)], step = unsafe base[Int(i.c) + 2]
    guard object.tag == .list || object.tag == .string else { return false }
    let length = try self.length(object) ?? 0
    var (start, count, stride) = (0, length, 1)
    if step.tag == .nil {
      guard let first = unsafe Machine.bound(base[Int(i.c)], 0, length),
        let end = unsafe Machine.bound(base[Int(i.c) + 1], length, length)
      else { return false }
      (start, count) = (first, max(end - first, 0))
    } else if unsafe base[Int(i.c)].tag == .nil, unsafe base[Int(i.c) + 1].tag == .nil, step.isNumber, step.number == -1
    {
      (start, stride) = (length - 1, -1)
    } else {
      return false
    }
    let part: Slot
    if object.tag == .string {
      if count > Machine.bytesAPiece { try meter.check(adding: count) }
      part = try object.with(StringBox.self) {
        try stride == 1 && $0.isKnownASCII && count > 0
          ? $0.part(start..<start + count, self) : $0.part(start: start, count: count, step: stride, self)
      }
    } else {
      guard count <= Machine.elementsAPiece else { return false }
      try charge(elements: count)
      part = newList(capacity: count)
      object.with(ScriptList.self) { source in
        part.with(ScriptList.self) { list in
          for place in 0..<count { list.append(owning: unsafe source.slots[start + place * stride].copied()) }
        }
      }
    }
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    unsafe Machine.set(base + Int(i.a), part)
    return true
  }

  /// A bound of a slice as a position, or nil when it is no whole number.
  private static func bound(_ slot: Slot, _ usual: Int, _ length: Int) -> Int? {
    if slot.tag == .nil { return usual }
    guard slot.isNumber, let bound = whole(slot.number) else { return nil }
    return bound < 0 ? max(bound + length, 0) : min(bound, length)
  }

  @inline(__always) static func quickReplace(_ list: Slot, _ position: Double, _ value: Slot) -> Bool {
    list.with(ScriptList.self) { list in
      guard let place = Machine.place(position, list.count) else { return false }
      list.replace(place, owning: value.copied())
      return true
    }
  }

  func getIndex(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let (object, position) = unsafe (base[Int(i.b)], base[Int(i.c)])
    if object.tag == .string, position.isNumber, let letter = try quickWideLetter(object, position.number) {
      // Before the text goes, as the letter may be all of it.
      letter.retain()
      if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
      return unsafe Machine.set(base + Int(i.a), letter)
    }
    let result = try unsafe element(of: base[Int(i.b)], at: base[Int(i.c)], for: PartUse(marks: Int(i.auxiliary)))
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    if i.auxiliary & 2 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
    unsafe Machine.set(base + Int(i.a), result)
  }

  /// `base[b][b + 1, ...]`, the base in register b and the indices behind it.
  func getIndices(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let first = unsafe base + Int(i.b)
    let object = try unsafe severalAxes(first.pointee)
    let index = try (1...Int(i.auxiliary)).map { try unsafe self.index(first[$0]) }
    meter.note()
    let use: PartUse = i.c == 1 ? .inPlace : .value
    guard let value = try whole(use.part(of: object, at: index)) else { throw unsafe notIndexable(first.pointee) }
    for place in 0...Int(i.auxiliary) { unsafe Machine.set(first + place, .nil) }
    unsafe Machine.set(base + Int(i.a), Slot(value, meter: meter))
  }

  func setIndices(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let first = unsafe base + Int(i.b)
    let object = try unsafe severalAxes(first.pointee)
    let index = try (1...Int(i.auxiliary)).map { try unsafe self.index(first[$0]) }
    if i.c == 1, !object.takesParts { try unsafe take(base + Int(i.a)) }
    guard try object.setElement(at: index, to: unsafe base[Int(i.a)].value) else {
      throw unsafe notAssignable(first.pointee)
    }
    for place in 0...Int(i.auxiliary) { unsafe Machine.set(first + place, .nil) }
  }

  /// Puts the value that a part in its place stands for where that is.
  private func take(_ register: UnsafeMutablePointer<Slot>) throws {
    let slot = unsafe register.pointee
    guard slot.tag == .object, let value = try whole(slot.object(ObjectBox.self).object.taken()) else { return }
    unsafe Machine.set(register, Slot(value, meter: meter))
  }

  private func severalAxes(_ slot: Slot) throws(ScriptError) -> any ScriptObject {
    if slot.tag == .object { return slot.object(ObjectBox.self).object }
    if slot.tag == .function { throw notIndexable(slot) }
    let type = withArticle(slot.value.typeName)
    throw ScriptError(
      .type, "\(type) has one axis; several indices need a value such as a tensor",
      help: helpForHiddenCommand(by: slot) ?? "write `x[i][j]`")
  }

  func setIndex(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let (object, key) = unsafe (base[Int(i.a)], base[Int(i.b)])
    let takesParts = object.tag == .object && object.object(ObjectBox.self).object.takesParts
    if i.auxiliary & 8 != 0, !takesParts { try unsafe take(base + Int(i.c)) }
    let value = unsafe base[Int(i.c)]
    switch object.tag {
    case .list:
      let list = object.object(ScriptList.self)
      if key.tag == .slice || key.tag == .list || key.tag == .range {
        return try setPart(of: list, at: key, to: value)
      }
      let place = try Index.resolve(wholeNumber(key, of: "list"), in: list.count, of: "list")
      list.replace(place, owning: value.copied())
    case .map:
      guard let (key, hash) = try self.key(key) else { throw notAKey(key) }
      let isNew = object.with(ScriptMap.self) { $0.isRow || $0.growsLong && $0.place(of: key, hash: hash) == nil }
      if isNew { try makeRoom(in: object) }
      object.with(ScriptMap.self) { $0.set(key, hash: hash, owning: value.copied()) }
    case .object:
      let host = object.object(ObjectBox.self).object
      meter.note()
      let index = [try self.index(key, length: host.length, ofHost: true)]
      guard try host.setElement(at: index, to: value.value) else {
        throw notAssignable(object)
      }
    case .string: throw ScriptError(.type, "a string can't be changed; make a new one")
    default: throw notAssignable(object)
    }
  }

  private func notIndexable(_ slot: Slot, at key: Slot? = nil) -> ScriptError {
    error(
      .type, "\(withArticle(slot.value.typeName)) can't be indexed",
      help: slot.tag == .function
        ? helpForIndex(isSlice: key?.tag == .slice)
        : helpForHiddenCommand(by: slot) ?? ForeignWord.help(forCommand: "[]", on: slot.value.typeName))
  }

  private func notAssignable(_ slot: Slot) -> ScriptError {
    ScriptError(.type, "the elements of \(withArticle(slot.value.typeName)) can't be assigned")
  }

  func notAKey(_ slot: Slot) -> ScriptError {
    let found = slot.tag == .slice ? "a slice" : describe(slot.value)
    return ScriptError(.key, "the key of a map is a string, a number or a bool, found \(found)")
  }

  private func wholeNumber(_ key: Slot, of what: String) throws(ScriptError) -> Int {
    if key.isNumber, let place = Machine.whole(key.number) { return place }
    guard let place = key.anyNumber.flatMap({ Int(exactly: $0) }) else {
      let wanted = key.anyNumber?.wholeNumber ?? "a whole number"
      throw ScriptError(.index, "the index of a \(what) must be \(wanted), found \(describe(key.value))")
    }
    return place
  }

  /// `object[key]`; the caller owns the result.
  func element(of object: Slot, at key: Slot, for use: PartUse = .value) throws -> Slot {
    switch object.tag {
    case .list: return try element(of: object.object(ScriptList.self), at: key)
    case .string where key.isNumber:
      return try object.with(StringBox.self) { text in
        let place = try Index.resolve(wholeNumber(key, of: "string"), in: try text.count(self), of: "string")
        return try text.part(start: place, count: 1, step: 1, self)
      }
    case .string: return try element(of: object.object(StringBox.self), at: key)
    case .map:
      guard let (key, hash) = try self.key(key) else { throw notAKey(key) }
      let found = object.with(ScriptMap.self) { map in
        map.place(of: key, hash: hash).map { map.slot(at: $0).copied() }
      }
      if let found { return found }
      if let made = try missing(key, of: object) { return made }
      throw noKey(key.value, in: object.object(ScriptMap.self))
    case .range:
      let range = object.object(ScriptRange.self)
      if key.tag == .slice {
        let (start, count, step) = key.object(SliceBox.self).slice.resolved(in: range.count)
        let first = range.start + Double(start) * range.step
        let stride = range.step * Double(step)
        return Slot(.range, owning: try ScriptRange(start: first, stop: first + stride * Double(count), step: stride))
      }
      return Slot(range[try Index.resolve(wholeNumber(key, of: "range"), in: range.count, of: "range")])
    case .object:
      let host = object.object(ObjectBox.self).object
      meter.note()
      let index = try index(key, length: host.length, ofHost: true)
      if let value = try whole(use.part(of: host, at: [index])) {
        return Slot(value, meter: meter)
      }
      fallthrough
    default: throw notIndexable(object, at: key)
    }
  }

  private func element(of list: ScriptList, at key: Slot) throws -> Slot {
    switch key.tag {
    case .slice:
      let (start, count, step) = key.object(SliceBox.self).slice.resolved(in: list.count)
      try meter.check(adding: count * MemoryLayout<Slot>.stride)
      return Slot(.list, owning: try list.part(start: start, count: count, step: step, self))
    case .list, .range:
      guard case .positions(let positions) = try index(key, length: list.count) else { break }
      try meter.check(adding: positions.count * MemoryLayout<Slot>.stride)
      let part = ScriptList(capacity: positions.count, meter: meter)
      try inPieces(elements: positions.count) { piece in
        for place in piece {
          part.append(owning: list.slot(at: try Index.resolve(positions[place], in: list.count, of: "list")).copied())
        }
      }
      return Slot(.list, owning: part)
    default: break
    }
    let place = try Index.resolve(wholeNumber(key, of: "list"), in: list.count, of: "list")
    return unsafe list.slots[place].copied()
  }

  /// Moves a value from a register to the end of a list; a long one asks for what it takes while it grows.
  @inline(__always) func append(from register: UnsafeMutablePointer<Slot>, to list: Slot) throws {
    try list.with(ScriptList.self) { list in
      if list.growsLong { try list.makeRoom(meter) }
      let item = unsafe register.pointee
      unsafe register.pointee = .nil
      list.append(owning: item)
    }
  }

  /// Adds a value to a list that asks for more room.
  func collect(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let list = unsafe base[Int(i.a)]
    if i.auxiliary != 0 { return try unsafe append(from: base + Int(i.b), to: list) }
    let item = unsafe base[Int(i.b)]
    try list.with(ScriptList.self) { list in
      if list.growsLong { try list.makeRoom(meter) }
      list.append(owning: item.copied())
    }
  }

  /// The map is about to get another entry.
  @inline(__always) func makeRoom(in map: Slot) throws {
    if map.with(ScriptMap.self, { $0.isRow }) { throw ScriptMap.rowIsCopy }
    if map.with(ScriptMap.self, { $0.growsLong }) { try makeRoom(in: map.object(ScriptMap.self)) }
  }

  /// A map that may be long is about to get another entry: it asks for what it takes while it grows.
  func makeRoom(in map: ScriptMap) throws {
    if map.growsLong { try meter.grow(by: map.growth) }
    try map.makeRoom { try poll(steps: 512) }
  }

  func noKey(_ key: Value, in map: ScriptMap) -> ScriptError {
    error(.key, "the map has no key \(key.brief)", help: helpForKey(key, of: map))
  }

  private func helpForKey(_ key: Value, of map: ScriptMap) -> String? {
    var help: String?
    if case .string(let text) = key {
      help = Suggestion.question(about: text, in: map.names) { "\"\($0)\"" }
    }
    help = help ?? helpForCount()
    if help == nil, (1...8).contains(map.count) {
      help = "its keys are \(map.keys.map(\.brief).joined(separator: ", "))"
    }
    return help
  }

  private func element(of box: StringBox, at key: Slot) throws -> Slot {
    if key.tag == .slice {
      let (start, count, step) = key.object(SliceBox.self).slice.resolved(in: try box.count(self))
      return try box.part(start: start, count: count, step: step, self)
    }
    let place = try Index.resolve(wholeNumber(key, of: "string"), in: try box.count(self), of: "string")
    return try box.part(start: place, count: 1, step: 1, self)
  }

  /// An index as a host value gets it.
  func index(_ key: Slot, length: Int? = nil, ofHost: Bool = false) throws -> Index {
    switch key.tag {
    case .number: return .position(try wholeNumber(key, of: "value"))
    case .string: return .key(key.object(StringBox.self).text)
    case .slice:
      let box = key.object(SliceBox.self)
      if box.isRest { return .rest }
      let slice = box.slice
      return slice.isEverything ? .all : .slice(slice)
    case .object: return .object(key.object(ObjectBox.self).object)
    case .list, .range:
      if ofHost, key.tag == .list, let names = try names(key.object(ScriptList.self)) { return .keys(names) }
      return .positions(try positions(key.value, length: length))
    case .nil: return .newAxis
    default:
      var help: String?
      if case .bool = key.value {
        help = "a mask has a truth for each element, as `x > 2`; `contains(x, \"a\")` looks into each text of a column"
      }
      throw ScriptError(.index, "expected an index, found \(describe(key.value))", help: help)
    }
  }

  /// The strings of a list; nil for an empty one or one of others.
  private func names(_ list: ScriptList) throws -> [String]? {
    guard list.count > 0, list.slot(at: 0).tag == .string else { return nil }
    return try [String].convert(.list(list))
  }

  /// A list of positions, or the positions at which a list of booleans is true.
  private func positions(_ value: Value, length: Int?) throws -> [Int] {
    if let positions = try [Int].convert(value) { return positions }
    guard let mask = try [Bool].convert(value) else {
      throw ScriptError(.index, "a list as index holds positions or bools")
    }
    if let length, length != mask.count {
      throw ScriptError(.index, "a mask of length \(mask.count) does not fit a list of length \(length)")
    }
    return mask.indices.filter { mask[$0] }
  }
}
