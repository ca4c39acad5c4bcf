/// A place in the tree over which `Parallel.joined` joins: the values from index * 2^level on, at most 2^level of them.
public struct Place: Hashable, Sendable {
  /// How often was joined.
  public let level: Int
  /// The number of the place on its level.
  public let index: Int

  /// A place.
  public init(level: Int, index: Int) { (self.level, self.index) = (level, index) }

  /// The first of its values.
  public var first: Int { index << level }
  /// Where it comes to with its neighbor.
  public var parent: Place { Place(level: level + 1, index: index / 2) }

  /// The place that it is joined with among `count` values; nil where there is none.
  public func neighbor(among count: Int) -> Place? {
    let neighbor = Place(level: level, index: index ^ 1)
    return neighbor.first < count ? neighbor : nil
  }

  /// The levels below the last place, which holds all of `count` values.
  public static func levels(_ count: Int) -> Int { count < 2 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }
}

/// How `count` values are shared out among several workers, each of which gets neighbors: nobody gets more than is needed to share
/// them out evenly, and where that allows it whole branches of the tree.
public struct Shares: Equatable, Sendable {
  private let count: Int
  private let workers: Int
  /// The values of each worker where these are branches.
  private let branch: Int?

  /// Shares out; some workers get nothing where there are more than values.
  public init(_ count: Int, among workers: Int) {
    (self.count, self.workers) = (count, workers)
    let most = (count + workers - 1) / workers
    branch = most > 0 && most & (most - 1) == 0 ? most : nil
  }

  /// What a worker gets.
  public subscript(worker: Int) -> Range<Int> {
    if let branch { return min(worker * branch, count)..<min((worker + 1) * branch, count) }
    return worker * count / workers..<(worker + 1) * count / workers
  }

  /// Who gets a value.
  public func owner(of value: Int) -> Int {
    if let branch { return value / branch }
    return ((value + 1) * workers - 1) / count
  }
}
