import PixelScript
import Safepoint

extension Table {
  /// Rows that can stand behind the others as a table of their own: maps, or tables of several, this one itself among them.
  func rows(_ rows: [Value]) throws -> Table {
    var maps = MapRows()
    var parts: [Table] = []
    for row in rows {
      if case .object(let other as TableObject) = row {
        parts += [maps.table, other.table]
        maps = MapRows()
      } else if let map = try MapRows.map(of: row) {
        try maps.append(map)
      } else {
        throw ScriptError(
          .type, "a row of a table is a map, found \(describe(row))",
          help: "`push(t, {loss: 1})` adds a row, `push(t, other)` those of another table", argument: "rows")
      }
    }
    parts.append(maps.table)
    let more = try Table.joined(parts)
    for (name, column) in zip(more.names, more.columns) {
      guard let own = self[name], !column.isEmpty, !own.isEmpty else { continue }
      let found: String
      if case .values = own {
        guard let place = (0..<column.count).first(where: { !column.isMissing(at: $0) && !own.takes(column[$0]) })
        else { continue }
        found = describe(column[place])
      } else {
        if own.typeName == column.typeName { continue }
        found = column.contents
      }
      throw ScriptError(
        .type, "the column \(Display.quoted(name)) of \(own.contents) does not take \(found)",
        help: "`concat(t, table([row]))` makes a table whose columns hold both", argument: "rows")
    }
    return more
  }

  /// Adds what `rows` gave behind the others, all or none. What a row lacks is missing there, and a column that is new is missing in the
  /// rows before.
  mutating func append(_ more: Table) throws {
    let before = count
    if names.isEmpty {
      self = more
      return
    }
    try Safepoint.reserve(24, times: more.count, names.count, for: "rows of a table")
    // All columns grow or none does.
    try Safepoint.withoutWatch { try grow(more, from: before) }
  }

  private mutating func grow(_ more: Table, from before: Int) throws {
    for name in more.names where self[name] == nil { set(name, to: try Column(repeating: .nil, count: before)) }
    runs = runs?.picking(Array(0..<before) + Array(repeating: -1, count: more.count))
    count += more.count
    for place in names.indices {
      var column = columns[place]
      // The table lets go of it, so that it grows in place.
      columns[place] = .numbers([])
      defer { columns[place] = column }
      try column.append(try more[names[place]] ?? Column(repeating: .nil, count: more.count))
    }
  }
}

extension Column {
  /// Adds the values of a column of the same type, or of one without values, behind the others, in the time that these take.
  fileprivate mutating func append(_ more: Column) throws {
    try Safepoint.reserve(16, times: more.count, for: "a column")
    let count = more.count
    // One without values is of numbers whatever it stands beside.
    let isEmpty = more.isEmpty
    switch more {
    case .numbers(let others):
      if var numbers = takeNumbers() {
        numbers += others
        self = .numbers(numbers)
        return
      }
    case .bools(let others):
      if var bools = takeBools() {
        bools += others
        self = .bools(bools)
        return
      }
    case .texts(let others):
      if var texts = takeTexts() {
        defer { self = .texts(texts) }
        return try texts.append(contentsOf: others)
      }
    case .values: break
    }
    if var values = takeValues() {
      values += try Pieces.map(count) { more[$0] }
      self = .values(values)
    } else if isEmpty, var bools = takeBools() {
      bools += Array(repeating: Self.missingBool, count: count)
      self = .bools(bools)
    } else if isEmpty, var texts = takeTexts() {
      for _ in 0..<count { texts.append(nil) }
      self = .texts(texts)
    } else {
      self = try Column.joined([self, more])
    }
  }

  // What a column holds, which it lets go of, so that it grows in place; nil for a column of another type.

  private mutating func takeNumbers() -> [Double]? {
    guard case .numbers(let numbers) = self else { return nil }
    self = .numbers([])
    return numbers
  }

  private mutating func takeBools() -> [UInt8]? {
    guard case .bools(let bools) = self else { return nil }
    self = .numbers([])
    return bools
  }

  private mutating func takeTexts() -> PackedTexts? {
    guard case .texts(let texts) = self else { return nil }
    self = .numbers([])
    return texts
  }

  private mutating func takeValues() -> [Value]? {
    guard case .values(let values) = self else { return nil }
    self = .numbers([])
    return values
  }
}
