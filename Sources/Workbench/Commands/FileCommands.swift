import Formats
import Foundation
import PixelBytes
import PixelScript

extension CommandGroup {
  /// Texts, JSON and folders, within what scripts may read and write.
  static func files(_ environment: Environment) -> CommandGroup {
    CommandGroup("Files", Command.texts(environment.files) + Command.folders(environment.files))
  }
}

extension Command {
  private static var path: Parameter<String> { Parameter("path", "the file", completion: .path) }

  /// How the characters of a text file are written.
  static var encoding: Parameter<TextEncoding> {
    Parameter("encoding", "how its characters are written", default: .utf8, byName: true)
  }

  fileprivate static func texts(_ files: FileAccess) -> [Command] {
    [
      Command(
        "read_text", "Reads a text file.", path, encoding,
        example: "write_text \"a.txt\", \"hello\"\nprint read_text(\"a.txt\")  # expect: hello"
      ) { context, path, encoding in
        let text = try encoding.reading("read_text", path) {
          try readTextFile(try files.existing(path), encoding: encoding)
        }
        try context.reserve(bytes: text.utf8.count)
        return .string(text)
      },
      Command(
        "write_text", "Writes a text to a file, whole or not at all; folders on the way are made.", path,
        Parameter<String>("text", "the text"),
        example: "write_text \"a.txt\", \"hello\"\nprint exists(\"a.txt\")  # expect: true"
      ) { _, path, text in
        try files.write(path) { try AtomicFile.write(text, to: $0) }
        return .nil
      },
      Command(
        "read_json", "Reads a JSON file: objects as maps, arrays as lists, null as nil.", path,
        example: "write_json \"a.json\", {b: [1, nil]}\nprint read_json(\"a.json\")  # expect: {b: [1, nil]}"
      ) { _, path in try JSONText.decode(try readFile(try files.existing(path), limit: 1 << 28), file: path) },
      Command(
        "write_json", "Writes a value as JSON, whole or not at all; the path may come first or last.",
        Parameter<Value>("path", "the file", completion: .path),
        Parameter<Value>("value", "maps, lists, strings, numbers, truth values, nil, tensors and tables"),
        example:
          "write_json \"a.json\", {b: [1, nil]}\nprint read_text(\"a.json\").strip()  # expect: {\"b\": [1, null]}"
      ) { _, first, second in
        let (path, value) = try pathAndValue(first, second)
        try files.write(path) { try AtomicFile.write(try JSONText.encode(value), to: $0) }
        return .nil
      },
    ]
  }

  /// Which of two arguments is the path: of two texts the first, unless only the second looks like the path of a JSON file.
  private static func pathAndValue(_ first: Value, _ second: Value) throws(ScriptError) -> (String, Value) {
    func isFile(_ text: String) -> Bool { text.lowercased().hasSuffix(".json") }
    switch (first, second) {
    case (.string(let path), .string(let other)) where !isFile(path) && isFile(other): return (other, first)
    case (.string(let path), _): return (path, second)
    case (_, .string(let path)): return (path, first)
    default:
      throw ScriptError(
        .type, "`write_json` expects a path and a value, found \(describe(first)) and \(describe(second))",
        culprit: .call)
    }
  }

  fileprivate static func folders(_ files: FileAccess) -> [Command] {
    [
      Command(
        "exists", "Tells whether a file or folder is there.", path,
        example: "print exists(\"missing.txt\")  # expect: false"
      ) { _, path in .bool(FileManager.default.fileExists(atPath: try files.readable(path))) },
      Command(
        "list_files", "Gives the names in a folder, sorted; those of folders end in /.",
        Parameter<String>("folder", "the folder", default: ".", completion: .path),
        Parameter<String?>("ending", "only names with this ending, such as \".png\"", byName: true),
        example: "write_text \"b.txt\", \"\"\nprint list_files(ending: \"b.txt\")  # expect: [\"b.txt\"]"
      ) { _, folder, ending in .list(try names(in: try files.readable(folder), ending).map { .string($0) }) },
    ]
  }

