import Foundation
import FuzzInputs
import PixelScript
import Testing

/// Scripts in which a word or a sign is missing, is there twice, or stands behind the next one: what they do, and the whole text of
/// their errors.
///
/// `Tests/Scripts/changed-words.txt` holds digests of the answers, a line for each script; with `RECORD` in the environment it is written
/// anew. What the answers are is told where they are others.
@Suite struct ChangedWordTests {
  /// The most bytes of a script, and the most changes of one.
  private static let (longest, most) = (1200, 60)

  @Test func areAnsweredAsBefore() throws {
    var kept = KeptAnswers(ScriptTests.root.appending(path: "changed-words.txt"))
    for path in ["errors", "language"].flatMap(ScriptTests.paths) {
      let bytes = Array(try Data(contentsOf: ScriptTests.root.appending(path: path)))
      guard bytes.count <= Self.longest, let text = String(validating: bytes, as: UTF8.self) else { continue }
      let words = text.matches(of: /[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|[^\w\s]/).map(\.range)
      let places = stride(from: 0, to: words.count - 1, by: max(1, words.count / Self.most))
      let answers = places.enumerated().map { number, place in
        let (word, next) = (text[words[place]], text[words[place + 1]])
        let between = text[words[place].upperBound..<words[place + 1].lowerBound]
        let changed =
          switch number % 3 {
          case 0: between + next
          case 1: word + " " + word + between + next
          default: next + between + word
          }
        return Self.answer(
          String(text[..<words[place].lowerBound] + changed + text[words[place + 1].upperBound...]), path)
      }
      kept.add(
        path,
        stride(from: 0, to: answers.count, by: 20).map { start in
          answers[start..<min(start + 20, answers.count)].joined(separator: "\n")
        })
    }
    #expect(try kept.changes() == [])
  }

  private static func answer(_ text: String, _ path: String) -> String {
    final class Sink { var text = "" }
    let sink = Sink()
    let interpreter = Interpreter(registry: TestCommands.registry()) { sink.text += $0 }
    interpreter.limits = Limits(steps: 20_000, memory: 100 << 20)
    interpreter.loader = { path, _ in
      try ScriptRunner.source(ScriptTests.root.appending(path: "modules").appending(path: path))
    }
    do { try interpreter.run(Script.parse(SourceText(name: "script", text))) } catch let failure as SyntaxFailure {
      sink.text += DiagnosticRenderer().text(of: failure.diagnostics)
    } catch let diagnostic as Diagnostic {
      sink.text += DiagnosticRenderer().text(of: diagnostic)
    } catch { sink.text += "\(error)" }
    return sink.text
  }
}
