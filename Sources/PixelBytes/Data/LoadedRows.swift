import Formats

/// Rows that are loaded one by one; one that cannot be loaded is told at the end with the others, never left out.
struct LoadedRows {
  private var rows: [DataRow] = []
  private var failures: [String] = []
  private var bytes = 0
  private let file: String

  /// Begins with no rows of a file or folder.
  init(of file: String) { self.file = file }

  /// How many rows were tried.
  var count: Int { rows.count + failures.count }

  /// Adds the row that `load` gives, or notes why there is none; `place` says which it is.
  ///
  /// Pictures that take more than `DataSet.memoryLimit` together throw.
  mutating func append(_ place: String, _ load: () throws -> DataRow) throws {
    do {
      let row = try load()
      rows.append(row)
      bytes += row.image.rgba.count + (row.patches?.ids.count ?? 0)
    } catch let error as RowError {
      failures.append("  \(place): \(error.reason)")
    }
    guard bytes <= DataSet.memoryLimit else {
      throw DataError(
        .limit,
        "\(file): the pictures up to \(place) take more than \(DataSet.memoryLimit >> 30) GB; "
          + "load fewer rows with limit: \(rows.count - 1), or smaller pictures")
    }
  }

  /// The data set; throws when a row could not be loaded, with the first five and their number.
  func dataSet() throws(DataError) -> DataSet {
    if failures.isEmpty { return DataSet(rows) }
    let shown = failures.prefix(5) + (failures.count > 5 ? ["  and \(failures.count - 5) more"] : [])
    throw DataError(
      .io,
      "\(failures.count) of the \(count) rows of \(file) cannot be loaded:\n" + shown.joined(separator: "\n"))
  }
}

/// Why one row cannot be loaded.
struct RowError: Error {
  let reason: String
}
