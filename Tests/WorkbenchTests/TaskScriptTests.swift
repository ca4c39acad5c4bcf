import Foundation
import PixelBytes
import PixelScript
import Testing
import Workbench

/// `Scripts/train.pxb` passes on every setting of the tables, with their defaults and choices.
@Suite(.serialized) struct TaskScriptTests {
  /// The script up to the work: its parameters and what its calls need.
  private let session = TestSession()
  private let text: String
  private let parameters: [ScriptParameter]

  init() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let text = try String(contentsOf: root.appending(path: "Scripts/train.pxb"), encoding: .utf8)
    self.text = text
    let script = try Script.parse(SourceText(name: "train.pxb", bytes: Array(text.utf8)))
    parameters = try session.session.interpreter.parameters(of: script)
    let needed = text.split(separator: "\n").filter { $0.hasPrefix("param ") || $0.hasPrefix("fn ") }
    #expect(session.run(needed.joined(separator: "\n") + "\ntokens = 113;") == "")
  }

  /// The arguments by name of the first call of a command: what is written there.
  private func arguments(of command: String) throws -> [String: String] {
    let call = try #require(text.firstRange(of: " = \(command)("), "train.pxb does not call \(command)")
    var depth = 1
    let inside = text[call.upperBound...].prefix { sign in
      depth += sign == "(" ? 1 : sign == ")" ? -1 : 0
      return depth > 0
    }
    let pairs = String(inside).matches(of: /(\w+): ((?:not )?\w+(?:\([^)]*\))?)/)
    return Dictionary(uniqueKeysWithValues: pairs.map { (String($0.1), String($0.2)) })
  }

  /// Throws where a setting is not passed on, or not as the table has it.
  private func check<Owner>(_ settings: [Setting<Owner>], of usual: Owner, _ command: String) throws {
    let arguments = try arguments(of: command)
    for setting in settings {
      let written = try #require(arguments[setting.name], "train.pxb passes no \(setting.name) to \(command)")
      let value = session.run("print(\(written))").trimmingCharacters(in: .whitespacesAndNewlines)
      let expected =
        switch setting.isOptional ? nil : setting.value(of: usual) {
        case .count(let number)?: "\(number)"
        case .fraction(let number)?: Display.text(of: number)
        case .flag(let flag)?: "\(flag)"
        case .text(let text)?: text
        case .list(let values)?: "\(values)"
        case nil: "nil"
        }
      #expect(value == expected, "\(setting.name): \(written) of \(command)")
      if case .choice(let choices) = setting.form {
        let name = written.firstMatch(of: /(?:given\()?(\w+)/).map { String($0.1) }
        let parameter = try #require(parameters.first { $0.name == name })
        #expect(parameter.choices?.filter { $0 != .string("") } == choices.map { .string($0) })
      }
    }
  }

  @Test func everyOptionOfTrainingIsPassedOn() throws {
    try check(TrainingOptions.settings, of: .initial, "train")
  }

  @Test func everySettingOfEveryFamilyIsPassedOn() throws {
    func check<Family: ModelFamily>(_ family: Family.Type) throws {
      try self.check(ModelConfiguration.settings(of: family), of: ModelConfiguration(usual: family), family.name)
      let choices = try #require(parameters.first { $0.name == "model" }?.choices)
      #expect(choices.contains { $0.description.hasPrefix(family.name) })
    }
    for family in ModelFamilies.all { try check(family) }
  }

  @Test(arguments: ["en", "fr"]) func theReferenceHasAPageForEachCommand(language: String) throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let script = root.appending(path: "Scripts/reference.pxb").path
    let folder = "reference-\(language)-of-a-test"
    let names = Set(session.session.registry.names)
    #expect(
      session.run("run \"\(script)\", output: \"\(folder)\", language: \"\(language)\"") == "\(names.count) commands\n")
    let files = session.run("print join(list_files(\"\(folder)\"), \" \")").split { $0 == " " || $0 == "\n" }
    #expect(Set(files.map(String.init)) == Set(names.map { "Command-\($0).md" } + ["Commands.md"]))
  }

  /// The search for the best small model, with few steps on drawn sprites.
  @Test func theSearchRuns() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let path = root.appending(path: "Notebooks/beat-the-paper.pxb").path
    let output = TestSession().run("run \"\(path)\", parameters: 20_000, folder: \"search-of-a-test\"")
    #expect(!output.contains("error"), "\(output)")
    for text in ["80 rows to learn from, 10 to choose by", "neighbors", "weight_decay", "the best", "separators"] {
      #expect(output.contains(text), "\(text)")
    }
  }
}
