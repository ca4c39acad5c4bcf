import Formats
import Testing

/// Files of every version of NumPy's format (NEP 1), written here by its layout, in every order of bytes and axes.
struct NumPyVersionTests {
  /// A file of 2 x 3 numbers of 16 bits, 1 to 6.
  private func file(
    version: UInt8 = 1, type: String = "<i2", isColumnsFirst: Bool = false, isPadded: Bool = true,
    header other: String? = nil
  ) -> [UInt8] {
    let order = isColumnsFirst ? "True" : "False"
    var header = other ?? "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (2, 3), }"
    let before = version == 1 ? 10 : 12
    if isPadded { header += String(repeating: " ", count: 63 - (before + header.utf8.count) % 64) + "\n" }
    let length = header.utf8.count
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    bytes += (0..<before - 8).map { UInt8(length >> (8 * $0) & 255) }
    let numbers: [UInt8] = isColumnsFirst ? [1, 4, 2, 5, 3, 6] : [1, 2, 3, 4, 5, 6]
    return bytes + Array(header.utf8) + numbers.flatMap { type.hasPrefix(">") ? [0, $0] : [$0, 0] }
  }

  private func fault(_ bytes: [UInt8]) -> FormatError? {
    do throws(FormatError) {
      _ = try NumPyFile.decode(bytes, file: "x")
      return nil
    } catch { return error }
  }

  @Test(arguments: [UInt8(1), 2, 3], ["<i2", ">i2"])
  func everyVersionIsRead(version: UInt8, type: String) throws {
    for (isColumnsFirst, isPadded) in [(false, true), (true, true), (false, false), (true, false)] {
      let bytes = file(version: version, type: type, isColumnsFirst: isColumnsFirst, isPadded: isPadded)
      let entry = try NumPyFile.decode(bytes, file: "x").entry("tensor")
      #expect(entry.type == .i16 && entry.shape == [2, 3] && entry.doubles() == [1, 2, 3, 4, 5, 6])
      // Nothing of it may be missing, and nothing may stand behind it.
      let size = "; [2, 3] of I16 need 12; copy or download it again"
      #expect(
        fault(Array(bytes.dropLast()))?.message == "array \"tensor\" is damaged: it has 11 bytes of elements\(size)")
      #expect(fault(bytes + [0])?.message == "array \"tensor\" is damaged: it has 13 bytes of elements\(size)")
    }
  }

  @Test(arguments: [UInt8(0), 4, 255]) func otherVersionsAreNotRead(version: UInt8) {
    let found = fault(file(version: version))
    #expect(found?.kind == .unsupported)
    #expect(found?.message == "array \"tensor\" is of version \(version); 1 to 3 are read")
  }

  /// The header is a dictionary as Python may write it.
  @Test(arguments: [
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)}",
    "{\"shape\": (2, 3,), \"fortran_order\": False, \"descr\": \"<i2\",}",
    "{ 'fortran_order' : False ,'descr':'<i2','shape':(2,3) }",
  ])
  func headersOfAnyForm(header: String) throws {
    let entry = try NumPyFile.decode(file(header: header), file: "x").entry("tensor")
    #expect(entry.shape == [2, 3] && entry.doubles() == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [
    "", "{}", "{'descr': '<i2'}", "{'descr': '<i2', 'fortran_order': False}", "{'descr': '<i2', 'shape': (2, 3)}",
    "{'descr': '<i2', 'fortran_order': 0, 'shape': (2, 3)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2, -3)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': [2, 3]}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
    "{'descr': '<i2' 'fortran_order': False, 'shape': (2, 3)}",
    "'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)",
  ])
  func headersThatAreNone(header: String) { #expect(fault(file(header: header))?.kind == .malformed) }
}
