import Formats
import Foundation
import Safepoint

/// What data a folder has, and the splits that names of files and folders in it tell.
struct FolderContents {
  /// What is read of a split, or of a folder without splits.
  struct Part {
    /// Folders whose data belong together.
    var folders: [String] = []
    /// Tables whose rows belong together.
    var files: [String] = []
    /// Tables that are not read where those are.
    var others: [String] = []
    /// The split that names of pictures and texts tell, where they alone tell splits.
    var pictures: String?
    /// Folders of pictures beside those tables, which rows may name.
    var pictureFolders: [String] = []
    /// What is not read, a sentence each.
    var notes: [String] = []
  }

  /// The endings of tables that describe pictures beside them or hold rows themselves.
  static let tableEndings = ["csv", "tsv", "jsonl", "ndjson", "parquet"]

  /// Whether a file is a table that rows are read from, by its name; a packed one is what it is below that.
  static func isTable(_ path: String) -> Bool {
    let name = PackedFile.unpackedName(path).lowercased()
    return (tableEndings + ["json"]).contains { name.hasSuffix("." + $0) }
  }

  /// Whether a file holds others that have to be unpacked first, by its name.
  static func isArchive(_ path: String) -> Bool {
    let name = path.lowercased()
    return ["zip", "tar", "tgz", "7z", "rar", "tbz2", "txz"].contains { name.hasSuffix("." + $0) }
      || ["gz", "bz2", "xz", "zst"].contains { name.hasSuffix(".tar." + $0) }
  }

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

  private let path: String
  private let asked: String?
  /// The tables of each split, and its folders.
  private var files: [String: [String]] = [:]
  private var folders: [String: [String]] = [:]
  /// The tables of no split, those of `data` before those of the folder itself.
  private var tables: [[String]] = []
  /// The folders of no split, `data` aside, and the number of pictures and texts that lie beside them.
  private var others: [String] = []
  /// Folders such as `kind=cat`, which are parts of a table.
  private var partitions: [String] = []
  private var loose = 0
  /// How many pictures and texts, those in folders of no split too, have names with each word of a split, and with none.
  private var named: [String: Int] = [:]
  private var unnamed = 0

  /// The folders of no split that hold data.
  private var holders: [String] = []

  /// Lists a folder, its `data`, and the folders in it, down to a depth.
  init(_ path: String, asked: String?, depth: Int = 32) throws(DataError) {
    (self.path, self.asked) = (path, asked)
    for place in [path + "/data", path] where Self.isFolder(place) { list(place) }
    for folder in others where depth > 0 { try look(into: folder, depth: depth) }
    // Several words of one split are one, by the name that is asked for, but for those of files of the Hub, which are names.
    let areNames = folders.isEmpty && files.values.joined().allSatisfy { HubShard(Self.name($0)) != nil }
    for words in SplitName.together(Set(files.keys).union(folders.keys)) where words.count > 1 && !areNames {
      let name = words.first { $0 == asked } ?? words[0]
      for word in words where word != name {
        files[name, default: []] += files.removeValue(forKey: word) ?? []
        folders[name, default: []] += folders.removeValue(forKey: word) ?? []
      }
      if files[name]?.isEmpty ?? false { files[name] = nil }
      if folders[name]?.isEmpty ?? false { folders[name] = nil }
    }
  }

  /// Finds the splits that names in a folder of no split tell, and in those below.
  private mutating func look(into folder: String, depth: Int) throws(DataError) {
    var (inner, holdsData): ([String], Bool) = ([], false)
    for name in Self.names(in: folder).sorted() {
      if Safepoint.mustStop(after: 2000) { throw DataError(.io, "listing \(path) was stopped") }
      let place = folder + "/" + name
      if PictureFolderRows.isPart(name) {
        holdsData = true
        count(name)
      } else if Self.isTable(name) {
        guard let split = SplitName.ofFile(name, asked: asked) else {
          holdsData = true
          continue
        }
        files[split, default: []].append(place)
      } else if !Self.isPassedOver(name), DescribedFolder.isFolder(place) {
        if let split = SplitName.ofFolder(name, asked: asked), Self.holdsData(place) {
          folders[split, default: []].append(place)
        } else if name.contains("=") {
          holdsData = true
        } else {
          inner.append(place)
        }
      }
    }
    if holdsData { holders.append(folder) }
    for place in inner where depth > 1 { try look(into: place, depth: depth - 1) }
  }

  private mutating func count(_ name: String) {
    if let word = SplitName.ofFile(name, asked: nil) { named[word, default: 0] += 1 } else { unnamed += 1 }
  }

