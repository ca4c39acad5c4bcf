/// A sequence of tokens, each with the six tokens around it that are known before it, as the later published models read it.
///
/// The six are, of the frame before, the row above, the same place and the row below; of the same frame the place above to
/// the left, the place above, and the token before in reading order. Outside a text, picture or clip there is padding.
public struct ContextSequence: Equatable, Sendable {
  /// The tokens.
  public private(set) var labels: [UInt8]
  /// Six tokens for each, row-major: the shape is `[count, 6]`.
  public private(set) var contexts: [UInt8]

  /// The number of tokens.
  public var count: Int { labels.count }

  /// A sequence without tokens.
  public init() { (labels, contexts) = ([], []) }

  /// The tokens of frames of the same size one after the other, row by row; a count that does not fit is a programmer's
  /// mistake.
  init(_ tokens: [UInt8], rows: Int, columns: Int) {
    precondition(tokens.count % (rows * columns) == 0, "\(tokens.count) tokens in frames of \(rows) x \(columns)")
    labels = tokens
    contexts = []
    contexts.reserveCapacity(6 * tokens.count)
    for place in tokens.indices {
      let (column, row, frame) = (place % columns, place / columns % rows, place / (columns * rows))
      func token(frame: Int, row: Int, column: Int) -> UInt8 {
        guard frame >= 0, (0..<rows).contains(row), column >= 0 else { return Vocabulary.padding }
        return tokens[(frame * rows + row) * columns + column]
      }
      contexts.append(token(frame: frame - 1, row: row - 1, column: column))
      contexts.append(token(frame: frame - 1, row: row, column: column))
      contexts.append(token(frame: frame - 1, row: row + 1, column: column))
      contexts.append(token(frame: frame, row: row - 1, column: column - 1))
      contexts.append(token(frame: frame, row: row - 1, column: column))
      contexts.append(place > 0 ? tokens[place - 1] : Vocabulary.padding)
    }
  }

  /// Adds another sequence, whose contexts do not reach back beyond its own beginning.
  public mutating func append(_ other: ContextSequence) {
    labels += other.labels
    contexts += other.contexts
  }
}

extension Tokenizer {
  /// Returns the tokens and contexts of a text, normalized, and of the newline that ends it.
  public func contexts(text: String) -> ContextSequence {
    let ids = normalized(text).utf8.map { vocabulary.id(ofByte: $0) } + [Vocabulary.newline]
    return ContextSequence(ids, rows: 1, columns: ids.count)
  }

  /// Returns the tokens and contexts of the frames of an animation, or of one picture: rows end in a tab, frames in a newline.
  ///
  /// Of frames, rows and columns every `step`-th is taken, from the first on. Frames of another size or palette than the
  /// first's or the vocabulary's are a programmer's mistake.
  public func contexts(frames: [IndexedImage], step: Int = 1) -> ContextSequence {
    precondition(step > 0, "every \(step)-th frame")
    guard let first = frames.first else { return ContextSequence() }
    let rows = Array(stride(from: 0, to: first.height, by: step))
    let columns = Array(stride(from: 0, to: first.width, by: step))
    var ids: [UInt8] = []
    for number in stride(from: 0, to: frames.count, by: step) {
      let frame = frames[number]
      precondition((frame.width, frame.height) == (first.width, first.height), "frames of different sizes")
      precondition(frame.palette == vocabulary.palette, "a picture in another palette than the vocabulary's")
      for row in rows {
        ids += columns.map { vocabulary.id(ofColor: frame[$0, row]) }
        ids.append(row == rows.last ? Vocabulary.newline : Vocabulary.tab)
      }
    }
    return ContextSequence(ids, rows: rows.count, columns: columns.count + 1)
  }

  /// Returns the tokens and contexts of a clip of one or two channels, sample by sample, brought to the range from -1 to 1.
  ///
  /// Each sample becomes the nearest of the vocabulary's values, the first on ties; the range is that of the whole clip, from
  /// which every `step`-th sample is then taken. A silent or empty clip gets the first value. One channel ends in a tab, two
  /// in a tab and a newline. Another number of channels, channels of different lengths, samples that are not finite and a
  /// vocabulary without values throw.
  public func contexts(audio channels: [[Float]], step: Int = 1) throws(DataError) -> ContextSequence {
    precondition(step > 0, "every \(step)-th sample")
    guard (1...2).contains(channels.count) else {
      throw DataError(.value, "a clip has one channel or two, not \(channels.count)")
    }
    guard channels.allSatisfy({ $0.count == channels[0].count }) else {
      throw DataError(
        .value, "the channels of a clip have \(channels.map { "\($0.count)" }.joined(separator: " and ")) samples")
    }
    guard channels.joined().allSatisfy(\.isFinite) else {
      throw DataError(.value, "a clip holds a sample that is not a finite number")
    }
    let values = vocabulary.values
    guard !values.isEmpty else { throw DataError(.value, "the vocabulary has no values for the samples of a clip") }
    let first = vocabulary.count - values.count
    let low = Double(channels.joined().min() ?? 0)
    let range = Double(channels.joined().max() ?? 0) - low
    var ids: [UInt8] = []
    for place in stride(from: 0, to: channels[0].count, by: step) {
      for channel in channels {
        let level = range > 0 ? 2 * (Double(channel[place]) - low) / range - 1 : -.infinity
        ids.append(UInt8(first + nearest(level, values)))
      }
    }
    ids += channels.count == 1 ? [Vocabulary.tab] : [Vocabulary.tab, Vocabulary.newline]
    return ContextSequence(ids, rows: 1, columns: channels.count)
  }

  private func nearest(_ level: Double, _ values: [Double]) -> Int {
    var best = 0
    for (place, value) in values.enumerated() where abs(value - level) < abs(values[best] - level) { best = place }
    return best
  }
}
