import Formats
import Foundation
import Safepoint

/// Writes the files of a data folder, row group by row group.
struct RowsWriter {
  private let data: DataSet
  private let folder: String
  private let options: BuildOptions?
  private let vocabulary: Vocabulary?
  private var description: DataFolder.Description
  private let rows: ParquetWriter
  private var tokens: SavedTokens.Writer?
  private var group = Group()
  private let pictures: Set<String>
  /// Those of them that hold lists.
  private let lists: Set<String>
  private let values: Set<String>

  /// The rows that are not written yet, column by column.
  private struct Group {
    var pictures: [Formats.ParquetRows.Picture?] = []
    var texts: [String: [String?]] = [:]
    var files: [String: [DataValue?]] = [:]
    var captions: [String?] = []
    var ids: [UInt8] = []
    var ends: [Int] = []
  }

  /// Starts the files in `folder`.
  init(_ data: DataSet, _ folder: String, _ options: BuildOptions?) throws {
    (self.data, self.folder, self.options) = (data, folder, options)
    vocabulary = options?.tokenizer.vocabulary ?? data.vocabulary
    let traits = data.source.traits
    let known = Set(["image", "caption"] + traits)
    description = DataFolder.Description(
      rows: data.count, tokens: nil, hasImages: data.source.columns.contains("image"),
      extra: data.source.columns.filter { !known.contains($0) }, traits: traits,
      parts: options?.arrangement.map(\.rawValue))
    let kinds = data.source.kinds
    description.values = description.extra.filter { kinds[$0] == .values }
    description.pictures = description.extra.filter { kinds[$0] == .pictures || kinds[$0] == .pictureLists }
    lists = Set(description.pictures.filter { kinds[$0] == .pictureLists })
    pictures = Set(description.pictures)
    values = Set(description.values)
    let further = description.extra.map { name in
      switch kinds[name] {
      case .pictures: ParquetField.picture(name)
      case .pictureLists: ParquetField.pictureList(name)
      default: ParquetField.text(name)
      }
    }
    let columns =
      (description.hasImages ? [ParquetField.picture("image")] : []) + [.text("caption")] + further
      + traits.map { .text($0) }
      + (vocabulary == nil ? [] : [.ids("pixelbyte", inner: [3, 3])])
    rows = try ParquetWriter(to: folder + "/" + DataFolder.rowsFile, columns: columns)
  }

  /// A row as its columns hold it.
  private struct Line {
    let row: DataRow
    let picture: [UInt8]?
    let tokens: EncodedRow?
    let patches: PatchSequence?

    init(_ row: DataRow, _ tokens: EncodedRow?) throws {
      (self.row, self.tokens) = (row, tokens)
      picture = try row.image.map { try PNG.encode($0) }
      patches = tokens?.patches ?? row.patches
    }
  }

  /// Writes all rows, and what describes them at the end.
  mutating func write(report: (Int) throws -> Void) throws {
    let store = data.sequences
    let hasTokens = try options != nil || (data.count > 0 && store?.tokens(of: 0) != nil)
    if hasTokens { tokens = try SavedTokens.Writer(folder + "/" + DataFolder.tokensFile) }
    if let options {
      try data.build(options, finish: Line.init, take: { try append($0) }, report: report)
    } else {
      for index in 0..<data.count {
        try Safepoint.check()
        try report(index)
        try append(Line(try data[index], try store?.tokens(of: index)))
      }
      try report(data.count)
    }
    try finish()
  }

  private mutating func append(_ line: Line) throws {
    if description.hasImages { group.pictures.append(line.picture.map { (bytes: $0, path: nil) }) }
    group.captions.append(line.row.hasCaption ? line.row.caption : nil)
    for (place, name) in description.extra.enumerated() {
      // The columns of a data set have their order in every row, but a row may lack some.
      let known = line.row.extra
      let value = (place < known.count && known[place].name == name ? known[place] : known.first { $0.name == name })?
        .value
      if pictures.contains(name) {
        group.files[name, default: []].append(value)
      } else {
        group.texts[name, default: []].append(value.flatMap { text($0, isJSON: values.contains(name)) })
      }
    }
    for name in description.traits { group.texts[name, default: []].append(line.row.trait(name)) }
    if vocabulary != nil {
      group.ids += line.patches?.ids ?? []
      group.ends.append(group.ids.count)
    }
    if let encoded = line.tokens { try tokens?.append(encoded) }
    if group.captions.count == DataFolder.groupSize { try flush() }
  }

  /// A further picture as a column of pictures has it.
  private static func file(_ value: DataValue?, _ column: String) throws -> Formats.ParquetRows.Picture? {
    if case .picture(let file) = value { (bytes: try file.whole(column: column), path: file.name) } else { nil }
  }

  /// Further pictures as a column of lists has them.
  private static func files(_ value: DataValue?, _ column: String) throws -> [Formats.ParquetRows.Picture?]? {
    switch value {
    case .pictures(let pictures): try pictures.map { try file($0, column) }
    case .picture: [try file(value, column)]
    case .plain(.array([])): []
    default: nil
    }
  }

  private func text(_ value: DataValue, isJSON: Bool) -> String? {
    switch value {
    case .plain(.null), .picture, .pictures: nil
    case .plain(.string(let text)) where !isJSON: text
    case .plain(let json): json.text(.spaced, writesEndless: true)
    }
  }

  private mutating func flush() throws {
    guard !group.captions.isEmpty else { return }
    var columns: [Formats.ParquetRows] = description.hasImages ? [.pictures(group.pictures)] : []
    columns.append(.texts(group.captions))
    columns += try description.extra.map { name in
      if lists.contains(name) {
        .pictureLists(try (group.files[name] ?? []).map { try Self.files($0, name) })
      } else if pictures.contains(name) {
        .pictures(try (group.files[name] ?? []).map { try Self.file($0, name) })
      } else {
        .texts(group.texts[name] ?? [])
      }
    }
    columns += description.traits.map { .texts(group.texts[$0] ?? []) }
    if vocabulary != nil { columns.append(.ids(group.ids, ends: group.ends)) }
    try rows.append(columns)
    group = Group()
  }

  private mutating func finish() throws {
    try flush()
    try rows.finish()
    if let tokens { description.tokens = try tokens.finish() }
    if let vocabulary { try vocabulary.write(to: folder + "/" + DataFolder.vocabularyFile) }
    try AtomicFile.write(description.json.text(.indented) + "\n", to: folder + "/" + DataFolder.descriptionFile)
  }
}
