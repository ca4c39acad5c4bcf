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
    /// Arguments that stand in a dictionary.
    case arguments([String: String])
    /// A configuration of a model by its fields, and one of training.
    case model([String: String])
    case training([String: String])
    case trainer([String: String])
    case net
    /// Something that a script needs not, and the device on which a model computes, which a script does not choose.
    case nothing, device
    /// A value that stands there as it is; whether Python prints it as a script does.
    case value(isPrintedAlike: Bool)
  }

  private var meanings: [String: Meaning] = [:]
  /// Which of the published names are known under which name, and what modules they may stand behind.
  private var imports = PythonImports()
  /// What meant something until a cell that is left out may have changed it.
  private var forgotten: Set<String> = []
  /// Why the last cell that was left out is.
  private(set) var reason = ""
  /// The variables on whose values at the time a meaning hangs.
  private var captured: [String: Set<String>] = [:]
  /// The names in cells that were left out and that define functions: whatever is called later may change them.
  private var reachable: Set<String> = []

  /// The lines of a script for a cell; nil when one of its lines has none.
  mutating func translate(_ source: String) -> String? {
    let before = self
    // A cell of which nothing is needed tells more as it was.
    let lines = lines(for: source)
    if let lines, !lines.isEmpty { return lines }
    let reason = lines == nil ? reason : "a script needs none of it"
    if lines == nil {
      self = before
      leaveOut(source)
    }
    self.reason = reason
    return nil
  }

  /// The lines of a script; empty where a script needs none, nil where a line has no translation.
  private mutating func lines(for source: String) -> String? {
    guard let statements = PythonCall.statements(of: source) else {
      reason = "it has blocks, several statements in a line, or texts of several lines"
      return nil
    }
    var lines: [String] = []
    for (code, comment) in statements {
      guard !code.isEmpty else {
        lines.append(comment)
        continue
      }
      guard let line = line(for: code) else {
        reason = reason(against: code)
        return nil
      }
      if !line.isEmpty || !comment.isEmpty {
        lines.append(line + (line.isEmpty || comment.isEmpty ? "" : "  ") + comment)
      }
    }
    return lines.contains { !$0.isEmpty && !$0.hasPrefix("#") } ? lines.joined(separator: "\n") : ""
  }

  /// What in a line has no translation.
  private func reason(against code: String) -> String {
    let shown = code.count > 60 ? code.prefix(60) + "…" : code[...]
    let lost = PythonEffects.names(in: code).intersection(forgotten).sorted().first
    // A fence around it must not end within.
    let quoted = "`\(shown.replacing("`", with: "'"))`"
    guard let lost else { return "\(quoted) has no line of a script that does exactly the same" }
    return "a cell above that is not translated may have changed `\(lost)`, of which \(quoted) makes something"
  }

  private mutating func line(for written: String) -> String? {
    // What a variable is said to be changes nothing.
    let code = written.replacing(/^([A-Za-z_]\w*)\s*:\s*[\w.\[\], ]+?\s*=(?!=)/) { "\($0.1) =" }
    if let names = imports.take(code) {
      forget(names)
      if code.contains("*") { (meanings, captured) = ([:], [:]) }
      return ""
    }
    if code.hasPrefix("!pip install") || code.hasPrefix("warnings.filterwarnings(") { return "" }
    if let name = PythonDevice.chosen(by: code) {
      set(name, .device)
      return ""
    }
    if let line = moved(code) { return line }
    if let match = code.wholeMatch(of: /(.+)\.train_and_evaluate\(\s*\)/) { return training(String(match.1)) }
    if let line = dictionary(code) { return line }
    guard let call = PythonCall(code) else { return nil }
    guard let arguments = call.arguments else { return value(call) }
    guard let target = call.target else { return statement(call, arguments) }
    return assignment(target, call.callee, arguments)
  }

  /// `x = 32`, and a name alone on a line.
  private mutating func value(_ call: PythonCall) -> String? {
    if let target = call.target {
      guard let literal = PythonLiteral(call.callee) else { return nil }
      set(target, PythonDevice.isName(call.callee) ? .device : .value(isPrintedAlike: literal.isPrintedAlike))
      return "\(Self.name(target)) = \(literal.text)"
    }
    switch meanings[call.callee] {
    case .rows?, .net?: return Self.name(call.callee)
    default: return nil
    }
  }

  /// The model of `model.to(device)`, and what is left of a line that ends so; nil for another line.
  private mutating func moved(_ code: String) -> String? {
    guard let rest = PythonDevice.rest(of: code, isDevice: { if case .device? = meanings[$0] { true } else { false } })
    else { return nil }
    // A model is its own whatever it computes on.
    if let match = rest.wholeMatch(of: /(?:([A-Za-z_]\w*)\s*=\s*)?([A-Za-z_]\w*)/) {
      guard case .net? = meanings[String(match.2)], match.1 == nil || match.1 == match.2 else { return nil }
      return ""
    }
    guard let call = PythonCall(rest), call.target != nil, let name = imports.published(call.callee),
      PythonModel(name) != nil
    else { return nil }
    return line(for: rest)
  }

  /// `x = {"dim": 81}` and `x = dict(dim=81)`: arguments that a call takes over later; nil for another line.
  private mutating func dictionary(_ code: String) -> String? {
    guard let match = code.wholeMatch(of: /([A-Za-z_]\w*)\s*=\s*(?:\{(.*)\}|dict\((.*)\))/) else { return nil }
    var (named, texts): ([String: String], [PythonCall.Argument]) = ([:], [])
    for part in PythonCall.divided(match.2 ?? match.3 ?? "") {
      let entry =
        match.2 != nil
        ? part.wholeMatch(of: /["']([A-Za-z_]\w*)["']\s*:\s*(.+)/)
        : part.wholeMatch(of: /([A-Za-z_]\w*)\s*=(?!=)\s*(.+)/)
      guard let entry, named.updateValue(String(entry.2), forKey: String(entry.1)) == nil else { return nil }
      texts.append(PythonCall.Argument(label: String(entry.1), text: String(entry.2)))
    }
    set(String(match.1), .arguments(named), capturing: texts)
    return ""
  }

  /// Arguments by position and by name, those of a dictionary among them; nil where one is given twice or a dictionary is not known.
  private func expanded(_ arguments: [PythonCall.Argument]) -> (plain: [String], named: [String: String])? {
    var (plain, named): ([String], [String: String]) = ([], [:])
    for argument in arguments {
      if let label = argument.label {
        guard named.updateValue(argument.text, forKey: label) == nil else { return nil }
      } else if argument.text.hasPrefix("**") {
        let name = String(argument.text.dropFirst(2).drop(while: \.isWhitespace))
        guard case .arguments(let more)? = meanings[name] else { return nil }
        for (label, text) in more { guard named.updateValue(text, forKey: label) == nil else { return nil } }
      } else {
        guard named.isEmpty, !argument.text.hasPrefix("*") else { return nil }
        plain.append(argument.text)
      }
    }
    return (plain, named)
  }

  /// The fields that arguments give, of which those called `names` may be given by position, in this order; nil for what can't be told.
  private func fields(_ arguments: [PythonCall.Argument], _ names: [String]) -> [String: String]? {
    guard let (plain, given) = expanded(arguments), plain.count <= names.count else { return nil }
    var named = given
    for (name, text) in zip(names, plain) { guard named.updateValue(text, forKey: name) == nil else { return nil } }
    return named
  }

  /// The fields of a configuration of a model: those of a variable, or of a call that makes one; nil for anything else.
  private func model(_ text: String) -> [String: String]? {
    if case .model(let fields)? = meanings[text] { return fields }
    return configuration(text, "ModelConfig", ["dim"])
  }

  /// The fields of a configuration of training.
  private func settings(_ text: String) -> [String: String]? {
    if case .training(let fields)? = meanings[text] { return fields }
    return configuration(text, "TrainConfig", Self.trainingFields)
  }

  private func configuration(_ text: String, _ maker: String, _ names: [String]) -> [String: String]? {
    guard let call = PythonCall(text), call.target == nil, let arguments = call.arguments,
      imports.published(call.callee) == maker
    else { return nil }
    return fields(arguments, names)
  }

  /// The one argument of a class, by position or by its name `config`.
  private func only(_ arguments: [PythonCall.Argument]) -> String? {
    guard arguments.count == 1, arguments[0].label ?? "config" == "config" else { return nil }
    return arguments[0].text
  }

  private mutating func assignment(_ target: String, _ callee: String, _ arguments: [PythonCall.Argument]) -> String? {
    let name = Self.name(target)
    guard let (plain, named) = expanded(arguments) else { return nil }
    let published = imports.published(callee)
    if let published, let model = PythonModel(published) {
      guard let config = only(arguments), let fields = self.model(config),
        let call = model.call(fields, number: number, truth: truth)
      else { return nil }
      set(target, .net)
      return "\(name) = \(call)"
    }
    switch published {
    case "load_dataset":
      guard named.isEmpty, plain.count == 1, let path = literal(plain[0], .string) else { return nil }
      set(target, .rows)
      return "\(name) = load_dataset(\(path))"
    case "PixelBytesTokenizer" where arguments.isEmpty:
      set(target, .nothing)
      return ""
    case "PxByDataset":
      guard (1...3).contains(plain.count), Set(named.keys).isSubset(of: ["seq_length", "stride"]),
        let rows = part(plain[0]), plain.count < 2 || named["seq_length"] == nil,
        plain.count < 3 || named["stride"] == nil,
        let sequence = number(named["seq_length"] ?? (plain.count > 1 ? plain[1] : "128")),
        let stride = number(named["stride"] ?? (plain.count > 2 ? plain[2] : "32"))
      else { return nil }
      set(target, .windows(rows: rows, sequence: sequence, stride: stride), capturing: arguments)
      return "\(name) = \(rows)"
    case "ModelConfig":
      guard let fields = fields(arguments, ["dim"]),
        PythonModel.all.contains(where: { $0.call(fields, number: number, truth: truth) != nil })
      else { return nil }
      set(target, .model(fields), capturing: arguments)
      return ""
    case "TrainConfig":
      guard let fields = fields(arguments, Self.trainingFields), trainingArguments(fields) != nil else { return nil }
      set(target, .training(fields), capturing: arguments)
      return ""
    case "Trainer":
      guard let config = only(arguments), let training = settings(config), trainingArguments(training) != nil
      else { return nil }
      set(target, .trainer(training), capturing: arguments, captured[config] ?? [])
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

  /// `trainer.train_and_evaluate()`, also of a trainer that the line makes.
  private mutating func training(_ trainer: String) -> String? {
    if case .trainer(let training)? = meanings[trainer], let words = trainingArguments(training) {
      // A trainer goes on with its optimizer the next time, and the history takes a name.
      forget([trainer, "history"])
      return "history = train(\(words))\nhistory"
    }
    guard let call = PythonCall(trainer), call.target == nil, let arguments = call.arguments,
      imports.published(call.callee) == "Trainer", let config = only(arguments),
      let training = settings(config), let words = trainingArguments(training)
    else { return nil }
    forget(["history"])
    return "history = train(\(words))\nhistory"
  }

  private mutating func statement(_ call: PythonCall, _ arguments: [PythonCall.Argument]) -> String? {
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
    // Words that stand for values are no names.
    let names = arguments.reduce(into: more) { $0.formUnion(PythonEffects.names(in: $1.text)) }
      .subtracting(["True", "False", "None"])
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
    forgotten.remove(target)
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
    let meant = Set(meanings.keys)
    defer { forgotten.formUnion(meant.subtracting(meanings.keys)) }
    imports.redefine(source)
    if effects.definesFunctions { reachable.formUnion(PythonEffects.names(in: source)) }
    if effects.mayChangeAll { (meanings, captured) = ([:], [:]) }
    forget(effects.callsFunctions ? effects.changed.union(reachable) : effects.changed)
  }

  // MARK: Arguments

  /// A truth value; those of variables are not known.
  private func truth(_ text: String) -> Bool? { ["True": true, "False": false][text] }

  /// The fields of a configuration of training, in the order in which they may be given.
  private static let trainingFields = [
    "model", "model_config", "train_dataset", "test_dataset", "hf_token", "repo_name", "batch_size", "learning_rate",
    "num_epochs", "save_dir", "dataset_name", "eval_every", "compile_model",
  ]

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
  private static let commands: Set = [
    "load_dataset", "split", "lstm", "mamba", "transformer", "train", "print", "describe",
  ]

  /// A name that a script may give to a variable.
  private static func name(_ name: String) -> String {
    Keyword(rawValue: name) != nil || commands.contains(name) ? name + "_" : name
  }
}
