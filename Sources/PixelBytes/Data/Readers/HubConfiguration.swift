import Formats
import Foundation
import Safepoint

/// What the README.md of a folder says that its splits are, as the Hub has it: `configs:` in the YAML at its beginning, or in the file
/// `.huggingface.yaml`, whose keys go before those.
struct HubConfiguration {
  /// What was found in a folder.
  enum Found {
    case nothing
    case configuration(HubConfiguration)
    /// Configurations of a file that are not read, and why.
    case unread(file: String, String)

    /// The name of the configuration that was found.
    var name: String? { if case .configuration(let found) = self { found.name } else { nil } }
  }

  /// The file that has it.
  let file: String
  let name: String
  let isDefault: Bool
  /// The folder that patterns are of, below that of the file.
  let folder: String?
  /// The splits, each with the patterns of its files; none where names tell them.
  let splits: [(name: String, patterns: [String])]
  /// Whether folders are no labels of the pictures in them, nil where that is not said, and whether tables of metadata are passed over.
  let dropsLabels: Bool?
  let dropsMetadata: Bool
  /// What parts the fields of tables, and how their characters are written; nil where that is not said.
  let separator: UInt8?
  let encoding: TextEncoding?
  /// The keys of the configuration that are not read.
  let unread: [String]
  /// The keys that stand several times in the configurations.
  private(set) var repeated: [String] = []

  /// The configuration of the folder at `path` that is its only or its default one; throws for several without a default.
  static func find(in path: String) throws(DataError) -> Found {
    let (file, lines, fault) = try head(of: path, key: "configs")
    if let fault { return .unread(file: file, fault) }
    let starts = lines.indices.filter { FlowText.field(of: lines[$0])?.name == "configs" }
    guard let start = starts.last else { return .nothing }
    var repeated = starts.count > 1 ? ["configs"] : []
    guard var block = BlockText(field: lines[start...]), let value = block.value()?.settled(&repeated),
      case .map(let fields) = value, case .list(let parts)? = fields.first?.value
    else { return .unread(file: file, "they are written in a form of YAML that is not read") }
    var found: [HubConfiguration] = []
    for part in parts {
      guard var configuration = HubConfiguration(part, file: file) else {
        return .unread(
          file: file,
          "expected a config_name with data_files, a path, a list of paths or a list of split and path")
      }
      configuration.repeated = repeated
      found.append(configuration)
    }
    if found.isEmpty { return .nothing }
    if let usual = found.first(where: \.isDefault) ?? (found.count == 1 ? found[0] : nil) {
      return .configuration(usual)
    }
    throw DataError(
      .value,
      "\(path)/\(file) has the configurations \(found.map(\.name).joined(separator: ", ")), of which none is the default; "
        + "open the files of one by themselves")
  }

  /// The keys that are read, and those that say nothing about rows.
  private static let read = [
    "config_name", "data_files", "data_dir", "default", "drop_labels", "drop_metadata", "version", "description",
  ]

  /// The file of a folder in which a key stands, README.md where it is in none, and the lines of YAML in it or at its beginning; a fault where
  /// it is no text.
  static func head(
    of path: String, key: String
  ) throws(DataError) -> (file: String, lines: ArraySlice<Substring>, fault: String?) {
    for file in [".huggingface.yaml", "README.md"] where FileManager.default.fileExists(atPath: path + "/" + file) {
      do throws(FormatError) {
        let lines = try yaml(path + "/" + file, isWhole: file != "README.md")
        if lines.contains(where: { FlowText.field(of: $0)?.name == key }) { return (file, lines, nil) }
      } catch {
        guard error.otherText != nil else { throw DataError(error) }
        return (file, [], "\(file) \(error.message)")
      }
    }
    return ("README.md", [], nil)
  }

  /// The lines of YAML that a file begins with, between `---` and `---`, or is made of where it `isWhole`.
  private static func yaml(_ file: String, isWhole: Bool) throws(FormatError) -> ArraySlice<Substring> {
    let bytes = try readFile(file, limit: 1 << 24)
    if let found = ForeignFile(bytes), found.isOtherText { throw found.error(in: file, expected: "UTF-8 text") }
    let text = String(decoding: bytes, as: UTF8.self)
    let marked = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    var lines = marked.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    lines = lines.drop { $0.allSatisfy(\.isWhitespace) || isWhole && $0.hasPrefix("#") }
    let isMarked = lines.first == "---"
    if isMarked { lines.removeFirst() }
    let end = lines.firstIndex { $0 == "---" || isWhole && $0 == "..." }
    return isWhole ? lines[..<(end ?? lines.endIndex)] : isMarked ? end.map { lines[..<$0] } ?? [] : []
  }

