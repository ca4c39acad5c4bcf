import Foundation

extension DataSet {
  /// Reads a data set from a parquet file, a folder of them, or a folder of pictures with metadata.
  ///
  /// In a folder, metadata.csv or metadata.jsonl goes first. Else the parquet files of its sub folder `split`, of `data`, or
  /// of itself are read, in the order of their names; where these are the Hub's, such as
  /// `train-00000-of-00002.parquet`, those of `split`, all of which must be there. No other part of a name counts as a
  /// split. The parameters are those of `imageFolder` and `parquet`.
  public static func load(
    _ path: String, image: String = "image", caption: String = "caption", split: String = "train", limit: Int? = nil,
    willRead: (String) throws -> Void = { _ in }, poll: () throws -> Void = {}
  ) throws -> DataSet {
    let files = path.hasSuffix(".parquet") && !isFolder(path) ? [path] : try parquetFiles(in: path, split: split)
    if files.isEmpty {
      return try imageFolder(path, image: image, caption: caption, split: split, limit: limit, willRead: willRead)
    }
    return try parquet(files, image: image, caption: caption, limit: limit, willRead: willRead, poll: poll)
  }

  /// The parquet files that make up a folder's data; none when it has metadata, or no such files.
  private static func parquetFiles(in path: String, split: String) throws(DataError) -> [String] {
    let isName = !split.isEmpty && !split.contains("/") && split != ".."
    let places = (isName ? ["\(path)/\(split)"] : []) + [path]
    for place in places where names(in: place).contains(where: { $0 == "metadata.csv" || $0 == "metadata.jsonl" }) {
      return []
    }
    for place in places[..<(places.count - 1)] + ["\(path)/data", path] {
      let files = names(in: place).filter { $0.hasSuffix(".parquet") }.sorted()
      if !files.isEmpty { return try chosen(files, split: split, in: place).map { "\(place)/\($0)" } }
    }
    return []
  }

  /// Those of a folder's files that belong to a split, as far as all names say so.
  private static func chosen(_ files: [String], split: String, in folder: String) throws(DataError) -> [String] {
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

  private static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

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
