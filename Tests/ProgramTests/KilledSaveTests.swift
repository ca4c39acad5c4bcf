import Foundation
import Testing

/// What a run that is killed while it saves leaves behind goes with a later save.
@Suite struct KilledSaveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".pixelbytes-") }
  }

  @Test(arguments: ["save sprites(count: 2000), \"out\"", "save ones(3000, 1000), \"out.safetensors\""])
  func isRemovedByALaterSave(command: String) throws {
    // A kill may fall behind the moment in which the file takes its name.
    for _ in 0..<100 where try leftovers().isEmpty {
      _ = try Program.run(["-e", "while true { \(command) }"], folder: folder.path) { process in
        while try leftovers().isEmpty { usleep(100) }
        kill(process.processIdentifier, SIGKILL)
      }
    }
    try #require(try !leftovers().isEmpty)
    // One that saves at the same time keeps what it works on.
    let result = try Program.run(["-e", "for i in range(3) { \(command) }"], folder: folder.path) { _ in
      for _ in 0..<3 {
        let other = try Program.run(["-e", "write_text \"a.txt\", \"x\""], folder: folder.path)
        #expect(other.status == 0, "\(other.errors)")
      }
    }
    #expect(result.status == 0, "\(result.errors)")
    #expect(try leftovers().isEmpty)
  }
}
