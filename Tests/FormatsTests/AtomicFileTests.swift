import Dispatch
import Formats
import Foundation
import Synchronization
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

  /// Whoever looks for what was abandoned meets folders that were made at that moment.
  @Test func foldersThatAreMadeBesideEachOtherAllGetTheirNames() throws {
    try withTemporaryFolder { (folder: String) throws -> Void in
      let faults = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 300) { number in
        do {
          let pending = try PendingFolder(for: "\(folder)/\(number % 2)/\(number)")
          try AtomicFile.write([1], to: pending.path + "/a")
          try pending.finish()
        } catch { faults.withLock { $0.append("\(error)") } }
      }
      #expect(faults.withLock(\.self) == [])
      #expect(try names(in: folder + "/0").count + names(in: folder + "/1").count == 300)
    }
  }

  @Test func replacedFoldersGoWithTheFoldersInThem() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([1], to: folder + "/outside")
      for _ in 0..<2 {
        do {
          let pending = try PendingFolder(for: folder + "/a")
          try PendingFolder.makeFolders(pending.path + "/1/2")
          try AtomicFile.write([1], to: pending.path + "/1/2/file")
          try FileManager.default.createSymbolicLink(
            atPath: pending.path + "/1/link", withDestinationPath: folder + "/outside")
          try pending.finish(dropping: ["1"])
        }
        #expect(try names(in: folder) == ["a", "outside"] && names(in: folder + "/a/1") == ["2", "link"])
      }
      do { _ = try PendingFolder(for: folder + "/b/c") }
      #expect(try names(in: folder) == ["a", "b", "outside"] && names(in: folder + "/b") == [])
    }
  }

  @Test func failureKeepsWhatWasThere() throws {
    try withTemporaryFolder { folder in
      // A folder of that name cannot be replaced by a file.
      try FileManager.default.createDirectory(atPath: folder + "/taken/inside", withIntermediateDirectories: true)
      let error = #expect(throws: FormatError.self) { try AtomicFile.write([1], to: folder + "/taken") }
      #expect(error?.file == folder + "/taken")
      #expect(error?.message == "is a folder, not a file")
      #expect(try names(in: folder) == ["taken"])
      #expect(try names(in: folder + "/taken") == ["inside"])
    }
  }

  @Test func followsLinksAndKeepsThem() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/far", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: folder + "/one", withDestinationPath: "two")
      try FileManager.default.createSymbolicLink(atPath: folder + "/two", withDestinationPath: folder + "/far/file")
      for text in ["new", "replaced"] {
        try AtomicFile.write(text, to: folder + "/one")
        #expect(try readTextFile(folder + "/far/file") == text)
        #expect(try names(in: folder) == ["far", "one", "two"])
        #expect(try names(in: folder + "/far") == ["file"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/one") == "two")
      }
      try FileManager.default.createSymbolicLink(atPath: folder + "/ring", withDestinationPath: "ring")
      let error = #expect(throws: FormatError.self) { try AtomicFile.write("x", to: folder + "/ring") }
      #expect(error?.message == "leads through too many links")
    }
  }

  @Test func specialFilesAreLeftAlone() throws {
    try withTemporaryFolder { folder in
      let pipe = folder + "/pipe"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      try FileManager.default.createSymbolicLink(atPath: folder + "/null", withDestinationPath: "/dev/null")
      for (path, what) in [(pipe, "pipe"), (folder + "/null", "device"), ("/dev/null", "device")] {
        #expect(throws: FormatError(.io, in: path, "is a \(what); only regular files are written")) {
          try AtomicFile.write("x", to: path)
        }
      }
      #expect(throws: FormatError.self) { try AtomicFile.write("x", to: "/dev/stdout") }
      #expect(throws: FormatError(.io, in: pipe, "is a file, not a folder")) {
        try AtomicFolder.write([("a", [1])], to: pipe)
      }
      #expect(try names(in: folder) == ["null", "pipe"])
      var status = stat()
      #expect(unsafe lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test func aReplacedFolderKeepsItsLinkAndPermissions() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "model")
      try AtomicFolder.write([("a", [1]), ("b", [2])], to: folder + "/link")
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder + "/model")
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder + "/model/a")
      try AtomicFolder.write([("a", [3]), ("c", [4])], to: folder + "/link")
      #expect(try names(in: folder) == ["link", "model"])
      #expect(try names(in: folder + "/model") == ["a", "b", "c"])
      #expect(try readFile(folder + "/model/a") == [3])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "model")
      func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder + path)[.posixPermissions] as? Int
      }
      #expect(try mode("/model") == 0o700)
      #expect(try mode("/model/a") == 0o640)
    }
  }

  @Test func whatKilledRunsLeftIsRemovedAndWhatIsInUseStays() throws {
    try withTemporaryFolder { folder in
      try Data([1]).write(to: URL(filePath: folder + "/.pixelbytes-abc.tmp"))
      try FileManager.default.createDirectory(
        atPath: folder + "/.pixelbytes-def.tmp", withIntermediateDirectories: true)
      try Data([1]).write(to: URL(filePath: folder + "/.pixelbytes-def.tmp/model"))
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/.pixelbytes-ghi.tmp", withDestinationPath: "other")
      try Data([1]).write(to: URL(filePath: folder + "/other"))
      try Data([1]).write(to: URL(filePath: folder + "/.pixelbytes"))
      let pending = try PendingFolder(for: folder + "/model")
      try AtomicFile.write([1], to: pending.path + "/weights")
      try AtomicFile.write([1], to: folder + "/a")
      let used = pending.path.split(separator: "/").last.map(String.init) ?? ""
      #expect(try names(in: folder) == [".pixelbytes", used, ".pixelbytes-ghi.tmp", "a", "other"].sorted())
      try pending.finish()
      #expect(try names(in: folder + "/model") == ["weights"])
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

  /// A long text is checked part by part; characters stand across the ends of parts.
  @Test(arguments: 0..<5) func longTextsAreRead(shift: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      let text = String(repeating: "x", count: shift) + String(repeating: "\u{e9}\u{20ac}\u{1f600}\n", count: 250_000)
      try AtomicFile.write(text, to: path)
      #expect(try readTextFile(path) == text)
      for fault: [UInt8] in [
        [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0x80, 0x80, 0x80, 0x80],
      ] {
        try AtomicFile.write(Array(text.utf8) + fault, to: path)
        #expect(throws: FormatError(.malformed, in: path, "line 250001 is not UTF-8 text")) { try readTextFile(path) }
        try AtomicFile.write(Array((text + "\n").utf8) + fault + Array(text.utf8), to: path)
        #expect(throws: FormatError(.malformed, in: path, "line 250002 is not UTF-8 text")) { try readTextFile(path) }
      }
    }
  }
}
