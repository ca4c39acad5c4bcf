import Formats
import PixelScript
import Safepoint

/// Takes a table apart into the panels and series that the options ask for.
struct TableReader {
  /// A series before it is drawn.
  struct Series {
    var name: String
    /// The column of its heights.
    var column: String
    /// The value of the column by which it has its color.
    var group: String?
    var color: Int
    var dash: Chart.Dash
    var x: [Double]?
    var y: [Double]
    var low: [Double] = []
    var high: [Double] = []
  }

  /// A panel before it is drawn.
  struct Part {
    var title = ""
    var yLabel = ""
    /// Whether its numbers are seconds since the start of 1970.
    var isTime = false
    var series: [Series] = []
  }

  let table: Table
  let options: PlotOptions
  private(set) var xLabel = ""
  private(set) var places = PlotPlaces.none
  /// The columns to plot, those of one measure together.
  private var measures: [(label: String, columns: [(name: String, short: String)])] = []
  private var dashes: [Chart.Dash]? = []
  private var errorColumns: [String] = []
  /// The column each value of which has a line of its own within a series.
  var pieces: String?

  /// The columns of which something is drawn.
  var drawn: [String] { measures.flatMap(\.columns).map(\.name) + errorColumns }

  /// Whether columns tell how far error bars reach, and not numbers.
  var hasErrorColumns: Bool { !errorColumns.isEmpty }

  init(_ table: Table, _ options: PlotOptions) { (self.table, self.options) = (table, options) }

  private static let dashOrder: [Chart.Dash] = [.solid, .dashed, .dotted, .dashdot]

  /// Decides which columns are drawn along which.
  ///
  /// `note` hears of columns that nothing is drawn of.
  mutating func choose(_ note: (String) -> Void) throws {
    dashes = try options.dashesByHand { table[$0] != nil }
    let keys = [options.by, options.panel].compactMap { $0 } + (dashes == nil ? options.dash?.elements ?? [] : [])
    if let error = try String.convert(options.error).map({ [$0] }) ?? [String].convert(options.error) {
      errorColumns = error
    }
    try choosePlaces(keys)
    let taken = Set(keys + errorColumns + [xLabel])
    let right = options.right?.elements ?? []
    for name in right { _ = try numbers(name, "right") }
    if let names = try String.convert(options.y).map({ [$0] }) ?? [String].convert(options.y) {
      for name in names { _ = try numbers(name, "y") }
      if let other = names.first(where: { areTimes($0) != areTimes(names[0]) }) {
        throw ScriptError(
          .type,
          "dates and numbers have no axis in common, as \(Display.quoted(names[0])) and \(Display.quoted(other))",
          argument: "y")
      }
      let all = names + right.filter { !names.containsExactly($0) }
      measures = [(all.count == 1 ? all[0] : "", all.map { ($0, $0) })]
    } else if !options.y.isNil {
      throw ScriptError(
        .type, "`plot` expects `y` to be a column or a list of columns, found \(options.y.echo)", argument: "y")
    } else {
      let ofNumbers = zip(table.names, table.columns).filter { name, column in
        !taken.contains(name) && column.asNumbers != nil
      }
      let told = ofNumbers.filter { !($1.asNumbers ?? []).allSatisfy(\.isNaN) }
      // Without any number the axes are empty, as those of an empty list.
      let numeric = (told.isEmpty ? ofNumbers : told).map(\.0)
      measures = right.isEmpty ? Self.measures(numeric) : [("", numeric.map { ($0, $0) })]
      let idle = zip(table.names, table.columns).filter { name, column in
        if taken.contains(name) || numeric.contains(name) || column.isMixed { return false }
        if case .values = column { return true }
        return column.asNumbers != nil
      }
      if let (name, column) = idle.first, measures.count == 1, measures[0].columns.count == numeric.count,
        !numeric.isEmpty
      {
        let names = idle.prefix(6).map { Display.quoted($0.0) }.joined(separator: ", ")
        note(
          idle.count == 1
            ? "not drawn: \(Display.quoted(name)), "
              + (column.isEmpty ? "which has no numbers" : "a column of \(column.contents)")
            : "not drawn: \(names)\(idle.count > 6 ? " and \(idle.count - 6) more" : ""), which have no numbers")
      }
    }
    // A column of numbers and others is not left out in silence.
    if options.y.isNil,
      let (name, column) = zip(table.names, table.columns).first(where: { name, column in
        !taken.contains(name) && column.isMixed
      })
    {
      throw ScriptError(
        .type, "the column \(Display.quoted(name)) is not of numbers but of \(column.contents)",
        help: "`y:` names the columns to plot", argument: "data")
    }
    guard measures.contains(where: { !$0.columns.isEmpty }) else {
      let columns = zip(table.names, table.columns).filter { !taken.contains($0.0) && !$0.1.isEmpty }.prefix(4).map {
        "\(Display.quoted($0)) is of \($1.contents)"
      }
      throw ScriptError(
        .value, "there are no numbers to plot" + (columns.isEmpty ? "" : ": \(columns.joined(separator: ", "))"),
        argument: "data")
    }
    guard errorColumns.isEmpty || errorColumns.count == measures[0].columns.count || errorColumns.count == 1 else {
      throw ScriptError(
        .value, "error names \(errorColumns.count) columns for \(measures[0].columns.count)", argument: "error")
    }
    for name in errorColumns {
      try ChartBuilder.check(try numbers(name, "error"), of: "in row") { "\($0) of \(Display.quoted(name))" }
    }
  }

