import Formats
import PixelScript
import Safepoint
import Tensors

extension ChartBuilder {
  /// The most series of a panel.
  static let seriesLimit = 500
  typealias Named = (name: String, values: [Double])

  /// One panel of lists, tensors and the like, each row a series.
  func panel(ofNumbers data: Value) throws -> Chart.Panel {
    try forbid(["z": options.z, "by": options.by, "panel": options.panel], of: data)
    if options.kind?[0] == .heatmap { return try heatmap(of: data) }
    if options.heightsMayBeTimes, let column = try ColumnInput.severalValues(data),
      let times = try PlotPlaces.moments(column)
    {
      return try panel(of: [("", times)], areTimes: true)
    }
    return try panel(of: try series(of: data))
  }

  private func forbid(_ columns: [String: String?], of data: Value) throws {
    for (name, column) in columns.sorted(by: { $0.key < $1.key }) where column != nil {
      throw ScriptError(.type, "`\(name)` needs a table, found \(describe(data))", argument: name)
    }
    if options.kind?[0] == .heatmap { return }
    if try String.convert(options.y) != nil || [String].convert(options.y)?.isEmpty == false {
      throw ScriptError(.type, "`y` needs a table or a map, found \(describe(data))", argument: "y")
    }
  }

  private static func wrong(_ data: Value) throws -> ScriptError {
    ScriptError(
      .type,
      "`plot` expects numbers in a list, a map of lists, a table or a tensor, or what draws itself, found \(try PlotNumbers.culprit(in: data))",
      argument: "data")
  }

  private func series(of data: Value) throws -> [Named] {
    if let numbers = try PlotNumbers(data) { return [("", numbers.values)] }
    switch data {
    case .object(let tensor as TensorObject) where tensor.shape.count == 2:
      let (height, width) = (tensor.shape[0], tensor.shape[1])
      // As the lists in a list: matplotlib and pandas draw columns.
      if height > Self.seriesLimit {
        throw ScriptError(
          .limit, "a panel has at most \(Self.seriesLimit) series, found the \(height) rows of the tensor",
          help: "`x.T` has its columns as rows; `kind: \"heatmap\"` shows many", argument: "data")
      }
      if height > width, height > 1 {
        note("each of the \(height) rows of the tensor is a series of \(width); `plot(x.T)` draws its columns")
      }
      try Safepoint.reserve(96, times: height, for: "a plot")
      let numbers = tensor.tensor.numbers
      return (0..<height).map { ("\($0)", Array(numbers[$0 * width..<($0 + 1) * width])) }
    case .object(let tensor as TensorObject):
      throw ScriptError(
        .shape, "`plot` takes a tensor of one or two axes, found \(tensor.shape.count)", argument: "data")
    case .list(let list):
      return try (0..<list.count).map { place -> Named in
        guard let numbers = try PlotNumbers(list[place]) else { throw try Self.wrong(data) }
        return ("\(place)", numbers.values)
      }
    default: throw try Self.wrong(data)
    }
  }

  /// One panel of named columns over what `x` gives.
  func panel(of columns: [Named], places: PlotPlaces? = nil, areTimes: Bool = false) throws -> Chart.Panel {
    var columns = columns
    guard !columns.isEmpty else { throw ScriptError(.value, "there are no numbers to plot", argument: "data") }
    guard columns.count <= Self.seriesLimit else {
      throw ScriptError(
        .limit, "a panel has at most \(Self.seriesLimit) series, found \(columns.count)",
        help: "`kind: \"heatmap\"` shows many rows", argument: "data")
    }
    let places = try places ?? self.places()
    var panel = Chart.Panel()
    (panel.x.names, panel.x.levels, panel.x.isTime) = (places.names, places.levels, places.isTime)
    panel.y.isTime = areTimes
    let isOne = columns.count == 1
    if let names = try options.texts()?.rows {
      if isOne, [.bars, .line, .scatter].contains(options.mark(0)), names.count > 1 || columns[0].values.count == 1,
        places.numbers == nil
      {
        panel.x.names = names
      } else {
        try checkNames(names.count, columns.count)
        for place in columns.indices { columns[place].name = names[place] }
      }
    }
    let dashes = try options.dashesByHand { _ in false } ?? []
    try checkErrors(of: columns.map(\.name), at: panel.x.names)
    for (place, column) in columns.enumerated() {
      try Safepoint.check()
      var series = Chart.Series()
      series.name = column.name
      series.mark = options.mark(place)
      try style(&series, place, dashes)
      series.y = column.values
      series.x = places.numbers
      if let x = series.x, x.count != column.values.count {
        throw ScriptError(
          .value, "x has \(String(counting: x.count, "value")) for \(String(counting: column.values.count, "number"))",
          argument: "x")
      }
      try spread(&series, place, of: columns.count, at: panel.x.names)
      series.isRight = options.right?.elements.containsExactly(column.name) ?? false
      panel.series.append(series)
    }
    try finish(&panel)
    try addRightAxis(to: &panel, of: columns.map(\.name))
    return panel
  }

