import Formats
import Foundation

/// Where in a folder the data may be.
struct FolderContents {
  /// The endings of tables that describe pictures beside them or hold rows themselves.
  static let tableEndings = ["csv", "tsv", "jsonl", "parquet"]

  /// Whether a file is a table that rows are read from, by its name; a packed one is what it is below that.
  static func isTable(_ path: String) -> Bool {
    let name = PackedFile.unpackedName(path).lowercased()
    return (tableEndings + ["json"]).contains { name.hasSuffix("." + $0) }
  }

  private let path: String
  private let split: SplitChoice
  /// The folders in which data may be, the first of them before the others.
  let places: [String]

  /// Nil for what is no folder.
  init?(_ path: String, split: SplitChoice) {
    guard Self.isFolder(path) else { return nil }
    let isName = !split.name.isEmpty && !split.name.contains("/") && split.name != ".."
    (self.path, self.split) = (path, split)
    places = ([isName ? "\(path)/\(split.name)" : nil, path] as [String?]).compactMap { $0 }.filter(Self.isFolder)
  }

  private static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

  /// The folder in which a file of this name is.
  func place(of name: String) -> String? {
    places.first { FileManager.default.fileExists(atPath: $0 + "/" + name) }
  }

  /// The table that says which picture has which caption, and the folder it is in; two in one folder throw.
  func metadata() throws(DataError) -> (file: String, place: String)? {
    for place in places {
      let found = ["metadata.csv", "metadata.jsonl", "metadata.parquet"].filter {
        FileManager.default.fileExists(atPath: "\(place)/\($0)")
      }
      guard found.count < 2 else {
        throw DataError(.io, "\(place) has \(found.joined(separator: " and ")); keep one of them, which has all rows")
      }
      if let name = found.first { return ("\(place)/\(name)", place) }
    }
    return nil
  }

  /// The parquet files that make up the data; none when there are none.
  func parquetFiles() throws(DataError) -> [String] {
    for place in places.dropLast() + ["\(path)/data", path] {
      let files = Self.names(in: place).filter { $0.hasSuffix(".parquet") }.sorted()
      if !files.isEmpty { return try chosen(files, in: place).map { "\(place)/\($0)" } }
    }
    return []
  }

  /// Those of a folder's files that belong to the split, as far as all names say so.
  private func chosen(_ files: [String], in folder: String) throws(DataError) -> [String] {
    let shards = files.compactMap { HubShard($0) }
    guard shards.count == files.count else {
      // In the folder of a split all files are its own.
      if folder != path, folder != "\(path)/data" { return files }
      let named = Dictionary(files.map { (String($0.dropLast(".parquet".count)), [$0]) }, uniquingKeysWith: { $0 + $1 })
      let isOfSplits = named[ReadingOptions.usualSplit] != nil || named[split.name] != nil
      return try split.chosen(of: isOfSplits ? named : ["": files], in: folder) ?? files
    }
    let ours = shards.filter { $0.split == split.name }
    guard let total = ours.first?.total else {
      throw SplitChoice.missing(split.name, in: folder, Array(Set(shards.map(\.split))))
    }
    let missing = (0..<total).first { number in !ours.contains { $0.number == number && $0.total == total } }
    guard missing == nil, ours.count == total else {
      throw DataError(
        .io,
        "\(folder) has \(ours.count) of the \(total) files of the split \(split.name)"
          + (missing.map { "; number \($0) is missing" } ?? ""))
    }
    return ours.map(\.file)
  }

  /// A table that has the name of the split.
  var table: String? {
    ["\(path)/data", path].flatMap { place in Self.tableEndings.map { "\(place)/\(split.name).\($0)" } }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }

  /// The folders whose own files are the data; throws when a split was asked for that has no folder.
  func ownPlaces() throws(DataError) -> [String] {
    if case .named(let name) = split, places.count == 1, name != ReadingOptions.usualSplit || !splits.isEmpty {
      throw SplitChoice.missing(name, in: path, splits)
    }
    return places.count > 1 ? [places[0]] : places
  }

  /// What look like splits: folders with a table that describes pictures, and tables beside each other.
  private var splits: [String] {
    let names = Self.names(in: path)
    let folders = names.filter { name in
      Self.names(in: "\(path)/\(name)").contains { $0.hasPrefix("metadata.") }
        || Self.usualNames.contains(name) && Self.isFolder("\(path)/\(name)")
    }
    let files = (names + Self.names(in: "\(path)/data")).filter { name in
      Self.usualNames.contains { usual in Self.tableEndings.contains { name == "\(usual).\($0)" } }
    }
    return Set(folders + files.map { String($0.split(separator: ".")[0]) }).sorted()
  }

  private static let usualNames = ["train", "test", "validation", "valid", "val", "dev", "eval"]

  /// The splits, one of which the user may have meant.
  var hint: String { splits.isEmpty ? "" : "; the folder has the splits \(splits.joined(separator: ", "))" }

  /// The names in a folder, those of hidden files aside; none when it is not there or cannot be listed, which reading it tells.
  static func names(in folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch { return [] }
  }
}

/// A file of the Hub, one of several of a split: `train-00000-of-00002.parquet`, or `train-00000-of-00002-a09b74b3ef9c3b56.parquet`.
struct HubShard {
  let file: String
  let split: String
  let number: Int
  let total: Int

  init?(_ file: String) {
    guard file.hasSuffix(".parquet") else { return nil }
    var parts = file.dropLast(".parquet".count).split(separator: "-", omittingEmptySubsequences: false)
    // Before 2024 the Hub put a digest behind its names.
    if parts.count >= 5, parts[parts.count - 3] == "of", let digest = parts.last, digest.count == 16,
      digest.allSatisfy(\.isHexDigit)
    {
      parts.removeLast()
    }
    guard parts.count >= 4, parts[parts.count - 2] == "of", parts[parts.count - 3].count == 5,
      parts[parts.count - 1].count == 5, let number = Int(parts[parts.count - 3]),
      let total = Int(parts[parts.count - 1]), 0..<total ~= number
    else { return nil }
    (self.file, self.number, self.total) = (file, number, total)
    split = parts[..<(parts.count - 3)].joined(separator: "-")
  }
}