  private mutating func choosePlaces(_ keys: [String]) throws {
    let mark = options.mark(0)
    if let name = String.convert(options.x) {
      places = try PlotPlaces(try table.column(name, argument: "x"), hasTimes: options.hasTimes)
      xLabel = name
    } else if !options.x.isNil {
      guard let column = try ColumnInput.severalValues(options.x), column.count == table.count else {
        throw ScriptError(
          .value, "`x` is a column or a list of \(table.count) values, found \(describe(options.x))", argument: "x")
      }
      places = try PlotPlaces(column, hasTimes: options.hasTimes)
    } else if mark == .histogram {
      return
    } else if mark != .box, let name = table.names.first(where: { ["epoch", "step", "x"].contains($0) }),
      !keys.contains(name)
    {
      places = try PlotPlaces(try table.column(name), hasTimes: options.hasTimes)
      xLabel = name
    } else if mark == .bars,
      let place = zip(table.names, table.columns).first(where: { name, column in
        if case .texts = column { !keys.contains(name) } else { false }
      })
    {
      places = try PlotPlaces(place.1, hasTimes: false)
      xLabel = place.0
    } else if mark == .box, let by = options.by {
      places = try PlotPlaces(.texts(try Self.texts(try table.column(by, argument: "by"))), hasTimes: false)
      xLabel = by
    }
    if let mark = options.markSideBySide { places = try places.sideBySide(mark) }
  }

  private static func texts(_ column: Column) throws -> PackedTexts {
    var texts = PackedTexts(capacity: column.count)
    try Pieces.forEach(column.count) { piece in
      for place in piece { texts.append(column.isMissing(at: place) ? nil : column[place].description) }
    }
    return texts
  }

  /// A history has several measures, each of training and test; other columns are drawn together.
  private static func measures(_ columns: [String]) -> [(label: String, columns: [(name: String, short: String)])] {
    var measures: [(label: String, columns: [(name: String, short: String)])] = []
    for measure in ["loss", "accuracy", "f1"] {
      let found = ["train", "test"].filter { columns.contains("\($0)_\(measure)") }
      if !found.isEmpty { measures.append((measure, found.map { ("\($0)_\(measure)", $0) })) }
    }
    if !measures.isEmpty { return measures }
    return [(columns.count == 1 ? columns[0] : "", columns.map { ($0, $0) })]
  }

  private func numbers(_ name: String, _ argument: String) throws -> [Double] {
    let column = try table.column(name, argument: argument)
    if let numbers = column.asNumbers { return numbers }
    if argument == "y", options.heightsMayBeTimes, let times = try PlotPlaces.moments(column) { return times }
    throw ScriptError(
      .type, "the column \(Display.quoted(name)) is not of numbers but of \(column.contents)",
      help: options.isHorizontal && argument == "y" ? "`x` has the names also where bars lie, `y` the numbers" : nil,
      argument: argument)
  }

  /// Whether a column that is drawn holds dates.
  private func areTimes(_ name: String) -> Bool {
    guard let column = table[name], case .texts = column else { return false }
    return column.asNumbers == nil
  }

