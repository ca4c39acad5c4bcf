import PixelScript
import Safepoint

extension OneOrMore: SpelledFreely where Element: SpelledFreely {}

/// One value or a list of them.
struct OneOrMore<Element: ScriptConvertible>: ScriptConvertible {
  let elements: [Element]

  static var scriptName: String { "\(Element.scriptName) or list of \(Element.scriptName)s" }
  static var choices: [String] { Element.choices }

  static func convert(_ value: Value) throws(Stopped) -> OneOrMore? {
    if let one = try Element.convert(value) { return OneOrMore(elements: [one]) }
    return try [Element].convert(value).map { OneOrMore(elements: $0) }
  }

  var scriptValue: Value { elements.count == 1 ? elements[0].scriptValue : .list(elements.map(\.scriptValue)) }

  /// The element for a place; the last one for those behind.
  subscript(place: Int) -> Element? { elements.isEmpty ? nil : elements[min(place, elements.count - 1)] }
}

/// What `plot` may be told beside the data.
struct PlotOptions {
  /// What the shaded band around a mean tells.
  enum Band: String, ScriptChoice {
    /// Standard deviation, standard error of the mean, lowest and highest.
    case sd, se, minmax
  }

  /// Which axes several panels have in common.
  enum SharedAxes: String, ScriptChoice {
    /// The horizontal one, the vertical one, both, none.
    case x, y, xy, none
  }

  /// Which axes are logarithmic.
  enum LogAxes: String, ScriptChoice {
    /// The horizontal one, the vertical one, both.
    case x, y, xy
  }

  var x = Value.nil
  var y = Value.nil
  var z: String?
  var by: String?
  var dash: OneOrMore<String>?
  var panel: String?
  var kind: OneOrMore<Chart.Mark>?
  var band: Band?
  var error = Value.nil
  var title = ""
  var titles: [String] = []
  var xlabel: OneOrMore<String>?
  var ylabel: OneOrMore<String>?
  var xlim = Value.nil
  var ylim = Value.nil
  var zlim = Value.nil
  var log: OneOrMore<LogAxes>?
  var right: OneOrMore<String>?
  var rightlabel: OneOrMore<String>?
  var rightlim = Value.nil
  var isRightLogarithmic = false
  var names = Value.nil
  var colors: OneOrMore<String>?
  var namedColors: [(name: String, color: String)] = []
  var width: OneOrMore<Double>?
  var marker: OneOrMore<ChartMarker>?
  var isStacked = false
  var isHorizontal = false
  var share: SharedAxes?
  var bins: Int?
  var numbers: Bool?
  var vlines: OneOrMore<PlotMoment>?
  var hlines: OneOrMore<PlotMoment>?
  var placedTexts: PlotTexts?
  var columns: Int?
  var legend = Chart.LegendPlace.right
  var grid = Chart.Grid.solid
  var theme = Chart.Theme.light
  var size: [Double]?
  var dpi = 300.0
}

