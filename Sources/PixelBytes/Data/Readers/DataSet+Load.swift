import Foundation

extension DataSet {
  /// Opens a data set: a parquet, CSV or JSONL file, a folder that `DataFolder` wrote, or another folder; rows are read when
  /// they are asked for.
  ///
  /// In a folder, its sub folder `split` goes before the folder itself, and metadata.csv or metadata.jsonl (the Hugging Face
  /// imagefolder form) before parquet files, before `.txt` files with pictures of the same name. Parquet files may be in
  /// `data` too, and are read in the order of their names; where these are the Hub's, such as
  /// `train-00000-of-00002.parquet`, only those of `split` are, all of which must be there. No other part of a name counts as
  /// a split. `poll` is called now and then and stops the work by throwing.
  public static func load(
    _ path: String, _ options: ReadingOptions = ReadingOptions(), poll: () throws -> Void = {}
  ) throws -> DataSet {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    return try opened(path, options, poll: poll).named(path.split(separator: "/").last.map(String.init))
  }

  private static func opened(_ path: String, _ options: ReadingOptions, poll: () throws -> Void) throws -> DataSet {
    let folder = FolderContents(path, split: options.split)
    if folder == nil, ["csv", "jsonl"].contains(path.split(separator: ".").last) {
      return DataSet(source: try TableRows(path, options))
    }
    if folder == nil, path.hasSuffix(".parquet") {
      return DataSet(source: try ParquetFileRows([path], options, poll: poll))
    }
    guard let folder else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw DataError(
        .io,
        exists ? "\(path) is no .parquet, .csv or .jsonl file, and no folder" : "there is no file or folder \(path)")
    }
    if let place = folder.place(of: DataFolder.descriptionFile) {
      return try DataFolder.open(place, options, poll: poll)
    }
    if let metadata = folder.metadata { return DataSet(source: try TableRows(metadata, options)) }
    let files = try folder.parquetFiles()
    if !files.isEmpty { return DataSet(source: try ParquetFileRows(files, options, poll: poll)) }
    for place in folder.places {
      try poll()
      if let rows = try TextFolderRows(place, options) { return DataSet(source: rows) }
    }
    throw DataError(
      .io,
      "there is no metadata.csv, metadata.jsonl, parquet file or text in \(folder.places.joined(separator: " or "))"
        + folder.hint)
  }
}

/// Where in a folder the data may be.
private struct FolderContents {
  private let path: String
  private let split: String
  /// The folders in which data may be, the first of them before the others.
  let places: [String]

  /// Nil for what is no folder.
  init?(_ path: String, split: String) {
    guard FileManager.default.fileExists(atPath: path + "/.") else { return nil }
    let isName = !split.isEmpty && !split.contains("/") && split != ".."
    (self.path, self.split) = (path, split)
    places = ([isName ? "\(path)/\(split)" : nil, path] as [String?]).compactMap { $0 }.filter {
      FileManager.default.fileExists(atPath: $0 + "/.")
    }
  }

  /// The folder in which a file of this name is.
  func place(of name: String) -> String? {
    places.first { FileManager.default.fileExists(atPath: $0 + "/" + name) }
  }

  /// The table that says which picture has which caption.
  var metadata: String? {
    places.flatMap { ["\($0)/metadata.csv", "\($0)/metadata.jsonl"] }.first {
      FileManager.default.fileExists(atPath: $0)
    }
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
    guard shards.count == files.count else { return files }
    let ours = shards.filter { $0.split == split }
    guard let total = ours.first?.total else {
      let found = Set(shards.map(\.split)).sorted().joined(separator: ", ")
      throw DataError(.io, "\(folder) has no files of the split \(split); it has the splits \(found)")
    }
    let missing = (0..<total).first { number in !ours.contains { $0.number == number && $0.total == total } }
    guard missing == nil, ours.count == total else {
      throw DataError(
        .io,
        "\(folder) has \(ours.count) of the \(total) files of the split \(split)"
          + (missing.map { "; number \($0) is missing" } ?? ""))
    }
    return ours.map(\.file)
  }

  /// The names of the sub folders, one of which the user may have meant as the split.
  var hint: String {
    let splits = Self.names(in: path).filter { name in
      ["metadata.csv", "metadata.jsonl"].contains { FileManager.default.fileExists(atPath: "\(path)/\(name)/\($0)") }
    }
    return splits.isEmpty ? "" : "; the folder has the splits \(splits.sorted().joined(separator: ", "))"
  }

  /// The names in a folder; none when it is not there or cannot be listed, which reading it tells.
  private static func names(in folder: String) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: folder) } catch { return [] }
  }
}

/// A file of the Hub, one of several of a split: `train-00000-of-00002.parquet`.
private struct HubShard {
  let file: String
  let split: String
  let number: Int
  let total: Int

  init?(_ file: String) {
    let parts = file.dropLast(".parquet".count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of", parts[parts.count - 3].count == 5,
      parts[parts.count - 1].count == 5, let number = Int(parts[parts.count - 3]),
      let total = Int(parts[parts.count - 1]), 0..<total ~= number
    else { return nil }
    (self.file, self.number, self.total) = (file, number, total)
    split = parts[..<(parts.count - 3)].joined(separator: "-")
  }
}
