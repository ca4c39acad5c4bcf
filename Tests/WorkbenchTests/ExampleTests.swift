import PixelScript
import Testing
import Workbench

/// Every command has an example that runs and prints what its `# expect:` comments say.
@Suite(.serialized) struct ExampleTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    let form: Int
    var testDescription: String { form == 0 ? name : "\(name), form \(form + 1)" }
  }

  static let all: [Example] = TestSession().session.registry.entries.flatMap { entry in
    entry.forms.indices.map { Example(name: entry.name, form: $0) }
  }

  @Test(arguments: all) func givesWhatItSays(_ example: Example) throws {
    let test = TestSession()
    let command = try #require(test.session.registry[example.name]?.forms[example.form])
    var code = ""
    var expected: [String] = []
    for line in command.example.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let mark = line.firstRange(of: "# expect:") else {
        code += line + "\n"
        continue
      }
      code += line[..<mark.lowerBound] + "\n"
      let text = line[mark.upperBound...]
      expected.append(String(text.hasPrefix(" ") ? text.dropFirst() : text))
    }
    #expect(!command.example.isEmpty)
    #expect(test.run(code) == expected.map { $0 + "\n" }.joined())
  }

  @Test(arguments: all) func isDocumented(_ example: Example) throws {
    let command = try #require(TestSession().session.registry[example.name]?.forms[example.form])
    #expect(command.summary.hasSuffix(".") && command.summary.first?.isUppercase == true)
    for parameter in command.signature { #expect(!parameter.summary.isEmpty, "\(parameter.name)") }
  }
}
