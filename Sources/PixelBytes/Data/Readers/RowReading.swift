import Formats
import Foundation

/// What every reader of a data set is told.
public struct ReadingOptions: Sendable {
  /// The column of the pictures, or of their files; nil for texts alone.
  public var image: String? = "image"
  /// The column of the captions; nil for pictures alone.
  public var caption: String? = "caption"
  /// The further columns that are read; nil for all of them.
  public var columns: [String]?
  /// The split: a sub folder, or the beginning of the Hub's file names; nil for "train" where there are splits, else for all rows.
  public var split: String?
  /// How the characters of tables and texts are written, those of parquet aside.
  public var encoding = TextEncoding.utf8
  /// The most rows.
  public var limit: Int?
  /// Whether what can be read of a broken picture is kept; else its row cannot be read.
  public var keepsDamaged = false
  /// The files that rows are made of, by their paths below the folder, with their places in the order of the rows; nil for all.
  var files: [String: Int]?
  /// The files of all splits, where `files` are those of one, and the folders of all splits, whose pictures have labels too.
  var (allFiles, splitFolders): (Set<String>?, [String]) = (nil, [])
  /// Whether folders are no labels of the pictures in them; nil for what the folders tell.
  var dropsLabels: Bool?
  /// Whether tables of metadata are passed over.
  var dropsMetadata = false
  /// What parts the fields of tables, where README.md says it.
  var separator: UInt8?
  /// The classes that numbers in columns count as README.md says, and its path.
  var (classes, classesFile) = (ClassNames(), "")
  /// What the search for files left out, which the rows tell among their notes.
  var notes: [String] = []
  /// Called with the path of each file before it is read, on several threads; stops the reading by throwing.
  public var willRead: @Sendable (String) throws -> Void = { _ in }

  /// Whether a file is a table of metadata that is passed over.
  func drops(_ file: String) -> Bool {
    dropsMetadata && DescribedFolder.isTable(file)
  }

  /// The split that is read when none is named.
  static let usualSplit = "train"

  /// The names that the Hugging Face Hub uses, and no limit.
  public init() {}

  /// Works with files; one that is wrong throws a `DataError`.
  static func reading<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as FormatError { throw DataError(error) }
  }

  /// The further columns of a file that are wanted, of those that it has; throws where it lacks one.
  ///
  /// One that is called as the picture or the caption of a row, which come from other columns, is none; a note tells of it.
  func further(_ all: [String], in file: String, notes: inout [String]) throws(DataError) -> [String] {
    let taken = ["image": image, "caption": caption]
    let found = all.filter { !taken.keys.contains($0) }
    for name in all where taken.keys.contains(name) {
      guard let other = taken[name] ?? nil else { continue }
      notes.append("\(file): the column \"\(name)\" is left out: what rows call so is their column \"\(other)\"")
    }
    guard let columns else { return found }
    if let missing = columns.first(where: { !found.contains($0) && $0 != image && $0 != caption }) {
      let others = found.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(
        .value, "\(file): there is no further column \"\(missing)\"" + (found.isEmpty ? "" : "; there are \(others)"))
    }
    return found.filter(columns.contains)
  }

  /// Whether the pictures of a parquet file are named in it: a column of texts, which leads to the files beside it.
  func namesPictures(of path: String) throws -> Bool {
    guard let image else { return false }
    try willRead(path)
    let columns = try Self.reading { try ParquetFile(path).columns }
    let names = [image, "file_name", image + "_file_name"]
    return names.lazy.compactMap { name in columns.first { $0.name == name } }.first?.type == .text
      || !columns.contains { $0.name == image } && columns.contains { $0.name == "file_names" }
  }

  /// Throws where another encoding was asked for than a parquet file has.
  static func check(_ encoding: TextEncoding, ofParquet file: String) throws(DataError) {
    if encoding == .utf8 || encoding == .utf8Marked { return }
    throw DataError(
      .value, "\(file): the texts of a parquet file are UTF-8, found \"\(encoding.rawValue)\" for their encoding")
  }

  /// What tells that captions are made of values that are no texts.
  static func captionsOfValues(_ column: String, in file: String) -> String {
    "\(file): the column \"\(column)\" holds numbers, dates or other values; captions are those as they are written"
  }

  /// What tells of columns whose names differ in the case of letters alone.
  static func spellings(_ names: [String], in file: String) -> [String] {
    var spellings: [String: String] = [:]
    return names.compactMap { name in
      spellings.updateValue(name, forKey: name.lowercased()).flatMap { other in
        other == name
          ? nil
          : "\(file) has the columns \"\(other)\" and \"\(name)\", which differ in the case of letters alone"
      }
    }
  }

  /// Returns the picture `name` in `folder`, or says why it cannot be read.
  func picture(_ name: String, in folder: String) throws -> RasterImage {
    let path = try path(of: name, in: folder)
    do throws(FormatError) { return try RasterImage.read(path, keepsDamaged: keepsDamaged) } catch {
      throw RowError(reason: "\(RowError.shown(name)): \(error.message)")
    }
  }

  /// Returns the bytes of the file `name` in `folder`, or says why it cannot be read.
  func bytes(_ name: String, in folder: String) throws -> [UInt8] {
    let path = try path(of: name, in: folder)
    do throws(FormatError) { return try readFile(path, limit: RasterImage.fileLimit) } catch {
      throw RowError(reason: "\(RowError.shown(name)): \(error.message)")
    }
  }

  /// The path of a file below `folder`; names may have the separators of Windows, and letters composed or taken apart.
  private func path(of name: String, in folder: String) throws -> String {
    let exists = name.contains("\\") && FileManager.default.fileExists(atPath: folder + "/" + name)
    let name = exists ? name : name.replacing("\\", with: "/")
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if name.firstMatch(of: #/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//#) != nil {
      throw RowError(
        reason: "\(RowError.shown(name)): is an address of the web; expected a file in the folder")
    }
    if name.utf8.contains(0) { throw RowError(reason: "\(RowError.shown(name)): no file has a NUL in its name") }
    guard !parts.contains(".."), parts.first != "" else {
      let what = parts.first == "" ? "is a path from the root, expected one from the folder" : "leads out of the folder"
      throw RowError(reason: "\(RowError.shown(name)): \(what)")
    }
    if name.contains("\u{FFFD}"), !FileManager.default.fileExists(atPath: folder + "/" + name) {
      throw RowError(reason: "\(RowError.shown(name)): has a name that is not UTF-8, by which it cannot be opened")
    }
    let path = FileName.spelled(folder + "/" + name)
    try willRead(path)
    return path
  }
}

/// Why one row cannot be read.
struct RowError: Error {
  let reason: String
  /// The file that it came of, where it was one.
  var cause: FormatError?

  /// A name as an error tells it, the end of a long one left out.
  static func shown(_ name: String) -> String { name.utf8.count > 100 ? name.prefix(80) + "…" : name }

  /// Returns what `body` gives; a `RowError` becomes a `DataError` that names the row.
  static func placed<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as RowError {
      var placed = DataError(.io, "\(place): \(error.reason)")
      placed.cause = error.cause
      throw placed
    }
  }
}

extension DataError {
  /// A file that cannot be read or breaks the rules of its format.
  init(_ error: FormatError) {
    self.init(error.kind == .limit ? .limit : .io, error.description)
    cause = error
  }
}
