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
  func place(of window: Int) -> (sequence: Int, start: Int) {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > window { high = middle } else { low = middle + 1 }
    }
    return (low, (window - (low == 0 ? 0 : ends[low - 1])) * stride)
  }

  /// The windows `indices` [n, longest + 1], each with the context that follows it; those that hold less are padded.
  public func contexts(_ indices: some Collection<Int>) throws -> ContextBatch { try contexts(indices, .none) }

  /// How windows are changed before they are learned from.
  struct Change {
    /// The most contexts of a window, of which the first stay.
    var length: Int?
    /// Whether a window is of its row mirrored.
    var mirrors: ((_ window: Int) -> Bool)?

    /// They stay.
    static var none: Change { Change() }
  }

  /// The row of a window mirrored, where it is to be and has a picture and something is left to predict.
  private func mirrored(_ window: Int, of sequence: Int, from start: Int, _ change: Change) throws -> PatchSequence? {
    guard let mirrors = change.mirrors, mirrors(window), let row = try sequences.mirrored(of: sequence) else {
      return nil
    }
    return rule == .circular || row.tokens.count > start + 1 ? row.patches : nil
  }

  /// The windows `indices` after a change.
  private func contexts(_ indices: some Collection<Int>, _ change: Change) throws -> ContextBatch {
    let shape = shape
    let places = indices.map { place(of: $0) }
    let mirrored =
      change.mirrors == nil
      ? [:]
      : Dictionary(
        uniqueKeysWithValues: try zip(indices, places).enumerated().compactMap { number, window in
          try self.mirrored(window.0, of: window.1.sequence, from: window.1.start, change).map { (number, $0) }
        })
    let most = min(length, change.length ?? length) + 1
    let lengths = places.enumerated().map { number, place in
      let count = mirrored[number]?.count ?? sequences.length(of: place.sequence)
      return rule == .rows ? min(most, count - place.start) : most
    }
    let longest = lengths.max() ?? most
    try Safepoint.reserve(shape.cells + 4, times: indices.count, longest, for: "a batch")
    var ids: [UInt8] = []
    ids.reserveCapacity(indices.count * longest * shape.cells)
    for (number, (place, length)) in zip(places, lengths).enumerated() {
      try Safepoint.check(after: 2 * length)
      let source = try mirrored[number] ?? sequences.patches(of: place.sequence)
      var position = place.start % source.count
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
    try example(indices, for: objective, .none)
  }

  /// What an objective asks of the windows `indices` after a change.
  func example(_ indices: some Collection<Int>, for objective: some Objective, _ change: Change) throws -> Example {
    objective.example(of: try contexts(indices, change))
  }

  /// Throws where none of the first sequences has a picture that can be mirrored.
  func checkPictures() throws {
    for index in 0..<min(sequences.count, WindowRule.searched) {
      try Safepoint.check(after: sequences.length(of: index))
      if try sequences.tokens(of: index)?.runs.contains(where: { $0.rowLength > 0 }) ?? false { return }
    }
    throw ConfigurationError("augment \"flip\" needs rows with pictures, and there are none", setting: "augment")
  }
}
