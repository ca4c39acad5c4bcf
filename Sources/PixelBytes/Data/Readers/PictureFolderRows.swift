import Formats
import Foundation
import Safepoint

/// The texts of a folder and its sub folders, each a `.txt` file, with the picture of the same name beside it; without any text, the
/// pictures, each labelled by the folder that it lies in.
///
/// The rows are in the order of their names. Fewer texts than pictures, none of which is beside one, are strays. A text without a picture is a row without one; beside texts, a picture without a text is a
/// row that cannot be read.
final class PictureFolderRows: RowSource {
  private struct Entry {
    let stem: String
    /// The name without the folders.
    var name: Substring { stem.split(separator: "/").last ?? "" }
    var texts: [String] = []
    /// The pictures of that name, which may be of a kind that is not read.
    var pictures: [String] = []
    /// The file by which rows are ordered.
    var path: String { pictures.first ?? texts.first ?? stem }
  }

  private let folder: String
  private let entries: [Entry]
  private let options: ReadingOptions
  private let hasTexts: Bool
  private let hasLabels: Bool
  let count: Int
  let columns: [String]
  let notes: [String]
  let tokens: (any TokenStore)? = nil

  /// The largest text, in bytes.
  static let textLimit = 1 << 20
  /// The endings of pictures that are not read.
  private static let unreadEndings = [
    "avif", "heic", "jxl", "jp2", "tga", "psd", "svg", "ico", "xcf", "exr",
  ]

  /// Whether a file is one of such rows, by its name.
  static func isPart(_ name: String) -> Bool { name.lowercased().hasSuffix(".txt") || isPicture(name) }

  /// Whether a file is a picture, which may be of a kind that is not read, by its name.
  static func isPicture(_ name: String) -> Bool {
    guard let point = name.lastIndex(of: ".") else { return false }
    let ending = name[name.index(after: point)...].lowercased()
    return RasterImage.readEndings.contains(ending) || unreadEndings.contains(ending)
  }

  /// Lists a folder; nil when it has neither texts nor pictures. `split` leaves the rows whose own names tell that split.
  init?(_ folder: String, _ options: ReadingOptions, split: String? = nil) throws(DataError) {
    let (all, tables, others, isDescribed) = try Self.entries(folder, options)
    var entries =
      split.map { split in
        all.filter { SplitName.word(in: $0.name).map { SplitName.areOne($0, split) } ?? false }
      } ?? all
    let arePairs = entries.contains { !$0.texts.isEmpty && !$0.pictures.isEmpty }
    var strayTexts: [String] = []
    if !arePairs, entries.count(where: { !$0.pictures.isEmpty }) > entries.count(where: { !$0.texts.isEmpty }) {
      strayTexts = entries.flatMap(\.texts)
      entries.removeAll { !$0.texts.isEmpty }
    }
    if split == nil, options.files == nil {
      try Self.checkSplits(folder, folders: entries.map { $0.stem.dropLast($0.name.count) })
    }
    hasTexts = entries.contains { !$0.texts.isEmpty }
    guard hasTexts || entries.contains(where: { !$0.pictures.allSatisfy(Self.isUnread) }) else { return nil }
    // Without texts each picture is a row.
    if !hasTexts {
      entries = entries.flatMap { entry in entry.pictures.map { Entry(stem: entry.stem, pictures: [$0]) } }
    }
    entries = Self.ordered(entries, options.files)
    if split != nil {
      let places = SplitName.ordered(entries.map(\.path)).enumerated().map { ($1, $0) }
      entries = Self.ordered(entries, Dictionary(places, uniquingKeysWith: { first, _ in first }))
    }
    (self.folder, self.options) = (folder, options)
    hasLabels = hasTexts || isDescribed ? false : try Self.haveLabels(entries, all, folder, options)
    self.entries = entries
    count = min(entries.count, max(0, options.limit ?? .max))
    columns =
      (entries.contains { !$0.pictures.isEmpty } ? ["image", "caption"] : ["caption"])
      + (hasLabels ? ["label"] : [])
    var untold: [String] = []
    if let split {
      let others = all.count { SplitName.word(in: $0.name) == nil }
      if others > 0 {
        let rows = others == 1 ? "1 row whose name tells no split is" : "\(others) rows whose names tell no split are"
        untold = ["\(folder): \(rows) not read: what is read is the split \"\(split)\""]
      }
    }
    let told = strayTexts.prefix(3).joined(separator: ", ") + (strayTexts.count > 3 ? ", ..." : "")
    let lone =
      strayTexts.isEmpty
      ? [] : ["\(folder): texts are not read, because no picture has the name of one: \(told)"]
    notes =
      options.notes + untold + lone + Self.notes(folder, entries) + Self.strays(tables, in: folder)
      + Self.companions(others, of: entries, in: folder)
  }

