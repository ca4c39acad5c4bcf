import PixelScript

/// What a plot shows: panels side by side and below each other, and how they are drawn.
public struct Chart: Sendable, Equatable, Codable {
  /// Where the legend stands.
  enum LegendPlace: String, Sendable, ScriptChoice, Codable {
    /// Outside, beside or below the panels.
    case right, bottom
    /// In each panel its own, where it hides least.
    case inside
    /// Nowhere.
    case none
  }

  /// What the page is colored like.
  enum Theme: String, Sendable, ScriptChoice, Codable {
    /// Dark signs on white, or bright ones on black.
    case light, dark
  }

  /// How the lines across a panel are drawn.
  enum Grid: String, Sendable, ScriptChoice, Codable {
    /// Whole or broken lines, or none.
    case solid, dashed, none
  }

  /// What stands above all panels.
  var title = ""
  /// The panels, row by row.
  var panels: [Panel] = []
  /// How many panels stand side by side; about as many as below each other when nil.
  var columns: Int?
  /// Where the legend stands.
  var legend = LegendPlace.right
  /// What the page is colored like.
  var theme = Theme.light
  /// How the lines across the panels are drawn.
  var grid = Grid.solid
  /// Width and height of the page in inches; what the panels need when nil.
  var size: [Double]?
  /// The pixels of an inch of a PNG.
  var dotsPerInch = 300.0

  /// The number of panels side by side.
  var columnCount: Int { max(min(columns ?? min(panels.count, 3), panels.count), 1) }

  /// The lines of the legend: each series once that has a name.
  var legendEntries: [Series] { legendEntries(of: panels) }

  /// The lines of a legend inside of a panel.
  func legendEntries(inside place: Int) -> [Series] { legendEntries(of: [panels[place]]) }

  private func legendEntries(of some: [Panel]) -> [Series] {
    var entries: [Series] = []
    for series in some.flatMap(\.series) where !series.name.isEmpty {
      if !entries.contains(where: series.isToldLike) { entries.append(series) }
    }
    // One line is told by the axis unless a legend was asked for.
    let isOne = panels.allSatisfy { $0.series.count == 1 && $0.series[0].name == entries.first?.name }
    return legend == .right && entries.count == 1 && isOne ? [] : entries
  }

  /// How much of what lies below them the bars of a series cover.
  func opacity(of mark: Mark) -> Double {
    mark != .histogram ? 1 : panels.contains(where: \.hasHistogramsInLayers) ? 0.25 : 0.75
  }

  /// All that is written on it but numbers.
  var texts: [String] {
    panels.reduce(into: [title]) { texts, panel in
      texts +=
        [panel.title, panel.x.label, panel.y.label, panel.right?.label ?? ""] + panel.x.names + panel.series.map(\.name)
      texts += panel.labels.map(\.text)
      texts += (panel.heat?.rowNames ?? []) + (panel.heat?.columnNames ?? [])
    }
  }

  /// About how many bytes it takes to keep it.
  var cost: Int { panels.reduce(256) { $0 + $1.cost } }
}

extension Chart {
  /// One system of axes with what is drawn in it.
  struct Panel: Sendable, Equatable, Codable {
    /// What stands above it.
    var title = ""
    /// The horizontal axis.
    var x = Axis()
    /// The vertical axis.
    var y = Axis()
    /// The vertical axis at the right, of the series that are drawn along it.
    var right: Axis?
    /// What is drawn from numbers.
    var series: [Series] = []
    /// A field of colored cells; then there are no series.
    var heat: Heat?
    /// Where lines go from top to bottom.
    var verticals: [Double] = []
    /// Where lines go from left to right.
    var horizontals: [Double] = []
    /// Texts at places of their own.
    var labels: [Label] = []
    /// Whether bars, histograms or boxes lie: then `x` goes along the left edge of the panel, and `y` along the lower one.
    var isHorizontal = false
    /// Whether names stand below each other at the left edge, the first one at the top.
    var hasNamesBeside: Bool { isHorizontal && !x.names.isEmpty }

    /// The places of the series in the order in which they are drawn: lines and points above what is filled, the later above the earlier.
    var layers: [Int] {
      series.indices.filter { series[$0].mark.isFilled } + series.indices.filter { !series[$0].mark.isFilled }
    }

    /// Whether several histograms lie above each other, which their outlines tell apart.
    var hasHistogramsInLayers: Bool { series.count { $0.mark == .histogram } > 1 }

    /// About how many bytes it takes to keep it.
    var cost: Int { series.reduce(256 + (heat?.cost ?? 0)) { $0 + $1.cost } }
  }

  /// A text at a place.
  struct Label: Sendable, Equatable, Codable {
    let x, y: Double
    let text: String
  }

