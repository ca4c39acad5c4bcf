import Formats
import PixelBytes
import Testing

/// What parquet files of others have in columns of bytes, structures of pictures and numbers of classes, in several row groups and files.
struct BytesColumnTests {
  private static let picture = RasterImage(width: 2, height: 1, rgba: [252, 252, 252, 255, 248, 56, 0, 255])

  /// Files of one column `x` beside texts, each of row groups of values, opened as a folder.
  private func loaded(
    _ files: [[[ParquetValue]]], image: Bool = false, classes: [[[String]: [String]]] = [],
    _ body: (DataSet, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for (number, groups) in files.enumerated() {
        var shape = ParquetShape()
        for value in groups.joined() { shape.add(value) }
        let name = image ? "image" : "x"
        let field = try #require(shape.field(named: name, fillsAbsences: true))
        let writer = try ParquetWriter(
          to: "\(folder)/train-0000\(number)-of-0000\(files.count).parquet",
          columns: [.text("caption"), field.naming(classes.isEmpty ? ClassNames() : ClassNames(classes[number]))])
        for values in groups { try writer.append([.texts(values.map { _ in "a" }), .values(values)]) }
        try writer.finish()
      }
      var options = ReadingOptions()
      if !image { options.image = nil }
      try body(try DataSet.load(folder, options), folder)
    }
  }

  private func bytes(_ texts: String...) -> [ParquetValue] { texts.map { .bytes(Array($0.utf8)) } }
  private let strange: [ParquetValue] = [.bytes([0, 255])]

  /// Whatever stands in one row group or file decides for all: a column has values of one kind.
  @Test func bytesAreTextsWhereAllAre() throws {
    let cases: [(files: [[[ParquetValue]]], areTexts: Bool)] = [
      ([[bytes("a", "b"), bytes("c")]], true), ([[bytes("a", "b"), strange]], false), ([[strange, bytes("a")]], false),
      ([[bytes("a"), [.null, .null], bytes("c")]], true), ([[bytes("a")], [bytes("b")]], true),
      ([[bytes("a")], [strange]], false), ([[strange], [bytes("a")]], false),
      ([[[.list(bytes("a"))], [.list(bytes("b"))]]], true), ([[[.list(bytes("a"))], [.list(strange)]]], false),
    ]
    for (files, areTexts) in cases {
      try loaded(files) { (data, _) throws in
        for value in try data.map({ $0.extra[0].value }) where !value.isNull {
          guard case .plain(let json) = value else { return #expect(Bool(false), "\(value)") }
          let one =
            json.elements?.first?.elements == nil && json.elements?.first?.string == nil ? json : json.elements?[0]
          #expect((one?.string != nil) == areTexts, "\(json)")
        }
        #expect(data.source.notes.contains { $0.contains("holds bytes that are no texts or pictures") } == !areTexts)
      }
    }
  }

  /// Of structures each part decides by itself.
  @Test func partsOfStructuresAreTextsByThemselves() throws {
    func row(_ a: [UInt8], _ b: [UInt8]) -> ParquetValue { .structure([("a", .bytes(a)), ("b", .bytes(b))]) }
    try loaded([[[row([65], [66])], [row([67], [0])]]]) { (data, _) throws in
      let found = try data.map { $0.extra[0].value.json }
      #expect(found.map { $0?["a"]?.string } == ["A", "C"])
      #expect(found.map { $0?["b"]?.elements } == [[.integer(66)], [.integer(0)]])
    }
  }

  @Test func picturesAreFoundBesideOtherParts() throws {
    let png = try PNG.encode(Self.picture)
    let values: [ParquetValue] = [png, []].map {
      .structure([("bytes", .bytes($0)), ("path", .null), ("width", .integer(2))])
    }
    try loaded([[values + [.null]]], image: true) { (data, _) throws in
      // No bytes are no picture.
      #expect(try data.map(\.image) == [Self.picture, nil, nil])
      #expect(data.source.notes.contains { $0.hasSuffix("the picture is read, and not its other parts: \"width\"") })
    }
  }

  @Test func noBytesAreNoPicture() throws {
    let png = try PNG.encode(Self.picture)
    for isFile in [true, false] {
      let values = [png, []].map { isFile ? ParquetValue.picture($0, path: $0.isEmpty ? "" : nil) : .bytes($0) }
      try loaded([[values]], image: true) { (data, _) throws in #expect(try data.map(\.image) == [Self.picture, nil]) }
      try loaded([[values]]) { (data, _) throws in
        #expect(try data.map { $0.extra[0].value.pictures.map(\.bytes) } == [[png], []])
      }
    }
  }

  /// Names of classes go where the rows go, unless files disagree.
  @Test(
    arguments: [[["cat", "dog"], ["cat", "dog"]], [["cat", "dog"], ["dog", "cat"]], [["cat"], []]],
    [
      (["x"], ParquetValue.integer(0)),
      (["x", "a"], .list([.structure([("a", .list([.integer(0)])), ("b", .text(""))])])),
    ])
  func classesAreSaved(names: [[String]], at place: ([String], ParquetValue)) throws {
    let (one, classes): ([ParquetValue], _) = ([place.1, .null], names.map { $0.isEmpty ? [:] : [place.0: $0] })
    try loaded([[one], [one]], classes: classes) { (data, folder) throws in
      let expected = ClassNames(classes[0] == classes[1] ? classes[0] : [:])
      #expect(data.source.classes == expected)
      let joined = try DataSet.joined([
        try data[0..<1],
        try DataSet.load(
          folder,
          {
            var o = ReadingOptions(); o.image = nil; return o
          }()),
      ])
      #expect(joined.source.classes == expected)
      // That they disagree is told.
      #expect(data.source.notes.contains { $0.contains("do not mean the same in all parts") } == (expected.isEmpty))
      for part in [data, try data[1..<3], joined, try data.built(BuildOptions())] {
        try DataFolder.writeRows(of: part, to: folder + "/saved.file")
        let file = try ParquetFile(folder + "/saved.file")
        #expect(file.columns.prefix(2).map { file.classes(of: $0) } == [ClassNames(), expected])
      }
    }
  }
}
