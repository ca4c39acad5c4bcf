import Formats
import PixelBytes
import PixelScript

/// One row of a data set in a script: a picture, its caption, and whatever else the row has.
public final class RowObject: Pictured {
  /// The row.
  public let row: DataRow
  /// What the tokens of a built row stand for.
  public let tokenizer: Tokenizer

  /// Whether rows of its data set have pictures, if not this one.
  private let mayHaveImage: Bool

  /// The classes that numbers in columns of its data set count.
  let classes: ClassNames

  /// Wraps a row of a data set whose tokens are of `vocabulary`, whose rows may have pictures, and in which numbers count `classes`.
  public init(
    _ row: DataRow, vocabulary: Vocabulary? = nil, mayHaveImage: Bool = false, classes: ClassNames = ClassNames()
  ) {
    (self.row, tokenizer, self.classes) = (row, Tokenizer(vocabulary ?? .pixelbytes), classes)
    self.mayHaveImage = mayHaveImage || row.image != nil
  }

  /// The picture, in palette colors when the row is built.
  public var picture: RasterImage? { row.indexed?.raster ?? row.image }
  /// The caption.
  public var caption: String { row.caption }
}

extension RowObject: ScriptObject {
  /// "data row".
  public static let scriptName = "data row"
  /// The size of the picture and the caption.
  public var displayText: String {
    let size = picture.map { "image \($0.width)x\($0.height), " } ?? ""
    return "data row: \(size)\(Display.quoted(row.caption))"
  }
  /// The columns.
  public var fieldNames: [String] {
    (mayHaveImage ? ["image", "caption"] : ["caption"]) + row.extra.map(\.name) + row.traits.map(\.name)
      + (row.traits.isEmpty ? [] : ["traits"])
      + (row.patches == nil ? [] : ["pixelbyte"])
  }
  /// Four bytes a pixel, nine a patch.
  public var memoryCost: Int { 256 + row.memoryCost }

  /// The columns by name; `traits` is a map, `pixelbyte` the tokens of a built row.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "image": return picture.map { .object(ImageObject($0)) } ?? (mayHaveImage ? .nil : nil)
    case "caption": return row.hasCaption ? .string(row.caption) : .nil
    case "traits" where !row.traits.isEmpty: return .map(row.traits.map { ($0.name, .string($0.text)) })
    case "pixelbyte": return row.patches.map { .object(TokensObject($0, tokenizer)) }
    default:
      if let column = row.extra.first(where: { $0.name == name }) { return try value(of: column) }
      return row.trait(name).map { .string($0) }
    }
  }

  /// The columns as a map.
  var map: ScriptMap {
    get throws {
      let map = ScriptMap()
      for name in fieldNames where name != "traits" { map[name] = try field(name) ?? .nil }
      return map
    }
  }

  private func value(of column: NamedValue) throws -> Value { try Value(column.value, column: column.name) }

  /// `row["caption"]` is `row.caption`.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1, case .key(let name) = index[0] else { return nil }
    if let value = try field(name) { return value }
    throw ScriptError(
      .key, "the row has no column \(Display.quoted(name))",
      help: Suggestion.question(about: name, in: fieldNames, quoted: Display.quoted)
        ?? "it has \(fieldNames.joined(separator: ", "))")
  }

  /// `"tag" in row` tells whether there is such a column, whatever it holds.
  public func binary(_ operation: PixelScript.Operation, _ other: Value, reflected: Bool) throws -> Value? {
    guard operation == .contains, reflected, case .string(let name) = other else { return nil }
    return .bool(fieldNames.contains(name))
  }

  /// True when all columns are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? RowObject)?.row == row }
}

extension RowObject: Showable {
  /// Pictures are.
  public var isShownInPassing: Bool { true }
  /// The picture with the caption under it.
  public func rendering() -> Rendering { .grid([.init(picture, row.caption)]) }
}

extension RowObject: Savable {
  /// Those of pictures.
  public static var fileEndings: [String] { RasterImage.fileEndings }
  /// Writes the picture.
  public func save(to path: String, ending: String) throws {
    guard let picture else { throw ScriptError(.value, "the row has no picture to save") }
    try picture.write(to: path, ending: ending)
  }
}

extension Value {
  /// A value of a further column, its pictures decoded.
  init(_ value: DataValue, column: String) throws {
    switch value {
    case .plain(let value): self = Value(data: value)
    case .picture(let file): self = .object(ImageObject(try file.image(column: column)))
    case .list(let values): self = .list(try values.map { try Value($0, column: column) })
    case .map(let parts): self = .map(try parts.map { ($0.name, try Value($0.value, column: column)) })
    }
  }
}
