import Formats
import Foundation
import Safepoint

/// Writes the files of a data folder, or its rows alone, row group by row group.
struct RowsWriter {
  private let data: DataSet
  /// Where the other files are; nil for the rows alone.
  private let folder: String?
  private let options: BuildOptions?
  private let vocabulary: Vocabulary?
  private var description: DataFolder.Description
  private let rows: ParquetWriter
  private var tokens: SavedTokens.Writer?
  private var group = Group()
  private let further: FurtherValues

  /// The rows that are not written yet, column by column.
  private struct Group {
    var pictures: [ParquetValue] = []
    var further: [FurtherValues.Group] = []
    var traits: [String: [String?]] = [:]
    var captions: [String?] = []
    var ids: [UInt8] = []
    var ends: [Int] = []
  }

  /// Starts the files in `folder`.
  init(_ data: DataSet, _ folder: String, _ options: BuildOptions?) throws {
    try self.init(
      data, rows: folder + "/" + DataFolder.rowsFile, folder, options,
      options?.tokenizer.vocabulary ?? data.vocabulary)
  }

  /// Starts the file of the rows alone. Which vocabulary its tokens have it can't tell, so that it takes those of the usual one.
  init(_ data: DataSet, file: String) throws {
    try self.init(data, rows: file, nil, nil, data.vocabulary == .pixelbytes ? data.vocabulary : nil)
  }

  private init(
    _ data: DataSet, rows path: String, _ folder: String?, _ options: BuildOptions?, _ vocabulary: Vocabulary?
  ) throws {
    (self.data, self.folder, self.options, self.vocabulary) = (data, folder, options, vocabulary)
    let traits = data.source.traits
    let known = Set(["image", "caption"] + traits)
    description = DataFolder.Description(
      rows: data.count, tokens: nil, hasImages: data.source.columns.contains("image"),
      extra: data.source.columns.filter { !known.contains($0) }, traits: traits,
      parts: options?.arrangement.map(\.rawValue))
    further = try FurtherValues(description.extra, of: data)
    let columns =
      (description.hasImages ? [ParquetField.picture("image")] : []) + [.text("caption")]
      + further.columns + traits.map { .text($0) }
      + (vocabulary == nil ? [] : [.ids("pixelbyte", inner: [3, 3])])
    rows = try ParquetWriter(to: path, columns: columns)
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
    if hasTokens, let folder { tokens = try SavedTokens.Writer(folder + "/" + DataFolder.tokensFile) }
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
    if description.hasImages { group.pictures.append(line.picture.map { .picture($0, path: nil) } ?? .null) }
    group.captions.append(line.row.hasCaption ? line.row.caption : nil)
    if group.captions.count == 1 { group.further = further.groups }
    try further.add(line.row.extra, to: &group.further)
    for name in description.traits { group.traits[name, default: []].append(line.row.trait(name)) }
    if vocabulary != nil {
      group.ids += line.patches?.ids ?? []
      group.ends.append(group.ids.count)
    }
    if let encoded = line.tokens { try tokens?.append(encoded) }
    if group.captions.count == DataFolder.groupSize { try flush() }
  }

  private mutating func flush() throws {
    guard !group.captions.isEmpty else { return }
    var columns: [Formats.ParquetRows] = description.hasImages ? [.values(group.pictures)] : []
    columns.append(.texts(group.captions))
    columns += group.further.map(\.rows)
    columns += description.traits.map { .texts(group.traits[$0] ?? []) }
    if vocabulary != nil { columns.append(.ids(group.ids, ends: group.ends)) }
    try rows.append(columns)
    group = Group()
  }

  private mutating func finish() throws {
    try flush()
    try rows.finish()
    guard let folder else { return }
    if let tokens { description.tokens = try tokens.finish() }
    if let vocabulary { try vocabulary.write(to: folder + "/" + DataFolder.vocabularyFile) }
    try AtomicFile.write(description.json.text(.indented) + "\n", to: folder + "/" + DataFolder.descriptionFile)
  }
}
