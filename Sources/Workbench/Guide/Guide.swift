/// The documentation by topic: its pages and their sections.
package struct Guide: Sendable {
  /// A page or a section of one.
  package struct Topic: Sendable {
    /// What `help` calls it by, in lower case; no other topic has this name.
    package fileprivate(set) var name = ""
    /// The title of its page and its own, which tell it from any command.
    package fileprivate(set) var fullName = ""
    /// The heading.
    package let title: String
    /// 1 for a page, 2 and 3 for sections.
    let level: Int
    /// The further words for it that its page gives in `@Comment { help: ... }`.
    package fileprivate(set) var words: [String] = []
    /// Its Markdown, without heading and sections.
    package fileprivate(set) var lines: [Substring] = []
    /// The places of the sections right inside among all topics.
    fileprivate(set) var parts: [Int] = []
  }

  /// All topics in the order of the pages.
  package let topics: [Topic]
  private let places: [String: Int]

  /// Reads pages of Markdown; sections called Overview belong to what they stand in.
  package init(_ pages: [(file: String, text: [UInt8])]) {
    var topics: [Topic] = []
    var places: [String: Int] = [:]
    for page in pages {
      let start = topics.count
      Self.read(String(decoding: page.text, as: UTF8.self), into: &topics)
      for place in start..<topics.count where place > start {
        topics[place].fullName = Self.name(of: topics[start].title + " " + topics[place].title)
        if let outer = (start..<place).last(where: { topics[$0].level < topics[place].level }) {
          topics[outer].parts.append(place)
        }
      }
      topics[start].fullName = Self.name(of: topics[start].title)
      places[Self.key(page.file)] = start
    }
    for level in 1...3 {
      for place in topics.indices where topics[place].level == level {
        let name = Self.name(of: topics[place].title)
        topics[place].name = places[Self.key(name)] ?? place == place ? name : topics[place].fullName
        for name in [topics[place].name, topics[place].fullName] { places[Self.key(name)] = place }
      }
    }
    for place in topics.indices {
      for word in topics[place].words where places[Self.key(word)] == nil { places[Self.key(word)] = place }
    }
    self.topics = topics
    self.places = places
  }

  private static func read(_ text: String, into topics: inout [Topic]) {
    let mark = "@Comment { help: "
    var isCode = false
    for line in text.utf8.split(separator: 10, omittingEmptySubsequences: false).map(Substring.init) {
      let first = line.utf8.first
      if first == UInt8(ascii: "`"), line.hasPrefix("```") { isCode.toggle() }
      if first == UInt8(ascii: "#"), !isCode {
        let level = line.prefix { $0 == "#" }.count
        let title = line.dropFirst(level + 1)
        if title != "Overview" { topics.append(Topic(title: String(title), level: level)) }
      } else if first == UInt8(ascii: "@"), line.hasPrefix(mark) {
        topics[topics.count - 1].words = line.dropFirst(mark.count).dropLast(2).split(separator: ", ").map(String.init)
      } else {
        topics[topics.count - 1].lines.append(line)
      }
    }
  }

  /// The topic of a name, a title or another word for it, whatever its case, signs and plurals, or nil.
  package func topic(_ name: String) -> Topic? { places[Self.key(name)].map { topics[$0] } }

  // MARK: Words

  private static func name(of title: String) -> String { Self.words(of: title).joined(separator: " ") }

  /// The words of a text in lower case, without signs.
  static func words(of text: some StringProtocol) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// A word without the end of its plural.
  static func stem(_ word: String) -> String {
    if word.count > 4, word.hasSuffix("ies") { return word.dropLast(3) + "y" }
    return word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word
  }

  /// What a word has in common with others made of it, as `sort` of `sorting` and `sorted`: for a search.
  static func root(_ word: String) -> String {
    var word = stem(word)[...]
    if word.count > 5, word.hasSuffix("ing") {
      word = word.dropLast(3)
    } else if word.count > 4, word.hasSuffix("ed") {
      word = word.dropLast(2)
    }
    if word.count > 3, word.last == "e" { word = word.dropLast() }
    let end = word.suffix(2)
    if word.count > 3, end.first == end.last, !["s", "l"].contains(end.last) { word = word.dropLast() }
    return String(word)
  }

  private static func key(_ text: String) -> String { words(of: text).map(stem).joined(separator: " ") }
}
