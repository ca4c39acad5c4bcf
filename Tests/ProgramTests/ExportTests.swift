import Foundation
import Testing

/// Runs that are handed on as files.
@Suite struct ExportTests {
  private static let notebook = """
    # %% [markdown]
    # # Sums
    # %% First
    param n = 1
    print n + 1
    # %% Table
    table([{a: 1, seconds: 0.5}])
    # %% Picture
    sprites(count: 1, size: 8, seed: 1)[0].image
    # %% Last
    plot([1, 2, 3])

    """

  private func contents(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test func theSameRunGivesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", Self.notebook)
    func run(_ stem: String, _ more: [String] = []) throws {
      let paths = ["html", "ipynb", "md"].flatMap { ["--export", "\(stem)/x.\($0)"] }
      let result = try Program.run(["run", "n.pxb", "--n", "2"] + paths + more, folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
    }
    try run("a")
    try run("b")
    let pictures = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/x_files")
    #expect(pictures.map { $0.prefix(8) + $0.suffix(4) }.sorted() == ["cell-4-1.png", "cell-5-1.svg"])
    for file in ["x.html", "x.ipynb", "x.md"] + pictures.map({ "x_files/" + $0 }) {
      let bytes = try ["a/", "b/"].map { try Data(contentsOf: URL(filePath: folder.path + "/" + $0 + file)) }
      #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty, "\(file)")
    }
    let page = try contents(folder, "a/x.html")
    #expect(page.contains("data:image/png;base64,") && page.contains("<svg ") && !page.contains("Took "))
    #expect(!page.contains(">seconds<") && page.contains(">a<"))
    #expect(!page.contains("<script") && !page.contains(" src=\"http"))
    try run("c", ["--times"])
    let timed = try contents(folder, "c/x.html")
    #expect(timed.contains("Took ") && timed.contains(">seconds<"))
  }

  /// Pictures beside Markdown replace none of others, and those of a run before go.
  @Test func picturesOfOthersStay() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "n.pxb", "param n = 1\nfor i in range(n) { show sprites(count: 1, size: 8, seed: i)[0].image }\n")
    let mine = ["cell-1-1.png", "cell-1-1-01234567.png", "cell-1-1-x.svg", "notes.txt"]
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path + "/x_files", withIntermediateDirectories: true)
    for name in mine { _ = try folder.write("x_files/" + name, "mine") }
    for count in [2, 3, 1] {
      let result = try Program.run(["run", "n.pxb", "--n", "\(count)", "--export", "x.md"], folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      let pictures = Set(try files.contentsOfDirectory(atPath: folder.path + "/x_files")).subtracting(mine)
      let page = try contents(folder, "x.md")
      #expect(pictures.count == count && pictures.allSatisfy { page.contains("x_files/\($0)") }, "\(pictures)")
      for name in mine { #expect(try contents(folder, "x_files/" + name) == "mine") }
    }
  }

  /// An error of an input of a session ends that input alone.
  @Test func aSessionGoesOnBehindAnError() throws {
    let folder = try TemporaryFolder()
    let terminal = try PseudoTerminal(["--no-settings"], folder: folder.path)
    _ = try terminal.expect("> ")
    for line in ["x = 1", "y = nothing_here", "print x + 41", "export \"s.md\"", "exit"] {
      try terminal.type(line + "\n")
    }
    _ = try terminal.end()
    let page = try contents(folder, "s.md")
    #expect(page.contains("> 1 of 3 inputs ended with an error.") && page.contains("42"), "\(page)")
  }

  @Test func aPathThatCannotBeWrittenIsToldBeforeTheRun() throws {
    let folder = try TemporaryFolder()
    for path in ["/proc/x.html", "x.docx", "n.pxb/x.md"] {
      _ = try folder.write("n.pxb", "print 1")
      let result = try Program.run(["run", "n.pxb", "--export", path], folder: folder.path)
      #expect(result.status == 2 && result.output.isEmpty && result.errors.hasPrefix("error: "), "\(result)")
    }
  }

  @Test func whatRanIsThereWhenTheProcessIsKilled() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", "# %%\nprint \"first\"\n# %%\nwrite_text \"there\", \"\"\nwhile true { }\n")
    let result = try Program.run(
      ["run", "n.pxb", "--export", "x.html"], folder: folder.path,
      during: { process in
        while !FileManager.default.fileExists(atPath: folder.path + "/there") { usleep(5000) }
        kill(process.processIdentifier, SIGKILL)
      })
    #expect(result.status == 137)
    let page = try contents(folder, "x.html")
    #expect(page.contains("<pre class=\"out\">first\n</pre>") && page.contains("1 of 2 cells of code have run."))
  }

  @Test func anInterruptedRunSaysSo() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", "# %%\nprint \"first\"\n# %%\nwrite_text \"there\", \"\"\nwhile true { }\n")
    let result = try Program.run(
      ["run", "n.pxb", "--export", "x.md"], folder: folder.path,
      during: { process in
        while !FileManager.default.fileExists(atPath: folder.path + "/there") { usleep(5000) }
        process.interrupt()
      })
    #expect(result.status == 130)
    #expect(try contents(folder, "x.md").contains("> Interrupted in cell 2 of 2."))
  }

  @Test func allThatARunWritesIsInItsFolder() throws {
    let folder = try TemporaryFolder()
    let code = "print \"out\"; rand(2); raise \"no\""
    let result = try Program.run(["--log", "told", "-e", code], folder: folder.path)
    #expect(result.status == 1)
    let told = try contents(folder, "told/e-output-1.txt")
    #expect(told.hasPrefix("out\nseed ") && told.contains("error["), "\(told)")
  }

  @Test func aRunGoesOnWithoutItsTerminal() throws {
    let folder = try TemporaryFolder()
    let code = "write_text \"there\", \"\"; while not exists(\"go\") { }; write_text \"end\", \"\""
    let result = try Program.run(
      ["--keep-going", "-e", code], folder: folder.path,
      during: { process in
        while !FileManager.default.fileExists(atPath: folder.path + "/there") { usleep(5000) }
        kill(process.processIdentifier, SIGHUP)
        usleep(100_000)
        _ = try folder.write("go", "")
      })
    #expect(result.status == 0 && FileManager.default.fileExists(atPath: folder.path + "/end"))
  }

  @Test func shellsAreToldWhatFits() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", Self.notebook)
    func words(_ words: String...) throws -> [String] {
      let result = try Program.run(["completion", "words"] + words, folder: folder.path)
      return result.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    }
    #expect(try words("tr") == ["train"])
    #expect(try words("run", "n.pxb", "--n") == ["--n", "--no-color", "--no-settings"])
    #expect(try words("train", "--optimizer", "ad") == ["adamw", "adam"])
    #expect(try words("completion", "").sorted() == ["bash", "fish", "zsh"])
    #expect(try words("run", "") == [])
    for shell in ["bash", "zsh", "fish"] {
      #expect(try Program.run(["completion", shell]).output.contains("completion words"))
    }
  }
}
