/// Copies values with all that lies inside them, without recursion; what was shared or contains itself does so in the copy.
struct Copier {
  private let context: CallContext
  /// The copies of containers and objects by the address of what they are copies of, held until the end.
  private var made: [UInt64: Slot] = [:]
  /// What is to be filled: a container and its copy.
  private var pending: [(source: Slot, copy: Slot)] = []

  init(_ context: CallContext) { self.context = context }

  /// A copy, which the caller owns.
  mutating func copy(of value: Slot) throws -> Slot {
    defer {
      for slot in made.values { Teardown.release(slot) }
      made = [:]
    }
    let result = try twin(of: value)
    do {
      while let (source, copy) = pending.popLast() { try fill(copy, from: source) }
    } catch {
      Teardown.release(result)
      throw error
    }
    return result
  }

  /// The value itself when nothing can change it, else its copy, still empty.
  private mutating func twin(of value: Slot) throws -> Slot {
    let address: UInt64
    switch value.tag {
    case .list, .map: address = value.bits
    case .object:
      let object = value.object(ObjectBox.self).object
      address = UInt64(UInt(bitPattern: ObjectIdentifier(object)))
    default: return value.copied()
    }
    if let known = made[address] { return known.copied() }
    let copy: Slot
    switch value.tag {
    case .list:
      let count = value.object(ScriptList.self).count
      try context.reserve(bytes: count * MemoryLayout<Slot>.stride)
      copy = Slot(.list, owning: ScriptList(capacity: count, heap: context.heap))
      pending.append((value, copy))
    case .map:
      let count = value.object(ScriptMap.self).count
      try context.reserve(bytes: count * 56)
      copy = Slot(.map, owning: ScriptMap(capacity: count, heap: context.heap))
      pending.append((value, copy))
    default:
      guard let object = try value.object(ObjectBox.self).object.duplicate() else { return value.copied() }
      copy = Slot(.object(object), heap: context.heap)
    }
    made[address] = copy.copied()
    return copy
  }

  private mutating func fill(_ copy: Slot, from source: Slot) throws {
    if source.tag == .list {
      let (from, into) = (source.object(ScriptList.self), copy.object(ScriptList.self))
      for place in 0..<from.count {
        into.append(owning: try twin(of: from.slot(at: place)))
        try context.step()
      }
      return
    }
    let (from, into) = (source.object(ScriptMap.self), copy.object(ScriptMap.self))
    for place in 0..<from.used {
      guard let entry = from.entry(at: place) else { continue }
      try context.machine.makeRoom(in: into)
      into.set(entry.key, hash: entry.hash, owning: try twin(of: entry.value))
      try context.step()
    }
    if from.fallback.tag != .undefined { into.setFallback(owning: from.fallback.copied()) }
  }
}
