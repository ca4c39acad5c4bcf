/// The tasks that the first word of the command line names.
enum Task: String, CaseIterable {
  case run, help, build, train, evaluate, generate

  /// What the task does, in one line.
  var summary: String {
    switch self {
    case .run: "run a script, or one of its cells"
    case .help: "explain a command of the language, or list all"
    case .build: "turn pictures and captions into a data set of tokens"
    case .train: "train a model"
    case .evaluate: "measure a model on a data set"
    case .generate: "generate text and sprites from a prompt"
    }
  }

  /// True for a task whose script is not part of the program so far.
  var isMissing: Bool {
    switch self {
    case .run, .help: false
    case .build, .train, .evaluate, .generate: true
    }
  }

  /// The tasks that are there, one a line.
  static var table: String {
    let widest = allCases.map(\.rawValue.count).max() ?? 0
    return allCases.filter { !$0.isMissing }.map { task in
      "  " + task.rawValue + String(repeating: " ", count: widest - task.rawValue.count + 2) + task.summary
    }.joined(separator: "\n")
  }
}
