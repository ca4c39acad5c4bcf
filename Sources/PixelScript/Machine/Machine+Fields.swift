extension Machine {
  func getField(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>, _ name: Slot) throws {
    let object = unsafe base[Int(i.b)]
    guard let field = try fieldIfAny(object, name) ?? missing(name, of: object) else {
      throw noField(object, name.object(StringBox.self).text, isCall: false)
    }
    if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
    unsafe Machine.set(base + Int(i.a), field)
  }

  /// The field of a map, without a reference of its own, or nil.
  @inline(__always) static func quickField(_ map: Slot, _ name: Slot) -> Slot? {
    map.with(ScriptMap.self) { map in map.place(ofField: name).map { map.slot(at: $0) } }
  }

  /// Gives a field that a map has another value; false when it has no such field.
  @inline(__always) static func quickReplace(_ map: Slot, _ name: Slot, _ value: Slot) -> Bool {
    map.with(ScriptMap.self) { map in
      guard !map.isRow, let place = map.place(ofField: name) else { return false }
      map.replace(place, owning: value.copied())
      return true
    }
  }

  /// The field of a map or a host value, which the caller owns, or nil when there is none.
  func fieldIfAny(_ slot: Slot, _ name: Slot) throws -> Slot? {
    switch slot.tag {
    case .map:
      return slot.with(ScriptMap.self) { map in
        guard map.count > 0, let place = map.place(of: name, hash: name.with(StringBox.self) { $0.hash }) else {
          return nil
        }
        return map.slot(at: place).copied()
      }
    case .object:
      if slot.with(ObjectBox.self, { $0.isSet }) { return nil }
      // A field of the host may take as long as a command.
      try pollFully(steps: 1)
      return try whole(try slot.object(ObjectBox.self).object.field(name.object(StringBox.self).text)).map {
        Slot($0, meter: meter)
      }
    default: return nil
    }
  }

  func setField(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>, _ name: Slot) throws {
    let (object, value) = unsafe (base[Int(i.a)], base[Int(i.c)])
    if object.tag == .map {
      try makeRoom(in: object)
      return object.with(ScriptMap.self) { map in
        map.set(name, hash: name.with(StringBox.self) { $0.hash }, owning: value.copied())
      }
    }
    let text = name.object(StringBox.self).text
    switch object.tag {
    case .object:
      let host = object.object(ObjectBox.self).object
      if try host.setField(text, to: value.value) { return }
      if host.fieldNames.contains(text) {
        throw ScriptError(.type, "the field `\(text)` of \(withArticle(object.value.typeName)) can't be assigned")
      }
      throw noField(object, text, isCall: false)
    default: throw noField(object, text, isCall: false)
    }
  }

  /// What a field or method of a value is elsewhere.
  private func foreignHelp(_ slot: Slot, _ name: String, isCall: Bool) -> String? {
    ForeignWord.help(
      forField: name, of: fieldOwner ?? "x", type: slot.value.typeName, arguments: isCall ? methodArguments : nil)
  }

  func noField(_ slot: Slot, _ name: String, isCall: Bool) -> ScriptError {
    let type = withArticle(slot.value.typeName)
    if slot.tag == .map, !isCall { return noKey(.string(name), in: slot.object(ScriptMap.self)) }
    let message =
      isCall ? "\(type) has no field `\(name)`, and no function has this name" : "\(type) has no field `\(name)`"
    let culprit = isCall ? ScriptError.Culprit.label(name) : .call
    return error(.name, message, help: helpForField(name, of: slot, isCall: isCall), culprit: culprit)
  }

  private func helpForField(_ name: String, of slot: Slot, isCall: Bool) -> String? {
    var names: [String] = []
    if slot.tag == .object { names = slot.object(ObjectBox.self).object.fieldNames }
    if isCall { names += interpreter.registry.names }
    let hasElements = slot.isReference && slot.tag != .function || slot.isNumber
    let near = Suggestion.question(about: name, in: names)
    var help = hasElements || isCall ? foreignHelp(slot, name, isCall: isCall) : nil
    if help == nil, near == nil, isCall, let meant = ForeignWord.fieldNearest(to: name, type: slot.value.typeName) {
      help = foreignHelp(slot, meant, isCall: true)
    }
    help = help ?? near
    if help == nil, !isCall, interpreter.registry[name] != nil { help = "`\(name)` is a command: write `x.\(name)()`" }
    if help == nil, !names.isEmpty, !isCall {
      help = "its fields are \(names.map { "`\($0)`" }.joined(separator: ", "))"
    }
    return help
  }
}
