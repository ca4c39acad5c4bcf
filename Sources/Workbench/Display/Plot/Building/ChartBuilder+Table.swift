import PixelScript
import Safepoint

extension ChartBuilder {
  /// A map: numbers as bars with names, lists as series, tables or maps of lists side by side in one table.
  func panels(of map: ScriptMap) throws -> [Chart.Panel] {
    guard !map.entries.isEmpty else { throw ScriptError(.value, "there are no numbers to plot", argument: "data") }
    switch try Self.form(of: map) {
    case .number:
      var builder = self
      builder.setKind(.bars)
      let names = map.entries.map { $0.key.description }
      let places = PlotPlaces.names(names, of: names.indices.map { Double($0) })
      return [
        try builder.panel(
          of: [("", try map.entries.map { try PlotNumbers.single($0.value) ?? MissingNumber.value })], places: places)
      ]
    case .table:
      var builder = self
      builder.setGroup("name")
      return try builder.panels(of: TableObject(try Self.stacked(map)))
    case .numbers: break
    }
    var columns: [(name: String, column: Column)] = []
    for (key, value) in map.entries {
      guard let column = try ColumnInput.severalValues(value) else { continue }
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
              .type, "`plot` expects numbers, found \(column.contents) for \(Display.quoted(name))", argument: "data")
          }
          return (name, numbers)
        })
    ]
  }

  /// What stands for each key of a map that is plotted.
  private enum Form: String {
    case number
    case numbers = "list of numbers"
    case table

    /// Nil for what cannot be plotted; what is missing has no form.
    init?(_ value: Value) throws {
      switch value {
      case .object(is TableObject): self = .table
      case .map(let inner):
        guard try inner.entries.allSatisfy({ try ColumnInput.severalValues($0.value) != nil }) else { return nil }
        self = .table
      default:
        if try PlotNumbers.single(value) != nil {
          self = .number
        } else if try ColumnInput.severalValues(value) != nil {
          self = .numbers
        } else {
          return nil
        }
      }
    }
  }

  /// The form of all values of a map; throws an error that names the first that has another, or none.
  private static func form(of map: ScriptMap) throws -> Form {
    var (first, form): (String, Form?) = ("", nil)
    for (key, value) in map.entries where form == nil {
      form = try Form(value)
      first = Display.quoted(key.description)
    }
    for (key, value) in map.entries {
      let found = try Form(value)
      // A number may be missing.
      if let found, found == form { continue }
      if form == .number, value.isNil { continue }
      let culprit =
        if case .map(let inner) = value,
          let (name, wrong) = try inner.entries.first(where: { try ColumnInput.severalValues($0.value) == nil }),
          form == nil || form == .table
        { "a map with \(describe(wrong)) for \(Display.quoted(name.description))" } else { describe(value) }
      throw ScriptError(
        .type,
        "`plot` expects "
          + (form.map { "a \($0.rawValue) for each key, as for \(first)," }
            ?? "numbers, lists of them or tables in a map,")
          + " found \(culprit) for \(Display.quoted(key.description))", argument: "data")
    }
    return form ?? .number
  }

  /// The rows of tables or maps of lists below each other, with the name of each.
  private static func stacked(_ map: ScriptMap) throws -> Table {
    try Table.joined(
      map.entries.map { key, value in
        let table =
          if case .object(let object as TableObject) = value { object.table } else { try ColumnInput.table(value, nil) }
        let columns = zip(table.names, table.columns).filter { $0.0 != "name" && !$0.1.isEmpty }.map { ($0, $1) }
        return Table(columns, count: table.count).setting(
          "name", to: try Column(repeating: .string(key.description), count: table.count))
      })
  }

  private mutating func setKind(_ kind: Chart.Mark) {
    if options.kind == nil { options.kind = OneOrMore(elements: [kind]) }
  }

  private mutating func setGroup(_ name: String) {
    if options.by == nil { options.by = name }
  }

  /// The curves of a table of runs, where the options ask for these and not for its own columns.
  private func curves(of table: Table) throws -> Table? {
    guard let curves = try table.runs?.curves(of: table) else { return nil }
    let named =
      try (String.convert(options.x).map { [$0] } ?? []) + (OneOrMore<String>.convert(options.y)?.elements ?? [])
    let ofCurves = named.first { table[$0] == nil && curves[$0] != nil }
    let ofRuns = named.first { table[$0] != nil && curves[$0] == nil }
    let isGrouped = options.by != nil || options.panel != nil
    guard isGrouped, ofCurves == nil || ofRuns == nil else {
      guard let ofCurves else { return nil }
      throw ScriptError(
        .value, "a table of runs has a row a run; \(Display.quoted(ofCurves)) is a column of their curves",
        help: ofRuns.map { "\(Display.quoted($0)) is a column of runs alone, which their curves lack" }
          ?? "by: \"name\" draws the curves, a line for each run", argument: "y")
    }
    return ofRuns == nil ? curves : nil
  }

  /// The panels of a table: one for each value of the column `panel`, or for each measure of a history.
  func panels(of object: TableObject) throws -> [Chart.Panel] {
    // Runs of which nothing is asked draw their curves.
    if object.table.runs != nil, options.asksForNothing {
      var builder = self
      builder.setGroup("name")
      return try builder.panels(of: object)
    }
    let curves = try curves(of: object.table)
    let table = curves ?? object.table
    if options.kind?[0] == .heatmap { return [try heatmap(of: table)] }
    var reader = TableReader(table, options.countingColumns)
    try reader.choose(note)
    // The curves of several runs stay apart where they are told by something that they share.
    if curves != nil, options.band == nil { reader.pieces = "name" }
    var panels: [Chart.Panel] = []
    let parts = try reader.parts()
    if let repeats = try reader.noteOfRepeats(in: parts) { note(repeats) }
    if !reader.hasErrorColumns { try checkErrors(of: parts.flatMap(\.series).map(\.name), at: reader.places.names) }
    for part in parts {
      guard part.series.count <= Self.seriesLimit else {
        throw ScriptError(
          .limit, "a panel has at most \(Self.seriesLimit) series, found \(part.series.count)",
          argument: options.by == nil ? "data" : "by")
      }
      var panel = Chart.Panel()
      panel.title = part.title
      (panel.x.label, panel.y.label) = (reader.xLabel, part.yLabel)
      panel.y.isTime = part.isTime
      let places = reader.places
      (panel.x.names, panel.x.levels, panel.x.isTime) = (places.names, places.levels, places.isTime)
      for (place, one) in part.series.enumerated() {
        var series = Chart.Series()
        series.name = one.name
        series.mark = options.mark(place)
        series.tint = one.group.flatMap(tint(named:)) ?? tint(one.color)
        series.dash = one.dash
        (series.width, series.marker) = (options.width(place), options.marker(place))
        (series.x, series.y, series.low, series.high) = (one.x, one.y, one.low, one.high)
        series.isRight = options.right?.elements.containsExactly(one.column) ?? false
        if !reader.hasErrorColumns { try spread(&series, place, of: part.series.count, at: panel.x.names) }
        panel.series.append(series)
      }
      if let names = try options.texts()?.rows {
        try checkNames(names.count, parts.map(\.series.count).max() ?? 0)
        for place in panel.series.indices { panel.series[place].name = names[place] }
      }
      // The numbers of a histogram lie along its horizontal axis.
      if panel.series.allSatisfy({ $0.mark == .histogram }) {
        (panel.x.label, panel.y.label) = (part.yLabel, "")
      }
      try finish(&panel)
      try addRightAxis(to: &panel, of: part.series.map(\.column))
      panels.append(panel)
    }
    return panels
  }
}