  /// What `x` gives by itself.
  private func places() throws -> PlotPlaces {
    if options.x.isNil { return .none }
    if case .string = options.x {
      throw ScriptError(.type, "`x` names a column, which needs a table or a map", argument: "x")
    }
    guard let column = try ColumnInput.severalValues(options.x) else {
      throw ScriptError(
        .type, "`x` is a column or a list of numbers or names, found \(describe(options.x))", argument: "x")
    }
    let places = try PlotPlaces(column, hasTimes: options.hasTimes)
    return try options.markSideBySide.map(places.sideBySide) ?? places
  }

  /// Throws when there are not as many names as series.
  func checkNames(_ names: Int, _ series: Int) throws(ScriptError) {
    guard names != series else { return }
    throw ScriptError(.value, "`names` has \(names) values for \(series) series", argument: "names")
  }

  /// The color, the dash, the sign and the width of the series at a place.
  func style(_ series: inout Chart.Series, _ place: Int, _ dashes: [Chart.Dash]) throws {
    series.tint = tint(place)
    if !dashes.isEmpty { series.dash = dashes[place % dashes.count] }
    series.width = options.width(place)
    series.marker = options.marker(place)
  }

  /// The color at a place: one that was given, or the next of the palette.
  func tint(_ place: Int) -> Chart.Tint {
    guard let colors = options.colors?.elements, !colors.isEmpty else { return .slot(freeSlot(place)) }
    return ChartColors.named(colors[place % colors.count]).map { .fixed($0) } ?? .slot(place)
  }

  /// The slot at a place among those whose color was given to no name.
  private func freeSlot(_ place: Int) -> Int {
    let given = options.namedColors.compactMap { ChartColors.named($0.color) }
    let count = ChartColors.light.count
    let free = (0..<count).filter { !given.contains(ChartColors.light[$0]) && !given.contains(ChartColors.dark[$0]) }
    return free.isEmpty ? place : place / free.count * count + free[place % free.count]
  }

  /// The color that was given for a name.
  func tint(named name: String) -> Chart.Tint? {
    guard !options.namedColors.isEmpty else { return nil }
    coloredNames.add(name)
    guard let color = options.namedColors.first(where: { $0.name == name })?.color else { return nil }
    coloredNames.take(name)
    return ChartColors.named(color).map { .fixed($0) }
  }

  /// Gives series whose color is one that was given before another dash, or sign.
  private func tellApart(_ panel: inout Chart.Panel) {
    guard panel.series.allSatisfy({ $0.dash == .solid }) else { return }
    for place in panel.series.indices {
      guard case .slot(let slot) = panel.series[place].tint else { continue }
      panel.series[place].dash = Chart.Dash(slot: slot)
    }
  }

  /// Makes bands, histograms and boxes of the numbers, and puts bars beside each other.
  func finish(_ panel: inout Chart.Panel) throws {
    // The axis tells what one series is called, unless a legend does.
    if panel.series.count == 1, let series = panel.series.first, series.mark != .box, !options.names.isNil,
      !series.name.isEmpty, [.right, .none].contains(options.legend)
    {
      if series.mark == .histogram { panel.x.label = series.name } else { panel.y.label = series.name }
    }
    if let band = options.band {
      for place in panel.series.indices where ![.histogram, .box].contains(panel.series[place].mark) {
        panel.series[place] = try Bands.of(panel.series[place], band)
      }
    }
    for place in panel.series.indices {
      if let tint = tint(named: panel.series[place].name) { panel.series[place].tint = tint }
    }
    if options.dash == nil { tellApart(&panel) }
    try Histogram.fill(&panel, bins: options.bins)
    try sortLines(of: &panel)
    try lay(&panel)
    try Boxes.fill(
      &panel,
      isLogarithmic: options.log?.elements.allSatisfy { $0 != (panel.isHorizontal ? .y : .x) } ?? false)
    let bars = panel.series.indices.filter { panel.series[$0].mark == .bars }
    for place in bars { try checkPlaces(of: panel.series[place], panel.x) }
    if options.isStacked { try stack(&panel) }
    guard !bars.isEmpty else { return }
    let standBeside = try !options.isStacked && Chart.Series.haveSharedPlaces(bars.map { panel.series[$0] })
    let sideBySide = standBeside ? bars.count : 1
    let width = 0.8 * (try distance(ofBars: bars.map { panel.series[$0] }, panel.x)) / Double(sideBySide)
    for (order, place) in bars.enumerated() {
      panel.series[place].barWidth = width
      guard sideBySide > 1 else { continue }
      panel.series[place].shift = (Double(order) - Double(bars.count - 1) / 2) * width
    }
    if bars.count == 1, panel.series.count == 1 { panel.series = try colored(panel.series[0], panel.x.names) }
  }

