import PixelBytes
import Synchronization
import Testing

/// Orders of rows that a file holds in large groups.
struct RowGroupTests {
  /// Rows in groups, which tells in which order the groups are read when the last two pools of them are known.
  private final class Groups: RowSource {
    let count: Int
    let columns = ["caption"]
    let tokens: (any TokenStore)? = nil
    let groups: [RowGroup]

    init(groups count: Int, of size: Int, cost: Int) {
      self.count = count * size
      groups = (0..<count).map { RowGroup(rows: $0 * size..<($0 + 1) * size, cost: cost) }
    }

    func row(at index: Int) -> DataRow { DataRow(caption: "\(index)") }
  }

  private func order(_ data: DataSet) throws -> [Int] { try data.map { Int($0.caption) ?? -1 } }

  @Test func largeGroupsAreShuffledPoolByPool() throws {
    let data = DataSet(source: Groups(groups: 12, of: 10, cost: RowGroup.poolSize / 3))
    let order = try order(try data.shuffled(seed: 5))
    #expect(order.sorted() == Array(0..<120))
    #expect(try order == self.order(try data.shuffled(seed: 5)))
    #expect(try order != self.order(try data.shuffled(seed: 6)))
    var seen: Set<Int> = []
    for start in stride(from: 0, to: 120, by: 30) {
      let groups = order[start..<start + 30].map { $0 / 10 }
      // Three groups, which nothing else comes from, and not one after the other.
      #expect(Set(groups).count == 3 && seen.isDisjoint(with: groups))
      #expect(zip(groups, groups.dropFirst()).count { $0 != $1 } > 5)
      seen.formUnion(groups)
    }
    // Parts and parts of orders are shuffled so too.
    let part = try data.shuffled(seed: 1).taking(50).shuffled(seed: 2)
    #expect(try Set(self.order(part)) == Set(self.order(try data.shuffled(seed: 1)).prefix(50)))
  }

  /// Rows that are put together are read group by group as before, in whatever order they are joined, and beside rows without groups.
  @Test func joinedRowsKeepTheirGroups() throws {
    let cost = RowGroup.poolSize / 3
    let parts = (0..<3).map { _ in DataSet(source: Groups(groups: 6, of: 10, cost: cost)) }
    let loose = DataSet((60..<100).map { DataRow(caption: "\($0)") })
    for joined in [
      try DataSet.joined([parts[0], loose]), try .joined([loose, parts[0]]),
      try .joined([try .joined([parts[0], loose]), DataSet([DataRow(caption: "100")])]),
      try .joined([try .joined([loose, DataSet([DataRow(caption: "100")])]), parts[0]]),
    ] {
      let order = try order(try joined.shuffled(seed: 3))
      #expect(Set(order).isSuperset(of: 0..<100) && order.count == joined.count)
      // Six groups come in two pools, of which each ends before the other begins.
      let groups = order.filter { $0 < 60 }.map { $0 / 10 }
      #expect(Set(groups.prefix(30)).count == 3 && Set(groups.suffix(30)).count == 3)
    }
    let three = try order(try DataSet.joined(parts).shuffled(seed: 3)).map { $0 / 10 }
    for start in stride(from: 0, to: 180, by: 30) { #expect(Set(three[start..<start + 30]).count <= 3) }
    #expect(try Set(order(try DataSet.joined(parts).shuffled(seed: 3)).prefix(30).map { $0 / 10 }).count < 6)
  }

  @Test func smallGroupsAreShuffledAsOne() throws {
    let small = DataSet(source: Groups(groups: 12, of: 10, cost: 100))
    let memory = DataSet((0..<120).map { DataRow(caption: "\($0)") })
    #expect(try order(try small.shuffled(seed: 5)) == order(try memory.shuffled(seed: 5)))
  }

  @Test func aGroupLargerThanAPoolIsOneByItself() throws {
    let data = DataSet(source: Groups(groups: 3, of: 4, cost: 5 * RowGroup.poolSize))
    let groups = try order(try data.shuffled(seed: 1)).map { $0 / 4 }
    #expect(zip(groups, groups.dropFirst()).count { $0 != $1 } == 2)
  }
}
