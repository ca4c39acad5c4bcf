import Formats
import Foundation
import Safepoint

/// What the README.md of a folder says that its splits are, as the Hub has it: `configs:` in the YAML at its beginning.
struct HubConfiguration {
  /// What was found in a folder.
  enum Found {
    case nothing
    case configuration(HubConfiguration)
    /// Configurations that are not read, and why.
    case unread(String)
  }

  let name: String
  let isDefault: Bool
  /// The folder that patterns are of, below that of the README.md.
  let folder: String?
  /// The splits, each with the patterns of its files; none where names tell them.
  let splits: [(name: String, patterns: [String])]
  /// Whether folders are no labels of the pictures in them, and whether tables of metadata are passed over.
  let dropsLabels: Bool
  let dropsMetadata: Bool

  /// The configuration of the folder at `path` that is its only or its default one; throws for several without a default.
  static func find(in path: String) throws(DataError) -> Found {
    let file = path + "/README.md"
    guard FileManager.default.fileExists(atPath: file) else { return .nothing }
    let text: String
    do throws(FormatError) { text = String(decoding: try readFile(file, limit: 1 << 24), as: UTF8.self) } catch {
      throw DataError(error)
    }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    guard lines.popFirst() == "---", let end = lines.firstIndex(of: "---") else { return .nothing }
    lines = lines[..<end]
    guard let start = lines.firstIndex(where: { $0.hasPrefix("configs:") }) else { return .nothing }
    var open = FlowText.scan(lines[start], behind: 0).open
    let rest = lines[(start + 1)...].prefix { line in
      defer { open = FlowText.scan(line, behind: open).open }
      return open > 0 || line.isEmpty || " -#".contains(line.first ?? " ")
    }
    guard var block = BlockText([lines[start]] + rest), let value = block.value(),
      case .map(let fields) = value, case .list(let parts)? = fields.first?.value
    else { return .unread("they are written in a form of YAML that is not read") }
    var found: [HubConfiguration] = []
    for part in parts {
      guard let configuration = HubConfiguration(part) else {
        return .unread("expected a config_name with data_files, a path, a list of paths or a list of split and path")
      }
      found.append(configuration)
    }
    if let usual = found.first(where: \.isDefault) ?? (found.count == 1 ? found[0] : nil) {
      return .configuration(usual)
    }
    throw DataError(
      .value,
      "\(file) has the configurations \(found.map(\.name).joined(separator: ", ")), of which none is the default; "
        + "open the files of one by themselves")
  }

  private init?(_ value: BlockText.Value) {
    guard case .map(let fields) = value else { return nil }
    func text(_ name: String) -> String? {
      if case .text(let text)? = fields.first(where: { $0.name == name })?.value { text } else { nil }
    }
    guard let name = text("config_name") else { return nil }
    self.name = name
    func isTrue(_ key: String) -> Bool { ["true", "yes", "on"].contains(text(key)?.lowercased() ?? "") }
    (dropsLabels, dropsMetadata) = (isTrue("drop_labels"), isTrue("drop_metadata"))
    isDefault = name == "default" || isTrue("default")
    let parts = text("data_dir").map { $0.split(separator: "/").filter { $0 != "." } } ?? []
    folder = parts.isEmpty ? nil : parts.joined(separator: "/")
    if parts.contains("..") || text("data_dir")?.hasPrefix("/") ?? false { return nil }
    guard let files = fields.first(where: { $0.name == "data_files" })?.value else {
      splits = []
      return
    }
    if let patterns = files.texts {
      splits = [(ReadingOptions.usualSplit, patterns)]
      return
    }
    guard case .list(let parts) = files else { return nil }
    var splits: [(name: String, patterns: [String])] = []
    for part in parts {
      guard case .map(let fields) = part, case .text(let split)? = fields.first(where: { $0.name == "split" })?.value,
        let patterns = fields.first(where: { $0.name == "path" })?.value.texts
      else { return nil }
      splits.append((split, patterns))
    }
    self.splits = splits
  }

  /// The files of each split below a folder, by their paths in the order of the patterns; throws for a pattern of no file.
  func files(below path: String) throws(DataError) -> [String: [String]] {
    var names: [String] = []
    try Self.list(path, "", depth: 32, into: &names)
    var found: [String: [String]] = [:]
    for (split, patterns) in splits {
      for pattern in patterns {
        let parts = pattern.split(separator: "/").filter { $0 != "." }[...]
        let files = names.filter { Self.matches($0.split(separator: "/")[...], parts) }
        guard !files.isEmpty else {
          throw DataError(
            .io, "\(path) has no file \"\(pattern)\", which README.md names for the split \"\(split)\"")
        }
        let known = found[split] ?? []
        found[split] = known + files.map { path + "/" + $0 }.filter { !known.contains($0) }
      }
    }
    return found
  }

