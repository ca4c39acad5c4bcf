/// Looks for a pattern in a text by all its ways at once, so that the time grows with the text whatever the pattern.
struct PatternWays {
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
  private let text: PatternText
  private var work: Work
  private var marks: [Int]
  private var mark = 0
  private var pending: [Pending] = []
  private var places: [Int]
  private var current = Ways()
  private var following = Ways()

  init(_ pattern: Pattern, _ text: PatternText, _ machine: Machine) {
    (self.pattern, self.text) = (pattern, text)
    work = Work(machine)
    marks = Array(repeating: 0, count: pattern.steps.count)
    places = Array(repeating: -1, count: pattern.slotCount)
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
        // What was followed before was so at another place.
        mark += 1
      }
      if found == nil {
        for slot in places.indices { places[slot] = -1 }
        follow(0, at: place, isStart: true)
      }
      let (scalar, next) = text.decode(place)
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
    guard pattern.hasFirstBytes else { return true }
    let begin = place
    while place < text.size && !pattern.mayBegin(with: text[place]) {
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
    case .oneOf(let place): pattern.isOne(of: place, scalar)
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
      case .place(let kind): if text.isAt(kind, place) { pending.append(Pending(step: step + 1)) }
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
}
