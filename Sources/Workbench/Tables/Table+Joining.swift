import PixelScript
import Safepoint

extension Table {
  /// Which rows a join has.
  enum Join: String, CaseIterable, ScriptChoice {
    /// Those with keys that both tables have.
    case inner
    /// Those of the first table, with what the second has for them.
    case left
    /// Those of both tables.
    case outer
  }

  /// The rows of two tables side by side where the key columns are equal, in the order of the first table; a name that both have
  /// beside the keys gets `_right` for the second one. Missing keys are equal to each other.
  func joined(with right: Table, on keys: [String], _ kind: Join) throws -> Table {
    let (ours, theirs) = try (
      keys.map { try column($0, argument: "on") }, keys.map { try right.column($0, argument: "on") }
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
    let places = try Self.pairs(rowKeys, count, kind)
    let isWhole =
      kind != .outer && places.left.count == count && places.left.indices.allSatisfy { places.left[$0] == $0 }
    var table = Table(
      try zip(names, columns).map { name, column in
        if isWhole { return (name, column) }
        guard kind == .outer, let key = keys.firstIndex(of: name) else {
          return (name, try column.picking(places.left))
        }
        // A row that the first table lacks has the second one's keys.
        let rows = places.left.indices.map { places.left[$0] < 0 ? count + places.right[$0] : places.left[$0] }
        return (name, try both[key].picking(rows))
      }, count: places.left.count)
    for (name, column) in zip(right.names, right.columns) where !keys.contains(name) {
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

  /// The rows that stand side by side, -1 for none.
  private static func pairs(_ keys: RowKeys, _ leftCount: Int, _ kind: Join) throws -> (left: [Int], right: [Int]) {
    let rightCount = keys.codes.count - leftCount
    // The rows of the second table by their key, one key after the other.
    var starts = [Int](repeating: 0, count: keys.count + 1)
    for row in 0..<rightCount { starts[Int(keys.codes[leftCount + row]) + 1] += 1 }
    for code in 0..<keys.count { starts[code + 1] += starts[code] }
    var total = 0
    for row in 0..<leftCount {
      let code = Int(keys.codes[row])
      total += max(starts[code + 1] - starts[code], kind == .inner ? 0 : 1)
    }
    try Safepoint.reserve(32, times: total + rightCount, for: "the rows of a join")
    var next = starts
    var rows = [Int](repeating: 0, count: rightCount)
    for row in 0..<rightCount {
      let code = Int(keys.codes[leftCount + row])
      rows[next[code]] = row
      next[code] += 1
    }
    var (left, right) = ([Int](), [Int]())
    left.reserveCapacity(total)
    right.reserveCapacity(total)
    var isMet = [Bool](repeating: false, count: keys.count)
    try Pieces.forEach(leftCount) { piece in
      for row in piece {
        let code = Int(keys.codes[row])
        isMet[code] = true
        let range = starts[code]..<starts[code + 1]
        for place in range {
          left.append(row)
          right.append(rows[place])
        }
        if range.isEmpty, kind != .inner {
          left.append(row)
          right.append(-1)
        }
        if range.count > 1 << 14 { try Safepoint.check() }
      }
    }
    if kind == .outer {
      for row in 0..<rightCount where !isMet[Int(keys.codes[leftCount + row])] {
        left.append(-1)
        right.append(row)
      }
    }
    return (left, right)
  }
}
