/// What a terminal shows after it got some bytes: enough of one to see where a line that is edited stands.
struct ScreenModel {
  private(set) var rows: [[Character]] = [[]]
  private(set) var row = 0
  private(set) var column = 0
  /// True behind the last column, until the next character goes to the next row.
  private var isPending = false
  private let columns: Int
  private let height: Int
  /// The first row of the screen; rows above it scrolled away.
  private var top: Int { max(rows.count - height, 0) }

  init(columns: Int, height: Int) { (self.columns, self.height) = (columns, height) }

  /// The rows without blanks at their ends.
  var text: [String] {
    let lines = rows.map { row in
      String(String(row.filter { $0 != "\u{0}" }).reversed().drop { $0 == " " }.reversed())
    }
    return lines.reversed().drop { $0.isEmpty }.reversed()
  }

  mutating func take(_ output: String) {
    let scalars = output.unicodeScalars
    var rest = scalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": (column, isPending) = (0, false)
      case "\n": lineFeed()
      case "\u{8}": (column, isPending) = (max(column - 1, 0), false)
      case "\u{7}": break
      case "\u{1B}":
        guard rest.popFirst() == "[" else { continue }
        let start = rest.startIndex
        while let next = rest.first, !("@"..."~").contains(next) { rest.removeFirst() }
        let words = String(scalars[start..<rest.startIndex])
        if let final = rest.popFirst() { control(final, words) }
      default: put(Character(scalar))
      }
    }
  }

  private mutating func lineFeed() {
    isPending = false
    row += 1
    if row == rows.count { rows.append([]) }
  }

  private func width(_ character: Character) -> Int {
    guard let value = character.unicodeScalars.first?.value else { return 0 }
    if (0x300...0x36F).contains(value) { return 0 }
    return (0x1100...0x115F).contains(value) || (0x2E80...0xFF60).contains(value) || value > 0x1F000 ? 2 : 1
  }

  private mutating func put(_ character: Character) {
    let width = width(character)
    guard width > 0 else { return }
    if isPending || column + width > columns {
      column = 0
      lineFeed()
    }
    while rows[row].count < column + width { rows[row].append(" ") }
    rows[row][column] = character
    if width == 2 { rows[row][column + 1] = "\u{0}" }
    column += width
    if column == columns {
      column = columns - 1
      isPending = true
    }
  }

  private mutating func control(_ final: Unicode.Scalar, _ words: String) {
    let count = Int(words) ?? 1
    switch final {
    case "A": (row, isPending) = (max(row - count, top), false)
    case "B": (row, isPending) = (min(row + count, rows.count - 1), false)
    case "C": (column, isPending) = (min(column + count, columns - 1), false)
    case "D": (column, isPending) = (max(column - count, 0), false)
    case "K": rows[row] = Array(rows[row].prefix(column))
    case "J" where words.isEmpty || words == "0":
      rows[row] = Array(rows[row].prefix(column))
      rows.removeLast(rows.count - row - 1)
    case "J":
      rows = Array(rows.prefix(top)) + [[]]
      row = rows.count - 1
    case "H":
      (row, column, isPending) = (top, 0, false)
    default: break
    }
  }
}
