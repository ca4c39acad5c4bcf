/// Looks for a pattern in a text.
///
/// It tries one way through the pattern after the other and notes where a way split, so that none is gone twice from the same place: the time
/// grows with the text and never explodes. Where a way leads further than notes are kept for, all ways are gone at once.
@safe struct PatternMatcher: ~Copyable {
  private enum Answer { case fits, fails, leadsTooFar }

  private let pattern: Pattern
  private let text: PatternText
  private let machine: Machine
  private let notes: PatternNotes
  private var work: Work
  /// The place of the text for which the first notes are kept.
  private var base = 0
  /// The start and end of the match found last and of each of its groups, in bytes, -1 for none.
  private(set) var places: [Int]

  init(_ pattern: Pattern, _ text: StringBox, _ machine: Machine) {
    (self.pattern, self.machine) = (pattern, machine)
    self.text = PatternText(text)
    work = Work(machine)
    places = Array(repeating: -1, count: pattern.slotCount)
    notes = pattern.takeNotes()
  }

  deinit { pattern.keep(notes) }

  /// Calls `body` with the places of each match until it returns false; matches do not overlap.
  ///
  /// Behind an empty match comes one that is not empty or starts later, as in Python.
  mutating func forEachMatch(_ body: ([Int]) throws -> Bool) throws {
    var (start, empty) = (0, -1)
    while try finds(from: start, notEmptyAt: empty) {
      guard try body(places) else { return }
      start = places[1]
      empty = places[0] == places[1] ? start : -1
    }
  }

  /// Whether there is a match that begins at a byte or later; then `places` are those of the first.
  mutating func finds(from start: Int, notEmptyAt empty: Int = -1) throws -> Bool {
    var place = start
    base = start
    notes.begin(pattern, over: text.size - start)
    while try skip(&place) {
      switch try answer(at: place, notEmptyAt: empty) {
      case .fits: return true
      case .fails: break
      case .leadsTooFar:
        // Notes that serve half of their reach are worth their price.
        if place - base >= notes.reach / 2, place > base {
          base = place
          notes.begin(pattern, over: text.size - place)
          continue
        }
        return try findsByAllWays(from: place, notEmptyAt: empty)
      }
      guard place < text.size else { return false }
      place = text.decode(place).next
    }
    return false
  }

  private mutating func findsByAllWays(from start: Int, notEmptyAt empty: Int) throws -> Bool {
    var ways = PatternWays(pattern, text, machine)
    guard let found = try ways.first(from: start, notEmptyAt: empty) else { return false }
    places = found
    return true
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

  /// Whether a match begins at a place.
  private mutating func answer(at start: Int, notEmptyAt empty: Int) throws -> Answer {
    let steps = pattern.steps
    for slot in places.indices { places[slot] = -1 }
    var (step, place) = (0, start)
    var used = 0
    notes.dropChoices()
    while true {
      used += 1
      var goesOn = false
      switch steps[step] {
      case .scalar(let wanted):
        let (scalar, next) = text.decode(place)
        goesOn = next > place && scalar == wanted
        if goesOn { place = next }
      case .folded(let wanted):
        let (scalar, next) = text.decode(place)
        goesOn = next > place && ScalarClass.folded(scalar) == wanted
        if goesOn { place = next }
      case .any, .anyInLine:
        let (scalar, next) = text.decode(place)
        goesOn = next > place && (scalar != 10 || steps[step] == .any)
        if goesOn { place = next }
      case .oneOf(let number):
        let (scalar, next) = text.decode(place)
        goesOn = next > place && pattern.isOne(of: number, scalar)
        if goesOn { place = next }
      case .jump(let target):
        step = target
        continue
      case .split(let preferred, let other):
        guard place - base < notes.reach else { return .leadsTooFar }
        if notes.isNew(step, at: place - base) {
          notes.choose(other, at: place)
          step = preferred
          continue
        }
      case .save(let slot):
        notes.keep(places[slot], of: slot)
        places[slot] = place
        goesOn = true
      case .place(let kind): goesOn = text.isAt(kind, place)
      case .accept:
        if place != empty || start != empty {
          try work.add(used)
          return .fits
        }
      }
      if goesOn {
        step += 1
        continue
      }
      guard let choice = notes.nextChoice(restoring: &places) else {
        try work.add(used)
        return .fails
      }
      (step, place) = choice
      if used >= 1024 {
        try work.add(used)
        used = 0
      }
    }
  }
}
