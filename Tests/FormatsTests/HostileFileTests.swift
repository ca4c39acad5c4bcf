import Foundation
import Formats
import Testing

/// Files that are not what their names say, and small ones that ask for much.
struct HostileFileTests {
  /// A reader of files by path.
  struct Reader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let read: @Sendable (String) throws(FormatError) -> Void
  }

  static let readers = [
    Reader(testDescription: "picture") { (path) throws(FormatError) in _ = try RasterImage.read(path) },
    Reader(testDescription: "PNG") { (path) throws(FormatError) in _ = try PNG.read(path) },
    Reader(testDescription: "parquet") { (path) throws(FormatError) in _ = try ParquetFile(path) },
    Reader(testDescription: "safetensors") { (path) throws(FormatError) in _ = try Safetensors(contentsOf: path) },
    Reader(testDescription: "safetensors, opened") { (path) throws(FormatError) in _ = try SafetensorsFile(path) },
    Reader(testDescription: "CSV") { (path) throws(FormatError) in
      _ = try CSVFields(path)
    },
    Reader(testDescription: "JSON lines") { (path) throws(FormatError) in try JSONLine.read(path) { _ in } },
    Reader(testDescription: "text") { (path) throws(FormatError) in _ = try readTextFile(path) },
  ]

  private func error(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do throws(FormatError) {
      try body()
      return nil
    } catch { return error }
  }

  @Test(arguments: readers) func saysWhyNothingCanBeRead(reader: Reader) throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: false)
      try files.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: folder + "/pool")
      try files.createSymbolicLink(atPath: folder + "/pool", withDestinationPath: folder + "/loop")
      try files.createSymbolicLink(atPath: folder + "/gone", withDestinationPath: folder + "/nothing")
      try Data().write(to: URL(filePath: folder + "/empty"))
      let reasons = [
        "folder": "is a folder, not a file", "loop": "cannot be opened: too many levels of symbolic links",
        "gone": "cannot be opened: no such file or directory", "none": "cannot be opened: no such file or directory",
        "empty/x": "cannot be opened: not a directory",
        String(repeating: "n", count: 300): "cannot be opened: file name too long",
      ]
      for (name, reason) in reasons {
        let found = error { () throws(FormatError) in try reader.read(folder + "/" + name) }
        #expect(found == FormatError(.io, in: folder + "/" + name, reason))
      }
      #expect(
        error { () throws(FormatError) in try reader.read("/dev/zero") }
          == FormatError(.io, in: "/dev/zero", "is not a regular file"))
      let isText = ["JSON lines", "text"].contains(reader.testDescription)
      let empty = error { () throws(FormatError) in try reader.read(folder + "/empty") }
      #expect(isText ? empty == nil : empty?.kind == .malformed && empty?.file == folder + "/empty")
    }
  }

  /// The administrator may read everything, so for them there is nothing to try.
  @Test(.enabled(if: geteuid() != 0), arguments: readers) func saysThatAFileMayNotBeRead(reader: Reader) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x"
      try Data([1, 2, 3]).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      let found = error { () throws(FormatError) in try reader.read(path) }
      #expect(found == FormatError(.io, in: path, "cannot be opened: permission denied"))
    }
  }

  /// A GIF whose frames of one pixel each cost a picture of the whole canvas.
  private func bomb(side: UInt16, frames: Int) -> [UInt8] {
    let size = [UInt8(side & 0xFF), UInt8(side >> 8)]
    let frame: [UInt8] = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]
    return Array("GIF89a".utf8) + size + size + [0x80, 0, 0, 0, 0, 0, 255, 255, 255]
      + (0..<frames).flatMap { _ in frame } + [0x3B]
  }

  @Test func aSmallGIFDoesNotBecomeLarge() throws {
    #expect(try GIF.frames(bomb(side: 32, frames: 50)).count == 50)
    let many = error { () throws(FormatError) in _ = try GIF.frames(bomb(side: 4096, frames: 100_000), file: "x") }
    #expect(
      many
        == FormatError(.limit, in: "x", "has more than 4 frames of 4096 x 4096 pixels; at most 64 megapixels are read"))
    let large = error { () throws(FormatError) in _ = try GIF.frames(bomb(side: 65_535, frames: 1), file: "x") }
    #expect(large?.kind == .limit)
    // Without its end, and with bytes between frames that belong to nothing, it is what viewers show.
    #expect(try GIF.frames(Array(bomb(side: 32, frames: 3).dropLast())).count == 3)
    let cut = error { () throws(FormatError) in
      _ = try GIF.frames(Array(bomb(side: 32, frames: 3).dropLast(3)), file: "x")
    }
    #expect(cut?.kind == .malformed)
  }

  /// Numbers of the description that lie about sizes: each is an error that names the file, before memory is taken.
  @Test func aParquetFileThatLiesIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.parquet"
      let writer = try ParquetWriter(to: path, columns: [.text("a"), .integer("b")], compression: .none)
      try writer.append([.texts(["one", "two"]), .integers([1, 2])])
      try writer.finish()
      let whole = try readFile(path)
      func read(_ bytes: [UInt8]) throws -> FormatError? {
        try Data(bytes).write(to: URL(filePath: path))
        return error { () throws(FormatError) in
          let file = try ParquetFile(path)
          for group in file.groups.indices { _ = try file.values(group: group) }
        }
      }
      #expect(try read(whole) == nil)
      // The length of a text inside a page.
      let text = try #require(whole.indices.first { whole[$0...].starts(with: [3, 0, 0, 0] + Array("one".utf8)) })
      for length in [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [200, 0, 0, 0]] as [[UInt8]] {
        var bytes = whole
        bytes.replaceSubrange(text..<text + 4, with: length)
        let found = try read(bytes)
        #expect(found?.message == "row group 0: column \"a\": page 0: is damaged: its checksum is wrong")
      }
      // The length of the footer, and a footer of zeros.
      for length in [[0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], [1, 0, 0, 0]] as [[UInt8]] {
        var bytes = whole
        bytes.replaceSubrange(bytes.count - 8..<bytes.count - 4, with: length)
        let found = try read(bytes)
        #expect(found?.kind == .malformed && found?.file == path)
      }
    }
  }
}
