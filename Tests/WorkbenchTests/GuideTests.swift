import Foundation
import PixelScript
import Testing
import Workbench

/// The documentation as `help` shows it.
@Suite struct GuideTests {
  private static let columns = 72

  /// What `help` writes about words, on a terminal of 72 columns.
  private func help(_ words: String) throws(ScriptError) -> String {
    try Session(console: Console(write: { _ in }, width: { Self.columns })).help(about: words)
  }

  @Test func everyPageIsThere() throws {
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized
    var files: [String] = []
    for module in ["PixelScript", "Workbench"] {
      let folder = sources.appending(path: "\(module)/\(module).docc").path
      files += try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "\(module).md" }
    }
    #expect(files.count > 25)
    for file in files { #expect(Guide.shared.topic(String(file.dropLast(3))) != nil, "\(file)") }
  }

  /// A keyword's topic is named after it or gives it as a word, and shows it.
  @Test(arguments: Keyword.allCases) func everyKeywordHasATopic(keyword: Keyword) throws {
    let topic = try #require(Guide.shared.topic(keyword.rawValue))
    #expect(topic.words.contains(keyword.rawValue) || topic.name == keyword.rawValue)
    let text = try help(keyword.rawValue)
    #expect(text.split { !$0.isLetter }.contains { $0 == keyword.rawValue }, "\(text)")
  }

  /// No mark of Markdown or DocC stays, and only code is wider than the terminal.
  @Test(arguments: Guide.shared.topics.map(\.fullName)) func everyTopicIsReadable(name: String) throws {
    let topic = try #require(Guide.shared.topic(name))
    #expect(topic.fullName == name)
    let text = try help(name)
    #expect(text.hasPrefix(topic.title.replacing("`", with: "")) || text.hasPrefix(topic.title))
    #expect(!text.contains("\n\n\n"))
    for line in text.split(separator: "\n") where !line.hasPrefix("  ") {
      #expect(line.count < Self.columns, "\(line)")
      for mark in ["```", "``", "<doc:", "](", "@Comment", "|-"] { #expect(!line.contains(mark), "\(line)") }
    }
  }

  /// Every word of every cell of a table is there on a terminal of any width.
  @Test(arguments: [30, 40, 60, 80, 100]) func tablesKeepTheirColumns(width: Int) throws {
    let session = Session(console: Console(write: { _ in }, width: { width }))
    var count = 0
    for topic in Guide.shared.topics where topic.lines.contains(where: { $0.hasPrefix("| ") }) {
      let text = try session.help(about: topic.fullName)
      let there = Set(text.split { !$0.isLetter && !$0.isNumber })
      for row in topic.lines where row.hasPrefix("| ") {
        count += 1
        for word in row.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where word != "doc" {
          #expect(there.contains(word) || Guide.shared.topic(String(word)) != nil, "\(word) of \(row)")
        }
      }
      guard width >= 60 else { continue }
      for line in text.split(separator: "\n") where !line.hasPrefix("  ") { #expect(line.count < width, "\(line)") }
    }
    #expect(count > 100)
  }

  @Test(arguments: [
    ("f-strings", "Values in strings"), ("F STRING", "Values in strings"), ("slices", "Lists"), ("slice", "Lists"),
    ("fn", "Functions"), ("param", "Parameters"), ("for", "For"), ("break", "For"),
    ("lists and maps", "Lists and maps"),
    ("ListsAndMaps", "Lists and maps"), ("strings", "Strings"), ("values and literals strings", "Strings"),
  ])
  func aTopicHasManyNames(words: String, title: String) throws {
    #expect(try help(words).hasPrefix(title + "\n\n"))
  }

  @Test func aTopicLeadsOn() throws {
    #expect(try help("control").contains("\nMore: `help if`, `help while`, `help for`\n"))
    #expect(try help("values and literals strings").contains("`help strings`"))
    #expect(try help("limit").hasPrefix("limit(f, "))
    #expect(try help("limit").hasSuffix("\nMore: `help limits`\n"))
    #expect(try help("").contains("lists and maps, control, functions"))
  }

  /// What newcomers ask for leads somewhere.
  @Test(arguments: [
    "slicing", "slices", "indexing", "undo", "gpu", "cuda", "closures", "loops", "functions", "strings", "variables",
    "classes",
    "exceptions", "errors", "imports", "modules", "dictionaries", "tuples", "sets", "regex", "dates", "files", "csv",
    "json",
    "parquet", "images", "plots", "charts", "training", "learning rate", "overfitting", "checkpoint", "resume", "seed",
    "randomness", "tensors", "arrays", "matrices", "gradients", "autograd", "broadcasting", "masks", "shapes",
    "sorting",
    "printing", "formatting", "comments", "comprehensions", "lambda", "keyboard", "shortcuts", "history", "colors",
    "themes",
    "settings", "memory", "threads", "parallel", "speed", "performance", "export", "notebook", "jupyter", "pytorch",
    "pandas",
    "numpy", "matlab", "quit", "exit", "paste", "vim", "debugging", "timing", "sandbox", "parameters", "types",
    "syntax",
    "grammar", "operators", "default arguments", "captions", "palette", "vocabulary", "metrics", "sampling",
    "highlighting",
    "completion", "animation", "gif", "save session", "pipes", "stdin", "cells", "markdown", "layers", "tour",
    "language", "basics",
  ])
  func newcomersFindIt(words: String) throws {
    #expect(throws: Never.self) { try help(words) }
  }

  @Test func helpLeadsNewcomers() throws {
    #expect(try help("").contains("help tour"))
    #expect(try help("tour").contains("A name gets a value by `=`"))
    #expect(try help("sorting").contains("help sorted "))
    #expect(try help("how do I plot a loss").split(separator: "\n")[0].hasPrefix("help plot"))
  }

  @Test(arguments: [
    ("loop over keys of a map", "help maps "), ("for loop", "help for "), ("train model", "help train "),
    ("chained", "help chained comparisons "),
    ("color palette", "help colors of a palette "),
  ])
  func otherWordsAreSearchedFor(words: String, first: String) throws {
    let lines = try help(words).split(separator: "\n")
    #expect(lines[0].hasPrefix(first), "\(lines)")
    #expect(lines.count <= 8)
    #expect(lines.allSatisfy { $0.count < Self.columns })
  }

  @Test(arguments: [
    ("onse", "did you mean `ones`?"), ("opertors", "did you mean `operators`?"), ("qqqq", "`help` lists all commands"),
  ])
  func unknownWordsAreToldWithTheNearest(words: String, expected: String) throws {
    let error = #expect(throws: ScriptError.self) { try help(words) }
    #expect(error?.message == "there is no command or topic `\(words)`")
    #expect(error?.help == expected)
  }

  @Test(arguments: [
    ("help for", "For\n"), ("for?", "For\n"), ("?while", "While\n"),
    (" help  chained comparisons \n", "Chained comparisons\n"),
    ("?", "New here? `help tour` shows"), ("help true", "bool, true\n"), ("help f-strings", "Values in strings\n"),
    ("help onse", "error[name]: there is no command or topic `onse`"), ("help slices", "Lists\n"),
    ("slices = 3; help slices", "number, 3\n"), ("help slices", "number, 3\n"), ("help slices - 1", "number, 2\n"),
    ("help train net", "help train "),
  ])
  func theLanguageNeedNotReadTheWords(line: String, expected: String) throws {
    let test = TestSession()
    if line.hasPrefix("help slices"), expected.hasPrefix("number") { _ = test.run("slices = 3") }
    let output = test.run(line)
    #expect(output.hasPrefix(expected), "\(output)")
  }
}
