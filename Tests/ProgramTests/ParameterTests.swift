import Foundation
import Testing

/// Parameters of a script as options.
@Suite struct ParameterTests {
  private static let script = """
    param epochs = 5 "passes over the data"
    param learning_rate = 1e-3
    param model = "lstm" in ["lstm", "mamba"] "kind of model"
    param fast = false "skip the slow part"
    param shout = true
    param resume = false in [false, true, "force"]
    param parts = [1, 2]
    print f"{epochs} {learning_rate} {model} {fast} {shout}" + (f" {resume}" if resume != false else "") + (f" {parts}" if parts != [1, 2] else "")
    """

  private func run(_ words: [String]) throws -> Program.Result {
    let folder = try TemporaryFolder()
    return try Program.run(["run", folder.write("script.pxb", Self.script)] + words)
  }

  @Test(arguments: [
    ([], "5 0.001 lstm false true"),
    (["--epochs", "20"], "20 0.001 lstm false true"),
    (["--epochs=20"], "20 0.001 lstm false true"),
    (["--learning-rate", "0.5"], "5 0.5 lstm false true"),
    (["--learning_rate", "-2e-3"], "5 -0.002 lstm false true"),
    (["--fast"], "5 0.001 lstm true true"),
    (["--fast", "false", "--no-shout"], "5 0.001 lstm false false"),
    (["--fast=true", "--shout", "false"], "5 0.001 lstm true false"),
    (["--model", "mamba", "--seed", "3"], "5 0.001 mamba false true"),
    (["--resume"], "5 0.001 lstm false true true"),
    (["--resume", "force"], "5 0.001 lstm false true force"),
    (["--resume=force", "--fast"], "5 0.001 lstm true true force"),
    (["--resume", "false"], "5 0.001 lstm false true"),
    // Several values go on to the next option, which no number below zero is.
    (["--parts", "7"], "5 0.001 lstm false true [7]"),
    (["--parts", "-1", "-inf", "3", "--fast"], "5 0.001 lstm true true [-1, -inf, 3]"),
    (["--parts", "-1e3", "-.5", "--seed", "3"], "5 0.001 lstm false true [-1000, -0.5]"),
    (["--parts=8", "--no-shout"], "5 0.001 lstm false false [8]"),
  ])
  func optionsSetParameters(words: [String], output: String) throws {
    let result = try run(words)
    #expect(result.output == output + "\n")
    #expect(result.status == 0)
  }

  @Test(arguments: [
    (["--epohcs", "3"], "did you mean `--epochs`?"),
    // A word of the name, or its initials.
    (["--rate", "3"], "did you mean `--learning-rate`?"),
    (["--lr", "3"], "did you mean `--learning-rate`?"),
    (["--resume=perhaps"], "the parameter `resume` is a bool, found \"perhaps\""),
    (["--epochs", "many"], "the parameter `epochs` is a number, found \"many\""),
    (["--epochs"], "`--epochs` needs a value, a number"),
    (["--epochs", "1", "--epochs", "2"], "the parameter `--epochs` is given twice"),
    (["--model", "mamab"], "did you mean \"mamba\"?"),
    (["--parts"], "`--parts` needs a value, a list of numbers"),
    (["--parts", "-x"], "`--parts` needs a value, a list of numbers"),
    (["--parts", "1", "--parts", "2"], "the parameter `--parts` is given twice"),
    (["--fast", "--no-fast"], "the parameter `--fast` is given twice"),
    (["--no-fast=true"], "unknown option '--no-fast'"), (["--no-fast=false"], "unknown option '--no-fast'"),
    (["--fast=maybe"], "the parameter `fast` is a bool"),
    (["--fast", "maybe"], "unexpected argument 'maybe'"),
    (["--no-epochs"], "unknown option '--no-epochs'"),
    (["--cell", "7"], "the script has no cell 7"),
  ])
  func aMistakeIsToldBeforeAnythingRuns(words: [String], message: String) throws {
    let result = try run(words)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func helpListsThem() throws {
    let result = try run(["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("--epochs <number>          passes over the data; default: 5\n"))
    #expect(
      result.output.contains(
        "--model <string>           kind of model; one of \"lstm\", \"mamba\"; default: \"lstm\"\n")
    )
  }
}
