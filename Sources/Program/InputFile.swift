import Foundation

/// Which files the program reads scripts from.
enum InputFile {
  /// False for what may have no end or never begin, such as a pipe with a name or a device; true where nothing is there, which reading
  /// tells. What the shell hands over in place of a file, as `<(...)` does, is read like standard input.
  static func mayRead(_ path: String) -> Bool {
    if ["/dev/fd/", "/proc/self/fd/", "/dev/stdin", "/dev/null"].contains(where: path.hasPrefix) { return true }
    let place = URL(filePath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: place) else { return true }
    let kind = attributes[.type] as? FileAttributeType
    return kind == .typeRegular || kind == .typeDirectory || kind == .typeSymbolicLink
  }
}
