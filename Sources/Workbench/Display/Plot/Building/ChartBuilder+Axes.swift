import PixelScript
import Safepoint

extension ChartBuilder {
  /// Gives a panel what was asked for all panels; what is said of the axes of the page goes to what lies along them.
  func dress(_ panel: inout Chart.Panel, _ place: Int) throws {
    if place < options.titles.count { panel.title = options.titles[place] }
    if let label = options.xlabel?[place] { panel.lower.label = label }
    if let label = options.ylabel?[place] { panel.left.label = label }
    if panel.heat?.colors.isEmpty == true, let limits = try Self.limits(options.zlim, place, "zlim", Chart.Axis()) {
      if let low = limits.0, let high = limits.1, low > high {
        throw ScriptError(
          .value,
          "zlim is the number of the first color and a larger one, that of the last, found \(options.zlim.echo)",
          argument: "zlim")
      }
      panel.heat?.low = limits.0
      panel.heat?.high = limits.1
    }
    // What follows is about axes, which fields of color do not have.
    guard panel.heat == nil else { return }
    if let log = options.log?[place] {
      panel.lower.isLogarithmic = log != .y
      panel.left.isLogarithmic = log != .x
      try checkLogarithms(of: panel, log)
    }
    if let limits = try Self.limits(options.xlim, place, "xlim", panel.lower) {
      (panel.lower.low, panel.lower.high) = limits
    }
    if let limits = try Self.limits(options.ylim, place, "ylim", panel.left) {
      (panel.left.low, panel.left.high) = limits
    }
    if var right = panel.right {
      right.label = options.rightlabel?[place] ?? right.label
      right.isLogarithmic = options.isRightLogarithmic
      if let limits = try Self.limits(options.rightlim, place, "rightlim", right) { (right.low, right.high) = limits }
      panel.right = right
    }
    func places(_ given: [PlotMoment]?, _ axis: Chart.Axis, _ name: String) throws -> [Double] {
      let places = try (given ?? []).map { try $0.place(on: axis, name) }
      if axis.isLogarithmic, let wrong = places.first(where: { $0 <= 0 }) {
        throw ScriptError(
          .value, "a logarithmic axis lies above 0, found \(name) \(Display.text(of: wrong))", argument: name)
      }
      return places
    }
    let texts = options.placedTexts?.all ?? []
    var across = try places(options.vlines?.elements, panel.lower, "vlines")
    var up = try places(options.hlines?.elements, panel.left, "hlines")
    let spots = zip(
      try places(texts.map(\.x), panel.lower, "texts"),
      try places(texts.map(\.y), panel.left, "texts"))
    if panel.isHorizontal { swap(&across, &up) }
    panel.verticals += across
    panel.horizontals += up
    panel.labels += zip(texts, spots).map { text, spot in
      let (right, above) = panel.isHorizontal ? (spot.1, spot.0) : spot
      return Chart.Label(x: right, y: above, text: text.text)
    }
  }

  /// Gives a panel an axis at the right where series, whose columns are given, belong to one, and calls both after columns that stand alone.
  func addRightAxis(to panel: inout Chart.Panel, of columns: [String]) throws(ScriptError) {
    guard let wanted = options.right?.elements else { return }
    if let name = wanted.first(where: { !columns.containsExactly($0) }) {
      throw ScriptError(
        .value, "there is no series \(Display.quoted(name)) for the axis at the right",
        help: Suggestion.best(for: name, in: columns).map { "did you mean \(Display.quoted($0))?" }
          ?? "the series are \(Display.start(of: columns.joined(separator: ", ")))", argument: "right")
    }
    let left = Set(columns.filter { !wanted.containsExactly($0) })
    guard !left.isEmpty else {
      throw ScriptError(
        .value, "`right` names all that is drawn, which leaves nothing for the axis at the left", argument: "right")
    }
    if left.count == 1, let name = left.first, panel.y.label.isEmpty { panel.y.label = name }
    panel.right = Chart.Axis()
    if wanted.count == 1 { panel.right?.label = wanted[0] }
    for place in panel.series.indices where panel.series[place].isRight && !panel.series[place].name.isEmpty {
      panel.series[place].name += " (right)"
    }
  }

