import Foundation
import Testing

/// The tasks of the command line, which are scripts.
@Suite struct TaskTests {
  @Test func buildWritesADataSetThatOpens() throws {
    let folder = try TemporaryFolder()
    let palette = try folder.write("two.hex", "000000\nffffff\n")
    let words = ["build", "--count", "5", "--size", "8", "--palette", palette, "--output", "tokens"]
    let result = try Program.run(words, folder: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("5 rows of sprites\n"))
    let back = try Program.run(
      ["build", "--path", "tokens", "--output", "again", "--palette", palette], folder: folder.path)
    #expect(back.status == 0, "\(back.errors)")
    let check = """
      a = load_dataset("tokens")
      print len(a), a == load_dataset("again"), load_tokenizer("tokens/vocabulary.json").vocabulary
      """
    #expect(try Program.run(["-e", check], folder: folder.path).output == "5 true 60\n")
  }

  @Test func everyTaskTellsItsParameters() throws {
    for task in ["build"] {
      let result = try Program.run([task, "--help"])
      #expect(result.status == 0 && result.output.hasPrefix("USAGE: pixelbytes \(task) [--parameter"))
    }
    let wrong = try Program.run(["build", "--pathh", "x"])
    #expect(wrong.status == 2 && wrong.errors.contains("did you mean `--path`?"))
    let missing = try Program.run(["build", "--path", "no/such", "--output", "unused"])
    #expect(
      missing.status == 1 && missing.errors.contains("error[io]")
        && missing.errors.contains("there is no folder \"no\""))
  }
}
