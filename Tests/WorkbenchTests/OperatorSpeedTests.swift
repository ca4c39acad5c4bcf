import Foundation
import PixelScript
import Testing
import Workbench

/// Every command and operator on tensors is timed beside PyTorch: a new one without a row in Scripts/operator_speed.txt fails here.
@Suite struct OperatorSpeedTests {
  private static let operators = [
    "+", "-", "*", "/", "//", "%", "**", "@", "==", "!=", "<", "<=", ">", ">=", "-x", "[]", "[]=", "not", "and", "or",
  ]

  @Test func everyOperatorHasARow() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../Scripts/operator_speed.txt").standardized
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    let names = rows.map { $0.components(separatedBy: " | ")[0].trimmingCharacters(in: .whitespaces) }
    for row in rows { #expect((2...4).contains(row.components(separatedBy: " | ").count), "\(row)") }
    let group = try #require(TestSession().session.registry.groups.first { $0.title == "Tensors" })
    #expect(Set(names) == Set(group.commands.map(\.name) + Self.operators))
  }
}
