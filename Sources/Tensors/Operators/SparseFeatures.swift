import Safepoint

/// For each row of a matrix a few numbers, each of which speaks for one column as much as one of the row's gates lets it.
public struct SparseFeatures: Sendable {
  /// How many numbers all rows up to and with each one have.
  private var ends: [Int] = []
  private var gates: [Int32] = []
  private var columns: [Int32] = []
  private var values: [Float] = []

  /// Features of no rows.
  public init() {}

  /// The number of rows.
  public var rows: Int { ends.count }

  /// Adds a number to the row that is not ended yet.
  public mutating func add(_ value: Float, gate: Int, column: Int) {
    gates.append(Int32(gate))
    columns.append(Int32(column))
    values.append(value)
  }

  /// Ends a row.
  public mutating func endRow() { ends.append(values.count) }

  /// Whether all gates and columns are below these numbers.
  fileprivate func fits(gates count: Int, columns width: Int) -> Bool {
    gates.allSatisfy { (0..<Int32(count)).contains($0) } && columns.allSatisfy { (0..<Int32(width)).contains($0) }
  }

  /// Calls `body` with the places of gate and column, row by row, and the value of each number.
  fileprivate func forEach(gates count: Int, columns width: Int, _ body: (_ gate: Int, _ column: Int, Float) -> Void) {
    var first = 0
    for (row, end) in ends.enumerated() {
      if Safepoint.mustStop(after: 4 * (end - first) + 4) { return }
      for k in first..<end { body(row * count + Int(gates[k]), row * width + Int(columns[k]), values[k]) }
      first = end
    }
  }
}

extension Tensor {
  /// x [rows, columns] with, in each row, every feature added to its column, times its gate of `gates` [rows, gates].
  ///
  /// Features of another number of rows, gates or columns are a programmer's mistake.
  public func adding(_ features: SparseFeatures, gates: Tensor) -> Tensor {
    precondition(
      shape.count == 2 && gates.shape.count == 2 && shape[0] == gates.shape[0] && features.rows == shape[0],
      "features of \(features.rows) rows for \(shape) and gates of \(gates.shape)")
    let (shape, kinds, width) = (shape, gates.shape[1], shape[1])
    precondition(features.fits(gates: kinds, columns: width), "a feature of no gate or column")
    let shares = gates.values
    var sums = values.copied
    features.forEach(gates: kinds, columns: width) { sums[$1] += shares[$0] * $2 }
    return .recorded(sums, shape, from: [self, gates], keeping: .only(4 * features.rows)) { gradient in
      let reached = gradient.values
      var parts = [Float](repeating: 0, count: shape[0] * kinds)
      features.forEach(gates: kinds, columns: width) { parts[$0] += reached[$1] * $2 }
      return [gradient, Tensor(parts, [shape[0], kinds])]
    }
  }
}
