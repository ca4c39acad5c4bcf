import Foundation
import Testing

/// Whatever the program writes: when there is no room for it, it says so, and nothing half-written is left.
@Suite struct FullDiskTests {
  /// What writes more than the 4096 bytes that a file may have here.
  static let writers = [
    #"write_text "out.txt", "a" * 100000"#,
    #"write_json "out.json", list(range(10000))"#,
    #"save zeros(100, 100), "out.safetensors""#,
    #"save({a: zeros(100, 100)}, "out.safetensors")"#,
    #"save lstm(dim: 81, state: 64, depth: 1), "out""#,
    #"save table({x: range(10000)}), "out.csv""#,
    #"save table({x: range(10000)}), "out.json""#,
    #"save table({x: range(10000)}), "out.md""#,
    #"save table({x: range(10000)}), "out.parquet""#,
    #"save to_image(rand(100, 100)), "out.png""#,
    #"save to_image(rand(100, 100)), "out.jpg""#,
    #"save to_image(rand(100, 100)), "out.svg""#,
    #"save plot(list(range(2000))), "out.svg""#,
  ]

  private func run(_ folder: TemporaryFolder, _ words: [String], to output: String = "") throws -> Program.Result {
    let command = "ulimit -f 8; exec \"$0\" \"$@\" \(output)"
    return try Program.run(executable: "/bin/sh", ["-c", command, Program.path] + words, folder: folder.path)
  }

  @Test(arguments: writers) func nothingIsLeft(code: String) throws {
    let folder = try TemporaryFolder()
    let result = try run(folder, ["-e", code])
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("file too large"), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func whatWasThereStays() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("out.txt", "before")
    #expect(try run(folder, ["-e", #"write_text "out.txt", "a" * 100000"#]).status == 1)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
  }

  @Test func logsAndExportsTell() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("many.pxb", #"for i in range(2000) { print i, "a line of some length" }"#)
    let logged = try run(folder, ["run", "many.pxb", "--log", "logs"])
    #expect(logged.status == 1)
    #expect(logged.errors.contains("where --log keeps the output: file too large"), "\(logged.errors)")
    #expect(logged.output.hasSuffix("1999 a line of some length\n"))
    // What an export had room for before is kept whole; a page has none from the start, so nothing runs.
    for (ending, status) in [("html", 2), ("md", 1), ("ipynb", 1)] {
      let exported = try run(folder, ["run", "many.pxb", "--export", "x.\(ending)"])
      #expect(exported.status == status, "\(exported.errors)")
      #expect(exported.errors.contains("file too large"), "\(exported.errors)")
    }
  }

  @Test(arguments: [
    ["-e", "print 1"], ["-e", "1"], ["help", "train"], ["--version"], ["--help"], ["--json", "-e", "1"],
  ])
  func standardOutputTells(words: [String]) throws {
    let folder = try TemporaryFolder()
    for output in [">/dev/full", ">&-"] {
      let result = try run(folder, words, to: output)
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errors.contains("cannot write to standard output"), "\(result.errors)")
    }
  }

  /// What may have no end or never begin is no script.
  @Test(arguments: ["run", "check"]) func pipesAndDevicesAreNoScripts(task: String) throws {
    let folder = try TemporaryFolder()
    let answer = unsafe mkfifo(folder.path + "/pipe", 0o600)
    #expect(answer == 0)
    for path in ["pipe", "/dev/zero"] {
      let result = try Program.run([task, path], folder: folder.path)
      #expect(result.status == 2)
      #expect(result.errors.contains("it is no regular file"), "\(result.errors)")
    }
  }

  /// Memory that the system does not give is no fault of the program.
  @Test func noMemoryIsTold() throws {
    let folder = try TemporaryFolder()
    let code = "a = []; while true { push(a, [1, 2]) }"
    let command = "ulimit -v 1000000; exec \"$0\" \"$@\""
    let result = try Program.run(
      executable: "/bin/sh", ["-c", command, Program.path, "--max-memory", "40G", "-e", code], folder: folder.path)
    #expect(result.status == 71 || result.status == 75, "\(result.errors)")
    #expect(!result.errors.contains("fault"))
  }
}