  private init?(_ value: BlockText.Value, file: String) {
    guard case .map(let fields) = value else { return nil }
    func text(_ name: String) -> String? {
      if case .text(let text)? = fields.first(where: { $0.name == name })?.value { text } else { nil }
    }
    guard let name = text("config_name") else { return nil }
    (self.file, self.name) = (file, name)
    func isTrue(_ key: String) -> Bool { ["true", "yes", "on"].contains(text(key)?.lowercased() ?? "") }
    func isSaid(_ key: String) -> Bool { !["", "null", "~"].contains(text(key)?.lowercased() ?? "") }
    dropsLabels = isSaid("drop_labels") ? isTrue("drop_labels") : nil
    dropsMetadata = isTrue("drop_metadata")
    isDefault = name == "default" || isTrue("default")
    let sign = (text("delimiter") ?? text("sep")).map { Array($0.utf8) } ?? []
    let isSign = sign.count == 1 && sign[0] < 0x80 && ![0x0A, 0x0D, UInt8(ascii: "\"")].contains(sign[0])
    separator = isSign ? sign[0] : nil
    let stated = text("encoding").flatMap { TextEncoding(named: $0) }
    encoding = stated
    unread = fields.map(\.name).filter { name in
      switch name {
      case "sep", "delimiter": !isSign
      case "encoding": stated == nil
      default: !Self.read.contains(name)
      }
    }
    let parts = text("data_dir").map { $0.split(separator: "/").filter { $0 != "." } } ?? []
    folder = parts.isEmpty ? nil : parts.joined(separator: "/")
    if parts.contains("..") || text("data_dir")?.hasPrefix("/") ?? false { return nil }
    guard let files = fields.first(where: { $0.name == "data_files" })?.value else {
      splits = []
      return
    }
    // A folded text ends its last line, too.
    func trimmed(_ patterns: [String]) -> [String] { patterns.map { $0.trimmingCharacters(in: .newlines) } }
    if let patterns = files.texts {
      splits = [(ReadingOptions.usualSplit, trimmed(patterns))]
      return
    }
    guard case .list(let parts) = files else { return nil }
    var splits: [(name: String, patterns: [String])] = []
    for part in parts {
      guard case .map(let fields) = part, case .text(let split)? = fields.first(where: { $0.name == "split" })?.value,
        let patterns = fields.first(where: { $0.name == "path" })?.value.texts
      else { return nil }
      splits.append((split, trimmed(patterns)))
    }
    self.splits = splits
  }

  /// What tells that keys are not read.
  func untold(in path: String) -> String {
    "\(path)/\(file) says \(unread.map { "`\($0)`" }.joined(separator: ", ")) of the configuration \"\(name)\", which is not read"
  }

  /// What tells of keys that stand several times; nil where none does.
  func notedRepetition(in path: String) -> String? {
    repeated.isEmpty
      ? nil
      : "\(path)/\(file) has \(repeated.map { "`\($0)`" }.joined(separator: ", ")) several times in one place, where the last counts"
  }

  /// What tells of splits that stand several times, which the Hub's library refuses; nil where none does.
  func notedTwice(in path: String) -> String? {
    let names = Dictionary(grouping: splits.map(\.name)) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    return names.isEmpty
      ? nil
      : "\(path)/\(file) names \(names.map { "the split \"\($0)\"" }.joined(separator: " and ")) several times; what it names is read together"
  }

  /// The files of each split below a folder, by their paths in the order of the patterns. What no file is called as throws where it is a
  /// path; `note` hears of patterns.
  func files(below path: String, note: (String) -> Void) throws(DataError) -> [String: [String]] {
    var names: [String] = []
    try Self.list(path, "", depth: 32, into: &names)
    names = names.inPathOrder()
    var found: [String: [String]] = [:]
    for (split, patterns) in splits {
      for pattern in patterns {
        let parts = pattern.split(separator: "/").filter { $0 != "." }[...]
        let files = names.filter { Self.matches($0.split(separator: "/")[...], parts) }
        if files.isEmpty {
          let told =
            "\(path) has no file \"\(pattern.replacing("\n", with: "\\n"))\", which \(file) names for the split \"\(split)\""
          guard pattern.contains(where: { "*?[".contains($0) }) else { throw DataError(.io, told) }
          note(told)
        }
        let known = found[split] ?? []
        found[split] = known + files.map { path + "/" + $0 }.filter { !known.contains($0) }
      }
    }
    return found
  }

  /// The files that tell of a data set, and are none of its own, whatever a pattern names.
  private static let describing: Set = [
    "README.md", "config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json",
  ]

  private static func list(
    _ path: String, _ place: String, depth: Int, into names: inout [String]
  ) throws(DataError) {
    for name in FolderContents.names(in: path + "/" + place).sorted() {
      if Safepoint.mustStop(after: 2000) { throw DataError(.io, "listing \(path) was stopped") }
      if !FolderContents.isFolder(path + "/" + place + name) {
        if !describing.contains(name) { names.append(place + name) }
      } else if depth > 0, !FolderContents.isPassedOver(name) {
        try list(path, place + name + "/", depth: depth - 1, into: &names)
      }
    }
  }

  /// Whether the parts of a path are as those of a pattern say, of which `**` stands for any number of folders.
  private static func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" {
      if pattern.count == 1 { return !path.isEmpty }
      return (0..<path.count).contains { matches(path.dropFirst($0), pattern.dropFirst()) }
    }
    guard let name = path.first, NamePattern(first).fits(name) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
  }
}
