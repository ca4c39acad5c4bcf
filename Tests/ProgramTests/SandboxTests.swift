import Foundation
import Testing

/// What scripts may touch and how much they may use.
@Suite struct SandboxTests {
  /// A folder to work in, beside one that is out of bounds and that links lead to.
  private struct Place {
    let whole: TemporaryFolder
    var inside: String { whole.path + "/inside" }
    var outside: String { whole.path + "/outside" }

    init() throws {
      whole = try TemporaryFolder()
      for folder in [inside, outside] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/secret.txt"))
      for (name, target) in [("folder", "../outside"), ("file", "../outside/secret.txt"), ("new", "../outside/new")] {
        try FileManager.default.createSymbolicLink(atPath: inside + "/" + name, withDestinationPath: target)
      }
    }

    var stolen: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: outside).filter { $0 != "secret.txt" } }
    }
  }

  @Test(arguments: [
    "../outside/x.txt", "folder/x.txt", "file", "new", "./folder/../outside/x.txt", "folder/../x.txt",
    "/proc/self/cwd/../outside/x.txt", "/dev/null", "/proc/self/mem",
  ])
  func nothingIsWrittenOutside(path: String) throws {
    let place = try Place()
    for options in [[], ["--sandbox"]] {
      for write in ["write_text \"\(path)\", \"x\"", "write_json \"\(path)\", 1"] {
        let result = try Program.run(options + ["-e", write], folder: place.inside)
        #expect(result.status == 1)
        #expect(result.errors.contains("outside the folders that scripts may write to"), "\(result.errors)")
      }
    }
    #expect(try place.stolen == [])
    #expect(try String(contentsOfFile: place.outside + "/secret.txt", encoding: .utf8) == "secret")
  }

  @Test(arguments: ["png", "csv", "safetensors", "folder"])
  func nothingIsSavedOutside(ending: String) throws {
    let place = try Place()
    let value = ["png": "sprites(count: 1)[0]", "csv": "vars()", "safetensors": "zeros(2)"][ending] ?? "lstm(state: 8)"
    let code = "save \(value), \"folder/x.\(ending)\""
    let result = try Program.run(["--seed", "1", "-e", code], folder: place.inside)
    #expect(result.status == 1)
    #expect(result.errors.contains("outside the folders"), "\(result.errors)")
    #expect(try place.stolen == [])
  }

  @Test func aFolderCanBeAllowed() throws {
    let place = try Place()
    let write = ["-e", "write_text \"../outside/x.txt\", \"x\""]
    #expect(try Program.run(["--allow-write", place.outside] + write, folder: place.inside).status == 0)
    #expect(try Program.run(["--sandbox", "--allow-write", "../outside"] + write, folder: place.inside).status == 0)
    #expect(try place.stolen == ["x.txt"])
  }

  @Test(arguments: [
    "read_text \"../outside/secret.txt\"", "read_text \"file\"", "read_text \"folder/secret.txt\"",
    "list_files \"folder\"", "exists \"/etc/passwd\"", "read_text \"/proc/self/environ\"", "read_text \"/dev/zero\"",
    "import \"../outside/secret.txt\"", "run \"file\"", "load_dataset \"folder\"", "load_model \"folder\"",
    "read_image \"file\"", "load_tensors \"file\"", "read_json \"file\"",
  ])
  func theSandboxLimitsReading(code: String) throws {
    let place = try Place()
    let result = try Program.run(["--sandbox", "-e", code], folder: place.inside)
    #expect(result.status == 1)
    #expect(result.errors.contains("outside the folders that scripts may read from"), "\(result.errors)")
    #expect(!(result.output + result.errors).contains("secret\""))
  }

  @Test func linksInDataSetsAndModelsDoNotLeadOutOfTheSandbox() throws {
    let place = try Place()
    let save = "save sprites(count: 1)[0], \"a.png\"; save lstm(dim: 9, state: 8), \"model\""
    #expect(try Program.run(["--seed", "1", "-e", save], folder: place.outside).status == 0)
    let manager = FileManager.default
    for folder in ["data", "model"] {
      try manager.createDirectory(atPath: place.inside + "/" + folder, withIntermediateDirectories: true)
    }
    try Data("image,caption\na.png,text\n".utf8).write(to: URL(fileURLWithPath: place.inside + "/data/metadata.csv"))
    for (link, target) in [
      ("data/a.png", "a.png"), ("model/config.json", "model/config.json"),
      ("model/model.safetensors", "model/model.safetensors"),
    ] {
      try manager.createSymbolicLink(
        atPath: place.inside + "/" + link, withDestinationPath: place.outside + "/" + target)
    }
    for code in ["load_dataset \"data\"", "load_model \"model\""] {
      #expect(try Program.run(["-e", code + ";"], folder: place.inside).status == 0)
      let result = try Program.run(["--sandbox", "-e", code], folder: place.inside)
      #expect(result.errors.contains("outside the folders that scripts may read from"), "\(result.errors)")
    }
  }

  struct Hostile: CustomTestStringConvertible {
    let code: String
    let options: [String]
    let message: String
    var testDescription: String { options.joined(separator: " ") + ": " + code }
  }

  private static let endless = [
    "while true { }", "while true { try { while true { } } catch e { } }", "sum(range(1e15))",
    "x = 0; for i in range(1e15) { x += i }", "while true { sorted(range(10000), fn(a) = 0 - a) }",
  ]
  private static let greedy = [
    "x = []; while true { push(x, 1) }", "s = \"ab\"; while true { s += s }", "x = [1]; while true { x = x + x }",
    "m = {}; i = 0; while true { m[str(i)] = [i]; i += 1 }", "zeros(5000, 5000)", "x = [1]; while true { x = [x, x] }",
    "list(range(1e9))", "\"ab\" * 1000000000",
  ]

  static let hostile =
    endless.map { Hostile(code: $0, options: ["--max-time", "0.2s"], message: "the budget of 0.2 seconds is used up") }
    + endless.map {
      Hostile(code: $0, options: ["--max-steps", "9000"], message: "the budget of 9000 steps is used up")
    }
    + greedy.map { Hostile(code: $0, options: ["--max-memory", "30M"], message: "30 MB") }

  @Test(arguments: hostile) func budgetsHold(test: Hostile) throws {
    let result = try Program.run(test.options + ["-e", test.code])
    #expect(result.status == 75)
    #expect(result.errors.hasPrefix("error[limit]: ") && result.errors.contains(test.message), "\(result.errors)")
    #expect(result.errors.contains("\n1 | "))
  }
}
