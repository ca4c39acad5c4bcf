extension Machine {
  /// What a map with a default gives for a key that it lacks, which the caller owns; nil for any other value.
  ///
  /// A default that is a function is called, and the map keeps what it gave; any other stays outside the map.
  func missing(_ key: Slot, of object: Slot) throws -> Slot? {
    guard object.tag == .map else { return nil }
    let map = object.object(ScriptMap.self)
    switch map.fallback.tag {
    case .undefined: return nil
    case .function: break
    default: return map.fallback.copied()
    }
    // The function may drop the variables that hold them.
    let (key, owner) = (key.copied(), object.copied())
    defer {
      Teardown.release(key)
      Teardown.release(owner)
    }
    let value = try invoke(map.fallback.object(ScriptFunction.self), Arguments([]))
    guard let (known, hash) = try self.key(key) else { throw notAKey(key) }
    try makeRoom(in: owner)
    let made = Slot(value, meter: meter)
    map.set(known, hash: hash, owning: made.copied())
    return made
  }
}
