import PixelScript
import Testing

@Suite struct ExampleTests {
  /// The forms of the commands, by name and first parameter.
  static let examples = Builtins.values.commands.map { command in
    (name: "\(command.name)(\(command.signature.first?.type ?? ""))", text: command.example)
  }

  @Test(arguments: examples.map(\.name))
  func runsAndPrintsWhatItSays(name: String) throws {
    let text = try #require(Self.examples.first { $0.name == name }).text
    let source = SourceText(name: name, text)
    let (lines, errors) = ScriptRunner.run(source)
    let expected = Expectations(source).output
    #expect(DiagnosticRenderer().text(of: errors) == "")
    #expect(lines == expected)
    #expect(!expected.isEmpty)
  }

  @Test func everyCommandIsDocumented() {
    for command in Builtins.values.commands {
      #expect(command.summary.hasSuffix("."), "\(command.name)")
      #expect(command.signature.allSatisfy { !$0.summary.isEmpty }, "\(command.name)")
      #expect(command.signature.allSatisfy { !$0.summary.hasSuffix(".") }, "\(command.name)")
    }
  }

  @Test func everyCommandOfTheContractIsThere() {
    let names = """
      print type len str num list keys values push pop insert remove sorted reversed enumerate zip range map filter reduce sum
      min max any all round floor ceil abs sqrt exp log sin cos tan tanh upper lower strip join find replace starts_with
      ends_with split contains format now equal
      """
    let registry = Registry(Builtins.values)
    for name in names.split(whereSeparator: \.isWhitespace) { #expect(registry[String(name)] != nil, "\(name)") }
  }
}
