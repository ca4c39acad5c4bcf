import Formats
import Foundation
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// Reads tables from files.
struct TableReading {
  let files: FileAccess
  /// Columns that are texts whatever stands in them.
  private(set) var texts: [String]
  /// The columns that are read; nil for all.
  private(set) var columns: [String]?
  /// What was said of the form of a CSV file.
  let form: CSVForm
  /// What says in a CSV file that nothing is there.
  let missing: MissingWords
  /// How the numbers of a CSV file are written.
  let numbers: CSVNumberForm
  /// How the characters of a text file are written.
  let encoding: TextEncoding
  /// Whether broken pictures are kept as far as they can be read; nil where that was not said.
  let keepsDamaged: Bool?
  /// What columns of bytes hold in parquet files that are read together, by path and name.
  private var bytes: [String: [String: ColumnBytes]] = [:]
  /// Hears of what is left out.
  private let note: (String) -> Void

  init(
    _ files: FileAccess, texts: [String], columns: [String]?, form: CSVForm, missing: MissingWords,
    numbers: CSVNumberForm, encoding: TextEncoding, keepsDamaged: Bool?, note: @escaping (String) -> Void
  ) {
    (self.files, self.texts, self.columns, self.form) = (files, texts, columns, form)
    (self.missing, self.numbers, self.encoding, self.keepsDamaged) = (missing, numbers, encoding, keepsDamaged)
    self.note = { note($0.onOneLine) }
  }

  private static let endings = ["csv", "tsv", "jsonl", "ndjson", "json", "parquet"]

  /// The table of a file, or of all files of a list, a folder or a pattern, in the order of their paths; `fileColumn` has the file of each
  /// row then.
  func table(_ paths: FilePaths, fileColumn: String?, poll: () throws -> Void) throws -> Table {
    if let path = paths.single, !Self.isPattern(path), !Self.isFolder(path) {
      let file = try files.existing(path)
      try checkForm(of: [file])
      return try table(file)
    }
    let single = paths.all.filter { !Self.isPattern($0) && !Self.isFolder($0) }
    let told = Dictionary(zip(single, FolderParts.values(of: single, behind: 0))) { first, _ in first }
    let parts = try paths.all.flatMap { path throws -> [Part] in
      if let values = told[path] { return [Part(try files.existing(path), values)] }
      let found = try Self.isPattern(path) ? partsOfPattern(path) : self.parts(of: path)
      guard found.isEmpty else { return found }
      throw ScriptError(
        .io,
        Self.isPattern(path)
          ? "no file is named as \(Display.quoted(path)) says"
          : "the folder \(Display.quoted(path)) has no \(Self.allEndings) file", argument: "path")
    }
    try checkForm(of: parts.map(\.file))
    // What the paths tell is chosen as the columns of the files are.
    let names = Set(parts.flatMap { $0.values.map(\.name) })
    var inner = self
    (inner.texts, inner.columns) = (texts.filter { !names.contains($0) }, columns?.filter { !names.contains($0) })
    let parquet = parts.map(\.file).filter { Self.ending(of: $0) == "parquet" }
    if parquet.count > 1 { inner.bytes = try ParquetTable.bytes(of: parquet, columns: inner.columns) }
    return try Table.joined(
      parts.map { part in
        try poll()
        let told = fileColumn.map { [($0, Value.string(part.file), "file")] } ?? []
        let chosen = part.values.filter { columns?.contains($0.name) ?? true }.map { name, value in
          (name, texts.contains(name) && !value.isNil ? Value.string(value.description) : value, "path")
        }
        return try inner.table(part.file, with: told + chosen)
      })
  }

  /// A file of several, and what the folders in which it lies say of it.
  private struct Part {
    let file: String
    let values: [(name: String, value: Value)]

    init(_ file: String, _ values: [NamedValue]) {
      self.file = file
      self.values = values.map { column in
        if case .plain(let value) = column.value { (column.name, Value(data: value)) } else { (column.name, .nil) }
      }
    }
  }

  private static func isPattern(_ path: String) -> Bool {
    path.contains { "*?".contains($0) } && !FileManager.default.fileExists(atPath: path)
  }

  private static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

  private func partsOfPattern(_ pattern: String) throws -> [Part] {
    let paths = try FilePattern.paths(pattern, willRead: willRead)
    let values = FolderParts.values(of: paths, behind: FilePattern.fixedFolders(of: pattern))
    return zip(paths, values).map { Part($0, $1) }
  }

