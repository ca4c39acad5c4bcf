/// Commands that are done without a call where their arguments are what they mostly are.
extension Machine {
  /// Does a primitive in place; returns true when it became a call, which may have made a frame.
  func primitive(_ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws -> Bool {
    let site = unsafe state.pointee.frame.pointee.header.pointee.sites[Int(i.c)]
    let isMethod = unsafe site._withUnsafeGuaranteedRef { $0.method != nil }
    if try unsafe isDone(i, first, site, isMethod: isMethod) { return false }
    if isMethod {
      try unsafe callMethod(i, state.pointee.frame.pointee.base)
    } else {
      try unsafe callCommand(i, first, state.pointee.frame.pointee.header)
    }
    return true
  }

  /// Whether the result is in the register of the first argument; the others are dropped then.
  @inline(__always) private func isDone(
    _ i: Instruction, _ first: UnsafeMutablePointer<Slot>, _ site: Unmanaged<CallSite>, isMethod: Bool
  ) throws -> Bool {
    let subject = unsafe first.pointee
    if i.operation == .append { return false }
    // A map, or a value of the host, may have a field of the name.
    if isMethod, subject.tag == .map || subject.tag == .object {
      guard subject.tag == .map else { return false }
      let hasField = unsafe site._withUnsafeGuaranteedRef { site in
        subject.with(ScriptMap.self) { $0.hasField(site.field) }
      }
      if hasField { return false }
    }
    if i.operation == .length {
      guard let length = try length(subject) else { return false }
      unsafe Machine.set(first, Double(length))
      return true
    }
    // As much as a call.
    try poll(steps: 16)
    switch Command.Primitive(rawValue: i.auxiliary) {
    case .type:
      unsafe Machine.set(first, shared.typeName(of: subject))
    case .pop:
      guard subject.tag == .list, let last = subject.with(ScriptList.self, { $0.takeLast() }) else { return false }
      unsafe Machine.set(first, last)
    case .get:
      guard subject.tag == .map, let (key, hash) = try self.key(unsafe first[1]) else { return false }
      let place = subject.with(ScriptMap.self) { $0.place(of: key, hash: hash) }
      let count = unsafe site._withUnsafeGuaranteedRef { $0.positional }
      let value: Slot
      if let place {
        value = subject.with(ScriptMap.self) { $0.slot(at: place).copied() }
      } else {
        value = unsafe count == 3 ? first[2].copied() : .nil
      }
      unsafe Machine.set(first, value)
      for place in 1..<count { unsafe Machine.set(first + place, .nil) }
    case .contains:
      let item = unsafe first[1]
      guard subject.tag == .list || subject.tag == .map || subject.tag == .string && item.tag == .string else {
        return false
      }
      let result = try contains(item: item, in: subject)
      unsafe Machine.set(first, result)
      unsafe Machine.set(first + 1, .nil)
    default: return false
    }
    return true
  }
}

extension ScriptMap {
  /// Whether there is a key that is the name of a method.
  @inline(__always) fileprivate func hasField(_ name: Slot) -> Bool {
    count > 0 && place(of: name, hash: name.with(StringBox.self) { $0.hash }) != nil
  }
}

extension ScriptList {
  /// Takes the last element out, which the caller owns; nil when there is none.
  @inline(__always) fileprivate func takeLast() -> Slot? { count > 0 ? take(at: count - 1) : nil }
}
