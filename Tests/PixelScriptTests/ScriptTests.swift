import Foundation
import PixelScript
import Testing

/// `Tests/Scripts/<area>` holds scripts whose comments say what they print (`# expect: text`, in order) and, on the line that
/// causes it, the error that ends them (`# expect error: text`).
@Suite struct ScriptTests {
  static let root = URL(filePath: #filePath).appending(path: "../../Scripts").standardized
  static let areas = ["language", "commands", "regression"]

  static func paths(in area: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: root.appending(path: area).path)
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pxb") }.sorted().map { "\(area)/\($0)" }
  }

  @Test(arguments: areas.flatMap(paths))
  func behaves(path: String) throws {
    let source = try ScriptRunner.source(Self.root.appending(path: path))
    let outcome = ScriptRunner.run(source)
    let expected = Expectations(source)
    #expect(outcome.lines == expected.output)
    #expect(outcome.error?.message == expected.error?.text)
    #expect(outcome.error?.location?.line == expected.error?.line)
    #expect(!expected.output.isEmpty || expected.error != nil, "a script that expects nothing tests nothing")
  }

  @Test func areThere() {
    #expect(Self.paths(in: "language").count >= 40)
  }

  @Test(arguments: paths(in: "errors/runtime"))
  func tellsErrors(path: String) throws {
    let script = Self.root.appending(path: path)
    let source = try ScriptRunner.source(script)
    let error = try #require(ScriptRunner.run(source).error)
    let text = DiagnosticRenderer().text(of: error) + "\n"
    let expected = script.deletingPathExtension().appendingPathExtension("txt")
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(text.utf8).write(to: expected)
    } else {
      #expect(text == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
    }
  }
}

/// What a script's comments say that it does.
private struct Expectations {
  var output: [String] = []
  var error: (line: Int, text: String)?

  init(_ source: SourceText) {
    for line in 0..<source.lineCount {
      let text = source.text(source.lineSpan(line))
      if let place = text.range(of: "# expect: ") { output.append(String(text[place.upperBound...])) }
      if let place = text.range(of: "# expect error: ") { error = (line + 1, String(text[place.upperBound...])) }
    }
  }
}

/// Runs scripts as the tests want them: output in lines, the error beside it.
enum ScriptRunner {
  static func source(_ url: URL) throws -> SourceText {
    SourceText(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
  }

  static func run(_ source: SourceText) -> (lines: [String], error: Diagnostic?) {
    final class Sink { var text = "" }
    let sink = Sink()
    let interpreter = Interpreter(registry: TestCommands.registry()) { sink.text += $0 }
    interpreter.loader = { path, _ in
      try ScriptRunner.source(ScriptTests.root.appending(path: "modules").appending(path: path))
    }
    var error: Diagnostic?
    do { try interpreter.run(Script.parse(source)) } catch let failure as SyntaxFailure {
      error = failure.diagnostics.first
    } catch let diagnostic as Diagnostic {
      error = diagnostic
    } catch {
      Issue.record("an error without a place: \(error)")
    }
    var lines = sink.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return (lines, error)
  }
}
