import Foundation
import Formats
import Testing

/// Texts of files, which are checked in parts of a mebibyte: a character of any length stands anywhere across the end of one.
struct TextFileTests {
  private static let part = 1 << 20

  @Test(arguments: ["a", "é", "€", "😀"], 0...4) func charactersCrossTheEndsOfParts(_ character: String, before: Int)
    throws
  {
    let text = String(repeating: "a", count: Self.part - before) + character + "\n" + character
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(filePath: folder + "/t"))
      #expect(try readTextFile(folder + "/t") == text)
      // Of a character that was cut the line is told, wherever that is.
      if character != "a" {
        try Data(text.utf8.dropLast()).write(to: URL(filePath: folder + "/cut"))
        #expect(throws: FormatError(.malformed, in: folder + "/cut", "line 2 is not UTF-8 text")) {
          try readTextFile(folder + "/cut")
        }
        let damaged = Array(text.utf8.prefix(Self.part - before)) + [0xC3] + Array(text.utf8.suffix(2))
        try Data(damaged).write(to: URL(filePath: folder + "/damaged"))
        #expect(throws: FormatError(.malformed, in: folder + "/damaged", "line 1 is not UTF-8 text")) {
          try readTextFile(folder + "/damaged")
        }
      }
    }
  }
}
