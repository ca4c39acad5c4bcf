import Tensors

/// An ordered collection of rows with pictures and captions; a value, so that every change makes a new one.
public struct DataSet: Equatable, Sendable, RandomAccessCollection {
  /// The rows.
  public var rows: [DataRow]

  /// The most memory that the pictures of a data set take, in bytes.
  public static let memoryLimit = 1 << 31

  /// Creates a data set from its rows.
  public init(_ rows: [DataRow] = []) { self.rows = rows }

  /// The position of the first row.
  public var startIndex: Int { 0 }
  /// The position after the last row.
  public var endIndex: Int { rows.count }

  /// Accesses the row at `index`; an index outside the data set is a programmer's mistake.
  public subscript(index: Int) -> DataRow { rows[index] }

  /// Returns the rows in `range` as a data set; a range outside is a programmer's mistake.
  public subscript(range: Range<Int>) -> DataSet { DataSet(Array(rows[range])) }

  /// The names of the columns: image, caption, what the file or the traits add, and pixelbyte after a build.
  public var columns: [String] {
    guard let first = rows.first else { return ["image", "caption"] }
    return ["image", "caption"] + (first.extra + first.traits).map(\.name) + (first.patches == nil ? [] : ["pixelbyte"])
  }

  /// Returns the first `count` rows, or all when there are fewer.
  public func taking(_ count: Int) -> DataSet { DataSet(Array(rows.prefix(Swift.max(0, count)))) }

  /// Returns the rows in a random order that depends on `seed` alone.
  public func shuffled(seed: UInt64) -> DataSet {
    var random = Random(seed: seed, stream: "shuffle")
    return DataSet(random.permutation(count).map { rows[$0] })
  }

  /// Returns the rows for which `keep` answers true.
  public func filtered(_ keep: (DataRow) throws -> Bool) rethrows -> DataSet { DataSet(try rows.filter(keep)) }

  /// Returns training and test rows: `test` is the share of test rows, drawn by `seed`; both keep the rows' order.
  ///
  /// With two rows or more and a share inside (0, 1), neither part is empty. A share outside [0, 1] throws.
  public func split(test: Double, seed: UInt64) throws(DataError) -> (train: DataSet, test: DataSet) {
    guard (0...1).contains(test) else {
      throw DataError(.value, "the share of test rows is a number from 0 to 1, not \(test)")
    }
    var chosen = Int((Double(count) * test).rounded())
    if test > 0, test < 1, count > 1 { chosen = Swift.min(Swift.max(chosen, 1), count - 1) }
    var random = Random(seed: seed, stream: "split")
    let isTest = Set(random.permutation(count).prefix(chosen))
    return (
      DataSet(indices.filter { !isTest.contains($0) }.map { rows[$0] }),
      DataSet(indices.filter { isTest.contains($0) }.map { rows[$0] })
    )
  }
}
