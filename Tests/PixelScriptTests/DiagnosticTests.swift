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
}
