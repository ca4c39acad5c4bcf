import Formats
import Testing

/// Whole numbers beyond those that a script has, and names of classes, in columns that are written and read again.
struct ParquetNumberTests {
  private static let least = Int.min
  private static let most = "18446744073709551615"

  /// The type of the column that holds some values, with what is read of it; nil where none holds them.
  private func column(_ values: [ParquetValue?], longNumbers: Bool) throws -> (type: String, read: [JSON])? {
    var shape = ParquetShape(longNumbers: longNumbers)
    for value in values { shape.add(value) }
    guard let field = shape.field(named: "x") else { return nil }
    var found: (String, [JSON])?
    try withTemporaryFolder { folder in
      let writer = try ParquetWriter(to: folder + "/x.parquet", columns: [field])
      try writer.append([.values(values.map { $0 ?? .null })])
      try writer.finish()
      let file = try ParquetFile(folder + "/x.parquet")
      let read = try file.values(group: 0, columns: ["x"])[0]
      found = ("\(file.columns[0].type)", (0..<read.count).map { read[$0].json })
    }
    return found
  }

  @Test(
    arguments: [
      ([.integer(1), .digits(most), .null], "integer"), ([.digits("9223372036854775808"), .integer(0)], "integer"),
      ([.list([.integer(1), .digits(most)]), .list([])], "list<integer>"),
      ([.structure([("a", .digits(most))]), .structure([("a", .integer(5))])], "struct<a: integer>"),
      ([.integer(least), .integer(Int.max)], "integer"),
      // What no type holds.
      ([.integer(-1), .digits(most)], nil), ([.digits("18446744073709551616")], nil),
      ([.digits("-9223372036854775809")], nil),
      ([.digits(most), .text("a")], nil), ([.text("a"), .digits(most)], nil), ([.number(0.5), .digits(most)], nil),
      ([.integer(1), .text("9007199254740993")], nil),
    ] as [([ParquetValue], String?)])
  func numbersBeyondAnIntAreWrittenAsSuch(values: [ParquetValue], type: String?) throws {
    let found = try column(values, longNumbers: false)
    #expect(found?.type == type)
    if let found { #expect(found.read == values.map(\.json)) }
  }

  @Test(
    arguments: [
      (["1", "9007199254740993"], "integer"), (["9007199254740993", "1", "-9223372036854775808"], "integer"),
      (["0", most], "integer"), (["9007199254740993", "9007199254740995"], "text"),
      (["9007199254740993", "a"], "text"),
      (["a", "9007199254740993"], "text"),
      // Small numbers, other spellings and longer ones are no texts for numbers.
      (["1", "'12"], nil), (["1", "'09007199254740993"], nil), (["1", "'+9007199254740993"], nil), (["-1", most], nil),
      (["1", "18446744073709551616"], nil), (["0.5", "9007199254740993"], nil),
    ] as [([String], String?)])
  func textsOfLongNumbersAreNumbersAmongSuch(texts: [String], type: String?) throws {
    let values = texts.map { text -> ParquetValue in
      if text.hasPrefix("'") { return .text(String(text.dropFirst())) }
      if let number = Int(text), number.magnitude <= 1 << 53 { return .integer(number) }
      return text == "0.5" ? .number(0.5) : .text(text)
    }
    let found = try column(values, longNumbers: true)
    #expect(found?.type == type)
    if let found { #expect(found.read.map { $0.string ?? $0.text() } == texts) }
  }

  @Test func namesOfClassesAreKept() throws {
    try withTemporaryFolder { folder in
      let names = ClassNames([["a"]: ["cat", "dog \"x\""], ["c"]: ["cat"]])
      let columns = [ParquetField.integer("a"), .integer("b"), .text("c")].map { $0.naming(names) }
      let writer = try ParquetWriter(to: folder + "/x.parquet", columns: columns)
      try writer.append([.integers([0, nil, 1]), .integers([0, 1, 2]), .texts(["0", "1", nil])])
      try writer.finish()
      let file = try ParquetFile(folder + "/x.parquet")
      #expect(file.columns.map { file.classes(of: $0) } == [names.of("a", called: "a"), .init(), .init()])
    }
  }
}