extension PlotOptions {
  /// The parameters of `plot` behind the data.
  struct Parameters: CommandParameter {
    private let x = Parameter<Value>(
      "x", "the column, the numbers or the names along the horizontal axis", default: .nil, byName: true,
      completion: .column)
    private let y = Parameter<Value>(
      "y", "the column or columns to plot; numbers behind those that say where they lie, as in `plot(x, y)`",
      default: .nil,
      completion: .column)
    private let z = Parameter<String?>(
      "z", "of a heatmap from a table: the column that gives the colors", byName: true, completion: .column)
    private let by = Parameter<String?>(
      "by", "of a table: the column whose values get a color each", byName: true, completion: .column)
    private let dash = Parameter<OneOrMore<String>?>(
      "dash",
      "of a table: the column whose values get a dash, or points a sign, each; or \"solid\", \"dashed\", \"dotted\", \"dashdot\"",
      byName: true, completion: .column)
    private let panel = Parameter<String?>(
      "panel", "of a table: the column whose values get a panel each", byName: true, completion: .column)
    private let kind = Parameter<OneOrMore<Chart.Mark>?>(
      "kind", "how numbers are drawn, of all series or of each; lines when nothing is said", byName: true)
    private let band = Parameter<Band?>(
      "band", "draws the mean of all rows with one x, and a band: deviation, error of the mean, or extremes",
      byName: true)
    private let error = Parameter<Value>(
      "error",
      "how far a band or error bars reach up and down: a column, a number or a list of them; a list of these for each series",
      default: .nil, byName: true, completion: .column)
    private let title = Parameter<String>("title", "what to write above", default: "", byName: true)
    private let titles = Parameter<[String]>("titles", "what to write above each panel", default: [], byName: true)
    private let xlabel = Parameter<OneOrMore<String>?>(
      "xlabel", "what the horizontal axis shows, or of each panel", byName: true)
    private let ylabel = Parameter<OneOrMore<String>?>(
      "ylabel", "what the vertical axis shows, or of each panel", byName: true)
    private let xlim = Parameter<Value>(
      "xlim",
      "where the horizontal axis begins and ends, `[0, 10]`, or `[10, 0]` from right to left; nil for what fits",
      default: .nil, byName: true)
    private let ylim = Parameter<Value>(
      "ylim", "where the vertical axis begins and ends, or of each panel", default: .nil, byName: true)
    private let zlim = Parameter<Value>(
      "zlim",
      "of a heatmap: the numbers of the first and the last color, or of each panel; nil for the lowest and the highest",
      default: .nil, byName: true)
    private let log = Parameter<OneOrMore<LogAxes>?>("log", "which axes are logarithmic", byName: true)
    private let right = Parameter<OneOrMore<String>?>(
      "right", "the columns, or the series by their names, that have an axis of their own at the right", byName: true,
      aliases: ["secondary_y"], completion: .column)
    private let rightlabel = Parameter<OneOrMore<String>?>(
      "rightlabel", "what the axis at the right shows, or of each panel", byName: true)
    private let rightlim = Parameter<Value>(
      "rightlim", "where the axis at the right begins and ends, or of each panel", default: .nil, byName: true)
    private let rightlog = Parameter<Bool>(
      "rightlog", "whether the axis at the right is logarithmic", default: false, byName: true)
    private let names = Parameter<Value>(
      "names", "of series, bars, boxes or classes; of a heatmap also `[rows, columns]`", default: .nil, byName: true)
    private let colors = Parameter<SeriesColors?>(
      "colors",
      "of the series: names such as \"blue\", or six hexadecimal digits; a map has those of series, bars or boxes by name",
      byName: true)
    private let width = Parameter<OneOrMore<Double>?>(
      "width", "of lines or points, of all series or of each, in points of 1/72 inch", byName: true)
    private let marker = Parameter<OneOrMore<ChartMarker>?>(
      "marker",
      "the sign at each point of lines, or of points: \"disc\", \"square\", \"triangle\", \"diamond\", \"cross\", \"plus\", or as matplotlib \"o\", \"s\", \"^\", \"D\", \"x\", \"+\"",
      byName: true)
    private let stacked = Parameter<Bool>(
      "stacked", "whether the bars or areas of several series stand on each other", default: false, byName: true)
    private let horizontal = Parameter<Bool>(
      "horizontal", "whether bars, histograms or boxes go from left to right, with their names below each other",
      default: false, byName: true)
    private let share = Parameter<SharedAxes?>(
      "share", "which axes several panels have in common; those of `panel` both when nothing is said", byName: true)
    private let bins = Parameter<Int?>("bins", "the number of intervals of a histogram", byName: true)
    private let numbers = Parameter<Bool?>(
      "numbers", "whether the cells of a heatmap hold their numbers; where there is room when nothing is said",
      byName: true)
    private let vlines = Parameter<OneOrMore<PlotMoment>?>(
      "vlines", "where lines go from top to bottom: numbers, or dates on an axis of time", byName: true)
    private let hlines = Parameter<OneOrMore<PlotMoment>?>("hlines", "where lines go from left to right", byName: true)
    private let texts = Parameter<PlotTexts?>(
      "texts", "what to write at places of the plot: `[x, y, \"text\"]`, or a list of such", byName: true)
    private let columns = Parameter<Int?>("columns", "how many panels stand side by side", byName: true)
    private let legend = Parameter<Chart.LegendPlace>(
      "legend", "where the legend stands; \"none\" leaves out the colors beside a heatmap too", default: .right,
      byName: true)
    private let grid = Parameter<Chart.Grid>("grid", "how the lines across are drawn", default: .solid, byName: true)
    private let theme = Parameter<Chart.Theme>("theme", "the colors of the page", default: .light, byName: true)
    private let size = Parameter<[Double]?>("size", "width and height of the page in inches", byName: true)
    private let dpi = Parameter<Double>("dpi", "the pixels of an inch in a PNG", default: 300, byName: true)

    var signatures: [Signature] {
      [
        x.signature, y.signature, z.signature, by.signature, dash.signature, panel.signature, kind.signature,
        band.signature, error.signature, title.signature, titles.signature, xlabel.signature, ylabel.signature,
        xlim.signature, ylim.signature, zlim.signature, log.signature, right.signature, rightlabel.signature,
        rightlim.signature, rightlog.signature, names.signature, colors.signature,
        width.signature, marker.signature, stacked.signature, horizontal.signature, bins.signature, numbers.signature,
        vlines.signature, hlines.signature, texts.signature, columns.signature, share.signature, legend.signature,
        grid.signature, theme.signature, size.signature, dpi.signature,
      ]
    }

