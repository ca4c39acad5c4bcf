import Formats
import Foundation

extension DataSet {
  /// Opens a data set: a parquet, CSV, TSV or JSON Lines file, packed or not, a folder that `DataFolder` wrote, or another folder; rows are read when they
  /// are asked for.
  ///
  /// In a folder, its sub folder `split` goes before the folder itself, and metadata.csv, .jsonl or .parquet (the Hugging Face
  /// imagefolder form) before all else. Then names tell the split, of folders before those of tables, in the folder and its `data`, as
  /// in the Hub's library (`SplitName`); without any, parquet files go before parquet files in folders such as `kind=cat`, before
  /// `.txt` files with pictures of the same name, before pictures in folders named after their labels, before other tables. Files are
  /// read in the order of their names; where these are the Hub's, such as `train-00000-of-00002.parquet`, all must be there. A split
  /// that is asked for and is not there throws, and so do names that leave open what is meant; what is not read is told by notes.
  /// `poll` is called now and then and stops the work by throwing.
  public static func load(
    _ path: String, _ options: ReadingOptions = ReadingOptions(), poll: () throws -> Void = {}
  ) throws -> DataSet {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    return try opened(path, options, poll: poll).named(path.split(separator: "/").last.map(String.init))
  }

  /// Whether a file is a table of rows, by its name.
  public static func isTable(_ path: String) -> Bool { FolderContents.isTable(path) }

  private static func opened(_ path: String, _ options: ReadingOptions, poll: () throws -> Void) throws -> DataSet {
    let split = SplitChoice(options.split)
    guard FolderContents.isFolder(path) else { return try file(path, options, split, poll: poll) }
    if let data = try written(path, options, split, poll: poll) { return data }
    var options = options
    let found = try HubConfiguration.find(in: path)
    let told = try HubConfiguration.classes(in: path, of: found.name)
    if !told.names.isEmpty { (options.classes, options.classesFile) = (told.names, "\(path)/\(told.file)") }
    switch found {
    case .nothing: break
    case .unread(let file, let reason): options.notes.append(unread(path, file, reason))
    case .configuration(let configuration):
      do {
        if let data = try configured(path, configuration, &options, split, poll: poll) { return data }
        return try ofNames(path, options, split, poll: poll)
      } catch let error as DataError where !configuration.unread.isEmpty {
        var told = DataError(error.kind, "\(error.message); \(configuration.untold(in: path))")
        told.cause = error.cause
        throw told
      }
    }
    return try ofNames(path, options, split, poll: poll)
  }

