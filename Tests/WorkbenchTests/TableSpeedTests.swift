import Foundation
import PixelScript
import Testing
import Workbench

/// Every command on tables and columns is timed beside pandas: a new one without a row in Scripts/table_speed.py fails here.
@Suite struct TableSpeedTests {
  @Test func everyCommandHasARow() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../Scripts/table_speed.py").standardized
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
      $0.contains("lambda t, u")
    }
    let calls = rows.map { $0.prefix(upTo: $0.firstRange(of: "lambda t, u")?.lowerBound ?? $0.endIndex) }
    let group = try #require(TestSession().session.registry.groups.first { $0.title == "Tables" })
    let names = Set(group.commands.map(\.name))
    let missing = names.filter { name in
      !calls.contains { $0.contains("\(name)(") || $0.contains("'\(name) ") }
    }
    #expect(missing.sorted() == [])
  }
}
