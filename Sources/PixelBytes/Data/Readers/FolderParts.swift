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
    values = Self.values(texts)
  }

  /// What the folders say of each of some files in which they lie, those behind the first `count` parts of their paths.
  public static func values(of files: [String], behind count: Int) -> [[NamedValue]] {
    values(files.map { $0.split(separator: "/").dropFirst(count).dropLast().compactMap { column(of: String($0)) } })
  }

  /// What the name of a folder says; nil where it says nothing.
  private static func column(of folder: String) -> (name: String, text: String?)? {
    guard let sign = folder.firstIndex(of: "="), sign > folder.startIndex else { return nil }
    let text = String(folder[folder.index(after: sign)...])
    let name = String(folder[..<sign])
    return (name.removingPercentEncoding ?? name, text == none ? nil : text.removingPercentEncoding ?? text)
  }

  private static func values(_ texts: [[(name: String, text: String?)]]) -> [[NamedValue]] {
    // A column is of numbers when all its values are.
    let words = texts.joined().filter { $0.text.map { Int($0) == nil || String(Int($0) ?? 0) != $0 } ?? false }
    let others = Set(words.map(\.name))
    return texts.map { file in
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
      } else if outer.count < Self.depth, let column = Self.column(of: name) {
        try collect(
          path, outer + [column], &texts, takesFiles: true, isPart, willLook)
      }
    }
  }
}
