import Safepoint
import Tensors

/// Rows that a source reads together, such as a row group of a parquet file.
public struct RowGroup: Sendable {
  /// The rows.
  public let rows: Range<Int>
  /// What they take in memory, about, in bytes.
  public let cost: Int

  /// Creates a group.
  public init(rows: Range<Int>, cost: Int) { (self.rows, self.cost) = (rows, cost) }

  /// The bytes of the groups whose rows are shuffled together, and are in memory together when they are read in that order.
  public static let poolSize = 1 << 27

  /// Returns the numbers 0 ..< `count` in a random order, in which the rows that stand for them are read group by group: groups in random
  /// order come together in pools of `poolSize` bytes, and within a pool the order is random. Nil where one pool holds all groups.
  ///
  /// `row` is the row that a number stands for; all are in a group.
  static func order(
    _ count: Int, in groups: [RowGroup], _ random: inout Random, row: (Int) -> Int
  ) throws(Stopped) -> [Int]? {
    guard Size.sum(groups.map(\.cost)) > poolSize else { return nil }
    try Safepoint.reserve(16, times: count, for: "a data set")
    var members = [[UInt32]](repeating: [], count: groups.count)
    var group = 0
    for number in 0..<count {
      try Safepoint.check(after: 10)
      let row = row(number)
      if !groups[group].rows.contains(row) { group = index(of: row, groups) }
      members[group].append(UInt32(number))
    }
    var (order, pool, cost): ([Int], [UInt32], Int) = ([], [], 0)
    order.reserveCapacity(count)
    func pour() throws(Stopped) {
      order += try random.permutation(pool.count).lazy.map { Int(pool[Int($0)]) }
      (pool, cost) = ([], 0)
    }
    for next in try random.permutation(groups.count) where !members[Int(next)].isEmpty {
      let more = groups[Int(next)].cost
      if cost > 0, more > poolSize - cost { try pour() }
      pool += members[Int(next)]
      cost += more
    }
    try pour()
    return order
  }

  /// The number of the group, of those that follow each other, that a row is in.
  static func index(of row: Int, _ groups: [RowGroup]) -> Int {
    var (low, high) = (0, groups.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if groups[middle].rows.upperBound > row { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
