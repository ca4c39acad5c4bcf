import Formats
import Foundation

/// The files of a table that Spark or Hive wrote in parts: what lies in `kind=cat` has the value "cat" in the column `kind`.
public struct FolderParts {
  /// The files, in the order of their paths.
  public private(set) var files: [String] = []
  /// What the folders say about each of them.
  public private(set) var values: [[NamedValue]] = []

  /// How deep folders are looked into.
  private static let depth = 16
  /// What stands for no value.
  private static let none = "__HIVE_DEFAULT_PARTITION__"

  /// Looks into the folders of `folder` whose names have such a form, and into the folder itself where `isWhole`, for files with names that
  /// `isPart` takes; hidden ones are passed over, and those that begin with `_`. `willLook` is told each folder.
  public init(
    _ folder: String, isWhole: Bool = false, isPart: (String) -> Bool = { $0.hasSuffix(".parquet") },
    willLook: (String) throws -> Void = { _ in }
  ) rethrows {
    var texts: [[(name: String, text: String?)]] = []
    try collect(folder, [], &texts, takesFiles: isWhole, isPart, willLook)
    // A column is of numbers when all its values are.
    let words = texts.joined().filter { $0.text.map { Int($0) == nil || String(Int($0) ?? 0) != $0 } ?? false }
    let others = Set(words.map(\.name))
    values = texts.map { file in
      file.map { name, text in
        guard let text else { return NamedValue(name, .plain(.null)) }
        return NamedValue(name, .plain(others.contains(name) ? .string(text) : .integer(Int(text) ?? 0)))
      }
    }
  }

  private mutating func collect(
    _ folder: String, _ outer: [(name: String, text: String?)], _ texts: inout [[(name: String, text: String?)]],
    takesFiles: Bool, _ isPart: (String) -> Bool, _ willLook: (String) throws -> Void
  ) rethrows {
    try willLook(folder)
    for name in FolderContents.names(in: folder).sorted() where !name.hasPrefix("_") {
      let path = folder + "/" + name
      if takesFiles, isPart(name) {
        files.append(path)
        texts.append(outer)
      } else if let sign = name.firstIndex(of: "="), sign > name.startIndex, outer.count < Self.depth {
        let text = String(name[name.index(after: sign)...])
        let value = text == Self.none ? nil : text.removingPercentEncoding ?? text
        let column = String(name[..<sign])
        try collect(
          path, outer + [(column.removingPercentEncoding ?? column, value)], &texts, takesFiles: true, isPart, willLook)
      }
    }
  }
}
