/// A column of a parquet file to be written: its name and what it holds.
public struct ParquetField: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case text, integer, number, boolean, picture, pictureList
    case ids([Int])
  }

  /// The name of the column.
  public let name: String
  let kind: Kind

  /// A column of texts or nulls.
  public static func text(_ name: String) -> ParquetField { ParquetField(name: name, kind: .text) }
  /// A column of 64-bit whole numbers or nulls.
  public static func integer(_ name: String) -> ParquetField { ParquetField(name: name, kind: .integer) }
  /// A column of 64-bit floats or nulls.
  public static func number(_ name: String) -> ParquetField { ParquetField(name: name, kind: .number) }
  /// A column of truth values or nulls.
  public static func boolean(_ name: String) -> ParquetField { ParquetField(name: name, kind: .boolean) }
  /// A column of picture files or nulls: structures of `bytes` and `path`, as the Hugging Face Hub has them.
  public static func picture(_ name: String) -> ParquetField { ParquetField(name: name, kind: .picture) }
  /// A column of lists of picture files or nulls.
  public static func pictureList(_ name: String) -> ParquetField { ParquetField(name: name, kind: .pictureList) }
  /// A column of lists of lists of ids below 256, where all lists but the outermost have the sizes `inner`.
  ///
  /// `ids("pixelbyte", inner: [3, 3])` holds any number of patches of 3 x 3 ids a row.
  public static func ids(_ name: String, inner: [Int]) -> ParquetField {
    precondition(inner.allSatisfy { $0 > 0 } && inner.count < 7, "lists of the sizes \(inner)")
    return ParquetField(name: name, kind: .ids(inner))
  }
}

/// The values of one column to be written, one a row.
public enum ParquetRows: Sendable {
  /// A picture file: its bytes, and the path they came from or a name for them.
  public typealias Picture = (bytes: [UInt8]?, path: String?)

  /// Texts.
  case texts([String?])
  /// Texts of which few differ: the different ones, and for each row the place among them, below 0 for null.
  case words([String], codes: [Int32])
  /// Whole numbers.
  case integers([Int?])
  /// Numbers.
  case numbers([Double?])
  /// Truth values.
  case booleans([Bool?])
  /// Pictures.
  case pictures([Picture?])
  /// Lists of pictures.
  case pictureLists([[Picture?]?])
  /// The ids of all rows one after the other, and where those of each row end among them.
  case ids([UInt8], ends: [Int])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .texts(let values): values.count
    case .words(_, let codes): codes.count
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .booleans(let values): values.count
    case .pictures(let values): values.count
    case .pictureLists(let values): values.count
    case .ids(_, let ends): ends.count
    }
  }

  func fits(_ kind: ParquetField.Kind) -> Bool {
    switch (self, kind) {
    case (.texts, .text), (.words, .text), (.integers, .integer), (.numbers, .number), (.booleans, .boolean),
      (.pictures, .picture), (.pictureLists, .pictureList):
      true
    case (.ids(let ids, let ends), .ids(let inner)):
      ends.last ?? 0 == ids.count && zip([0] + ends, ends).allSatisfy { $0 <= $1 && ($1 - $0) % inner.product == 0 }
    default: false
    }
  }
}

extension [Int] {
  var product: Int { reduce(1, *) }
}