  /// The rows of a split as the names of files and folders tell it.
  private static func ofNames(
    _ path: String, _ options: ReadingOptions, _ split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet {
    var options = options
    if let data = try described(path, options, split, poll: poll) { return data }
    if let only = DescribedFolder.only(below: path), let data = try described(only, options, split, poll: poll) {
      return data
    }
    let contents = try FolderContents(path, asked: options.split)
    guard let part = try contents.part(of: split) else {
      options.notes += [contents.note].compactMap(\.self)
      return try whole(path, contents.whole, options, poll: poll)
    }
    options.notes += part.notes
    if let split = part.pictures, let rows = try PictureFolderRows(path, options, split: split) {
      return DataSet(source: rows)
    }
    if part.folders.isEmpty {
      // What rows name is read, wherever it lies.
      if let table = part.files.first, !part.pictureFolders.isEmpty,
        try options.image == nil || FolderContents.isParquet(table) && !options.namesPictures(of: table)
      {
        options.notes += part.pictureFolders.map { FolderContents.note(leavingOut: $0, of: split.name) }
      }
      return try tables(part.files, in: path, options, poll: poll)
    }
    options.splitFolders = contents.splitFolders
    let parts = try part.folders.map { folder in
      defer { options.notes = [] }
      return try ofSplit(folder, options, split, poll: poll)
    }
    return try DataSet.joined(parts)
  }

  private static func unread(_ path: String, _ file: String, _ reason: String) -> String {
    "\(path)/\(file) has configs that are not read, so that names tell the splits: \(reason)"
  }

  /// The rows that the configuration of a folder tells to be those of a split; nil where it leaves that to names, or names neither tables
  /// nor pictures, which a note tells.
  private static func configured(
    _ path: String, _ configuration: HubConfiguration, _ options: inout ReadingOptions, _ split: SplitChoice,
    poll: () throws -> Void
  ) throws -> DataSet? {
    let folder = configuration.folder.map { path + "/" + $0 } ?? path
    (options.dropsLabels, options.dropsMetadata) = (configuration.dropsLabels, configuration.dropsMetadata)
    options.separator = configuration.separator
    if options.encoding == .utf8 { options.encoding = configuration.encoding ?? .utf8 }
    if !configuration.unread.isEmpty { options.notes.append(configuration.untold(in: path)) }
    if configuration.splits.isEmpty { return folder == path ? nil : try opened(folder, options, poll: poll) }
    options.notes += [configuration.notedRepetition(in: path), configuration.notedTwice(in: path)].compactMap(\.self)
    var missing: [String] = []
    let found = try configuration.files(below: folder) { missing.append($0) }
    let ordered = configuration.splits.flatMap { found[$0.name] ?? [] }
    let ofPictures = ordered.contains(where: PictureFolderRows.isPicture)
    if !ofPictures, let other = ordered.first(where: { !FolderContents.isTable($0) }) {
      options.notes.append(unread(path, configuration.file, "\(other) is no table or picture"))
      return nil
    }
    let chosen = try split.chosen(of: found, in: path)
    if let told = missing.first, chosen?.isEmpty ?? ordered.isEmpty { throw DataError(.io, told) }
    options.notes += missing
    if chosen == nil, split == .usual, found.count > 1 {
      throw SplitChoice.missing(split.name, in: path, Array(found.keys))
    }
    if !ofPictures { return try tables(chosen ?? ordered, in: path, options, poll: poll) }
    options.allFiles = Set(ordered.map { String($0.dropFirst(folder.count + 1)) })
    return try pictures(chosen ?? ordered, in: folder, of: configuration.file, options, poll: poll)
  }

  /// The rows of those files in a folder that are pictures, texts and the tables of metadata beside them, which a configuration names.
  private static func pictures(
    _ files: [String], in folder: String, of configuration: String, _ options: ReadingOptions, poll: () throws -> Void
  ) throws -> DataSet? {
    var options = options
    let names = files.map { String($0.dropFirst(folder.count + 1)) }
    options.files = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let described = options.dropsMetadata ? nil : try DescribedFolder(folder, only: Set(names), of: configuration)
    options.notes += (described?.others ?? []).filter { !(options.allFiles?.contains($0) ?? false) }.map {
      "\(folder)/\($0) is not read: \(configuration) does not name it among the files of the split"
    }
    let read = Set((described?.tables ?? []).map { folder + "/" + $0 })
    let others = files.filter { FolderContents.isTable($0) && !read.contains($0) && !options.drops($0) }
    options.notes += others.map {
      "\($0) is not read: what is read is the pictures and texts that \(configuration) names"
    }
    if let described, !described.tables.isEmpty { return try described.rows(options, split: .all, poll: poll) }
    return try PictureFolderRows(folder, options).map { DataSet(source: $0) }
  }

  /// The folders in which a split is looked for, its own one before the folder itself.
  private static func places(_ path: String, _ split: SplitChoice) -> [String] {
    let isName = split != .all && !split.name.isEmpty && !split.name.contains("/") && split.name != ".."
    return (isName ? [path + "/" + split.name].filter(FolderContents.isFolder) : []) + [path]
  }

  /// What `DataFolder` wrote; nil where that is nothing.
  private static func written(
    _ path: String, _ options: ReadingOptions, _ split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet? {
    let place = places(path, split).first {
      FileManager.default.fileExists(atPath: $0 + "/" + DataFolder.descriptionFile)
    }
    guard let place else { return nil }
    if place == path, case .named(let name) = split, name != ReadingOptions.usualSplit {
      throw SplitChoice.missing(name, in: path, [ReadingOptions.usualSplit])
    }
    return try DataFolder.open(place, options, poll: poll)
  }

  /// What a table of metadata tells the rows of, that in the folder of the split before that in the folder itself; nil where there is none.
  private static func described(
    _ path: String, _ options: ReadingOptions, _ split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet? {
    if options.dropsMetadata { return nil }
    let described = places(path, split).filter(DescribedFolder.hasTable)
    guard let place = described.first else { return nil }
    // Where the name of a folder with a table is a word of the split others may be of it too.
    let isDivided =
      SplitName.word(in: split.name) != nil
      && FolderContents.names(in: path).contains {
        SplitName.areOne($0, split.name) && DescribedFolder.hasTable(path + "/" + $0)
      }
    if isDivided { return nil }
    var options = options
    options.notes += described.dropFirst().map {
      "\($0) has a table of metadata that is not read: what is read is \(place)"
    }
    // In the folder of a split all rows are its own.
    return try DescribedFolder(place).rows(options, split: place == path ? split : .all, poll: poll)
  }

  /// The rows in the folder of a split, whose files may not tell another.
  private static func ofSplit(
    _ folder: String, _ options: ReadingOptions, _ split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet {
    if let data = try written(folder, options, .all, poll: poll) ?? described(folder, options, .all, poll: poll) {
      return data
    }
    let contents = try FolderContents(folder, asked: nil, depth: 0)
    guard contents.splits.allSatisfy({ SplitName.areOne($0, split.name) }) else {
      let names = contents.splits.joined(separator: ", ")
      throw DataError(
        .value, "\(folder) is the folder of the split \"\(split.name)\" and has the splits \(names); open it by itself")
    }
    return try whole(folder, contents.whole, options, poll: poll)
  }

  /// All rows in a folder.
  private static func whole(
    _ path: String, _ found: FolderContents.Part, _ options: ReadingOptions, poll: () throws -> Void
  ) throws -> DataSet {
    var (found, options) = (found, options)
    found.files.removeAll(where: options.drops)
    options.notes += found.notes
    /// The tables of one folder, which leave those of another out.
    func ofFolder(_ what: String) throws -> DataSet {
      let place = FolderContents.folder(of: found.files[0])
      options.notes += found.others.map { "\($0) is not read: what is read is the \(what) in \(place)" }
      let below = try FolderContents.tablesBelow(path).filter { !(found.files + found.others).contains($0) }
      if !below.isEmpty, !below.allSatisfy(options.drops) {
        let told = below.prefix(3).joined(separator: ", ") + (below.count > 3 ? ", ..." : "")
        options.notes.append(
          "\(told) \(below.count > 1 ? "are" : "is") not read: what is read is the \(what) in \(place); open folders by themselves"
        )
      }
      return try tables(found.files, in: path, options, poll: poll)
    }
    // Tables that describe pictures are read with those of other folders.
    if found.files.contains(where: { FolderContents.isParquet($0) && !DescribedFolder.isTable($0) }) {
      return try ofFolder("parquet files")
    }
    try poll()
    let parts = try FolderParts(path)
    if !parts.files.isEmpty {
      return DataSet(source: try ParquetFileRows(parts.files, options, folders: parts.values, poll: poll))
    }
    let described = try DescribedFolder(path)
    if !described.tables.isEmpty, !options.dropsMetadata {
      let others = (found.files + found.others).filter { file in !described.tables.contains { "\(path)/\($0)" == file }
      }
      options.notes += others.map { "\($0) is not read: what is read is \(path)/\(described.tables[0])" }
      return try described.rows(options, split: .all, poll: poll)
    }
    var beside = options
    let strays = found.files.filter(DescribedFolder.isStray)
    beside.notes += DescribedFolder.notes(
      of: strays.map { $0.split(separator: "/").last.map(String.init) ?? $0 }, in: path)
    beside.notes += (found.files.filter { !strays.contains($0) } + found.others).filter { !options.drops($0) }.map {
      "\($0) is not read: what is read is the pictures and texts in \(path)"
    }
    if let rows = try PictureFolderRows(path, beside) { return DataSet(source: rows) }
    if !found.files.isEmpty { return try ofFolder("tables") }
    if let arrow = FolderContents.names(in: path).sorted().first(where: isArrow) {
      throw DataError(
        .io,
        "\(path)/\(arrow) is a file of Arrow, which is not read; Python makes parquet of the folder: "
          + "`from datasets import load_from_disk` and `load_from_disk(\"\(path)\").to_parquet(\"\(path).parquet\")`")
    }
    let below = try FolderContents.tablesBelow(path)
    if !below.isEmpty {
      let names = below.map { PackedFile.unpackedName($0).dropFirst(path.count + 1) }
      let places = names.map { name in name[..<(name.lastIndex(of: ".") ?? name.endIndex)] + "/" }
      try PictureFolderRows.checkSplits(path, folders: places.map { $0[...] }, isStrict: true)
      return try tables(below, in: path, options, poll: poll)
    }
    let packed = FolderContents.names(in: path).sorted().filter(FolderContents.isArchive)
    let more = packed.first.map {
      "; unpack \($0)" + (packed.count > 1 ? " and \(packed.count - 1) more" : "")
    }
    throw DataError(
      .io,
      "there is no metadata.csv, metadata.jsonl, metadata.parquet, parquet file, other table, text or picture in \(path)"
        + (more ?? unreadKinds(in: path) ?? "")
    )
  }

  /// What tells of files in a folder that are of kinds that are not read, or that another command reads; nil where there are none.
  private static func unreadKinds(in path: String) -> String? {
    let names = FolderContents.names(in: path).sorted()
    func told(_ names: [String], _ what: String) -> String? {
      names.first.map { "; \($0)\(names.count > 1 ? " and \(names.count - 1) more are" : " is") \(what)" }
    }
    func end(_ endings: [String]) -> [String] {
      names.filter { name in endings.contains { name.lowercased().hasSuffix("." + $0) } }
    }
    return told(names.filter(PictureFolderRows.isPicture), "of a kind of picture that is not read; save as PNG")
      ?? told(
        end(["npy", "npz", "safetensors"]), "for `load_tensors`, and `dataset(rows)` makes rows of tensors as images")
      ?? told(end(["pkl", "pt", "pth", "h5", "hdf5", "orc", "avro", "xlsx", "db"]), "of a kind that is not read")
  }

  /// The rows of tables of one form, one behind the other.
  private static func tables(
    _ files: [String], in path: String, _ options: ReadingOptions, poll: () throws -> Void
  ) throws -> DataSet {
    var options = options
    let parquet = files.filter(FolderContents.isParquet)
    let read = parquet.isEmpty ? files : parquet
    options.notes += files.filter { !read.contains($0) }.map { "\($0) is not read: what is read is \(read[0])" }
    try FolderContents.check(read, in: path)
    if parquet.isEmpty { options.notes += options.classes.notes(in: options.classesFile) }
    let hasNames = try parquet.first.map { try options.namesPictures(of: $0) } ?? false
    if !parquet.isEmpty, !hasNames { return DataSet(source: try ParquetFileRows(parquet, options, poll: poll)) }
    return try DataSet.joined(
      try read.map { file in
        defer { options.notes = [] }
        return DataSet(source: try TableRows(file, options, poll: poll))
      })
  }

  /// Whether a file is one of Arrow, by its name.
  private static func isArrow(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".arrow", ".feather"].contains { name.hasSuffix($0) }
  }

  /// A file by itself, which is the split that its name says, else that of its folder, else the usual one.
  private static func file(
    _ path: String, _ options: ReadingOptions, _ split: SplitChoice, poll: () throws -> Void
  ) throws -> DataSet {
    guard FolderContents.isTable(path) else {
      guard FileManager.default.fileExists(atPath: path) else {
        throw DataError(.io, "there is no file or folder \(path)")
      }
      try options.willRead(path)
      let found = ForeignFile(try ReadingOptions.reading { try readStart(path) })?.description
      let isText = try ReadingOptions.reading { try ForeignFile.isText(path) }
      let told = found ?? (isText ? "a text, and named .csv or .tsv it is read as a table" : nil)
      throw DataError(
        .io,
        "\(path) is no .parquet, .csv, .tsv, .jsonl or .json file, and no folder" + (told.map { "; it is \($0)" } ?? "")
      )
    }
    let names = path.split(separator: "/").suffix(2).map(String.init)
    let folder = names.count == 2 ? SplitName.ofFolder(names[0], asked: options.split) : nil
    let own = SplitName.ofFile(names.last ?? "", asked: options.split) ?? folder
    let isOurs = own.map { SplitName.areOne($0, split.name) } ?? false
    if FolderContents.isParquet(path) {
      guard split == .usual || isOurs || own == nil && split.name == ReadingOptions.usualSplit else {
        throw SplitChoice.missing(split.name, in: path, own.map { [$0] } ?? [])
      }
      let hasNames = try options.namesPictures(of: path)
      return DataSet(
        source: hasNames
          ? try TableRows(path, options, poll: poll) : try ParquetFileRows([path], options, poll: poll))
    }
    if let own, !isOurs, split != .usual { throw SplitChoice.missing(split.name, in: path, [own]) }
    return DataSet(source: try TableRows(path, options, split: isOurs ? .all : split, poll: poll))
  }
}
