import Kernels

/// Vectors [batch, time, D] of which many are the same: the distinct ones once, and which of them stands at each position.
///
/// What depends on a vector alone, such as its product with a matrix, is worked out once for each distinct one, and the gradients
/// of its positions are added up first: in pictures half of the patches of a batch have been there before.
public struct RepeatedRows {
  /// The distinct vectors, [distinct, D].
  public let rows: Tensor
  /// Which of them stands at each position, sequence by sequence.
  public let places: [Int]
  /// The number of sequences.
  public let batch: Int
  /// The positions of each.
  public let time: Int

  /// Creates vectors of rows [distinct, D] at batch * time places.
  public init(_ rows: Tensor, at places: [Int], batch: Int, time: Int) {
    precondition(rows.shape.count == 2 && places.count == batch * time && places.lie(in: rows.shape[0]))
    (self.rows, self.places, self.batch, self.time) = (rows, places, batch, time)
  }

  /// All vectors, [batch, time, D].
  public var tensor: Tensor { rows.embedding(places, [batch, time]) }

  /// Which rows of `size` bytes are the distinct ones, in the order in which they come, and which of those each row is equal to.
  public static func distinct(_ bytes: [UInt8], size: Int) -> (firsts: [Int], places: [Int]) {
    precondition(size > 0 && bytes.count % size == 0)
    let rows = bytes.count / size
    var (firsts, places) = (Kernel.uninitializedPlaces(rows), Kernel.uninitializedPlaces(rows))
    var bits = 4
    while 1 << bits < 2 * rows { bits += 1 }
    var slots = [Int](repeating: -1, count: 1 << bits)
    let count = unsafe pb_distinct_rows(rows, size, bytes, &places, &firsts, slots.count, &slots)
    firsts.removeLast(rows - count)
    return (firsts, places)
  }
}

extension [Int] {
  /// Whether all are places of `count` things.
  func lie(in count: Int) -> Bool { allSatisfy { $0 >= 0 && $0 < count } }
}

extension Kernel {
  /// Rows of x [places, columns], `stride` apart, added up at their places among `rows` others.
  static func addedRows(_ x: [Float], columns: Int, stride: Int, _ places: [Int], rows: Int) -> [Float] {
    precondition(columns <= stride && x.count == places.count * stride && places.lie(in: rows))
    var y = zeros(rows * stride)
    unsafe pb_add_rows(places.count, columns, stride, places, x, &y)
    return y
  }
}
