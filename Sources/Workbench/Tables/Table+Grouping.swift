import PixelScript
import Safepoint
import Tensors

extension Table {
  /// A row for each different set of values in the key columns, in their order: the keys, then `column_aggregate` for each aggregate
  /// asked for, then what functions make of each group's rows; the number of rows as `count` where nothing is asked for, or where
  /// `counting` says so.
  func grouped(
    by keys: [String], _ wanted: [(aggregate: Aggregate, column: String)],
    own: [(name: String, figure: (Table) throws -> Value)] = [], counting: Bool
  ) throws -> Table {
    let keyColumns = try keys.map { name throws(ScriptError) in try column(name, argument: "keys") }
    let groups = try RowKeys(keyColumns, rows: count)
    var table = Table(
      try zip(keys, keyColumns).map { ($0, try $1.picking(groups.firsts)) }, count: groups.count)
    if counting || wanted.isEmpty && own.isEmpty {
      var counts = [Double](repeating: 0, count: groups.count)
      for code in groups.codes { counts[Int(code)] += 1 }
      table = try table.adding("count", .numbers(counts))
    }
    for (aggregate, name) in wanted {
      let column = try column(name, argument: aggregate.rawValue)
      table = try table.adding("\(name)_\(aggregate.rawValue)", try aggregate.values(of: column, name, in: groups))
    }
    if !own.isEmpty {
      let (rows, starts) = try groups.grouped()
      let parts = try (0..<groups.count).map { try picking(Array(rows[starts[$0]..<starts[$0 + 1]])) }
      for (name, figure) in own {
        table = try table.adding(name, Column(count: groups.count) { ColumnInput.single(try figure(parts[$0])) })
      }
    }
    return try table.sorted(by: keys.filter { table.hasOrder($0) }.map { ($0, false) })
  }

  private func adding(_ name: String, _ column: Column) throws(ScriptError) -> Table {
    guard self[name] == nil else {
      throw ScriptError(
        .value, "the groups would have two columns \(Display.quoted(name))", help: "give one another name: `rename`")
    }
    return setting(name, to: column)
  }

  private func hasOrder(_ name: String) -> Bool { if case .values? = self[name] { false } else { true } }

  /// The rows in the order of columns.
  func sorted(by keys: [(name: String, descending: Bool)]) throws -> Table {
    let columns = try keys.map { key in
      (name: key.name, column: try column(key.name, argument: "by"), descending: key.descending)
    }
    return columns.isEmpty ? self : try picking(try RowOrder.places(columns, rows: count))
  }

  /// The rows whose values in some columns, or in all, were not there before.
  func unique(_ names: [String]) throws -> Table {
    let columns = try names.isEmpty ? columns : names.map { try column($0, argument: "columns") }
    return try picking(try RowKeys(columns, rows: count).firsts)
  }

  /// A row for each value of the row keys and a column for each value of the column `across`, with what `aggregate` makes of the
  /// column `values` there.
  func pivoted(rows keys: [String], across: String, values: String, _ aggregate: Aggregate) throws -> Table {
    let cells = try grouped(by: keys + [across], [(aggregate, values)], counting: false)
    let heads = try cells.column(across, argument: "columns")
    let rowKeys = try RowKeys(try keys.map { try cells.column($0) }, rows: cells.count)
    let columnKeys = try RowKeys([heads], rows: cells.count)
    let columnOrder =
      try cells.hasOrder(across)
      ? RowOrder.places([(across, try heads.picking(columnKeys.firsts), false)], rows: columnKeys.count)
      : Array(0..<columnKeys.count)
    try Safepoint.reserve(8, times: rowKeys.count, columnKeys.count, for: "a table")
    var places = [[Int]](repeating: Array(repeating: -1, count: rowKeys.count), count: columnKeys.count)
    try Pieces.forEach(cells.count) { piece in
      for cell in piece { places[Int(columnKeys.codes[cell])][Int(rowKeys.codes[cell])] = cell }
    }
    var table = Table(try keys.map { ($0, try cells.column($0).picking(rowKeys.firsts)) }, count: rowKeys.count)
    let figures = try cells.column("\(values)_\(aggregate.rawValue)")
    for code in columnOrder {
      let head = heads[columnKeys.firsts[code]].description
      guard table[head] == nil else {
        throw ScriptError(
          .value, "the pivot would have two columns \(Display.quoted(head))", argument: "columns")
      }
      table.set(head, to: try figures.picking(places[code]))
    }
    return table
  }

  /// A row for each column: what it holds, how many values are there and how many are different, and of numbers mean, standard
  /// deviation (n - 1), smallest, quartiles and largest.
  func described() throws -> Table {
    let names = [
      "column", "type", "count", "missing", "unique", "mean", "std", "min", "q25", "median", "q75", "max",
    ]
    let rows = try Parallel.map(columns.count, threads: Parallel.threads ?? 1) { index -> [Value] in
      let (name, all) = (self.names[index], columns[index])
      let present = try Pieces.places(count) { !all.isMissing(at: $0) }
      let column = try all.picking(present)
      let start: [Value] = [
        .string(name), .string(column.typeName), .number(present.count), .number(count - present.count),
      ]
      guard case .numbers(let numbers) = column, !numbers.isEmpty else {
        let unique = try RowKeys([column], rows: column.count).count
        return start + [.number(unique)] + Array(repeating: .nil, count: names.count - start.count - 1)
      }
      let whole = try RowKeys([], rows: numbers.count)
      func figure(_ aggregate: Aggregate) throws -> Value { try aggregate.values(of: column, name, in: whole)[0] }
      let places = try RowOrder.places([(name, column, false)], rows: numbers.count)
      let sorted = try Pieces.map(numbers.count) { numbers[places[$0]] }
      let hasNaN = sorted[sorted.count - 1].isNaN
      // Different ones follow each other; NaN, which comes last, is one of them.
      var unique = 1
      try Pieces.forEach(sorted.count - 1) { piece in
        for place in piece where sorted[place] != sorted[place + 1] && !sorted[place].isNaN { unique += 1 }
      }
      let quartiles = [0.25, 0.5, 0.75].map { Value.number(hasNaN ? .nan : Aggregate.quantile($0, ofSorted: sorted)) }
      return start + [.number(unique), try figure(.mean), try figure(.std), .number(sorted[0])] + quartiles
        + [.number(sorted[sorted.count - 1])]
    }
    return Table(names: names, rows: rows)
  }
}
