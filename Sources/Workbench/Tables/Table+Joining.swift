import PixelScript
import Safepoint

extension Table {
  /// Which rows a join has.
  enum Join: String, CaseIterable, ScriptChoice {
    /// Those with keys that both tables have.
    case inner
    /// Those of the first table, with what the second has for them.
    case left
    /// Those of the second table, in its order, with what the first has for them.
    case right
    /// Those of both tables.
    case outer
    /// Each of the first with each of the second, whatever stands in them.
    case cross
  }

  /// The rows of two tables side by side where the key columns are equal, in the order of the first table; a name that both have
  /// beside the keys gets `_right` for the second one. Keys have the first table's names. Missing keys are equal to each other.
  func joined(with right: Table, on names: JoinKeys, _ kind: Join) throws -> Table {
    let keys = names.left
    let (ours, theirs) = try (
      keys.map { try column($0, argument: "on", of: "the first table") },
      names.right.map { try right.column($0, argument: "on", of: "the second table") }
    )
    for (name, (our, their)) in zip(keys, zip(ours, theirs))
    where our.typeName != their.typeName && !our.isEmpty && !their.isEmpty {
      throw ScriptError(
        .type,
        "the key \(Display.quoted(name)) holds \(our.contents) in one table and \(their.contents) in the other",
        argument: "on")
    }
    let both = try zip(ours, theirs).map { try Column.joined([$0, $1]) }
    let rowKeys = try RowKeys(both, rows: count + right.count)
    let places = try pairs(rowKeys, kind)
    let hasOthers = kind == .outer || kind == .right
    let isWhole =
      !hasOthers && places.left.count == count && places.left.indices.allSatisfy { places.left[$0] == $0 }
    var table = Table(
      try zip(self.names, columns).map { name, column in
        if isWhole { return (name, column) }
        guard hasOthers, let key = keys.firstIndex(where: { ExactText.areEqual($0, name) }) else {
          return (name, try column.picking(places.left))
        }
        // A row that the first table lacks has the second one's keys.
        let rows = try Pieces.filled(places.left.count) {
          places.left[$0] < 0 ? count + places.right[$0] : places.left[$0]
        }
        return (name, try both[key].picking(rows))
      }, count: places.left.count
    ).like(self, rows: places.left)
    for (name, column) in zip(right.names, right.columns) where !names.right.containsExactly(name) {
      let free = table[name] == nil ? name : name + "_right"
      guard table[free] == nil else {
        throw ScriptError(
          .value, "the join would have two columns \(Display.quoted(free))", help: "give one another name: `rename`",
          argument: "right")
      }
      table.set(free, to: try column.picking(places.right))
    }
    return table
  }

  /// The rows that stand side by side, -1 for none; the keys are those of the first table's rows, then those of the second one's.
  private func pairs(_ keys: RowKeys, _ kind: Join) throws -> (left: [Int], right: [Int]) {
    let rows = keys.codes.count
    if kind == .right {
      let (right, left) = try Self.pairs(keys, count..<rows, 0..<count, keepsFirst: true, keepsSecond: false)
      return (left, right)
    }
    let (left, right) = try Self.pairs(
      keys, 0..<count, count..<rows, keepsFirst: kind == .left || kind == .outer, keepsSecond: kind == .outer)
    return (left, right)
  }

  /// The same where no key stands twice in the second part, as most often in a table that is looked up.
  private static func singlePairs(
    _ keys: RowKeys, _ firsts: Range<Int>, _ seconds: Range<Int>, keepsFirst: Bool
  ) throws -> (first: [Int], second: [Int]) {
    try Safepoint.reserve(32, times: firsts.count, for: "the rows of a join")
    let codes = keys.codes
    var rows = [Int](repeating: -1, count: keys.count)
    try Pieces.forEach(seconds) { for row in $0 { rows[Int(codes[row])] = row - seconds.lowerBound } }
    let found = try Pieces.filled(firsts.count) { rows[Int(codes[firsts.lowerBound + $0])] }
    if keepsFirst { return (try Pieces.filled(firsts.count) { $0 }, found) }
    let first = try Pieces.places(found.count) { found[$0] >= 0 }
    return (first, try Pieces.filled(first.count) { found[first[$0]] })
  }

  /// The same for two parts of the keys, in the order of the first.
  private static func pairs(
    _ keys: RowKeys, _ firsts: Range<Int>, _ seconds: Range<Int>, keepsFirst: Bool, keepsSecond: Bool
  ) throws -> (first: [Int], second: [Int]) {
    // The rows of the second part by their key, one key after the other.
    var starts = [Int](repeating: 0, count: keys.count + 1)
    try Pieces.forEach(seconds) { for row in $0 { starts[Int(keys.codes[row]) + 1] += 1 } }
    if !keepsSecond, starts.allSatisfy({ $0 <= 1 }) {
      return try singlePairs(keys, firsts, seconds, keepsFirst: keepsFirst)
    }
    for code in 0..<keys.count { starts[code + 1] += starts[code] }
    var total = 0
    try Pieces.forEach(firsts) { piece in
      for row in piece {
        let code = Int(keys.codes[row])
        total += max(starts[code + 1] - starts[code], keepsFirst ? 1 : 0)
      }
    }
    try Safepoint.reserve(32, times: total + seconds.count, for: "the rows of a join")
    var next = starts
    var rows = [Int](repeating: 0, count: seconds.count)
    try Pieces.forEach(seconds) { piece in
      for row in piece {
        let code = Int(keys.codes[row])
        rows[next[code]] = row - seconds.lowerBound
        next[code] += 1
      }
    }
    var (first, second) = ([Int](), [Int]())
    first.reserveCapacity(total)
    second.reserveCapacity(total)
    var isMet = [Bool](repeating: false, count: keepsSecond ? keys.count : 0)
    try Pieces.forEach(firsts) { piece in
      for row in piece {
        let code = Int(keys.codes[row])
        if keepsSecond { isMet[code] = true }
        let range = starts[code]..<starts[code + 1]
        for place in range {
          first.append(row - firsts.lowerBound)
          second.append(rows[place])
        }
        if range.isEmpty, keepsFirst {
          first.append(row - firsts.lowerBound)
          second.append(-1)
        }
        if range.count > 1 << 14 { try Safepoint.check() }
      }
    }
    if keepsSecond {
      try Pieces.forEach(seconds) { piece in
        for row in piece where !isMet[Int(keys.codes[row])] {
          first.append(-1)
          second.append(row - seconds.lowerBound)
        }
      }
    }
    return (first, second)
  }
}
