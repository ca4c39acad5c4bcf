import Formats
import PixelBytes
import PixelScript
import Safepoint

/// Tables as parquet files: flat columns are columns, lists and structures become lists and maps.
enum ParquetTable {
  /// What the columns of some files hold of which the types do not tell it, one decision for all of them, by the path of each.
  static func bytes(of paths: [String], columns wanted: [String]?) throws -> [String: [String: ColumnBytes]] {
    var found: [String: [String: ColumnBytes]] = [:]
    for path in paths where found[path] == nil {
      try Safepoint.check()
      let file = try ParquetFile(path)
      found[path] = [:]
      for column in file.columns where file.obstacle(in: column) == nil && wanted?.contains(column.name) ?? true {
        found[path]?[column.name] = ColumnBytes(column, in: file)
      }
    }
    for name in Set(found.values.flatMap(\.keys)) {
      let paths = found.keys.filter { found[$0]?[name] != nil }
      let decided = ColumnBytes.decided(paths.compactMap { found[$0]?[name] })
      for (path, bytes) in zip(paths, decided) { found[path]?[name] = bytes }
    }
    return found
  }

  /// Reads the columns of a file that can be read, or those of them that are wanted, all of its row groups; `bytes` is what some hold of
  /// which the types do not tell it, where that was decided with other files; `note` hears of those
  /// that cannot be, and `willRead` of each file beside it before that is read. Of pictures that are broken it keeps what can be
  /// read where it `keepsDamaged`.
  static func read(
    _ path: String, columns wanted: [String]?, _ bytes: [String: ColumnBytes], keepsDamaged: Bool = false,
    willRead: @escaping @Sendable (String) throws -> Void, note: (String) -> Void
  ) throws -> Table {
    let file = try ParquetFile(path)
    if let missing = wanted?.first(where: { name in !file.columns.contains { $0.name == name } }) {
      throw ScriptError(
        .key, "\(path) has no column \(Display.quoted(missing))",
        help: Suggestion.best(for: missing, in: file.columns.map(\.name)).map { "did you mean \(Display.quoted($0))?" }
          ?? "it has \(file.columns.map(\.name).joined(separator: ", "))", argument: "columns")
    }
    var leftOut: [String] = []
    let read = file.columns.filter { column in
      guard wanted?.contains(column.name) ?? true else { return false }
      guard let told = file.note(leavingOut: column) else { return true }
      leftOut.append(told)
      return false
    }
    if wanted != nil, read.isEmpty, let told = leftOut.first {
      throw ScriptError(.io, told, help: "no column that can be read is among those asked for", argument: "columns")
    }
    for told in leftOut { note(told) }
    let classes = read.reduce(ClassNames()) { $0.merging(file.classes(of: $1)) }
    for told in classes.notes(in: path) + read.compactMap({ file.note(ofArrays: $0) }) { note(told) }
    let names = read.map(\.name)
    let contents = read.map { bytes[$0.name] ?? ColumnBytes($0, in: file) }
    let pictures = zip(read, contents).map {
      PictureColumn($0, $1, in: file, keepsDamaged: keepsDamaged, willRead: willRead)
    }
    try Safepoint.reserve(16, times: file.rowCount, names.count, for: "a table")
    var (start, long, bytes) = (0, names.map { _ in 0 }, names.map { _ in 0 })
    let groups = try file.groups.indices.map { group -> [Column] in
      try Safepoint.check()
      defer { start += file.groups[group] }
      return try zip(file.values(group: group, columns: names), pictures).enumerated().map { place, found in
        let (values, pictures) = found
        long[place] += values.longNumberCount
        guard let pictures else {
          let values = contents[place].applied(to: values)
          bytes[place] += values.byteCount
          return try column(values)
        }
        return try column(pictures.prepared(values), pictures, names[place]) { "\(path), row \(start + $0)" }
      }
    }
    let columns = try names.indices.map { place in (names[place], try Column.joined(groups.map { $0[place] })) }
    for (name, count) in zip(names, long) where count > 0 {
      note(
        "\(path): the column \(Display.quoted(name)) holds numbers of more digits than a number here keeps; \(count) of "
          + (count == 1 ? "them is a text" : "them are texts"))
    }
    for (name, count) in zip(names, bytes) where count > 0 {
      note(
        "\(path): the column \(Display.quoted(name)) holds bytes that are no texts or pictures; they are lists of numbers"
      )
    }
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "\(path) has two columns \(Display.quoted(twice))", argument: "path")
    }
    return Table(columns, count: file.rowCount)
  }

  /// Pictures, decoded, which all together must have room in memory.
  private static func column(
    _ values: ParquetValues, _ pictures: PictureColumn, _ name: String, at place: (Int) -> String
  ) throws -> Column {
    try Column(count: values.count) { index in
      let value = try Value(try pictures.pictures(values, index, at: place(index)), column: name)
      try Safepoint.reserve(cost(of: value), for: "the pictures of the column \(Display.quoted(name))")
      return value
    }
  }

  /// About the bytes that pictures take.
  private static func cost(of value: Value) -> Int {
    switch value {
    case .object(let object): object.memoryCost
    case .list(let list): list.values.reduce(0) { $0 + cost(of: $1) }
    case .map(let map): map.entries.reduce(0) { $0 + cost(of: $1.value) }
    default: 0
    }
  }

  private static func column(_ values: ParquetValues) throws -> Column {
    let count = values.count
    switch values.content {
    case .integers(let numbers) where numbers.allSatisfy({ $0.magnitude <= 1 << 53 }):
      return .numbers(try Pieces.map(count) { values.isNull(at: $0) ? MissingNumber.value : Double(numbers[$0]) })
    case .floats(let numbers):
      return .numbers(
        try Pieces.map(count) {
          values.isNull(at: $0) ? MissingNumber.value : MissingNumber.present(Double(numbers[$0]))
        })
    case .doubles(let numbers):
      return .numbers(
        try Pieces.map(count) { values.isNull(at: $0) ? MissingNumber.value : MissingNumber.present(numbers[$0]) })
    case .booleans(let bools):
      return .bools(try Pieces.map(count) { values.isNull(at: $0) ? Column.missingBool : bools[$0] ? 1 : 0 })
    case .texts(let texts) where !values.isJSON:
      var packed = PackedTexts(capacity: count)
      try Pieces.forEach(count) { for place in $0 { packed.append(values.isNull(at: place) ? nil : texts[place]) } }
      return .texts(packed)
    default: return try Column(count: count) { Value(data: values[$0].json) }
    }
  }

  /// What is to be told of columns that stand as JSON in texts; nil where there are none.
  static func noteOfTexts(in table: Table) throws -> String? {
    let names = try zip(table.names, table.columns).filter { name, column in
      // Pictures never stand there as such.
      guard case .values(let values) = column, !values.contains(where: { DataValue.holdsPictures($0) }) else {
        return false
      }
      return try field(name, try self.values(values, name)) == nil
    }.map { Display.quoted($0.0) }
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
    return
      "\(names.count == 1 ? "the column" : "the columns") \(shown) \(names.count == 1 ? "stands" : "stand") there as texts of JSON"
  }

  /// The column of lists, structures or other values that holds all of some; nil where no type of parquet does.
  private static func field(
    _ name: String, _ values: [ParquetValue?], hasPictures: Bool = false
  ) throws(Stopped) -> ParquetField? {
    var shape = ParquetShape(longNumbers: true)
    for value in values {
      try Safepoint.check(after: 100)
      shape.add(value)
    }
    return shape.field(named: name, fillsAbsences: hasPictures)
  }

  /// The values of a column as parquet has them, pictures as files; nil for a number beyond those of parquet.
  private static func values(_ values: [Value], _ name: String) throws -> [ParquetValue?] {
    try Pieces.map(values.count) { row in
      try Safepoint.check(after: 100)
      return try TableFile.placed(column: name, row: row) { try DataValue(values[row], named: "").parquet }
    }
  }

  /// Writes a table; whole numbers as such, lists and maps as lists and structures, and values that no one type holds as texts of JSON,
  /// which the caller tells of.
  static func write(_ table: Table, to path: String) throws {
    var (fields, values) = ([ParquetField](), [ParquetRows]())
    try Safepoint.reserve(24, times: table.count, table.columns.count, for: "a parquet file")
    for (name, column) in zip(table.names, table.columns) {
      switch column {
      case .numbers(let numbers):
        if numbers.allSatisfy({
          MissingNumber.isMissing($0)
            || abs($0) < 0x1p53 && $0 == $0.rounded(.towardZero) && ($0 != 0 || $0.sign == .plus)
        }),
          !column.isEmpty
        {
          fields.append(.integer(name))
          values.append(.integers(try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? nil : Int($0) }))
        } else {
          fields.append(.number(name))
          values.append(.numbers(try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? nil : $0 }))
        }
      case .bools(let bools):
        fields.append(.boolean(name))
        values.append(.booleans(try Pieces.filled(from: bools) { $0 == Column.missingBool ? nil : $0 == 1 }))
      case .texts(let texts):
        fields.append(.text(name))
        // A dictionary is worth it where texts stand several times, and is read whole.
        if texts.entryCount > 0, 2 * texts.entryCount < texts.count, texts.bytes.count < 1 << 20 {
          values.append(
            .words(try Pieces.map(texts.entryCount) { texts.text(ofEntry: $0) }, codes: texts.codes))
        } else {
          values.append(.texts(try Pieces.map(texts.count) { texts[$0] }))
        }
      case .values(let others):
        let found = try self.values(others, name)
        let hasPictures = others.contains { DataValue.holdsPictures($0) }
        let field = try field(name, found, hasPictures: hasPictures)
        if field == nil, hasPictures {
          throw ScriptError(
            .value,
            "the column \(Display.quoted(name)) is not saved: it holds pictures and other values, which no column of a "
              + "file holds together", help: "`drop(t, \(Display.quoted(name)))` leaves the column out")
        }
        fields.append(field ?? .json(name))
        values.append(
          field == nil
            ? .texts(
              try Pieces.map(others.count) {
                others[$0].isNil
                  ? nil : String(decoding: try TableFile.json(others[$0], column: name, row: $0), as: UTF8.self)
              }) : .values(found.map { $0 ?? .null }))
      }
    }
    try Safepoint.check()
    let writer = try ParquetWriter(to: path, columns: fields, compression: .snappy)
    // Groups that readers take at once.
    let size = 1 << 20
    for start in stride(from: 0, to: table.count, by: size) {
      try Safepoint.check()
      try writer.append(values.map { $0.part(start..<min(start + size, table.count)) })
    }
    try writer.finish()
  }
}

extension ParquetRows {
  fileprivate func part(_ range: Range<Int>) -> ParquetRows {
    if range == 0..<count { return self }
    return switch self {
    case .texts(let values): .texts(Array(values[range]))
    case .words(let words, let codes): .words(words, codes: Array(codes[range]))
    case .integers(let values): .integers(Array(values[range]))
    case .numbers(let values): .numbers(Array(values[range]))
    case .booleans(let values): .booleans(Array(values[range]))
    case .values(let values): .values(Array(values[range]))
    case .ids: self
    }
  }
}
