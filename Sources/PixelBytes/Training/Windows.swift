import Safepoint
import Tensors

/// The training windows of token sequences: every `stride`, `length` patches and the token after each.
///
/// Windows wrap round the end of their sequence, so that short ones serve too and an end is followed by its beginning.
public struct Windows: Sendable {
  /// The patches of a window.
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

  /// The windows `indices` as inputs [n, length, 3, 3] and the token that follows each position, [n * length].
  package func batch(_ indices: some Collection<Int>) throws -> (inputs: PatchBatch, next: [Int32]) {
    try Safepoint.reserve(9 + 4, times: indices.count, length, for: "a batch")
    var ids: [UInt8] = []
    var next: [Int32] = []
    ids.reserveCapacity(indices.count * length * 9)
    next.reserveCapacity(indices.count * length)
    for index in indices {
      try Safepoint.check(after: 2 * length)
      let (sequence, start) = place(of: index)
      let source = try sequences.patches(of: sequence).ids
      let size = source.count / 9
      var position = start
      var left = length
      while left > 0 {
        let run = min(left, size - position)
        ids += source[position * 9..<(position + run) * 9]
        position = (position + run) % size
        left -= run
      }
      position = start
      for _ in 0..<length {
        position = position + 1 == size ? 0 : position + 1
        next.append(Int32(source[position * 9 + 4]))
      }
    }
    return (PatchBatch(ids: ids, count: indices.count, length: length), next)
  }
}

extension Windows {
  /// The windows as inputs and the one label each that the paper trains on: the token after the last position.
  package func lastTokenBatch(_ indices: some Collection<Int>) throws -> (inputs: PatchBatch, labels: [Int32]) {
    let (inputs, next) = try batch(indices)
    return (inputs, Swift.stride(from: length - 1, to: next.count, by: length).map { next[$0] })
  }
}
