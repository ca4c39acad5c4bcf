import Foundation
import PixelScript
import Testing

/// `Tests/Scripts` holds scripts: a test a file.
@Suite struct ScriptTests {
  static let root = URL(filePath: #filePath).appending(path: "../../Scripts").standardized

  static func paths(in area: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: root.appending(path: area).path)
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pxb") }.sorted().map { "\(area)/\($0)" }
  }

  /// The comments say what a script prints and how it ends; `tables` holds what another language worked out.
  @Test(arguments: ["language", "commands", "regression", "tables"].flatMap(paths))
  func behaves(path: String) throws {
    let source = try ScriptRunner.source(Self.root.appending(path: path))
    let outcome = ScriptRunner.run(source)
    let expected = Expectations(source)
    #expect(outcome.lines == expected.output)
    #expect(outcome.errors.first?.message == expected.error?.text)
    #expect(outcome.errors.first?.location?.line == expected.error?.line)
    #expect(!expected.output.isEmpty || expected.error != nil, "a script that expects nothing tests nothing")
  }

  /// Beside each wrong script stands the whole text of its errors; with `RECORD` in the environment it is written anew.
  @Test(arguments: paths(in: "errors"))
  func tellsErrors(path: String) throws {
    let script = Self.root.appending(path: path)
    let errors = ScriptRunner.run(try ScriptRunner.source(script)).errors
    #expect(!errors.isEmpty)
    let text = DiagnosticRenderer().text(of: errors) + "\n"
    let expected = script.deletingPathExtension().appendingPathExtension("txt")
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(text.utf8).write(to: expected)
    } else {
      #expect(text == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
    }
  }

  @Test func areThere() throws {
    #expect(Self.paths(in: "language").count >= 80)
    #expect(Self.paths(in: "tables").count >= 20)
    let wrong = Self.paths(in: "errors") + Self.paths(in: "workbench/errors")
    #expect(wrong.count >= 170)
    let heads = try wrong.flatMap { path in
      let file = Self.root.appending(path: path.dropLast(3) + "txt")
      return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }
    // The other two need somebody who stops the script, and a fault of ours.
    for kind in Diagnostic.Kind.allCases where kind != .interrupted && kind != .internal {
      #expect(heads.contains { $0.hasPrefix("error[\(kind.rawValue)]: ") }, "\(kind)")
    }
  }
}

/// What a script's comments say that it does: `# expect: text` for a line of output, in order, and, on the line that causes
/// it, `# expect error: text` for the error that ends it.
struct Expectations {
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

/// Runs scripts as the tests want them: output in lines, the errors beside it.
enum ScriptRunner {
  static func source(_ url: URL) throws -> SourceText {
    SourceText(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
  }

  static func run(_ source: SourceText) -> (lines: [String], errors: [Diagnostic]) {
    final class Sink { var text = "" }
    let sink = Sink()
    let interpreter = Interpreter(registry: TestCommands.registry()) { sink.text += $0 }
    interpreter.loader = { path, _ in
      try ScriptRunner.source(ScriptTests.root.appending(path: "modules").appending(path: path))
    }
    var errors: [Diagnostic] = []
    do { try interpreter.run(Script.parse(source)) } catch let failure as SyntaxFailure {
      errors = failure.diagnostics
    } catch let diagnostic as Diagnostic {
      errors = [diagnostic]
    } catch {
      Issue.record("an error without a place: \(error)")
    }
    var lines = sink.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return (lines, errors)
  }
}