  /// Whether folders are the labels of the pictures in them: as in the Hub's library where the pictures of all splits lie at one depth and
  /// in folders of more than one name, or where README.md says so.
  private static func haveLabels(
    _ entries: [Entry], _ all: [Entry], _ folder: String, _ options: ReadingOptions
  ) throws(DataError) -> Bool {
    if let dropsLabels = options.dropsLabels { return !dropsLabels }
    guard entries.contains(where: { $0.stem.contains("/") }) else { return false }
    var (names, depths): (Set<Substring>, Set<Int>) = ([], [])
    func add(_ stems: some Sequence<String>) {
      for stem in stems {
        let folders = stem.split(separator: "/").dropLast()
        depths.insert(folders.count)
        if let name = folders.last { names.insert(name) }
      }
    }
    add(all.lazy.filter { !$0.pictures.isEmpty }.map(\.stem))
    add((options.allFiles ?? []).lazy.filter(isPicture))
    for other in options.splitFolders where depths.count == 1 && names.count < 2 {
      add(try Self.entries(other, options).entries.lazy.filter { !$0.pictures.isEmpty }.map(\.stem))
    }
    return depths.count == 1 && names.count > 1
  }

  /// What a folder has, the tables in it that are called metadata, other files, and whether tables describe the pictures which are passed
  /// over.
  private static func entries(
    _ folder: String, _ options: ReadingOptions
  ) throws(DataError) -> (entries: [Entry], tables: [String], others: [String], isDescribed: Bool) {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw DataError(.io, "\(folder) cannot be listed")
    }
    var (found, tables, others): ([String: Entry], [String], [String]) = ([:], [], [])
    var isDescribed = false
    for case let name as String in names {
      if Safepoint.mustStop(after: 20_000) { throw DataError(.io, "listing \(folder) was stopped") }
      let parts = name.split(separator: "/")
      guard let point = name.lastIndex(of: "."), !(parts.last ?? "").hasPrefix("."),
        !parts.dropLast().contains(where: FolderContents.isPassedOver), options.files.map({ $0[name] != nil }) ?? true
      else { continue }
      let (stem, ending) = (String(name[..<point]), name[name.index(after: point)...].lowercased())
      isDescribed = isDescribed || options.drops(name)
      if ending == "txt" {
        found[stem, default: Entry(stem: stem)].texts.append(name)
      } else if isPicture(name), options.image != nil {
        found[stem, default: Entry(stem: stem)].pictures.append(name)
      } else if Self.isStray(name, ending) {
        // Of files that were named the caller tells which tables are not read.
        if !options.drops(name), options.files == nil || !FolderContents.isTable(name) { tables.append(name) }
      } else if !FolderContents.isTable(name) || ending == "json" {
        others.append(name)
      }
    }
    let entries = found.values.map { entry in
      Entry(stem: entry.stem, texts: entry.texts.inPathOrder(), pictures: entry.pictures.inPathOrder())
    }
    return (ordered(entries, nil), tables, others, isDescribed)
  }

  /// Rows in the order of the places of their files, or of the paths of these.
  private static func ordered(_ entries: [Entry], _ places: [String: Int]?) -> [Entry] {
    guard let places else { return entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) } }
    return entries.sorted { places[$0.path] ?? 0 < places[$1.path] ?? 0 }
  }

  /// Whether a picture is of a kind that is not read, by its name.
  private static func isUnread(_ name: String) -> Bool {
    name.lastIndex(of: ".").map { unreadEndings.contains(name[name.index(after: $0)...].lowercased()) } ?? false
  }

  /// What tells of files that may be captions: those that have the name of a picture without a text.
  private static func companions(_ names: [String], of entries: [Entry], in folder: String) -> [String] {
    if names.isEmpty { return [] }
    let lacking = Set(entries.lazy.filter { $0.texts.isEmpty }.map(\.stem))
    let found = names.filter { lacking.contains(String($0[..<($0.lastIndex(of: ".") ?? $0.endIndex)])) }.sorted()
    if found.isEmpty { return [] }
    let told = found.prefix(3).joined(separator: ", ") + (found.count > 3 ? ", ..." : "")
    return ["\(folder): captions are read from .txt files, and not from \(told) beside the pictures of those names"]
  }

  /// Throws for rows of several splits, which folders deep inside tell; where `isStrict`, for those too of which some tell a split and
  /// others none.
  static func checkSplits(_ folder: String, folders: [Substring], isStrict: Bool = false) throws(DataError) {
    var (known, places, hasOthers): (Set<Substring>, [String: Substring], Bool) = ([], [:], false)
    for path in folders {
      guard known.insert(path).inserted else { continue }
      let words = path.split(separator: "/").compactMap { SplitName.word(in: $0) }
      hasOthers = hasOthers || words.isEmpty
      for word in words { places[word] = path.dropLast() }
    }
    let words = places.keys.sorted()
    let hasUsual = words.contains { SplitName.areOne($0, ReadingOptions.usualSplit) }
    let hasSeveral = words.contains { !SplitName.areOne($0, words[0]) }
    guard hasSeveral && (hasUsual || isStrict) || isStrict && hasOthers && !words.isEmpty else { return }
    var told: [Substring] = []
    for place in words.compactMap({ places[$0] }) where !told.contains(place) { told.append(place) }
    throw DataError(
      .value, "\(folder) has splits in its folders: \(told.joined(separator: ", ")); open one of these by itself")
  }

  private static func notes(_ folder: String, _ entries: [Entry]) -> [String] {
    var (notes, spellings): ([String], [String: String]) = ([], [:])
    for entry in entries {
      if let other = spellings.updateValue(entry.stem, forKey: entry.stem.lowercased()), other != entry.stem {
        notes.append("\(folder): \(other) and \(entry.stem) differ in the case of letters alone")
      }
    }
    return notes
  }

  /// Whether a file looks like a table that is meant to be read: one in a folder below, or what is called metadata and is no table.
  private static func isStray(_ name: String, _ ending: String) -> Bool {
    let isTable = FolderContents.isTable(name) && ending != "json"
    if isTable { return name.contains("/") }
    return (name.split(separator: "/").last ?? "").lowercased().hasPrefix("metadata.")
  }

  /// What tells of tables that are not read.
  private static func strays(_ names: [String], in folder: String) -> [String] {
    let told = names.sorted().prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    return names.isEmpty ? [] : ["\(folder): what is read is the pictures and texts, and not \(told)"]
  }

  func row(at index: Int) throws -> DataRow {
    let entry = entries[index]
    return try RowError.placed("\(folder)/\(entry.stem)") {
      for (what, names) in [("pictures", entry.pictures), ("texts", entry.texts)] where names.count > 1 {
        throw RowError(reason: "has several \(what): \(names.joined(separator: ", "))")
      }
      if let unread = entry.pictures.first, Self.isUnread(unread) {
        throw RowError(reason: "\(unread): is of a kind of picture that is not read")
      }
      let picture = try entry.pictures.first.map { try options.picture($0, in: folder) }
      guard hasTexts else { return DataRow(caption: "", image: picture, extra: hasLabels ? [label(of: entry)] : []) }
      guard let name = entry.texts.first else {
        throw RowError(reason: "has no text \(entry.stem).txt beside the picture")
      }
      return DataRow(caption: try text(name), image: picture)
    }
  }

  private func text(_ name: String) throws -> String {
    let path = folder + "/" + name
    try options.willRead(path)
    do throws(FormatError) {
      let text = try readTextFile(path, limit: Self.textLimit, encoding: options.encoding)
      let lines = text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
      return (lines.hasPrefix("\u{FEFF}") ? String(lines.dropFirst()) : lines).trimmingCharacters(in: .newlines)
    } catch { throw RowError(reason: "\(name): \(error.message)", cause: error) }
  }

  /// The folder that a picture lies in.
  private func label(of entry: Entry) -> NamedValue {
    let inner = entry.stem.split(separator: "/").dropLast().last.map(String.init)
    return NamedValue("label", .text(inner ?? URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent))
  }
}
