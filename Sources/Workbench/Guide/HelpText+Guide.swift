import PixelScript

extension HelpText {
  /// A topic: its text, and the sections inside.
  func description(of topic: Guide.Topic) -> String {
    let text = markdown.plain(topic.title) + "\n\n" + markdown.text(of: topic.lines)
    return topic.parts.isEmpty ? text : text + "\n" + more(topic.parts.map { name(guide.topics[$0]) })
  }

  /// Markdown of the documentation, whose links become calls of `help`.
  private var markdown: MarkdownText {
    MarkdownText(width: width) { file in "`help \(guide.topic(file).map(name) ?? file)`" }
  }

  /// What `help` calls a topic by, also where a command has its name.
  func name(_ topic: Guide.Topic) -> String { registry[topic.name] == nil ? topic.name : topic.fullName }

  /// Where to read on.
  func more(_ names: [String]) -> String {
    let words = Self.list(names.map { "`help \($0)`" })
    return TerminalText.wrapped(words, to: width, first: "More: ", indent: 6)
  }

  /// Names with commas between them, none of which is broken.
  static func list(_ names: [String]) -> [String] {
    names.enumerated().map { $1 + ($0 + 1 < names.count ? "," : "") }
  }

  // MARK: Search

  /// What can be found: how to ask for it, what it is about, and the texts in which words of a search weigh most and less.
  private struct Entry {
    let name: String
    let summary: String
    let titles: String
    let text: String

    /// How well it fits: where and how often it has the words, and whether its name is among them, as they are or by their roots; 0
    /// without any.
    func score(_ words: Set<String>) -> Int {
      let roots = Set(words.map(Guide.root))
      let places = [(titles, 20), (summary, 5), (text, 1)].map { (Guide.words(of: $0).map(Guide.root), $1) }
      let weights = roots.map { root in
        places.reduce(0) { $0 + min($1.0.count { $0 == root }, 3) * $1.1 }
      }
      let parts = Guide.words(of: name).map(Guide.stem)
      let isNamed = Set(parts).isSubset(of: words)
      let isNear = Set(parts.map(Guide.root)).isSubset(of: roots)
      return weights.reduce(0) { $0 + ($1 > 0 ? $1 + 10 : 0) } + (isNamed ? 40 : isNear ? 15 : 0)
    }
  }

  private static let hitLimit = 8
  /// Words that say nothing about what is asked.
  private static let fillers: Set<String> = [
    "a", "an", "the", "of", "to", "on", "with", "is", "are", "do", "does", "i", "how", "what", "can", "my", "it",
    "over",
  ]

  /// The commands and topics that fit words best, one a line; throws with the nearest name when none does.
  func found(_ text: String) throws(ScriptError) -> String {
    let all = Set(Guide.words(of: text).map(Guide.stem))
    let meant = all.subtracting(Self.fillers)
    let hits = entries.map { ($0, $0.score(meant.isEmpty ? all : meant)) }.sorted { $0.1 > $1.1 }
    let best = hits.prefix(Self.hitLimit).filter { $0.1 > 0 && $0.1 > hits[0].1 / 3 }.map(\.0)
    if best.isEmpty, let foreign = ForeignWord.help(for: text) {
      return TerminalText.wrapped("\(Display.start(of: text)): \(foreign)", to: width)
    }
    guard !best.isEmpty else {
      let names = registry.names + guide.topics.map(\.name) + guide.topics.flatMap(\.words)
      throw ScriptError(
        .name, "there is no command or topic `\(Display.start(of: text))`",
        help: Suggestion.best(for: text, in: names).map { "did you mean `\($0)`?" } ?? "`help` lists all commands",
        argument: "name")
    }
    let column = min(best.map(\.name.count).max() ?? 0, width / 2)
    return best.map { entry in
      let line = "help \(TerminalText.padded(entry.name, to: column))  \(entry.summary)"
      return TerminalText.truncated(line, to: width - 1) + "\n"
    }.joined()
  }

  private var entries: [Entry] {
    let commands = registry.entries.map { entry in
      let parameters = entry.forms.flatMap(\.signature).map { "\($0.name) \($0.summary)" }
      return Entry(
        name: entry.name, summary: entry.forms[0].summary, titles: entry.name,
        text: (entry.forms.map(\.summary) + parameters).joined(separator: " "))
    }
    let topics = guide.topics.map { topic in
      let start = topic.lines.drop(while: \.isEmpty).prefix { !$0.isEmpty }.joined(separator: " ")
      let end = start.firstRange(of: ". ")?.lowerBound ?? start.endIndex
      let isText = !start.hasPrefix("```") && !start.hasPrefix("|")
      return Entry(
        name: name(topic), summary: isText ? markdown.plain(String(start[..<end])) : topic.title,
        titles: ([topic.title] + topic.words).joined(separator: " "), text: topic.lines.joined(separator: " "))
    }
    return commands + topics
  }
}
