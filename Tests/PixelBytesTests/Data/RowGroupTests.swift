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
