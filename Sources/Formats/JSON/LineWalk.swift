import Safepoint

/// A walk over the lines of a JSON Lines file, which are checked but not made into values.
struct LineWalk: RowWalk {
  private let path: String
  private let watched: [String]
  private(set) var names: [String] = []
  private(set) var places: [String: Int] = [:]
  private(set) var hasOthers: [Bool] = []
  private(set) var blocks = RowBlocks()
  private(set) var line = 1
  /// For each column the last row that has it, counted from 1, and which of the watched it is.
  private var lastRows: [Int] = []
  private var watchers: [Int?] = []
  private var texts: [String?]

  init(_ path: String, watched: [String]) {
    (self.path, self.watched) = (path, watched)
    texts = watched.map { _ in nil }
  }

  mutating func take(
    _ piece: [UInt8], at start: Int, isLast: Bool, _ row: ([String?]) throws -> Void
  ) throws -> Int {
    if start == 0, !piece.isEmpty { try ForeignFile.refuse(piece, in: path, expected: "JSON lines") }
    var place = 0
    while place < piece.count {
      guard let end = piece[place...].firstIndex(of: UInt8(ascii: "\n")) ?? (isLast ? piece.count : nil) else { break }
      let range = place..<end
      if Safepoint.mustStop(after: 1000 + 10 * range.count) {
        throw FormatError(.io, in: path, "was not read: the work was stopped")
      }
      if !JSONLine.isBlank(piece[range]) {
        do throws(JSONFault) { try check(piece, range) } catch { throw JSONLine.error(error, line: line, file: path) }
        blocks.append(start + place..<start + end, line: line)
        if !watched.isEmpty { try row(texts) }
      }
      place = min(end + 1, piece.count)
      line += 1
    }
    return place
  }

  /// Goes over the object of a line, and remembers the texts that are watched.
  private mutating func check(_ piece: [UInt8], _ range: Range<Int>) throws(JSONFault) {
    var reader = JSONReader(piece, range, readsEndless: true)
    let first = try reader.next()
    guard first == .objectStart else { throw JSONReader(piece, range).notObject(first) }
    for index in texts.indices { texts[index] = nil }
    var expected = 0
    while case .name(let name) = try reader.next() {
      let column = column(name, expected: expected)
      expected = column + 1
      guard lastRows[column] != blocks.rows + 1 else { throw reader.repeated(name) }
      lastRows[column] = blocks.rows + 1
      let watcher = watchers[column]
      reader.makesTexts = watcher != nil
      let part = try reader.next()
      reader.makesTexts = true
      switch part {
      case .null: break
      case .string(let text): if let watcher { texts[watcher] = text }
      case .arrayStart, .objectStart:
        hasOthers[column] = true
        _ = try JSON(from: part, &reader)
      default: hasOthers[column] = true
      }
    }
    _ = try reader.next()
  }

  /// The number of a column, which is often the one behind the last.
  private mutating func column(_ name: String, expected: Int) -> Int {
    if expected < names.count, names[expected] == name { return expected }
    if let place = places[name] { return place }
    places[name] = names.count
    names.append(name)
    hasOthers.append(false)
    lastRows.append(0)
    watchers.append(watched.firstIndex(of: name))
    return names.count - 1
  }
}
