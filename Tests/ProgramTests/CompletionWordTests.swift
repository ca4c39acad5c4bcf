import Foundation
import Testing

/// What a shell is offered behind every kind of word: tasks, the script's parameters, their values, and the program's options.
@Suite struct CompletionWordTests {
  private static let script = """
    param epochs = 5 "passes over the data"
    param model = "lstm" in ["lstm", "mamba"] "kind of model"
    param fast = false "skip the slow part"
    param resume = false in [false, true, "force"]
    param rate_low = 1 in [1, 2.5]
    param parts = [1, 2]
    print epochs
    """

  private func lines(_ words: [String]) throws -> [String] {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", Self.script)
    let result = try Program.run(["completion", "words"] + words, folder: folder.path)
    #expect(result.status == 0 && result.errors == "")
    return result.output.split(separator: "\n").map(String.init)
  }

  private func words(_ words: [String]) throws -> [String] {
    try lines(words).map { String($0.prefix { $0 != "\t" }) }
  }

  private static let tasks = [
    "run", "check", "help", "build", "train", "evaluate", "generate", "convert", "completion",
  ]
  private static let parameters = ["--epochs", "--model", "--fast", "--resume", "--rate-low", "--parts"]

  @Test func tasksStandFirst() throws {
    #expect(try words([""]) == Self.tasks)
    for task in Self.tasks { #expect(try words([task]) == [task]) }
    #expect(try words(["c"]) == ["check", "convert", "completion"])
    #expect(try words(["x"]) == [] && words([]) == Self.tasks && words(["--quiet", "ru"]) == ["run"])
    #expect(try lines([""]).allSatisfy { $0.split(separator: "\t").count == 2 })
  }

  /// The options of the program, each once, are those of its help, behind the parameters of the script that is named.
  @Test func optionsFollowParameters() throws {
    let options = try words(["--"])
    #expect(Set(options).count == options.count && options.contains("--quiet") && options.contains("--max-steps"))
    let help = try Program.run(["--help"]).output
    #expect(options.allSatisfy(help.contains))
    for task in ["run", "check"] { #expect(try words([task, "-"]) == options) }
    #expect(try words(["convert", "-"]) == ["--force"] + options)
    #expect(try words(["run", "missing.pxb", "-"]) == options)
    for front in [["run", "n.pxb"], ["n.pxb"], ["--quiet", "run", "n.pxb"], ["run", "n.pxb", "--fast"]] {
      #expect(try words(front + ["-"]) == Self.parameters + options)
      #expect(try words(front + ["--e"]) == ["--epochs"] + options.filter { $0.hasPrefix("--e") })
    }
    #expect(try words(["train", "--optim"]) == ["--optimizer"])
    #expect(try lines(["run", "n.pxb", "--epo"]) == ["--epochs\tpasses over the data"])
    // Without words of its own a parameter tells its type.
    #expect(try lines(["run", "n.pxb", "--rate"]) == ["--rate-low\tnumber"])
  }

  @Test(arguments: [
    ("--model", "", ["lstm", "mamba"]), ("--model", "m", ["mamba"]), ("--model", "x", []),
    ("--resume", "", ["false", "true", "force"]), ("--resume", "f", ["false", "force"]),
    ("--rate-low", "", ["1", "2.5"]), ("--rate-low", "2", ["2.5"]), ("--epochs", "", []), ("--epochs", "-", []),
    ("--parts", "", []), ("--parts", "-", []), ("--fast", "", []), ("--fast", "--epo", ["--epochs"]),
    ("--seed", "", []),
  ])
  func valuesAreThoseOfTheParameter(option: String, begun: String, expected: [String]) throws {
    #expect(try words(["run", "n.pxb", option, begun]) == expected)
    #expect(try words(["n.pxb", "--fast", option, begun]) == expected)
  }

  /// A list goes on with the choices that are not given yet; those of `evaluate` are all that the command measures.
  @Test func listsGoOn() throws {
    let all = try words(["evaluate", "--metrics", ""])
    let error = try Program.run([
      "-e", "evaluate(lstm(dim: 9, state: 4, depth: 1), sprites(count: 1), metrics: [\"x\"])",
    ]).errors
    let known = error.matches(of: /"([a-z0-9_]+)"/).map { String($0.1) }.filter { $0 != "x" }
    #expect(Set(all) == Set(known) && all.count > 10, "\(error)")
    #expect(try words(["evaluate", "--metrics", "loss", "f1", "l"]) == [])
    #expect(try words(["evaluate", "--metrics", "loss", "f1"]) == ["f1", "f1_macro"])
    #expect(try words(["evaluate", "--metrics", "loss", "--o"]) == ["--output"])
  }

  /// Where names of files or anything else fit, nothing is offered.
  @Test(arguments: [
    ["run", ""], ["check", ""], ["convert", ""], ["help", ""], ["help", "--"], ["run", "n.pxb", ""],
  ])
  func nothingWhereFilesFit(line: [String]) throws { #expect(try words(line) == []) }

  @Test func shells() throws {
    #expect(try words(["completion", ""]).sorted() == ["bash", "fish", "zsh"])
    #expect(try words(["completion", "z"]) == ["zsh"])
  }
}
