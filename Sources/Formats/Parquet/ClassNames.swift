/// The names of the classes that whole numbers in columns count, as the Python library `datasets` has them.
///
/// Where numbers are is told by the name of their column and those of the parts of structures on the way to them; elements of lists are
/// where their lists are.
public struct ClassNames: Equatable, Sendable {
  /// The names at each place.
  public private(set) var names: [[String]: [String]] = [:]

  /// None.
  public init() {}

  /// Those of places.
  public init(_ names: [[String]: [String]]) { self.names = names.filter { !$0.value.isEmpty } }

  /// Whether there are none.
  public var isEmpty: Bool { names.isEmpty }

  /// The names at a place; none where numbers count no classes.
  public subscript(place: [String]) -> [String] { names[place] ?? [] }

  /// Those of one column, under the name that it has elsewhere.
  public func of(_ column: String, called name: String) -> ClassNames {
    ClassNames(
      Dictionary(
        uniqueKeysWithValues: names.filter { $0.key[0] == column }.map { ([name] + $0.key.dropFirst(), $0.value) }))
  }

  /// The same with others where there are none.
  public func merging(_ others: ClassNames) -> ClassNames { ClassNames(names.merging(others.names) { own, _ in own }) }

  /// The columns that have such numbers.
  public var columns: Set<String> { Set(names.keys.map { $0[0] }) }

  /// Those in the features that `datasets` writes into a file; none where the text is something else.
  init(features: String) {
    do throws(JSONFault) {
      guard !features.isEmpty, case .object(let fields)? = try JSON(Array(features.utf8))["info"]?["features"] else {
        return
      }
      for field in fields { add(field.value, [field.name]) }
    } catch { return }
  }

  private mutating func add(_ feature: JSON, _ place: [String]) {
    guard place.count <= ParquetLimit.depth else { return }
    switch feature["_type"]?.string {
    case "ClassLabel":
      let found = feature["names"]?.elements?.compactMap(\.string) ?? []
      if !found.isEmpty { names[place] = found }
    case .some: if let inner = feature["feature"] { add(inner, place) }
    case nil:
      if let inner = feature.elements?.first { add(inner, place) }
      for part in feature.fields ?? [] { add(part.value, place + [part.name]) }
    }
  }

  /// The most classes that a note names.
  private static let told = 20

  /// What tells which classes numbers count, a sentence for all columns that have the same ones.
  public func notes(in file: String) -> [String] {
    var columns: [[String]: [String]] = [:]
    for (place, names) in names { columns[names, default: []].append("\"\(place.joined(separator: "."))\"") }
    let ordered = columns.mapValues { $0.sorted() }.sorted { $0.value[0] < $1.value[0] }
    return ordered.map { names, columns in
      let told = names.prefix(Self.told).enumerated().map { "\($0) is \"\($1)\"" }.joined(separator: ", ")
      let what =
        columns.count == 1 ? "the column \(columns[0]) holds" : "the columns \(columns.joined(separator: ", ")) hold"
      return "\(file): \(what) numbers of classes: \(told)"
        + (names.count > Self.told ? " and so on up to \(names.count - 1)" : "")
    }
  }
}
