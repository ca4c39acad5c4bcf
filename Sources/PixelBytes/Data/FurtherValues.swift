import Formats
import Safepoint

/// The further columns of a data set as columns of parquet.
///
/// Texts and pictures are columns of such. Of other columns all values are looked at before the first is written, as a column has one type:
/// numbers, truth values, lists and structures are such where one type holds all of them, else the column is texts of JSON.
struct FurtherValues {
  /// The values of a column that are not written yet.
  enum Group {
    case texts([String?])
    case values([ParquetValue])

    var rows: Formats.ParquetRows {
      switch self {
      case .texts(let texts): .texts(texts)
      case .values(let values): .values(values)
      }
    }
  }

  private enum Form {
    case texts, json, values, lists
  }

  let columns: [ParquetField]
  private let names: [String]
  private let forms: [Form]

  /// Finds the types of the columns `names`; throws for a column in which pictures are and values that no type holds with them.
  init(_ names: [String], of data: DataSet) throws {
    let (kinds, classes) = (data.source.kinds, data.source.classes)
    let counting = classes.columns
    // What holds nulls alone may have a type all the same.
    func isOpen(_ name: String) -> Bool {
      kinds[name] == .values || counting.contains(name) && ![.pictures, .pictureLists].contains(kinds[name])
    }
    var shapes = Dictionary(
      names.filter(isOpen).map { ($0, (shape: ParquetShape(longNumbers: true), hasPictures: false)) },
      uniquingKeysWith: { first, _ in first })
    for index in 0..<data.count where !shapes.isEmpty {
      try Safepoint.check()
      for column in try data.further(at: index) where shapes[column.name] != nil {
        shapes[column.name]?.shape.add(column.value.parquet)
        if case .plain = column.value { continue }
        shapes[column.name]?.hasPictures = true
      }
    }
    if data.count < data.source.count { try Self.look(for: &shapes, in: data.source) }
    let known = Dictionary(
      uniqueKeysWithValues: shapes.filter { $0.value.shape.isNothing }.keys.compactMap { name in
        data.source.field(of: name).map { (name, $0.naming(classes)) }
      })
    var (columns, forms): ([ParquetField], [Form]) = ([], [])
    for name in names {
      switch isOpen(name) ? .values : kinds[name] {
      case .texts, nil:
        columns.append(.text(name))
        forms.append(.texts)
      case .pictures:
        columns.append(.picture(name))
        forms.append(.values)
      case .pictureLists:
        columns.append(.pictureList(name))
        forms.append(.lists)
      case .values:
        let found = shapes[name]
        // Pictures have no other form, so that what maps lack beside them may become null.
        let field =
          known[name]
          ?? found?.shape.field(named: name, fillsAbsences: found?.hasPictures ?? false, classes: classes)
        if field == nil, found?.hasPictures ?? false {
          throw DataError(
            .value, "the column \"\(name)\" holds pictures and other values, which no column of a file holds together")
        }
        columns.append(field ?? .json(name))
        forms.append(field == nil ? .json : .values)
      }
    }
    (self.names, self.columns, self.forms) = (names, columns, forms)
  }

  /// Looks at rows that are not written for values of columns that have none in those that are, where the file does not tell what they are.
  private static func look(
    for shapes: inout [String: (shape: ParquetShape, hasPictures: Bool)], in source: any RowSource
  ) throws {
    var open = Set(shapes.filter { $0.value.shape.isNothing && source.field(of: $0.key) == nil }.keys)
    for index in 0..<source.count where !open.isEmpty {
      try Safepoint.check()
      let further: [NamedValue]
      // A row that cannot be read tells nothing.
      do { further = try source.further(at: index) } catch is DataError { continue }
      for column in further where open.contains(column.name) && !column.value.isNull {
        shapes[column.name]?.shape.add(column.value.parquet)
        open.remove(column.name)
      }
    }
  }

  /// No values of each column.
  var groups: [Group] { forms.map { $0 == .texts || $0 == .json ? .texts([]) : .values([]) } }

  /// Adds what a row has in the columns.
  func add(_ values: [NamedValue], to groups: inout [Group]) throws {
    for (place, name) in names.enumerated() {
      // The columns of a data set have their order in every row, but a row may lack some.
      let isThere = place < values.count && values[place].name == name
      let value = (isThere ? values[place] : values.first { $0.name == name })?.value ?? .null
      switch (forms[place], groups[place]) {
      case (let form, .texts(var texts)):
        groups[place] = .texts([])
        texts.append(Self.text(value, isJSON: form == .json))
        groups[place] = .texts(texts)
      case (let form, .values(var rows)):
        groups[place] = .values([])
        rows.append(try Self.row(value, isList: form == .lists, name))
        groups[place] = .values(rows)
      }
    }
  }

  private static func text(_ value: DataValue, isJSON: Bool) -> String? {
    switch value {
    case .plain(.null), .picture, .list, .map: nil
    case .plain(.string(let text)) where !isJSON: text
    case .plain(let json): json.text(.spaced, writesEndless: true)
    }
  }

  private static func row(_ value: DataValue, isList: Bool, _ column: String) throws -> ParquetValue {
    let value = try value.whole(column: column)
    if isList, case .picture = value { return DataValue.list([value]).parquet ?? .null }
    guard let found = value.parquet else {
      throw DataError(.value, "the column \"\(column)\" holds a number that no column of a file holds")
    }
    return found
  }
}

extension DataValue {
  /// The value as a column of parquet has it; nil for a number beyond those of parquet.
  package var parquet: ParquetValue? {
    switch self {
    case .plain(let json): return ParquetValue(json)
    case .picture(let file): return .picture(file.bytes, path: file.name.isEmpty ? nil : file.name)
    case .list(let values):
      let found = values.compactMap(\.parquet)
      return found.count == values.count ? .list(found) : nil
    case .map(let parts):
      let found = parts.compactMap { part in part.value.parquet.map { (part.name, $0) } }
      return found.count == parts.count ? .structure(found) : nil
    }
  }

  /// The same with pictures that are whole.
  fileprivate func whole(column: String) throws(FormatError) -> DataValue {
    switch self {
    case .plain: self
    case .picture(let file):
      file.keepsDamaged ? .picture(PictureFile(try file.whole(column: column), name: file.name)) : self
    case .list(let values): .list(try values.map { (value) throws(FormatError) in try value.whole(column: column) })
    case .map(let parts):
      .map(
        try parts.map { (part) throws(FormatError) in
          NamedValue(part.name, try part.value.whole(column: column))
        })
    }
  }
}
