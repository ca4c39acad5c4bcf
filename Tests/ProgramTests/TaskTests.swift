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

  /// A folder or a table is checked as a data set, whose rows that cannot be read are an error.
  @Test func checkReadsDataSets() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("rows.csv", "image,caption\ngone.png,a\n")
    _ = try folder.write("a.txt", "one")
    for (path, status, text) in [(".", Int32(0), "1 row,"), ("rows.csv", 1, "gone.png: cannot be opened")] {
      let result = try Program.run(["check", path], folder: folder.path)
      #expect(result.status == status && (result.output + result.errors).contains(text), "\(result)")
    }
    let two = try Program.run(["check", "rows.csv", "a.pxb"], folder: folder.path)
    #expect(two.status == 2 && two.errors.contains("one data set by itself"), "\(two.errors)")
  }

  @Test func aModelIsTrainedMeasuredAndDraws() throws {
    let folder = try TemporaryFolder()
    func run(_ words: String) throws -> Program.Result {
      try Program.run(words.split(separator: " ").map(String.init), folder: folder.path)
    }
    let build = try run("build --count 20 --size 8 --output rows")
    #expect(build.status == 0, "\(build.errors)")
    let families = [
      "lstm", "mamba", "transformer", "bimamba_plus", "mambabyte", "image_transformer", "resnet26", "resnet50",
      "mixmamba",
    ]
    for model in families {
      let train = try run(
        "train --data rows --model \(model) --dim 16 --state 8 --depth 1 --most-steps 4 --sequence 32 --batch-size 4 "
          + "--learning-rate 0.01 --output \(model)")
      #expect(train.status == 0 && train.output.hasSuffix("saved in \(model)\n"), "\(train.errors)")
      let measured = try run("evaluate --model \(model) --data rows --most-windows 20 --output \(model).csv")
      #expect(measured.status == 0 && measured.output.contains("perplexity"), "\(measured.errors)")
    }
    let more = try run("train --data rows --from lstm --most-steps 2 --sequence 32 --output lstm")
    #expect(more.status == 0, "\(more.errors)")
    let drawn = try run(
      "generate --model lstm --tokens 200 --count 2 --sampling-seed 3 --image-format svg --output cat")
    #expect(drawn.status == 0, "\(drawn.errors)")
    // Both names of an option.
    for options in ["--embedding center --dropout 0.2", "--embedding-kind center --dropout-share 0.2"] {
      let named = try run(
        "train --data rows --model transformer --dim 16 --depth 1 --most-steps 1 --sequence 16 --output named "
          + options)
      #expect(named.status == 0, "\(named.errors)")
      let configuration = try String(contentsOfFile: folder.path + "/named/config.json", encoding: .utf8)
      #expect(
        configuration.contains("\"pxby_embed\" : false") && configuration.contains("\"dropout\" : 0.2"),
        "\(configuration)")
    }
    let named = try run("generate --model lstm --tokens 20 --format jpg --output dog")
    #expect(named.status == 0 && named.output.contains("dog.jpg"), "\(named.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(drawn.output.contains(files.contains("cat.svg") ? "written: cat.svg" : "no picture was drawn"))
    #expect(Set(files).isSuperset(of: ["rows", "lstm", "mamba.csv"]))
  }

  /// A limit on the size of files fails as a full disk does: in the middle of writing.
  @Test(arguments: [
    "build(sprites(count: 5000, size: 8), path: \"x\")", "save zeros(300, 300), \"x.safetensors\"",
    "save lstm(state: 128), \"x\"", "write_text \"x\", \"a\" * 200_000",
  ])
  func whatCannotBeWrittenLeavesNothing(code: String) throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("script.pxb", code)
    let result = try Program.run(
      executable: "/bin/bash",
      ["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" run \"$1\"", Program.path, script], folder: folder.path)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("error[io]: x") && result.errors.contains("file too large"), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["script.pxb"])
  }

  @Test func everyTaskTellsItsParameters() throws {
    for task in ["build", "train", "evaluate", "generate"] {
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
