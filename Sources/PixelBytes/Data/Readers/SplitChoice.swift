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

  /// Which of the names of splits that were found is this split's: its own, or the one that means the same, such as "val" for
  /// "validation"; nil where there is none. Several that mean the same throw.
  func key(among found: some Collection<String>, in place: String) throws(DataError) -> String? {
    if self == .all { return nil }
    if found.contains(name) { return name }
    let same = found.filter { SplitName.areOne($0, name) }.sorted()
    guard same.count < 2 else {
      throw DataError(
        .value,
        "\(place) has the splits \(same.joined(separator: " and ")), each of which may be \"\(name)\"; name one of them by split:"
      )
    }
    return same.first
  }

  /// The part of what was found that is the split's, nil for everything; an empty name stands for what is in no split. Throws when a
  /// split was asked for that is not there; data without splits is the usual one.
  func chosen<Part>(of found: [String: Part], in place: String) throws(DataError) -> Part? {
    let splits = found.keys.filter { !$0.isEmpty }
    if let key = try key(among: splits, in: place) { return found[key] }
    if case .named(let name) = self, name != ReadingOptions.usualSplit || !splits.isEmpty {
      throw Self.missing(name, in: place, splits)
    }
    return nil
  }

  /// The error that a split is not there.
  static func missing(_ name: String, in place: String, _ splits: [String]) -> DataError {
    DataError(
      .io,
      "\(place) has no split \"\(name)\"; "
        + (splits.isEmpty ? "it has no splits" : "it has the splits \(splits.sorted().joined(separator: ", "))"))
  }
}