  private static func names(in folder: String, _ ending: String?) throws -> [String] {
    let place = URL(filePath: folder, directoryHint: .isDirectory)
    let files: [URL]
    let isFile =
      FileManager.default.fileExists(atPath: folder) && !FileManager.default.fileExists(atPath: folder + "/.")
    guard !isFile else { throw ScriptError(.io, "\(folder) is a file, not a folder".onOneLine, argument: "folder") }
    do {
      files = try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: [.isDirectoryKey])
    } catch {
      let isThere = FileManager.default.fileExists(atPath: folder)
      let reason = isThere ? "can't be listed: \(FormatError.systemReason(of: error))" : "there is no such folder"
      throw ScriptError(.io, "\(folder): \(reason)".onOneLine, argument: "folder")
    }
    let marked = files.map { $0.lastPathComponent + ($0.hasDirectoryPath ? "/" : "") }
    return marked.filter { ending == nil || $0.hasSuffix(ending ?? "") }.sorted()
  }
}

extension TextEncoding: SpelledChoice {
  /// The encoding that Python knows by a name.
  public static func convert(_ value: Value) -> TextEncoding? {
    if case .string(let name) = value { TextEncoding(named: name) } else { nil }
  }
}

extension TextEncoding {
  /// What reading a file gives; where its bytes are not UTF-8 the error says how it is told another encoding.
  func reading<Result>(_ command: String, _ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as FormatError where self == .utf8 {
      guard let found = Self.guess(of: error) else { throw error }
      throw ScriptError(
        .io, error.description,
        help: "it may be \(found): `\(command)(\(Display.quoted(path)), encoding: \"\(found)\")` reads it",
        argument: "path")
    }
  }

  /// What opening a data set gives; where bytes of a file are not UTF-8 the error says what reads them.
  func hinting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DataError where self == .utf8 {
      guard let found = error.cause.flatMap({ Self.guess(of: $0) }) else { throw error }
      throw ScriptError(
        .io, error.message, help: "it may be \(found), which `encoding: \"\(found)\"` reads", argument: "path")
    }
  }

  /// How a file that could not be read as UTF-8 becomes such; nil for other errors.
  static func help(for error: FormatError) -> String? {
    if case .column(let name) = error.otherText { return help(without: name, of: error.file) }
    guard let found = guess(of: error) else { return nil }
    let path = Display.quoted(error.file)
    let read = "read_text(\(path), encoding: \"\(found)\")"
    // What is packed is written beside itself as it is.
    let target = PackedFile.unpackedName(error.file)
    guard target == error.file || !FileManager.default.fileExists(atPath: target) else {
      return "it may be \(found): `\(read)` reads it"
    }
    return "it may be \(found): `write_text(\(Display.quoted(target)), \(read))` makes it UTF-8"
      + (target == error.file ? "" : ", unpacked")
  }

  /// How the rest of a table is read, one of whose columns holds texts that are not UTF-8.
  private static func help(without column: String, of file: String) -> String {
    var others: [String] = []
    do { others = try ParquetFile(file).columns.map(\.name).filter { $0 != column } } catch { others = [] }
    if others.isEmpty || others.count > 8 { return "`columns:` names the columns that are read" }
    return "`columns: [\(others.map(Display.quoted).joined(separator: ", "))]` reads it without that column"
  }

  /// How rows are read whose texts are not UTF-8; nil for other errors.
  static func helpOfRows(for error: FormatError) -> String? {
    if case .column = error.otherText {
      return "`columns:` names the further columns that are read, and `caption: nil` reads no captions"
    }
    return guess(of: error).map { "it may be \($0), which `encoding: \"\($0)\"` of `load_dataset` reads" }
  }

  /// The encoding that a text seems to have whose bytes are not UTF-8; nil for other errors, and for files that are no texts.
  private static func guess(of error: FormatError) -> String? {
    guard error.otherText == .file else { return nil }
    do { return guess(try readFile(error.file, limit: CSVFields.sizeLimit))?.rawValue } catch { return nil }
  }
}