    func take(from arguments: inout ArgumentReader) throws -> PlotOptions {
      var options = PlotOptions()
      options.x = try x.take(from: &arguments)
      options.y = try y.take(from: &arguments)
      options.z = try z.take(from: &arguments)
      options.by = try by.take(from: &arguments)
      options.dash = try dash.take(from: &arguments)
      options.panel = try panel.take(from: &arguments)
      options.kind = try kind.take(from: &arguments)
      options.band = try band.take(from: &arguments)
      options.error = try error.take(from: &arguments)
      options.title = try title.take(from: &arguments)
      options.titles = try titles.take(from: &arguments)
      options.xlabel = try xlabel.take(from: &arguments)
      options.ylabel = try ylabel.take(from: &arguments)
      options.xlim = try xlim.take(from: &arguments)
      options.ylim = try ylim.take(from: &arguments)
      options.zlim = try zlim.take(from: &arguments)
      options.log = try log.take(from: &arguments)
      options.right = try right.take(from: &arguments)
      options.rightlabel = try rightlabel.take(from: &arguments)
      options.rightlim = try rightlim.take(from: &arguments)
      options.isRightLogarithmic = try rightlog.take(from: &arguments)
      options.names = try names.take(from: &arguments)
      let colors = try colors.take(from: &arguments)
      (options.colors, options.namedColors) = (colors?.inOrder, colors?.byName ?? [])
      options.width = try width.take(from: &arguments)
      options.marker = try marker.take(from: &arguments)
      options.isStacked = try stacked.take(from: &arguments)
      options.isHorizontal = try horizontal.take(from: &arguments)
      options.bins = try bins.take(from: &arguments)
      options.numbers = try numbers.take(from: &arguments)
      options.vlines = try vlines.take(from: &arguments)
      options.hlines = try hlines.take(from: &arguments)
      options.placedTexts = try texts.take(from: &arguments)
      options.columns = try columns.take(from: &arguments)
      options.share = try share.take(from: &arguments)
      options.legend = try legend.take(from: &arguments)
      options.grid = try grid.take(from: &arguments)
      options.theme = try theme.take(from: &arguments)
      options.size = try size.take(from: &arguments)
      options.dpi = try dpi.take(from: &arguments)
      try options.check()
      return options
    }
  }

  /// Whether nothing is said of what is drawn of a table, and how.
  var asksForNothing: Bool { x.isNil && y.isNil && z == nil && by == nil && panel == nil && kind == nil }

  /// The options of a histogram of columns that `x` names, the axis along which they lie, as those that `y` names; others as they are.
  var countingColumns: PlotOptions {
    guard areCountedColumns else { return self }
    var options = self
    (options.x, options.y) = (.nil, x)
    return options
  }

  /// Whether `x` names columns of which a histogram is made.
  var areCountedColumns: Bool {
    guard let kind, kind.elements.allSatisfy({ $0 == .histogram }), y.isNil else { return false }
    switch x {
    case .string: return true
    case .list(let list):
      return list.count > 0 && list.values.allSatisfy { if case .string = $0 { true } else { false } }
    default: return false
    }
  }

  /// The data and the options of `plot(x, y)`, which says first where the numbers lie along the horizontal axis, as matplotlib's does.
  func places(in data: Value) throws -> (data: Value, options: PlotOptions) {
    let areColumns = try String.convert(y) != nil || [String].convert(y)?.isEmpty == false
    guard !y.isNil, !areColumns, kind?[0] != .heatmap, try ColumnInput.severalValues(data) != nil else {
      return (data, self)
    }
    guard x.isNil else {
      throw ScriptError(
        .type, "`plot` got the places along the horizontal axis twice, by position and as `x`", argument: "x")
    }
    var options = self
    (options.x, options.y) = (data, .nil)
    return (y, options)
  }