  private mutating func list(_ place: String) {
    var own: [String] = []
    let known = Set(files.keys)
    for name in Self.names(in: place).sorted() {
      let file = place + "/" + name
      if Self.isTable(name) {
        // What is JSON is rarely rows, but for what is named after a split.
        guard let split = SplitName.ofFile(name, asked: asked), !known.contains(split) else {
          if !PackedFile.unpackedName(name).lowercased().hasSuffix(".json") { own.append(file) }
          continue
        }
        files[split, default: []].append(file)
      } else if PictureFolderRows.isPart(name) {
        loose += 1
        count(name)
      } else if file != path + "/data", Self.isFolder(file) {
        if name.contains("=") {
          partitions.append(file)
        } else if let split = SplitName.ofFolder(name, asked: asked), Self.holdsData(file) {
          folders[split, default: []].append(file)
        } else {
          others.append(file)
        }
      }
    }
    tables.append(own)
  }

  /// Whether tables, pictures, texts or further folders lie in a folder.
  private static func holdsData(_ folder: String) -> Bool {
    names(in: folder).contains { isTable($0) || PictureFolderRows.isPart($0) || isFolder(folder + "/" + $0) }
  }

  /// Whether a folder of that name is passed over with all in it: hidden ones, and those that systems put into archives, as `__MACOSX`.
  static func isPassedOver(_ folder: some StringProtocol) -> Bool { folder.hasPrefix(".") || folder.hasPrefix("__") }

  /// The tables in the folders below one, by their paths; those of JSON where there are no others.
  static func tablesBelow(_ folder: String, depth: Int = 32) throws(DataError) -> [String] {
    var tables: [String] = []
    for name in names(in: folder).sorted() {
      if Safepoint.mustStop(after: 2000) { throw DataError(.io, "listing \(folder) was stopped") }
      let path = folder + "/" + name
      if isTable(name) {
        tables.append(path)
      } else if depth > 0, !isPassedOver(name), isFolder(path) {
        tables += try tablesBelow(path, depth: depth - 1)
      }
    }
    let others = tables.filter { !PackedFile.unpackedName($0).lowercased().hasSuffix(".json") }
    return (others.isEmpty ? tables : others).inPathOrder()
  }

  /// The names in a folder, those of hidden files aside; none when it is not there or cannot be listed, which reading it tells.
  static func names(in folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch { return [] }
  }
}

extension FolderContents {
  /// What is read of a split; nil for everything, where there are no splits. Throws when it is not there, and where names leave open what
  /// it is.
  func part(of split: SplitChoice) throws(DataError) -> Part? {
    let names = Set(files.keys).union(folders.keys)
    if let key = try split.key(among: names, in: path) {
      return try part(key, files[key] ?? [], folders[key] ?? [])
    }
    if names.isEmpty, split != .all {
      let areTold = SplitName.areTold(by: named.keys, besides: unnamed)
      // A split that is asked for is read where any name tells it.
      if areTold || split != .usual, named.keys.contains(where: { SplitName.areOne($0, split.name) }) {
        return Part(pictures: split.name)
      }
      if areTold { throw SplitChoice.missing(split.name, in: path, Array(named.keys)) }
    }
    if case .named(let name) = split, name != ReadingOptions.usualSplit || !names.isEmpty {
      throw SplitChoice.missing(name, in: path, Array(names.isEmpty ? Set(named.keys) : names))
    }
    // One set of files of the Hub under a name of its own.
    if names.count == 1, let key = names.first, SplitName.word(in: key) == nil, let files = files[key] {
      return try part(key, files, [])
    }
    if !files.isEmpty || !names.isEmpty && holders.isEmpty && partitions.isEmpty && loose == 0 {
      throw SplitChoice.missing(ReadingOptions.usualSplit, in: path, Array(names))
    }
    return nil
  }

  private func part(_ split: String, _ files: [String], _ folders: [String]) throws(DataError) -> Part {
    var part = Part()
    // Beside a table a folder of its name holds the pictures; tables elsewhere are other data.
    let far =
      folders.isEmpty
      ? []
      : files.filter { file in
        !folders.contains { Self.folder(of: $0) == Self.folder(of: file) }
      }
    let files = files.filter { !far.contains($0) }
    let isTold = folders.contains { folder in
      Self.names(in: folder).contains { Self.isTable($0) || $0 == DataFolder.descriptionFile || $0.contains("=") }
    }
    if files.isEmpty || isTold {
      part.folders = SplitName.ordered(folders)
    } else {
      part.files = SplitName.ordered(files)
    }
    let rest = tables.joined() + far + (isTold ? files : [])
    part.notes = rest.map { "\($0) is not read: what is read is the split \"\(split)\"" }
    let read = part.files + part.folders
    for folder in holders + partitions where !read.contains(where: { Self.folder(of: $0) == folder }) {
      let names = Self.names(in: folder)
      if part.folders.isEmpty, !names.isEmpty, names.allSatisfy(PictureFolderRows.isPicture) {
        part.pictureFolders.append(folder)
      } else {
        part.notes.append(Self.note(leavingOut: folder, of: split))
      }
    }
    if loose > 0, part.files.isEmpty {
      let files = loose == 1 ? "1 picture or text" : "\(loose) pictures or texts"
      part.notes.append("\(path): \(files) beside the folders of the splits \(loose == 1 ? "is" : "are") not read")
    }
    return part
  }

