/// Rows that a pure function makes of their numbers, each when it is asked for.
final class DrawnRows: RowSource {
  let count: Int
  let columns: [String]
  let traits: [String]
  let tokens: (any TokenStore)? = nil
  private let make: @Sendable (Int) -> DataRow

  /// The rows 0 ..< `count`; a count below 0 or above `limit` throws, and the error calls the rows `name`.
  init(
    count: Int, called name: String, limit: Int, row: @escaping @Sendable (Int) -> DataRow
  ) throws(DataError) {
    guard count >= 0 else { throw DataError(.value, "the number of \(name) is 0 or more, not \(count)") }
    guard count <= limit else { throw DataError(.limit, "a data set has at most \(limit) \(name), not \(count)") }
    (self.count, make) = (count, row)
    let first = row(0)
    traits = first.traits.map(\.name)
    columns = (first.image == nil ? ["caption"] : ["image", "caption"]) + traits
  }

  func row(at index: Int) -> DataRow { make(index) }
}
