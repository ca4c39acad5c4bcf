import Formats
import Testing

/// What pyarrow writes beyond plain columns: extensions of Arrow, columns that are encrypted, texts that are none.
@Suite struct ParquetExtensionTests {
  private func file(_ name: String) throws(FormatError) -> ParquetFile {
    try ParquetFile("\(parquetFixtures)/\(name).parquet")
  }

  private func column(_ name: String, of file: String) throws -> [JSON] {
    let values = try self.file(file).values(group: 0, columns: [name])[0]
    return (0..<values.count).map { values[$0].json }
  }

  /// Arrays of one shape are lists of rows; those whose elements stand in another order stay as they are and are told.
  @Test func arraysHaveTheirShape() throws {
    func list(_ numbers: [Int]) -> JSON { .array(numbers.map { .integer($0) }) }
    #expect(
      try column("grid", of: "extensions") == [
        .array([list([0, 1, 2]), list([3, 4, 5])]), .array([list([6, 7, 8]), list([9, 10, 11])]), .null,
      ])
    #expect(try column("turned", of: "extensions") == [list([0, 1, 2, 3, 4, 5]), list([6, 7, 8, 9, 10, 11]), .null])
    let file = try file("extensions")
    let told = file.columns.map { file.note(ofArrays: $0) != nil }
    #expect(told == [false, true, false])
  }

  @Test func bytesOfTruthAreTruthValues() throws {
    #expect(try column("truth", of: "extensions") == [.bool(false), .bool(true), .null])
  }

  /// A column whose key is needed is left out; the others are read.
  @Test(arguments: [("encrypted", "secret"), ("encrypted-caption", "caption")])
  func encryptedColumnsAreLeftOut(name: String, column: String) throws {
    let file = try file(name)
    for found in file.columns {
      let isSecret = found.name == column
      #expect(file.obstacle(in: found) == (isSecret ? "it is encrypted" : nil))
      if !isSecret { #expect(try file.values(group: 0, columns: [found.name])[0].count == 2) }
    }
  }

  @Test func textsThatAreNoneNameColumnAndRow() throws {
    let file = try file("texts")
    #expect(try file.values(group: 0, columns: ["text"])[0].count == 2)
    do throws(FormatError) {
      _ = try file.values(group: 1)
      Issue.record("no error")
    } catch {
      #expect(error.message.hasSuffix("column \"text\": row 2: a text is not UTF-8, as those of parquet files are"))
      #expect(error.otherText == .column("text"))
    }
  }

  /// Bytes and numbers that stand as others in JSON are counted wherever they are.
  @Test(arguments: [
    ("structure", 1, 0), ("list", 1, 0), ("map", 1, 0), ("words", 0, 0), ("wide", 0, 2), ("long", 0, 1),
    ("caption", 0, 0),
  ])
  func valuesInsideAreCounted(name: String, bytes: Int, long: Int) throws {
    let values = try file("inside").values(group: 0, columns: [name])[0]
    #expect(values.withTexts(at: values.textPlaces).byteCount == bytes)
    #expect(values.longNumberCount == long)
  }
}