  /// The panels with their series.
  func parts() throws -> [Part] {
    let panels = try groups(options.panel, "panel")
    // Boxes beside each other are told apart by their place.
    let colors = try groups(options.mark(0) == .box && options.x.isNil ? nil : options.by, "by")
    let dashKeys = try dashes == nil ? groups(options.dash?.elements.first, "dash") : nil
    var columns: [ExactText: [Double]] = [:]
    for name in measures.flatMap(\.columns).map(\.name) + errorColumns {
      columns[ExactText(name)] = try numbers(name, "y")
    }
    let x = places.numbers
    let pieces = try pieces.flatMap { table[$0] }.map { try RowKeys([$0], rows: table.count).codes }
    var parts: [Part] = []
    for panel in 0..<(panels?.names.count ?? 1) {
      for measure in measures {
        var part = Part()
        part.yLabel = measure.label
        part.isTime = measure.columns.first.map { areTimes($0.name) } ?? false
        part.title = panels?.names[panel] ?? ""
        for color in 0..<(colors?.names.count ?? 1) {
          for dash in 0..<(dashKeys?.names.count ?? 1) {
            let all = try rows([(panels, panel), (colors, color), (dashKeys, dash)])
            if let all, all.isEmpty { continue }
            for (place, column) in measure.columns.enumerated() {
              try Safepoint.check()
              let isMany = measure.columns.count > 1
              let names = [
                colors?.names[color], options.dash?.elements.first == options.by ? nil : dashKeys?.names[dash],
                isMany || colors == nil && dashKeys == nil ? column.short : nil,
              ]
              let values = columns[ExactText(column.name)] ?? []
              func picked(_ numbers: [Double]) throws -> [Double] {
                if let pieces { return Self.apart(numbers, all ?? Array(0..<table.count), pieces) }
                guard let all else { return numbers }
                return try Pieces.map(all.count) { numbers[all[$0]] }
              }
              var series = Series(
                name: names.compactMap { $0 }.joined(separator: " "), column: column.name, group: colors?.names[color],
                color: color,
                dash: dashKeys == nil ? .solid : Self.dashOrder[dash % 4], x: try x.map(picked), y: try picked(values))
              // Columns beside each other differ in color, or within the colors of groups in dashes.
              if isMany {
                if colors == nil {
                  series.color = place
                } else if dashKeys == nil {
                  series.dash = Self.dashOrder[place % 4]
                }
              }
              if let dashes, !dashes.isEmpty { series.dash = dashes[part.series.count % dashes.count] }
              if !errorColumns.isEmpty {
                let reach = try picked(columns[ExactText(errorColumns[errorColumns.count == 1 ? 0 : place])] ?? [])
                series.low = zip(series.y, reach).map { $0 - $1 }
                series.high = zip(series.y, reach).map { $0 + $1 }
              }
              part.series.append(series)
            }
          }
        }
        parts.append(part)
      }
    }
    return parts
  }

  /// The numbers of some rows with a gap wherever another piece begins.
  private static func apart(_ numbers: [Double], _ rows: [Int], _ pieces: [Int32]) -> [Double] {
    var apart: [Double] = []
    apart.reserveCapacity(rows.count)
    for (place, row) in rows.enumerated() {
      if place > 0, pieces[rows[place - 1]] != pieces[row] { apart.append(.nan) }
      apart.append(numbers[row])
    }
    return apart
  }

  private typealias Groups = (names: [String], codes: [Int32])

  /// The different values of a column, and which of them each row has.
  private func groups(_ name: String?, _ argument: String) throws -> Groups? {
    guard let name else { return nil }
    let column = try table.column(name, argument: argument)
    let keys = try RowKeys([column], rows: table.count)
    guard keys.count <= 500 else {
      throw ScriptError(
        .limit, "the column \(Display.quoted(name)) has \(keys.count) different values; at most 500 are told apart",
        argument: argument)
    }
    return (keys.firsts.map { column[$0].description }, keys.codes)
  }

  /// The rows that have some values; nil for all.
  private func rows(_ keys: [(groups: Groups?, code: Int)]) throws -> [Int]? {
    let wanted = keys.compactMap { key in key.groups.map { ($0.codes, Int32(key.code)) } }
    guard !wanted.isEmpty else { return nil }
    return try Pieces.places(table.count) { row in wanted.allSatisfy { codes, code in codes[row] == code } }
  }
}
