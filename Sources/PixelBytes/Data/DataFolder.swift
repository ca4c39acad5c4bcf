import Formats
import Foundation

/// A data set in a folder, as `build` writes it: rows as parquet for everybody, tokens in a form that opens at once.
///
/// `train-00000-of-00001.parquet` holds image, caption, the further columns and `pixelbyte`, as pyarrow and the Python
/// library `datasets` read them; `tokens.safetensors` the tokens of all rows one after the other (`tokens`), where each row's
/// begin and end (`offsets`), and the runs of text and picture in them (`runs`), which are read row by row when they are
/// asked for; `vocabulary.json` what the tokens stand for; `dataset.json` what the columns are and how it was built.
public enum DataFolder {
  /// The file that makes a folder a data set of ours.
  public static let descriptionFile = "dataset.json"
  static let rowsFile = "train-00000-of-00001.parquet"
  static let tokensFile = "tokens.safetensors"
  static let vocabularyFile = "vocabulary.json"
  /// The rows of a row group, which are in memory together.
  static let groupSize = 1000

  /// Whether one of some files tells of the data set in its folder, one of ours or of the Hub's library, and holds none of its rows.
  public static func describes(_ file: String, among files: Set<String>) -> Bool {
    let name = String(file.split(separator: "/").last ?? "")
    let folder = file.dropLast(name.count)
    return switch name {
    case "dataset_info.json", "dataset_infos.json", "dataset_dict.json": true
    case "state.json": files.contains(folder + "dataset_info.json")
    case descriptionFile, vocabularyFile: files.contains(folder + rowsFile)
    default: false
    }
  }

  /// What `dataset.json` says.
  struct Description: Equatable {
    /// The version of the layout.
    static let version = 1
    /// The number of rows.
    var rows: Int
    /// The number of tokens; nil for rows that are not built.
    var tokens: Int?
    /// Whether rows have pictures.
    var hasImages: Bool
    /// The columns beside picture and caption.
    var extra: [String]
    /// Those of them that hold texts of JSON without saying so, as programs before wrote other values than texts.
    var values: [String] = []
    /// The traits, which are columns of texts too.
    var traits: [String]
    /// The parts of a row's tokens.
    var parts: [String]?
  }

  /// Writes the rows of `data` into the folder `path`, or leaves what was there as it was.
  ///
  /// Rows are built as `options` say, some hundred at a time on several threads; nil keeps a data set as it is, tokens
  /// included if they are known. `report` is called with the number of rows done and stops the work by throwing.
  public static func write(
    _ data: DataSet, to path: String, building options: BuildOptions?, report: (Int) throws -> Void = { _ in }
  ) throws {
    try ReadingOptions.reading {
      let folder = try PendingFolder(for: path)
      do {
        var writer = try RowsWriter(data, folder.path, options)
        try writer.write(report: report)
      } catch let error as FormatError { throw folder.named(error) }
      try folder.finish()
    }
  }

  /// Writes the rows of `data` into the parquet file `path`, or leaves what was there as it was: the file of rows of the folder that
  /// `write` writes, with tokens where they are those that such a file tells by itself. `report` is called as there.
  public static func writeRows(
    of data: DataSet, to path: String, report: (Int) throws -> Void = { _ in }
  ) throws {
    try ReadingOptions.reading {
      var writer = try RowsWriter(data, file: path)
      try writer.write(report: report)
    }
  }

  /// Opens a folder that `write` wrote, under the name that the data set had.
  package static func reopened(_ path: String, name: String?) throws -> DataSet {
    try open(path, ReadingOptions(), poll: {}).named(name)
  }

  /// Opens the folder `path`; its rows and tokens are read when they are asked for.
  static func open(_ path: String, _ options: ReadingOptions, poll: () throws -> Void) throws -> DataSet {
    func file(_ name: String) throws -> String {
      try options.willRead(path + "/" + name)
      return path + "/" + name
    }
    let text = try ReadingOptions.reading {
      try readFile(try file(descriptionFile), limit: 1 << 20, expected: "the description of a data set")
    }
    let description: Description
    do { description = try Description(try JSON(text)) } catch let error as DataError {
      throw DataError(error.kind, "\(path)/\(descriptionFile): \(error.message)")
    } catch {
      let reason = (error as? JSONFault).map { "line \($0.line): \($0.reason)" } ?? "\(error)"
      throw DataError(.io, "\(path)/\(descriptionFile): is not the description of a data set: \(reason)")
    }
    return try ReadingOptions.reading {
      // Rows that are not built have no tokens, or those of the column `pixelbyte`.
      let isTold = description.tokens != nil || FileManager.default.fileExists(atPath: path + "/" + vocabularyFile)
      let vocabulary = isTold ? try Vocabulary(contentsOf: try file(vocabularyFile)) : .pixelbytes
      let tokens =
        description.tokens == nil
        ? nil : try SavedTokens(try file(tokensFile), vocabulary: vocabulary, rows: description.rows)
      let rows = try SavedRows(try file(rowsFile), description, tokens, vocabulary, options, poll: poll)
      return DataSet(source: rows)
    }
  }
}