  private func check() throws(ScriptError) {
    func need(_ isRight: Bool, _ message: String, _ argument: String) throws(ScriptError) {
      if !isRight { throw ScriptError(.value, message, argument: argument) }
    }
    if let size {
      try need(
        size.count == 2 && size.allSatisfy { $0 >= 0.5 && $0 <= 100 },
        "size is a width and a height from 0.5 to 100 inches, found \(size.scriptValue.echo)", "size")
    }
    try need(dpi >= 10 && dpi <= 2400, "dpi must be from 10 to 2400, found \(Display.text(of: dpi))", "dpi")
    if band != nil {
      try need(error.isNil, "`band` works out what `error` gives: a plot has one of them", "error")
    }
    for (name, isGiven) in [
      ("rightlabel", rightlabel != nil), ("rightlim", !rightlim.isNil), ("rightlog", isRightLogarithmic),
    ] where isGiven && right == nil {
      try need(false, "`\(name)` is about the axis of what `right` names, and nothing is", name)
    }
    if right != nil {
      try need(!isStacked, "what is stacked has one axis: leave `right` out", "right")
      try need(!isHorizontal, "what lies from left to right has one axis: leave `right` out", "right")
    }
    if let bins { try need((1...10_000).contains(bins), "bins must be from 1 to 10000, found \(bins)", "bins") }
    if let columns { try need(columns >= 1, "columns must be 1 or more, found \(columns)", "columns") }
    for width in width?.elements ?? [] {
      try need(
        width > 0 && width <= 100, "width must be above 0 and at most 100, found \(Display.text(of: width))", "width")
    }
    let counts = [
      ("vlines", vlines?.elements.count ?? 0), ("hlines", hlines?.elements.count ?? 0),
      ("texts", placedTexts?.all.count ?? 0),
    ]
    for (name, count) in counts { try need(count <= 1000, "a plot has at most 1000 \(name), found \(count)", name) }
    for color in (colors?.elements ?? []) + namedColors.map(\.color) where ChartColors.named(color) == nil {
      let near = Suggestion.best(for: color, in: ChartColors.names.keys.sorted())
      throw ScriptError(
        .value, "there is no color \(Display.quoted(color))",
        help: near.map { "did you mean \(Display.quoted($0))?" }
          ?? "colors are six hexadecimal digits, or \(ChartColors.names.keys.sorted().joined(separator: ", "))",
        argument: "colors")
    }
  }

  /// The dashes that were given by name; nil when `dash` names a column.
  func dashesByHand(hasColumn: (String) -> Bool) throws(ScriptError) -> [Chart.Dash]? {
    guard let dash else { return [] }
    var dashes: [Chart.Dash] = []
    for name in dash.elements {
      guard let known = Chart.Dash(rawValue: name) else {
        if dash.elements.count == 1, hasColumn(name) { return nil }
        throw ScriptError(
          .value, "a dash is a column or one of solid, dashed, dotted, dashdot, found \(Display.quoted(name))",
          argument: "dash")
      }
      dashes.append(known)
    }
    return dashes
  }

  /// Whether heights may be dates, which have no distance from 0.
  var heightsMayBeTimes: Bool {
    (kind?.elements ?? [.line]).allSatisfy { [.line, .scatter, .histogram, .box].contains($0) }
  }

  /// Whether dates along the horizontal axis are moments rather than names: bars and boxes stand beside each other.
  var hasTimes: Bool { markSideBySide == nil }

  /// The mark of what stands side by side, bars or boxes; nil where nothing does.
  var markSideBySide: Chart.Mark? { kind?.elements.first { $0 == .bars || $0 == .box } }

  /// The mark of the series at a place.
  func mark(_ place: Int) -> Chart.Mark { kind?[place] ?? .line }

  /// The sign of the series at a place; those behind the last that was given begin again.
  func marker(_ place: Int) -> ChartMarker? {
    guard let markers = marker?.elements, !markers.isEmpty else { return nil }
    return markers[place % markers.count]
  }

  /// The width of the series at a place; those behind the last that was given begin again.
  func width(_ place: Int) -> Double? {
    guard let widths = width?.elements, !widths.isEmpty else { return nil }
    return widths[place % widths.count]
  }

  /// The names as texts, in one list or in two.
  func texts() throws -> (rows: [String], columns: [String])? {
    func text(_ value: Value) -> String { String.convert(value) ?? value.description }
    func texts(_ count: Int, _ text: (Int) -> String) throws -> [String] {
      try Safepoint.reserve(32, times: count, for: "a list of names")
      return try (0..<count).map { place in
        try Safepoint.check(after: 100)
        return text(place)
      }
    }
    func list(_ value: Value) throws -> [String]? {
      switch value {
      case .list(let list): try texts(list.count) { text(list[$0]) }
      case .range(let range): try texts(range.count) { Display.text(of: range[$0]) }
      case .object(let list as any ListLike): try texts(list.listCount) { text(list.listElement(at: $0)) }
      default: nil
      }
    }
    if names.isNil { return nil }
    if case .list(let both) = names, both.count == 2, let rows = try list(both[0]), let columns = try list(both[1]) {
      return (rows, columns)
    }
    let one = try list(names) ?? [text(names)]
    return (one, one)
  }
}
