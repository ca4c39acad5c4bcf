import PixelScript
import Testing

@Suite struct RenderingTests {
  /// Returns the printed error about the place of `marked` in `text`.
  private func printed(
    _ text: String, at marked: String, label: String? = nil, labels: [String: String] = [:], help: [String] = [],
    firstLine: Int = 1, width: Int = 100
  ) -> String {
    let source = SourceText(name: "file.pxb", text, firstLine: firstLine)
    func span(_ part: String) -> Span {
      let range = text.firstRange(of: part) ?? text.startIndex..<text.startIndex
      let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
      return Span(start, start + part.utf8.count)
    }
    let diagnostic = Diagnostic(
      .shape, "wrong", at: Location(source, span(marked)), label: label,
      labels: labels.sorted { $0.key < $1.key }.map { .init(span($0.key), $0.value) }, help: help)
    return DiagnosticRenderer(width: width).text(of: diagnostic)
  }

  @Test func placeLabelAndHelp() {
    #expect(
      printed("a\ny = x @ w\n", at: "x @ w", label: "[2] by [3]", help: ["transpose it", "or not"], firstLine: 11)
        == """
        error[shape]: wrong
          --> file.pxb:12:5
           |
        12 | y = x @ w
           |     ^^^^^ [2] by [3]
           = help: transpose it
           = help: or not
        """)
  }

  @Test func tabsWideCharactersAndEmoji() {
    #expect(
      printed("\tx = \"日本\" + 👩‍👩‍👧 + é + bad", at: "bad") == """
        error[shape]: wrong
         --> file.pxb:1:25
          |
        1 |     x = "日本" + 👩‍👩‍👧 + é + bad
          |                           ^^^
        """)
    #expect(
      printed("日本語 = 1", at: "本") == """
        error[shape]: wrong
         --> file.pxb:1:2
          |
        1 | 日本語 = 1
          |   ^^
        """)
  }

  @Test func labelsOnOtherLines() {
    #expect(
      printed("f(1,\n\n\n  2]\n", at: "]", labels: ["(": "opened here"]) == """
        error[shape]: wrong
         --> file.pxb:4:4
          |
        1 | f(1,
          |  - opened here
        ...
        4 |   2]
          |    ^
        """)
  }

  @Test func emptySpansAndLinesAndTheEnd() {
    #expect(printed("", at: "") == "error[shape]: wrong\n --> file.pxb:1:1\n  |\n1 |\n  | ^")
    let source = SourceText(name: "s", "x = 1 +\n")
    let diagnostic = Diagnostic(.syntax, "m", at: Location(source, Span(7, 7)))
    #expect(DiagnosticRenderer().text(of: diagnostic).hasSuffix("1 | x = 1 +\n  |        ^"))
    let beyond = Diagnostic(.syntax, "m", at: Location(source, Span(90, 99)))
    #expect(DiagnosticRenderer().text(of: beyond).hasSuffix("2 |\n  | ^"))
  }

  @Test func longLinesAreCut() {
    let digits = String(repeating: "1234567890", count: 30)
    #expect(
      printed("\(digits)bad\(digits)", at: "bad", width: 44) == """
        error[shape]: wrong
         --> file.pxb:1:301
          |
        1 | …901234567890bad12345678901234567890123…
          |              ^^^
        """)
  }

  @Test func spansOverSeveralLinesAreMarkedAtBothEnds() {
    #expect(
      printed("f(1,\n  2)\n", at: "f(1,\n  2)") == """
        error[shape]: wrong
         --> file.pxb:1:1
          |
        1 | f(1,
          | ^^^^
        2 |   2)
          |   ^^ up to here
        """)
    #expect(
      printed("x = f(1,\n\t日,\n  3) + 1", at: "f(1,\n\t日,\n  3)", label: "[2]", labels: ["+ 1": "one"]) == """
        error[shape]: wrong
         --> file.pxb:1:5
          |
        1 | x = f(1,
          |     ^^^^
        ...
        3 |   3) + 1
          |   ^^ --- one
          |   [2]
        """)
    #expect(printed("f(\n)\n", at: "f(\n").hasSuffix("1 | f(\n  | ^^"))
  }

  @Test func labelsOnOneLineShareARow() {
    #expect(
      printed("hidden @ weight + x", at: "@", labels: ["hidden": "[2, 3]", "weight": "[4]", "x": "not this"]) == """
        error[shape]: wrong
         --> file.pxb:1:8
          |
        1 | hidden @ weight + x
          | ------ ^ ------   - not this
          |          [4]
          | [2, 3]
        """)
    #expect(
      printed("a = long_name", at: "long_name", label: "all", labels: ["a": "it", "name": "part"]) == """
        error[shape]: wrong
         --> file.pxb:1:5
          |
        1 | a = long_name
          | -   ^^^^^^^^^ all
          | it
          |          ---- part
        """)
  }

  @Test func combiningMarksFlagsAndFullWidth() {
    #expect(
      printed("e\u{301}\u{302} + 🇫🇷 + 👍🏽 + ｆｕｌｌ + 한 + \u{200B}bad", at: "bad") == """
        error[shape]: wrong
         --> file.pxb:1:29
          |
        1 | e\u{301}\u{302} + 🇫🇷 + 👍🏽 + ｆｕｌｌ + 한 + \u{200B}bad
          |                               ^^^
        """)
  }

  @Test func callStack() {
    let source = SourceText(name: "s.pxb", "fn f(n) = f(n + 1)\nfn g() = f(0)\ng()")
    func frame(_ name: String?, _ start: Int, _ end: Int) -> Diagnostic.Frame {
      .init(function: name, location: Location(source, Span(start, end)))
    }
    let outer = [frame("g", 28, 32), frame(nil, 33, 36)]
    let deep = Array(repeating: frame("f", 10, 18), count: 999) + outer
    var diagnostic = Diagnostic(.limit, "too many calls", at: deep[0].location, stack: deep)
    #expect(
      DiagnosticRenderer().text(of: diagnostic) == """
        error[limit]: too many calls
         --> s.pxb:1:11
          |
        1 | fn f(n) = f(n + 1)
          |           ^^^^^^^^
        calls, the last one first:
          f           s.pxb:1:11 (999 times)
          g           s.pxb:2:10
          the script  s.pxb:3:1
        """)
    diagnostic.stack = (0..<50).map { frame("f\($0)", 10, 18) }
    let rows = DiagnosticRenderer().text(of: diagnostic).split(separator: "\n").dropFirst(6)
    #expect(rows.count == 13)
    #expect(rows.contains("  ... 38 more"))
    diagnostic.stack = [frame(nil, 33, 36)]
    #expect(!DiagnosticRenderer().text(of: diagnostic).contains("the last one first"))
  }

  @Test func controlCharactersDoNotReachTheTerminal() {
    let source = SourceText(name: "a\u{1B}[2J", "x = \u{1B}[31m\u{202E}\u{9B}1")
    let diagnostic = Diagnostic(
      .value, "bad \u{1B}[0m\nsecond\u{7}", at: Location(source, Span(0, 1)), label: "\u{8}", help: ["a\nb"])
    #expect(
      DiagnosticRenderer().text(of: diagnostic) == """
        error[value]: bad \\x1b[0m
          second\\x07
         --> a\\x1b[2J:1:1
          |
        1 | x = \\x1b[31m\\u{202e}\\u{9b}1
          | ^ \\x08
          = help: a
                  b
        """)
  }

  @Test func colorOnlyAddsEscapes() {
    let source = SourceText(name: "s", "f(1")
    let diagnostic = Diagnostic(
      .syntax, "m", at: Location(source, Span(0, 3)), labels: [.init(Span(1, 2), "here")], help: ["h"])
    let colored = DiagnosticRenderer(usesColor: true).text(of: diagnostic)
    #expect(colored.hasPrefix("\u{1B}[1;31merror[syntax]\u{1B}[0m\u{1B}[1m: m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == DiagnosticRenderer().text(of: diagnostic))
  }

  @Test func aDiagnosticWithoutAPlace() {
    #expect(DiagnosticRenderer().text(of: Diagnostic(.io, "gone", help: "look")) == "error[io]: gone\n  = help: look")
  }

  @Test(arguments: [
    ("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👍🏽", 2), ("❤️", 2), ("ｱ", 1), ("Ａ", 2), ("\u{200B}", 0),
  ])
  func columns(text: String, expected: Int) {
    #expect(DisplayWidth.columns(of: text) == expected)
  }
}
