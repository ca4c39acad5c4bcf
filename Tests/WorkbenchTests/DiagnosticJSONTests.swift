import Formats
import Foundation
import PixelScript
import Testing
import Workbench

@Suite struct DiagnosticJSONTests {
  private func failure(_ script: String) throws -> Diagnostic {
    let interpreter = Interpreter(registry: Registry(Builtins.values)) { _ in }
    return try #require(throws: Diagnostic.self) { try interpreter.run(script, name: "file.pxb") }
  }

  private func fields(_ diagnostic: Diagnostic) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(diagnostic.json.text().utf8)) as? [String: Any])
  }

  /// JSON holds all that is printed.
  @Test func json() throws {
    let diagnostic = try failure("fn add(a, é: 2) = a + é\nx = add(\"\\u{1}\\t\\\"\",\n  é: 3)")
    let fields = try fields(diagnostic)
    #expect(fields["kind"] as? String == "type")
    #expect(fields["message"] as? String == "`+` does not work on a string and a number")
    #expect(fields["help"] as? [String] == ["make a string of both, as in f\"{a}{b}\""])
    #expect(fields["file"] as? String == "file.pxb")
    let place = ["line", "column", "endLine", "endColumn"].map { fields[$0] as? Int }
    #expect(place == [1, 19, 1, 24])
    let labels = try #require(fields["labels"] as? [[String: Any]])
    #expect(labels.map { $0["text"] as? String } == ["a string", "a number"])
    #expect(labels.map { $0["column"] as? Int } == [19, 23])
    let stack = try #require(fields["stack"] as? [[String: Any]])
    #expect(stack.map { $0["function"] as? String } == ["add", nil])
    #expect(stack.map { $0["line"] as? Int } == [1, 2])
    #expect(stack.map { $0["endLine"] as? Int } == [1, 3])
  }

  @Test func jsonIsOneLineWithoutWhatIsNotKnown() throws {
    let diagnostic = Diagnostic(.io, "a \"b\"\n\u{7}", help: ["x"])
    #expect(diagnostic.json.text() == #"{"kind":"io","message":"a \"b\"\n\u0007","help":["x"]}"#)
  }

  /// All syntax errors, each with its own place.
  @Test func jsonOfSyntaxErrors() throws {
    let source = SourceText(name: "s.pxb", "a = )\nif x:\n  y\nf(1\n")
    let failure = try #require(throws: SyntaxFailure.self) { try Script.parse(source) }
    let lines = try failure.diagnostics.map { try fields($0)["line"] as? Int }
    #expect(lines == [1, 2, 4])
    let labels = try fields(try #require(failure.diagnostics.last))["labels"] as? [[String: Any]]
    #expect(labels?.first?["text"] as? String == "the text ends here")
  }

  @Test func jsonForEditors() {
    let source = SourceText(name: "a \"b\".pxb", "é = (1\n")
    let place = Location(source, Span(5, 6))
    let diagnostic = Diagnostic(
      .syntax, "bad\n\u{1}", at: place, labels: [.init(Span(0, 2), "l")], help: ["h"],
      stack: [.init(function: "f", location: place)])
    let file = #""file":"a \"b\".pxb","line":1,"#
    #expect(
      diagnostic.json.text() == #"{"kind":"syntax","message":"bad\n\u0001","# + file
        + #""column":5,"endLine":1,"endColumn":6,"#
        + #""labels":[{"text":"l","# + file + #""column":1,"endLine":1,"endColumn":2}],"help":["h"],"#
        + #""stack":[{"function":"f","# + file + #""column":5,"endLine":1,"endColumn":6}]}"#)
    #expect(Diagnostic(.io, "gone").json.text() == #"{"kind":"io","message":"gone"}"#)
  }

  @Test func hugeMessagesAreShownInPart() throws {
    let text = try failure("raise \"x\" * 3e7").json.text()
    #expect(text.utf8.count < 20_000 && text.contains("... (28.6 MB)"))
  }
}
