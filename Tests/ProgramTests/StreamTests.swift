import Foundation
import Testing
import Workbench
import pixelbytes

/// What goes to which stream, and in which form.
@Suite struct StreamTests {
  @Test func resultsAndErrorsAreApart() throws {
    let result = try Program.run(["-e", "print \"a result\"; raise \"a mistake\""])
    #expect(result.output == "a result\n")
    #expect(result.errors.contains("a mistake"))
    #expect(!(result.output + result.errors).contains("\u{1B}"))
  }

  @Test func theLastValueOfAScriptIsShown() throws {
    #expect(try Program.run(["-e", "1 + 1"]).output == "2\n")
    #expect(try Program.run(["-e", "1 + 1;"]).output == "")
    #expect(try Program.run(["-"], input: "# %% A\n\"a\"\n# %% B\n\"b\"\n").output == "\"a\"\n\"b\"\n")
    #expect(try Program.run(["--cell", "2", "-"], input: "# %% A\n\"a\"\n# %% B\n\"b\"\n").output == "\"b\"\n")
  }

  @Test func aReaderThatHasEnoughIsNoError() throws {
    let result = try shell("'\(Program.path)' -e 'for i in range(1000000) { print i }' | head -n 2")
    #expect(result.output == "0\n1\n")
    #expect(result.errors == "")
  }

  @Test func aFullDiskIsToldAndFails() throws {
    let result = try shell("'\(Program.path)' -e 'print 1' > /dev/full; echo $?")
    #expect(result.output == "1\n")
    #expect(result.errors.contains("error: cannot write to standard output: no space left on device"))
  }

  /// Each with what the operating system said and nothing of the library that heard it.
  @Test(arguments: [
    ("- <&-", "cannot read standard input: bad file descriptor"),
    ("<&-", "cannot read standard input: bad file descriptor"),
    ("run /", "cannot read `/`: is a directory"),
    ("run none.pxb", "cannot read `none.pxb`: there is no such file"),
    ("-e 'print 1' >&-", "cannot write to standard output: bad file descriptor"),
    ("--allow-write / -e 'export \"/proc/x.html\"'", "/proc/x.html: cannot be created: no such file or directory"),
    ("--allow-write / -e 'save ones(1), \"/dev/null/x.safetensors\"'", "can't be made: it is a file"),
    ("-e 'list_files(\"/dev/null\")'", "/dev/null is a file, not a folder"),
    ("-e 'import \"/\" as x'", "is a folder, not a file"),
  ])
  func errorsOfTheSystemAreSentences(arguments: String, message: String) throws {
    let result = try shell("'\(Program.path)' \(arguments); echo $?")
    #expect(["1\n", "2\n"].contains(result.output))
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(!["Cocoa", "NSError", "could not be completed", "internal"].contains { result.errors.contains($0) })
  }

  @Test func errorsComeInOrderWithResults() throws {
    let result = try shell("'\(Program.path)' -e 'print 1; print 2; raise \"three\"' 2>&1")
    #expect(result.output.hasPrefix("1\n2\nerror"))
  }

  @Test func muchOutputComesWhole() throws {
    let result = try Program.run(["-e", "for i in range(100000) { print i }"])
    #expect(result.output == (0..<100_000).map { "\($0)\n" }.joined())
  }

  @Test func errorsCanBeJSON() throws {
    for (code, kind) in [("x = 1 +* 2", "syntax"), ("x = nonsense", "name")] {
      let errors = try Program.run(["--errors", "json", "-e", code]).errors
      let object = try JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: Any]
      #expect(object?["kind"] as? String == kind)
      #expect(object?["line"] as? Int == 1)
    }
    #expect(try Program.run(["--errors", "json", "trian"]).errors.hasPrefix("{"))
  }

  @Test func theGreetingShowsWhatRuns() throws {
    let commands = Greeting.tasks.map(\.0)
    let result = try Program.run(["-"], input: commands.joined(separator: "\n"))
    #expect(result.status == 0, "\(result.errors)")
    for width in [40, 60, 80] {
      let text = Greeting.text(width: width)
      #expect(text.split(separator: "\n").allSatisfy { $0.count < width })
      #expect(commands.allSatisfy(text.contains))
    }
  }

  @Test func severalCodesAreOneScript() throws {
    #expect(try Program.run(["-e", "x = 41", "-e", "print x + 1"]).output == "42\n")
  }

  @Test func aNotebookOfJupyterIsConvertedFirst() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.ipynb", "{}")
    let result = try Program.run(["run", "a.ipynb"], folder: folder.path)
    #expect(result.status == 2)
    #expect(result.errors.contains("`pixelbytes convert a.ipynb a.pxb`"))
  }

  @Test func anEndlessScriptIsRefused() throws {
    let result = try Program.run(["run", "/dev/zero"])
    #expect(result.status == 2)
    #expect(result.errors.contains("it is no regular file"))
  }

  @Test func theWorkingFolderIsTheCallers() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("note.txt", "found")
    let result = try Program.run(["-e", "print read_text(\"note.txt\")"], folder: folder.path)
    #expect(result.output == "found\n")
  }

  @Test(arguments: [
    (["TERM": "xterm"], "ansi256"), (["TERM": "xterm", "COLORTERM": "truecolor"], "trueColor"),
    (["TERM": "xterm-direct"], "trueColor"), (["TERM": "dumb", "COLORTERM": "truecolor"], "none"), ([:], "none"),
    (["TERM": "xterm", "NO_COLOR": "1"], "none"), (["TERM": "xterm", "NO_COLOR": ""], "ansi256"),
  ])
  func colorsAreThoseOfTheEnvironment(environment: [String: String], depth: String) {
    #expect(Terminal.colorDepth(environment).rawValue == depth)
  }

  @Test(arguments: [
    (["TERM": "xterm-kitty"], "kitty"), (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], "kitty"),
    (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], "iterm"),
    (["TERM": "xterm", "LC_TERMINAL": "iTerm2"], "iterm"),
    (["TERM": "foot"], "sixel"), (["TERM": "foot-extra"], "sixel"), (["TERM": "footnote"], nil),
    (["TERM": "xterm-256color"], nil), (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], nil),
    (["TERM": "xterm-kitty", "TMUX": "/tmp/x"], nil), (["TERM": "screen"], nil), ([:], nil),
  ])
  func picturesFollowTheNameOfTheTerminal(environment: [String: String], form: String?) {
    #expect(Terminal.pictures(environment)?.rawValue == form)
  }

  /// Inside what shares a terminal no picture comes through, whichever terminal it is.
  @Test(arguments: [["TMUX": "/tmp/x"], ["STY": "1.x"], ["TERM": "screen-256color"], ["TERM": "tmux"]])
  func noPicturesInsideASharedTerminal(environment: [String: String]) {
    for terminal in [
      ["TERM": "xterm-kitty"], ["TERM": "foot"], ["KITTY_WINDOW_ID": "1"], ["TERM_PROGRAM": "ghostty"],
      ["TERM_PROGRAM": "mintty"], ["LC_TERMINAL": "iTerm2"],
    ] {
      #expect(Terminal.pictures(terminal) != nil && Terminal.pictures(terminal.merging(environment) { $1 }) == nil)
    }
  }

  private func shell(_ command: String) throws -> Program.Result {
    try Program.run(executable: "/bin/sh", ["-c", command])
  }
}
