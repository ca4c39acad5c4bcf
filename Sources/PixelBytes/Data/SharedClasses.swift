import Formats

/// The classes that the numbers in columns count which several parts of data have.
struct SharedClasses {
  /// Those that are the same in every part that has the column.
  let names: ClassNames
  /// What tells of columns whose numbers count others, or none, in some parts.
  let notes: [String]

  init(_ parts: [(classes: ClassNames, columns: [String])]) {
    let all = parts.reduce(ClassNames()) { $0.merging($1.classes) }
    let shared = all.names.filter { place, names in
      parts.allSatisfy { $0.classes[place] == names || !$0.columns.contains(place[0]) }
    }
    names = ClassNames(shared)
    notes = all.names.keys.filter { shared[$0] == nil }.map { $0.joined(separator: ".") }.sorted().map {
      "the numbers of classes in the column \"\($0)\" do not mean the same in all parts; they are kept without the names"
    }
  }
}
