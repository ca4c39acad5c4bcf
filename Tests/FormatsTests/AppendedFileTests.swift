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

  @Test func shorteningLosesNothingThatOthersAdd() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/appended-\(UUID().uuidString)"
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
    try AppendedFile.append((0..<10_000).map { "old \($0)\n" }.joined(), to: path, isPrivate: true)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for line in 0..<1000 {
            try AppendedFile.append("\(writer) \(line)\n", to: path, isPrivate: true)
            if line % 50 == writer { try AppendedFile.shorten(path, toLast: 5000, above: 5001) }
          }
        }
      }
      try await group.waitForAll()
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    let added = lines.filter { !$0.hasPrefix("old") }
    #expect(Set(added) == Set((0..<4).flatMap { writer in (0..<1000).map { "\(writer) \($0)" } }))
    #expect(added.count == 4000)
    #expect(lines.count < 6000 && lines.last?.hasPrefix("old") == false)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test func shorteningKeepsLinksAndPermissions() throws {
    try withTemporaryFolder { folder in
      let (file, link) = (folder + "/far/file", folder + "/link")
      try FileManager.default.createDirectory(atPath: folder + "/far", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "far/file")
      try AppendedFile.append("a\nb\nc\n", to: link, isPrivate: true)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
      try AppendedFile.shorten(link, toLast: 2, above: 3)
      #expect(try readTextFile(file) == "a\nb\nc\n")
      try AppendedFile.shorten(link, toLast: 2, above: 2)
      #expect(try readTextFile(file) == "b\nc\n")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "far/file")
      #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/far") == ["file"])
    }
  }

  @Test func aLineThatWasCutShortStaysApart() throws {
    try withTemporaryFolder { folder in
      try Data("whole\ncut".utf8).write(to: URL(filePath: folder + "/a"))
      try AppendedFile.append("next\n", to: folder + "/a")
      #expect(try readTextFile(folder + "/a") == "whole\ncut\nnext\n")
    }
  }

  @Test func aFolderIsNoFile() {
    #expect(throws: FormatError.self) { try AppendedFile.append("x", to: "/") }
  }
}
