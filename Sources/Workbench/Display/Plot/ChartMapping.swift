import Formats
import Safepoint

/// From the numbers of a panel to places in a rectangle, with no more points than are seen.
///
/// A line of many points is thinned column by column: the first, lowest, highest and last point of each stay, so that no peak is lost.
struct ChartMapping {
  let x: ChartScale
  private(set) var y: ChartScale
  private var right: ChartScale?
  let frame: Drawing.Frame
  /// How many columns and rows are told apart in a unit of the rectangle.
  let density: Double
  /// Whether what goes along `x` goes along the left edge, and names from the top to the bottom.
  let isHorizontal: Bool
  private let isFromTop: Bool

  init(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, in frame: Drawing.Frame, density: Double) {
    (x, y, right, self.frame, self.density) = (scales.x, scales.y, scales.right, frame, density)
    (isHorizontal, isFromTop) = (panel.isHorizontal, panel.hasNamesBeside)
  }

  /// The mapping of a series, whose heights may belong to the axis at the right.
  func of(_ series: Chart.Series) -> ChartMapping {
    guard series.isRight, let right else { return self }
    var mapping = self
    mapping.y = right
    return mapping
  }

  /// Where numbers lie; nil for those without a place. Far outside places are near enough for a page.
  @inline(__always) func point(_ across: Double, _ up: Double) -> Drawing.Point? {
    let (shareX, shareY) = (x.share(across), y.share(up))
    guard shareX.isFinite, shareY.isFinite else { return nil }
    return spot(shareX, shareY)
  }

  /// The place of shares of the lengths of both axes.
  @inline(__always) private func spot(_ shareX: Double, _ shareY: Double) -> Drawing.Point {
    let (right, up) = isHorizontal ? (shareY, isFromTop ? 1 - shareX : shareX) : (shareX, shareY)
    return Drawing.Point(
      frame.x + min(max(right, -50), 50) * frame.width, frame.bottom - min(max(up, -50), 50) * frame.height)
  }

  /// The share of the length of `y` at which areas and bars begin.
  private var ground: Double { min(max(y.share(y.isLogarithmic ? y.low : 0), 0), 1) }

  /// What is below a line down to the ground.
  func area(below line: [Drawing.Point]) -> [Drawing.Point] {
    guard let first = line.first, let last = line.last else { return [] }
    let foot = spot(0, ground)
    return line
      + (isHorizontal
        ? [.init(foot.x, last.y), .init(foot.x, first.y)] : [.init(last.x, foot.y), .init(first.x, foot.y)])
  }

  /// The rectangle of a bar around a place; nil for one without a height.
  func bar(_ series: Chart.Series, _ index: Int) -> Drawing.Frame? {
    let (place, half) = (series.place(index), series.barWidth / 2)
    let foot = series.base.isEmpty ? ground : y.share(series.base[index])
    let (from, to, top) = (x.share(place - half), x.share(place + half), y.share(series.y[index]))
    guard from.isFinite, to.isFinite, top.isFinite, foot.isFinite else { return nil }
    return Drawing.Frame(spot(from, foot), spot(to, top))
  }

  /// The lines of a series, interrupted where numbers are missing; one point alone is a line of one point.
  func lines(_ series: Chart.Series, _ heights: [Double]) -> [[Drawing.Point]] {
    var lines: [[Drawing.Point]] = []
    var line: [Drawing.Point] = []
    let isDense = Double(heights.count) > 4 * frame.width * density && !isHorizontal
    var column = Column()
    func finish() {
      column.flush(into: &line)
      if !line.isEmpty { lines.append(line) }
      line = []
    }
    for place in heights.indices {
      if place & 0x3FFF == 0, Safepoint.mustStop(after: 1 << 17) { return [] }
      guard let point = point(series.place(place), heights[place]) else {
        finish()
        continue
      }
      if isDense { column.add(point, Int(point.x * density), into: &line) } else { line.append(point) }
    }
    finish()
    return lines
  }

  /// The points of one column, in the order in which they came.
  private struct Column {
    private var place = Int.min
    private var count = 0
    private var first = Drawing.Point(0, 0)
    private var last = Drawing.Point(0, 0)
    private var lowest = (point: Drawing.Point(0, 0), order: 0)
    private var highest = (point: Drawing.Point(0, 0), order: 0)

