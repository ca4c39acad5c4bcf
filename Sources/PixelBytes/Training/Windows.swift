import Safepoint

/// The training windows of token sequences: every `stride`, `length` contexts and the token after each.
///
/// Windows wrap round the end of their sequence, so that short ones serve too and an end is followed by its beginning.
public struct Windows: Sendable {
  /// The contexts of a window.
  public let length: Int
  private let sequences: TokenSequences
  private let stride: Int
  /// The number of windows of all sequences up to and with each one.
  private let ends: [Int]

  /// The windows of `sequences` that start at 0, stride, 2 stride, ...; empty sequences have none.
  ///
  /// Throws for a length or stride outside `TrainingOptions.counts`, for more windows than a random order can have, and when
  /// the budget of memory has no room for the counts of all sequences.
  public init(_ sequences: TokenSequences, length: Int, stride: Int) throws {
    try ModelConfiguration.check("sequence", length, TrainingOptions.counts)
    try ModelConfiguration.check("stride", stride, TrainingOptions.counts)
    try Safepoint.reserve(8, times: sequences.count)
    (self.sequences, self.length, self.stride) = (sequences, length, stride)
    var total = 0
    ends = (0..<sequences.count).map { index in
      total += (sequences.length(of: index) + stride - 1) / stride
      return total
    }
    guard total <= UInt32.max else {
      throw ConfigurationError(
        "there are \(total) windows, at most \(UInt32.max) are possible; a larger stride makes fewer")
    }
  }

  /// The cells of the contexts.
  public var shape: ContextShape { sequences.shape }

  /// The number of windows.
  public var count: Int { ends.last ?? 0 }

  /// The sequence that a window is of, and where in it the window starts.
  private func place(of window: Int) -> (sequence: Int, start: Int) {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > window { high = middle } else { low = middle + 1 }
    }
    return (low, (window - (low == 0 ? 0 : ends[low - 1])) * stride)
  }

  /// The windows `indices` [n, length + 1], each with the context that follows it.
  public func contexts(_ indices: some Collection<Int>) throws -> ContextBatch {
    let shape = shape
    try Safepoint.reserve(shape.cells + 4, times: indices.count, length, for: "a batch")
    var ids: [UInt8] = []
    ids.reserveCapacity(indices.count * (length + 1) * shape.cells)
    for index in indices {
      try Safepoint.check(after: 2 * length)
      let (sequence, start) = place(of: index)
      let source = try sequences.patches(of: sequence)
      var position = start
      var left = length + 1
      while left > 0 {
        let run = min(left, source.count - position)
        ids += source.ids[shape.places(position..<position + run)]
        position = (position + run) % source.count
        left -= run
      }
    }
    return ContextBatch(ids: ids, count: indices.count, length: length + 1, shape: shape)
  }

  /// What an objective asks of the windows `indices`.
  public func example(_ indices: some Collection<Int>, for objective: some Objective) throws -> Example {
    objective.example(of: try contexts(indices))
  }
}
