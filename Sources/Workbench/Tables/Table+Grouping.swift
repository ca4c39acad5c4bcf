import PixelScript
import Safepoint
import Tensors

extension Table {
  /// What the values of a column become.
  enum ColumnFigure {
    case aggregate(Aggregate)
    /// The number below which a share of them lies.
    case quantile(Double)

    /// What it is called behind the name of the column.
    var name: String {
      switch self {
      case .aggregate(let aggregate): aggregate.rawValue
      case .quantile(let share): "q" + Display.text(of: (share * 1e12).rounded() / 1e10)
      }
    }

    /// The argument that asks for it.
    var argument: String { if case .aggregate(let aggregate) = self { aggregate.rawValue } else { "quantile" } }

    fileprivate func values(
      of column: Column, _ name: String, in groups: RowKeys, _ figures: inout GroupFigures?
    ) throws -> Column {
      switch self {
      case .aggregate(let aggregate): return try aggregate.values(of: column, name, in: groups, &figures)
      case .quantile(let share):
        let own = try figures ?? GroupFigures(try column.numbers(called: name, for: argument), groups)
        figures = own
        return .numbers(try own.quantiles(share))
      }
    }
  }

  /// A figure of the rows of a group.
  enum GroupFigure {
    /// The number of rows, as `count`.
    case count
    /// What the values of a column become, as `column_figure`.
    case column(String, ColumnFigure)
    /// What a function makes of a table of the rows, under a name.
    case own(String, (Table) throws -> Value)
  }

  /// A row for each different set of values in the key columns, in their order: the keys, then the figures that are wanted; the number of
  /// rows where none is.
  func grouped(by keys: [String], _ wanted: [GroupFigure]) throws -> Table {
    let keyColumns = try keys.map { name throws(ScriptError) in try column(name, argument: "keys") }
    let groups = try RowKeys(keyColumns, rows: count)
    var table = Table(
      try zip(keys, keyColumns).map { ($0, try $1.picking(groups.firsts)) }, count: groups.count)
    var columns = ArraySlice(
      try figures(
        wanted.compactMap { if case .column(let name, let figure) = $0 { (name, figure) } else { nil } }, in: groups))
    var parts: [Table]?
    for figure in wanted.isEmpty ? [.count] : wanted {
      switch figure {
      case .count: table = try table.adding("count", .numbers(try groups.counts().map(Double.init)))
      case .column(let name, let figure): table = try table.adding("\(name)_\(figure.name)", columns.removeFirst())
      case .own(let name, let figure):
        let tables = try parts ?? self.parts(of: groups)
        parts = tables
        table = try table.adding(name, Column(count: groups.count) { try figure(tables[$0]) })
      }
    }
    table.keys = Keys(rows: keys, columns: [])
    return try table.sorted(by: keys.filter { table.hasOrder($0) }.map { ($0, false) })
  }

  /// Figures of columns for each group; those of one column share what they have in common.
  private func figures(_ wanted: [(column: String, figure: ColumnFigure)], in groups: RowKeys) throws -> [Column] {
    var places: [ExactText: [Int]] = [:]
    for (place, one) in wanted.enumerated() { places[ExactText(one.column), default: []].append(place) }
    let ofColumns = places.values.sorted { $0[0] < $1[0] }
    let made = try Parallel.map(ofColumns.count, threads: Parallel.available) { number -> [Column] in
      var shared: GroupFigures?
      return try ofColumns[number].map { place in
        let (name, figure) = wanted[place]
        return try figure.values(of: try column(name, argument: figure.argument), name, in: groups, &shared)
      }
    }
    let found = zip(ofColumns, made).flatMap { zip($0, $1) }.sorted { $0.0 < $1.0 }
    return found.map(\.1)
  }

