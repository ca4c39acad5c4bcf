import Formats
import Foundation
import Testing

/// Files that gzip and zstd packed (Fixtures/packed), whole, in parts, cut off and damaged.
struct PackedFileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/packed")
    .path
  private static let rows =
    "caption,size,kind\n" + (0..<400).map { "a cat \($0),\($0 * $0),\($0 % 3 == 0 ? "" : "é")\n" }.joined()

  private func error(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do throws(FormatError) {
      try body()
      return nil
    } catch { return error }
  }

  @Test(arguments: ["one.csv.gz", "two.csv.gz", "one.csv.zst", "two.csv.zst"])
  func tables(_ name: String) throws {
    #expect(try readTextFile("\(Self.folder)/\(name)") == Self.rows)
    let rows = try RowFile("\(Self.folder)/\(name)")
    #expect(rows.names == ["caption", "size", "kind"] && rows.count == 400)
    #expect(try rows.row(at: 17).values == [.string("a cat 17"), .string("289"), .string("é")])
  }

  @Test func otherContents() throws {
    #expect(try readTextFile("\(Self.folder)/nothing.csv.gz") == "")
    for name in ["lines.jsonl.gz", "lines.json.zst"] {
      let rows = try RowFile("\(Self.folder)/\(name)")
      #expect(rows.names == ["caption", "size", "tags"] && rows.count == 2)
    }
  }

  /// A file that is cut off anywhere is told, but for the ends of its parts, where it is shorter and whole.
  @Test(arguments: ["two.csv.gz", "two.csv.zst"])
  func cutOff(_ name: String) throws {
    let bytes = try packed(name)
    try withTemporaryFolder { folder in
      let path = "\(folder)/\(name)"
      var whole = 0
      for count in 0..<bytes.count {
        try Data(bytes.prefix(count)).write(to: URL(filePath: path))
        guard let found = error({ () throws(FormatError) in _ = try readTextFile(path) }) else {
          whole += 1
          continue
        }
        #expect(found.file == path && !found.message.isEmpty)
        if count == 0 { #expect(found.message == "is an empty file") }
        if count > 200 && count < 600 {
          #expect(found.message == "is damaged: it ends before what is packed does, as when it was cut off")
        }
      }
      #expect(whole == 1)
    }
  }

  /// A changed byte is an error, or one of those that say nothing about the contents.
  @Test func damaged() throws {
    let bytes = try packed("one.csv.gz")
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.csv.gz"
      for place in bytes.indices {
        var changed = bytes
        changed[place] ^= 0x10
        try Data(changed).write(to: URL(filePath: path))
        var text: String?
        let found = error { () throws(FormatError) in text = try readTextFile(path) }
        #expect(found != nil || text == Self.rows, "byte \(place)")
      }
    }
  }

  @Test func whatIsNotPacked() throws {
    try withTemporaryFolder { folder in
      for (name, text, message) in [
        (
          "a.csv.gz", "caption\na cat\n",
          "is not packed by gzip, as its name says; what is not packed has a name without .gz"
        ),
        (
          "a.csv.zst", "caption\na cat\n",
          "is not packed by zstd, as its name says; what is not packed has a name without .zst"
        ),
        ("b.csv.gz", "<!DOCTYPE html><p>", "is not packed by gzip, as its name says; it is a page of HTML"),
      ] {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        let found = error { () throws(FormatError) in _ = try readTextFile("\(folder)/\(name)") }
        #expect(found?.message.hasPrefix(message) == true, "\(name): \(found?.message ?? "")")
      }
      // Without the ending, what it is.
      try Data(packed("one.csv.gz")).write(to: URL(filePath: "\(folder)/c.csv"))
      let found = error { () throws(FormatError) in _ = try CSVText("\(folder)/c.csv") }
      #expect(found?.message.contains("compressed with gzip, which is unpacked where the name ends in .gz") == true)
    }
  }

  /// Zeros behind the end fill up blocks; anything else is told with its place.
  @Test(arguments: ["one.csv.gz", "two.csv.gz", "two.csv.zst"])
  func behindTheEnd(_ name: String) throws {
    let bytes = try packed(name)
    try withTemporaryFolder { folder in
      let path = "\(folder)/\(name)"
      try Data(bytes).write(to: URL(filePath: path))
      let whole = try readTextFile(path)
      for zeros in [1, 511, 1 << 19] {
        try Data(bytes + [UInt8](repeating: 0, count: zeros)).write(to: URL(filePath: path))
        #expect(try readTextFile(path) == whole)
      }
      try Data(bytes + Array("junk".utf8)).write(to: URL(filePath: path))
      let found = error { () throws(FormatError) in _ = try readTextFile(path) }
      #expect(
        found?.message == "is damaged: bytes that are not packed stand behind its end, at byte \(bytes.count)",
        "\(found?.message ?? "")")
    }
  }

  private func packed(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
  }
}
