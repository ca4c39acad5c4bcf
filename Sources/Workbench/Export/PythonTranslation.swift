import PixelScript

/// The lines that the published notebooks have in common, as lines of a script: only cells of which every line has an exact one.
///
/// It goes on from cell to cell, as what a line means hangs on the lines before it. Whatever a cell that is left out may have changed means
/// nothing any more.
struct PythonTranslation {
  /// What a variable of Python stands for.
  private enum Meaning {
    /// All rows, and the parts of a split.
    case rows, split
    /// Rows with the windows that are cut of them.
    case windows(rows: String, sequence: String, stride: String)
    /// A configuration of a model, as arguments of its command, and one of training, as arguments of `train`.
    case model(String)
    case training([String: String])
    case trainer([String: String])
    case net
    /// Something that a script needs not.
    case nothing
    /// A value that stands there as it is; whether Python prints it as a script does.
    case value(isPrintedAlike: Bool)
  }

  private var meanings: [String: Meaning] = [:]
  /// The variables on whose values at the time a meaning hangs.
  private var captured: [String: Set<String>] = [:]
  /// The names in cells that were left out and that define functions: whatever is called later may change them.
  private var reachable: Set<String> = []

  /// The lines of a script for a cell; nil when one of its lines has none.
  mutating func translate(_ source: String) -> String? {
    let before = self
    // A cell of which nothing is needed tells more as it was.
    if let lines = lines(for: source) { return lines.isEmpty ? nil : lines }
    self = before
    leaveOut(source)
    return nil
  }

  /// The lines of a script; empty where a script needs none, nil where a line has no translation.
  private mutating func lines(for source: String) -> String? {
    guard let statements = PythonCall.statements(of: source) else { return nil }
    var lines: [String] = []
    for (code, comment) in statements {
      guard !code.isEmpty else {
        lines.append(comment)
        continue
      }
      guard let line = line(for: code) else { return nil }
      if !line.isEmpty || !comment.isEmpty {
        lines.append(line + (line.isEmpty || comment.isEmpty ? "" : "  ") + comment)
      }
    }
    return lines.contains { !$0.isEmpty && !$0.hasPrefix("#") } ? lines.joined(separator: "\n") : ""
  }

  private mutating func line(for code: String) -> String? {
    if code.wholeMatch(of: /(from\s+[\w.]+\s+)?import\s+[\w.*, ]+(\s+as\s+\w+)?/) != nil {
      forget(PythonEffects.names(in: code))
      if code.contains("*") { (meanings, captured) = ([:], [:]) }
      return ""
    }
    if code.hasPrefix("!pip install") || code.hasPrefix("warnings.filterwarnings(") { return "" }
    guard let call = PythonCall(code) else { return nil }
    guard let arguments = call.arguments else { return value(call) }
    guard let target = call.target else { return statement(call, arguments) }
    return assignment(target, call.callee, arguments)
  }

  /// `x = 32`, and a name alone on a line.
  private mutating func value(_ call: PythonCall) -> String? {
    if let target = call.target {
      guard let literal = PythonLiteral(call.callee) else { return nil }
      set(target, .value(isPrintedAlike: literal.isPrintedAlike))
      return "\(Self.name(target)) = \(literal.text)"
    }
    switch meanings[call.callee] {
    case .rows?, .net?: return Self.name(call.callee)
    default: return nil
    }
  }

