import Formats
import Safepoint

extension ChartScene {
  /// Draws a field of cells, with names, numbers and a scale of its colors; gives its rectangle.
  mutating func draw(_ heat: Chart.Heat, of panel: Chart.Panel, in cell: Drawing.Frame) -> Drawing.Frame {
    guard heat.hasCells else {
      title(panel, over: Drawing.Frame(cell.x, cell.y + 16, cell.width, cell.height - 16))
      write("nothing to plot", Drawing.Point(cell.x + cell.width / 2, cell.y + cell.height / 2), .middle)
      return cell
    }
    let range = heat.range
    let labels = (
      rows: heat.rowLabels.cut { Self.shortened($0) }, columns: heat.columnLabels.cut { Self.shortened($0) }
    )
    let widest = (rows: Self.widest(labels.rows), columns: Self.widest(labels.columns))
    let left = cell.x + (panel.y.label.isEmpty ? 0 : 14) + (labels.rows.isEmpty ? 0 : widest.rows + 6)
    let scaleWidth = heat.values.isEmpty || range == nil || chart.legend == .none ? 0 : 46.0
    let top = cell.y + (panel.title.isEmpty ? 4 : 16)
    let room = (
      width: max(cell.right - left - scaleWidth - 4, 10), bottom: cell.bottom - (panel.x.label.isEmpty ? 0 : 13)
    )
    // Cells are squares unless that would leave them too narrow, or more than half of the panel empty.
    func size(below: Double) -> (width: Double, height: Double) {
      let height = max(room.bottom - below - top, 10)
      let full = (width: room.width / Double(heat.columns), height: height / Double(heat.rows))
      let side = min(full.width, full.height)
      let isLong = heat.colors.isEmpty ? side < 0.5 * max(full.width, full.height) : heat.isStrip
      return side >= 1.5 && !isLong ? (side, side) : full
    }
    // Very many names, as those of a fine grid, are not turned but thinned.
    let isUpright =
      !labels.columns.arePlaces && heat.columns <= 30 && widest.columns + 4 > size(below: 14).width
    let below = labels.columns.isEmpty ? 0 : isUpright ? min(widest.columns, cell.height * 0.4) + 6 : 14
    let cellSize = size(below: below)
    let frame = Drawing.Frame(
      left, top, cellSize.width * Double(heat.columns), cellSize.height * Double(heat.rows))
    title(panel, over: frame)
    addCells(heat, range, frame, cellSize)
    let rowStep = Self.step(Self.textSize * (heat.rows > 30 ? 2 : 1) + 1, cellSize.height)
    for row in labels.rows.places(every: labels.rows.step(rowStep)) where row < heat.rows {
      let y = frame.y + (Double(row) + 0.5) * cellSize.height + 3
      write(labels.rows[row], .init(frame.x - 4, y), .end)
    }
    let columnStep = Self.step(isUpright ? Self.textSize + 1 : widest.columns + 4, cellSize.width)
    let names = isUpright ? labels.columns.cut { Self.fitted($0, below - 6) } : labels.columns
    for column in labels.columns.places(every: labels.columns.step(columnStep)) where column < heat.columns {
      let x = frame.x + (Double(column) + 0.5) * cellSize.width
      let name = names[column]
      if isUpright {
        write(name, .init(x + 3, frame.bottom + 4), .end, isUpright: true)
      } else {
        write(name, .init(x, frame.bottom + 11), .middle)
      }
    }
    labelAxes(panel.x.label, panel.y.label, of: frame, in: cell, below: frame.bottom + below + 11)
    if scaleWidth > 0, let range { addScale(range, frame) }
    return frame
  }

  /// The width of the longest of some labels.
  private static func widest(_ labels: Chart.Heat.Labels) -> Double {
    labels.longest.map { TextWidth.points($0, size: textSize) }.max() ?? 0
  }

  /// How far a cell reaches under its neighbors: a pixel of a coarse page.
  private static let bleed = 0.8

  /// Of how many cells one finds room for a name of a length.
  private static func step(_ length: Double, _ cell: Double) -> Int {
    cell > 0 ? max(Int(min((length / cell).rounded(.up), 1e6)), 1) : 1
  }

