import Formats
import Foundation
import Safepoint

/// A folder with tables that describe pictures, and the pictures in it and the folders below.
///
/// As in the Hub's library, each table describes pictures of its own folder and of those below, its rows are read with those of the
/// others, and what no row names is not read.
final class DescribedFolder {
  /// The names of tables that describe the pictures in a folder.
  static let tableNames = ["csv", "jsonl", "parquet"].flatMap { ending in
    (ending == "parquet" ? [""] : [""] + PackedFile.Form.allCases.map(\.rawValue)).map { "metadata.\(ending)\($0)" }
  }
  /// How deep folders are looked into.
  private static let depth = 32

  private let path: String
  /// The tables, by their places below the folder, outer ones first.
  private(set) var tables: [String] = []
  /// The tables that are not among the files that count, where those were named.
  private(set) var others: [String] = []
  private var pictures: [String] = []
  /// The files that count; nil for all.
  private let only: Set<Int>?
  /// The file that says so.
  private let configuration: String
  /// How many rows name a picture that does not count.
  private var strangers = 0
  /// Files that are called metadata and are of a form in which the Hub's library reads none.
  private var strays: [String] = []
  /// The hashes of the names that rows have; equal names of pictures have equal ones, however their letters are composed.
  private var named: Set<Int> = []
  /// Whether some rows name pictures in lists, which are not looked into.
  private var hasLists = false

  /// Looks into a folder and those below; of the files `only` those count, where it is not nil, as the file `configuration` says.
  init(_ path: String, only: Set<String>? = nil, of configuration: String = "README.md") throws(DataError) {
    self.configuration = configuration
    (self.path, self.only) = (path, only.map { Set($0.map { FileName.plain($0).hashValue }) })
    try collect("", depth: 0)
    if let only {
      others = tables.filter { !only.contains($0) }
      tables = tables.filter(only.contains)
      pictures = pictures.filter(only.contains)
    }
  }

  private func collect(_ place: String, depth: Int) throws(DataError) {
    var folders: [String] = []
    for name in FolderContents.names(in: path + "/" + place).sorted() {
      if Safepoint.mustStop(after: 2000) { throw DataError(.io, "listing \(path) was stopped") }
      if Self.tableNames.contains(name) {
        tables.append(place + name)
      } else if Self.isStray(name) {
        strays.append(place + name)
      } else if PictureFolderRows.isPicture(name) {
        pictures.append(place + name)
      } else if depth < Self.depth, !FolderContents.isPassedOver(name), Self.isFolder(path + "/" + place + name) {
        folders.append(place + name + "/")
      }
    }
    for folder in folders { try collect(folder, depth: depth + 1) }
  }

  /// Whether a path leads to a folder, not to a link to one.
  static func isFolder(_ path: String) -> Bool {
    do {
      return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeDirectory
    } catch { return false }
  }

  /// Opens the tables, whose rows stand one behind the other; throws where they are of several forms, or in folders of several splits.
  func rows(_ options: ReadingOptions, split: SplitChoice, poll: () throws -> Void) throws -> DataSet {
    try check(isWhole: options.files == nil)
    var options = options
    var parts: [DataSet] = []
    for table in tables {
      let isLast = table == tables.last
      let rows = try TableRows("\(path)/\(table)", options, split: split, describing: self, poll: poll) {
        isLast ? self.notes : []
      }
      options.notes = []
      parts.append(DataSet(source: rows))
    }
    return try DataSet.joined(parts)
  }

  private func check(isWhole: Bool) throws(DataError) {
    var forms: [String: String] = [:]
    for table in tables {
      let name = table.split(separator: "/").last.map(String.init) ?? table
      forms[name] = forms[name] ?? table
    }
    guard forms.count < 2 else {
      let both = forms.values.sorted().joined(separator: " and ")
      throw DataError(.io, "\(path) has \(both); keep one of them, which has all rows, or make all of one form")
    }
    if !isWhole { return }
    let folders = tables.map { table in table.lastIndex(of: "/").map { table[...$0] } ?? "" }
    try PictureFolderRows.checkSplits(path, folders: folders, isStrict: true)
  }

  /// Whether a table that describes pictures lies in a folder.
  static func hasTable(_ path: String) -> Bool {
    tableNames.contains { FileManager.default.fileExists(atPath: path + "/" + $0) }
  }

  /// The folder with a table that describes pictures where a folder holds nothing but one folder, and that may hold nothing but one; nil
  /// for others, and where the name of one of them tells a split.
  static func only(below path: String) -> String? {
    var place = path
    for _ in 0..<depth {
      let names = FolderContents.names(in: place).filter { $0 != "README.md" && !FolderContents.isPassedOver($0) }
      guard names.count == 1, SplitName.word(in: names[0]) == nil, FolderContents.isFolder(place + "/" + names[0])
      else {
        return nil
      }
      place += "/" + names[0]
      if hasTable(place) { return place }
    }
    return nil
  }

  /// Notes that a row of a table names a picture.
  func add(_ name: String, of table: String) {
    let folder = table.dropFirst(path.count + 1)
    let start = folder.lastIndex(of: "/").map { folder[...$0] } ?? ""
    let place = FileName.plain(start + name.replacing("\\", with: "/"))
    named.insert(place.hashValue)
    if let only, !only.contains(place.hashValue) { strangers += 1 }
  }

  /// Whether there are pictures that no row has named so far.
  var hasUnnamed: Bool { !hasLists && pictures.contains { !named.contains($0.hashValue) } }

  /// Notes that rows name pictures in lists.
  func addLists() { hasLists = true }

  /// Whether a file is a table that describes pictures, by its name.
  static func isTable(_ path: String) -> Bool {
    tableNames.contains(path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// Whether a file is called metadata and is none of the tables that are read.
  static func isStray(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lowercased().hasPrefix("metadata.") && FolderContents.isTable(name) && !tableNames.contains(name)
  }

  /// What tells of tables that are not read, by their places in a folder, beside those that are.
  static func notes(of strays: [String], in path: String) -> [String] {
    guard !strays.isEmpty else { return [] }
    let told = strays.sorted().prefix(3).joined(separator: ", ") + (strays.count > 3 ? ", ..." : "")
    return ["\(path): \(told) is not read: pictures are described by metadata.csv, metadata.jsonl or metadata.parquet"]
  }

  /// What tells of files that are not read, and of pictures that no row names.
  private var notes: [String] {
    var untold = Self.notes(of: strays, in: path)
    if strangers > 0 {
      let rows = strangers == 1 ? "1 row names a picture" : "\(strangers) rows name pictures"
      untold.append("\(path): \(rows) that \(configuration) does not name for the split; they are read all the same")
    }
    let others = hasLists ? [] : pictures.filter { !named.contains($0.hashValue) }
    if others.isEmpty { return untold }
    let told = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", ..." : "")
    let what =
      others.count == 1
      ? "1 picture is not read, because no row names it"
      : "\(others.count) pictures are not read, because no row names them"
    return untold + ["\(path): \(what): \(told)"]
  }
}
