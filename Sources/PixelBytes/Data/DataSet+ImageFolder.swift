import Foundation
import Formats

extension DataSet {
  /// Reads a folder of PNG, JPEG and GIF pictures and captions in the Hugging Face imagefolder form.
  ///
  /// The folder, or its sub folder `split`, holds `metadata.csv` or `metadata.jsonl` with the column `image` (or
  /// `file_name`), whose paths start at that folder, and the column `caption`; other columns are kept. At most
  /// `limit` rows are read. A row that cannot be loaded is never left out: one `DataError` then gives the number of such
  /// rows and file, line and reason of the first five. Pictures that take more than `memoryLimit` together throw.
  /// `willRead` is called with the path of each file before it is read, and stops the work by throwing.
  public static func imageFolder(
    _ path: String, image: String = "image", caption: String = "caption", split: String = "train", limit: Int? = nil,
    willRead: (String) throws -> Void = { _ in }
  ) throws -> DataSet {
    let metadata = try Metadata(in: path, split: split, willRead: willRead)
    let fileColumn = try metadata.column(among: [image, "file_name"], called: "the picture's file")
    _ = try metadata.column(among: [caption], called: "the caption")
    let records = metadata.records.prefix(Swift.max(0, limit ?? .max))
    var loaded = LoadedRows(of: metadata.file)
    for record in records {
      try loaded.append("line \(record.line)") {
        try record.row(in: metadata.folder, image: fileColumn, caption: caption, willRead: willRead)
      }
    }
    return try loaded.dataSet()
  }
}

/// One line of the metadata, its fields in the order of the file.
private struct Record {
  let line: Int
  let fields: [NamedText]

  func row(in folder: String, image: String, caption: String, willRead: (String) throws -> Void) throws -> DataRow {
    guard let name = fields.first(where: { $0.name == image })?.text, !name.isEmpty else {
      throw RowError(reason: "names no picture")
    }
    guard let text = fields.first(where: { $0.name == caption })?.text else {
      throw RowError(reason: "\(name): has no \(caption)")
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(".."), parts.first != "", !name.utf8.contains(0) else {
      throw RowError(reason: "\(name): leads out of the folder")
    }
    try willRead(folder + "/" + name)
    do throws(FormatError) {
      let picture = try RasterImage.read(folder + "/" + name)
      return DataRow(caption: text, image: picture, extra: fields.filter { $0.name != image && $0.name != caption })
    } catch {
      throw RowError(reason: "\(name): \(error.message)")
    }
  }
}

/// The metadata file of a folder.
private struct Metadata {
  let folder: String
  let file: String
  var columns: [String] = []
  var records: [Record] = []

  init(in path: String, split: String, willRead: (String) throws -> Void) throws {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    try Self.checkFolder(path)
    let folders = (split.isEmpty || split.contains("/") || split == ".." ? [] : ["\(path)/\(split)"]) + [path]
    let candidates = folders.flatMap { folder in ["metadata.csv", "metadata.jsonl"].map { (folder, "\(folder)/\($0)") }
    }
    guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0.1) }) else {
      let names = folders.joined(separator: " or ")
      throw DataError(.io, "there is no metadata.csv, metadata.jsonl or parquet file in \(names)" + Self.hint(path))
    }
    (folder, file) = found
    try willRead(file)
    do throws(FormatError) {
      if file.hasSuffix(".csv") { try readTable() } else { try readLines() }
    } catch {
      throw DataError(error.kind == .limit ? .limit : .io, error.description)
    }
  }

  func column(among names: [String], called what: String) throws(DataError) -> String {
    if let name = names.first(where: columns.contains) { return name }
    let expected = names.map { "\"\($0)\"" }.joined(separator: " or ")
    let found = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    throw DataError(.value, "\(file): expected the column \(expected) for \(what), found \(found)")
  }

  private static func checkFolder(_ path: String) throws(DataError) {
    if FileManager.default.fileExists(atPath: path + "/.") { return }
    let exists = FileManager.default.fileExists(atPath: path)
    throw DataError(.io, exists ? "\(path) is a file, not a folder" : "there is no folder \(path)")
  }

  /// The names of the sub folders, one of which the user may have meant as the split.
  private static func hint(_ path: String) -> String {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return "" }
    let splits = names.filter { name in
      ["metadata.csv", "metadata.jsonl"].contains { FileManager.default.fileExists(atPath: "\(path)/\(name)/\($0)") }
    }
    return splits.isEmpty ? "" : "; the folder has the splits \(splits.sorted().joined(separator: ", "))"
  }

  private mutating func readTable() throws(FormatError) {
    let table = try CSV(contentsOf: file)
    columns = table.columns
    records = table.rows.map { row in
      Record(line: row.line, fields: zip(table.columns, row.fields).map { NamedText($0, $1) })
    }
  }

  private mutating func readLines() throws(FormatError) {
    for line in try JSONLine.read(file) {
      for (name, _) in line.fields where !columns.contains(name) { columns.append(name) }
      let texts = line.fields.compactMap { name, text in text.map { NamedText(name, $0) } }
      records.append(Record(line: line.number, fields: texts))
    }
  }
}
