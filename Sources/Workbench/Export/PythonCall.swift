/// A line of Python that names a value or calls something: `x = f("a", n=1)`. Other lines are none.
struct PythonCall {
  /// An argument: a literal, a name, or something picked out of one, as its text.
  struct Argument {
    let label: String?
    let text: String
  }

  /// The variable that gets the result; nil for none.
  let target: String?
  /// What is called, such as `ds["train"].train_test_split`; a plain value without arguments.
  let callee: String
  /// The arguments; nil for a value that is not called.
  let arguments: [Argument]?

  /// Reads a statement; nil for what has another form.
  init?(_ statement: String) {
    var rest = statement[...]
    if let match = rest.prefixMatch(of: /([A-Za-z_]\w*)\s*=(?!=)\s*/) {
      target = String(match.1)
      rest = rest[match.range.upperBound...]
    } else {
      target = nil
    }
    guard !rest.isEmpty else { return nil }
    guard rest.last == ")", let parts = Self.split(rest), parts.count == 2 else {
      guard Self.isPlain(rest) else { return nil }
      (callee, arguments) = (String(rest), nil)
      return
    }
    callee = String(parts[0])
    guard Self.isPlain(parts[0]) else { return nil }
    var found: [Argument] = []
    for part in Self.divided(parts[1]) {
      if let match = part.prefixMatch(of: /([A-Za-z_]\w*)\s*=(?!=)\s*/) {
        found.append(Argument(label: String(match.1), text: String(part[match.range.upperBound...])))
      } else {
        found.append(Argument(label: nil, text: String(part)))
      }
    }
    arguments = found
  }

  /// A name with fields and keys behind it, or a literal; no operators and no calls.
  private static func isPlain(_ text: Substring) -> Bool {
    text.wholeMatch(
      of: /[A-Za-z_]\w*(\.\w+|\[["'][^"'\]]*["']\])*|-?[\d.][\w.]*([eE][+-]?\d+)?|"[^"\\\n]*"|'[^'\\\n]*'/)
      != nil
  }

  /// What stands before the last pair of brackets, and in it.
  private static func split(_ text: Substring) -> [Substring]? {
    var depth = 0
    var place = text.endIndex
    while place > text.startIndex {
      place = text.index(before: place)
      switch text[place] {
      case ")", "]", "}": depth += 1
      case "(", "[", "{": depth -= 1
      default: break
      }
      if depth == 0, text[place] == "(" {
        return [text[..<place], text[text.index(after: place)...].dropLast()]
      }
    }
    return nil
  }

  /// The parts between commas outside of brackets and texts.
  static func divided(_ text: Substring) -> [Substring] {
    var (parts, start, depth) = ([Substring](), text.startIndex, 0)
    var quote: Character?
    for place in text.indices {
      let letter = text[place]
      if let open = quote {
        if letter == open { quote = nil }
        continue
      }
      switch letter {
      case "\"", "'": quote = letter
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "," where depth == 0:
        parts.append(text[start..<place])
        start = text.index(after: place)
      default: break
      }
    }
    parts.append(text[start...])
    return parts.map { part in
      let open = part.drop(while: \.isWhitespace)
      return open.prefix(open.count - open.reversed().prefix(while: \.isWhitespace).count)
    }.filter { !$0.isEmpty }
  }

  /// The statements of a cell, one after the other without comments behind them; nil for code with blocks, texts of several lines, or
  /// brackets that stay open.
  static func statements(of source: String) -> [(code: String, comment: String)]? {
    guard !source.contains("\"\"\""), !source.contains("'''") else { return nil }
    var (result, code, depth) = ([(code: String, comment: String)](), "", 0)
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      if depth == 0, line.first?.isWhitespace == true, !line.allSatisfy(\.isWhitespace) { return nil }
      var (quote, comment): (Character?, String) = (nil, "")
      var kept = ""
      for place in line.indices {
        let letter = line[place]
        if let open = quote {
          if letter == "\\" { return nil }
          if letter == open { quote = nil }
        } else if letter == "#" {
          comment = String(line[place...])
          break
        } else if letter == "\"" || letter == "'" {
          quote = letter
        } else if "([{".contains(letter) {
          depth += 1
        } else if ")]}".contains(letter) {
          depth -= 1
        } else if letter == ";" || letter == "\\" {
          return nil
        }
        kept.append(letter)
      }
      guard quote == nil, depth >= 0 else { return nil }
      code += (code.isEmpty ? "" : " ") + kept
      guard depth == 0 else { continue }
      let trimmed = code.reversed().drop(while: \.isWhitespace).reversed()
      result.append((String(trimmed), comment))
      code = ""
    }
    return depth == 0 ? result : nil
  }
}
