/// Looks for a pattern in a text: all ways through the pattern at once, so that the time grows with the text and never explodes.
@safe struct PatternMatcher {
  /// Ways through the pattern at one place of the text, the preferred ones first, each with the places of its groups.
  private struct Ways {
    var steps: [Int] = []
    var places: [Int] = []

    mutating func removeAll() {
      steps.removeAll(keepingCapacity: true)
      places.removeAll(keepingCapacity: true)
    }
  }

  /// What is still to be followed from a step on; a slot that is not negative gets its place back.
  private struct Pending {
    let step: Int
    var slot = -1
  }

  private let pattern: Pattern
  private let text: StringBox
  private let bytes: UnsafeBufferPointer<UInt8>
  private var work: Work
  private var marks: [Int]
  private var mark = 0
  private var pending: [Pending] = []
  private var places: [Int]
  private var current = Ways()
  private var following = Ways()

  init(_ pattern: Pattern, _ text: StringBox, _ machine: Machine) {
    (self.pattern, self.text) = (pattern, text)
    unsafe bytes = text.bytes
    work = Work(machine)
    marks = Array(repeating: 0, count: pattern.steps.count)
    places = Array(repeating: -1, count: pattern.slotCount)
  }

  /// Calls `body` with the places of each match, in bytes, until it returns false; matches do not overlap.
  ///
  /// Behind an empty match comes one that is not empty or starts later, as in Python.
  mutating func forEachMatch(_ body: ([Int]) throws -> Bool) throws {
    var (start, empty) = (0, -1)
    while let match = try first(from: start, notEmptyAt: empty) {
      guard try body(match) else { return }
      start = match[1]
      empty = match[0] == match[1] ? start : -1
    }
  }

  /// The first match that begins at a byte or later: start and end of the whole and of each group, -1 for none.
  mutating func first(from start: Int, notEmptyAt empty: Int = -1) throws -> [Int]? {
    var place = start
    var found: [Int]?
    current.removeAll()
    mark += 1
    while true {
      if current.steps.isEmpty {
        if found != nil { return found }
        guard try skip(&place) else { return nil }
      }
      if found == nil {
        for slot in places.indices { places[slot] = -1 }
        follow(0, at: place, isStart: true)
      }
      let (scalar, next) = decode(place)
      following.removeAll()
      mark += 1
      try work.add(current.steps.count + 1)
      let count = places.count
      for way in current.steps.indices {
        let step = pattern.steps[current.steps[way]]
        if step == .accept {
          guard place != empty || current.places[way * count] != empty else { continue }
          found = Array(current.places[way * count..<(way + 1) * count])
          break
        }
        guard next > place, takes(step, scalar) else { continue }
        for slot in 0..<count { places[slot] = current.places[way * count + slot] }
        follow(current.steps[way] + 1, at: next, isStart: false)
      }
      if next == place { return found }
      place = next
      swap(&current, &following)
    }
  }

  /// Goes on to the next byte with which a match may begin; false when there is none.
  private mutating func skip(_ place: inout Int) throws -> Bool {
    guard let firstBytes = pattern.firstBytes else { return true }
    let begin = place
    while unsafe place < text.size && !firstBytes[Int(bytes[place])] {
      place += 1
      if place & 0x3fff == 0 { try work.add(0x400) }
    }
    try work.add((place - begin) & 0x3fff >> 4)
    return place < text.size
  }

  private func takes(_ step: Pattern.Step, _ scalar: UInt32) -> Bool {
    switch step {
    case .scalar(let wanted): scalar == wanted
    case .folded(let wanted): ScalarClass.folded(scalar) == wanted
    case .any: true
    case .anyInLine: scalar != 10
    case .oneOf(let place): pattern.classes[place].contains(scalar)
    case .split, .jump, .save, .place, .accept: false
    }
  }

  /// Adds the ways from a step on that come to a character or to the end, to those here or those behind the character.
  private mutating func follow(_ first: Int, at place: Int, isStart: Bool) {
    pending.append(Pending(step: first))
    while let next = pending.popLast() {
      if next.slot >= 0 {
        places[next.slot] = next.step
        continue
      }
      let step = next.step
      guard marks[step] != mark else { continue }
      marks[step] = mark
      switch pattern.steps[step] {
      case .jump(let target): pending.append(Pending(step: target))
      case .split(let preferred, let other):
        pending.append(Pending(step: other))
        pending.append(Pending(step: preferred))
      case .save(let slot):
        pending.append(Pending(step: places[slot], slot: slot))
        places[slot] = place
        pending.append(Pending(step: step + 1))
      case .place(let kind): if isAt(kind, place) { pending.append(Pending(step: step + 1)) }
      case .scalar, .folded, .any, .anyInLine, .oneOf, .accept:
        if isStart {
          current.steps.append(step)
          current.places.append(contentsOf: places)
        } else {
          following.steps.append(step)
          following.places.append(contentsOf: places)
        }
      }
    }
  }

  private func isAt(_ kind: Pattern.Place, _ place: Int) -> Bool {
    switch kind {
    case .start: return place == 0
    case .lineStart: return unsafe place == 0 || bytes[place - 1] == 10
    case .textEnd: return place == text.size
    case .end: return unsafe place == text.size || place == text.size - 1 && bytes[place] == 10
    case .lineEnd: return unsafe place == text.size || bytes[place] == 10
    case .boundary, .noBoundary:
      // As in Python, where an empty text has neither.
      guard text.size > 0 else { return false }
      let isBoundary = isWord(before: place) != (place < text.size && isWord(at: place))
      return isBoundary == (kind == .boundary)
    }
  }

  private func isWord(at place: Int) -> Bool { ScalarClass.isOf(.word, decode(place).scalar) }

  private func isWord(before place: Int) -> Bool {
    unsafe place > 0 && isWord(at: CodePoints.step(from: place, by: -1, in: bytes))
  }

  /// The code point at a byte and the byte behind it, which is the same at the end.
  @inline(__always) private func decode(_ place: Int) -> (scalar: UInt32, next: Int) {
    guard place < text.size else { return (0, place) }
    let first = unsafe UInt32(bytes[place])
    if first < 0x80 { return (first, place + 1) }
    let length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    var scalar = first & (0xff >> UInt32(length + 1))
    for offset in 1..<length where place + offset < text.size {
      scalar = unsafe scalar << 6 | UInt32(bytes[place + offset] & 0x3f)
    }
    return (scalar, min(place + length, text.size))
  }
}
