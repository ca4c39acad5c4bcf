import Foundation
import PixelScript
import Testing

/// Every command on plain values is timed beside Python: a new one without a row in Scripts/command_speed.txt fails here.
@Suite struct CommandSpeedTests {
  /// A row of the table: the command, and what is made first, the call and its answer; nil for a command without a call.
  struct Row: CustomTestStringConvertible {
    let name: String
    let work: (preparation: String, call: String, answer: String)?

    init?(_ line: Substring) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard !line.hasPrefix("#"), fields.count > 1 else { return nil }
      name = fields[0]
      work = fields.count == 6 ? (fields[1], fields[2], fields[3]) : nil
    }

    var testDescription: String { name + (work.map { ": \($0.call)" } ?? "") }
  }

  private static let rows: [Row] = {
    let file = URL(filePath: #filePath).appending(path: "../../../../Scripts/command_speed.txt").standardized
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap(Row.init)
  }()

  @Test func everyCommandHasARow() {
    #expect(Set(Self.rows.map(\.name)) == Set(Builtins.values.commands.map(\.name)))
  }

  @Test(arguments: rows.filter { $0.work != nil }) func answers(_ row: Row) throws {
    let work = try #require(row.work)
    var output = ""
    let interpreter = Interpreter(registry: Registry(Builtins.values)) { output += $0 }
    _ = try interpreter.run("i = 7\n\(work.preparation)\nprint \(work.call)")
    #expect(output == work.answer + "\n")
  }
}
