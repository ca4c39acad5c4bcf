import Foundation

extension Builtins {
  /// Strings made of strings.
  static var texts: [Command] {
    [
      Command(
        "upper", "Returns the string in capital letters.", Parameter<String>("text", "the string"),
        example: """
          print upper("pixel é")  # expect: PIXEL É
          """
      ) { context, text in .string(try context.changed(text) { $0.uppercased() }) },
      Command(
        "lower", "Returns the string in small letters.", Parameter<String>("text", "the string"),
        example: """
          print lower("LSTM")  # expect: lstm
          """
      ) { context, text in .string(try context.changed(text) { $0.lowercased() }) },
      Command(
        "strip", "Returns the string without white space, or without some characters, at both ends.",
        Parameter<String>("text", "the string"), Parameter<String?>("characters", "what to take off"),
        example: """
          print strip("  a b "), strip("--x-", "-")  # expect: a b x
          """
      ) { context, text, characters in .string(String(try context.stripped(text, of: characters))) },
    ]
  }

  /// Strings from parts and parts of strings.
  static var parts: [Command] {
    [
      Command(
        "join", "Returns the strings of a list as one, with another string between them.",
        Parameter<Value>("values", "the strings"), Parameter<String>("by", "what stands between them", default: ""),
        example: """
          print join(["a", "b", "c"], ", ")  # expect: a, b, c
          """
      ) { context, values, separator in .string(try context.joined(values, by: separator)) },
      Command(
        "replace", "Returns the string with each occurrence of a part replaced.",
        Parameter<String>("text", "the string"), Parameter<String>("part", "what to replace"),
        Parameter<String>("replacement", "what to put in its place"),
        Parameter<Int?>("count", "how many to replace at most", byName: true),
        example: """
          print replace("a-b-c", "-", "+"), replace("aaa", "a", "b", count: 2)  # expect: a+b+c bba
          """
      ) { context, text, part, replacement, count in
        var result = ""
        var isFirst = true
        try context.forEachPart(of: text, by: part, limit: count, argument: "part") { piece in
          if !isFirst { try context.add(replacement, to: &result) }
          isFirst = false
          try context.add(piece, to: &result)
        }
        return .string(result)
      },
      Command(
        "split", "Returns a list of the parts of a string, which are divided by another string or by white space.",
        Parameter<String>("text", "the string"), Parameter<String?>("by", "what divides the parts"),
        Parameter<Int?>("limit", "how often to divide at most", byName: true),
        example: """
          print split("a,b,,c", ","), split(" a  b ")  # expect: ["a", "b", "", "c"] ["a", "b"]
          """
      ) { context, text, separator, limit in
        let parts = context.newList()
        if let separator {
          try context.forEachPart(of: text, by: separator, limit: limit, argument: "by") { piece in
            try context.add(.string(context.copied(piece)), to: parts)
          }
        } else {
          try context.forEachWord(of: text, limit: limit) { try context.add(.string(context.copied($0)), to: parts) }
        }
        return .list(parts)
      },
    ]
  }

  /// Questions about strings.
  static var searches: [Command] {
    [
      Command(
        "find", "Returns the position of the first occurrence of a part of a string, or nil.",
        Parameter<String>("text", "the string"), Parameter<String>("part", "what to look for"),
        example: """
          print find("pixel", "xe"), find("pixel", "z")  # expect: 2 nil
          """
      ) { context, text, part in
        if part.isEmpty { return .number(0) }
        var place: Int?
        try context.forEachOccurrence(of: part, in: text) { offset in
          place = offset
          return false
        }
        guard let place else { return .nil }
        return .number(Double(try context.count(of: text[..<text.utf8.index(text.startIndex, offsetBy: place)])))
      },
      Command(
        "find", "Returns the position of the first element equal to a value, or nil.",
        Parameter<ScriptList>("list", "the list"), Parameter<Value>("value", "what to look for"),
        example: """
          print find([5, 6, 7], 7), find([5], 1)  # expect: 2 nil
          """
      ) { context, list, value in try context.position(of: value, in: list).map { .number($0) } ?? .nil },
      Command(
        "starts_with", "Returns true when the string starts with another.", Parameter<String>("text", "the string"),
        Parameter<String>("start", "what it may start with"),
        example: """
          print starts_with("pixel", "pi")  # expect: true
          """
      ) { context, text, start in
        .bool(try context.areSame(text.utf8.prefix(start.utf8.count), start.utf8))
      },
      Command(
        "ends_with", "Returns true when the string ends with another.", Parameter<String>("text", "the string"),
        Parameter<String>("end", "what it may end with"),
        example: """
          print ends_with("a.png", ".png")  # expect: true
          """
      ) { context, text, end in
        .bool(try context.areSame(text.utf8.suffix(end.utf8.count), end.utf8))
      },
    ]
  }
}

