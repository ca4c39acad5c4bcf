import Formats
import Foundation
import PixelScript
import Safepoint
import Tensors

/// Reads tables from files.
struct TableReading {
  let files: FileAccess
  /// Columns that are texts whatever stands in them.
  let texts: [String]
  /// The columns that are read; nil for all.
  let columns: [String]?
  /// What stands between the fields of a CSV file; nil for the comma, or what the header has in its place.
  let separator: UInt8?
  /// Hears of what is left out.
  let note: (String) -> Void

  private static let endings = ["csv", "tsv", "jsonl", "json", "parquet"]

  /// The table of a file, or of all files that a pattern names, in the order of their paths; `fileColumn` has the file of each row then.
  func table(_ path: String, fileColumn: String?, poll: () throws -> Void) throws -> Table {
    guard path.contains(where: { "*?".contains($0) }), !FileManager.default.fileExists(atPath: path) else {
      return try table(try files.existing(path))
    }
    let paths = try FilePattern.paths(path) { _ = try files.readable($0) }
    guard !paths.isEmpty else {
      throw ScriptError(.io, "no file is named as \(Display.quoted(path)) says", argument: "path")
    }
    let tables = try paths.map { file -> Table in
      try poll()
      let table = try table(file)
      guard let fileColumn else { return table }
      guard table[fileColumn] == nil else {
        throw ScriptError(
          .value, "\(file) has a column \(Display.quoted(fileColumn)) already",
          help: "file: gives another name, or nil for none",
          argument: "file")
      }
      return Table(
        [(fileColumn, try Column(repeating: .string(file), count: table.count))]
          + zip(table.names, table.columns).map { ($0, $1) }, count: table.count)
    }
    return try Table.joined(tables)
  }

  private func table(_ file: String) throws -> Table {
    let name = file.split(separator: "/").last ?? ""
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    switch ending {
    case "csv": return try table(CSVText(file, separator: separator), file)
    case "tsv": return try table(CSVText(file, separator: separator ?? UInt8(ascii: "\t")), file)
    case "jsonl": return try chosen(try lines(file), of: file)
    case "json":
      let value = try JSONText.decode(try readFile(file, limit: 1 << 28), file: file)
      return try chosen(try ColumnInput.table(value, nil), of: file)
    case "parquet":
      let table = try ParquetTable.read(file, columns: columns, note: note)
      if table.count == 0 { note("\(file) has no rows") }
      return table
    default:
      throw ScriptError(
        .value,
        "a table is read from \(Self.endings.map { "." + $0 }.joined(separator: ", ")) files, found \(Display.quoted(file))",
        argument: "path")
    }
  }

  private func table(_ text: CSVText, _ file: String) throws -> Table {
    for name in texts where !text.columns.contains(name) {
      _ = try Table(text.columns.map { ($0, .numbers([])) }).column(name, argument: "texts")
    }
    for name in columns ?? [] where !text.columns.contains(name) {
      _ = try Table(text.columns.map { ($0, .numbers([])) }).column(name, argument: "columns")
    }
    let wanted = text.columns.enumerated().filter { columns?.contains($1) ?? true }
    var found = wanted.map { CSVColumn(place: $0, isText: texts.contains($1)) }
    let count = try CSVColumn.read(&found, of: text)
    if count == 0 { note("\(file) has no rows below its header") }
    return Table(try zip(wanted, found).map { ($0.element, try $1.column) }, count: count)
  }

  /// The columns of the table of a file that are wanted, in its order.
  private func chosen(_ table: Table, of file: String) throws -> Table {
    if table.count == 0 { note("\(file) has no rows") }
    guard let columns else { return table }
    for name in columns { _ = try table.column(name, argument: "columns") }
    return Table(zip(table.names, table.columns).filter { columns.contains($0.0) }.map { ($0, $1) }, count: table.count)
  }

  private func lines(_ file: String) throws -> Table {
    var (rows, failure): (MapRows, (any Error)?) = (MapRows(), nil)
    try JSONLine.read(file, limit: 1 << 29) { line in
      guard failure == nil else { return }
      let map = ScriptMap()
      for field in line.fields { map[field.name] = Value(data: field.value) }
      do { try rows.append(map) } catch { failure = error }
    }
    if let failure { throw failure }
    return rows.table
  }
}

/// The paths that a pattern names.
enum FilePattern {
  /// The files whose paths a pattern fits, sorted; `*` stands for any part of a name and `?` for one letter. `willRead` is told each
  /// folder that is looked into and each file, and throws where that is not allowed.
  static func paths(_ pattern: String, willRead: (String) throws -> Void) throws -> [String] {
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    let parts = pattern.split(separator: "/").map(String.init)
    for (place, part) in parts.enumerated() {
      try Safepoint.check()
      let isLast = place == parts.count - 1
      found = try found.flatMap { folder -> [String] in
        guard part.contains(where: { "*?".contains($0) }) else { return [folder + part + (isLast ? "" : "/")] }
        let place = folder.isEmpty ? "." : folder
        try willRead(place)
        return names(in: place).filter { fits($0[...], Array(part)[...]) }
          .map { folder + $0 + (isLast ? "" : "/") }
      }
    }
    // A folder has something in it.
    let files = found.filter {
      FileManager.default.fileExists(atPath: $0) && !FileManager.default.fileExists(atPath: $0 + "/.")
    }
    for file in files { try willRead(file) }
    return files.sorted()
  }

  private static func names(in folder: String) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") } } catch {
      return []
    }
  }

  /// Whether a name fits: a star that failed is tried again one letter further, so that nothing grows beyond length times length.
  private static func fits(_ name: Substring, _ pattern: ArraySlice<Character>) -> Bool {
    let name = Array(name)
    var (place, sign) = (0, pattern.startIndex)
    var star: (sign: Int, place: Int)?
    while place < name.count {
      if sign < pattern.endIndex, pattern[sign] == "*" {
        star = (sign, place)
        sign += 1
      } else if sign < pattern.endIndex, pattern[sign] == "?" || pattern[sign] == name[place] {
        sign += 1
        place += 1
      } else if let last = star {
        star = (last.sign, last.place + 1)
        (sign, place) = (last.sign + 1, last.place + 1)
      } else {
        return false
      }
    }
    return pattern[sign...].allSatisfy { $0 == "*" }
  }
}
