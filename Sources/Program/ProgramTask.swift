import Foundation

/// The tasks that the first word of the command line names.
enum ProgramTask: String, CaseIterable {
  case run, check, help, build, train, evaluate, generate, convert, completion

  /// What the task does, in one line.
  var summary: String {
    switch self {
    case .run: "run a script, or one of its cells"
    case .check: "tell all errors of scripts without running them, or what is wrong with a data set"
    case .help: "explain a command or a word of the language, or list all"
    case .build: "turn pictures and captions into a data set of tokens"
    case .train: "train a model"
    case .evaluate: "measure a model on a data set"
    case .generate: "generate text and sprites from a prompt"
    case .convert: "make a script of a Jupyter notebook, or a Jupyter notebook of a script"
    case .completion: "write the script with which bash, zsh or fish completes calls of the program"
    }
  }

  /// How the task is called, for its `--help`; nil for one whose script says it.
  var example: String? {
    switch self {
    case .run: "pixelbytes run Notebooks/quickstart.pxb --steps 200 --seed 1 --export quickstart.html"
    case .check: "pixelbytes check script.pxb --errors json"
    case .help: "pixelbytes help train"
    case .convert: "pixelbytes convert notebook.ipynb notebook.pxb"
    case .completion: #"eval "$(pixelbytes completion bash)""#
    case .build, .train, .evaluate, .generate: nil
    }
  }

  /// The script of the task: `Scripts/build.pxb` in a folder that the program lies in, at any depth.
  ///
  /// Throws when there is none.
  func script() throws(UsageError) -> String {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    while true {
      let path = folder.appending(path: "Scripts/\(rawValue).pxb").path
      if FileManager.default.fileExists(atPath: path) { return path }
      guard folder.path != "/" else { break }
      folder.deleteLastPathComponent()
    }
    throw UsageError(
      message: "the script of the task `\(rawValue)` was not found: no folder above \(program.path) has "
        + "Scripts/\(rawValue).pxb")
  }

  /// The tasks, one a line.
  static var table: String {
    let widest = allCases.map(\.rawValue.count).max() ?? 0
    return allCases.map { task in
      "  " + task.rawValue + String(repeating: " ", count: widest - task.rawValue.count + 2) + task.summary
    }.joined(separator: "\n")
  }
}
