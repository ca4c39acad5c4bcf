extension Builtins {
  /// Regular expressions.
  static var patterns: [Command] {
    [
      Command(
        "match", "Returns where a pattern first fits a string: its text, start, end and groups; nil where it does not.",
        Parameter<StringBox>("text", "the string"),
        Parameter<StringBox>("pattern", "a regular expression in the form of Python's `re`"),
        Parameter<Bool>("ignore_case", "whether capital and small letters are the same", default: false, byName: true),
        example: """
          m = match("epoch 12: loss 0.25", r"epoch (?<n>\\d+)")
          print m.text, m.start, m.end, m.groups, m.names.n  # expect: epoch 12 0 8 ["12"] 12
          print match("abc", "^b")  # expect: nil
          """
      ) { context, text, pattern, ignoresCase in
        let pattern = try context.machine.pattern(pattern, ignoresCase: ignoresCase)
        var matcher = PatternMatcher(pattern, text, context.machine)
        guard try matcher.finds(from: 0) else { return Slot.nil }
        var counter = PlaceCounter(text, context.machine)
        return try context.found(matcher.places, pattern, text, &counter)
      },
      Command(
        "find_all",
        "Returns all that a pattern fits in a string: the texts, with one group its texts, with several lists of them.",
        Parameter<StringBox>("text", "the string"),
        Parameter<StringBox>("pattern", "a regular expression in the form of Python's `re`"),
        Parameter<Bool>("places", "whether to give what `match` gives for each", default: false, byName: true),
        Parameter<Bool>("ignore_case", "whether capital and small letters are the same", default: false, byName: true),
        example: """
          print find_all("a1 b22", r"\\d+"), find_all("x=1, y=2", r"(\\w)=(\\d)")  # expect: ["1", "22"] [["x", "1"], ["y", "2"]]
          """
      ) { context, text, pattern, givesPlaces, ignoresCase in
        let pattern = try context.machine.pattern(pattern, ignoresCase: ignoresCase)
        var matcher = PatternMatcher(pattern, text, context.machine)
        let list = context.newList()
        var counter = PlaceCounter(text, context.machine)
        try matcher.forEachMatch { places in
          if givesPlaces {
            try context.add(context.found(places, pattern, text, &counter), to: list)
          } else if pattern.groupCount > 1 {
            try context.add(Slot(.list, owning: context.groups(of: places, text)), to: list)
          } else {
            try context.add(context.part(pattern.groupCount, of: places, text), to: list)
          }
          return true
        }
        return list
      },
    ]
  }
}

/// The positions of bytes of a text in code points, each counted from the one before.
private struct PlaceCounter {
  private let text: StringBox
  private let machine: Machine
  private var byte = 0
  private var position = 0

  init(_ text: StringBox, _ machine: Machine) { (self.text, self.machine) = (text, machine) }

  mutating func position(of place: Int) throws -> Double {
    if try text.count(machine) == text.size { return Double(place) }
    if place < byte { (byte, position) = (0, 0) }
    position += try text.count(from: byte, to: place, machine)
    byte = place
    return Double(position)
  }
}

extension CallContext {
  /// The text of a group, 0 for the whole, or nil where the group took no part.
  fileprivate func part(_ group: Int, of places: [Int], _ text: StringBox) throws -> Slot {
    let (start, end) = (places[2 * group], places[2 * group + 1])
    return start < 0 || end < start ? .nil : try text.part(start..<end, machine)
  }

  /// The texts of all groups.
  fileprivate func groups(of places: [Int], _ text: StringBox) throws -> ScriptList {
    let list = newList()
    for group in 1..<max(places.count / 2, 1) { try add(part(group, of: places, text), to: list) }
    return list
  }

  /// What `match` gives, which the caller owns.
  fileprivate func found(
    _ places: [Int], _ pattern: Pattern, _ text: StringBox, _ counter: inout PlaceCounter
  ) throws -> Slot {
    let map = machine.newMap(capacity: 5)
    let names = machine.newMap(capacity: pattern.names.count)
    try names.with(ScriptMap.self) { names in
      for (name, group) in pattern.names {
        let key = Slot(.string, owning: StringBox(name, heap: heap))
        defer { Teardown.release(key) }
        try set(key, part(group, of: places, text), in: names)
      }
    }
    let values = [
      try part(0, of: places, text), try Slot(counter.position(of: places[0])),
      try Slot(counter.position(of: places[1])), Slot(.list, owning: try groups(of: places, text)), names,
    ]
    map.with(ScriptMap.self) { map in
      for (name, value) in zip(machine.shared.matchFields, values) { set(name, value, in: map) }
    }
    return map
  }

  /// Sets an entry, whose value the map takes over.
  private func set(_ name: Slot, _ value: Slot, in map: ScriptMap) {
    map.set(name, hash: name.with(StringBox.self) { $0.hash }, owning: value)
  }

  /// The error that an argument is missing.
  func needs(_ name: String, _ meaning: String) -> ScriptError {
    ScriptError(.type, "`\(command)` needs `\(name)`, a string: \(meaning)")
  }

