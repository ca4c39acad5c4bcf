/// A square picture drawn with shapes on a field of 160 x 160 units, by integer arithmetic alone.
///
/// At 16 pixels a unit is a tenth of a pixel. Shapes may be mirrored about the vertical axis; `scale` shrinks everything
/// towards the middle of the ground, in percent.
struct SpriteCanvas {
  /// The palette index of cells that nothing covers.
  static let clear: UInt8 = 255

  let size: Int
  let scale: Int
  /// The color of outlines; small pictures have none.
  let outline: UInt8
  private(set) var cells: [UInt8]
  private var layer: [UInt8]

  init(size: Int, scale: Int, outline: UInt8) {
    self.size = size
    self.scale = scale
    self.outline = outline
    cells = [UInt8](repeating: Self.clear, count: size * size)
    layer = cells
  }

  /// How many pixels stamps are moved to the right.
  var shift = 0

  /// The pixels a side that stand for one of a 16-pixel sprite.
  var pixel: Int { max(1, (size + 4) / 16) }

  /// Moves the empty rows above the drawing below it: a sprite begins in the first row, as a cropped one does.
  mutating func raise() {
    let empty = (cells.firstIndex { $0 != Self.clear } ?? 0) / size * size
    cells = Array(cells[empty...] + cells[..<empty])
  }

  /// Moves rows to the right, the higher the further.
  mutating func lean() {
    let last = (cells.lastIndex { $0 != Self.clear } ?? 0) / size
    for y in 0..<last {
      let move = (last - y) * 3 / 16
      let row = Array(cells[y * size..<(y + 1) * size])
      for x in 0..<size { cells[y * size + x] = x < move ? Self.clear : row[x - move] }
    }
  }

  /// Changes left and right.
  mutating func mirror() {
    for y in 0..<size { cells[y * size..<(y + 1) * size].reverse() }
  }

  /// Draws a shadow on the ground, as far below the drawing as there is room for, up to an eighth of the size.
  mutating func drawShadow() {
    let last = (cells.lastIndex { $0 != Self.clear } ?? 0) / size
    let row = min(last + 1 + max(1, size / 8), size - 1)
    for x in size / 4..<size - size / 4 where cells[row * size + x] == Self.clear { cells[row * size + x] = 4 }
  }

  /// Recolors the cells of one color that end at the left and above (`side` -1), or at the right and below (1).
  mutating func recolorRim(_ from: UInt8, to color: UInt8, _ side: Int) {
    let old = cells
    func isEdge(_ x: Int, _ y: Int) -> Bool {
      guard (0..<size).contains(x), (0..<size).contains(y) else { return true }
      return old[y * size + x] == Self.clear || old[y * size + x] == outline
    }
    for y in 0..<size {
      for x in 0..<size where old[y * size + x] == from {
        let isRim = (1...pixel).contains { isEdge(x + side * $0, y) || isEdge(x, y + side * $0) }
        if isRim { cells[y * size + x] = color }
      }
    }
  }

  /// Puts the layer over what is there, with a dark line around it.
  mutating func flatten(outlined: Bool = true) {
    if outlined, size >= 12 {
      for y in 0..<size {
        for x in 0..<size where layer[y * size + x] == Self.clear && touchesLayer(x, y) {
          cells[y * size + x] = outline
        }
      }
    }
    for cell in cells.indices where layer[cell] != Self.clear {
      cells[cell] = layer[cell]
      layer[cell] = Self.clear
    }
  }

  private func touchesLayer(_ x: Int, _ y: Int) -> Bool {
    x > 0 && layer[y * size + x - 1] != Self.clear || x < size - 1 && layer[y * size + x + 1] != Self.clear
      || y > 0 && layer[(y - 1) * size + x] != Self.clear || y < size - 1 && layer[(y + 1) * size + x] != Self.clear
  }

  /// An ellipse, whole or down to the line `bottom`.
  mutating func ellipse(
    _ cx: Int, _ cy: Int, _ rx: Int, _ ry: Int, _ color: UInt8, mirrored: Bool = false, top: Int = 0, bottom: Int = 160
  ) {
    let (a, b) = (rx * scale * size, ry * scale * size)
    fill(color, mirrored) { canvas, x, y in
      guard canvas.vertical(y, bottom) <= 0, canvas.vertical(y, top) >= 0 else { return false }
      let (u, v) = (canvas.horizontal(x, cx) * 4096 / a, canvas.vertical(y, cy) * 4096 / b)
      return u * u + v * v <= 4096 * 4096
    }
  }

