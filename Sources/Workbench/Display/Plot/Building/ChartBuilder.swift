import Formats
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// Makes a chart of what a script gives.
struct ChartBuilder {
  var options: PlotOptions
  /// Hears of what is not drawn as it was given.
  let note: (String) -> Void
  /// What has names, and a color by its name.
  let coloredNames = ColoredNames()
  /// The most panels of a plot.
  private static let panelLimit = 64

  init(_ options: PlotOptions, note: @escaping (String) -> Void = { _ in }) {
    (self.options, self.note) = (options, note)
  }

  /// The chart of a value; throws an error that tells what can be plotted.
  func chart(of data: Value) throws -> Chart {
    var chart = Chart()
    let isMade = isMade(data)
    if case .object(let plot as PlotObject) = data {
      chart = plot.chart
      if options.grid != .solid { chart.grid = options.grid }
      if options.theme != .light { chart.theme = options.theme }
      if options.legend != .right { chart.legend = options.legend }
    } else {
      chart.panels = try panels(of: data)
      (chart.grid, chart.theme, chart.legend) = (options.grid, options.theme, options.legend)
    }
    guard chart.panels.count <= Self.panelLimit else {
      throw ScriptError(
        .limit, "a plot has at most \(Self.panelLimit) panels, found \(chart.panels.count)", argument: "data")
    }
    chart.columns = options.columns ?? chart.columns
    chart.size = options.size ?? chart.size
    if !isMade || options.dpi != 300 { chart.dotsPerInch = options.dpi }
    chart.tellPanelsApart()
    try options.checkScopes(of: chart, isMade: isMade)
    try coloredNames.check(options.namedColors)
    let measures = chart.panels.map(\.y.label)
    for place in chart.panels.indices { try dress(&chart.panels[place], place) }
    try shareAxes(of: &chart, measures)
    if chart.panels.count == 1, !options.title.isEmpty {
      // What a plot that is made already, or a picture, is called by itself makes way.
      chart.panels[0].title = options.titles.first ?? options.title
      chart.title = options.titles.isEmpty ? "" : options.title
    } else if !options.title.isEmpty {
      chart.title = options.title
    }
    return chart
  }

  /// Whether a value is a plot, or a list of nothing else.
  private func isMade(_ data: Value, depth: Int = 0) -> Bool {
    switch data {
    case .object(let object): object is PlotObject
    case .list(let list) where depth < 8 && list.count > 0:
      list.values.prefix(Self.panelLimit).allSatisfy { isMade($0, depth: depth + 1) }
    default: false
    }
  }

  static func limits(
    _ value: Value, _ place: Int, _ argument: String, _ axis: Chart.Axis
  ) throws -> (Double?, Double?)? {
    guard case .list(let list) = value else {
      if value.isNil { return nil }
      throw ScriptError(.type, "\(argument) is a list of two numbers, found \(describe(value))", argument: argument)
    }
    if list.count > 0, list.values.allSatisfy({ if case .list = $0 { true } else { $0.isNil } }),
      list.values.contains(where: { !$0.isNil })
    {
      return try limits(list[min(place, list.count - 1)], place, argument, axis)
    }
    let ends = try [PlotMoment?].convert(value)?.map { try $0?.place(on: axis, argument) }
    guard let ends, ends.count == 2, ends[0] == nil || ends[0] != ends[1] else {
      throw ScriptError(
        .value, "\(argument) is a list of two different numbers, nil for what fits, found \(value.echo)",
        argument: argument)
    }
    guard !axis.isLogarithmic || ends.allSatisfy({ ($0 ?? 1) > 0 }) else {
      throw ScriptError(
        .value, "a logarithmic axis lies above 0, found \(argument) \(value.echo)", argument: argument)
    }
    return (ends[0], ends[1])
  }

  /// The panels of a value; lists of panels in lists are flattened, some levels deep.
  func panels(of data: Value, depth: Int = 0) throws -> [Chart.Panel] {
    guard depth < 8 else {
      throw ScriptError(
        .value, "lists of plots lie in each other too deep; does the list contain itself?", argument: "data")
    }
    switch data {
    case .object(let plot as PlotObject): return plot.chart.panels
    case .object(let table as TableObject): return try panels(of: table)
    case .object(let palette as PaletteObject): return [strip(palette)]
    case .object(let picture as any Pictured): return [try panel(of: picture)]
    case .map(let map): return try panels(of: map)
    case .list(let list) where list.count > 0:
      if case .map = list[0], list.values.allSatisfy({ if case .map = $0 { true } else { false } }),
        try !isMapOfLists(list[0])
      {
        return try panels(of: TableObject(try ColumnInput.table(data, nil)))
      }
      if try PlotNumbers(list[0]) == nil, try PlotNumbers.single(list[0]) == nil, isDrawable(list[0]) {
        var panels: [Chart.Panel] = []
        for (place, value) in list.values.enumerated() {
          try Safepoint.check()
          guard panels.count <= Self.panelLimit else { break }
          do { panels += try self.panels(of: value, depth: depth + 1) } catch var error as ScriptError {
            if depth == 0 { error.message = "panel \(place): " + error.message }
            throw error
          }
        }
        return panels
      }
    default: break
    }
    return [try panel(ofNumbers: data)]
  }

  private func isMapOfLists(_ value: Value) throws -> Bool {
    guard case .map(let map) = value else { return false }
    return try map.entries.contains { try PlotNumbers.single($0.value) == nil && PlotNumbers($0.value) != nil }
  }

  private func isDrawable(_ value: Value) -> Bool {
    switch value {
    case .object(let object):
      object is PlotObject || object is TableObject || object is any Pictured
        || (object as? TensorObject).map { $0.shape.count == 2 } ?? false
    case .map: true
    case .list(let list): list.count > 0 && { if case .list = list[0] { true } else { false } }()
    default: false
    }
  }

  private func panel(of picture: any Pictured) throws -> Chart.Panel {
    guard let image = try picture.picture else {
      throw ScriptError(.value, "the row has no picture", argument: "data")
    }
    var panel = Chart.Panel()
    panel.title = picture.caption
    try Safepoint.reserve(8, times: image.width, image.height, for: "a plot")
    panel.heat = Chart.Heat(
      rows: image.height, columns: image.width,
      colors: stride(from: 0, to: image.rgba.count, by: 4).map { place in
        image.rgba[place + 3] < 128 ? nil : ColorCode(image.rgba[place], image.rgba[place + 1], image.rgba[place + 2])
      })
    return panel
  }

  /// The colors of a palette side by side, with their names where they are few.
  private func strip(_ object: PaletteObject) -> Chart.Panel {
    let colors = object.palette.colors
    let columns = min(max(colors.count, 1), 32)
    let rows = (colors.count + columns - 1) / columns
    var panel = Chart.Panel()
    panel.title = object.name
    panel.heat = Chart.Heat(
      rows: rows, columns: columns,
      colors: colors.map { ColorCode($0.red, $0.green, $0.blue) }
        + [ColorCode?](repeating: nil, count: rows * columns - colors.count),
      columnNames: rows == 1 ? colors.map(\.hex) : [])
    return panel
  }
}
