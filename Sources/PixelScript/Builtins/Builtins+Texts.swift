import Foundation

extension Builtins {
  /// Strings made of strings.
  static var texts: [Command] {
    [
      Command(
        "upper", "Returns the string in capital letters.", Parameter<StringBox>("text", "the string"),
        example: """
          print upper("pixel é")  # expect: PIXEL É
          """
      ) { context, text in
        try context.changed(text, to: .capital) { $0.uppercased() }
      },
      Command(
        "lower", "Returns the string in small letters.", Parameter<StringBox>("text", "the string"),
        example: """
          print lower("LSTM")  # expect: lstm
          """
      ) { context, text in
        try context.changed(text, to: .small) { $0.lowercased() }
      },
      Command(
        "strip", "Returns the string without white space, or without some characters, at both ends.",
        Parameter<StringBox>("text", "the string"), Parameter<StringBox?>("characters", "what to take off"),
        example: """
          print strip("  a b "), strip("--x-", "-")  # expect: a b x
          """
      ) { context, text, characters in
        let machine = context.machine
        guard let characters else { return try text.part(text.stripped(machine), machine) }
        if let range = try text.stripped(of: characters, machine) { return try text.part(range, machine) }
        return try String(context.stripped(text.text, of: characters.text)).owned(context)
      },
    ]
  }

  /// Strings from parts and parts of strings.
  static var parts: [Command] {
    [
      Command(
        "join", "Returns the strings of a list as one, with another string between them.",
        Operand("values", "the strings"),
        Parameter<StringBox>("by", "what stands between them", default: StringBox("", heap: nil)),
        example: """
          print join(["a", "b", "c"], ", ")  # expect: a, b, c
          """
      ) { context, values, separator in try context.joined(values, by: separator) },
      Command(
        "replace", "Returns the string with each occurrence of a part replaced.",
        Parameter<StringBox>("text", "the string"), Parameter<StringBox?>("part", "what to replace"),
        Operand(optional: "replacement", "what to put in its place; a function makes it of what `match` gives"),
        Parameter<Int?>("count", "how many to replace at most", byName: true),
        Parameter<StringBox?>("pattern", "a pattern of what to replace, in place of a part", byName: true),
        example: """
          print replace("a-b-c", "-", "+"), replace("aaa", "a", "b", count: 2)  # expect: a+b+c bba
          print replace("x=1, y=22", pattern: r"(\\w)=(\\d+)", replacement: r"\\2=\\1")  # expect: 1=x, 22=y
          """
      ) { context, text, part, replacement, count, pattern -> Slot in
        let machine = context.machine
        if let pattern {
          return try context.replaced(pattern, in: text, part, by: replacement, count: count).owned(context)
        }
        guard let part else { throw context.needs("part", "what to replace") }
        guard replacement.tag == .string else {
          throw replacement.tag == .undefined
            ? context.needs("replacement", "what to put in its place")
            : ScriptError(
              .type, "`replace` expects `replacement` to be a string, found \(describe(replacement.value))",
              argument: "replacement")
        }
        return try replacement.with(StringBox.self) { replacement in
          if let result = try text.replacedShort(part, by: replacement, limit: count, machine) { return result }
          try context.reserve(bytes: text.size)
          return try context.made(machine.newString(room: text.size)) { slot in
            try slot.with(StringBox.self) { result in
              try context.forEachPart(of: text, by: part, limit: count, argument: "part") { piece in
                if result.size > StringBox.shortCapacity {
                  try machine.meter.check(adding: replacement.size + piece.count)
                }
                if piece.lowerBound > 0 { try result.append(replacement, machine) }
                try result.append(text, piece, machine)
              }
            }
          }
        }
      },
      Command(
        "split", "Returns a list of the parts of a string, which are divided by another string or by white space.",
        Parameter<StringBox>("text", "the string"), Parameter<StringBox?>("by", "what divides the parts"),
        Parameter<Int?>("limit", "how often to divide at most", byName: true),
        Parameter<StringBox?>("pattern", "a pattern of what divides the parts", byName: true),
        example: """
          print split("a,b,,c", ","), split(" a  b ")  # expect: ["a", "b", "", "c"] ["a", "b"]
          print split("a1b22c", pattern: r"\\d+")  # expect: ["a", "b", "c"]
          """
      ) { context, text, separator, limit, pattern -> Slot in
        if let pattern { return try context.parts(of: text, between: pattern, separator, limit: limit).owned(context) }
        let machine = context.machine
        return try context.made(machine.newList(capacity: 0)) { slot in
          try slot.with(ScriptList.self) { parts in
            if limit == nil, let separator, try text.split(by: separator, into: parts, machine) { return }
            guard let separator else {
              return try text.forEachWord(max(limit ?? .max, 0), machine) {
                try context.add(text.part($0, machine), to: parts)
              }
            }
            try context.forEachPart(of: text, by: separator, limit: limit, argument: "by") { piece in
              try context.add(text.part(piece, machine), to: parts)
            }
          }
        }
      },
    ]
  }

