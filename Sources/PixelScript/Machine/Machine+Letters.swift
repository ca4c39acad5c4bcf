/// Letters of texts that are shared, so that reading one makes no string.
extension Machine {
  /// The letter of a text of ASCII at a number that is a position in it, or nil.
  @inline(__always) func quickLetter(_ text: Slot, _ position: Double) -> Slot? {
    text.with(StringBox.self) { text in
      guard text.isQuicklyASCII, let place = Machine.place(position, text.size) else { return nil }
      return unsafe letters[Int(text.storage[place] & 127)]
    }
  }

  /// The letter of a text that has others than ASCII at a number that is a position in it, without a reference of its own; nil for others.
  func quickWideLetter(_ text: Slot, _ position: Double) throws -> Slot? {
    try text.with(StringBox.self) { text in
      guard let count = text.quickCount, count < text.size, let place = Machine.place(position, count) else {
        return nil
      }
      return letter(of: text, at: try text.offset(of: place, self))
    }
  }

  /// The letter at a byte of a text, without a reference of its own; nil where none is shared.
  @inline(__always) func letter(of text: StringBox, at byte: Int) -> Slot? {
    let start = unsafe text.storage + byte
    let first = unsafe start.pointee
    if first < 128 { return unsafe letters[Int(first)] }
    let length = CodePoints.length(of: first)
    guard byte + length <= text.size else { return nil }
    return shared.wideLetter(unsafe WideLetter(start, length))
  }

  /// The letter of ASCII that a loop over a string comes to next, without a reference of its own; nil for others and at the end.
  @inline(__always) func nextLetter(_ state: UnsafeMutablePointer<Slot>) -> Slot? {
    let place = unsafe Int(state[1].number)
    let byte = unsafe state.pointee.with(StringBox.self) { unsafe place < $0.size ? $0.storage[place] : 0xff }
    guard byte < 128 else { return nil }
    unsafe state[1] = Slot(Double(place + 1))
    return unsafe letters[Int(byte)]
  }

  /// As above for letters beyond ASCII; nil where none is shared, and at the end.
  func nextWideLetter(_ state: UnsafeMutablePointer<Slot>) -> Slot? {
    let place = unsafe Int(state[1].number)
    return unsafe state.pointee.with(StringBox.self) { text in
      guard place < text.size, let letter = letter(of: text, at: place) else { return nil }
      unsafe state[1] = Slot(Double(place + letter.with(StringBox.self) { $0.size }))
      return letter
    }
  }
}

/// Parts of lists in lists.
extension Machine {
  /// `a = b[c][d]` or `a[b][d] = c` of lists in a list, where the usual way lies behind; returns how many instructions of it are to be
  /// skipped, 0 for other values.
  @inline(never) func inner(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) -> Int {
    let (base, usual) = unsafe (frame.pointee.base, frame.pointee.next)
    if i.operation == .getInner {
      let (outer, row, column) = unsafe (base[Int(i.b)], base[Int(i.c)], base[Int(usual[1].c)])
      guard outer.tag == .list, row.isNumber, column.isNumber, let inner = Machine.quickElement(outer, row.number),
        let part = inner.tag == .list
          ? Machine.quickElement(inner, column.number)
          : inner.tag == .string ? quickLetter(inner, column.number) : nil
      else { return 0 }
      unsafe Machine.set(base + Int(i.a), part.copied())
      if unsafe usual.pointee.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
      return 2
    }
    let (outer, row, column) = unsafe (base[Int(i.a)], base[Int(i.b)], base[Int(usual[1].b)])
    let value = unsafe base[Int(i.c)]
    guard outer.tag == .list, row.isNumber, column.isNumber, value.tag != .object,
      let inner = Machine.quickElement(outer, row.number), inner.tag == .list,
      let place = Machine.place(column.number, inner.with(ScriptList.self) { $0.count })
    else { return 0 }
    inner.with(ScriptList.self) { $0.replace(place, owning: value.copied()) }
    if unsafe usual[1].auxiliary & 4 != 0 { unsafe Machine.set(base + Int(i.c), .nil) }
    // The part is no copy, so that what puts it back is skipped.
    return unsafe usual[2].wide + 3
  }
}
