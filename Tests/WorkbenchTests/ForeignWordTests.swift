import PixelScript
import Testing
import Workbench

/// What errors tell about words of other languages.
@Suite struct ForeignWordTests {
  /// What stands at the start of an example without being a command: variables, and what is written outside the prompt.
  private static let examples: Set<String> = [
    "x", "net", "m", "map", "text", "list", "history", "catch", "name", "pixelbytes", "helpers", "w", "descending",
    "outer", "value", "pi", "_", "__", "clear", "f", "optimizer", "loss", "model", "data", "a", "t", "words", "image",
    "opt",
  ]

  /// No error sends anybody to a command that does not exist.
  @Test(arguments: ForeignWord.words.sorted()) func namesCommands(word: String) throws {
    let registry = TestSession().session.registry
    let help = try #require(ForeignWord.help(forField: word) ?? ForeignWord.help(for: word))
    let code = help.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
    for (_, text) in code {
      let name = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      let isKnown = registry[name] != nil || Keyword(rawValue: name) != nil || Self.examples.contains(name)
      #expect(isKnown || name.isEmpty, "`\(name)` in the help about `\(word)`")
    }
  }

  /// What is said of a name of pandas or PyTorch runs as it stands.
  @Test(arguments: ForeignWord.libraryWords.sorted()) func runs(word: String) throws {
    let help = try #require(ForeignWord.help(for: word))
    let session = TestSession()
    _ = session.run(
      """
      t = table({model: ["a", "b"], loss: [1, 2]})
      x = tensor([[1, 2], [3, 4]])
      w = parameter(x)
      backward(sum(w))
      net = linear(2, 2)
      opt = sgd(net, lr: 0.1)
      backward(sum(net(x)))
      logits = x
      labels = [0, 1]
      a = x
      b = x
      path = "foreign-word.csv"
      if \(word.hasPrefix("load")) { path = "foreign-word.safetensors" ; save net.parameters, path } else { save t, path }
      """)
    let code = help.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
    for (_, text) in code where text.contains(/[(\[=.@+ ]/) {
      let output = session.run(String(text))
      #expect(!output.contains("error["), "\(text): \(output)")
    }
  }

  @Test(arguments: [
    ("pwd", "list_files"), ("ls", "list_files"), ("cd", "list_files"), ("whos", "vars"), ("who", "vars"),
    ("clear", "reset"), ("history", "recall"), ("version", "--version"), ("pip", "help"), ("exit", "quit"),
    ("random", "rand"), ("load", "load_dataset"), ("fit", "train"), ("predict", "generate"), ("summary", "describe"),
    ("numpy", "help"), ("np", "help"), ("torch", "help"), ("plt", "plot"), ("pd", "read_table"), ("groupby", "group"),
    ("value_counts", "group"), ("iloc", "t[0]"), ("fillna", "fill_missing"), ("time", "timeit"),
  ])
  func unknownNames(word: String, command: String) {
    let diagnostics = TestSession().session.run(word, name: "word", echo: true).diagnostics
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.help.first?.contains(command) == true)
  }
}
