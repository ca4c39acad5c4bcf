import Foundation
import PixelScript
import Testing
import Workbench

/// Text from data never acts on a terminal, whatever way it takes there.
@Suite(.serialized) struct HostileTextTests {
  private let folder: TemporaryFolder

  /// Every character that acts on terminals, with what turns some of them into commands.
  static let controls: [Unicode.Scalar] =
    (Array(0x01..<0x20) + [0x7F] + Array(0x80..<0xA0) + [0x61C, 0x200E, 0x200F] + Array(0x2028..<0x202F)
    + Array(0x2066..<0x206A)).compactMap { Unicode.Scalar($0) }.filter { $0 != "\n" && $0 != "\t" }
  static let commands = "a\u{1B}[31mred\u{1B}]0;title\u{7}\u{9B}2Jz"
  static let hostile = commands + String(String.UnicodeScalarView(controls))

  init() throws {
    folder = try TemporaryFolder()
    let text = Self.hostile.replacing("\r", with: "")
    _ = try folder.write("rows.csv", "caption,\(text)\n\(text),\(text)\nmore,\(text)\n")
    _ = try folder.write(text, "a file")
    _ = try folder.write("broken.pxb", "x = \"\(text)\" +* 2\n")
    _ = try folder.write("broken.csv", "image,caption\n\(text).png,\(text)\n")
    _ = try folder.write("setup.pxb", "bad = \(Self.literal)\n" + Self.setup)
  }

  /// The text as a script writes it, in ASCII.
  static let literal =
    "\""
    + hostile.unicodeScalars.map {
      $0.value < 0x7F && $0.value >= 0x20 ? String($0) : "\\u{\(String($0.value, radix: 16))}"
    }
    .joined() + "\""

  static let setup = """
    data = load_dataset("rows.csv", image: nil)
    items = [bad, {key: bad}]; names = {}; names[bad] = bad
    rows = describe(data)
    fn hurt(x) { raise bad }
    """

  /// Ways to show it, beside each command with it as argument.
  static let ways = [
    "bad", "items", "names", "print bad", "print items, names", "data", "data[0]", "show data", "show data[0]",
    "data[0].caption",
    "describe data", "check data", "rows", "show rows", "rows[0]", "rows.columns", "raise bad",
    "raise {kind: bad, message: bad}",
    "hurt(1)", "names.nothing", "names[\"x\"]", "data[bad]", "rows[bad]", "import bad", "read_text bad",
    "list_files \".\"",
    "plot [1, 2], title: bad, x_label: bad", "run \"broken.pxb\"",
    "load_dataset \"broken.csv\"", "vars", "bad?",
    "data?", "rows?", "recall", "f\"{bad}\"", "[bad] * 3", "print \"{bad}\"", "data.columns", "rand(2)[bad]", "bad(1)",
    "x = bad.y",
    "assert false, bad", "int(bad)", "num(bad)", "ones([2], dtype: bad)", "build(data);", "timeit fn() = bad",
    "data.\t\u{3}", "rows[\"\t\u{3}",
    "read_text \"\t\u{3}", "names[\"a\t\u{3}", "read_text \"a\t\u{3}",
  ]

  private static let endings: [@Sendable (String) -> String] = [
    { "\($0)(bad)" }, { "\($0)(items)" }, { "\($0)(data, bad)" }, { "\($0)(bad, bad)" }, { "\($0)(rows, bad)" },
  ]

  /// It would end the session.
  private static let others: Set = ["quit"]

  private static func commandCalls() -> [String] {
    let session = Session(console: Console(write: { _ in }))
    return session.registry.entries.map(\.name).filter { !others.contains($0) }
      .flatMap { name in endings.map { $0(name) } }
  }

  /// What of an output is neither text nor a sequence of ours.
  private func foreign(_ output: String, sequences: some RegexComponent) -> [String] {
    let rest = output.replacing(sequences, with: "")
    return Self.controls.filter { $0 != "\r" && rest.unicodeScalars.contains($0) }.map { $0.debugDescription }
  }