  /// The parts of a text between what a pattern fits, of which no more than `limit` count.
  @inline(never)
  func parts(
    of text: StringBox, between pattern: StringBox, _ separator: StringBox?, limit: Int?
  ) throws -> ScriptList {
    guard separator == nil else {
      throw ScriptError(.type, "`\(command)` takes `by` or `pattern`, not both", argument: "pattern")
    }
    let parts = newList()
    let pattern = try machine.pattern(pattern, ignoresCase: false)
    var matcher = PatternMatcher(pattern, text, machine)
    var (start, left) = (0, max(limit ?? .max, 0))
    if left > 0 {
      try matcher.forEachMatch { places in
        try add(text.part(start..<places[0], machine), to: parts)
        start = places[1]
        left -= 1
        return left > 0
      }
    }
    try add(text.part(start..<text.size, machine), to: parts)
    return parts
  }

  /// The text with what a pattern fits replaced; a string by position may be the replacement.
  @inline(never)
  func replaced(
    _ pattern: StringBox, in text: StringBox, _ part: StringBox?, by replacement: Slot, count: Int?
  ) throws -> StringBox {
    var replacement = replacement
    if let part {
      guard replacement.tag == .undefined else { throw Self.twice }
      replacement = Slot(.string, borrowing: part)
    }
    let found = try machine.pattern(pattern, ignoresCase: false)
    let template = try replacement.tag == .string ? Template(replacement.object(StringBox.self), found) : nil
    guard template != nil || replacement.tag == .function else {
      throw replacement.tag == .undefined
        ? needs("replacement", "what to put in its place")
        : ScriptError(
          .type, "`replace` expects `replacement` to be a string or a function, found \(describe(replacement.value))",
          argument: "replacement")
    }
    let call = template == nil ? Callback(replacement, self, count: 1) : nil
    let result = machine.newString(room: text.size).taken(StringBox.self)
    var matcher = PatternMatcher(found, text, machine)
    var counter = PlaceCounter(text, machine)
    var (start, left) = (0, max(count ?? .max, 0))
    guard left > 0 else {
      try result.append(text, 0..<text.size, machine)
      return result
    }
    try matcher.forEachMatch { places in
      try result.append(text, start..<places[0], machine)
      start = places[1]
      try step()
      if let template {
        try template.write(places, text, to: result, machine)
      } else if let call {
        let made = try call.call(self.found(places, found, text, &counter))
        defer { Teardown.release(made) }
        guard made.tag == .string else {
          throw ScriptError(
            .type, "`replace` expects the function to return a string, found \(describe(made.value))",
            argument: "replacement")
        }
        try made.with(StringBox.self) { try result.append($0, machine) }
      }
      try machine.meter.check(adding: 0)
      left -= 1
      return left > 0
    }
    try result.append(text, start..<text.size, machine)
    return result
  }

  private static var twice: ScriptError {
    ScriptError(.type, "`replace` takes `part` or `pattern`, not both", argument: "part")
  }
}

/// What is put in the place of a match: text, and what groups found, written `\1` or `\g<name>`.
private struct Template {
  private enum Part {
    case text(StringBox)
    case group(Int)
  }

  private var parts: [Part] = []

  init(_ text: StringBox, _ pattern: Pattern) throws(ScriptError) {
    let scalars = Array(text.text.unicodeScalars)
    var (place, plain) = (0, String.UnicodeScalarView())
    while place < scalars.count {
      let scalar = scalars[place]
      place += 1
      guard scalar == "\\", place < scalars.count else {
        plain.append(scalar)
        continue
      }
      let sign = scalars[place]
      place += 1
      var name: String?
      if ("0"..."9").contains(sign) { name = String(sign) }
      if sign == "g", place < scalars.count, scalars[place] == "<", let end = scalars[place...].firstIndex(of: ">") {
        name = String(String.UnicodeScalarView(scalars[place + 1..<end]))
        place = end + 1
      }
      if let name {
        guard let group = Int(name) ?? pattern.names.first(where: { $0.name == name })?.group,
          (0...pattern.groupCount).contains(group)
        else {
          throw ScriptError(.value, "the pattern has no group \(Display.quoted(name))", argument: "replacement")
        }
        parts += [.text(StringBox(String(plain), heap: nil)), .group(group)]
        plain = String.UnicodeScalarView()
      } else if sign == "\\" {
        plain.append("\\")
      } else {
        throw ScriptError(
          .value, "`\\\(sign)` has no meaning in a replacement",
          help: "a group is `\\1` or `\\g<name>`, a backslash `\\\\`",
          argument: "replacement")
      }
    }
    parts.append(.text(StringBox(String(plain), heap: nil)))
  }

  func write(_ places: [Int], _ text: StringBox, to result: StringBox, _ machine: Machine) throws {
    for part in parts {
      switch part {
      case .text(let plain): try result.append(plain, machine)
      case .group(let group):
        let (start, end) = (places[2 * group], places[2 * group + 1])
        if start >= 0, end >= start { try result.append(text, start..<end, machine) }
      }
    }
  }
}
