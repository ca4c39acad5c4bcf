/// What errors tell about operators that stand where another form was meant, in the words of the script.
extension Machine {
  func help(for operation: Operation, _ x: Slot, _ y: Slot) -> String? {
    if case .function(let function) = x.value, let name = function.commandName {
      return "to call `\(name)` with what follows, write parentheses: "
        + callForm(name, operation == .subtract ? rest(after: operandSpans.first) : nil)
    }
    if x.tag == .nil || y.tag == .nil, let help = nothing(x.tag == .nil ? 0 : 1) { return help }
    if operation == .remainder, x.tag == .string {
      let value = operandText(1) ?? "x"
      return "values are put into a string with f\"{\(value)}\"" + (y.tag == .number ? ", f\"{\(value):.2f}\"" : "")
    }
    if x.isNumber, y.isNumber, let help = Self.helpForNumbers(operation) { return help }
    if let word = operation.ofMasks?.symbol, x.tag == .bool || y.tag == .bool { return "write `\(word)`" }
    if operation.isOfSets || operation == .subtract, let help = helpForSets(x, y) { return help }
    if let help = helpForNumbers(operation, x, y) { return help }
    let isMixed = (x.tag == .string) != (y.tag == .string) && operation == .add
    return isMixed ? "make a string of both, as in f\"{a}{b}\"" : nil
  }

  /// What is meant by an operator of sets between numbers.
  static func helpForNumbers(_ operation: Operation) -> String? {
    switch operation {
    case .symmetricDifference: "a power is written `**`"
    case .intersection: "conditions are joined by `and`"
    case .union: "conditions are joined by `or`"
    default: nil
    }
  }

  /// What is meant where a list or a map is taken for an array of numbers, or joined with another one.
  private func helpForNumbers(_ operation: Operation, _ x: Slot, _ y: Slot) -> String? {
    let kinds = [x, y].map { $0.value.typeName }
    if kinds == ["map", "map"], operation == .add {
      return "two maps are joined by `|`: `\(operandText(0) ?? "a") | \(operandText(1) ?? "b")`"
    }
    if (kinds == ["number", "column"] || kinds == ["column", "number"]), operation.isOfSets {
      return "`&` and `|` come before comparisons; write `and`, `or` with parentheses: `(t.a > 1) and (t.a < 3)`"
    }
    let others = ["number", "tensor"]
    guard kinds.contains("list"), kinds == ["list", "list"] || kinds.contains(where: others.contains) else {
      return nil
    }
    let (list, other) = kinds[0] == "list" ? (operandText(0), operandText(1)) : (operandText(1), operandText(0))
    guard let list, let other else { return "a list as numbers is `tensor(list)`" }
    let sum = operation == .add && kinds[0] == "list" ? "; `\(list) + [\(other)]` adds an element" : ""
    let (left, right) = kinds[0] == "list" ? ("tensor(\(list))", other) : (other, "tensor(\(list))")
    return "element by element it is `\(left) \(operation.symbol) \(right)`\(sum)"
  }

  /// What is meant by parentheses behind a value that is no function.
  func helpForCall(of callee: Slot) -> String? {
    let text = source.text(runningSpan)
    guard text.utf8.count <= 60, !text.contains("\n"), text.last == ")" else { return nil }
    if text.hasSuffix("()") { return "`\(text.dropLast(2))` is the value itself; leave out `()`" }
    guard let opener = text.lastIndex(of: "("), callee.isReference, callee.tag != .range else { return nil }
    let places = text[text.index(after: opener)...].dropLast()
    guard !places.contains("(") else { return nil }
    return "an element stands in brackets, counted from 0: `\(text[..<opener])[\(places)]`"
  }

  /// What stands behind a name with points, as in `torch.nn.Linear`.
  func members(after span: Span) -> [String] {
    let line = source.lineSpan(source.lineIndex(at: Int(span.start)))
    var rest = source.text(Span(Int(span.end), max(Int(span.end), Int(line.end))))[...]
    var names: [String] = []
    while rest.first == ".", names.count < 8 {
      let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if name.isEmpty { break }
      names.append(String(name))
      rest = rest.dropFirst(name.count + 1)
    }
    return names
  }

  /// How a comment is written, where the name that has no value stands behind `//`.
  func helpForComment() -> String? { depth > 0 ? ForeignWord.help(forNameAt: runningSpan, in: source) : nil }