  private mutating func addCells(
    _ heat: Chart.Heat, _ range: ChartScale?, _ frame: Drawing.Frame, _ size: (width: Double, height: Double)
  ) {
    // Few cells are shapes, which stay sharp everywhere; many are one picture.
    guard heat.rows * heat.columns <= 2500 else {
      add(.picture(heat.picture(most: 2000), frame))
      return
    }
    var parts: [Drawing.Element] = []
    let texts = heat.showsNumbers == false ? [] : heat.texts
    let widest = texts.map { TextWidth.points($0, size: Self.textSize) }.max() ?? 0
    let fits = !texts.isEmpty && (heat.showsNumbers == true || widest + 4 < size.width && size.height > 10)
    let textSize = min(Self.textSize, max(3, Self.textSize * (size.width - 2) / max(widest, 1)))
    for row in 0..<heat.rows {
      for column in 0..<heat.columns {
        if Safepoint.mustStop(after: 500) { return }
        guard let color = heat.color(row, column, range) else { continue }
        // Wider where a neighbor is drawn over it, so that no line of the ground is seen between them.
        let hasRight = column + 1 < heat.columns && heat.color(row, column + 1, range) != nil
        let hasBelow = row + 1 < heat.rows && heat.color(row + 1, column, range) != nil
        let place = Drawing.Frame(
          frame.x + Double(column) * size.width, frame.y + Double(row) * size.height,
          size.width + (hasRight ? Self.bleed : 0), size.height + (hasBelow ? Self.bleed : 0))
        add(.path(place.corners, isClosed: true, pen: nil, fill: color.ink()))
        if fits {
          let ink = color.luminance > 0.55 ? Drawing.Ink(20, 20, 20) : Drawing.Ink(245, 245, 245)
          parts.append(
            .text(
              .init(
                texts[row * heat.columns + column],
                .init(place.x + size.width / 2, place.y + size.height / 2 + textSize * 0.36), ink, anchor: .middle,
                size: textSize)))
        }
      }
    }
    for part in parts { add(part) }
  }

  /// The colors beside their numbers.
  private mutating func addScale(_ range: ChartScale, _ frame: Drawing.Frame) {
    let height = max(min(frame.height, 160), 20)
    let (steps, x) = (64, frame.right + 8)
    // From above, each down to the end, so that no line of the ground is seen between two.
    for step in (0..<steps).reversed() {
      let share = (Double(step) + 0.5) / Double(steps)
      let from = height * (1 - Double(step + 1) / Double(steps))
      add(
        .path(
          Drawing.Frame(x, frame.y + from, 8, height - from).corners, isClosed: true, pen: nil,
          fill: ChartColors.heat(share).ink()))
    }
    let marks = Self.marks(Chart.Axis(), range, max(Int(height / 30), 2), atLeast: 2)
    if let context = marks.context { write(context, .init(x, frame.y + height + 8), .start, Self.smallSize) }
    for mark in marks.all where (0...1).contains(mark.share) {
      write(mark.label, .init(x + 11, frame.y + height * (1 - mark.share) + 2.5), .start, Self.smallSize)
    }
  }
}

extension Chart.Heat {
  /// Whether there is a cell to draw: one with a number, or of given colors.
  var hasCells: Bool { rows > 0 && columns > 0 && (values.isEmpty || values.contains(where: \.isFinite)) }

  /// The numbers of the first and of the last color; nil without a number.
  var range: ChartScale? {
    var extent = Extent()
    for value in values { extent.add(value) }
    if let low { extent.add(low) }
    if let high { extent.add(high) }
    guard !extent.isEmpty else { return nil }
    let (from, to) = (low ?? extent.low, high ?? extent.high)
    return ChartScale(min(from, to), max(from, to))
  }

  /// Whether there are many more rows than columns, or the other way.
  var isStrip: Bool { max(rows, columns) >= 12 * min(rows, columns) }

  /// The color of a cell; nil where there is no number.
  func color(_ row: Int, _ column: Int, _ range: ChartScale?) -> ColorCode? {
    let place = row * columns + column
    if !colors.isEmpty { return colors[place] }
    guard let range, values[place].isFinite else { return nil }
    return ChartColors.heat(range.share(values[place]))
  }

  /// The cells as pixels, the means of several where there are more than `most` in a row or column.
  func picture(most: Int) -> RasterImage {
    let shrink = max((columns + most - 1) / most, (rows + most - 1) / most, 1)
    let (width, height) = ((columns + shrink - 1) / shrink, (rows + shrink - 1) / shrink)
    let range = range
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    for row in 0..<height {
      if Safepoint.mustStop(after: 20 * width * shrink * shrink) { break }
      for column in 0..<width {
        guard let color = color(ofBlock: row, column, shrink, range) else { continue }
        rgba.replaceSubrange(
          4 * (row * width + column)..<4 * (row * width + column) + 4, with: [color.red, color.green, color.blue, 255])
      }
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  private func color(ofBlock row: Int, _ column: Int, _ side: Int, _ range: ChartScale?) -> ColorCode? {
    guard side > 1, colors.isEmpty, let range else { return color(row * side, column * side, range) }
    var (sum, count) = (0.0, 0.0)
    for y in row * side..<min((row + 1) * side, rows) {
      for x in column * side..<min((column + 1) * side, columns) where values[y * columns + x].isFinite {
        sum += range.share(values[y * columns + x])
        count += 1
      }
    }
    return count > 0 ? ChartColors.heat(sum / count) : nil
  }
}
