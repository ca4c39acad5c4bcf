/// Gives the elements of an argument one after the other, as slots: code points of a string, keys of a map.
///
/// A list that grows meanwhile gives its new elements too. The argument stays in its register.
struct ElementReader {
  /// What gives elements that do not lie in the argument.
  private final class Source {
    let keys: ScriptList?
    let host: () throws -> Value?

    init(_ keys: ScriptList?, _ host: @escaping () throws -> Value?) { (self.keys, self.host) = (keys, host) }
  }

  private let subject: Slot
  private let source: Source?
  /// The number of elements of a range.
  private let count: Int
  /// The next element, or the byte of a string where it starts.
  private var place = 0

  /// Starts over an argument; throws a type error when it has no elements.
  init(_ argument: Slot, _ context: CallContext, argument name: String) throws {
    switch argument.tag {
    case .list, .string: (subject, source, count) = (argument, nil, 0)
    case .range: (subject, source, count) = (argument, nil, argument.with(ScriptRange.self) { $0.count })
    case .map:
      let keys = try context.column(of: argument.object(ScriptMap.self)) { $0.key }
      (subject, source, count) = (.nil, Source(keys, { nil }), 0)
    default:
      (subject, source, count) = (.nil, Source(nil, try context.elements(of: argument.value, argument: name)), 0)
    }
  }

  /// Throws a limit error where a range has so many elements that what is made of each, of so many bytes, is more than the budget of memory.
  func reserve(bytes: Int, _ context: CallContext) throws {
    if subject.tag == .range { try context.reserve(bytes: bytes, times: count) }
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
  @inline(__always) mutating func next(_ machine: Machine) throws -> Slot? {
    let now = place
    switch subject.tag {
    case .list:
      place = now + 1
      return subject.with(ScriptList.self) { now < $0.count ? $0.slot(at: now).copied() : nil }
    case .range:
      guard now < count else { return nil }
      place = now + 1
      return subject.with(ScriptRange.self) { Slot($0[now]) }
    case .string: return try subject.with(StringBox.self) { try $0.nextLetter(&place, machine) }
    default: return try nextOfSource(machine)
    }
  }

  private mutating func nextOfSource(_ machine: Machine) throws -> Slot? {
    guard let keys = source?.keys else { return try source?.host().map { Slot($0, meter: machine.meter) } }
    place += 1
    return place <= keys.count ? keys.copy(at: place - 1) : nil
  }
}

extension StringBox {
  /// The code point at a byte, as a string that the caller owns, or nil at the end; the place goes on to the next one.
  func nextLetter(_ place: inout Int, _ machine: Machine) throws -> Slot? {
    guard place < size else { return nil }
    if let letter = machine.letter(of: self, at: place) {
      place += letter.with(StringBox.self) { $0.size }
      return letter.copied()
    }
    let start = place
    place = unsafe CodePoints.step(from: start, by: 1, in: bytes)
    return try unsafe machine.string(of: UnsafeBufferPointer(rebasing: bytes[start..<place]))
  }
}