  /// What is missing where a variable is changed that has no value; nil where it is not changed.
  func helpForChange(of name: String) -> String? {
    guard depth > 0, let rest = rest(after: runningSpan)?.drop(while: { $0 == " " }), name.utf8.count <= 40 else {
      return nil
    }
    let isChange = ["+=", "-=", "*=", "/="].contains(String(rest.prefix(2)))
    return isChange ? "it changes a value that is there already; begin with `\(name) = 0`" : nil
  }

  /// What is missing where a part of a map is changed that is not there, as in `m["a"] += 1`; nil where none is changed.
  func helpForCount() -> String? {
    guard depth > 0 else { return nil }
    let line = source.lineSpan(source.lineIndex(at: Int(runningSpan.start)))
    let text = source.text(Span(Int(runningSpan.start), max(Int(runningSpan.start), Int(line.end))))
    guard let match = text.prefixMatch(of: /\s*([\p{L}_]\w*)\[[^\]]*\]\s*[-+*\/]=/) else { return nil }
    return "a map that counts begins with `\(match.output.1) = map(default: 0)`"
  }

  /// The arguments of the method call that runs, as the script writes them; nil when there are none or they are long.
  var methodArguments: String? {
    guard depth > 0, let site = unsafe prototype.site(before: state.pointee.frame.pointee.next), site.names.isEmpty,
      let first = site.spans.dropFirst().first, let last = site.spans.last
    else { return nil }
    let text = source.text(first.joined(with: last))
    return text.utf8.count <= 40 && !text.contains("\n") && !text.contains("`") ? text : nil
  }

  /// How something of a library of Python is called here; nil where `name` is no such library.
  func helpForMember(of name: String) -> String? {
    guard ForeignWord.isLibrary(name), depth > 0, source.text(runningSpan) == name else { return nil }
    let members = members(after: runningSpan)
    guard let last = members.last else { return nil }
    let whole = ([name] + members).joined(separator: ".")
    if let help = ForeignWord.help(forMember: whole) { return help }
    if Constant.named(last) != nil { return "there are no modules: write `\(last)`" }
    if interpreter.registry[last] != nil { return "there are no modules: `\(whole)` is `\(last)` here; `help \(last)`" }
    return ForeignWord.tellsMore(name) ? nil : ForeignWord.help(for: last)
  }

  /// What is meant where lists are joined as sets are.
  private func helpForSets(_ x: Slot, _ y: Slot) -> String? {
    let kinds = [x, y].map { $0.value.typeName }
    guard kinds.contains("set") || kinds == ["list", "list"] else {
      return kinds == ["map", "map"] ? "the keys of a map as a set are `set(map)`" : nil
    }
    return "both sides are sets: `set(list)` makes one"
  }

  /// What is meant by `f [1, 2]`, which reads like an index of a function.
  func helpForIndex(isSlice: Bool) -> String {
    if isSlice { return "numbers in a row are `range(0, 3)`, and a call needs parentheses: `f(range(0, 3))`" }
    let text = source.text(runningSpan)
    let bracket = text.firstIndex(of: "[") ?? text.endIndex
    let name = text[..<bracket].split(separator: " ").joined()
    let isShort = name.utf8.count <= 40 && text.utf8.count <= 80 && !text.contains("\n")
    let arguments = isShort ? rest(after: runningSpan).map { String(text[bracket...]) + $0 } : nil
    return "a call whose first argument is a list needs parentheses: "
      + (arguments.map { callForm(name, $0) } ?? "`f([1, 2])`")
  }

  /// What is meant by `show [1, 2]` where a variable has the name of the command; nil where none has.
  func helpForHiddenCommand(by value: Slot) -> String? {
    guard depth > 0 else { return nil }
    let text = source.text(runningSpan)
    guard let match = text.prefixMatch(of: /([\p{L}_]\w*) +\[/), interpreter.registry[String(match.output.1)] != nil
    else {
      return nil
    }
    let name = String(match.output.1)
    let isShort = text.utf8.count <= 80 && !text.contains("\n")
    let arguments = isShort ? rest(after: runningSpan).map { String(text.dropFirst(name.utf8.count)) + $0 } : nil
    return "`\(name)` is a variable here, \(withArticle(value.value.typeName)), which hides the command; "
      + "\(callForm(name, arguments)) calls it"
  }

  /// The variable before the dot where a field is read or called; nil where a host asks for it.
  var fieldOwner: String? {
    guard depth > 0 else { return nil }
    let field = unsafe prototype.site(before: state.pointee.frame.pointee.next)?.method?.span ?? runningSpan
    let line = source.lineSpan(source.lineIndex(at: Int(field.start)))
    let before = source.text(Span(Int(line.start), Int(field.start)))
    guard before.last == "." else { return nil }
    let name = String(before.dropLast().reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    return name.isEmpty || name.utf8.count > 40 || before.dropLast(name.count + 1).last == "." ? nil : name
  }

  private func callForm(_ name: String, _ arguments: String?) -> String {
    "`\(name)(\((arguments ?? "...").drop { $0 == " " }))`"
  }

  /// The help about an operand that is nil because it is a call of a function without a result.
  private func nothing(_ place: Int) -> String? {
    guard let text = operandText(place) else { return nil }
    if text.hasSuffix(".grad") || text.contains(".grad ") { return "a parameter has no gradient before `backward`" }
    guard text.hasSuffix(")"), let opener = text.firstIndex(of: "(") else { return nil }
    let name = String(text[..<opener])
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), !name.isEmpty else { return nil }
    guard interpreter.registry[name] != nil else {
      return "`\(name)` gives nil; a function gives a value with `return`"
    }
    guard name == "print", place == 0, let rest = rest(after: operandSpans.first) else { return "`\(name)` gives nil" }
    return "`print` gives nil; write " + callForm(name, String(text[opener...]) + rest)
  }

  /// The variable that goes before the command in a call by the command's name; undefined when there is none.
  func calleeBeforeCommand(_ i: Instruction) -> Slot {
    let frame = unsafe state.pointee.frame
    switch CalleeSource(rawValue: Int(i.auxiliary)) {
    case .register: return unsafe frame.pointee.base[Int(i.b)]
    case .global: return unsafe frame.pointee.header.pointee.globals[Int(i.b)]
    case nil: return .undefined
    }
  }

  /// What helps when a name was taken for the command and not for the variable that has it too, or the other way round.
  func helpForSharedName(_ error: ScriptError) -> String? {
    guard depth > 0, unsafe state.pointee.frame.pointee.next > state.pointee.frame.pointee.header.pointee.code else {
      return nil
    }
    let i = unsafe state.pointee.frame.pointee.next[-1]
    guard let site = unsafe prototype.site(before: state.pointee.frame.pointee.next) else { return nil }
    if error.kind == .type, error.message.contains("function"),
      !error.message.contains("found a function"),
      let text = commandAmongArguments(site, error.culprit)
    {
      return "`\(text)` is a variable here; the command as a function is `fn(x) = \(text)(x)`"
    }
    guard i.operation == .callShadowed || i.operation == .callMethod, let name = site.commandName else { return nil }
    let variable = calleeBeforeCommand(i)
    guard variable.tag != .undefined, !Machine.isCallable(variable) else { return nil }
    return
      "this calls the command `\(name)`; the variable `\(name)`, \(withArticle(variable.value.typeName)), is no function"
  }

  /// The argument of a call that is the name of a command and yet something else.
  private func commandAmongArguments(_ site: CallSite, _ culprit: ScriptError.Culprit) -> String? {
    var places = Array(site.spans.indices)
    if case .position(let place) = culprit { places = [place] }
    return places.lazy.compactMap(operandText).first { interpreter.registry[$0] != nil }
  }

  // MARK: The text of the script

  private var source: SourceText { prototype.source }

  private var prototype: Prototype {
    unsafe state.pointee.frame.pointee.header.pointee.prototype.takeUnretainedValue()
  }

  private var runningSpan: Span { unsafe prototype.span(before: state.pointee.frame.pointee.next) }

  /// An operand of the instruction that runs, as the script writes it; nil when it is long.
  private func operandText(_ place: Int) -> String? {
    guard place < operandSpans.count else { return nil }
    let text = source.text(operandSpans[place])
    return text.utf8.count <= 40 && !text.contains("\n") ? text : nil
  }

  /// What stands between a place and the end of its statement; nil when it is long or hard to tell.
  private func rest(after span: Span?) -> String? {
    guard let span else { return nil }
    let start = Int(span.end)
    var (end, nesting) = (start, 0)
    scan: while end < source.bytes.count, end - start <= 40 {
      switch source.bytes[end] {
      case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "#"): break scan
      case UInt8(ascii: "\""): return nil
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): nesting += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if nesting == 0 { break scan }
        nesting -= 1
      default: break
      }
      end += 1
    }
    guard end - start <= 40, nesting == 0 else { return nil }
    let text = source.text(Span(start, end))
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }
}
