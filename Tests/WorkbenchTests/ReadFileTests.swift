import Formats
import Foundation
import PixelScript
import Testing
import Workbench

/// Files of other programs in the hands of the commands.
@Suite(.serialized) struct ReadFileTests {
  private func path(_ name: String) -> String { TestSession.folder + "/read-" + name }

  /// Whole numbers of 64 bits that no tensor holds, in every file of arrays: the error has all digits, and where.
  @Test(arguments: ["npy", "npz", "safetensors"], ["<u8", "<i8"])
  func numbersBeyondATensorAreToldExactly(ending: String, type: String) throws {
    for number in ["9007199254740993", "9223372036854775807", "9223372036854775809", "18446744073709551615"] {
      guard let value = type == "<u8" ? UInt64(number) : Int64(number).map({ UInt64(bitPattern: $0) }) else { continue }
      let elements = [1, 2, 3, value, 5, 6].flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
      }
      var name = "tensor"
      switch ending {
      case "safetensors":
        var file = Safetensors(file: "x")
        try file.append("tensor", type == "<u8" ? .u64 : .i64, shape: [2, 3], bytes: elements[...])
        try file.write(to: path("a.safetensors"))
      default:
        let head = "{'descr': '\(type)', 'fortran_order': False, 'shape': (2, 3), }\n"
        let array =
          [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(head.utf8.count), 0] + Array(head.utf8) + elements
        if ending == "npz" { name = "w" }
        try AtomicFile.write(ending == "npy" ? array : Self.archive("w.npy", array), to: path("a.\(ending)"))
      }
      let output = TestSession().run("load_tensors(\"\(path("a.\(ending)"))\")")
      #expect(output.contains("array \"\(name)\" can't be read"), "\(output)")
      #expect(output.contains("found \(number) at [1, 0]"), "\(output)")
    }
  }

  /// What bytes are is one decision for all parquet files that are read together.
  @Test func bytesOfSeveralFilesAreAlike() throws {
    let folder = path("bytes")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in [("1", Array("ab".utf8)), ("2", [0xFF, 0]), ("3", Array("c".utf8))] {
      var shape = ParquetShape()
      shape.add(.bytes(bytes))
      let field = try #require(shape.field(named: "x"))
      let writer = try ParquetWriter(to: "\(folder)/\(name).parquet", columns: [field])
      try writer.append([.values([.bytes(bytes)])])
      try writer.finish()
    }
    let all = TestSession().run(
      "print read_table(\"\(folder)\", file: nil).x, load_dataset(\"\(folder)\", image: nil, caption: nil)[\"x\"]")
    #expect(all.hasSuffix("[[97, 98], [255, 0], [99]] [[97, 98], [255, 0], [99]]\n"), "\(all)")
    let texts = TestSession().run("print read_table([\"\(folder)/1.parquet\", \"\(folder)/3.parquet\"]).x")
    #expect(texts == "[\"ab\", \"c\"]\n")
  }

  /// A zip archive of one stored file.
  private static func archive(_ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
    func word(_ number: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    let about = word(20, 2) + word(0, 8) + word(Int(crc ^ 0xFFFF_FFFF), 4) + word(bytes.count, 4) + word(bytes.count, 4)
    let local = Array("PK".utf8) + [3, 4] + about + word(name.utf8.count, 2) + word(0, 2) + Array(name.utf8) + bytes
    let entry =
      Array("PK".utf8) + [1, 2] + word(20, 2) + about + word(name.utf8.count, 2) + word(0, 16) + Array(name.utf8)
    return local + entry + Array("PK".utf8) + [5, 6] + word(0, 4) + word(1, 2) + word(1, 2) + word(entry.count, 4)
      + word(local.count, 4) + word(0, 2)
  }

  /// Pictures in a table that are damaged: refused by their row, or kept as far as they can be read.
  @Test func damagedPicturesOfATable() throws {
    let red = RasterImage(width: 8, height: 8, rgba: (0..<64).flatMap { _ in [200, 10, 10, 255] as [UInt8] })
    try PNG.write(red, to: path("red.png"))
    let whole = try readFile(path("red.png"))
    let file = path("pictures.parquet")
    let writer = try ParquetWriter(to: file, columns: [.picture("image"), .pictureList("more")], compression: .none)
    let cut = ParquetValue.picture(whole.dropLast(30), path: "cut.png")
    let good = ParquetValue.picture(whole, path: "good.png")
    try writer.append([.values([good, cut, .null]), .values([.list([good]), .list([good, cut]), .list([])])])
    try writer.finish()
    func run(_ arguments: String) -> String {
      TestSession().run("t = read_table(\"\(file)\"\(arguments)); print len(t)")
    }
    #expect(run("").contains("row 1"))
    #expect(run(", damaged: \"refuse\"").contains("row 1"))
    #expect(run(", damaged: \"keep\"") == "3\n")
    #expect(run(", damaged: \"drop\"").contains("\"refuse\""))
    for other in ["csv", "tsv", "jsonl", "json"] {
      try AtomicFile.write(
        other == "json" ? "[{\"a\": 1}]" : other == "jsonl" ? "{\"a\": 1}\n" : "a\n1\n", to: path("t.\(other)"))
      let found = TestSession().run("print len(read_table(\"\(path("t.\(other)"))\", damaged: \"keep\"))")
      #expect(found.contains("`damaged` is about pictures in a table"), "\(found)")
      #expect(TestSession().run("print len(read_table(\"\(path("t.\(other)"))\"))") == "1\n")
    }
  }

  /// A script with a byte-order mark is written back with it, beside all ends of lines, and runs as without.
  @Test(arguments: [
    "# %% One\nprint 1\n\n# %% Two\nprint 2\n", "print 1\r\nprint 2", "print 3\r# %%\rprint 4\r", "", "# only",
  ])
  func byteOrderMarks(text: String) throws {
    for mark in ["", "\u{FEFF}"] {
      let (script, notebook, again) = (path("m-\(UUID()).pxb"), path("m-\(UUID()).ipynb"), path("m-\(UUID()).pxb"))
      let bytes = Array((mark + text).utf8)
      try AtomicFile.write(bytes, to: script)
      let test = TestSession()
      try test.session.convert(script, to: notebook)
      try test.session.convert(notebook, to: again)
      #expect(
        try readFile(again) == bytes, "\(mark.isEmpty ? "no mark" : "a mark"): \(text.debugDescription)")
      #expect(test.notices.count == 2)
      #expect(TestSession().run("run \"\(script)\"") == TestSession().run(text, echo: false))
    }
  }

  /// What rows of a tensor of two axes are in a plot is told where columns may have been meant.
  @Test(arguments: [("zeros(3, 2)", true), ("zeros(2, 3)", false), ("zeros(2, 2)", false), ("zeros(1, 5)", false)])
  func rowsOfATensorAreTold(tensor: String, isTold: Bool) {
    let test = TestSession()
    #expect(test.run("p = plot(\(tensor))") == "")
    #expect(test.notices.contains { $0.contains("`plot(x.T)` draws its columns") } == isTold)
    let field = TestSession()
    #expect(field.run("p = plot(\(tensor), kind: \"heatmap\")") == "" && field.notices.isEmpty)
  }
}
