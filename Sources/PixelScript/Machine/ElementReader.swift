/// Gives the elements of a value one after the other, as slots: code points of a string, keys of a map.
///
/// A list that grows meanwhile gives its new elements too.
struct ElementReader {
  /// A list, string or range; nil where the host gives the elements.
  private let subject: Slot
  /// Keeps what the subject refers to.
  private let owner: Referent?
  private let host: (() throws -> Value?)?
  private let machine: Machine
  /// The number of elements of a range.
  private let count: Int
  /// The next element, or the byte of a string where it starts.
  private var place = 0

  /// Starts over a value; throws a type error when it has no elements.
  init(_ value: Slot, _ context: CallContext, argument: String) throws {
    machine = context.machine
    var host: (() throws -> Value?)?
    switch value.tag {
    case .list: (subject, owner, count) = (value, value.object(ScriptList.self), 0)
    case .string: (subject, owner, count) = (value, value.object(StringBox.self), 0)
    case .range:
      let range = value.object(ScriptRange.self)
      (subject, owner, count) = (value, range, range.count)
    case .map:
      let keys = try context.column(of: value.object(ScriptMap.self)) { $0.key }
      (subject, owner, count) = (Slot(.list, borrowing: keys), keys, 0)
    default:
      (subject, owner, count) = (.nil, nil, 0)
      host = try context.elements(of: value.value, argument: argument)
    }
    self.host = host
  }

  /// The number of elements where few are known to come, for which room is made at once.
  var expectedCount: Int {
    switch subject.tag {
    case .list: min(subject.with(ScriptList.self) { $0.count }, 4096)
    case .range: min(count, 4096)
    default: 0
    }
  }

  /// The next element, which the caller owns, or nil.
  mutating func next() throws -> Slot? {
    let now = place
    defer { withExtendedLifetime(owner) {} }
    switch subject.tag {
    case .list:
      place += 1
      return subject.with(ScriptList.self) { now < $0.count ? $0.slot(at: now).copied() : nil }
    case .range:
      guard now < count else { return nil }
      place += 1
      return subject.with(ScriptRange.self) { Slot($0[now]) }
    case .string:
      return try subject.with(StringBox.self) { try $0.nextLetter(&place, machine) }
    default: return try host?().map { Slot($0, meter: machine.meter) }
    }
  }
}

extension StringBox {
  /// The code point at a byte, as a string that the caller owns, or nil at the end; the place goes on to the next one.
  @inline(__always) func nextLetter(_ place: inout Int, _ machine: Machine) throws -> Slot? {
    guard place < size else { return nil }
    let start = place
    place = unsafe CodePoints.step(from: start, by: 1, in: bytes)
    return try unsafe machine.string(of: UnsafeBufferPointer(rebasing: bytes[start..<place]))
  }
}
