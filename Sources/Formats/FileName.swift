import Foundation

/// Names of files as other systems spell them.
public enum FileName {
  /// The path itself where something is there, else the same path with its letters composed or taken apart, as far as that leads to a file.
  ///
  /// Some systems store an é as one sign, some as two (Unicode Standard Annex 15); archives and downloads keep what they find.
  public static func spelled(_ path: String) -> String {
    if path.utf8.allSatisfy({ $0 < 0x80 }) || isThere(path) { return path }
    var found = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      let forms = [String(part), part.precomposedStringWithCanonicalMapping, part.decomposedStringWithCanonicalMapping]
      guard let form = forms.first(where: { isThere(found + $0) }) else { return path }
      found += form + "/"
    }
    return String(found.dropLast())
  }

  /// The same path without parts that lead nowhere, as `./` and `//`.
  public static func plain(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

extension Sequence<String> {
  /// The paths in the order of their bytes, in which most programs list them.
  public func inPathOrder() -> [String] { sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}
