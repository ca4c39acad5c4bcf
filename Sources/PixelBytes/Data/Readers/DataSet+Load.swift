import Formats
import Foundation

extension DataSet {
  /// Opens a data set: a parquet, CSV, TSV or JSON Lines file, packed or not, a folder that `DataFolder` wrote, or another folder; rows are read when they
  /// are asked for.
  ///
  /// In a folder, its sub folder `split` goes before the folder itself, and metadata.csv, .jsonl or .parquet (the Hugging Face
  /// imagefolder form) before parquet files, before a table named after the split, before parquet files in folders such as
  /// `kind=cat`, before `.txt` files with pictures of the same name, before pictures in folders named after their labels. Parquet
  /// files may be in `data` too, and are read in the order of their names; where these are the Hub's, such as
  /// `train-00000-of-00002.parquet`, only those of the split are, all of which must be there. A split that is asked for and is not
  /// there throws. `poll` is called now and then and stops the work by throwing.
  public static func load(
    _ path: String, _ options: ReadingOptions = ReadingOptions(), poll: () throws -> Void = {}
  ) throws -> DataSet {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    return try opened(path, options, poll: poll).named(path.split(separator: "/").last.map(String.init))
  }

  private static func opened(_ path: String, _ options: ReadingOptions, poll: () throws -> Void) throws -> DataSet {
    guard let folder = FolderContents(path, split: SplitChoice(options.split)) else {
      guard FolderContents.isTable(path) else {
        let exists = FileManager.default.fileExists(atPath: path)
        throw DataError(
          .io,
          exists
            ? "\(path) is no .parquet, .csv, .tsv, .jsonl or .json file, and no folder"
            : "there is no file or folder \(path)")
      }
      return try table(path, options, split: SplitChoice(options.split), poll: poll)
    }
    if let place = folder.place(of: DataFolder.descriptionFile) {
      if place == path, let split = options.split, split != ReadingOptions.usualSplit {
        throw SplitChoice.missing(split, in: path, [ReadingOptions.usualSplit])
      }
      return try DataFolder.open(place, options, poll: poll)
    }
    if let metadata = try folder.metadata() {
      // In the folder of a split all rows are its own.
      let split = metadata.place == path ? SplitChoice(options.split) : .all
      return DataSet(source: try TableRows(metadata.file, options, split: split, poll: poll))
    }
    let files = try folder.parquetFiles()
    if !files.isEmpty { return DataSet(source: try ParquetFileRows(files, options, poll: poll)) }
    if let file = folder.table { return DataSet(source: try TableRows(file, options, poll: poll)) }
    for place in try folder.ownPlaces() {
      try poll()
      let parts = try FolderParts(place)
      if !parts.files.isEmpty {
        return DataSet(source: try ParquetFileRows(parts.files, options, folders: parts.values, poll: poll))
      }
      if let rows = try PictureFolderRows(place, options) { return DataSet(source: rows) }
    }
    throw DataError(
      .io,
      "there is no metadata.csv, metadata.jsonl, metadata.parquet, parquet file, text or picture in "
        + folder.places.joined(separator: " or ") + folder.hint)
  }

  /// A file by itself, which is the split that its name says or the usual one.
  private static func table(
    _ path: String, _ options: ReadingOptions, split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet {
    let name = String(path.split(separator: "/").last ?? "")
    let own = HubShard(name)?.split ?? name.split(separator: ".").first.map(String.init) ?? ""
    if PackedFile.unpackedName(path).lowercased().hasSuffix(".parquet") {
      guard split == .usual || split.name == own || split.name == ReadingOptions.usualSplit && HubShard(name) == nil
      else {
        throw SplitChoice.missing(split.name, in: path, HubShard(name).map { [$0.split] } ?? [])
      }
      return DataSet(source: try ParquetFileRows([path], options, poll: poll))
    }
    return DataSet(source: try TableRows(path, options, split: split.name == own ? .all : split, poll: poll))
  }
}
