import ArgumentParser
import Foundation
import PixelScript
import Workbench

/// What the command line asks for.
struct Request {
  /// The kinds of work.
  enum Work {
    /// The prompt, when people type the input; else a script on standard input, when there is one.
    case interactive
    case code(String)
    case standardInput
    case script(path: String)
    /// Telling the errors of files, of which `-` is standard input.
    case check(paths: [String])
    /// Help on a command or another topic of the language; on all without a name.
    case help(words: [String])
    /// The program's own help, or that of a task without a script.
    case usage(ProgramTask?)
    /// A Jupyter notebook from a script, or a script from one.
    case convert(from: String, to: String, replaces: Bool)
    /// What a shell reads to complete calls, and what fits behind some words.
    case completion(Shell)
    case candidates([String])
    case version
  }

  /// What to do.
  var work: Work
  /// The task that a script of its own does.
  var task: ProgramTask?
  /// What stands after the script: its parameters and further options.
  var rest: [String] = []
  /// What stands before it.
  var front: [String] = []
  /// Whether some of that stands behind the task, where the first look at the options did not see it.
  private(set) var hasOptionsBehindTask = false

  /// The option of `convert` that has it replace files that are there.
  static let force = "--force"

  /// Reads the words of the command line, whose options have been read.
  init(_ line: CommandLineOptions, arguments: [String]) throws(UsageError) {
    front = arguments.dropLast(line.words.count)
    work = .interactive
    if !line.code.isEmpty {
      if let extra = line.words.first {
        throw UsageError(message: "unexpected argument `\(extra)` after the code of `-e`")
      }
      work = .code(line.code.joined(separator: "\n"))
    } else if let word = line.words.first {
      try choose(word, Array(line.words.dropFirst()))
    }
  }

  /// The parser's message in our form.
  static func usageError(_ error: any Error) -> UsageError {
    let message = CommandLineOptions.message(for: error)
    let parts = message.split(separator: ". ", maxSplits: 1).map(String.init)
    let text = (parts.first ?? message).trimmingCharacters(in: CharacterSet(charactersIn: "."))
    guard parts.count == 2, parts[1].hasPrefix("Did") else {
      return UsageError(message: lowercased(message), help: "`pixelbytes --help` lists the options")
    }
    return UsageError(message: lowercased(text), help: lowercased(parts[1]))
  }

  private static func lowercased(_ text: String) -> String {
    let text = text.hasSuffix(".") ? String(text.dropLast()) : text
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private mutating func choose(_ word: String, _ others: [String]) throws(UsageError) {
    // The parser leaves these two to us, because it hands on everything from the first word that is no option of ours.
    if word == "--help" || word == "-h" { return work = .usage(nil) }
    if word == "--version" { return work = .version }
    let task = ProgramTask(rawValue: word)
    if let task, task.example != nil, others.first == "--help" || others.first == "-h" {
      return work = .usage(task)
    }
    switch task {
    case .run: try chooseScript(others)
    case .check: try chooseChecked(others)
    case .convert:
      let paths = others.filter { $0 != Self.force }
      guard paths.count == 2, !paths.contains(where: { $0.hasPrefix("-") }) else {
        throw UsageError(
          message: "`convert` needs the path of a notebook and the path to write",
          help: "such as `pixelbytes convert notebook.ipynb notebook.pxb`")
      }
      work = .convert(from: paths[0], to: paths[1], replaces: paths.count < others.count)
    case .completion:
      if others.first == "words" { return work = .candidates(Array(others.dropFirst())) }
      guard others.count == 1, let shell = Shell(rawValue: others[0]) else {
        throw UsageError(
          message: "`completion` needs the name of a shell",
          help: "one of " + Shell.allCases.map(\.rawValue).joined(separator: ", "))
      }
      work = .completion(shell)
    case .help: work = .help(words: others)
    case let task?:
      work = .script(path: try task.script())
      (self.task, rest) = (task, others)
    case nil: try chooseFile(word, others)
    }
  }

  /// `pixelbytes run script.pxb`; options may stand before the script too.
  private mutating func chooseScript(_ others: [String]) throws(UsageError) {
    let words = try Self.parse(others).words
    front += others.dropLast(words.count)
    hasOptionsBehindTask = words.count < others.count
    guard let path = words.first else {
      throw UsageError(message: "`run` needs the path of a script", help: "write `pixelbytes run script.pxb`")
    }
    if path.hasPrefix("-"), path != "-" { throw Self.unknownOption(words) }
    work = path == "-" ? .standardInput : .script(path: path)
    rest = Array(words.dropFirst())
  }

  /// `pixelbytes check a.pxb b.pxb`; options may stand anywhere, those of a data set behind its path.
  private mutating func chooseChecked(_ others: [String]) throws(UsageError) {
    var (paths, words) = ([String](), others[...])
    while !words.isEmpty {
      let left = try Self.parse(Array(words)).words
      let options = words.dropLast(left.count)
      front += options
      hasOptionsBehindTask = hasOptionsBehindTask || !options.isEmpty
      guard let path = left.first else { break }
      if path.hasPrefix("-"), path != "-" {
        // How a data set is opened is said as for a script.
        guard paths.count == 1, Session.isDataSet(paths[0]) else { throw Self.unknownOption(left) }
        (task, rest) = (.check, left)
        break
      }
      paths.append(path)
      words = left.dropFirst()
    }
    guard !paths.isEmpty else {
      throw UsageError(message: "`check` needs the paths of scripts", help: "write `pixelbytes check script.pxb`")
    }
    work = .check(paths: paths)
  }

  private static func parse(_ words: [String]) throws(UsageError) -> CommandLineOptions {
    do { return try CommandLineOptions.parse(words) } catch { throw usageError(error) }
  }

  /// The options among words that are nothing else.
  static func options(_ words: [String]) throws(UsageError) -> ProgramOptions {
    do { return try ProgramOptions.parse(words) } catch { throw usageError(error) }
  }

  /// The mistake in words that start with an option that does not exist.
  private static func unknownOption(_ words: [String]) -> UsageError {
    do {
      _ = try ProgramOptions.parse(words)
      return UsageError(message: "unexpected argument `\(words[0])`")
    } catch {
      return usageError(error)
    }
  }

  /// `pixelbytes script.pxb` and `pixelbytes -`.
  private mutating func chooseFile(_ word: String, _ others: [String]) throws(UsageError) {
    rest = others
    if word == "-" {
      work = .standardInput
    } else if word.hasPrefix("-") {
      throw Self.unknownOption([word] + others)
    } else if word.hasSuffix(".pxb") || FileManager.default.fileExists(atPath: word) {
      work = .script(path: word)
    } else {
      let near = Suggestion.best(for: word, in: ProgramTask.allCases.map(\.rawValue)).map { "did you mean `\($0)`?" }
      throw UsageError(
        message: "there is no task or file `\(word)`", help: near ?? "`pixelbytes --help` lists the tasks")
    }
  }
}
