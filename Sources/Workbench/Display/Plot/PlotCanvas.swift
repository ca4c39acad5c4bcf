/// A grid of character cells on which series are drawn with dots.
struct PlotCanvas {
  /// The number of cells in a row.
  let columns: Int
  /// The number of rows of cells.
  let rows: Int
  /// The dots of a cell: two by four in braille, or a single mark.
  let isBraille: Bool
  private var masks: [UInt8]
  private var owners: [Int?]

  init(columns: Int, rows: Int, isBraille: Bool) {
    (self.columns, self.rows, self.isBraille) = (columns, rows, isBraille)
    masks = [UInt8](repeating: 0, count: columns * rows)
    owners = [Int?](repeating: nil, count: columns * rows)
  }

  /// The number of dots in a row.
  var width: Int { columns * (isBraille ? 2 : 1) }
  /// The number of rows of dots.
  var height: Int { rows * (isBraille ? 4 : 1) }

  /// The bits of Unicode's braille patterns, row by row.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  /// Sets the dot in column `x` and row `y`, both from the upper left, for a series.
  mutating func dot(_ x: Int, _ y: Int, series: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let place = isBraille ? y / 4 * columns + x / 2 : y * columns + x
    masks[place] |= isBraille ? Self.bits[y % 4 * 2 + x % 2] : 1
    owners[place] = series
  }

  /// Sets the dots of a straight line (Bresenham).
  mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), series: Int) {
    let (dx, dy) = (abs(to.x - from.x), -abs(to.y - from.y))
    let (stepX, stepY) = (from.x < to.x ? 1 : -1, from.y < to.y ? 1 : -1)
    var (x, y, error) = (from.x, from.y, dx + dy)
    while true {
      dot(x, y, series: series)
      if x == to.x && y == to.y { return }
      let double = 2 * error
      if double >= dy {
        error += dy
        x += stepX
      }
      if double <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// The characters of a row, each with the series that drew it last.
  func row(_ row: Int, marks: [Character]) -> [(character: Character, series: Int?)] {
    (0..<columns).map { column in
      let place = row * columns + column
      guard let owner = owners[place] else { return (" ", nil) }
      guard isBraille else { return (marks[owner % marks.count], owner) }
      return (Unicode.Scalar(0x2800 + UInt32(masks[place])).map { Character($0) } ?? " ", owner)
    }
  }
}