  private static func list(
    _ path: String, _ place: String, depth: Int, into names: inout [String]
  ) throws(DataError) {
    for name in FolderContents.names(in: path + "/" + place).sorted() {
      if Safepoint.mustStop(after: 2000) { throw DataError(.io, "listing \(path) was stopped") }
      if !FolderContents.isFolder(path + "/" + place + name) {
        names.append(place + name)
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
    guard let name = path.first, fits(Array(name.utf8)[...], Array(first.utf8)[...]) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
  }

  /// Whether a name is as a pattern says, in which `*` stands for any bytes and `?` for one.
  private static func fits(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (place, at, star): (Int, Int, (place: Int, at: Int)?) = (name.startIndex, pattern.startIndex, nil)
    while place < name.endIndex {
      if at < pattern.endIndex, pattern[at] == UInt8(ascii: "*") {
        star = (place, at)
        at += 1
      } else if at < pattern.endIndex, pattern[at] == UInt8(ascii: "?") || pattern[at] == name[place] {
        (place, at) = (place + 1, at + 1)
      } else if let last = star {
        star = (last.place + 1, last.at)
        (place, at) = (last.place + 1, last.at + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

/// Maps and lists as YAML has them, in lines that are moved in or in brackets; other forms of YAML are none.
struct BlockText {
  indirect enum Value {
    case text(String)
    case list([Value])
    case map([(name: String, value: Value)])

    /// A text or a list of texts.
    var texts: [String]? {
      switch self {
      case .text(let text): return [text]
      case .map: return nil
      case .list(let parts):
        let texts = parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
        return texts.count == parts.count && !texts.isEmpty ? texts : nil
      }
    }
  }

  private var lines: [(indent: Int, text: Substring)] = []
  private var next = 0

  /// Nil for lines with tabs before their beginning. Lines within brackets are one.
  init?(_ lines: [Substring]) {
    var (open, indent, parts) = (0, 0, [Substring]())
    for line in lines {
      let text = line.drop { $0 == " " }
      if text.isEmpty || text.hasPrefix("#") { continue }
      if text.hasPrefix("\t") { return nil }
      if parts.isEmpty { indent = line.count - text.count }
      let found = FlowText.scan(text, behind: open)
      open = found.open
      parts.append(open > 0 || !parts.isEmpty ? found.text : text)
      guard open == 0 else { continue }
      self.lines.append((indent, parts.count == 1 ? parts[0] : Substring(parts.joined(separator: " "))))
      parts = []
    }
    // Brackets that do not end are no form that is read.
    if !parts.isEmpty { return nil }
  }

  /// The value of the lines from the next one on that are moved in as it is; nil for a form that is not read.
  mutating func value(depth: Int = 0) -> Value? {
    guard next < lines.count, depth < 16 else { return nil }
    let indent = lines[next].indent
    if isItem(lines[next].text) { return list(indent, depth) }
    guard FlowText.field(of: lines[next].text) != nil else {
      defer { next += 1 }
      return FlowText.value(of: lines[next].text)
    }
    var fields: [(name: String, value: Value)] = []
    while next < lines.count, lines[next].indent == indent, !isItem(lines[next].text) {
      guard let (name, rest) = FlowText.field(of: lines[next].text) else { return nil }
      next += 1
      if !rest.isEmpty {
        guard let value = FlowText.value(of: rest) else { return nil }
        fields.append((name, value))
      } else if next < lines.count,
        lines[next].indent > indent || lines[next].indent == indent && isItem(lines[next].text)
      {
        guard let value = self.value(depth: depth + 1) else { return nil }
        fields.append((name, value))
      }
    }
    return next < lines.count && lines[next].indent > indent ? nil : .map(fields)
  }

  private mutating func list(_ indent: Int, _ depth: Int) -> Value? {
    var parts: [Value] = []
    while next < lines.count, lines[next].indent == indent, isItem(lines[next].text) {
      let rest = lines[next].text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        next += 1
        guard next < lines.count, lines[next].indent > indent else { return nil }
      } else {
        lines[next] = (indent + lines[next].text.count - rest.count, rest)
      }
      guard let part = value(depth: depth + 1) else { return nil }
      parts.append(part)
    }
    return .list(parts)
  }

  private func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }
}
