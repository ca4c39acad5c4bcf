extension Machine {
  /// `xs[a:b] = ys`, `xs[[0, 2]] = ys`, `xs[mask] = ys`: a slice without a step takes a list of any length.
  func setPart(of list: ScriptList, at key: Slot, to value: Slot) throws {
    let elements = try partElements(value)
    var positions: [Int]
    if key.tag == .slice {
      let (start, count, step) = key.object(SliceBox.self).slice.resolved(in: list.count)
      if step == 1 {
        try meter.check(adding: max(0, elements.count - count) * MemoryLayout<Slot>.stride)
        try charge(elements: list.count - start)
        return list.replace(start..<start + count, with: elements)
      }
      positions = []
      positions.reserveCapacity(count)
      try inPieces(elements: count) { piece in for place in piece { positions.append(start + place * step) } }
    } else {
      guard case .positions(let named) = try index(key, length: list.count) else { return }
      positions = named
      try inPieces(elements: named.count) { piece in
        for place in piece { positions[place] = try Index.resolve(named[place], in: list.count, of: "list") }
      }
    }
    guard positions.count == elements.count else {
      throw ScriptError(
        .value, "a part of \(Machine.count(positions.count, "element")) can't take a list of \(elements.count)")
    }
    try inPieces(elements: positions.count) { piece in
      for place in piece { list.replace(positions[place], owning: elements.slot(at: place).copied()) }
    }
  }

  /// What is assigned to a part of a list, as a list that is not the one changed.
  private func partElements(_ value: Slot) throws -> ScriptList {
    switch value.tag {
    case .list:
      let list = value.object(ScriptList.self)
      try meter.check(adding: list.count * MemoryLayout<Slot>.stride)
      return try list.part(start: 0, count: list.count, step: 1, self)
    case .range:
      let range = value.object(ScriptRange.self)
      try meter.check(adding: range.count * MemoryLayout<Slot>.stride)
      let list = ScriptList(capacity: range.count, meter: meter)
      try inPieces(elements: range.count) { piece in for place in piece { list.append(owning: Slot(range[place])) } }
      return list
    default:
      throw ScriptError(
        .type, "a part of a list takes a list, found \(describe(value.value))",
        help: "write `xs[0] = x` for one element, or `[x]`")
    }
  }
}
