import Foundation
import Testing

/// Options that are given twice, and those that have nothing to work on.
@Suite struct RepeatedOptionTests {
  /// Of an option with one value the last counts, whatever stands before it.
  @Test(arguments: [
    (["--seed", "1"], ["--seed", "2"], "print to_list(rand(3))"),
    (["--threads", "1"], ["--threads", "2"], "print threads()"),
    (["--max-steps", "5"], ["--max-steps", "500"], "for i in range(50) { }\nprint 1"),
    (["--errors", "json"], ["--errors", "text"], "x = nonsense"), (["--cell", "1"], ["--cell", "2"], ""),
    (["--from", "3"], ["--from", "2"], ""), (["--until", "1"], ["--until", "2"], ""),
    (["--max-time", "0.2s"], ["--max-time", "0.1s"], "while true { }"),
    (["--max-memory", "1K"], ["--max-memory", "100M"], "print len([0] * 100000)"),
  ])
  func theLastCounts(first: [String], second: [String], code: String) throws {
    let script = code.isEmpty ? "# %%\nprint 1\n# %%\nprint 2\n# %%\nprint 3" : code
    func run(_ options: [String]) throws -> [String] {
      let result = try Program.run(options + ["-"], input: script)
      return ["\(result.status)", result.output, result.errors]
    }
    let (one, two) = (try run(first), try run(second))
    #expect(one != two)
    #expect(try run(first + second) == two && run(second + first) == one)
  }

  @Test(arguments: ["--quiet", "--no-color", "--sandbox", "--json", "--keep-going", "--times"])
  func whatIsOnIsOn(flag: String) throws {
    func run(_ options: [String]) throws -> (Int32, Int) {
      let result = try Program.run(options + ["-e", "print 1"])
      return (result.status, result.output.split(separator: "\n").count)
    }
    #expect(try run([flag, flag]) == run([flag]))
  }

  /// Cells are kept beside a script in a file, and nothing else has a place beside it.
  @Test(arguments: ["--resume", "--fresh"], [["-e", "print 1"], ["-"], ["run", "-"], []])
  func cellsAreKeptBesideAFile(option: String, words: [String]) throws {
    let result = try Program.run([option] + words, input: "print 1")
    let name = words.first == "-e" ? "-e" : "standard input"
    #expect(result.status == 2 && result.output == "", "\(result)")
    #expect(
      result.errors.hasPrefix("error: \(name) has no place beside it for cells that are kept\n"), "\(result.errors)")
    #expect(result.errors.contains("help: --resume and --fresh are for a script in a file"))
  }

  @Test(arguments: [["-"], ["run", "-"], []]) func scriptsComeThroughAPipe(words: [String]) throws {
    #expect(try Program.run(words, input: "print 6 * 7").output == "42\n")
  }

  @Test func pipesAreCheckedToo() throws {
    #expect(try Program.run(["check", "-"], input: "print 1").status == 0)
    let wrong = try Program.run(["check", "-"], input: "x = ]")
    #expect(wrong.status == 2 && wrong.errors.contains("standard input:1:5"), "\(wrong.errors)")
  }

  /// Amounts of memory are rounded to whole bytes.
  @Test(arguments: ["0.3K", "1.7B", "1000.5", "0.0000001G"]) func memoryIsWholeBytes(size: String) throws {
    #expect(try Program.run(["--max-memory", size, "-e", "1"]).status != 2)
  }

  /// Errors fit the terminal that they are written to, and 100 columns elsewhere.
  @Test(arguments: [UInt16(44), 60, 90, 140]) func errorsFitTheTerminal(columns: UInt16) throws {
    let line = (0..<40).map { "abcde\($0)" }.joined(separator: " + ")
    let code = "abcde20 = nonsense + [\(line)]"
    let terminal = try PseudoTerminal(["--no-color", "-e", code], columns: columns)
    let shown = try terminal.expect("^^").split(whereSeparator: \.isNewline)
    let source = try #require(shown.first { $0.contains("nonsense + [") })
    #expect(source.count <= Int(columns) && source.count > Int(columns) - 12, "\(source.count): \(source)")
    let piped = try Program.run(["-e", code], environment: ["COLUMNS": "50"]).errors.split(separator: "\n")
    let widest = try #require(piped.first { $0.contains("nonsense + [") }).count
    #expect(widest <= 100 && widest > 88, "\(widest)")
  }
}
