import Safepoint

/// The training windows of token sequences: up to `length` contexts and the token after each, cut by a rule.
public struct Windows: Sendable {
  /// The most contexts of a window.
  public let length: Int
  /// How the sequences are cut.
  public let rule: WindowRule
  private let sequences: TokenSequences
  private let stride: Int
  /// The number of windows of all sequences up to and with each one.
  private let ends: [Int]

  /// The windows of `sequences` that start at 0, stride, 2 stride, ..., or of whole rows, for which `stride` is nothing; empty
  /// sequences have none, and of rows those of one token.
  ///
  /// Throws for a length or stride outside `TrainingOptions.counts`, for more windows than a random order can have, and when
  /// the budget of memory has no room for the counts of all sequences.
  public init(_ sequences: TokenSequences, length: Int, stride: Int, rule: WindowRule = .circular) throws {
    try ModelConfiguration.check("sequence", length, TrainingOptions.counts)
    try ModelConfiguration.check("stride", stride, TrainingOptions.counts)
    try Safepoint.reserve(8, times: sequences.count)
    (self.sequences, self.length, self.rule) = (sequences, length, rule)
    self.stride = rule == .rows ? length : stride
    // The last token of a row is followed by none.
    let unread = rule == .rows ? 1 : 0
    var total = 0
    ends = (0..<sequences.count).map { [stride = self.stride] index in
      total += (max(sequences.length(of: index) - unread, 0) + stride - 1) / stride
      return total
    }
    guard total <= UInt32.max else {
      throw ConfigurationError(
        "there are \(total) windows, at most \(UInt32.max) are possible; a larger stride makes fewer")
    }
  }

  /// The windows of `sequences`, by default of the usual length, or as long as the longest row.
  public init(_ sequences: TokenSequences, length: Int?, stride: Int, rule: WindowRule) throws {
    let usual = rule == .rows ? try max(sequences.longest, 1) : TrainingOptions.usualSequence
    try self.init(sequences, length: length ?? usual, stride: stride, rule: rule)
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

  /// The windows `indices` [n, longest + 1], each with the context that follows it; those that hold less are padded.
  public func contexts(_ indices: some Collection<Int>) throws -> ContextBatch {
    let shape = shape
    let places = indices.map { place(of: $0) }
    let lengths = places.map { sequence, start in
      rule == .rows ? min(length + 1, sequences.length(of: sequence) - start) : length + 1
    }
    let longest = lengths.max() ?? length + 1
    try Safepoint.reserve(shape.cells + 4, times: indices.count, longest, for: "a batch")
    var ids: [UInt8] = []
    ids.reserveCapacity(indices.count * longest * shape.cells)
    for (place, length) in zip(places, lengths) {
      try Safepoint.check(after: 2 * length)
      let source = try sequences.patches(of: place.sequence)
      var position = place.start
      var left = length
      while left > 0 {
        let run = min(left, source.count - position)
        ids += source.ids[shape.places(position..<position + run)]
        position = (position + run) % source.count
        left -= run
      }
      ids += repeatElement(Vocabulary.padding, count: (longest - length) * shape.cells)
    }
    return ContextBatch(ids: ids, count: indices.count, length: longest, shape: shape, lengths: lengths)
  }

  /// What an objective asks of the windows `indices`.
  public func example(_ indices: some Collection<Int>, for objective: some Objective) throws -> Example {
    objective.example(of: try contexts(indices))
  }
}