extension CallContext {
  /// A text made of what a function makes of its pieces.
  fileprivate func changed(_ text: String, _ change: (Substring) -> String) throws -> String {
    var result = ""
    try forEachPiece(of: text) { try add(change($0), to: &result) }
    return result
  }

  /// The text without some characters, or without white space, at both ends.
  func stripped(_ text: String, of characters: String?) throws -> Substring {
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

  /// Calls `body` with each part of a text between the occurrences of another, of which no more than `limit` count.
  fileprivate func forEachPart(
    of text: String, by separator: String, limit: Int?, argument: String, _ body: (Substring) throws -> Void
  ) throws {
    guard !separator.isEmpty else {
      throw ScriptError(.value, "`\(command)` expects `\(argument)` not to be empty", argument: argument)
    }
    let (most, length) = (limit ?? .max, separator.utf8.count)
    var (start, count) = (text.startIndex, 0)
    var place = 0
    if most > 0 {
      try forEachOccurrence(of: separator, in: text) { offset in
        let end = text.utf8.index(start, offsetBy: offset - place)
        try body(text[start..<end])
        start = text.utf8.index(end, offsetBy: length)
        place = offset + length
        count += 1
        return count < most
      }
    }
    try body(text[start...])
  }

  /// Calls `body` with each part of a text between white space, of which no more than `limit` stretches count.
  fileprivate func forEachWord(of text: String, limit: Int?, _ body: (Substring) throws -> Void) throws {
    let scalars = text.unicodeScalars
    let most = max(limit ?? .max, 0)
    var (work, count) = (work(), 0)
    var place = scalars.startIndex
    var start: String.Index?
    while place < scalars.endIndex {
      try work.add()
      if !scalars[place].isSpace {
        if start == nil { start = place }
        if count == most { break }
      } else if let first = start {
        try body(text[first..<place])
        (start, count) = (nil, count + 1)
      }
      scalars.formIndex(after: &place)
    }
    if let start { try body(text[start...]) }
  }

  /// A text of its own.
  fileprivate func copied(_ text: Substring) throws -> String {
    guard text.utf8.count > 1 << 16 else { return String(text) }
    var result = ""
    try add(text, to: &result)
    return result
  }

  /// True when two stretches of bytes are the same.
  fileprivate func areSame(_ left: Substring.UTF8View, _ right: String.UTF8View) throws -> Bool {
    guard left.count == right.count else { return false }
    var work = work()
    for (a, b) in zip(left, right) {
      if a != b { return false }
      try work.add()
    }
    return true
  }

  /// The strings of a list as one.
  func joined(_ values: Value, by separator: String) throws -> String {
    if case .string = values {
      throw ScriptError(
        .type, "`join` expects a list of strings, found \(describe(values))",
        help: "the list comes first: `join(list, \", \")`", argument: "values")
    }
    let next = try elements(of: values, argument: "values")
    var (result, isFirst) = ("", true)
    while let element = try next() {
      guard case .string(let text) = element else {
        throw ScriptError(
          .type, "`join` expects a list of strings, found \(describe(element)) in it",
          help: "`map(list, str)` makes strings of the elements", argument: "values")
      }
      try step()
      if !isFirst { try add(separator, to: &result) }
      isFirst = false
      try add(text, to: &result)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// True for white space.
  fileprivate var isSpace: Bool { isASCII ? value == 32 || (9...13).contains(value) : properties.isWhitespace }
}
