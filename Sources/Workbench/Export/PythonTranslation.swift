import PixelScript

/// The lines that the published notebooks have in common, as lines of a script: only cells of which every line has an exact one.
///
/// It goes on from cell to cell, as what a line means hangs on the lines before it.
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
    /// A value that stands there as it is.
    case value
  }

  private var meanings: [String: Meaning] = [:]

  /// The lines of a script for a cell; nil when one of its lines has none.
  mutating func translate(_ source: String) -> String? {
    guard let statements = PythonCall.statements(of: source) else { return nil }
    let before = meanings
    var lines: [String] = []
    for (code, comment) in statements {
      guard !code.isEmpty else {
        lines.append(comment)
        continue
      }
      guard let line = line(for: code) else {
        meanings = before
        return nil
      }
      if !line.isEmpty || !comment.isEmpty {
        lines.append(line + (line.isEmpty || comment.isEmpty ? "" : "  ") + comment)
      }
    }
    // A cell of which nothing is needed tells more as it was.
    return lines.contains { !$0.isEmpty && !$0.hasPrefix("#") } ? lines.joined(separator: "\n") : nil
  }

  private mutating func line(for code: String) -> String? {
    if code.wholeMatch(of: /(from\s+[\w.]+\s+)?import\s+[\w.*, ]+(\s+as\s+\w+)?/) != nil { return "" }
    if code.hasPrefix("!pip install") || code.hasPrefix("warnings.filterwarnings(") { return "" }
    guard let call = PythonCall(code) else { return nil }
    guard let arguments = call.arguments else { return value(call) }
    guard let target = call.target else { return statement(call, arguments) }
    return assignment(target, call.callee, arguments)
  }

  /// `x = 32`, and a name alone on a line.
  private mutating func value(_ call: PythonCall) -> String? {
    if let target = call.target {
      guard let text = Self.literal(call.callee) else { return nil }
      meanings[target] = .value
      return "\(Self.name(target)) = \(text)"
    }
    switch meanings[call.callee] {
    case .rows?, .net?, .value?: return Self.name(call.callee)
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
      meanings[target] = .rows
      return "\(name) = load_dataset(\(path))"
    case "PixelBytesTokenizer" where arguments.isEmpty:
      meanings[target] = .nothing
      return ""
    case "PxByDataset":
      guard plain.count == 1, Set(named.keys) == ["seq_length", "stride"], let rows = part(plain[0]),
        let sequence = number(named["seq_length"]), let stride = number(named["stride"])
      else { return nil }
      meanings[target] = .windows(rows: rows, sequence: sequence, stride: stride)
      return "\(name) = \(rows)"
    case "ModelConfig":
      guard plain.isEmpty, let model = modelArguments(named) else { return nil }
      meanings[target] = .model(model)
      return ""
    case "SimpleRNNModel":
      guard named.isEmpty, plain.count == 1, case .model(let model)? = meanings[plain[0]] else { return nil }
      meanings[target] = .net
      return "\(name) = lstm(\(model))"
    case "TrainConfig":
      guard plain.isEmpty else { return nil }
      meanings[target] = .training(named)
      return trainingArguments(named) == nil ? nil : ""
    case "Trainer":
      guard named.isEmpty, plain.count == 1, case .training(let training)? = meanings[plain[0]] else { return nil }
      meanings[target] = .trainer(training)
      return ""
    default: break
    }
    // A split by a seed has other rows here, so that only one by chance is the same.
    guard let match = callee.wholeMatch(of: /(\w+)\[["']train["']\]\.train_test_split/),
      case .rows? = meanings[String(match.1)],
      plain.isEmpty, Set(named.keys) == ["test_size"], let share = number(named["test_size"])
    else { return nil }
    meanings[target] = .split
    return "\(name)_train, \(name)_test = split(\(Self.name(String(match.1))), test: \(share))"
  }

  private func statement(_ call: PythonCall, _ arguments: [PythonCall.Argument]) -> String? {
    if let match = call.callee.wholeMatch(of: /(\w+)\.train_and_evaluate/), arguments.isEmpty,
      case .trainer(let training)? = meanings[String(match.1)], let words = trainingArguments(training)
    {
      return "history = train(\(words))\nhistory"
    }
    if call.callee == "print", arguments.count == 1, arguments[0].label == nil {
      if let text = Self.literal(arguments[0].text) { return "print \(text)" }
      if case .value? = meanings[arguments[0].text] { return "print \(Self.name(arguments[0].text))" }
      if case .net? = meanings[arguments[0].text] { return "describe \(Self.name(arguments[0].text))" }
    }
    return nil
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

  private enum Kind { case number, string }

  private func literal(_ text: String, _ kind: Kind) -> String? {
    guard let value = Self.literal(text) else { return nil }
    return value.hasPrefix("\"") == (kind == .string) && value.first?.isLetter != true ? value : nil
  }

  /// A number, a text or a truth value of Python as one of a script; nil for anything else.
  private static func literal(_ text: String) -> String? {
    if let match = text.wholeMatch(of: /(-?)(\d+(?:_\d+)*)?(\.\d*)?(e-?\d+)?/),
      match.2 != nil || match.3?.count ?? 0 > 1
    {
      // A script has digits on both sides of a point.
      let decimals = match.3.map { $0 == "." ? ".0" : $0 } ?? ""
      return "\(match.1)\(match.2 ?? "0")\(decimals)\(match.4 ?? "")"
    }
    if let match = text.wholeMatch(of: /"([^"\\{}\n]*)"|'([^'"\\{}\n]*)'/) {
      return Display.quoted(String(match.1 ?? match.2 ?? ""))
    }
    switch text {
    case "True": return "true"
    case "False": return "false"
    case "None": return "nil"
    default: return nil
    }
  }

  /// A name that a script may give to a variable.
  private static func name(_ name: String) -> String {
    ["fn", "param", "nil", "catch", "true", "false", "try"].contains(name) ? name + "_" : name
  }
}
