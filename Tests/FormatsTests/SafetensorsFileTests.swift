import Foundation
import Formats
import Testing

struct SafetensorsFileTests {
  private func error(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do throws(FormatError) {
      try body()
      return nil
    } catch { return error }
  }

  /// Writes `rows` rows of growing numbers of 3 x 3 ids, the end of each, and a byte a row.
  private func write(_ rows: Int, to path: String) throws {
    let writer = try SafetensorsWriter(
      to: path, [.init("tokens", .u8, inner: [3, 3]), .init("offsets", .i64), .init("flags", .bool)],
      metadata: ["vocabulary": "é \"113\""])
    var end = 0
    for row in 0..<rows {
      let ids = (0..<9 * (row % 50)).map { UInt8(truncatingIfNeeded: row + $0) }
      end += row % 50
      try writer.append(ids, to: "tokens")
      try writer.append(int64s: [Int64(end)], to: "offsets")
      try writer.append([UInt8(row % 2)], to: "flags")
    }
    try writer.finish()
  }

  @Test(arguments: [0, 1, 20_000]) func whatGrewIsReadInParts(rows: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try write(rows, to: path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.safetensors"])
      let whole = try Safetensors(contentsOf: path)
      let file = try SafetensorsFile(path)
      #expect(file.metadata == ["vocabulary": "é \"113\""] && whole.metadata == file.metadata)
      #expect(file.entries.map(\.name) == ["tokens", "offsets", "flags"])
      #expect(file.entries.map(\.shape) == whole.entries.map(\.shape))
      let offsets = try file.int64s("offsets", 0..<rows)
      #expect(try whole.entry("offsets").int64s() == offsets)
      for row in stride(from: 1, to: rows, by: 997) {
        let ids = try file.bytes("tokens", 9 * Int(offsets[row - 1])..<9 * Int(offsets[row]))
        #expect(ids == (0..<9 * (row % 50)).map { UInt8(truncatingIfNeeded: row + $0) })
        #expect(try file.elements("flags", row..<row + 1).int32s() == [Int32(row % 2)])
      }
    }
  }

  /// An array of a type that is not known is an error where it is asked for, and for who reads the whole file.
  @Test func unknownTypesAreErrorsWhereTheyAreAskedFor() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      let header =
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"x":{"dtype":"F128","shape":[1],"data_offsets":[2,18]},"b":{"dtype":"U8","shape":[1],"data_offsets":[18,19]}}"#
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      let bytes = length + Array(header.utf8) + Array(0..<19)
      try AtomicFile.write(bytes, to: path)
      let file = try SafetensorsFile(path, takesUnknown: true)
      #expect(file.names == ["a", "x", "b"] && file.entries.map(\.name) == ["a", "b"])
      #expect(try file.bytes("a", 0..<2) == [0, 1] && file.bytes("b", 0..<1) == [18])
      let told = "array \"x\" has the type F128; expected F64"
      let errors = [
        error { () throws(FormatError) in _ = try file.floats("x") },
        error { () throws(FormatError) in _ = try SafetensorsFile(path) },
        error { () throws(FormatError) in _ = try Safetensors(decoding: bytes, file: path) },
      ]
      #expect(errors.allSatisfy { $0?.kind == .unsupported && $0?.message.hasPrefix(told) ?? false }, "\(errors)")
      // Its bytes count where the arrays have to cover the data.
      try AtomicFile.write(bytes.dropLast(), to: path)
      let cut = error { () throws(FormatError) in _ = try SafetensorsFile(path, takesUnknown: true) }
      #expect(cut?.kind == .malformed)
    }
  }

  @Test func readsWhatTheWholeReaderReads() throws {
    let path = fixtures + "/tok/tok2d.safetensors"
    let whole = try Safetensors(contentsOf: path)
    let file = try SafetensorsFile(path)
    #expect(file.entries.map(\.name) == whole.entries.map(\.name))
    for (part, entry) in zip(file.entries, whole.entries) {
      #expect(part.shape == entry.shape && part.type == entry.type && part.count == entry.count)
      #expect(try file.elements(part.name, 0..<part.count).bytes.elementsEqual(entry.bytes))
      let middle = part.count / 3..<part.count / 2
      #expect(try file.elements(part.name, middle).doubles() == Array(entry.doubles()[middle]))
    }
  }

  @Test func checksHeaderAndRequests() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try write(10, to: path)
      let file = try SafetensorsFile(path)
      func message(_ body: () throws(FormatError) -> Void) -> String? { error(body)?.message }
      let none = message { () throws(FormatError) in _ = try file.bytes("token", 0..<1) }
      #expect(none == "has no array \"token\"")
      let beyond = message { () throws(FormatError) in _ = try file.bytes("tokens", 400..<406) }
      #expect(beyond == "array \"tokens\" has 405 elements; expected those of 400..<406")
      let negative = message { () throws(FormatError) in _ = try file.int64s("offsets", -1..<2) }
      #expect(negative == "array \"offsets\" has 10 elements; expected those of -1..<2")
      let type = message { () throws(FormatError) in _ = try file.bytes("offsets", 0..<1) }
      #expect(type == "array \"offsets\" holds I64; expected U8")
      // The last array is one byte a row.
      try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: UInt64(try readFile(path).count - 1))
      #expect(try file.bytes("tokens", 0..<405).count == 405)
      let short = message { () throws(FormatError) in _ = try file.elements("flags", 9..<10) }
      #expect(short == "became shorter: array \"flags\" ends too early")
      #expect(
        error { () throws(FormatError) in _ = try SafetensorsFile(path) }
          == error { () throws(FormatError) in _ = try Safetensors(contentsOf: path) })
    }
  }

  /// Opening says of every damaged file what reading it whole says.
  @Test func isAsStrictAsReadingWhole() throws {
    var generator = SeededGenerator(state: 9)
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try write(3, to: path)
      let bytes = try readFile(path)
      let header = 8 + Int(bytes[0]) + 256 * Int(bytes[1])
      for place in 0..<header {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
        if place % 3 == 0 { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator)) }
        try Data(damaged).write(to: URL(filePath: path))
        let whole = error { () throws(FormatError) in _ = try Safetensors(contentsOf: path) }
        let opened = error { () throws(FormatError) in _ = try SafetensorsFile(path) }
        #expect(whole == opened, "byte \(place)")
      }
    }
  }

  @Test func aHugeFileOpensAtOnce() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      // A file with a hole: 10 GB that take no room on the disk.
      let size = 10 << 30
      let json = #"{"tokens":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#
      let length = json.utf8.count
      let head = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(json.utf8)
      try Data(head).write(to: URL(filePath: path))
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      try handle.seek(toOffset: UInt64(head.count + size - 1))
      try handle.write(contentsOf: Data([7]))
      let file = try SafetensorsFile(path)
      #expect(try file.bytes("tokens", size - 2..<size) == [0, 7])
    }
  }

  @Test func aFileThatIsNotFinishedLeavesNothing() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try SafetensorsWriter(to: folder + "/x", [.init("a", .u8), .init("b", .u8)])
        try writer.append([1, 2], to: "b")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
    let error = self.error { () throws(FormatError) in _ = try SafetensorsWriter(to: "/no/x", [.init("a", .u8)]) }
    #expect(error == FormatError(.io, in: "/no/x", "cannot be created: no such file or directory"))
  }
}
