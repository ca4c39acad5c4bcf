import Foundation
import PixelScript
import Testing

@Suite struct DiagnosticTests {
  private struct Foreign: Error { let code = 7 }

  private func failure(_ script: String) throws -> Diagnostic {
    let broken = Command("broken", "Fails.", Parameter<Int?>("n", "nothing"), example: "") { _, _ in throw Foreign() }
    let interpreter = Interpreter(registry: Registry(TestCommands.groups + [CommandGroup("Broken", [broken])])) { _ in }
    return try #require(throws: Diagnostic.self) { try interpreter.run(script, name: "file.pxb") }
  }

  /// An error that nobody foresaw is told with its place, as a fault of the program.
  @Test func foreignErrors() throws {
    let diagnostic = try failure("fn f() {\n  return broken(1)\n}\nf()")
    #expect(diagnostic.kind == .internal)
    #expect(diagnostic.message == "a fault of the program, not of the script: Foreign: Foreign(code: 7)")
    #expect(diagnostic.help == ["please report it with the script"])
    #expect(diagnostic.location?.line == 2)
    #expect(diagnostic.stack.map(\.function) == ["f", nil])
    #expect(try failure("try { broken() } catch e { raise e.kind }").message == "internal")
  }

  private func fields(_ diagnostic: Diagnostic) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(diagnostic.json.utf8)) as? [String: Any])
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
    #expect(diagnostic.json == #"{"kind":"io","message":"a \"b\"\n\u0007","help":["x"]}"#)
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
}