  /// Lets bars, histograms and boxes, and what stands over them, go from left to right where that was asked for.
  private func lay(_ panel: inout Chart.Panel) throws(ScriptError) {
    guard options.isHorizontal, panel.series.contains(where: { [.bars, .histogram, .box].contains($0.mark) }) else {
      return
    }
    guard !panel.series.contains(where: { $0.mark == .area }) else {
      throw ScriptError(.value, "`horizontal` is about bars, histograms and boxes, not areas", argument: "horizontal")
    }
    panel.isHorizontal = true
  }

  /// The smallest distance of two places at which bars stand, of whatever series; names are 1 apart.
  private func distance(ofBars series: [Chart.Series], _ axis: Chart.Axis) throws -> Double {
    guard axis.names.isEmpty else { return 1 }
    var places: [Double] = []
    for one in series {
      places += try Pieces.map(one.count) { one.spot($0) }.filter(\.isFinite)
    }
    places.sort()
    let step = zip(places, places.dropFirst()).lazy.map { $1 - $0 }.filter { $0 > 0 }.min()
    return step ?? 1
  }

  /// Lines over bars and boxes from low to high, the order in which these stand.
  private func sortLines(of panel: inout Chart.Panel) throws {
    guard panel.series.contains(where: { [.bars, .box].contains($0.mark) }) else { return }
    for place in panel.series.indices where [.line, .area].contains(panel.series[place].mark) {
      let series = panel.series[place]
      guard let x = series.x, zip(x, x.dropFirst()).contains(where: { !($0 <= $1) }) else { continue }
      try Safepoint.reserve(40, times: x.count, for: "a plot")
      let order = x.indices.filter { x[$0].isFinite }.sorted { (x[$0], $0) < (x[$1], $1) }
      func picked(_ numbers: [Double]) -> [Double] { numbers.isEmpty ? [] : order.map { numbers[$0] } }
      (panel.series[place].x, panel.series[place].y) = (picked(x), picked(series.y))
      (panel.series[place].low, panel.series[place].high) = (picked(series.low), picked(series.high))
    }
  }

  /// The bars of one series by their colors, where several were given: those of a color as a series.
  private func colored(_ series: Chart.Series, _ names: [String]) throws -> [Chart.Series] {
    func part(_ tint: Chart.Tint, _ places: [Int]) -> Chart.Series {
      var part = series
      part.name = ""
      part.tint = tint
      part.x = places.map { series.place($0) }
      part.y = places.map { series.y[$0] }
      if !series.low.isEmpty { (part.low, part.high) = (places.map { series.low[$0] }, places.map { series.high[$0] }) }
      return part
    }
    if !options.namedColors.isEmpty {
      var parts: [(tint: Chart.Tint, places: [Int])] = []
      for place in series.y.indices {
        try Safepoint.check(after: 100)
        let name = Int(exactly: series.place(place)).flatMap { names.indices.contains($0) ? names[$0] : nil }
        let tint = name.flatMap(tint(named:)) ?? series.tint
        if let known = parts.firstIndex(where: { $0.tint == tint }) {
          parts[known].places.append(place)
        } else {
          parts.append((tint, [place]))
        }
      }
      return parts.map { part($0.tint, $0.places) }
    }
    guard let colors = options.colors?.elements, colors.count > 1 else { return [series] }
    return try (0..<min(colors.count, series.count)).map { color in
      try Safepoint.check(after: series.count)
      return part(tint(color), Array(stride(from: color, to: series.count, by: colors.count)))
    }
  }

  /// Throws when two bars of a series stand at one place, where one would hide the other.
  private func checkPlaces(of series: Chart.Series, _ axis: Chart.Axis) throws {
    guard series.x != nil else { return }
    var known = Set<Double>()
    for index in series.y.indices where series.place(index).isFinite && series.y[index].isFinite {
      try Safepoint.check(after: 30)
      let place = series.place(index)
      guard !known.insert(place).inserted else { continue }
      let name =
        Int(exactly: place).flatMap { axis.names.indices.contains($0) ? axis.names[$0] : nil }
        .map { axis.levels.isEmpty ? Display.quoted($0) : $0 } ?? Display.text(of: place)
      throw ScriptError(
        .value, "two bars stand at \(name), where one would hide the other",
        help: "`band: \"sd\"` draws their mean, `by:` bars side by side; `group` makes one row of several",
        argument: "data")
    }
  }
}
