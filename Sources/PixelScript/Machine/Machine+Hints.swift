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
    if operation == .symmetricDifference, x.isNumber, y.isNumber { return "a power is written `**`" }
    if let word = operation.ofMasks?.symbol, x.tag == .bool || y.tag == .bool { return "write `\(word)`" }
    if operation.isOfSets || operation == .subtract, let help = helpForSets(x, y) { return help }
    let isMixed = (x.tag == .string) != (y.tag == .string) && operation == .add
    return isMixed ? "make a string of both, as in f\"{a}{b}\"" : nil
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
    if text.hasSuffix(".grad") { return "a parameter has no gradient before `backward`" }
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
    if error.kind == .type, error.message.contains("function"), let text = commandAmongArguments(site, error.culprit) {
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
