import Foundation
import Formats
import PixelScript
import Testing
import Workbench

/// The French reference has every summary and every group of the registry, and nothing else.
@Suite struct FrenchReferenceTests {
  @Test func hasEverySummary() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let text = try Data(contentsOf: root.appending(path: "Documentation/fr/commandes.json"))
    let french = try #require(JSON([UInt8](text)).fields)
    let registry = TestSession().session.registry
    let wanted = Set(registry.groups.map(\.title) + registry.groups.flatMap { $0.commands.map(\.summary) })
    #expect(wanted.subtracting(french.map(\.name)).sorted() == [])
    #expect(Set(french.map(\.name)).subtracting(wanted).sorted() == [])
    #expect(french.allSatisfy { $0.value.string?.isEmpty == false })
  }
}
