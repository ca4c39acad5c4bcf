/// Reads the text of a pattern, in the form of Python's `re`.
struct PatternParser {
  /// The most brackets inside each other.
  private static let depthLimit = 100
  /// The most repeats that a count may ask for.
  private static let countLimit = 10_000

  private let text: String
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private var ignoresCase: Bool
  private var isMultiline = false
  private var dotTakesAll = false
  private(set) var classes: [ScalarClass] = []
  private(set) var groupCount = 0
  private(set) var names: [(name: String, group: Int)] = []

  init(_ text: String, ignoresCase: Bool) {
    (self.text, self.ignoresCase) = (text, ignoresCase)
    scalars = Array(text.unicodeScalars)
  }

  mutating func parse() throws(ScriptError) -> PatternNode {
    let node = try alternatives()
    if index < scalars.count { throw fault("`)` closes nothing", at: index) }
    return node
  }

  // MARK: Parts

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func next(_ offset: Int = 1) -> Unicode.Scalar? {
    index + offset < scalars.count ? scalars[index + offset] : nil
  }

  private mutating func accept(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  private func fault(_ message: String, at place: Int, help: String? = nil) -> ScriptError {
    ScriptError(
      .value, "\(Display.quoted(Display.start(of: text))) is no pattern: \(message), at position \(place)", help: help)
  }

  private mutating func alternatives() throws(ScriptError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= PatternParser.depthLimit else {
      throw fault("more than \(PatternParser.depthLimit) groups lie inside each other", at: index)
    }
    let flags = (ignoresCase, isMultiline, dotTakesAll)
    defer { (ignoresCase, isMultiline, dotTakesAll) = flags }
    var parts: [PatternNode] = []
    repeat { parts.append(try sequence()) } while accept("|")
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws(ScriptError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = current, scalar != "|", scalar != ")" {
      let start = index
      guard var part = try part() else { continue }
      if try repeats(&part, from: start), let quantifier = quantifierHere {
        throw fault(
          "`\(quantifier)` repeats a repeat", at: index,
          help: quantifier == "+" ? "a repeat that gives nothing back is not supported" : nil)
      }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private var quantifierHere: Unicode.Scalar? {
    guard let scalar = current else { return nil }
    if scalar == "{" { return count() == nil ? nil : scalar }
    return scalar == "*" || scalar == "+" || scalar == "?" ? scalar : nil
  }

  /// Reads what says how often a part is repeated; false when nothing does.
  private mutating func repeats(_ part: inout PatternNode, from start: Int) throws(ScriptError) -> Bool {
    guard let quantifier = quantifierHere else { return false }
    if case .step(.place) = part { throw fault("`\(quantifier)` repeats a place, which has no length", at: index) }
    var (least, most) = (0, Int?.none)
    switch quantifier {
    case "*": index += 1
    case "+": (least, index) = (1, index + 1)
    case "?": (most, index) = (1, index + 1)
    default:
      let place = index
      guard let count = count() else { return false }
      (least, most, index) = (count.least, count.most, count.end)
      guard max(least, most ?? 0) <= PatternParser.countLimit else {
        throw fault("a repeat has a count of \(PatternParser.countLimit) at most", at: place)
      }
      if let most, most < least { throw fault("the least count is above the most", at: place) }
    }
    part = .repeated(part, least, most, isLazy: accept("?"))
    return true
  }

  /// The counts of `{2}`, `{2,}`, `{,3}` or `{2,3}`; nil for a brace that stands for itself.
  private func count() -> (least: Int, most: Int?, end: Int)? {
    var (place, numbers, digits) = (index + 1, [String](), "")
    while place < scalars.count, scalars[place] != "}" {
      let scalar = scalars[place]
      if scalar == ",", numbers.isEmpty {
        numbers.append(digits)
        digits = ""
      } else if ("0"..."9").contains(scalar) {
        digits.unicodeScalars.append(scalar)
      } else {
        return nil
      }
      place += 1
    }
    guard place < scalars.count, !(digits.isEmpty && numbers.isEmpty) else { return nil }
    func number(_ text: String) -> Int { Int(text) ?? .max }
    if numbers.isEmpty { return (number(digits), number(digits), place + 1) }
    return (numbers[0].isEmpty ? 0 : number(numbers[0]), digits.isEmpty ? nil : number(digits), place + 1)
  }

  /// Reads a character, class, place or group; nil after a comment or flags.
  private mutating func part() throws(ScriptError) -> PatternNode? {
    let start = index
    guard let scalar = current else { return nil }
    index += 1
    switch scalar {
    case ".": return .step(dotTakesAll ? .any : .anyInLine)
    case "^": return .step(.place(isMultiline ? .lineStart : .start))
    case "$": return .step(.place(isMultiline ? .lineEnd : .end))
    case "[": return try classPart(from: start)
    case "(": return try group(from: start)
    case "\\": return try escape(from: start)
    case "*", "+", "?": throw fault("`\(scalar)` has nothing to repeat", at: start)
    case "{":
      index = start
      if count() != nil { throw fault("`{` has nothing to repeat", at: start) }
      index = start + 1
      return character(scalar)
    default: return character(scalar)
    }
  }

  private func character(_ scalar: Unicode.Scalar) -> PatternNode {
    let small = ScalarClass.folded(scalar.value)
    let hasForms = small != scalar.value || scalar.properties.uppercaseMapping.unicodeScalars.first != scalar
    return .step(ignoresCase && hasForms ? .folded(small) : .scalar(scalar.value))
  }

  private mutating func oneOf(_ scalars: ScalarClass, isOpposite: Bool = false) -> PatternNode {
    var whole = scalars
    whole.finish(isOpposite: isOpposite)
    classes.append(whole)
    return .step(.oneOf(classes.count - 1))
  }

  // MARK: Groups

  private mutating func group(from start: Int) throws(ScriptError) -> PatternNode? {
    guard accept("?") else { return try keptGroup(from: start) }
    if accept("#") {
      while let scalar = current, scalar != ")" { index += 1 }
      guard accept(")") else { throw fault("`(?#` is never closed", at: start) }
      return nil
    }
    for sign in ["=", "!", "<=", "<!"] where accept(sign) {
      throw fault("`(?\(sign)` looks at what stands around, which is not supported", at: start)
    }
    if accept("P=") { throw fault("`(?P=` repeats what a group found, which is not supported", at: start) }
    if accept(">") || accept("(") { throw fault("`(?\(scalars[index - 1])` is not supported", at: start) }
    if accept("P<") || accept("<") {
      var name = ""
      while let scalar = current, scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
        name.unicodeScalars.append(scalar)
        index += 1
      }
      guard let first = name.unicodeScalars.first, !("0"..."9").contains(first), accept(">") else {
        throw fault("the name of a group is letters and digits and ends with `>`", at: index)
      }
      if names.contains(where: { $0.name == name }) { throw fault("two groups have the name `\(name)`", at: start) }
      names.append((name, groupCount + 1))
      return try keptGroup(from: start)
    }
    let outer = (ignoresCase, isMultiline, dotTakesAll)
    var isOn = true
    while let scalar = current, scalar != ":", scalar != ")" {
      switch scalar {
      case "i": ignoresCase = isOn
      case "m": isMultiline = isOn
      case "s": dotTakesAll = isOn
      case "-" where isOn: isOn = false
      case "u": break
      default: throw fault("`\(scalar)` is no flag", at: index, help: "the flags are `i`, `m` and `s`")
      }
      index += 1
    }
    if accept(")") { return nil }
    guard accept(":") else { throw fault("`(` is never closed", at: start) }
    let inner = try alternatives()
    (ignoresCase, isMultiline, dotTakesAll) = outer
    guard accept(")") else { throw fault("`(` is never closed", at: start) }
    // A place in parentheses may be repeated.
    return .sequence([inner])
  }

  private mutating func keptGroup(from start: Int) throws(ScriptError) -> PatternNode {
    groupCount += 1
    let number = groupCount
    guard number <= 100 else { throw fault("a pattern has 100 groups at most", at: start) }
    let inner = try alternatives()
    guard accept(")") else { throw fault("`(` is never closed", at: start) }
    return .group(inner, number)
  }

  // MARK: Classes and escapes

  private mutating func classPart(from start: Int) throws(ScriptError) -> PatternNode {
    var scalars = ScalarClass(ignoresCase: ignoresCase)
    let isOpposite = accept("^")
    var isFirst = true
    while true {
      guard let scalar = current else { throw fault("`[` is never closed", at: start) }
      if scalar == "]", !isFirst { break }
      isFirst = false
      let place = index
      guard let first = try classMember(&scalars) else { continue }
      guard current == "-", let end = next(), end != "]" else {
        scalars.add(first...first)
        continue
      }
      index += 1
      guard let last = try classMember(&scalars), first <= last else {
        throw fault("a range goes from one character to a later one", at: place)
      }
      scalars.add(first...last)
    }
    index += 1
    return oneOf(scalars, isOpposite: isOpposite)
  }

  /// Reads a character of a class; nil after a kind such as `\d`, which was added.
  private mutating func classMember(_ scalars: inout ScalarClass) throws(ScriptError) -> UInt32? {
    let place = index
    guard let scalar = current else { throw fault("`[` is never closed", at: place) }
    index += 1
    guard scalar == "\\" else { return scalar.value }
    guard let letter = current else { throw fault("`\\` stands at the end", at: place) }
    if let kind = PatternParser.kind(letter) {
      index += 1
      scalars.add(kind.0, isOpposite: kind.1)
      return nil
    }
    if letter == "b" {
      index += 1
      return 8
    }
    return try escapedScalar(from: place).value
  }

  private static func kind(_ letter: Unicode.Scalar) -> (ScalarClass.Kind, Bool)? {
    switch letter {
    case "d": (.digit, false)
    case "D": (.digit, true)
    case "w": (.word, false)
    case "W": (.word, true)
    case "s": (.space, false)
    case "S": (.space, true)
    default: nil
    }
  }

  private mutating func escape(from start: Int) throws(ScriptError) -> PatternNode {
    guard let letter = current else { throw fault("`\\` stands at the end", at: start) }
    if let kind = PatternParser.kind(letter) {
      index += 1
      return oneOf(ScalarClass(kind.0, isOpposite: kind.1))
    }
    let place: Pattern.Place? =
      switch letter {
      case "b": .boundary
      case "B": .noBoundary
      case "A": .start
      case "Z": .textEnd
      default: nil
      }
    if let place {
      index += 1
      return .step(.place(place))
    }
    if ("1"..."9").contains(letter) {
      throw fault("`\\\(letter)` repeats what a group found, which is not supported", at: start)
    }
    return character(try escapedScalar(from: start))
  }

  /// Reads what stands behind a backslash for one character.
  private mutating func escapedScalar(from start: Int) throws(ScriptError) -> Unicode.Scalar {
    guard let letter = current else { throw fault("`\\` stands at the end", at: start) }
    index += 1
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "f": return "\u{c}"
    case "v": return "\u{b}"
    case "a": return "\u{7}"
    case "0": return "\0"
    case "x": return try hexadecimal(2, from: start)
    case "u": return try hexadecimal(4, from: start)
    case "U": return try hexadecimal(8, from: start)
    default:
      guard letter.value > 127 || !(letter.properties.isAlphabetic || ("0"..."9").contains(letter)) else {
        throw fault("`\\\(letter)` has no meaning", at: start)
      }
      return letter
    }
  }

  private mutating func hexadecimal(_ count: Int, from start: Int) throws(ScriptError) -> Unicode.Scalar {
    let digits = String(String.UnicodeScalarView(scalars[index..<min(index + count, scalars.count)]))
    guard digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16), digits.first != "+",
      let scalar = Unicode.Scalar(value)
    else { throw fault("a code has \(count) hexadecimal digits", at: start) }
    index += count
    return scalar
  }
}