  /// The rows of each group as a table.
  private func parts(of groups: RowKeys) throws -> [Table] {
    let (rows, starts) = try groups.grouped()
    return try (0..<groups.count).map { try picking(Array(rows[starts[$0]..<starts[$0 + 1]])) }
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

  /// A row for each value of the row keys and a column for each set of values of the columns `across`, with what `aggregate` makes of the
  /// column `values` there, or without one how many rows there are.
  func pivoted(rows keys: [String], across: [String], values: String?, _ aggregate: Aggregate) throws -> Table {
    let cells = try grouped(by: keys + across, [values.map { .column($0, .aggregate(aggregate)) } ?? .count])
    let heads = try across.map { name throws(ScriptError) in try cells.column(name, argument: "columns") }
    let rowKeys = try RowKeys(try keys.map { try cells.column($0) }, rows: cells.count)
    let columnKeys = try RowKeys(heads, rows: cells.count)
    let columnOrder = try RowOrder.places(
      try zip(across, heads).filter { cells.hasOrder($0.0) }.map { name, head in
        (name: name, column: try head.picking(columnKeys.firsts), descending: false)
      }, rows: columnKeys.count)
    try Safepoint.reserve(8, times: rowKeys.count, columnKeys.count, for: "a table")
    var places = [[Int]](repeating: Array(repeating: -1, count: rowKeys.count), count: columnKeys.count)
    try Pieces.forEach(cells.count) { piece in
      for cell in piece { places[Int(columnKeys.codes[cell])][Int(rowKeys.codes[cell])] = cell }
    }
    var table = Table(try keys.map { ($0, try cells.column($0).picking(rowKeys.firsts)) }, count: rowKeys.count)
    let figures = cells.columns[cells.columns.count - 1]
    for code in columnOrder {
      let head = heads.map { $0[columnKeys.firsts[code]].description }.joined(separator: "_")
      guard table[head] == nil else {
        throw ScriptError(
          .value, "the pivot would have two columns \(Display.quoted(head))", argument: "columns")
      }
      let column = try figures.picking(places[code])
      table.set(head, to: values == nil ? try column.filled(with: .number(0), called: head) : column)
    }
    table.keys = Keys(rows: keys, columns: across)
    return table
  }

  /// A row for each column: what it holds, how many values are there and how many are different, and of numbers mean, standard
  /// deviation (n - 1), smallest, quartiles and largest.
  func described() throws -> Table {
    let names = [
      "column", "type", "count", "missing", "unique", "mean", "std", "min", "q25", "median", "q75", "max",
    ]
    let rows = try Parallel.map(columns.count, threads: Parallel.available) { index -> [Value] in
      let (name, column) = (self.names[index], columns[index])
      func head(_ present: Int) -> [Value] {
        [.string(name), .string(column.typeName), .number(present), .number(count - present)]
      }
      guard case .numbers(let numbers) = column else {
        let keys = try RowKeys([column], rows: count)
        let missing = zip(try keys.counts(), keys.firsts).first { column.isMissing(at: $1) }?.0
        let told = head(count - (missing ?? 0)) + [.number(keys.count - (missing == nil ? 0 : 1))]
        return told + Array(repeating: .nil, count: names.count - told.count)
      }
      let sorted = try RowOrder.sorted(try Self.present(numbers))
      guard let low = sorted.first, let last = sorted.last else {
        return head(0) + [.number(0)] + Array(repeating: .nil, count: names.count - 5)
      }
      // Different ones follow each other; NaN, which comes last, is one of them.
      var unique = 1
      try Pieces.forEach(sorted.count - 1) { piece in
        for place in piece where sorted[place] != sorted[place + 1] && !sorted[place].isNaN { unique += 1 }
      }
      let quartiles = [0.25, 0.5, 0.75].map { Quantile.of(sorted, $0) }
      let high = sorted.last { !$0.isNaN } ?? last
      let figures = NumberFigures(numbers)
      let found =
        [try figures.mean(), try figures.deviation(), low]
        + (last.isNaN ? [.nan, .nan, .nan] : quartiles) + [high]
      return head(sorted.count) + [.number(unique)] + found.map { Column.numbers([$0])[0] }
    }
    var table = Table(names: names, rows: rows)
    table.look = .figures
    return table
  }

  private static func present(_ numbers: [Double]) throws -> [Double] {
    var present: [Double] = []
    try Safepoint.reserve(8, times: numbers.count, for: "a column")
    present.reserveCapacity(numbers.count)
    try Pieces.forEach(numbers.count) { piece in
      for place in piece where !MissingNumber.isMissing(numbers[place]) { present.append(numbers[place]) }
    }
    return present
  }
}
