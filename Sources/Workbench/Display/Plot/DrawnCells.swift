import Formats
import Safepoint

/// Which cells of a rectangle are drawn on, so that a legend finds room.
struct DrawnCells {
  /// The side of a cell in points.
  private static let side = 4.0
  private let frame: Drawing.Frame
  private let columns, rows: Int
  private var areDrawn: [Bool]

  init(_ elements: [Drawing.Element], in frame: Drawing.Frame) {
    self.frame = frame
    (columns, rows) = (max(Int(frame.width / Self.side), 1), max(Int(frame.height / Self.side), 1))
    areDrawn = Array(repeating: false, count: columns * rows)
    for element in elements { add(element) }
  }

  /// How many cells in a rectangle are drawn on.
  func count(in box: Drawing.Frame) -> Int {
    func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
      let first = min(max(Int(low / Self.side), 0), count)
      return first..<min(max(Int((high / Self.side).rounded(.up)), first), count)
    }
    let across = range(box.x - frame.x, box.right - frame.x, columns)
    return range(box.y - frame.y, box.bottom - frame.y, rows).reduce(0) { sum, row in
      sum + across.count { areDrawn[row * columns + $0] }
    }
  }

  private mutating func add(_ element: Drawing.Element) {
    switch element {
    case .path(let points, let isClosed, _, let fill):
      guard var from = isClosed ? points.last : points.first else { return }
      for point in points {
        if Safepoint.mustStop(after: 50) { return }
        addLine(from, point)
        from = point
      }
      if fill != nil { addInside(of: points) }
    case .discs(let points, _, _, _): for point in points { add(point.x, point.y) }
    case .picture(let picture, let place):
      let (wide, high) = (place.width / Double(picture.width), place.height / Double(picture.height))
      for y in 0..<picture.height {
        if Safepoint.mustStop(after: picture.width) { return }
        for x in 0..<picture.width where picture.rgba[4 * (y * picture.width + x) + 3] > 0 {
          add(place.x + (Double(x) + 0.5) * wide, place.y + (Double(y) + 0.5) * high)
        }
      }
    case .clipped(let parts, _): for part in parts { add(part) }
    case .text: break
    }
  }

  private mutating func add(_ x: Double, _ y: Double) {
    let (column, row) = (((x - frame.x) / Self.side).rounded(.down), ((y - frame.y) / Self.side).rounded(.down))
    guard column >= 0, row >= 0, column < Double(columns), row < Double(rows) else { return }
    areDrawn[Int(row) * columns + Int(column)] = true
  }

  /// The part of a line that lies inside.
  private mutating func addLine(_ from: Drawing.Point, _ to: Drawing.Point) {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    var (first, last) = (0.0, 1.0)
    for (start, step, low, high) in [(from.x, dx, frame.x, frame.right), (from.y, dy, frame.y, frame.bottom)] {
      if step == 0 {
        guard start >= low, start <= high else { return }
        continue
      }
      let ends = ((low - start) / step, (high - start) / step)
      first = max(first, min(ends.0, ends.1))
      last = min(last, max(ends.0, ends.1))
    }
    guard first <= last else { return }
    let length = (last - first) * (dx * dx + dy * dy).squareRoot()
    let steps = max(Int(2 * length / Self.side), 1)
    for step in 0...steps {
      let share = first + (last - first) * Double(step) / Double(steps)
      add(from.x + share * dx, from.y + share * dy)
    }
  }

  /// The cells whose middles lie inside of an outline.
  private mutating func addInside(of outline: [Drawing.Point]) {
    let heights = outline.map(\.y)
    guard let top = heights.min(), let bottom = heights.max(), var last = outline.last else { return }
    var crossings: [Int: [Double]] = [:]
    for point in outline {
      if Safepoint.mustStop(after: 50) { return }
      defer { last = point }
      guard point.y != last.y else { continue }
      let (upper, lower) = point.y < last.y ? (point, last) : (last, point)
      let rows = rows(from: max(upper.y, top), to: min(lower.y, bottom))
      for row in rows {
        let y = middle(ofRow: row)
        guard y >= upper.y, y < lower.y else { continue }
        crossings[row, default: []].append(
          upper.x + (lower.x - upper.x) * (y - upper.y) / (lower.y - upper.y))
      }
    }
    for (row, places) in crossings {
      let places = places.sorted()
      for place in stride(from: 0, to: places.count - 1, by: 2) {
        let (from, to) = (max(places[place], frame.x), min(places[place + 1], frame.right))
        for x in stride(from: from, through: to, by: Self.side) { add(x, middle(ofRow: row)) }
      }
    }
  }

  private func middle(ofRow row: Int) -> Double { frame.y + (Double(row) + 0.5) * Self.side }

  private func rows(from top: Double, to bottom: Double) -> Range<Int> {
    let first = Int(min(max((top - frame.y) / Self.side, 0), Double(rows)))
    let end = Int(min(max(((bottom - frame.y) / Self.side).rounded(.up), 0), Double(rows)))
    return first..<max(first, end)
  }
}