  @Test func nothingActsOnATerminalWithoutSequences() throws {
    let terminal = try PseudoTerminal(
      ["--quiet"], environment: ["XDG_STATE_HOME": folder.path, "TERM": "dumb"], folder: folder.path, columns: 200)
    try terminal.expect("[1]> ")
    var number = 1
    for line in ["run \"setup.pxb\""] + Self.ways + Self.commandCalls() {
      try terminal.type(line + (line.hasSuffix("\u{3}") ? "" : "\r"))
      if line.hasSuffix("\u{3}") {
        // The bell of the completion is ours.
        let output = try terminal.expect("^C\r\n[\(number)]> ").replacing("\u{7}", with: "")
        #expect(foreign(output, sequences: /\u{8}/) == [], "\(line.debugDescription)")
        continue
      }
      number += 1
      let output = try terminal.expect("[\(number)]> ")
      #expect(foreign(output, sequences: /\u{8}/) == [], "\(line)")
      #expect(!output.contains("\r\u{1B}"))
    }
    try terminal.type("len(bad)\r")
    try terminal.expect("\n\(Self.hostile.unicodeScalars.count)\r\n")
  }

  @Test func onlyOurSequencesReachATerminalWithColors() throws {
    let script = try folder.write(
      "all.pxb",
      "bad = \(Self.literal)\n" + Self.setup
        + """

        for way in [fn() = show(data), fn() = show(rows), fn() = show(sprites(count: 2)), fn() = print(bad)] { way() }
        show plot([[1, 2], [2, 1]], title: bad, x_label: bad)
        print items
        names
        # %% B
        hurt(1)
        """)
    let terminal = try PseudoTerminal(
      [script], environment: ["COLORTERM": "truecolor"], folder: folder.path, columns: 120)
    let end = try terminal.end()
    #expect(end.output.contains("\u{1B}[0;38;2;"))
    #expect(end.output.contains("\u{1B}[1;31merror"))
    #expect(!end.output.contains("\u{1B}[31m"))
    #expect(end.output.contains("a\\x1b[31mred\\x1b]0;title\\x07\\u{9b}2Jz"))
    let ours = /\u{1B}\[(0|1|2|34|1;31|0;[34]8;2;[0-9;]+)m|\u{1B}\[K/
    #expect(foreign(end.output, sequences: ours) == [])
  }

  @Test func pipesAndFilesGetTheBytesAsTheyAre() throws {
    let result = try Program.run(["-e", "print \(Self.literal)"])
    #expect(result.output == Self.hostile + "\n")
  }

  @Test(arguments: [["--json"], ["--errors", "json"]])
  func jsonIsStillTheSame(options: [String]) throws {
    let script = try folder.write("j.pxb", "raise \(Self.literal)")
    let terminal = try PseudoTerminal(options + [script], folder: folder.path)
    let output = try terminal.end().output
    #expect(foreign(output, sequences: /\u{0}/) == [])
    let error = try #require(output.split(separator: "\r\n").first { $0.contains("\"kind\"") })
    let object = try JSONSerialization.jsonObject(with: Data(error.utf8)) as? [String: Any]
    #expect((object?["message"] as? String)?.contains(Self.hostile) == true)
  }

  @Test func everyCharacterOfThisKindIsEscapedAndNoOther() {
    for value in UInt32(0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let acts = Self.controls.contains(scalar) || value == 0
      let (text, shown) = (String(scalar), ControlCharacters.escaped(String(scalar)))
      #expect((shown != text) == acts, "U+\(String(value, radix: 16))")
      if value > 0x9F || acts { #expect(ControlCharacters.escaped("é\(scalar)é") == "é\(shown)é") }
    }
    #expect(
      ControlCharacters.escaped("\u{1B}[0;31mx\u{1B}[2Ky\u{1B}[", keepingColors: true) == "\u{1B}[0;31mx\\x1b[2Ky\\x1b["
    )
  }
}