  private func willRead(_ path: String) throws { _ = try files.readable(path) }

  /// The files of a folder, with what the folders in it say of each.
  private func parts(of folder: String) throws -> [Part] {
    let folder = try files.existing(folder)
    let parts = try FolderParts(
      folder, isWhole: true, isPart: { Self.endings.contains(Self.ending(of: $0)) }, willLook: willRead)
    let all = Set(parts.files)
    let own = zip(parts.files, parts.values).filter { !DataFolder.describes($0.0, among: all) }
    for (file, _) in own { try willRead(file) }
    return own.map { Part($0, $1) }
  }

  /// Throws where something was said of the form of CSV files and none is one.
  private func checkForm(of files: [String]) throws {
    let hasHeader = if case .line = form.header { true } else { false }
    let said = [
      ("separator", form.separator != nil), ("decimal", numbers.decimal != UInt8(ascii: ".")),
      ("thousands", numbers.thousands != nil), ("missing", !missing.isEmpty),
      ("header", !hasHeader), ("comment", form.comment != nil),
    ].first { $1 }
    let endings = Set(files.map(Self.ending))
    guard let said, let file = files.first, endings.isSubset(of: Self.endings),
      endings.isDisjoint(with: ["csv", "tsv"])
    else { return }
    throw ScriptError(
      .value, "`\(said.0)` says how a CSV file is read, which \(file) is not", help: "leave it out", argument: said.0)
  }

  private static let allEndings = endings.map { "." + $0 }.joined(separator: ", ")

