/// A column of a parquet file to be written, or a part of one: its name and what it holds.
public struct ParquetField: Equatable, Sendable {
  indirect enum Kind: Equatable, Sendable {
    case text, json, integer, unsigned, number, boolean, bytes
    case list(Kind)
    case structure([ParquetField])
    case ids([Int])

    /// A picture file as the Hugging Face Hub has it.
    static let picture = Kind.structure([ParquetField(name: "bytes", kind: .bytes), .text("path")])
  }

  /// The name of the column.
  public let name: String
  let kind: Kind
  /// Whether it is a part that structures may lack, for which a null stands.
  var mayBeAbsent = false
  /// The classes that whole numbers count, as the Python library `datasets` has them; none where they count none.
  private(set) var classes: [String] = []

  init(name: String, kind: Kind, mayBeAbsent: Bool = false) {
    (self.name, self.kind, self.mayBeAbsent) = (name, kind, mayBeAbsent)
  }

  /// The column with the names of the classes that whole numbers in it count, `outer` being the way to it.
  public func naming(_ names: ClassNames, behind outer: [String] = []) -> ParquetField {
    let place = outer + [name]
    func named(_ kind: Kind) -> Kind {
      switch kind {
      case .list(let element): .list(named(element))
      case .structure(let parts): .structure(parts.map { $0.naming(names, behind: place) })
      default: kind
      }
    }
    var (field, inner) = (ParquetField(name: name, kind: named(kind), mayBeAbsent: mayBeAbsent), kind)
    while case .list(let element) = inner { inner = element }
    if inner == .integer { field.classes = names[place] }
    return field
  }

  /// A column that holds what one of a file does, of which no value is known; nil for one that is not read.
  public init?(_ column: ParquetColumn) {
    guard let kind = Self.kind(of: column) else { return nil }
    self.init(name: column.name, kind: kind, mayBeAbsent: column.mayBeAbsent)
  }

  private static func kind(of column: ParquetColumn) -> Kind? {
    switch column.type {
    case .boolean: return .boolean
    case .integer: return .integer
    case .float, .double: return .number
    case .text: return column.isJSON ? .json : .text
    case .bytes: return .bytes
    case .list(let element): return kind(of: element).map { .list($0) }
    case .structure(let parts):
      let fields = parts.compactMap { ParquetField($0) }
      return fields.count < parts.count || fields.isEmpty ? nil : .structure(fields)
    case .unsupported: return nil
    }
  }

  /// A column of texts or nulls.
  public static func text(_ name: String) -> ParquetField { ParquetField(name: name, kind: .text) }
  /// A column of values of any kind or nulls, as texts of JSON.
  public static func json(_ name: String) -> ParquetField { ParquetField(name: name, kind: .json) }
  /// A column of 64-bit whole numbers or nulls.
  public static func integer(_ name: String) -> ParquetField { ParquetField(name: name, kind: .integer) }
  /// A column of 64-bit floats or nulls.
  public static func number(_ name: String) -> ParquetField { ParquetField(name: name, kind: .number) }
  /// A column of truth values or nulls.
  public static func boolean(_ name: String) -> ParquetField { ParquetField(name: name, kind: .boolean) }
  /// A column of picture files or nulls: structures of `bytes` and `path`, as the Hugging Face Hub has them.
  public static func picture(_ name: String) -> ParquetField { ParquetField(name: name, kind: .picture) }
  /// A column of lists of picture files or nulls.
  public static func pictureList(_ name: String) -> ParquetField { ParquetField(name: name, kind: .list(.picture)) }
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
  /// Texts, or texts of JSON.
  case texts([String?])
  /// Texts of which few differ: the different ones, and for each row the place among them, below 0 for null.
  case words([String], codes: [Int32])
  /// Whole numbers.
  case integers([Int?])
  /// Numbers.
  case numbers([Double?])
  /// Truth values.
  case booleans([Bool?])
  /// Lists, structures, or any other values, each of the kind of the column.
  case values([ParquetValue])
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
    case .values(let values): values.count
    case .ids(_, let ends): ends.count
    }
  }

  func fits(_ kind: ParquetField.Kind) -> Bool {
    switch (self, kind) {
    case (.ids(let ids, let ends), .ids(let inner)):
      ends.last ?? 0 == ids.count && zip([0] + ends, ends).allSatisfy { $0 <= $1 && ($1 - $0) % inner.product == 0 }
    case (.ids, _), (_, .ids): false
    case (.texts, .text), (.texts, .json), (.words, .text), (.integers, .integer), (.numbers, .number),
      (.booleans, .boolean), (.values, _):
      true
    default: false
    }
  }
}

extension ParquetValue {
  /// A picture file: its bytes, and the path they came from or a name for them.
  public static func picture(_ bytes: [UInt8]?, path: String?) -> ParquetValue {
    .structure([("bytes", bytes.map { .bytes($0) } ?? .null), ("path", path.map { .text($0) } ?? .null)])
  }
}

extension [Int] {
  var product: Int { reduce(1, *) }
}