    @inline(__always) mutating func add(_ point: Drawing.Point, _ place: Int, into line: inout [Drawing.Point]) {
      if place != self.place || count == 0 {
        flush(into: &line)
        self.place = place
        first = point
        lowest = (point, 0)
        highest = (point, 0)
      } else if point.y < highest.point.y {
        highest = (point, count)
      } else if point.y > lowest.point.y {
        lowest = (point, count)
      }
      last = point
      count += 1
    }

    mutating func flush(into line: inout [Drawing.Point]) {
      defer { count = 0 }
      guard count > 0 else { return }
      line.append(first)
      let middle = lowest.order < highest.order ? [lowest, highest] : [highest, lowest]
      for (point, order) in middle where order > 0 && order < count - 1 { line.append(point) }
      if count > 1 { line.append(last) }
    }
  }

  /// The outline of adjoining bars, from ground to ground.
  func outline(_ series: Chart.Series) -> [Drawing.Point] {
    var outline: [Drawing.Point] = []
    for place in series.y.indices {
      let half = series.barWidth / 2
      // A bar without a height, as of no number on a logarithmic axis, lies on the ground.
      for across in [series.place(place) - half, series.place(place) + half] {
        let share = x.share(across)
        guard share.isFinite else { continue }
        if outline.isEmpty { outline.append(spot(share, ground)) }
        outline.append(point(across, series.y[place]) ?? spot(share, ground))
      }
    }
    if let last = outline.last {
      let foot = spot(0, ground)
      outline.append(isHorizontal ? .init(foot.x, last.y) : .init(last.x, foot.y))
    }
    return outline
  }

  /// The points of a series; of several that fall onto one spot the first.
  func points(_ series: Chart.Series) -> [Drawing.Point] {
    var points: [Drawing.Point] = []
    let (columns, rows) = (Int(frame.width * density) + 1, Int(frame.height * density) + 1)
    var isTaken = series.count > 20_000 ? [Bool](repeating: false, count: columns * rows) : []
    for place in series.y.indices {
      if place & 0x3FFF == 0, Safepoint.mustStop(after: 1 << 17) { break }
      guard let point = point(series.place(place), series.y[place]) else { continue }
      let (column, row) = (Int((point.x - frame.x) * density), Int((point.y - frame.y) * density))
      guard column >= -10, column < columns + 10, row >= -10, row < rows + 10 else { continue }
      if !isTaken.isEmpty, column >= 0, column < columns, row >= 0, row < rows {
        if isTaken[row * columns + column] { continue }
        isTaken[row * columns + column] = true
      }
      points.append(point)
    }
    return points
  }

  /// The points of a box beyond its whiskers; of several that fall onto one spot the first.
  func outliers(_ box: Chart.Box) -> [Drawing.Point] {
    var points: [Drawing.Point] = []
    var last = Int.min
    for (place, value) in box.outliers.enumerated() {
      if place & 0x3FFF == 0, Safepoint.mustStop(after: 1 << 17) { break }
      guard let point = point(box.place, value), point.y > frame.y - 10, point.y < frame.bottom + 10,
        point.x > frame.x - 10, point.x < frame.right + 10
      else { continue }
      // They are in order, and so are their spots.
      let row = Int(((isHorizontal ? point.x : point.y) * density).rounded(.down))
      guard row != last else { continue }
      last = row
      points.append(point)
    }
    return points
  }

  /// The outlines of a band between two rows of heights.
  func bands(_ series: Chart.Series) -> [[Drawing.Point]] {
    guard !series.low.isEmpty else { return [] }
    // Both edges end where one of them has no place.
    var (lows, highs) = (series.low, series.high)
    for place in lows.indices where y.isLogarithmic && lows[place] <= 0 && highs[place] > 0 { lows[place] = y.low }
    for place in lows.indices where !lows[place].isFinite || !highs[place].isFinite {
      (lows[place], highs[place]) = (.nan, .nan)
    }
    return zip(lines(series, lows), lines(series, highs)).map { $0 + $1.reversed() }
  }
}

extension Drawing.Frame {
  /// The rectangle between two corners.
  fileprivate init(_ one: Drawing.Point, _ other: Drawing.Point) {
    self.init(min(one.x, other.x), min(one.y, other.y), abs(other.x - one.x), abs(other.y - one.y))
  }
}
