import Formats
import Foundation
import PixelBytes
import PixelScript

/// A run of training as its folder tells of it.
struct KeptRun {
  /// The path of its folder.
  let path: String
  /// The contents of run.json.
  let description: JSON
  /// The lines of metrics.jsonl that are whole, each with its figures by name.
  let metrics: [[JSON.Field]]
  /// What is wrong with metrics.jsonl behind which it is read on; nil for what a crash may leave, too: a last line that was cut off.
  let fault: String?

  private static let limit = 1 << 28

  /// Reads the folder of a run; throws where there is none, or run.json is no description of one.
  init(_ path: String) throws {
    self.path = path
    let place = path + "/" + RunLog.descriptionFile
    do {
      description = try JSON(try readFile(place, limit: Self.limit, expected: "the description of a run"))
    } catch let fault as JSONFault {
      throw FormatError(.malformed, in: place, "is no description of a run: line \(fault.line): \(fault.reason)")
    }
    guard description["state"]?.string != nil else {
      throw FormatError(.malformed, in: place, "is no description of a run: it has no state")
    }
    let file = path + "/" + RunLog.metricsFile
    // A run that was killed right at its beginning has none yet.
    let bytes = FileManager.default.fileExists(atPath: file) ? try readFile(file, limit: Self.limit) : []
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    var (metrics, spoiled): ([[JSON.Field]], [Int]) = ([], [])
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for (index, line) in lines.enumerated() {
      do throws(JSONFault) {
        if let fields = try JSON(Array(line)).fields { metrics.append(fields) } else { spoiled.append(index + 1) }
      } catch { spoiled.append(index + 1) }
    }
    self.metrics = metrics
    fault = spoiled.first.map { "line \($0) of \(path)/\(RunLog.metricsFile) is no evaluation" }
  }

  /// Whether a folder is one of a run.
  static func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + RunLog.descriptionFile)
  }

  /// The runs in a folder and the folders below it, by when they began; what can't be read is told to `warn`.
  static func all(in folder: String, warn: (String) -> Void) throws -> [KeptRun] {
    func read(_ path: String) throws -> KeptRun {
      let run = try KeptRun(path)
      if let fault = run.fault { warn("\(fault) and is left out") }
      return run
    }
    var found = isThere(folder) ? [try read(folder)] : []
    func look(below path: String, depth: Int) throws {
      for name in try FileAccess.subfolders(of: path) {
        let path = path + "/" + name
        if isThere(path) {
          do { found.append(try read(path)) } catch let error as FormatError { warn("\(error.description)") }
        }
        if depth > 1 { try look(below: path, depth: depth - 1) }
      }
    }
    try look(below: folder, depth: 3)
    return found.sorted { $0.started < $1.started }
  }

  /// The last part of its path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// When it began, as ISO 8601 has it.
  var started: String { description["started"]?.string ?? "" }
  /// The family of its model, or "layers".
  var model: String { description["model"]?["family"]?.string ?? "" }

  /// How it stands: one that says that it runs, and that no process has claimed, was killed.
  var state: String {
    let told = description["state"]?.string ?? ""
    return told == RunLog.State.running.rawValue && FolderLock.owner(of: path) == nil ? "killed" : told
  }

  /// What it was told: the options of the training and the settings of the model, then the parameters of the scripts that were
  /// given, as far as they have other names.
  var settings: [JSON.Field] {
    var fields = (description["options"]?.fields ?? []) + (description["model"]?["settings"]?.fields ?? [])
    for input in description["script"]?["inputs"]?.elements ?? [] { fields += input["parameters"]?.fields ?? [] }
    var names: Set<String> = []
    return fields.filter { names.insert($0.name).inserted }
  }

  /// The value of a setting; nil without it.
  func setting(_ name: String) -> Value { settings.first { $0.name == name }.map { Value($0.value) } ?? .nil }

  /// A figure of the evaluation "best" or "last"; nil without it.
  func figure(_ evaluation: String, _ name: String) -> Value {
    // A run that was killed, or had no room left, may have told less of itself than of its evaluations.
    let last = evaluation == "last" ? metrics.last?.first { $0.name == name }?.value : nil
    return (last ?? description[evaluation]?[name]).map { Value($0) } ?? .nil
  }
}

extension Value {
  /// The value of plain JSON in a script; a text that stands for a number without end is one.
  init(_ json: JSON) {
    switch json {
    case .null: self = .nil
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = Value(whole: number)
    case .number(let number): self = .number(number)
    case .literal(let text): self = .string(text)
    case .string(let text): self = json.exactNumber.map { .number($0) } ?? .string(text)
    case .array(let elements): self = .list(elements.map { Value($0) })
    case .object(let fields): self = .map(fields.map { ($0.name, Value($0.value)) })
    }
  }
}