  private mutating func assignment(_ target: String, _ callee: String, _ arguments: [PythonCall.Argument]) -> String? {
    let name = Self.name(target)
    let named = Dictionary(arguments.compactMap { one in one.label.map { ($0, one.text) } }) { _, last in last }
    let plain = arguments.filter { $0.label == nil }.map(\.text)
    switch callee {
    case "load_dataset":
      guard named.isEmpty, plain.count == 1, let path = literal(plain[0], .string) else { return nil }
      set(target, .rows)
      return "\(name) = load_dataset(\(path))"
    case "PixelBytesTokenizer" where arguments.isEmpty:
      set(target, .nothing)
      return ""
    case "PxByDataset":
      guard plain.count == 1, Set(named.keys) == ["seq_length", "stride"], let rows = part(plain[0]),
        let sequence = number(named["seq_length"]), let stride = number(named["stride"])
      else { return nil }
      set(target, .windows(rows: rows, sequence: sequence, stride: stride), capturing: arguments)
      return "\(name) = \(rows)"
    case "ModelConfig":
      guard plain.isEmpty, let model = modelArguments(named) else { return nil }
      set(target, .model(model), capturing: arguments)
      return ""
    case "SimpleRNNModel":
      guard named.isEmpty, plain.count == 1, case .model(let model)? = meanings[plain[0]] else { return nil }
      set(target, .net)
      return "\(name) = lstm(\(model))"
    case "TrainConfig":
      guard plain.isEmpty, trainingArguments(named) != nil else { return nil }
      set(target, .training(named), capturing: arguments)
      return ""
    case "Trainer":
      guard named.isEmpty, plain.count == 1, case .training(let training)? = meanings[plain[0]] else { return nil }
      set(target, .trainer(training), capturing: arguments, captured[plain[0]] ?? [])
      return ""
    default: break
    }
    // A split by a seed has other rows here, so that only one by chance is the same.
    guard let match = callee.wholeMatch(of: /(\w+)\[["']train["']\]\.train_test_split/),
      case .rows? = meanings[String(match.1)],
      plain.isEmpty, Set(named.keys) == ["test_size"], let share = number(named["test_size"])
    else { return nil }
    let parts: Set = ["\(name)_train", "\(name)_test"]
    forget(Set(meanings.keys.filter { parts.contains(Self.name($0)) }))
    set(target, .split)
    return "\(name)_train, \(name)_test = split(\(Self.name(String(match.1))), test: \(share))"
  }

  private mutating func statement(_ call: PythonCall, _ arguments: [PythonCall.Argument]) -> String? {
    if let match = call.callee.wholeMatch(of: /(\w+)\.train_and_evaluate/), arguments.isEmpty,
      case .trainer(let training)? = meanings[String(match.1)], let words = trainingArguments(training)
    {
      // A trainer goes on with its optimizer the next time, and the history takes a name.
      forget([String(match.1), "history"])
      return "history = train(\(words))\nhistory"
    }
    if call.callee == "print", arguments.count == 1, arguments[0].label == nil {
      if let literal = PythonLiteral(arguments[0].text) {
        return literal.isPrintedAlike ? "print \(literal.text)" : nil
      }
      if case .value(true)? = meanings[arguments[0].text] { return "print \(Self.name(arguments[0].text))" }
      if case .net? = meanings[arguments[0].text] { return "describe \(Self.name(arguments[0].text))" }
    }
    return nil
  }

  // MARK: Meanings

  /// A variable means something from now on, and that hangs on the values that some have now; what hung on its value before means
  /// nothing any more.
  private mutating func set(
    _ target: String, _ meaning: Meaning, capturing arguments: [PythonCall.Argument] = [], _ more: Set<String> = []
  ) {
    let names = arguments.reduce(into: more) { $0.formUnion(PythonEffects.names(in: $1.text)) }
    forget([target])
    // The parts of a split have names of their own in a script.
    let name = Self.name(target)
    for (other, meant) in meanings {
      guard case .split = meant, ["\(Self.name(other))_train", "\(Self.name(other))_test"].contains(name) else {
        continue
      }
      if case .windows(name, _, _) = meaning { continue }
      forget([other])
    }
    guard !names.contains(target) else { return }
    (meanings[target], captured[target]) = (meaning, names)
  }

  /// Variables, and those whose meaning hangs on their values, mean nothing any more.
  private mutating func forget(_ names: Set<String>) {
    var names = names
    var count = -1
    while count != names.count {
      count = names.count
      for (name, hangs) in captured where !hangs.isDisjoint(with: names) { names.insert(name) }
    }
    for name in names { (meanings[name], captured[name]) = (nil, nil) }
  }

  /// A cell that is left out may have changed what it names, and what functions that were left out name.
  private mutating func leaveOut(_ source: String) {
    let effects = PythonEffects(of: source)
    if effects.definesFunctions { reachable.formUnion(PythonEffects.names(in: source)) }
    if effects.mayChangeAll { (meanings, captured) = ([:], [:]) }
    forget(effects.callsFunctions ? effects.changed.union(reachable) : effects.changed)
  }

  // MARK: Arguments

  private func modelArguments(_ named: [String: String]) -> String? {
    let known: Set = ["dim", "d_state", "depth", "vocab_size", "bidirectional", "pxby_embed", "pembed"]
    guard known.isSuperset(of: named.keys), named["pembed"].map({ $0 == "True" }) ?? true else { return nil }
    var words: [String] = []
    for (theirs, ours) in [("dim", "dim"), ("d_state", "state"), ("depth", "depth")] {
      guard let text = named[theirs] else { return nil }
      guard let value = number(text) else { return nil }
      words.append("\(ours): \(value)")
    }
    switch named["bidirectional"] {
    case "True"?, "False"?: words.append("bidirectional: \(named["bidirectional"] == "True")")
    default: return nil
    }
    switch named["pxby_embed"] {
    case "True"?: words.append("embedding: \"pxby\"")
    case "False"?: words.append("embedding: \"center\"")
    default: return nil
    }
    return words.joined(separator: ", ")
  }

  /// What decides nothing: where things are stored, and how they are named and compiled.
  private static let others: Set = [
    "hf_token", "repo_name", "save_dir", "dataset_name", "compile_model", "model", "model_config", "train_dataset",
    "test_dataset",
  ]

  private func trainingArguments(_ named: [String: String]) -> String? {
    let numbers = [
      ("batch_size", "batch", "32"), ("learning_rate", "lr", "0.001"), ("num_epochs", "epochs", "10"),
      ("eval_every", "every", "5"),
    ]
    guard Self.others.union(numbers.map(\.0)).isSuperset(of: named.keys), let net = named["model"],
      case .net? = meanings[net], let train = named["train_dataset"], let test = named["test_dataset"],
      case .windows(_, let sequence, let stride)? = meanings[train],
      case .windows(_, let testSequence, let testStride)? = meanings[test],
      (sequence, stride) == (testSequence, testStride)
    else { return nil }
    var words = [Self.name(net), Self.name(train), "validate: \(Self.name(test))"]
    for (theirs, ours, usual) in numbers {
      guard let value = number(named[theirs] ?? usual) else { return nil }
      words.append("\(ours): \(value)")
    }
    return (words + ["sequence: \(sequence)", "stride: \(stride)"]).joined(separator: ", ")
  }

  /// `ds["train"]["pixelbyte"]` as the part of a split.
  private func part(_ text: String) -> String? {
    guard let match = text.wholeMatch(of: /(\w+)\[["'](train|test)["']\]\[["']pixelbyte["']\]/) else { return nil }
    switch (meanings[String(match.1)], match.2) {
    case (.split?, let half): return "\(Self.name(String(match.1)))_\(half)"
    case (.rows?, "train"): return Self.name(String(match.1))
    default: return nil
    }
  }

  /// A number, or a variable that holds a value.
  private func number(_ text: String?) -> String? {
    guard let text else { return nil }
    if case .value? = meanings[text] { return Self.name(text) }
    return literal(text, .number)
  }

  private func literal(_ text: String, _ kind: PythonLiteral.Kind) -> String? {
    PythonLiteral(text).flatMap { $0.kind == kind ? $0.text : nil }
  }

  /// The commands that translated lines call, which no variable may hide.
  private static let commands: Set = ["load_dataset", "split", "lstm", "train", "print", "describe"]

  /// A name that a script may give to a variable.
  private static func name(_ name: String) -> String {
    Keyword(rawValue: name) != nil || commands.contains(name) ? name + "_" : name
  }
}
