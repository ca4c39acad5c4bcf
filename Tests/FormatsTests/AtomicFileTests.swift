import Formats
import Foundation
import Testing

struct AtomicFileTests {
  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func replacesAFileAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.bin"
      try AtomicFile.write([1, 2, 3], to: path)
      try AtomicFile.write([4, 5], to: path)
      #expect(try readFile(path) == [4, 5])
      #expect(try names(in: folder) == ["a.bin"])
      try AtomicFile.write("été\n", to: path)
      #expect(try readTextFile(path) == "été\n")
    }
  }

  @Test func keepsThePermissionsOfAReplacedFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.sh"
      try AtomicFile.write([1], to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o751], ofItemAtPath: path)
      try AtomicFile.write([2], to: path)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
      #expect(mode?.intValue == 0o751)
    }
  }

  @Test func failureKeepsWhatWasThere() throws {
    try withTemporaryFolder { folder in
      // A folder of that name cannot be replaced by a file.
      try FileManager.default.createDirectory(atPath: folder + "/taken/inside", withIntermediateDirectories: true)
      let error = #expect(throws: FormatError.self) { try AtomicFile.write([1], to: folder + "/taken") }
      #expect(error?.file == folder + "/taken")
      #expect(error?.message.hasPrefix("cannot be replaced: ") == true)
      #expect(try names(in: folder) == ["taken"])
      #expect(try names(in: folder + "/taken") == ["inside"])
    }
  }

  @Test func saysWhichFileAndWhy() throws {
    let missing = #expect(throws: FormatError.self) { try AtomicFile.write([1], to: "/no/such/folder/x.png") }
    #expect(missing == FormatError(.io, in: "/no/such/folder/x.png", "cannot be created: no such file or directory"))
    for path in ["", "/", ".", "..", "folder/"] {
      #expect(throws: FormatError(.io, in: path, "is not the name of a file")) { try AtomicFile.write([1], to: path) }
    }
  }

  @Test func readingIsBounded() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      try AtomicFile.write([UInt8](repeating: 9, count: 100), to: path)
      #expect(try readFile(path, limit: 100).count == 100)
      #expect(throws: FormatError(.limit, in: path, "holds 100 bytes; at most 99 are read")) {
        try readFile(path, limit: 99)
      }
      #expect(throws: FormatError(.io, in: folder, "is a folder, not a file")) { try readFile(folder) }
      #expect(throws: FormatError(.io, in: "/dev/zero", "is not a regular file")) { try readFile("/dev/zero") }
      #expect(throws: FormatError(.io, in: folder + "/b", "cannot be opened: no such file or directory")) {
        try readFile(folder + "/b")
      }
      try AtomicFile.write([0x61, 0x0A, 0xFF], to: path)
      #expect(throws: FormatError(.malformed, in: path, "line 2 is not UTF-8 text")) { try readTextFile(path) }
    }
  }
}
