import Foundation
import PixelScript
import Testing
import Workbench

/// `Tests/Scripts/workbench` holds scripts for a session: a test a file.
@Suite(.serialized) struct SessionScriptTests {
  static func paths(in areas: String...) -> [String] {
    areas.flatMap { area in
      let files = FileManager.default.enumerator(atPath: Golden.root.appending(path: area).path)
      return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pxb") }.sorted().map {
        "\(area)/\($0)"
      }
    }
  }

  /// The comments `# expect: text` say what a script prints.
  @Test(
    arguments: paths(in: "tensors", "gradients", "pictures", "session", "models", "layers", "runs", "tables", "plots"))
  func behaves(path: String) throws {
    let text = try String(contentsOf: Golden.root.appending(path: path), encoding: .utf8)
    let expected = text.split(separator: "\n").compactMap { line in
      line.firstRange(of: "# expect: ").map { String(line[$0.upperBound...]) }
    }
    #expect(!expected.isEmpty, "a script that expects nothing tests nothing")
    #expect(TestSession().run(text) == expected.map { $0 + "\n" }.joined())
  }

  /// Beside each wrong script stands the whole text of its errors.
  @Test(arguments: paths(in: "errors"))
  func tellsErrors(path: String) throws {
    let script = Golden.root.appending(path: path)
    let text = try String(contentsOf: script, encoding: .utf8)
    let diagnostics = TestSession().session.run(text, name: script.lastPathComponent, echo: true).diagnostics
    #expect(!diagnostics.isEmpty)
    try Golden.check(
      DiagnosticRenderer().text(of: diagnostics) + "\n",
      script.deletingPathExtension().appendingPathExtension("txt"))
  }

  /// Beside each of these scripts stands what its lines answer one after the other: what is printed and told, and the whole text of
  /// their errors.
  @Test(arguments: paths(in: "told"))
  func tellsOfLines(path: String) throws {
    let script = Golden.root.appending(path: path)
    let test = TestSession()
    var text = ""
    for line in try String(contentsOf: script, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
      let (start, before) = (test.output.endIndex, test.notices.count)
      let diagnostics = test.session.run(String(line), name: "line", echo: true).diagnostics
      let answer =
        test.output[start...] + test.notices[before...].map { "(\($0))\n" }.joined()
        + diagnostics.map { DiagnosticRenderer().text(of: $0) + "\n" }.joined()
      text += "> \(line)\n" + answer
    }
    try Golden.check(text, script.deletingPathExtension().appendingPathExtension("txt"))
  }

  @Test func areThere() {
    #expect(Self.paths(in: "tensors", "gradients", "pictures", "session", "models", "layers").count >= 17)
    #expect(Self.paths(in: "errors").count >= 50)
  }
}