extension DataFolder.Description {
  /// Reads the description; throws a `DataError` for one of another version.
  init(_ json: JSON) throws {
    let version = try json.required("pixelbytesDataSet", Int.self)
    guard version == Self.version else {
      throw DataError(.io, "is of version \(version); this program reads version \(Self.version)")
    }
    self.init(
      rows: try json.required("rows"), tokens: try json.optional("tokens"), hasImages: try json.required("hasImages"),
      extra: try json.required("extra"), values: try json.optional("values") ?? [],
      traits: try json.required("traits"), parts: try json.optional("parts"))
  }

  /// Its JSON, the names sorted.
  var json: JSON {
    func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    return .object(
      [.init("extra", texts(extra)), .init("hasImages", .bool(hasImages))]
        + (parts.map { [.init("parts", texts($0))] } ?? [])
        + [.init("pixelbytesDataSet", .integer(Self.version)), .init("rows", .integer(rows))]
        + (tokens.map { [.init("tokens", .integer($0))] } ?? []) + [.init("traits", texts(traits))])
  }
}

/// The rows of a folder that a build wrote.
final class SavedRows: RowSource {
  private let rows: ParquetFileRows
  let traits: [String]
  private let values: Set<String>
  private let path: String
  private let palette: Palette?
  let columns: [String]
  let kinds: [String: DataColumnKind]
  var classes: ClassNames { rows.classes }

  func field(of column: String) -> ParquetField? { values.contains(column) ? nil : rows.field(of: column) }

  init(
    _ path: String, _ description: DataFolder.Description, _ tokens: SavedTokens?, _ vocabulary: Vocabulary,
    _ options: ReadingOptions, poll: () throws -> Void
  ) throws {
    var options = options
    (options.image, options.caption) = (description.hasImages ? "image" : nil, "caption")
    rows = try ParquetFileRows([path], options, tokens: tokens, vocabulary: vocabulary, poll: poll)
    guard options.limit != nil || rows.count == description.rows else {
      throw DataError(
        .io, "\(path): holds \(String(counting: rows.count, "row")); dataset.json says \(description.rows)")
    }
    (self.path, palette) = (path, tokens?.vocabulary.palette)
    (traits, values) = (description.traits, Set(description.values))
    kinds = rows.kinds.merging(description.values.map { ($0, .values) }) { $1 }
    columns = (description.hasImages ? ["image", "caption"] : ["caption"]) + description.extra + description.traits
  }

  var count: Int { rows.count }

  var groups: [RowGroup] { rows.groups }

  /// Those of the build, else those of the column `pixelbyte`, which has no others.
  var tokens: (any TokenStore)? { rows.tokens }

  func row(at index: Int) throws -> DataRow {
    var row = try rows.row(at: index)
    row.traits = row.extra.compactMap { column in
      guard traits.contains(column.name), case .plain(.string(let text)) = column.value else { return nil }
      return NamedText(column.name, text)
    }
    row.extra = try own(row.extra, at: index)
    if let palette { row.indexed = row.image?.quantized(to: palette) }
    return row
  }

  func further(at index: Int) throws -> [NamedValue] { try own(try rows.further(at: index), at: index) }

  /// The columns that are no traits, with the values that texts of JSON stand for.
  private func own(_ columns: [NamedValue], at index: Int) throws -> [NamedValue] {
    try columns.filter { !traits.contains($0.name) || $0.value.isNull }.map { column in
      guard values.contains(column.name), case .plain(.string(let text)) = column.value else { return column }
      do throws(JSONFault) {
        return NamedValue(column.name, .plain(try JSON(Array(text.utf8), readsEndless: true)))
      } catch {
        throw DataError(.io, "\(path), row \(index): the column \"\(column.name)\" is no JSON: \(error.reason)")
      }
    }
  }
}
