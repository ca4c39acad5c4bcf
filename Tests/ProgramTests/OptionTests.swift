import Foundation
import Testing

/// Each option of the program, at what it does and at the ends of what it takes.
@Suite struct OptionTests {
  private func run(_ words: [String]) throws -> Program.Result { try Program.run(words) }

  @Test func seedsStartAllRandomNumbers() throws {
    let code = "print to_list(rand(3))"
    let first = try run(["--seed", "1", "-e", code]).output
    #expect(try run(["--seed", "1", "--threads", "1", "-e", code]).output == first)
    #expect(try run(["--seed=1", "-e", code]).output == first)
    #expect(try run(["--seed", "0", "-e", code]).output != first)
    #expect(try run(["--seed", "18446744073709551615", "-e", code]).status == 0)
    for wrong in ["18446744073709551616", "-1", "1.5", "x"] {
      #expect(try run(["--seed", wrong, "-e", "1"]).status == 2, "\(wrong)")
    }
  }

  @Test func threadsAreAsMany() throws {
    #expect(try run(["--threads", "1", "-e", "print threads()"]).output == "1\n")
    #expect(try run(["--threads", "3", "-e", "print threads()"]).output == "3\n")
  }

  @Test(arguments: ["--threads", "--max-steps"], ["0", "-1", "1.5", "x", ""])
  func countsAreWholeAndAboveZero(option: String, value: String) throws {
    let result = try run(["\(option)=\(value)", "-e", "1"])
    #expect(result.status == 2 && result.output == "", "\(result)")
  }

  /// What a budget is said to be tells how its text was read.
  @Test(arguments: [
    ("0.25", "0.25 seconds"), ("0.25s", "0.25 seconds"), ("0.25S", "0.25 seconds"), ("0.002m", "0.12 seconds"),
    ("0.000125h", "0.45 seconds"), ("0.000003125d", "0.27 seconds"), ("1e-2", "0.01 seconds"),
  ])
  func timesHaveUnits(value: String, told: String) throws {
    let result = try run(["--max-time", value, "-e", "while true { }"])
    #expect(result.status == 75)
    #expect(result.errors.contains("the budget of \(told) is used up"), "\(result.errors)")
  }

