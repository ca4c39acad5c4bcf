import Formats
import PixelBytes
import PixelScript
import Safepoint

/// A data set in a script: rows of pictures and captions.
public final class DataSetObject {
  /// The rows; built ones replace them when a command needs tokens.
  public private(set) var data: DataSet

  /// Wraps a data set.
  public init(_ data: DataSet) { self.data = data }

  /// The tokens of the rows; rows that were not built are built now, as `options` say, and kept.
  ///
  /// `report` is called with the number of rows done and stops the work by throwing.
  public func sequences(_ options: BuildOptions, report: (Int) throws -> Void = { _ in }) throws -> TokenSequences {
    if let sequences = data.sequences { return sequences }
    data = try data.built(options, report: report)
    return try data.encoded()
  }

  /// The row at `index`.
  func row(_ index: Int) throws -> RowObject {
    RowObject(
      try data[index], vocabulary: data.vocabulary, mayHaveImage: data.source.columns.contains("image"),
      classes: data.source.classes)
  }
}

/// The longest side of a picture that `build` keeps when nothing else is said, as in the published system.
let defaultMaxSize = 25

extension DataSetObject: ScriptObject {
  /// "data set".
  public static let scriptName = "data set"
  /// The number of rows and the columns, of which those that find room on a line of a terminal.
  public var displayText: String {
    let head = "data set: \(String(counting: data.count, "row")), columns "
    let whole = head + data.columns.joined(separator: ", ")
    guard DisplayWidth.columns(of: whole) > Self.lineWidth else { return whole }
    var names: [String] = []
    var width = DisplayWidth.columns(of: head) + 15
    for name in data.columns {
      width += DisplayWidth.columns(of: name) + 2
      guard width <= Self.lineWidth || names.isEmpty else { break }
      names.append(name)
    }
    return head + names.joined(separator: ", ") + " and \(data.columns.count - names.count) more"
  }
  private static let lineWidth = 79
  /// What every data set has.
  public var fieldNames: [String] { ["columns", "vocabulary"] }
  /// The number of rows.
  public var length: Int? { data.count }
  /// What rows in memory cost.
  public var memoryCost: Int { 256 + data.memoryCost }

  /// `columns` is the list of the columns' names, `vocabulary` the number of tokens, nil before a build.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "columns": .list(data.columns.map { .string($0) })
    case "vocabulary": data.vocabulary.map { .number($0.count) } ?? .nil
    case _ where data.columns.contains(name):
      throw ScriptError(
        .name, "`\(name)` is a column, which each row has a value of",
        help: "`data[0].\(name)` is that of one row, `data[\(Display.quoted(name))]` are all")
    default: nil
    }
  }

  /// `data[0]` is a row, `data[1:3]` and `data[[0, 2]]` are data sets.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    func part(_ positions: [Int]) throws -> Value { .object(DataSetObject(try data.selecting(positions))) }
    switch index[0] {
    case .position(let place):
      return .object(try row(try PixelScript.Index.resolve(place, in: data.count, of: "data set")))
    case .slice(let slice): return try part(try slice.positions(in: data.count))
    case .positions(let places):
      return try part(try places.map { try PixelScript.Index.resolve($0, in: data.count, of: "data set") })
    case .all: return .object(DataSetObject(data))
    case .key(let name):
      try Safepoint.reserve(64, times: data.count, for: "a list")
      return try .list(count: data.count) { try row($0).element(at: [.key(name)]) ?? .nil }
    case .object, .keys, .rest, .newAxis: return nil
    }
  }

  /// True when all rows are equal.
  public func isEqual(to other: any ScriptObject) -> Bool {
    (other as? DataSetObject).map { $0.data.isEqual(to: data) } ?? false
  }
}

extension DataSetObject: Showable {
  /// Data sets are.
  public var isShownInPassing: Bool { true }
  /// The first rows as a grid of pictures with their captions.
  public func rendering() throws -> Rendering {
    let grid = try grid(12)
    let more = data.count - 12
    return more > 0 ? .column([grid, .text("... and \(more) more rows\n")]) : grid
  }

  /// A line about all rows, and four of them.
  public func echo() throws -> Rendering {
    data.count == 0 ? .text(displayText + "\n") : .column([.text(displayText + "\n"), try grid(4)])
  }

  private func grid(_ most: Int) throws -> Rendering {
    .grid(try (0..<min(most, data.count)).map { try row($0) }.map { .init($0.picture, $0.caption) })
  }
}

extension DataSetObject: Savable {
  /// The rows by themselves.
  public static let fileEndings = ["parquet"]
  /// The rows with their tokens.
  public static let isFolder = true
  /// Writes the rows, into a folder the tokens too when they are built.
  public func save(to path: String, ending: String) throws {
    if ending.isEmpty {
      try DataFolder.write(data, to: path, building: nil)
    } else {
      try DataFolder.writeRows(of: data, to: path)
    }
  }
}