  /// Throws for a logarithmic axis of what has no logarithms, or of no number above 0.
  private func checkLogarithms(of panel: Chart.Panel, _ log: PlotOptions.LogAxes) throws {
    let (names, numbers) = panel.isHorizontal ? ("vertical", "x") : ("horizontal", "y")
    if panel.y.isLogarithmic, panel.series.contains(where: { !$0.base.isEmpty }) {
      throw ScriptError(
        .value, "what is stacked begins at 0, which has no place on a logarithmic axis", argument: "log")
    }
    guard panel.x.names.isEmpty || !panel.x.isLogarithmic else {
      throw ScriptError(
        .value,
        panel.x.levels.isEmpty
          ? "an axis of names can't be logarithmic"
          : "bars and boxes stand side by side, so that their \(names) axis can't be logarithmic",
        help: log == .xy ? "`log: \"\(numbers)\"`" : panel.x.levels.isEmpty ? nil : "leave `log` out",
        argument: "log")
    }
    guard !panel.x.isTime || !panel.x.isLogarithmic, !panel.y.isTime || !panel.y.isLogarithmic else {
      throw ScriptError(.value, "an axis of time can't be logarithmic", argument: "log")
    }
    for (mark, what) in [(Chart.Mark.histogram, "the intervals of a histogram"), (.bars, "bars"), (.box, "boxes")]
    where panel.x.isLogarithmic && panel.series.contains(where: { $0.mark == mark }) {
      throw ScriptError(
        .value, "\(what) are equally wide, so that their \(names) axis can't be logarithmic",
        help: mark == .histogram
          ? "plot the logarithms of the numbers"
          : "`log: \"\(numbers)\"`, or names along the axis: `x: [str(v) for v in x]`",
        argument: "log")
    }
    let hasPoints = panel.series.contains { series in
      series.y.indices.contains { series.place($0).isFinite && series.y[$0].isFinite } || !series.boxes.isEmpty
        || series.unplaced > 0
    }
    guard hasPoints, panel.scales(margin: 0) == nil else { return }
    try Safepoint.check()
    throw ScriptError(.value, "a logarithmic axis needs numbers above 0, and there are none", argument: "log")
  }

  /// Lets the panels reach as far as each other along the axes that they share: those that were asked for, else of panels of a column both,
  /// the vertical one among those of one measure and one label.
  func shareAxes(of chart: inout Chart, _ measures: [String]) throws(ScriptError) {
    if let share = options.share {
      for place in chart.panels.indices { (chart.panels[place].x.reach, chart.panels[place].y.reach) = ([], []) }
      if [.x, .xy].contains(share) { try self.share(\.lower, of: Array(chart.panels.indices), &chart) }
      if [.y, .xy].contains(share) { try self.share(\.left, of: Array(chart.panels.indices), &chart) }
    } else if options.panel != nil {
      try share(\.lower, of: Array(chart.panels.indices), &chart)
      // What is called otherwise is of another scale.
      let kinds = measures.enumerated().map { [$1, options.ylabel?[$0] ?? ""] }
      for kind in Set(kinds) { try share(\.left, of: kinds.indices.filter { kinds[$0] == kind }, &chart) }
    }
  }

  private func share(
    _ side: WritableKeyPath<Chart.Panel, Chart.Axis>, of places: [Int], _ chart: inout Chart
  ) throws(ScriptError) {
    let places = places.filter { chart.panels[$0].heat == nil && !chart.panels[$0].series.isEmpty }
    guard let first = places.first else { return }
    func axis(_ place: Int) -> Chart.Axis { chart.panels[place][keyPath: side] }
    if places.contains(where: { axis($0).isLogarithmic != axis(first).isLogarithmic }) {
      // What nobody asked to have in common is not.
      guard options.share != nil else { return }
      throw ScriptError(
        .value, "`share` of an axis that is logarithmic in some panels alone",
        help: "`log` makes it so in all of them", argument: "share")
    }
    var reach: [Double] = []
    for place in places {
      guard axis(place).names == axis(first).names, axis(place).isTime == axis(first).isTime else {
        throw ScriptError(
          .value, "`share` of an axis needs the same kind of values, and of names the same, in all panels",
          help: "panel \(place) has others than panel \(first)", argument: "share")
      }
      reach += chart.panels[place].reach(of: side)
    }
    if options.share != nil {
      let limits = (try limit(\.low, places.map(axis)), try limit(\.high, places.map(axis)))
      for place in places { (chart.panels[place][keyPath: side].low, chart.panels[place][keyPath: side].high) = limits }
    }
    guard let low = reach.min(), let high = reach.max() else { return }
    for place in places { chart.panels[place][keyPath: side].reach = [low, high] }
    let right = places.flatMap { chart.panels[$0].reaches.right }
    guard side == \.left, let low = right.min(), let high = right.max() else { return }
    for place in places { chart.panels[place].right?.reach = [low, high] }
  }

  /// The end that some axes have in common, nil where none was said; throws for several.
  private func limit(
    _ end: KeyPath<Chart.Axis, Double?>, _ axes: [Chart.Axis]
  ) throws(ScriptError) -> Double? {
    let ends = axes.compactMap { $0[keyPath: end] }
    guard let other = ends.first(where: { $0 != ends[0] }) else { return ends.first }
    throw ScriptError(
      .value,
      "`share` of an axis that ends at \(Display.text(of: ends[0])) in one panel and at \(Display.text(of: other)) in another",
      help: "what is said of one panel is said of all that share it", argument: "share")
  }
}

extension Chart.Panel {
  /// The axis along the lower edge of the page, and that along the left one.
  fileprivate var lower: Chart.Axis {
    get { isHorizontal ? y : x }
    set { if isHorizontal { y = newValue } else { x = newValue } }
  }
  fileprivate var left: Chart.Axis {
    get { isHorizontal ? x : y }
    set { if isHorizontal { x = newValue } else { y = newValue } }
  }

  /// The lowest and the highest number along an axis of the page; none where there is nothing.
  fileprivate func reach(of side: WritableKeyPath<Chart.Panel, Chart.Axis>) -> [Double] {
    (side == \.lower) == isHorizontal ? reaches.y : reaches.x
  }
}