  /// The ending of a file's name in small letters, that of what is packed where it is.
  private static func ending(of file: String) -> String {
    let name = PackedFile.unpackedName(file).split(separator: "/").last ?? ""
    return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  /// The table of a file behind columns that hold one value each, with the arguments that they come from.
  private func table(_ file: String, with told: [(name: String, value: Value, argument: String)]) throws -> Table {
    let table = try table(file)
    for (name, _, argument) in told where table[name] != nil {
      throw ScriptError(
        .value, "\(file) has a column \(Display.quoted(name)) already",
        help: argument == "file" ? "file: gives another name, or nil for none" : nil, argument: argument)
    }
    return Table(
      try told.map { ($0.name, try Column(repeating: $0.value, count: table.count)) }
        + zip(table.names, table.columns).map { ($0, $1) }, count: table.count)
  }

  private func table(_ file: String) throws -> Table {
    if keepsDamaged != nil, Self.ending(of: file) != "parquet", Self.endings.contains(Self.ending(of: file)) {
      throw ScriptError(
        .value, "`damaged` is about pictures in a table, which \(file) can't have; those of .parquet do",
        help: "leave it out", argument: "damaged")
    }
    switch Self.ending(of: file) {
    case "csv": return try table(text(file, form), file)
    case "tsv":
      var form = form
      form.separator = form.separator ?? UInt8(ascii: "\t")
      return try table(text(file, form), file)
    case "jsonl", "ndjson": return try chosen(try lines(try bytes(file, limit: 1 << 29), file), of: file)
    case "json":
      let bytes = try bytes(file, limit: 1 << 28)
      if JSONLine.areLines(bytes) { return try chosen(try lines(bytes, file), of: file) }
      let value = try encoding.reading("read_table", file) { try JSONText.decode(bytes, file: file) }
      return try chosen(try JSONTable.table(value, file: file), of: file)
    case "parquet":
      guard encoding == .utf8 || encoding == .utf8Marked else {
        throw ScriptError(.value, "the texts of parquet files are UTF-8, as in \(file)", argument: "encoding")
      }
      let table = try ParquetTable.read(
        file, columns: columns, bytes[file] ?? [:], keepsDamaged: keepsDamaged ?? false,
        willRead: { [files] in _ = try files.readable($0) }, note: note)
      if table.count == 0 { note("\(file) has no rows") }
      return try withTexts(table, file)
    default:
      throw ScriptError(
        .value,
        "a table is read from \(Self.allEndings) files, found \(Display.quoted(file))" + (try Self.kind(of: file)),
        argument: "path")
    }
  }

  /// What a file is by how it begins, as the end of a sentence; nothing where that is not known.
  private static func kind(of file: String) throws -> String {
    if let found = ForeignFile(try readStart(file)) { return ", which is \(found)" }
    return try ForeignFile.isText(file) ? ", a text; named .csv or .tsv it is read as a table" : ""
  }

  private func bytes(_ file: String, limit: Int) throws -> [UInt8] {
    try encoding.utf8(try readFile(file, limit: limit), file: file)
  }

  private func text(_ file: String, _ form: CSVForm) throws -> CSVText {
    let comma = UInt8(ascii: ",")
    let text: CSVText
    do {
      text = try encoding.reading("read_table", file) { try CSVText(file, form: form, encoding: encoding) }
    } catch let error as FormatError
      where error.kind == .malformed && form.numberSigns.contains(comma) && form.separator ?? comma == comma
    {
      throw ScriptError(
        .io, error.description, help: "numbers with \",\" stand in quotes where it parts the fields, too",
        argument: "path")
    }
    for (sign, place, argument) in [
      (UInt8?.some(numbers.decimal), "before fractions", "decimal"),
      (numbers.thousands, "between thousands", "thousands"),
    ] where sign == text.separator {
      // Quotes keep a number together that such a sign would part.
      let fields = try text.fields(ofPart: 0)
      let isKept = (0..<fields.count).contains { row in
        fields.columns.indices.contains { fields[row, $0].isQuoted && fields[row, $0].bytes.contains(text.separator) }
      }
      guard isKept else {
        throw ScriptError(
          .value,
          "\(Display.quoted(String(UnicodeScalar(text.separator)))) both parts the fields of \(file) and stands \(place)",
          help:
            "numbers with it stand in quotes in such a file; leave `\(argument)` out, or say by `separator:` what else parts the fields",
          argument: argument)
      }
    }
    return text
  }

  private func table(_ text: CSVText, _ file: String) throws -> Table {
    for name in texts where !text.columns.contains(name) {
      _ = try Table(text.columns.map { ($0, .numbers([])) }).column(name, argument: "texts")
    }
    for name in columns ?? [] where !text.columns.contains(name) {
      _ = try Table(text.columns.map { ($0, .numbers([])) }).column(name, argument: "columns")
    }
    let wanted = text.columns.enumerated().filter { columns?.contains($1) ?? true }
    var found = wanted.map { CSVColumn(place: $0, isText: texts.contains($1), form: numbers, missing: missing) }
    let count = try CSVColumn.read(&found, of: text)
    if count == 0 { note("\(file) has no rows below its header") }
    if text.skipsSpaces { note(CSVFields.note(ofSpacesBehind: text.separator, in: file)) }
    let read = try zip(wanted, found).map { wanted, found in
      let (column, words) = try found.contents
      return (name: wanted.element, column: column, words: words)
    }
    let free = read.filter { !texts.contains($0.name) }
    let forms = free.map { found -> [CSVNumberForm] in
      guard case .texts(let texts) = found.column else { return [] }
      return texts.numberForms(besides: numbers)
    }
    noteForms(zip(free, forms).filter { !$1.isEmpty }.map { ($0.name, $1) }, file)
    for found in free {
      guard case .texts(let texts) = found.column, let escaped = texts.escapedQuote else { continue }
      note(
        "backslashes before quotes in \(Display.quoted(found.name)) of \(file) stay, as in "
          + "\(Display.quoted(Display.start(of: escaped))); CSV doubles the quotes, as pandas does without `escapechar`"
      )
    }
    for (found, forms) in zip(free, forms) where forms.isEmpty {
      try noteTexts(found.column, found.words, called: found.name, of: text, file)
    }
    return Table(read.map { ($0.name, $0.column) }, count: count)
  }

  /// Says of a column of texts which values kept it from being one of numbers, or which words in it stand for nothing elsewhere.
  private func noteTexts(
    _ column: Column, _ words: [Int], called name: String, of text: CSVText, _ file: String
  ) throws {
    guard case .texts(let texts) = column else { return }
    // Of many texts, or of long ones, none is likely to stand for nothing.
    func advice(_ values: [String]) -> String {
      guard values.count < 5, values.allSatisfy({ $0.utf8.count <= 40 }) else { return "" }
      let words = (missing.texts + values).map(Display.quoted).joined(separator: ", ")
      return "; \(call(file, "missing: [\(words)]")) takes \(values.count == 1 ? "it" : "them") for missing"
    }
    if let odd = try texts.oddOnesAmongNumbers(numbers, without: words), let value = texts[odd.first] {
      let others = odd.count == 1 ? "" : ", as \(odd.count - 1) more \(odd.count == 2 ? "is" : "are") not"
      let isLong = value.utf8.count > 15 && value.allSatisfy { ("0"..."9").contains($0) || $0 == "-" || $0 == "+" }
      note(
        "\(Display.quoted(name)) of \(file) is a column of texts: \(Display.quoted(Display.start(of: value))) on line "
          + "\(try text.line(ofRow: odd.first)) is "
          + (isLong ? "a longer number than 64 bits hold" : "no number\(others)\(advice(odd.texts))"))
    } else if let row = words.first, let value = texts[row] {
      note(
        "\(Display.quoted(name)) of \(file) is a column of texts, in which \(Display.quoted(value)) on line "
          + "\(try text.line(ofRow: row)) is one\(advice([value]))")
    }
  }

  /// The call that reads a file with further arguments behind those by which it was read.
  private func call(_ file: String, _ arguments: String) -> String {
    func sign(_ byte: UInt8) -> String { Display.quoted(String(UnicodeScalar(byte))) }
    var parts = [Display.quoted(file)]
    if encoding != .utf8 { parts.append("encoding: \(Display.quoted(encoding.rawValue))") }
    if let separator = form.separator { parts.append("separator: \(sign(separator))") }
    if let comment = form.comment { parts.append("comment: \(sign(comment))") }
    switch form.header {
    case .line: break
    case .none: parts.append("header: false")
    case .names(let names): parts.append("header: [\(names.map(Display.quoted).joined(separator: ", "))]")
    }
    if !arguments.isEmpty { parts.append(arguments) }
    return "`read_table(\(parts.joined(separator: ", ")))`"
  }

  /// Says which columns were read as texts and would be numbers in another form, or in one of several.
  private func noteForms(_ columns: [(name: String, forms: [CSVNumberForm])], _ file: String) {
    var told: [(forms: [CSVNumberForm], names: [String])] = []
    for (name, forms) in columns {
      if let place = told.firstIndex(where: { $0.forms == forms }) {
        told[place].names.append(name)
      } else {
        told.append((forms, [name]))
      }
    }
    for (forms, names) in told {
      let isOne = names.count == 1
      var signs = forms.prefix(2).map { form in
        form.thousands == nil
          ? form.decimal == UInt8(ascii: ",") ? "decimal commas" : "decimal points" : "signs between thousands"
      }
      if signs.count == 2, signs[0] == signs[1] { signs.removeLast() }
      let advice = forms.prefix(2).map { form in
        call(file, form.isUsual ? "" : form.arguments)
      }.joined(separator: " or ")
      note(
        "\(names.map(Display.quoted).joined(separator: ", ")) of \(file) seem\(isOne ? "s" : "") to have "
          + "\(signs.joined(separator: " or ")) and \(isOne ? "is a column" : "are columns") of texts; \(advice) reads numbers"
      )
    }
  }

  /// The columns of the table of a file that are wanted, in its order.
  private func chosen(_ table: Table, of file: String) throws -> Table {
    if table.count == 0 { note("\(file) has no rows") }
    let table = try withTexts(table, file)
    guard let columns else { return table }
    for name in columns { _ = try table.column(name, argument: "columns") }
    return Table(zip(table.names, table.columns).filter { columns.contains($0.0) }.map { ($0, $1) }, count: table.count)
  }

  /// A table of a file that tells numbers from texts by itself, with the columns that are to be texts as such.
  private func withTexts(_ table: Table, _ file: String) throws -> Table {
    var table = table
    for name in texts where table[name] != nil || columns?.contains(name) ?? true {
      let column = try table.column(name, argument: "texts")
      if case .texts = column { continue }
      table = table.setting(
        name,
        to: try Column(count: column.count) { place in
          column.isMissing(at: place) ? .nil : .string(column[place].description)
        })
    }
    return table
  }

  private func lines(_ bytes: [UInt8], _ file: String) throws -> Table {
    var (rows, failure): (MapRows, (any Error)?) = (MapRows(), nil)
    try encoding.reading("read_table", file) {
      try JSONLine.decode(bytes, file: file) { line in
        guard failure == nil else { return }
        let map = ScriptMap()
        for field in line.fields { map[field.name] = Value(data: field.value) }
        do { try rows.append(map) } catch { failure = error }
      }
    }
    if let failure { throw failure }
    return rows.table
  }
}
