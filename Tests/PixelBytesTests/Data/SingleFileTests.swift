import Formats
import Foundation
import PixelBytes
import Testing

/// Files by themselves: the split that they are of, and what stands where they are expected.
struct SingleFileTests {
  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? DataError)?.message ?? (error as? FormatError)?.description ?? "\(error)" }
  }

  /// A file's own name goes before that of its folder, and one that neither tells is of the usual split.
  @Test(arguments: [
    ("test/0000.csv", "test"), ("Test_1/a.csv", "test"), ("valid/rows.csv", "validation"), ("train/0.csv", "train"),
    ("test/train.csv", "train"), ("some/test.csv", "test"), ("some/rows.csv", "train"), ("test/x/rows.csv", "train"),
  ])
  func aFileIsOfTheSplitOfItsNameOrFolder(place: String, split: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + place
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try AtomicFile.write("caption\na\n", to: path)
      for asked in ["train", "test", "validation", nil] {
        var options = ReadingOptions()
        (options.image, options.split) = (nil, asked)
        let found = message {
          if try DataSet.load(path, options).count != 1 { throw DataError(.value, "another number of rows") }
        }
        #expect((found == nil) == (asked == nil || asked == split), "\(place) as \(asked ?? "any"): \(found ?? "")")
        if let found { #expect(found.hasPrefix("\(path) has no split \"\(asked ?? "")\"; it has ")) }
      }
    }
  }

  /// The bytes that an archive or a picture begins with, whatever the file is called.
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8)
  }
  private static let strangers: [(bytes: [UInt8], told: String)] = [
    (zip("[Content_Types].xml"), "it is a file of an office program"), (zip("xl/workbook.xml"), "such as .xlsx"),
    (zip("model/data.pkl"), "it is a file of PyTorch"), (zip("a.txt"), "it is a zip archive"),
    (zip(""), "a zip archive"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "it is a picture (PNG)"),
    ([0xFF, 0xD8, 0xFF, 0xE0, 0], "it is a picture (JPEG)"), (Array("GIF89a\u{1}".utf8), "it is a picture (GIF)"),
    (Array("RIFF\u{1}\0\0\0WEBPVP8 ".utf8), "it is a picture (WebP)"),
    (Array("PARE\0\0\0\0\0\0\0\0".utf8), "an encrypted parquet file"), (Array("<!DOCTYPE html><html>".utf8), "HTML"),
  ]

  @Test(arguments: ["csv", "jsonl", "parquet", "tsv"]) func whatStandsInPlaceOfATableIsTold(ending: String) throws {
    try withTemporaryFolder { folder in
      for (bytes, told) in Self.strangers {
        let path = "\(folder)/rows.\(ending)"
        try AtomicFile.write(bytes, to: path)
        var options = ReadingOptions()
        options.image = nil
        let found = message { _ = try DataSet.load(path, options) }
        #expect(found?.contains(told) ?? false, "\(ending): \(told): \(found ?? "read")")
      }
    }
  }

  @Test(arguments: ["zip", "tar", "tar.gz", "tgz", "7z"]) func aFolderOfArchivesNamesOne(ending: String) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: "\(folder)/pictures.\(ending)")
      #expect(message { _ = try DataSet.load(folder) }?.hasSuffix("; unpack pictures.\(ending)") ?? false)
      try AtomicFile.write("x", to: "\(folder)/a.zip")
      #expect(message { _ = try DataSet.load(folder) }?.hasSuffix("; unpack a.zip and 1 more") ?? false)
    }
  }

  @Test func palettesOfOtherProgramsAreReadOrTold() throws {
    let table = (0..<192).map { UInt8(7 * $0 % 251) }
    for bytes in [table, table + [UInt8](repeating: 200, count: 1344)] {
      #expect(try Palette(decoding: bytes, file: "n.pal").colors.prefix(2) == [Color(0, 7, 14), Color(21, 28, 35)])
      #expect(try Palette(decoding: bytes, file: "n.pal").colors.count == 64)
    }
    let found = message { _ = try Palette(decoding: Array("Name: x\n255 0 0\n".utf8), file: "b.gpl") }
    #expect(
      found == "b.gpl: is a broken palette: the first line of one of GIMP's is \"GIMP Palette\", which is missing")
  }
}
