/// A class of the published models, which a configuration makes a command of.
struct PythonModel {
  private let command: String
  /// The fields that it reads beside those that decide about its embedding and its vocabulary.
  private let fields: [(theirs: String, ours: String)]
  private let isDirected: Bool

  static let all = ["SimpleRNNModel", "bMamba", "SimpleTransformerModel"].compactMap { PythonModel($0) }

  /// The class of a name; nil for another.
  init?(_ name: String) {
    switch name {
    case "SimpleRNNModel":
      (command, fields, isDirected) = ("lstm", [("dim", "dim"), ("d_state", "state"), ("depth", "depth")], true)
    case "bMamba":
      fields = [("dim", "dim"), ("d_state", "state"), ("depth", "depth"), ("d_conv", "conv"), ("expand", "expand")]
      (command, isDirected) = ("mamba", true)
    case "SimpleTransformerModel":
      (command, fields, isDirected) = ("transformer", [("dim", "dim"), ("depth", "depth")], false)
    default: return nil
    }
  }

  /// What a field is that a configuration does not give; `dim` has to be given.
  private static let usual = ["d_state": "64", "depth": "2", "d_conv": "4", "expand": "2", "vocab_size": "113"]
  private static let switches = ["bidirectional", "pxby_embed", "pembed"]

  /// The call that makes the model of a configuration; nil where that has other fields, or values that are not known.
  func call(_ given: [String: String], number: (String?) -> String?, truth: (String) -> Bool?) -> String? {
    guard Set(given.keys).isSubset(of: Self.usual.keys + ["dim"] + Self.switches) else { return nil }
    var words: [String] = []
    for (theirs, ours) in fields {
      guard let value = number(given[theirs] ?? Self.usual[theirs]) else { return nil }
      if given[theirs] != nil || !["d_conv", "expand"].contains(theirs) { words.append("\(ours): \(value)") }
    }
    let told = Self.switches.map { truth(given[$0] ?? "True") }
    guard let isBidirectional = told[0], let isOfPatches = told[1], let isConvolved = told[2] else { return nil }
    if isDirected { words.append("bidirectional: \(isBidirectional)") }
    words.append("embedding: \"\(!isOfPatches ? "center" : isConvolved ? "pxby" : "linear")\"")
    if let vocabulary = given["vocab_size"], vocabulary != "113" {
      guard let value = number(vocabulary) else { return nil }
      words.append("vocabulary: \(value)")
    }
    return "\(command)(\(words.joined(separator: ", ")))"
  }
}