  /// A rectangle; it covers at least one pixel.
  mutating func rectangle(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ color: UInt8, mirrored: Bool = false) {
    let (left, right) = pixels(80 * 100 + (x0 - 80) * scale, 80 * 100 + (x1 - 80) * scale)
    let (up, down) = pixels(150 * 100 + (y0 - 150) * scale, 150 * 100 + (y1 - 150) * scale)
    for y in up..<down {
      for x in left..<right { set(x, y, color, mirrored) }
    }
  }

  /// A triangle.
  mutating func triangle(
    _ a: (Int, Int), _ b: (Int, Int), _ c: (Int, Int), _ color: UInt8, mirrored: Bool = false
  ) {
    fill(color, mirrored) { canvas, x, y in
      func side(_ p: (Int, Int), _ q: (Int, Int)) -> Int {
        (q.0 - p.0) * canvas.vertical(y, p.1) - (q.1 - p.1) * canvas.horizontal(x, p.0)
      }
      let sides = [side(a, b), side(b, c), side(c, a)]
      return sides.allSatisfy { $0 >= 0 } || sides.allSatisfy { $0 <= 0 }
    }
  }

  /// Removes a rectangle from the layer.
  mutating func cut(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, mirrored: Bool = false) {
    rectangle(x0, y0, x1, y1, Self.clear, mirrored: mirrored)
  }

  /// Recolors the cells of one color for which `rule` holds; it is given the distance from the middle and the row.
  mutating func recolor(_ from: UInt8, to color: UInt8, where rule: (_ fromMiddle: Int, _ row: Int) -> Bool) {
    for y in 0..<size {
      for x in 0..<size where cells[y * size + x] == from {
        let outward = max(size - 1 - 2 * x, 2 * x + 1 - size) / 2
        if rule(outward, y) { cells[y * size + x] = color }
      }
    }
  }

  /// Recolors the part of one color that lies inside an ellipse.
  mutating func recolor(_ from: UInt8, to color: UInt8, _ cx: Int, _ cy: Int, _ rx: Int, _ ry: Int) {
    ellipse(cx, cy, rx, ry, color)
    for cell in cells.indices where layer[cell] != Self.clear {
      if cells[cell] == from { cells[cell] = color }
      layer[cell] = Self.clear
    }
  }

  /// Puts a small drawing on the picture, a character a pixel of a 16-pixel sprite, whatever the scale.
  ///
  /// The middle of its last row stands at the given place; a drawing that is mirrored is given as its left part.
  mutating func stamp(_ rows: [String], _ cx: Int, _ cy: Int, _ inks: [Character: UInt8], mirrored: Bool = false) {
    let width = rows.map(\.count).max() ?? 0
    // An even drawing in the middle must stand between the two middle columns.
    let middle = (8000 + (cx - 80) * scale) * size / 8000
    let left = (middle - width * pixel + (cx == 80 ? 0 : 1)) / 2
    let bottom = (15000 + (cy - 150) * scale) * size / 16000 + 1
    for (row, line) in rows.enumerated() {
      for (column, character) in line.enumerated() {
        guard let color = inks[character] else { continue }
        for y in 0..<pixel {
          for x in 0..<pixel {
            let (px, py) = (left + column * pixel + x, bottom + (row - rows.count) * pixel + y)
            guard (0..<size).contains(py) else { continue }
            for px in mirrored ? [px, size - 1 - px] : [px] where (0..<size).contains(px + shift) {
              cells[py * size + px + shift] = color
            }
          }
        }
      }
    }
  }

  private mutating func fill(_ color: UInt8, _ mirrored: Bool, _ inside: (SpriteCanvas, Int, Int) -> Bool) {
    for y in 0..<size {
      for x in 0..<size where inside(self, x, y) { set(x, y, color, mirrored) }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: UInt8, _ mirrored: Bool) {
    layer[y * size + x] = color
    if mirrored { layer[y * size + size - 1 - x] = color }
  }

  /// How far the middle of column `x` lies right of the unit `at`, in hundredths of a unit times `size`.
  private func horizontal(_ x: Int, _ at: Int) -> Int { (2 * x + 1) * 8000 - (8000 + (at - 80) * scale) * size }

  /// How far the middle of row `y` lies below the unit `at`, in hundredths of a unit times `size`.
  private func vertical(_ y: Int, _ at: Int) -> Int { (2 * y + 1) * 8000 - (15000 + (at - 150) * scale) * size }

  /// The pixels between two places in hundredths of a unit, at least one.
  private func pixels(_ from: Int, _ to: Int) -> (Int, Int) {
    let start = min(max((from * size + 8000) / 16000, 0), size - 1)
    return (start, min(max((to * size + 8000) / 16000, start + 1), size))
  }
}
