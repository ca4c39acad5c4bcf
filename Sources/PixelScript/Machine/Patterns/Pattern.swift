/// A regular expression as the steps of a machine that goes through a text once, whatever the pattern (Thompson 1968, Pike).
///
/// Swift's `Regex` and the C library's go back in the text, so that a pattern of a script may take for ever, and neither looks whether it
/// must stop; RE2 would bring C++ into the build.
///
/// Groups, alternatives, greedy and lazy repeats, classes and places of Python's `re`; what needs to go back in the text, such as
/// `\1` and `(?=...)`, is refused when the pattern is read.
final class Pattern {
  /// One step: it takes a character, goes on elsewhere, or ends.
  enum Step: Equatable {
    case scalar(UInt32)
    /// A character in either case, given as the small one.
    case folded(UInt32)
    case any, anyInLine
    /// One of the class with this number.
    case oneOf(Int)
    /// Goes on at both, the first with preference.
    case split(Int, Int)
    case jump(Int)
    /// Notes the place, for a group.
    case save(Int)
    case place(Place)
    case accept
  }

  /// A place between characters.
  enum Place { case start, lineStart, end, lineEnd, textEnd, boundary, noBoundary }

  /// The steps; they begin at the first.
  let steps: [Step]
  /// The classes that steps name.
  let classes: [ScalarClass]
  /// The number of groups in parentheses that are kept.
  let groupCount: Int
  /// The groups that have names.
  let names: [(name: String, group: Int)]
  /// Whether a match begins with one of some bytes; else with any, or it may be empty.
  let hasFirstBytes: Bool
  private let firstBytes: [Bool]
  /// The characters of ASCII in each class, a bit for each in two words.
  private let lowParts: [UInt64]
  /// Notes that no search uses now.
  private var spareNotes: PatternNotes?

  /// Reads a pattern; throws a value error that tells the place of a fault.
  init(_ text: String, ignoresCase: Bool) throws(ScriptError) {
    var parser = PatternParser(text, ignoresCase: ignoresCase)
    let node = try parser.parse()
    var builder = PatternBuilder(text)
    try builder.emit(.group(node, 0))
    builder.steps.append(.accept)
    (steps, classes) = (builder.steps, parser.classes)
    (groupCount, names) = (parser.groupCount, parser.names)
    let bytes = Pattern.firstBytes(steps, classes)
    (hasFirstBytes, firstBytes) = (bytes != nil, bytes ?? [])
    lowParts = classes.flatMap(\.lowParts)
  }

  /// Whether a match may begin with a byte, where it begins with one of some.
  @inline(__always) func mayBegin(with byte: UInt8) -> Bool { firstBytes[Int(byte)] }

  /// Whether a character is one of a class.
  @inline(__always) func isOne(of place: Int, _ scalar: UInt32) -> Bool {
    guard scalar < 128 else { return classes[place].contains(scalar) }
    return lowParts[2 * place + Int(scalar >> 6)] >> UInt64(scalar & 63) & 1 != 0
  }

  /// Notes for a search, which gives them back: a function that replaces what was found may search itself meanwhile.
  func takeNotes() -> PatternNotes {
    defer { spareNotes = nil }
    return spareNotes ?? PatternNotes()
  }

  /// Keeps notes for the next search.
  func keep(_ notes: PatternNotes) { spareNotes = notes }

  /// The numbers kept for a match: start and end of the whole and of each group.
  var slotCount: Int { 2 * (groupCount + 1) }

  /// The bytes with which a match may begin.
  private static func firstBytes(_ steps: [Step], _ classes: [ScalarClass]) -> [Bool]? {
    var bytes = [Bool](repeating: false, count: 256)
    var seen = [Bool](repeating: false, count: steps.count)
    var pending = [0]
    while let step = pending.popLast() {
      guard !seen[step] else { continue }
      seen[step] = true
      switch steps[step] {
      case .scalar(let scalar): bytes[Int(Pattern.firstByte(of: scalar))] = true
      case .folded(let scalar):
        guard scalar < 128 else { return nil }
        for byte in 0..<128 where ScalarClass.folded(UInt32(byte)) == scalar { bytes[byte] = true }
        // Letters beyond ASCII may have a small form in it.
        for byte in 128..<256 { bytes[byte] = true }
      case .oneOf(let place):
        for byte in 0..<128 where classes[place].contains(UInt32(byte)) { bytes[byte] = true }
        for byte in 128..<256 { bytes[byte] = true }
      case .split(let first, let second): pending += [first, second]
      case .jump(let target): pending.append(target)
      case .save, .place: pending.append(step + 1)
      case .any, .anyInLine, .accept: return nil
      }
    }
    return bytes
  }