  /// Questions about strings.
  static var searches: [Command] {
    [
      Command(
        "find", "Returns the position of the first occurrence of a part of a string, or nil.",
        Parameter<StringBox>("text", "the string"), Parameter<StringBox>("part", "what to look for"),
        example: """
          print find("pixel", "xe"), find("pixel", "z")  # expect: 2 nil
          """
      ) { context, text, part -> Double? in
        if part.size == 0 { return 0 }
        var place: Int?
        try text.forEachOccurrence(of: part, context.machine) { offset in
          place = offset
          return false
        }
        return try place.map { Double(try text.count(before: $0, context.machine)) }
      },
      Command(
        "find", "Returns the position of the first element equal to a value, or nil.",
        Parameter<ScriptList>("list", "the list"), Operand("value", "what to look for"),
        example: """
          print find([5, 6, 7], 7), find([5], 1)  # expect: 2 nil
          """
      ) { context, list, value in try context.machine.position(of: value, in: list).map { Double($0) } },
      Command(
        "starts_with", "Returns true when the string starts with another.", Parameter<StringBox>("text", "the string"),
        Parameter<StringBox>("start", "what it may start with"),
        example: """
          print starts_with("pixel", "pi")  # expect: true
          """
      ) { context, text, start in
        try text.has(start, at: 0, context.machine)
      },
      Command(
        "ends_with", "Returns true when the string ends with another.", Parameter<StringBox>("text", "the string"),
        Parameter<StringBox>("end", "what it may end with"),
        example: """
          print ends_with("a.png", ".png")  # expect: true
          """
      ) { context, text, end in
        try text.has(end, at: text.size - end.size, context.machine)
      },
    ]
  }
}

extension CallContext {
  /// A new value that `fill` fills, which the caller owns.
  @inline(__always)
  fileprivate func made(_ slot: Slot, _ fill: (Slot) throws -> Void) throws -> Slot {
    do { try fill(slot) } catch {
      Teardown.release(slot)
      throw error
    }
    return slot
  }

  /// A text with all letters in one case, which a function makes of the pieces of a long one beyond ASCII.
  @inline(__always)
  fileprivate func changed(
    _ text: StringBox, to form: LetterCase, _ change: (Substring) -> String
  ) throws -> Slot {
    let machine = self.machine
    if try text.count(machine) == text.size { return try text.changedASCII(to: form, machine) }
    if let result = try text.changed(to: form, machine) ?? text.changedInPlace(to: form, machine) { return result }
    var result = ""
    try forEachPiece(of: text.text) { try add(change($0), to: &result) }
    return result.owned(self)
  }

  /// The text without some characters, or without white space, at both ends.
  func stripped(_ text: String, of characters: String?) throws -> Substring {
    if characters == nil, let first = text.utf8.first, let last = text.utf8.last, first > 32, first < 127, last > 32,
      last < 127
    {
      return text[...]
    }
    var work = work()
    let taken = characters.map { Set($0.unicodeScalars) }
    func isTaken(_ scalar: Unicode.Scalar) throws -> Bool {
      try work.add()
      return taken?.contains(scalar) ?? scalar.isSpace
    }
    let scalars = text.unicodeScalars
    guard let start = try scalars.firstIndex(where: { try !isTaken($0) }) else { return "" }
    let last = try scalars.lastIndex { try !isTaken($0) } ?? start
    return text[start..<scalars.index(after: last)]
  }

  /// Calls `body` with the bytes of each part of a text between the occurrences of another, of which no more than `limit` count.
  @inline(__always)
  fileprivate func forEachPart(
    of text: StringBox, by separator: StringBox, limit: Int?, argument: String, _ body: (Range<Int>) throws -> Void
  ) throws {
    guard separator.size > 0 else {
      throw ScriptError(.value, "`\(command)` expects `\(argument)` not to be empty", argument: argument)
    }
    let most = limit ?? .max
    var (start, count) = (0, 0)
    if most > 0 {
      try text.forEachOccurrence(of: separator, machine) { place in
        try body(start..<place)
        start = place + separator.size
        count += 1
        return count < most
      }
    }
    try body(start..<text.size)
  }

  /// The strings of a list as one.
  fileprivate func joined(_ values: Slot, by separator: StringBox) throws -> Slot {
    if values.tag == .string {
      throw ScriptError(
        .type, "`join` expects a list of strings, found \(describe(values.value))",
        help: "the list comes first: `join(list, \", \")`", argument: "values")
    }
    let list = try values.tag == .list ? values.object(ScriptList.self) : copiedList(values, argument: "values")
    if let joined = try list.joined(by: separator, machine) { return joined }
    let strange = list.values.first { if case .string = $0 { false } else { true } } ?? .nil
    throw ScriptError(
      .type, "`join` expects a list of strings, found \(describe(strange)) in it",
      help: "`map(list, str)` makes strings of the elements", argument: "values")
  }
}

extension Unicode.Scalar {
  /// True for white space.
  fileprivate var isSpace: Bool { isASCII ? value == 32 || (9...13).contains(value) : properties.isWhitespace }
}
