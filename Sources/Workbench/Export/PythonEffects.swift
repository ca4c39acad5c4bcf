/// What code of Python may do to variables, as far as its text tells: more rather than less.
struct PythonEffects {
  /// The names that it may give another value or change in place.
  private(set) var changed: Set<String> = []
  /// Whether it may change whatever there is, as `exec` and other notebooks do.
  let mayChangeAll: Bool
  /// Whether it defines functions, which later calls may run.
  let definesFunctions: Bool
  /// Whether it may call functions that other cells define.
  private(set) var callsFunctions = false

  /// What calls of these read alone.
  private static let reading: Set = [
    "print", "display", "len", "type", "repr", "str", "round", "sum", "min", "max", "sorted",
  ]

  init(of source: String) {
    mayChangeAll =
      source.contains(/(^|[^\w.])(exec|eval|compile|globals|locals|vars|setattr|get_ipython)\s*\(|import\s*\*/)
      || source.contains(/(^|\n)\s*%/)
    definesFunctions = source.contains(/(^|[^\w.])(def|class|lambda)\b/)
    guard let statements = PythonCall.statements(of: source) else {
      (changed, callsFunctions) = (Self.names(in: source), true)
      return
    }
    for (code, _) in statements where !Self.isReading(code) {
      changed.formUnion(Self.names(in: code))
      if code.contains("(") { callsFunctions = true }
    }
  }

  /// All names that stand in a text, those in strings too.
  static func names(in text: String) -> Set<String> { Set(text.matches(of: /[A-Za-z_]\w*/).map { String($0.0) }) }

  /// Whether a statement looks at variables alone: names, parts and literals with operators between, and calls that only read.
  private static func isReading(_ code: String) -> Bool {
    guard !code.contains(/:=|\b(del|for|with|lambda|await|yield|global|nonlocal|import|return|raise|assert)\b/) else {
      return false
    }
    // An equals sign is one of an argument, or a comparison.
    var depth = 0
    var before: Character = " "
    for (place, letter) in zip(code.indices, code) {
      if "([{".contains(letter) { depth += 1 }
      if ")]}".contains(letter) { depth -= 1 }
      let next = code[code.index(after: place)...].first
      if letter == "=", depth == 0, next != "=", !"=!<>".contains(before) { return false }
      if letter == "=", depth == 0, "<>".contains(before), code[..<place].dropLast().last == before { return false }
      before = letter
    }
    return code.matches(of: /([\w.\])]*)\s*\(/).allSatisfy { $0.1.isEmpty || reading.contains(String($0.1)) }
  }
}
