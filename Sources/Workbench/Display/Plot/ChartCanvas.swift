import PixelScript

/// A grid of character cells on which series are drawn with dots.
struct ChartCanvas {
  /// What is seen in a cell.
  struct Cell: Equatable {
    let character: Character
    let series: Int?
  }

  /// The number of cells in a row.
  let columns: Int
  /// The number of rows of cells.
  let rows: Int
  /// The dots of a cell: two by four in braille, or a single mark.
  let isBraille: Bool
  private var masks: [UInt8]
  private var owners: [Int?]
  private var shades: [Int?]
  /// The letters that stand in cells; nil behind one that takes two.
  private var letters: [Int: Character?] = [:]

  init(columns: Int, rows: Int, isBraille: Bool) {
    (self.columns, self.rows, self.isBraille) = (columns, rows, isBraille)
    masks = [UInt8](repeating: 0, count: columns * rows)
    owners = [Int?](repeating: nil, count: columns * rows)
    shades = owners
  }

  /// The number of dots in a row.
  var width: Int { columns * (isBraille ? 2 : 1) }
  /// The number of rows of dots.
  var height: Int { rows * (isBraille ? 4 : 1) }

  /// The bits of Unicode's braille patterns, row by row.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  private func cell(_ x: Int, _ y: Int) -> Int { isBraille ? y / 4 * columns + x / 2 : y * columns + x }

  private func holds(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height }

  /// Sets the dot in column `x` and row `y`, both from the upper left, for a series.
  mutating func dot(_ x: Int, _ y: Int, series: Int) {
    guard holds(x, y) else { return }
    let place = cell(x, y)
    masks[place] |= isBraille ? Self.bits[y % 4 * 2 + x % 2] : 1
    owners[place] = series
  }

  /// Shades the cells of a column of dots between two rows.
  mutating func shade(_ x: Int, from top: Int, to bottom: Int, series: Int) {
    guard top <= bottom, bottom >= 0, top < height, x >= 0, x < width else { return }
    for y in max(top, 0)...min(bottom, height - 1) { shades[cell(x, y)] = series }
  }

  /// Sets the dots of a straight line (Bresenham); of each eight those that `dots` says, counted by `travelled`.
  mutating func line(
    _ from: (x: Int, y: Int), _ to: (x: Int, y: Int), series: Int, dots: UInt8 = 0xFF, travelled: inout Int
  ) {
    let (dx, dy) = (abs(to.x - from.x), -abs(to.y - from.y))
    let (stepX, stepY) = (from.x < to.x ? 1 : -1, from.y < to.y ? 1 : -1)
    var (x, y, error) = (from.x, from.y, dx + dy)
    while true {
      if dots >> UInt8(travelled & 7) & 1 == 1 { dot(x, y, series: series) }
      if x == to.x && y == to.y { return }
      travelled += 1
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

  /// Writes a text behind a dot, to the left of it where there is no room.
  mutating func write(_ text: String, behind dot: (x: Int, y: Int)) {
    let (column, row) = (isBraille ? dot.x / 2 : dot.x, isBraille ? dot.y / 4 : dot.y)
    guard row >= 0, row < rows else { return }
    let width = DisplayWidth.columns(of: text)
    var place = column + 1 + width <= columns ? column + 1 : max(min(column, columns) - width, 0)
    for letter in text {
      let size = DisplayWidth.columns(of: letter)
      guard size > 0, place + size <= columns else { continue }
      letters[row * columns + place] = letter
      for behind in 1..<max(size, 1) { letters[row * columns + place + behind] = .some(nil) }
      place += size
    }
  }

  /// The cells of a row, each with the series that drew it last; without dots what is shaded.
  func row(_ row: Int, marks: [Character], shade: Character) -> [Cell] {
    (0..<columns).compactMap { column -> Cell? in
      let place = row * columns + column
      if let letter = letters[place] { return letter.map { Cell(character: $0, series: nil) } }
      guard let owner = owners[place] else {
        return shades[place].map { Cell(character: shade, series: $0) } ?? Cell(character: " ", series: nil)
      }
      guard isBraille else { return Cell(character: marks[owner % marks.count], series: owner) }
      let scalar = Unicode.Scalar(0x2800 + UInt32(masks[place]))
      return Cell(character: scalar.map { Character($0) } ?? " ", series: owner)
    }
  }
}
