import Formats
import Foundation
import PixelBytes
import PixelScript
import Safepoint

/// A session in a folder: its inputs as a script, the values of its variables, its functions, and where its random streams stand.
struct KeptSession {
  /// What the folder says of the values in it.
  private struct Contents: Codable {
    /// The form of this description.
    var version: Int
    /// The variables in the order in which their values stand.
    var names: [String]
    /// The texts of its functions, as the script that ran defined them.
    var functions: [String]
    var random: Environment.RandomState
  }

  private static let (description, values, script) = ("session.plist", "values", "session.pxb")
  private static let version = 1
  private static let limit = 1 << 30

  let environment: Environment
  let interpreter: Interpreter

  fileprivate var variables: [(name: String, value: Value)] {
    let echoed = [CellRunner.echoed.last, CellRunner.echoed.before]
    return interpreter.variables.filter { !echoed.contains($0.name) }.sorted { $0.name < $1.name }
  }

  /// Writes the folder; tells what can't be kept.
  func write(to path: String) throws {
    let isThere = FileManager.default.fileExists(atPath: path + "/.")
    let before = isThere ? try FileManager.default.contentsOfDirectory(atPath: path) : []
    if !before.isEmpty, !before.contains(Self.description) {
      throw ScriptError(
        .io, "the folder \(Display.quoted(path)) holds something else than a session", help: "another name",
        argument: "path")
    }
    let pending = try PendingFolder(for: path)
    let writer = ValueWriter(.keep(folder: pending.path), SealMemory(), function: { _ in nil })
    var contents = Contents(version: Self.version, names: [], functions: [], random: environment.randomState)
    var left: [String] = []
    for (name, value) in variables {
      if case .function(let function) = value {
        let text = function.name == name ? try interpreter.definition(of: function) : nil
        if let text { contents.functions.append(text) } else { left.append("`\(name)`, a function") }
      } else if let obstacle = try writer.writeIfPossible(name, value) {
        left.append("`\(name)`, \(obstacle)")
      } else {
        contents.names.append(name)
      }
    }
    try AtomicFile.write(writer.bytes, to: pending.path + "/" + Self.values)
    try AtomicFile.write(try PropertyList.bytes(of: contents), to: pending.path + "/" + Self.description)
    try AtomicFile.write(environment.sessionScript, to: pending.path + "/" + Self.script)
    try Safepoint.check()
    // Models and data sets lie in folders with numbers for names.
    let files = [Checkpoint.configurationFile, DataFolder.descriptionFile]
    let folders = before.filter { name in
      Int(name) != nil && files.contains { FileManager.default.fileExists(atPath: "\(path)/\(name)/\($0)") }
    }
    try pending.finish(dropping: Set(folders))
    let kept = contents.names.count + contents.functions.count
    environment.notice("\(kept) variable\(kept == 1 ? "" : "s") kept")
    if !left.isEmpty { environment.warn("not kept: \(left.joined(separator: "; "))") }
  }

  /// Gives the variables the values that a folder keeps, and the random streams their states.
  func restore(from path: String) throws {
    var contents: Contents
    var values: [(String, Value)] = []
    do {
      contents = try PropertyList.value(
        Contents.self, of: readFile(path + "/" + Self.description, limit: Self.limit))
      guard contents.version == Self.version else { throw ValueReader.Fault() }
      let bytes = try readFile(path + "/" + Self.values, limit: Self.limit)
      let reader = ValueReader(bytes, folder: path, environment.layers)
      for name in contents.names {
        guard Self.isName(name) else { throw ValueReader.Fault() }
        values.append((name, try reader.read(name)))
      }
      guard reader.isAtEnd else { throw ValueReader.Fault() }
    } catch let error as Stopped { throw error } catch {
      try Safepoint.check()
      throw ScriptError(
        .io, "\(Display.quoted(path)) holds no session that can be read",
        help: "a session is saved by `save session, \"folder\"`", argument: "path")
    }
    let text = contents.functions.joined(separator: "\n")
    let script = try Script.parse(SourceText(name: path + "/functions", bytes: Array(text.utf8)))
    for cell in script.cells.indices { try interpreter.define(script, cell: cell) }
    for (name, value) in values { try interpreter.setVariable(name, to: value) }
    environment.randomState = contents.random
    let count = values.count + contents.functions.count
    environment.notice("\(count) variable\(count == 1 ? "" : "s") restored")
  }

  private static func isName(_ text: String) -> Bool {
    let tokens = Lexer.tokens(of: SourceText(name: "name", bytes: Array(text.utf8))).tokens
    guard tokens.count == 2, case .name(text) = tokens[0].kind else { return false }
    return true
  }
}

/// The session as a value, for `save`.
final class SessionObject {
  private let environment: Environment
  private let interpreter: Interpreter

  init(_ environment: Environment, _ interpreter: Interpreter) {
    (self.environment, self.interpreter) = (environment, interpreter)
  }

  /// Writes what ran as a script, a page, a notebook or Markdown; false for any other ending.
  func export(to path: String, ending: String) throws -> Bool {
    guard ExportForm(rawValue: ending == "htm" ? "html" : ending) != nil else { return false }
    let file = try ExportFile(path, environment.files, of: environment.report?.script, showsTimes: false)
    try file.write(environment.sessionDocument)
    return true
  }
}

extension SessionObject: ScriptObject, Savable {
  /// "session".
  static let scriptName = "session"
  /// How many inputs and variables there are.
  var displayText: String {
    let kept = KeptSession(environment: environment, interpreter: interpreter)
    let (inputs, variables) = (environment.inputs.count, kept.variables.count)
    return "session of \(inputs) input\(inputs == 1 ? "" : "s") and \(variables) variable\(variables == 1 ? "" : "s")"
  }

  /// A folder; other endings are exports.
  static let fileEndings = ["", "pxb", "ipynb", "html", "md"]

  func save(to path: String, ending: String) throws {
    try KeptSession(environment: environment, interpreter: interpreter).write(to: path)
  }
}

extension Environment {
  /// What the session has run, after its seed, so that it gives the same again; the input that calls this has not ended.
  var sessionDocument: NotebookDocument {
    var document = NotebookDocument(log.records.filter { $0.seconds != nil })
    if let firstSeed { document.cells.insert(.init(kind: .code, title: "", source: "seed \(firstSeed)"), at: 0) }
    return document
  }

  /// The inputs as a script, those that failed as comments.
  var sessionScript: String { ScriptPage.whole(sessionDocument.cells.map { ScriptPage.part($0) + "\n" }, nil) }
}

extension Command {
  /// The session as a value, and back.
  static func keeping(_ environment: Environment) -> [Command] {
    [
      Command(
        "session",
        "Gives the session, for `save`: to a .pxb its inputs as a script, to a folder its variables too.",
        example: """
          x = 20 + 22
          save session, "kept_session"
          reset
          load_session "kept_session"
          print x  # expect: 42
          """
      ) { context in .object(SessionObject(environment, context.interpreter)) },
      Command(
        "load_session", "Gives the variables the values that they had when a session was saved as a folder.",
        Parameter<String>("path", "the folder", completion: .path),
        example:
          "fn double(x) = 2 * x\nsave session, \"doubled\"\nreset\nload_session \"doubled\"\nprint double(21)  # expect: 42"
      ) { context, path in
        let kept = KeptSession(environment: environment, interpreter: context.interpreter)
        try kept.restore(from: try environment.files.existing(path))
        return .nil
      },
    ]
  }
}
