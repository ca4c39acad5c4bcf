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
      ) { _, text in .string(text.uppercased()) },
      Command(
        "lower", "Returns the string in small letters.", Parameter<String>("text", "the string"),
        example: """
          print lower("LSTM")  # expect: lstm
          """
      ) { _, text in .string(text.lowercased()) },
      Command(
        "strip", "Returns the string without white space, or without some characters, at both ends.",
        Parameter<String>("text", "the string"), Parameter<String?>("characters", "what to take off"),
        example: """
          print strip("  a b "), strip("--x-", "-")  # expect: a b x
          """
      ) { _, text, characters in
        let taken = characters.map { Set($0.unicodeScalars) }
        let isTaken = { (scalar: Unicode.Scalar) in taken?.contains(scalar) ?? scalar.properties.isWhitespace }
        let rest = text.unicodeScalars.drop(while: isTaken)
        let end = rest.lastIndex { !isTaken($0) }.map { rest.index(after: $0) } ?? rest.startIndex
        return .string(String(rest[..<end]))
      },
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
        let pieces = try pieces(of: text, by: part, limit: count, argument: "part", context)
        try context.reserve(bytes: text.utf8.count + pieces.count * replacement.utf8.count)
        return .string(pieces.joined(separator: replacement))
      },
      Command(
        "split", "Returns a list of the parts of a string, which are divided by another string or by white space.",
        Parameter<String>("text", "the string"), Parameter<String?>("by", "what divides the parts"),
        Parameter<Int?>("limit", "how often to divide at most", byName: true),
        example: """
          print split("a,b,,c", ","), split(" a  b ")  # expect: ["a", "b", "", "c"] ["a", "b"]
          """
      ) { context, text, separator, limit in
        if let separator {
          let parts = try pieces(of: text, by: separator, limit: limit, argument: "by", context)
          return .list(parts.map { .string(String($0)) })
        }
        let most = max(limit ?? .max, 0)
        let words = text.unicodeScalars.split(maxSplits: most, whereSeparator: \.properties.isWhitespace)
        return .list(words.map { .string(String($0)) })
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
      ) { _, text, part in
        guard let place = ByteSearch(part).first(in: Array(text.utf8), from: 0) else { return .nil }
        return .number(Double(String(decoding: text.utf8.prefix(place), as: UTF8.self).unicodeScalars.count))
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
      ) { _, text, start in .bool(text.utf8.starts(with: start.utf8)) },
      Command(
        "ends_with", "Returns true when the string ends with another.", Parameter<String>("text", "the string"),
        Parameter<String>("end", "what it may end with"),
        example: """
          print ends_with("a.png", ".png")  # expect: true
          """
      ) { _, text, end in .bool(text.utf8.suffix(end.utf8.count).elementsEqual(end.utf8)) },
    ]
  }

  /// The parts of a text between the occurrences of another.
  private static func pieces(
    of text: String, by separator: String, limit: Int?, argument: String, _ context: CallContext
  ) throws -> [String] {
    let search = ByteSearch(separator)
    guard !search.isEmpty else {
      throw ScriptError(.value, "`\(context.command)` expects `\(argument)` not to be empty", argument: argument)
    }
    let bytes = Array(text.utf8)
    var pieces: [String] = []
    var start = 0
    while pieces.count < limit ?? .max, let place = search.first(in: bytes, from: start) {
      try context.grow(pieces.count)
      pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
      start = place + search.length
    }
    return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}

/// Finds a string in others; in UTF-8, where an occurrence of the bytes is one of the string.
struct ByteSearch {
  private let part: [UInt8]

  init(_ part: String) { self.part = Array(part.utf8) }

  var length: Int { part.count }

  var isEmpty: Bool { part.isEmpty }

  /// The offset of the first occurrence at `start` or later, or nil.
  func first(in bytes: [UInt8], from start: Int) -> Int? {
    guard let head = part.first else { return start }
    var place = start
    while place + part.count <= bytes.count {
      if bytes[place] == head, bytes[place..<place + part.count].elementsEqual(part) { return place }
      place += 1
    }
    return nil
  }
}

extension CallContext {
  /// The strings of a list as one.
  func joined(_ values: Value, by separator: String) throws -> String {
    if case .string = values {
      throw ScriptError(
        .type, "`join` expects a list of strings, found \(describe(values))",
        help: "the list comes first: `join(list, \", \")`", argument: "values")
    }
    let texts = try collected(values, argument: "values").map { element in
      guard case .string(let text) = element else {
        throw ScriptError(
          .type, "`join` expects a list of strings, found \(describe(element)) in it",
          help: "`map(list, str)` makes strings of the elements", argument: "values")
      }
      return text
    }
    try reserve(bytes: texts.reduce(separator.utf8.count * texts.count) { $0 + $1.utf8.count })
    return texts.joined(separator: separator)
  }
}
