extension Machine {
  /// `x | y` of two maps: a new one with the entries of both, where they share a key with the value of the second.
  func merged(_ x: Slot, _ y: Slot) throws -> Slot {
    let result = newMap(capacity: 0)
    let fallback = x.with(ScriptMap.self) { $0.fallback }
    if fallback.tag != .undefined { result.with(ScriptMap.self) { $0.setFallback(owning: fallback.copied()) } }
    do {
      try merge(x, into: result)
      try merge(y, into: result)
    } catch {
      Teardown.release(result)
      throw error
    }
    return result
  }

  /// `x |= y` of two maps: the entries of the second become entries of the first.
  func merge(_ source: Slot, into target: Slot) throws {
    let count = source.with(ScriptMap.self) { $0.used }
    try inPieces(elements: count) { piece in
      for place in piece {
        guard let entry = source.with(ScriptMap.self, { $0.entry(at: place) }) else { continue }
        try makeRoom(in: target)
        target.with(ScriptMap.self) { $0.set(entry.key, hash: entry.hash, owning: entry.value.copied()) }
      }
    }
  }
}
