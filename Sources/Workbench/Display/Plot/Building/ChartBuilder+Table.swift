import PixelScript
import Safepoint

extension ChartBuilder {
  /// A map: numbers as bars with names, lists as series, tables or maps of lists side by side in one table.
  func panels(of map: ScriptMap) throws -> [Chart.Panel] {
    guard !map.entries.isEmpty else { throw ScriptError(.value, "there are no numbers to plot", argument: "data") }
    let singles = try map.entries.map { try PlotNumbers.single($0.value) }
    if singles.allSatisfy({ $0 != nil }) {
      var builder = self
      builder.setKind(.bars)
      let names = map.entries.map { $0.key.description }
      let places = PlotPlaces.names(names, of: names.indices.map { Double($0) })
      return [try builder.panel(of: [("", singles.compactMap { $0 })], places: places)]
    }
    if let table = try Self.stacked(map) {
      var builder = self
      builder.setGroup("name")
      return try builder.panels(of: TableObject(table))
    }
    var columns: [(name: String, column: Column)] = []
    for (key, value) in map.entries {
      guard let column = try ColumnInput.severalValues(value) else {
        throw ScriptError(
          .type,
          "`plot` expects numbers in a map of lists, found \(describe(value)) for \(Display.quoted(key.description))",
          argument: "data")
      }
      columns.append((key.description, column))
    }
    if Set(columns.map(\.column.count)).count == 1, Set(columns.map(\.name)).count == columns.count {
      return try panels(of: TableObject(Table(columns)))
    }
    // Lists of different lengths have no rows in common.
    return [
      try panel(
        of: try columns.map { (name, column) -> Named in
          guard let numbers = column.asNumbers else {
            throw ScriptError(
              .type, "`plot` expects numbers, found texts for \(Display.quoted(name))", argument: "data")
          }
          return (name, numbers)
        })
    ]
  }

  /// The rows of tables or maps of lists below each other, with the name of each; nil for other maps.
  private static func stacked(_ map: ScriptMap) throws -> Table? {
    var tables: [Table] = []
    for (key, value) in map.entries {
      var table: Table
      switch value {
      case .object(let object as TableObject): table = object.table
      case .map(let inner) where try inner.entries.allSatisfy({ try PlotNumbers($0.value) != nil }):
        table = try ColumnInput.table(value, nil)
      default: return nil
      }
      table = Table(
        zip(table.names, table.columns).filter { $0.0 != "name" && !$0.1.isEmpty }.map { ($0, $1) }, count: table.count)
      tables.append(table.setting("name", to: try Column(repeating: .string(key.description), count: table.count)))
    }
    return try Table.joined(tables)
  }

  private mutating func setKind(_ kind: Chart.Mark) {
    if options.kind == nil { self = ChartBuilder(options.with { $0.kind = OneOrMore(elements: [kind]) }) }
  }

  private mutating func setGroup(_ name: String) {
    if options.by == nil { self = ChartBuilder(options.with { $0.by = name }) }
  }

  /// The panels of a table: one for each value of the column `panel`, or for each measure of a history.
  func panels(of object: TableObject) throws -> [Chart.Panel] {
    // A table of runs has their curves beside it.
    let isGrouped = options.by != nil || options.panel != nil
    var table = object.table
    if case .object(let curves as TableObject)? = object.remark("curves") {
      let named =
        try (String.convert(options.x).map { [$0] } ?? []) + (OneOrMore<String>.convert(options.y)?.elements ?? [])
      let ofCurves = named.first { !table.names.contains($0) && curves.table.names.contains($0) }
      if isGrouped {
        table = curves.table
      } else if let ofCurves {
        throw ScriptError(
          .value, "a table of runs has a row a run; \(Display.quoted(ofCurves)) is a column of their curves",
          help: "by: \"name\" draws the curves, a line for each run", argument: "y")
      }
    }
    if options.kind?[0] == .heatmap { return [try heatmap(of: table)] }
    var reader = TableReader(table, options)
    try reader.choose()
    var panels: [Chart.Panel] = []
    let parts = try reader.parts()
    for part in parts {
      guard part.series.count <= Self.seriesLimit else {
        throw ScriptError(
          .limit, "a panel has at most \(Self.seriesLimit) series, found \(part.series.count)",
          argument: options.by == nil ? "data" : "by")
      }
      var panel = Chart.Panel()
      panel.title = part.title
      (panel.x.label, panel.y.label) = (reader.xLabel, part.yLabel)
      (panel.x.names, panel.x.isTime) = (reader.places.names, reader.places.isTime)
      for (place, one) in part.series.enumerated() {
        var series = Chart.Series()
        series.name = one.name
        series.mark = options.mark(place)
        series.tint = tint(one.color)
        series.dash = one.dash
        series.width = options.width
        (series.x, series.y, series.low, series.high) = (one.x, one.y, one.low, one.high)
        panel.series.append(series)
      }
      if let names = try options.texts()?.rows {
        try checkNames(names.count, parts.map(\.series.count).max() ?? 0)
        for place in panel.series.indices { panel.series[place].name = names[place] }
      }
      try finish(&panel)
      panels.append(panel)
    }
    return panels
  }
}

extension PlotOptions {
  /// The options with a change.
  func with(_ change: (inout PlotOptions) -> Void) -> PlotOptions {
    var options = self
    change(&options)
    return options
  }
}
