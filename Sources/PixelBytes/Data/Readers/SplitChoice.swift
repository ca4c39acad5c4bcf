/// Which split of some data is read.
enum SplitChoice: Equatable {
  /// Whatever there is.
  case all
  /// The usual one where there are splits; else whatever there is.
  case usual
  /// One that was asked for.
  case named(String)

  init(_ split: String?) { self = split.map { .named($0) } ?? .usual }

  /// The name of the split.
  var name: String {
    if case .named(let name) = self { name } else { ReadingOptions.usualSplit }
  }

  /// The part of what was found that is the split's, nil for everything; an empty name stands for what is in no split. Throws when a
  /// split was asked for that is not there; data without splits is the usual one.
  func chosen<Part>(of found: [String: Part], in place: String) throws(DataError) -> Part? {
    if self == .all { return nil }
    if let part = found[name] { return part }
    let splits = found.keys.filter { !$0.isEmpty }.sorted()
    switch self {
    case .named(let name) where name != ReadingOptions.usualSplit || !splits.isEmpty:
      throw Self.missing(name, in: place, splits)
    default: return nil
    }
  }

  /// The error that a split is not there.
  static func missing(_ name: String, in place: String, _ splits: [String]) -> DataError {
    DataError(
      .io,
      "\(place) has no split \"\(name)\"; "
        + (splits.isEmpty ? "it has no splits" : "it has the splits \(splits.sorted().joined(separator: ", "))"))
  }
}
