import Safepoint

extension Chart.Panel {
  /// Both scales, so that all points lie between them, and how many numbers have no place on a logarithmic axis.
  struct Scales {
    let x, y: ChartScale
    /// That of the axis at the right.
    let right: ChartScale?
    let dropped: Int

    /// The scale of the heights of a series.
    func heights(of series: Chart.Series) -> ChartScale { series.isRight ? right ?? y : y }
  }

  /// How far the numbers reach that are drawn along both axes, as far as these are not ended elsewhere.
  private func extents() -> (x: Extent, y: Extent, right: Extent, few: [Double]) {
    var horizontal = Extent(isLogarithmic: x.isLogarithmic, unit: x.isTime ? 86_400 : 1)
    var vertical = Extent(isLogarithmic: y.isLogarithmic, unit: y.isTime ? 86_400 : 1)
    var opposite = Extent(isLogarithmic: right?.isLogarithmic ?? false)
    var limits = (x.low ?? -.infinity, x.high ?? .infinity)
    if let low = x.low, let high = x.high, low > high { limits = (high, low) }
    for series in series where series.isRight { Self.add(series, limits, &horizontal, &opposite) }
    for series in series where !series.isRight { Self.add(series, limits, &horizontal, &vertical) }
    // An axis along which nothing has a place is that of some number.
    if vertical.isEmpty, !opposite.isEmpty { vertical.add(1) }
    if opposite.isEmpty, !vertical.isEmpty { opposite.add(1) }
    let few = horizontal.few.sorted()
    guard !horizontal.isEmpty, !vertical.isEmpty else { return (horizontal, vertical, opposite, few) }
    for place in verticals { horizontal.add(place) }
    for place in horizontals { vertical.add(place) }
    for label in labels {
      horizontal.add(label.x)
      vertical.add(label.y)
    }
    return (horizontal, vertical, opposite, few)
  }

  /// The lowest and the highest number that are drawn along each axis; none where nothing is drawn.
  var reaches: (x: [Double], y: [Double], right: [Double]) {
    let extents = extents()
    guard !extents.x.isEmpty, !extents.y.isEmpty else { return ([], [], []) }
    return (
      [extents.x.low, extents.x.high], [extents.y.low, extents.y.high], [extents.right.low, extents.right.high]
    )
  }

  /// The scales of the series; nil without a point to draw. `margin` is the share that stays free at the ends.
  func scales(margin: Double) -> Scales? {
    var (horizontal, vertical, opposite, few) = extents()
    guard !horizontal.isEmpty, !vertical.isEmpty else { return nil }
    for place in x.reach { horizontal.add(place) }
    for place in y.reach { vertical.add(place) }
    for place in right?.reach ?? [] { opposite.add(place) }
    // Bars and boxes have names below them, and the intervals of a histogram are no numbers that were given.
    let isOfPoints = series.allSatisfy { [.line, .scatter, .area].contains($0.mark) }
    let places = isOfPoints && x.names.isEmpty && !x.isTime ? few : []
    let stands = series.contains { [.bars, .histogram, .area].contains($0.mark) }
    if !x.names.isEmpty {
      horizontal.add(-0.5)
      horizontal.add(Double(x.names.count) - 0.5)
    }
    let isBarred = series.contains { [.bars, .histogram].contains($0.mark) } || !x.names.isEmpty
    func scale(
      _ axis: Chart.Axis, _ extent: Extent, _ low: Double, _ high: Double, _ places: [Double] = []
    ) -> ChartScale {
      let (from, to) = (axis.low ?? extent.low, axis.high ?? extent.high)
      return ChartScale(
        min(from, to), max(from, to), isLogarithmic: axis.isLogarithmic, isWhole: extent.isWhole, isTime: axis.isTime,
        isReversed: axis.low != nil && axis.high != nil && from > to, lowMargin: axis.low == nil ? low : 0,
        highMargin: axis.high == nil ? high : 0, places: places)
    }
    // What stands on 0 stands on the axis.
    func upright(_ axis: Chart.Axis, _ extent: Extent) -> ChartScale {
      scale(
        axis, extent, stands && extent.low >= 0 && !axis.isLogarithmic ? 0 : margin,
        stands && extent.high <= 0 && !axis.isLogarithmic ? 0 : margin)
    }
    let dropped = series.reduce(horizontal.dropped + vertical.dropped + opposite.dropped) { $0 + $1.unplaced }
    return Scales(
      x: scale(x, horizontal, isBarred ? 0 : margin / 2, isBarred ? 0 : margin / 2, places),
      y: upright(y, vertical), right: right.map { upright($0, opposite) }, dropped: dropped)
  }

  private static func add(
    _ series: Chart.Series, _ limits: (Double, Double), _ x: inout Extent, _ y: inout Extent
  ) {
    for box in series.boxes {
      x.add(box.place - series.barWidth / 2)
      x.add(box.place + series.barWidth / 2)
      for value in [box.low, box.high] + box.outliers { y.add(value) }
    }
    // Where its own points lie.
    var own = Extent()
    for place in series.y.indices {
      if place & 0x3FFF == 0, Safepoint.mustStop(after: 1 << 16) { return }
      let (across, up) = (series.spot(place), series.y[place])
      guard across.isFinite, up.isFinite else { continue }
      own.add(across)
      x.add(across)
      guard across >= limits.0, across <= limits.1 else { continue }
      // An interval without numbers is no bar that has no place.
      if series.mark == .histogram, up == 0, y.isLogarithmic { continue }
      y.add(up)
      if place < series.low.count {
        if !y.isLogarithmic || series.low[place] > 0 { y.add(series.low[place]) }
        y.add(series.high[place])
      }
    }
    guard !own.isEmpty else { return }
    if [.bars, .histogram, .area].contains(series.mark), !y.isLogarithmic { y.add(0) }
    if [.bars, .histogram].contains(series.mark), !x.isLogarithmic {
      let isWhole = x.isWhole
      x.add(own.low + series.shift - series.barWidth / 2)
      x.add(own.high + series.shift + series.barWidth / 2)
      x.isWhole = isWhole
    }
  }
}

/// The lowest and highest of some numbers.
struct Extent {
  let isLogarithmic: Bool
  /// Of what numbers are multiples that count as whole.
  let unit: Double
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  /// Whether all are whole.
  var isWhole = true
  /// The different ones where they are few; else none.
  private(set) var few: [Double] = []
  private var areMany = false
  private static let fewest = 8
  /// How many had no place because they are 0 or below.
  private(set) var dropped = 0

  init(isLogarithmic: Bool = false, unit: Double = 1) { (self.isLogarithmic, self.unit) = (isLogarithmic, unit) }

  var isEmpty: Bool { low > high }

  /// Adds a number; one that is not finite is left out.
  @inline(__always) mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    if isLogarithmic, value <= 0 {
      dropped += 1
      return
    }
    if !areMany, !few.contains(value) {
      areMany = few.count == Self.fewest
      if areMany { few = [] } else { few.append(value) }
    }
    if value < low { low = value }
    if value > high { high = value }
    if isWhole, value / unit != (value / unit).rounded() { isWhole = false }
  }
}
