import Foundation

/// What tells whether a file or a folder is another one than before without reading it: size, time of the last change and place on the disk, of
/// a folder those of what is in it.
struct FileStamp: Equatable {
  private let parts: [String]

  /// The most files of a folder that are looked at.
  private static let most = 1000

  /// The stamp of a path; one of nothing where nothing is there.
  init(_ path: String) {
    var parts = [Self.part(path)]
    if let names = FileManager.default.enumerator(atPath: path) {
      for case let name as String in names.lazy.prefix(Self.most) { parts.append(name + Self.part(path + "/" + name)) }
    }
    self.parts = parts
  }

  private static func part(_ path: String) -> String {
    do {
      let found = try FileManager.default.attributesOfItem(atPath: FileAccess.resolved(path))
      let time = (found[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
      return " \(found[.size] ?? 0) \(time) \(found[.systemFileNumber] ?? 0)"
    } catch { return "" }
  }
}
