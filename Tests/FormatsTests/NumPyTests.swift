import Formats
import Foundation
import Testing

/// Files that NumPy wrote: `numpy.save` of arange(24).reshape(2, 3, 4) % 7 in each type, unless a name says otherwise.
struct NumPyTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/numpy")
    .path

  private func arrays(_ name: String) throws -> Safetensors { try NumPyFile.read("\(Self.folder)/\(name)") }

  private func error(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do throws(FormatError) {
      try body()
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ("float16", "F16"), ("float32", "F32"), ("float64", "F64"), ("int8", "I8"), ("int16", "I16"), ("int32", "I32"),
    ("int64", "I64"),
    ("uint8", "U8"), ("uint16", "U16"), ("uint32", "U32"), ("uint64", "U64"), ("big_float32", "F32"),
    ("big_int64", "I64"),
  ])
  func numbersOfEachType(_ name: String, _ type: String) throws {
    let entry = try arrays("\(name).npy").entry("tensor")
    #expect(entry.type.rawValue == type && entry.shape == [2, 3, 4])
    // float64.npy is in columns.
    #expect(entry.doubles() == (0..<24).map { Double($0 % 7) })
  }

  @Test func otherArrays() throws {
    #expect(try arrays("fortran_int16.npy").entry("tensor").doubles() == (0..<24).map(Double.init))
    let truths: [Double] = (0..<12).flatMap { _ in [1, 0] }
    #expect(try arrays("bool.npy").entry("tensor").doubles() == truths)
    let scalar = try arrays("scalar.npy").entry("tensor")
    #expect(scalar.shape == [] && scalar.doubles() == [2.5])
    #expect(try arrays("empty.npy").entry("tensor").shape == [0, 3])
    for name in ["complex64", "big_complex64"] {
      let complex = try arrays("\(name).npy").entry("tensor")
      let parts: [Float] = (0..<24).flatMap { [Float($0 % 7), 0] }
      #expect(complex.type == .c64 && complex.floats() == parts)
    }
  }

  /// Complex numbers of two times 64 bits have a last axis of both parts, in either order of bytes and of axes.
  @Test(arguments: ["<", ">"], [true, false]) func complexNumbersArePairs(order: String, isColumnsFirst: Bool) throws {
    let header =
      "{'descr': '\(order)c16', 'fortran_order': \(isColumnsFirst ? "True" : "False"), 'shape': (2, 3), }\n"
    let parts = (0..<12).map { Double($0) + 0.5 }
    // Of columns those of the first come first.
    let pairs = isColumnsFirst ? [0, 3, 1, 4, 2, 5] : [0, 1, 2, 3, 4, 5]
    let stored = pairs.flatMap { [parts[2 * $0], parts[2 * $0 + 1]] }.flatMap { number in
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
      return order == "<" ? bytes : bytes.reversed()
    }
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    let entry = try NumPyFile.decode(start + Array(header.utf8) + stored, file: "x").entry("tensor")
    #expect(entry.shape == [2, 3, 2] && entry.type == .f64)
    #expect(entry.doubles() == parts)
  }

  @Test func archives() throws {
    let stored = try arrays("stored.npz")
    #expect(stored.entries.map(\.name) == ["a", "b"])
    #expect(try stored.entry("b").doubles() == [1, 2, 3])
    let deflated = try arrays("deflated.npz")
    #expect(try deflated.entry("a").doubles() == Array(repeating: 0, count: 2500))
    #expect(try deflated.entry("b").doubles() == (0..<24).map(Double.init))
  }

  /// A damaged archive says which of its arrays is, or which entry of the directory, and what to do.
  @Test(arguments: ["stored.npz", "deflated.npz"]) func aDamagedArchiveSaysWhereAndWhatToDo(name: String) throws {
    let bytes = try readFile("\(Self.folder)/\(name)")
    let members = Set(try NumPyFile.decode(bytes, file: "x").entries.map { "\"\($0.name)" })
    var places: Set<String> = []
    func check(_ damaged: [UInt8]) {
      guard let found = error({ () throws(FormatError) in _ = try NumPyFile.decode(damaged, file: "x") }) else {
        return
      }
      let text = found.message
      let place =
        members.first(where: text.contains)
        ?? ["the directory at its end", "in its directory"].first(where: text.contains)
      // A name may be what is damaged.
      #expect(place != nil || text.contains("\""), "\(text)")
      if found.kind == .malformed, text.contains("zip") {
        #expect(text.hasSuffix("; copy or download it again"), "\(text)")
      }
      places.insert(place ?? "")
    }
    for length in stride(from: 4, to: bytes.count, by: 7) { check(Array(bytes.prefix(length))) }
    for place in bytes.indices.dropFirst(4) where bytes.count < 2000 || place % 5 == 0 {
      for bit in [0, 3, 7] {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        check(damaged)
      }
    }
    #expect(places.isSuperset(of: members) && places.contains("in its directory"), "\(places)")
  }

  /// An archive of files as they are.
  private func archive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func checksum(_ bytes: [UInt8]) -> Int {
      var sum = UInt32.max
      for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return Int(~sum)
    }
    var (file, directory) = ([UInt8](), [UInt8]())
    for (name, bytes) in members {
      let sizes = number(checksum(bytes), 4) + number(bytes.count, 4) + number(bytes.count, 4)
      let length = number(name.utf8.count, 2)
      directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + number(0, 8)
      directory += sizes + length + number(0, 12)
      directory += number(file.count, 4) + Array(name.utf8)
      file += [0x50, 0x4B, 3, 4, 20, 0] + number(0, 8)
      file += sizes + length + number(0, 2)
      file += Array(name.utf8) + bytes
    }
    let count = number(members.count, 2)
    let end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
    return file + directory + end + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
  }

  /// Beside arrays that are not read, and beside damaged ones, those that are named are.
  @Test func namedArraysAreReadBesideOthers() throws {
    let names = ["object", "text", "record", "int8", "float32"]
    let members = try names.map { ("\($0).npy", try readFile("\(Self.folder)/\($0).npy")) }
    let bytes = archive(members)
    #expect(error { () throws(FormatError) in _ = try NumPyFile.decode(bytes, file: "x") }?.kind == .unsupported)
    let found = try NumPyFile.decode(bytes, names: ["float32", "int8"], file: "x")
    #expect(found.entries.map(\.name) == ["int8", "float32"])
    #expect(try NumPyFile.decode(bytes, names: [], file: "x").entries.isEmpty)
    let missing = error { () throws(FormatError) in _ = try NumPyFile.decode(bytes, names: ["int9"], file: "x") }
    #expect(
      missing?.message
        == "has no array \"int9\"; it has \"object\", \"text\", \"record\", \"int8\", \"float32\"")
    let lone = try readFile("\(Self.folder)/int8.npy")
    #expect(try NumPyFile.decode(lone, names: ["tensor"], file: "x").entries.count == 1)
    #expect(error { () throws(FormatError) in _ = try NumPyFile.decode(lone, names: ["a"], file: "x") } != nil)
  }

  /// Bytes that are all there and others than they were are told by their checksum, and not by their number.
  @Test func otherBytesAreToldByTheirChecksum() throws {
    let array = try readFile("\(Self.folder)/int8.npy")
    var bytes = archive([("a.npy", array)])
    bytes[30 + 5 + array.count - 1] ^= 1
    let found = error { () throws(FormatError) in _ = try NumPyFile.decode(bytes, file: "x") }
    #expect(found?.message.contains("its member \"a.npy\" has other bytes than those that its checksum is of") == true)
  }

  @Test func whatIsNotReadSaysWhy() throws {
    for (name, reason) in [
      ("object", "holds Python objects, which only Python can make"), ("text", "holds texts"),
      ("record", "holds records of several fields"),
    ] {
      let found = error { () throws(FormatError) in _ = try NumPyFile.read("\(Self.folder)/\(name).npy") }
      #expect(found?.kind == .unsupported && found?.message.contains(reason) == true, "\(String(describing: found))")
    }
    #expect(
      error { () throws(FormatError) in _ = try NumPyFile.decode(Array("a,b".utf8), file: "x") }?.message
        == "is not a .npy or .npz file")
  }

  /// Cut anywhere, or with a byte changed, a file is read or refused, and no larger memory is asked for.
  @Test(arguments: ["float32.npy", "fortran_int16.npy", "stored.npz", "deflated.npz"]) func damaged(_ name: String)
    throws
  {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
    for place in bytes.indices {
      _ = error { () throws(FormatError) in _ = try NumPyFile.decode(Array(bytes.prefix(place)), file: "x") }
      for change: UInt8 in [1, 0x80, 0xFF] {
        var damaged = bytes
        damaged[place] ^= change
        _ = error { () throws(FormatError) in _ = try NumPyFile.decode(damaged, file: "x") }
      }
    }
    #expect(error { () throws(FormatError) in _ = try NumPyFile.decode(Array(bytes.dropLast()), file: "x") } != nil)
  }
}
