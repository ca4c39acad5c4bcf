import Formats
import PixelBytes
import PixelScript
import Safepoint

extension CommandGroup {
  /// Data sets of rows that a script has, and of other data sets.
  static var dataMaking: [Command] {
    [
      Command(
        "dataset", "Makes a data set of pictures, of texts, or of rows with both and more.",
        Parameter<Value>(
          "rows",
          "a list of images, of captions, of maps such as {image: picture, caption: \"a cat\", tag: 1}, or of rows of data sets; "
            + "or a table with such columns"),
        Parameter<[String]?>("captions", "the captions of images, as many as there are"),
        example: """
          data = dataset([to_image(zeros(8, 8)), to_image(ones(4, 4))], ["black", "white"])
          print len(build(data)), data[1].caption, data[1].image  # expect: 2 white image 4x4
          """
      ) { context, rows, captions in .object(DataSetObject(try GivenRows(rows, captions) { try context.poll() }.data))
      },
      Command(
        "concat", "Puts data sets one behind the other; what the rows of one lack is nil.",
        Parameter<Variadic<DataSetObject>>("data", "the data sets"),
        example: """
          data = concat(sprites(count: 3, size: 8), copy_task(count: 2))
          print len(data), data[3].caption  # expect: 5 a pattern, then the same again.
          """
      ) { _, data in .object(DataSetObject(try DataSet.joined(data.elements.map(\.data)))) },
      Command(
        "concat", "Puts a list of data sets one behind the other.",
        Parameter<[DataSetObject]>("data", "the data sets"),
        example: "print len(concat([sprites(count: n, size: 8) for n in range(4)]))  # expect: 6"
      ) { _, data in .object(DataSetObject(try DataSet.joined(data.map(\.data)))) },
    ]
  }
}

/// What a script gives for the rows of a data set.
private struct GivenRows {
  private(set) var data: DataSet

  init(_ value: Value, _ captions: [String]?, poll: () throws -> Void) throws {
    let values = try Self.values(value)
    try Safepoint.reserve(256, times: values.count, for: "a data set")
    var (rows, vocabularies): ([DataRow], [Vocabulary]) = ([], [])
    var classes: [ClassNames] = []
    for (place, value) in values.enumerated() {
      try poll()
      try Safepoint.check(after: 100)
      if case .object(let object as RowObject) = value {
        rows.append(object.row)
        vocabularies.append(object.tokenizer.vocabulary)
        classes.append(object.classes)
      } else {
        let (row, vocabulary) = try Self.row(value, place)
        rows.append(row)
        if let vocabulary { vocabularies.append(vocabulary) }
        classes.append(ClassNames())
      }
    }
    try Self.write(captions, to: &rows)
    let isBuilt = vocabularies.count == rows.count && vocabularies.allSatisfy { $0 == vocabularies.first }
    if !isBuilt { for place in rows.indices { rows[place].patches = nil } }
    data = DataSet(
      uneven: rows, vocabulary: isBuilt ? vocabularies.first ?? .pixelbytes : .pixelbytes,
      classes: try Self.shared(classes, by: rows))
  }

  /// The classes that the numbers of all rows count which have some in a column.
  private static func shared(_ classes: [ClassNames], by rows: [DataRow]) throws -> ClassNames {
    let all = classes.reduce(ClassNames()) { $1.isEmpty || $0 == $1 ? $0 : $0.merging($1) }
    var names = all.names
    for (row, own) in zip(rows, classes) where !names.isEmpty && own != all {
      try Safepoint.check(after: 100)
      for (place, known) in names where own[place] != known {
        if row.extra.contains(where: { $0.name == place[0] && !$0.value.isNull }) { names[place] = nil }
      }
    }
    return ClassNames(names)
  }

  private static func values(_ value: Value) throws -> [Value] {
    switch value {
    case .list(let list): return try Pieces.map(list.count) { list[$0] }
    case .object(let table as TableObject): return try Pieces.map(table.table.count) { table.table.map(ofRow: $0) }
    case .object(let data as DataSetObject):
      return try Pieces.map(data.data.count) { .object(try data.row($0)) }
    default:
      throw ScriptError(
        .type, "`dataset` expects a list of images, captions, maps or rows, or a table, found \(describe(value))",
        help: "`dataset([{image: picture, caption: \"a cat\"}])`; files are opened by `load_dataset(path)`",
        argument: "rows")
    }
  }

  /// A row, and what its tokens stand for where it has some.
  private static func row(_ value: Value, _ place: Int) throws -> (DataRow, Vocabulary?) {
    switch value {
    case .object(let image as ImageObject): return (DataRow(caption: "", image: image.image), nil)
    case .string(let caption): return (DataRow(caption: caption), nil)
    case .map(let map): return try row(of: map, place)
    default:
      throw ScriptError(
        .type, "row \(place) is no image, caption, map or row of a data set, found \(describe(value))", argument: "rows"
      )
    }
  }

  private static func row(of map: ScriptMap, _ place: Int) throws -> (DataRow, Vocabulary?) {
    var row = DataRow(caption: "")
    var vocabulary: Vocabulary?
    var names: Set<String> = []
    for (key, value) in map.entries {
      let name = key.description
      guard names.insert(name).inserted else { continue }
      switch (name, value.plain) {
      case ("image", .nil): break
      case ("caption", .nil): row.hasCaption = false
      case ("image", .object(let image as ImageObject)): row.image = image.image
      case ("caption", .string(let caption)): row.caption = caption
      case ("image", _), ("caption", _):
        throw ScriptError(
          .type,
          "row \(place): `\(name)` is \(name == "image" ? "an image" : "a string") or nil, found \(describe(value))",
          help: name == "image"
            ? "`read_image(path)` reads a picture, `to_image(x)` makes one of a tensor"
            : "`str` makes a text of a value, as in `{caption: str(3)}`",
          argument: "rows")
      case ("pixelbyte", .object(let tokens as TokensObject)):
        (row.patches, vocabulary) = (tokens.patches, tokens.tokenizer.vocabulary)
      case ("pixelbyte", .nil), ("traits", _): break
      case ("pixelbyte", _):
        throw ScriptError(
          .type, "row \(place): `pixelbyte` is tokens or nil, found \(describe(value))",
          help: "`build(dataset(rows))` makes tokens of pictures and captions", argument: "rows")
      case (_, let value):
        do { row.extra.append(NamedValue(name, try DataValue(value, named: "row \(place)"))) } catch let error
          as ScriptError
        {
          throw ScriptError(error.kind, "row \(place): `\(name)`: \(error.message)", argument: "rows")
        }
      }
    }
    guard row.image != nil || names.contains("caption") else {
      throw ScriptError(
        .value,
        "row \(place) has neither `image` nor `caption`, but \(map.keys.map(\.description).joined(separator: ", "))"
          .onOneLine,
        argument: "rows")
    }
    return (row, vocabulary)
  }

  private static func write(_ captions: [String]?, to rows: inout [DataRow]) throws(ScriptError) {
    guard let captions else { return }
    guard captions.count == rows.count else {
      throw ScriptError(
        .value, "\(String(counting: captions.count, "caption")) for \(String(counting: rows.count, "row"))",
        argument: "captions")
    }
    for (place, caption) in captions.enumerated() {
      (rows[place].caption, rows[place].hasCaption, rows[place].patches) = (caption, true, nil)
    }
  }
}
