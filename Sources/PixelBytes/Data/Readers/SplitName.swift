import Formats

/// The split that names of files and folders tell, by the words that the Hub's library looks for.
enum SplitName {
  /// The splits, each with the words that tell it.
  private static let words = [
    "train": ["train", "training"], "validation": ["validation", "valid", "dev", "val"],
    "test": ["test", "testing", "eval", "evaluation"],
  ]
  private static let ranks = Dictionary(
    words.values.flatMap { $0.enumerated().map { ($1, $0) } }, uniquingKeysWith: { first, _ in first })
  private static let splits = Dictionary(
    words.flatMap { split, words in words.map { ($0, split) } }, uniquingKeysWith: { first, _ in first })

  /// The word of a name that tells a split, between `-`, `.`, `_`, blanks and digits, in letters of any case, as in `my_train-0.csv`; nil
  /// where none does, and where those of several do.
  static func word(in name: some StringProtocol) -> String? {
    var found: String?
    for part in Substring(name).utf8.split(whereSeparator: isSeparator) {
      // Few names of many have such a word.
      guard part.count <= longest, let first = part.first, "tvdeTVDE".utf8.contains(first) else { continue }
      let word = Substring(part).lowercased()
      guard let split = splits[word] else { continue }
      if let found, splits[found] != split { return nil }
      found = found ?? word
    }
    return found
  }

  /// Paths of one split in the order in which the Hub's library looks for them: by the word in the last part of each, then by where in it
  /// the word stands, then by the paths.
  static func ordered(_ paths: [String]) -> [String] {
    func rank(_ path: String) -> [Int] {
      let name = path.split(separator: "/").last?.lowercased() ?? ""
      guard let word = word(in: name) else { return [] }
      let place = name == word ? 0 : name.hasPrefix(word) ? 1 : name.hasSuffix(word) ? 2 : 3
      return [ranks[word] ?? 0, place]
    }
    return paths.inPathOrder().map { ($0, rank($0)) }.enumerated().sorted { first, second in
      first.element.1 == second.element.1
        ? first.offset < second.offset : first.element.1.lexicographicallyPrecedes(second.element.1)
    }.map(\.element.0)
  }

  /// Whether the names of pictures tell splits, of which `words` are told and some names tell none: where all tell one, and where those of
  /// train and of another are among them.
  static func areTold(by words: some Collection<String>, besides others: Int) -> Bool {
    if words.isEmpty || others == 0 { return !words.isEmpty }
    return words.contains { areOne($0, ReadingOptions.usualSplit) }
      && words.contains { !areOne($0, ReadingOptions.usualSplit) }
  }

  /// Words that are names of splits, those of one split together.
  static func together(_ names: some Sequence<String>) -> [[String]] {
    Dictionary(grouping: names.filter { splits[$0] != nil }) { splits[$0] }.values.map { $0.sorted() }
  }

  private static let longest = splits.keys.map(\.utf8.count).max() ?? 0

  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: " "): true
    default: UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
  }

  /// Whether two names are of one split: the same, or both with words of the same.
  static func areOne(_ name: String, _ other: String) -> Bool {
    if name == other { return true }
    guard let word = word(in: name), let more = self.word(in: other) else { return false }
    return splits[word] == splits[more]
  }

  /// The name of what a file's name tells to be in a split, its endings aside: the split of a file of the Hub, a word of a split, or the
  /// name itself where it is the split that is asked for.
  static func ofFile(_ name: String, asked: String?) -> String? {
    if let shard = HubShard(name) { return shard.split }
    let unpacked = PackedFile.unpackedName(name)
    let stem = unpacked.lastIndex(of: ".").map { String(unpacked[..<$0]) } ?? unpacked
    return stem == asked ? stem : word(in: stem)
  }

  /// The same of a folder.
  static func ofFolder(_ name: String, asked: String?) -> String? { name == asked ? name : word(in: name) }
}