  /// What tells that a folder is not read beside a split.
  static func note(leavingOut folder: String, of split: String) -> String {
    "\(folder) is not read: what is read is the split \"\(split)\""
  }

  /// All that there is, whatever names tell: the parquet files, else the folder, else other tables.
  var whole: Part {
    var part = Part(folders: [path])
    var known = tables
    for (place, folder) in [path + "/data", path].filter(Self.isFolder).enumerated() {
      known[place] += files.values.joined().filter { Self.folder(of: $0) == folder }
    }
    let parquet = known.map { $0.filter(Self.isParquet) }.first { !$0.isEmpty } ?? []
    part.files = parquet.isEmpty ? known.first { !$0.isEmpty } ?? [] : parquet
    part.others = known.joined().filter { !part.files.contains($0) }
    part.notes = folders.keys.sorted().flatMap { folders[$0] ?? [] }.map {
      "\($0) has the name of a split; its rows are read with those of the folders beside it"
    }
    return part
  }

  /// What tells that names of pictures have words of splits and are read with all others; nil where none has.
  var note: String? {
    guard !named.isEmpty, files.isEmpty, folders.isEmpty else { return nil }
    let count = named.values.reduce(0, +)
    let words = named.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    return "\(path): the names of \(count) of \(count + unnamed) pictures or texts tell the split \(words); "
      + "all are read, and `split:` reads those of one"
  }

  /// The names of splits that files in the folder tell.
  var splits: [String] { Set(files.keys).union(folders.keys).sorted() }

  /// The folders of all splits.
  var splitFolders: [String] { folders.values.flatMap(\.self).sorted() }

  /// Whether a table is of parquet, by its name.
  static func isParquet(_ file: String) -> Bool { PackedFile.unpackedName(file).lowercased().hasSuffix(".parquet") }

  private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
  /// The folder that a file lies in.
  static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  /// Throws for tables that do not belong together: files of the Hub of which some are missing, tables of two forms, and one that is there
  /// packed and as it is.
  static func check(_ files: [String], in place: String) throws(DataError) {
    let shards = Dictionary(grouping: files.filter { HubShard(name($0)) != nil }) {
      folder(of: $0) + "/" + (HubShard(name($0))?.split ?? "")
    }
    for place in shards.keys.sorted() {
      let ours = (shards[place] ?? []).compactMap { HubShard(name($0)) }
      let total = ours.map(\.total).max() ?? 0
      let missing = (0..<total).first { number in !ours.contains { $0.number == number && $0.total == total } }
      guard missing == nil, ours.count == total else {
        throw DataError(
          .io,
          "\(folder(of: place)) has \(ours.count) of the \(total) files of the split \(name(place))"
            + (missing.map { "; number \($0) is missing" } ?? ""))
      }
    }
    var (names, endings): ([String: String], [String: String]) = ([:], [:])
    for file in files {
      let unpacked = PackedFile.unpackedName(file)
      let other = names.updateValue(file, forKey: unpacked)
      let ending = unpacked.split(separator: ".").last.map { $0.lowercased() } ?? ""
      endings[ending] = endings[ending] ?? file
      guard other == nil, endings.count < 2 else {
        let both = other.map { [$0, file] } ?? endings.values.sorted()
        throw DataError(
          .value,
          "\(place) has \(both.map(Self.name).joined(separator: " and ")); keep one of them, or open one by itself")
      }
    }
  }
}

/// A file of the Hub, one of several of a split: `train-00000-of-00002.parquet`, or `train-00000-of-00002-a09b74b3ef9c3b56.parquet`.
struct HubShard {
  let file: String
  let split: String
  let number: Int
  let total: Int

  init?(_ file: String) {
    let unpacked = PackedFile.unpackedName(file)
    guard FolderContents.isTable(unpacked), let point = unpacked.lastIndex(of: ".") else { return nil }
    var parts = unpacked[..<point].split(separator: "-", omittingEmptySubsequences: false)
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
