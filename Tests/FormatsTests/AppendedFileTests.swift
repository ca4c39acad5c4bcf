import Formats
import Foundation
import Testing

@Suite struct AppendedFileTests {
  @Test func writersAtOnceLoseNothing() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/appended-\(UUID().uuidString)"
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for line in 0..<200 { try AppendedFile.append("\(writer) \(line)\n", to: path, isPrivate: true) }
        }
      }
      try await group.waitForAll()
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(Set(lines) == Set((0..<4).flatMap { writer in (0..<200).map { "\(writer) \($0)" } }))
    #expect(lines.count == 800)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test func aFolderIsNoFile() {
    #expect(throws: FormatError.self) { try AppendedFile.append("x", to: "/") }
  }
}