  @Test(arguments: [
    ("20971520", "20 MB"), ("20971520B", "20 MB"), ("20480K", "20 MB"), ("20m", "20 MB"), ("20M", "20 MB"),
    ("0.5G", "512 MB"), ("1G", "1 GB"), ("1000K", "1000 KB"),
  ])
  func memoryHasUnits(value: String, told: String) throws {
    let result = try run(["--max-memory", value, "-e", "x = [0] * 1e9"])
    #expect(result.status == 75)
    let message = "a value of 14.9 GB is too large: the budget of memory is \(told)"
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test(arguments: [
    ("--max-time", "0"), ("--max-time", "-1s"), ("--max-time", "1e9"), ("--max-time", "s"), ("--max-time", "1w"),
    ("--max-time", "nan"), ("--max-memory", "0"), ("--max-memory", "-1M"), ("--max-memory", "M"),
    ("--max-memory", "1T"), ("--max-memory", "1e30"), ("--errors", "html"),
  ])
  func whatIsNoAmountIsWrongUsage(option: String, value: String) throws {
    let result = try run(["\(option)=\(value)", "-e", "1"])
    #expect(result.status == 2 && result.output == "", "\(result)")
  }

  /// Turns of loops and calls are steps: as many as allowed are, one more is not.
  @Test(arguments: [
    ("i = 0\nwhile i < 100 { i += 1 }", 100), ("fn f() = 1\ni = 0\nwhile i < 50 {\n  i += 1\n  f()\n}", 100),
    ("xs = [1, 2, 3, 4, 5]\nfor x in xs { for y in xs { for z in [1, 2, 3] { } } }", 105),
    ("fn f(n) = 0 if n == 0 else f(n - 1)\nf(99)", 100),
  ])
  func stepsAreCounted(code: String, steps: Int) throws {
    #expect(try run(["--max-steps", "\(steps)", "-e", code]).status == 0)
    let result = try run(["--max-steps", "\(steps - 1)", "-e", code])
    #expect(result.status == 75)
    #expect(result.errors.contains("the budget of \(steps - 1) steps is used up"))
  }

  /// A part of a run has no more than the run, which ends where the part may not go on.
  @Test(arguments: [
    ("--max-time", "0.2", "while true { }"), ("--max-steps", "1000", "while true { }"),
    ("--max-memory", "40M", "x = nil; while true { x = [x] }"),
    ("--max-memory", "40M", "xs = []; while true { push(xs, [1]) }"),
    ("--max-memory", "40M", "xs = []; while true { push(xs, 1) }"),
    ("--max-memory", "40M", "m = {}; i = 0; while true { m[i] = 1; i += 1 }"),
    ("--max-memory", "40M", "s = set([]); i = 0; while true { push(s, i); i += 1 }"),
  ])
  func aPartHasNoMoreThanTheRun(option: String, most: String, body: String) throws {
    let part = "try { limit(fn() { \(body) }, time: 60, steps: 1e12, memory: 1e12) } catch e { print \"kept\" }"
    let result = try run([option, most, "-e", part])
    #expect(result.status == 75 && result.output == "", "\(result)")
    #expect(result.errors.contains("allow more with \(option)"), "\(result.errors)")
    let own = "try { limit(fn() { \(body) }, time: 0.1, steps: 900, memory: 2e7) } catch e { print e.kind }"
    #expect(try run([option, most, "-e", own]).output == "limit\n")
  }

  /// Cells are numbers from 1 or titles.
  @Test(arguments: [
    (["--cell", "1"], "1\n"), (["--cell", "3"], "3\n"), (["--cell", "B"], "2\n"), (["--from", "2"], "2\n3\n"),
    (["--until", "B"], "1\n2\n"), (["--from", "B", "--until", "2"], "2\n"), (["--from=1", "--until=3"], "1\n2\n3\n"),
  ])
  func cellsArePicked(options: [String], output: String) throws {
    let script = "# %% A\nprint 1\n# %% B\nprint 2\n# %% C\nprint 3"
    #expect(try Program.run(options + ["-"], input: script).output == output)
  }

  @Test func aNameOfACellThatHasNotRunLeadsToIt() throws {
    let script = "# %% Data\nrows = 3\n# %% Use\nprint rows"
    let result = try Program.run(["--cell", "2", "-"], input: script)
    #expect(result.status == 1)
    #expect(result.errors.contains("cell 1 \"Data\" sets it, which has not run"), "\(result.errors)")
  }

  @Test(arguments: [
    (["--cell", "4"], "the script has no cell 4"), (["--cell", "0"], "the script has no cell 0"),
    (["--from", "b"], "the script has no cell \"b\""), (["--until", ""], "the script has no cell \"\""),
    (["--from", "3", "--until", "2"], "the cell of --until comes before that of --from"),
    (["--cell", "1", "--until", "2"], "--cell is one cell, --from and --until are several"),
  ])
  func cellsThatAreNotThereAreWrongUsage(options: [String], message: String) throws {
    let result = try Program.run(options + ["-"], input: "# %% A\nprint 1\n# %% B\nprint 2\n# %% C\nprint 3")
    #expect(result.status == 2 && result.output == "", "\(result)")
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func quietLeavesOutNotices() throws {
    let code = "net = lstm(dim: 9, state: 8, depth: 1); train net, sprites(count: 8), steps: 1, sequence: 16; print 1"
    let told = try run(["-e", code])
    let quiet = try run(["--quiet", "-e", code])
    #expect(told.errors != "" && told.output == "1\n", "\(told.errors)")
    #expect(quiet.errors == "" && quiet.output == "1\n")
  }

  @Test func codeComesFromEitherName() throws {
    #expect(try run(["-e", "print 1"]).output == "1\n")
    #expect(try run(["--evaluate", "print 1"]).output == "1\n")
    #expect(try run(["-e", "-1"]).output == "-1\n")
    #expect(try run(["-e", ""]).status == 0)
  }

  /// Options stand before `run`, behind it or behind the script.
  @Test(arguments: [
    ["--sandbox"], ["--max-steps", "50"], ["--seed", "7"], ["--seed=7"], ["--quiet"], ["--errors", "json"],
    ["--threads", "1", "--quiet"],
  ])
  func optionsStandAnywhere(options: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("anywhere.pxb", "for i in range(1e6) { }\nprint rand(2), exists(\"/etc/passwd\")")
    let seed = options.contains { $0.hasPrefix("--seed") } ? [] : ["--seed", "3"]
    let first = try run(seed + options + ["run", path])
    let others = [
      seed + ["run"] + options + [path], ["run"] + options + seed + [path], ["run", path] + options + seed,
    ]
    for words in others {
      let other = try run(words)
      #expect(other.status == first.status && other.output == first.output, "\(words)")
      #expect(other.errors == first.errors, "\(words)")
    }
  }

  @Test func theVersionHasThreeParts() throws {
    let result = try run(["--version"])
    #expect(result.status == 0)
    #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    #expect(result.errors == "")
  }

  @Test func helpIsForTheProgramATaskAndACommand() throws {
    let usage = try run(["-h"]).output
    #expect(usage.contains("USAGE: pixelbytes"))
    for task in ["run", "check", "help", "convert", "completion"] {
      let help = try run([task, "--help"]).output
      #expect(help.hasPrefix("USAGE: pixelbytes \(task) ") && help.contains("EXAMPLE:\n  "), "\(help)")
      #expect(try run([task, "-h"]).output == help)
    }
    #expect(try run(["help", "ones"]).output.contains("ones("))
    #expect(try run(["help"]).output.contains("train"))
    #expect(try run(["help", "for"]).output.hasPrefix("For\n\n`for` goes over"))
    #expect(try run(["help", "ones", "zeros"]).output.hasPrefix("help "))
    for wrong in [["help", "onse"], ["help", "onse", "zeors"]] { #expect(try run(wrong).status == 2) }
  }

  /// Every error is an object on a line of its own.
  @Test func allErrorsCanBeJSON() throws {
    let result = try run(["--errors", "json", "-e", "x = ]\ny = ]\nz = ]"])
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 3)
    for (place, line) in lines.enumerated() {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["line"] as? Int == place + 1)
      #expect(object?["kind"] as? String == "syntax")
    }
  }

  /// An option counts for all scripts that are checked, wherever it stands among them.
  @Test func optionsStandAnywhereAmongChecked() throws {
    let folder = try TemporaryFolder()
    let paths = [
      try folder.write("a.pxb", "x = ]"), try folder.write("b.pxb", "print 1"), try folder.write("c.pxb", "y = ]"),
    ]
    let told = try run(["--errors", "json", "check"] + paths)
    #expect(told.status == 2 && told.errors.split(separator: "\n").count == 2)
    for place in 0...paths.count {
      let other = try run(["check"] + paths[..<place] + ["--errors", "json"] + paths[place...])
      #expect(other.status == 2 && other.errors == told.errors, "\(place): \(other.errors)")
    }
  }

  @Test func severalFoldersMayBeWrittenTo() throws {
    let (work, first, second, other) = (
      try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()
    )
    let options = ["--allow-write", first.path, "--allow-write", second.path, "-e"]
    for place in [".", first.path, second.path] {
      let result = try Program.run(options + ["write_text \"\(place)/x.txt\", \"x\""], folder: work.path)
      #expect(result.status == 0, "\(result.errors)")
    }
    // So may the folder of the log, and nothing beside it.
    let log = first.path + "/log"
    for (place, status) in [("log", Int32(0)), (".", 1)] {
      let result = try Program.run(
        ["--log", log, "-e", "write_text \"\(first.path)/\(place)/y.txt\", \"y\""], folder: work.path)
      #expect(result.status == status, "\(place): \(result.errors)")
    }
    let beyond = try Program.run(options + ["write_text \"\(other.path)/x.txt\", \"x\""], folder: work.path)
    #expect(beyond.status == 1 && beyond.errors.contains("outside the folders that scripts may write to"))
  }

  /// Work that took less than a second has no line of its own in a log.
  @Test func shortWorkIsNotSummedUp() throws {
    let code = "net = lstm(dim: 9, state: 8, depth: 1); train net, sprites(count: 8), steps: 1, sequence: 16;"
    let lines = try run(["--seed", "1", "-e", code]).errors.split(separator: "\n")
    let starts = lines.map { $0.prefix { $0 != " " } }
    #expect(starts == ["epoch", "epoch", "best"], "\(lines)")
  }

  /// The columns are what `COLUMNS` says, 80 where that is no width.
  @Test func theWidthIsThatOfTheEnvironment() throws {
    func drawn(_ columns: String?) throws -> String {
      try Program.run(["-e", "plot([1, 5, 2])"], environment: columns.map { ["COLUMNS": $0] } ?? [:]).output
    }
    let usual = try drawn(nil)
    for columns in ["80", "0", "-5", "x", ""] { #expect(try drawn(columns) == usual, "\(columns)") }
    for columns in [40, 60, 100] {
      let widest = try drawn("\(columns)").split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest <= columns && widest > columns - 20, "\(widest)")
    }
  }
}