  /// An axis as it was asked for.
  struct Axis: Sendable, Equatable, Codable {
    /// What it shows.
    var label = ""
    /// Whether equal steps are equal factors.
    var isLogarithmic = false
    /// Whether its numbers are seconds since the start of 1970, and its ticks dates.
    var isTime = false
    /// Where it begins, if that was said; above `high` on an axis from right to left, or from above.
    var low: Double?
    /// Where it ends, if that was said.
    var high: Double?
    /// Whether it was said where it begins or ends.
    var isLimited: Bool { low != nil || high != nil }
    /// The ends of the numbers of other panels that share it.
    var reach: [Double] = []
    /// What stands at 0, 1, 2 ... instead of numbers.
    var names: [String] = []
    /// The numbers that the names stand for, from low to high; none for names that are no numbers.
    var levels: [Double] = []
  }

  /// How the numbers of a series are drawn.
  enum Mark: String, Sendable, ScriptChoice, Codable {
    /// Joined by lines; each on its own; as bars from 0; as an area from 0.
    case line, scatter, bars, area
    /// How many fall into each of some intervals.
    case histogram
    /// Median, quartiles and what lies outside.
    case box
    /// As colors of cells.
    case heatmap

    /// Whether it covers what lies below it.
    var isFilled: Bool {
      switch self {
      case .bars, .area, .histogram, .box: true
      case .line, .scatter, .heatmap: false
      }
    }
  }

  /// Whether a line is whole.
  enum Dash: String, Sendable, ScriptChoice, Codable {
    /// Whole, or broken in three ways.
    case solid, dashed, dotted, dashdot
  }

  /// The color of a series: one of the palette of the theme, or one that was given.
  enum Tint: Sendable, Equatable, Codable {
    case slot(Int)
    case fixed(ColorCode)
  }

  /// Numbers that belong together.
  struct Series: Sendable, Equatable, Codable {
    /// What the legend calls it; empty for nothing.
    var name = ""
    /// How it is drawn.
    var mark = Mark.line
    /// Its color.
    var tint = Tint.slot(0)
    /// Whether its line is whole.
    var dash = Dash.solid
    /// The sign at its points; none on lines, and that of the dash for points alone, when nil.
    var marker: ChartMarker?
    /// The width of its line in points; that of its kind when nil.
    var width: Double?
    /// Places along the horizontal axis; 0, 1, 2 ... when nil.
    var x: [Double]?
    /// Heights; one that is no number makes a gap.
    var y: [Double] = []
    /// Where its bars, or its area, begin; empty for 0.
    var base: [Double] = []
    /// The lower and upper edges of a band or of error bars; empty without.
    var low: [Double] = []
    /// The upper edges.
    var high: [Double] = []
    /// The width of its bars along the horizontal axis.
    var barWidth = 0.8
    /// How far its bars stand beside their places.
    var shift = 0.0
    /// How many of its numbers have no place on a logarithmic axis, and are not among those that are drawn.
    var unplaced = 0
    /// Whether its heights belong to the axis at the right.
    var isRight = false
    /// The five numbers of each box.
    var boxes: [Box] = []

    /// The number of points.
    var count: Int { y.count }

    /// Whether one line of the legend stands for both.
    func isToldLike(_ other: Series) -> Bool {
      name == other.name && tint == other.tint && dash == other.dash && marker == other.marker
    }

    /// The sign of its points where these stand alone.
    var sign: ChartMarker { marker ?? ChartMarker(dash) }

    /// Where a point stands along the horizontal axis.
    @inline(__always) func place(_ index: Int) -> Double { spot(index) + shift }

    /// The place to which a point belongs, beside which bars of several series stand.
    @inline(__always) func spot(_ index: Int) -> Double {
      guard let x else { return Double(index) }
      return index < x.count ? x[index] : .nan
    }

    /// About how many bytes it takes to keep it.
    var cost: Int {
      128 + 8 * ((x?.count ?? 0) + y.count + base.count + low.count + high.count)
        + boxes.reduce(0) { $0 + 96 + 8 * $1.outliers.count }
    }
  }

  /// What is told of the numbers of a group.
  struct Box: Sendable, Equatable, Codable {
    /// Where it stands along the horizontal axis.
    var place: Double
    /// The ends of the whiskers, the quartiles and the median.
    var low, first, median, third, high: Double
    /// The numbers beyond the whiskers, in order.
    var outliers: [Double]
  }

  /// A field of cells with colors.
  struct Heat: Sendable, Equatable, Codable {
    /// The number of rows and columns.
    var rows, columns: Int
    /// The numbers row by row from the top; empty when the colors are given.
    var values: [Double] = []
    /// The colors row by row from the top, nil for nothing; empty when numbers are given.
    var colors: [ColorCode?] = []
    /// What stands beside the rows.
    var rowNames: [String] = []
    /// What stands below the columns.
    var columnNames: [String] = []
    /// Whether the numbers stand in the cells; where there is room when nil.
    var showsNumbers: Bool?
    /// The numbers of the first and of the last color, if that was said.
    var low, high: Double?

    /// About how many bytes it takes to keep it.
    var cost: Int { 256 + 8 * values.count + 4 * colors.count }
  }
}
