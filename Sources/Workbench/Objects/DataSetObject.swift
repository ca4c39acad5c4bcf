import PixelBytes
import PixelScript

/// A data set in a script: rows of pictures and captions.
public final class DataSetObject {
  /// The rows; built ones replace them when a command needs tokens.
  public private(set) var data: DataSet

  /// Wraps a data set.
  public init(_ data: DataSet) { self.data = data }

  /// The rows as tokens; rows that were not built are built now, as `build` does without arguments, and kept.
  ///
  /// `poll` is called for each row and stops the work by throwing.
  public func sequences(
    _ tokenizer: Tokenizer = Tokenizer(), poll: () throws -> Void = {}
  ) throws -> [PatchSequence] {
    if data.contains(where: { $0.patches == nil }) {
      data = try data.built(with: tokenizer, maxSize: defaultMaxSize, poll: poll)
    }
    return data.rows.compactMap(\.patches)
  }
}

/// The longest side of a picture that `build` keeps when nothing else is said, as in the published system.
let defaultMaxSize = 25

extension DataSetObject: ScriptObject {
  /// "data set".
  public static let scriptName = "data set"
  /// The number of rows and the columns.
  public var displayText: String { "data set: \(data.count) rows, columns \(data.columns.joined(separator: ", "))" }
  /// What every data set has.
  public var fieldNames: [String] { ["columns"] }
  /// The number of rows.
  public var length: Int? { data.count }
  /// What the rows cost.
  public var memoryCost: Int { data.rows.reduce(128) { $0 + RowObject($1).memoryCost } }

  /// `columns` is the list of the columns' names.
  public func field(_ name: String) throws -> Value? {
    name == "columns" ? .list(data.columns.map { .string($0) }) : nil
  }

  /// `data[0]` is a row, `data[1:3]` and `data[[0, 2]]` are data sets.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    func part(_ positions: [Int]) -> Value { .object(DataSetObject(DataSet(positions.map { data[$0] }))) }
    switch index[0] {
    case .position(let place):
      return .object(RowObject(data[try PixelScript.Index.resolve(place, in: data.count, of: "data set")]))
    case .slice(let slice): return part(slice.positions(in: data.count))
    case .positions(let places):
      return part(try places.map { try PixelScript.Index.resolve($0, in: data.count, of: "data set") })
    case .all: return part(Array(data.indices))
    case .key(let name):
      return .list(try data.rows.map { try RowObject($0).element(at: [.key(name)]) ?? .nil })
    case .object: return nil
    }
  }

  /// True when all rows are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? DataSetObject)?.data == data }
}

extension DataSetObject: Showable {
  /// The first rows as a grid of pictures with their captions.
  public func drawing(in style: DisplayStyle) -> String {
    let shown = data.rows.prefix(12).map { RowObject($0) }
    let more = data.count > shown.count ? "... and \(data.count - shown.count) more rows\n" : ""
    return ImageGrid.text(shown.map { ($0.picture, $0.caption) }, style: style) + more
  }
}