  private static func firstByte(of scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0..<0x80: UInt8(scalar)
    case 0x80..<0x800: UInt8(0xc0 | scalar >> 6)
    case 0x800..<0x10000: UInt8(0xe0 | scalar >> 12)
    default: UInt8(0xf0 | scalar >> 18)
    }
  }
}

/// A part of a pattern.
indirect enum PatternNode {
  case step(Pattern.Step)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  case group(PatternNode, Int)
  case repeated(PatternNode, Int, Int?, isLazy: Bool)

  /// Whether it can match nothing.
  var canBeEmpty: Bool {
    switch self {
    case .step(let step): if case .place = step { true } else { false }
    case .sequence(let parts): parts.allSatisfy(\.canBeEmpty)
    case .alternatives(let parts): parts.contains(where: \.canBeEmpty)
    case .group(let part, _): part.canBeEmpty
    case .repeated(let part, let least, _, _): least == 0 || part.canBeEmpty
    }
  }
}

/// Turns the parts of a pattern into steps.
struct PatternBuilder {
  /// The most steps of a pattern.
  private static let limit = 20_000

  var steps: [Pattern.Step] = []
  private let text: String
  private var work = 0

  init(_ text: String) { self.text = text }

  mutating func emit(_ node: PatternNode) throws(ScriptError) {
    work += 1
    guard steps.count < PatternBuilder.limit, work < 4 * PatternBuilder.limit else {
      throw ScriptError(
        .limit, "the pattern \(Display.quoted(Display.start(of: text))) has more than \(PatternBuilder.limit) steps",
        help: "counted repeats are written out: `a{1000}` takes 1000 steps")
    }
    switch node {
    case .step(let step): steps.append(step)
    case .sequence(let parts): for part in parts { try emit(part) }
    case .alternatives(let parts): try emit(alternatives: parts[...])
    case .group(let part, let number):
      steps.append(.save(2 * number))
      try emit(part)
      steps.append(.save(2 * number + 1))
    case .repeated(let part, let least, let most, let isLazy):
      for _ in 0..<least { try emit(part) }
      guard let most else { return try emit(endless: part, least: least, isLazy: isLazy) }
      var ends: [Int] = []
      for _ in least..<max(most, least) {
        ends.append(steps.count)
        steps.append(.jump(0))
        try emit(part)
      }
      for place in ends { steps[place] = PatternBuilder.split(place + 1, steps.count, isLazy) }
    }
  }

  private mutating func emit(alternatives parts: ArraySlice<PatternNode>) throws(ScriptError) {
    var ends: [Int] = []
    for part in parts.dropLast() {
      let place = steps.count
      steps.append(.jump(0))
      try emit(part)
      ends.append(steps.count)
      steps.append(.jump(0))
      steps[place] = .split(place + 1, steps.count)
    }
    if let last = parts.last { try emit(last) }
    for place in ends { steps[place] = .jump(steps.count) }
  }

  /// Any number more of a part. One that can be empty is gone through once before it may be left, so that its groups are noted.
  private mutating func emit(endless part: PatternNode, least: Int, isLazy: Bool) throws(ScriptError) {
    let place = steps.count
    steps.append(.jump(0))
    try emit(part)
    if part.canBeEmpty {
      steps.append(PatternBuilder.split(place + 1, steps.count + 1, isLazy))
    } else {
      steps.append(.jump(place))
    }
    steps[place] = PatternBuilder.split(place + 1, steps.count, isLazy)
  }

  private static func split(_ more: Int, _ end: Int, _ isLazy: Bool) -> Pattern.Step {
    isLazy ? .split(end, more) : .split(more, end)
  }
}
