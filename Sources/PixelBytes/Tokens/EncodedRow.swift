import Safepoint
import Tensors

/// A piece of a row's sequence.
public enum RowPart: String, CaseIterable, Sendable {
  /// The text that states the number of patches of the picture.
  case shape
  /// The picture.
  case image
  /// The caption.
  case caption
}

/// The tokens of a row, and from where to where they are text or picture: all that its patches follow from.
public struct EncodedRow: Equatable, Sendable {
  /// A run of tokens that is encoded by itself.
  public struct Run: Equatable, Sendable {
    /// The number of tokens.
    public let count: Int
    /// The tokens of a row of pixels, its separator included; 0 for text.
    public let rowLength: Int

    /// Creates a run; a picture has whole rows.
    public init(count: Int, rowLength: Int) {
      precondition(rowLength == 0 || count % rowLength == 0, "a picture of \(count) tokens in rows of \(rowLength)")
      (self.count, self.rowLength) = (count, rowLength)
    }
  }

  /// The tokens.
  public private(set) var tokens: [UInt8] = []
  /// The runs in order; together they have as many tokens as there are.
  public private(set) var runs: [Run] = []

  /// A row without tokens.
  public init() {}

  /// A row of known runs; counts that do not add up are a programmer's mistake.
  public init(tokens: [UInt8], runs: [Run]) {
    precondition(runs.reduce(0) { $0 + $1.count } == tokens.count, "the runs of a row are not those of its tokens")
    (self.tokens, self.runs) = (tokens, runs)
  }

  var memoryCost: Int { 96 + tokens.count + 16 * runs.count }

  mutating func append(_ run: [UInt8], rowLength: Int = 0) {
    tokens += run
    runs.append(Run(count: run.count, rowLength: rowLength))
  }

  /// The patches of the tokens.
  public var patches: PatchSequence {
    var ids = Kernel.bytes(repeating: Vocabulary.padding, Self.shape.cells * tokens.count)
    var start = 0
    for run in runs {
      let end = start + run.count
      if run.rowLength == 0 {
        for place in start..<end {
          if Safepoint.mustStop(after: 4) { break }
          let own = Self.shape.cells * place + Self.shape.predicted
          ids[own] = tokens[place]
          if place > start { ids[own - 1] = tokens[place - 1] }
        }
      } else {
        Self.fill(&ids, tokens, start..<end, rowLength: run.rowLength)
      }
      start = end
    }
    return PatchSequence(ids: ids, shape: Self.shape)
  }

  private static let shape = ContextShape.patch

  /// The patches of a picture: outside of it there is padding.
  private static func fill(_ ids: inout [UInt8], _ tokens: [UInt8], _ range: Range<Int>, rowLength: Int) {
    for row in stride(from: range.lowerBound, to: range.upperBound, by: rowLength) {
      let isFirst = row == range.lowerBound
      for column in 0..<rowLength {
        let place = row + column
        let own = shape.cells * place + shape.predicted
        if !isFirst {
          let above = place - rowLength
          let cell = own - shape.columns
          if column > 0 { ids[cell - 1] = tokens[above - 1] }
          ids[cell] = tokens[above]
          if column + 1 < rowLength { ids[cell + 1] = tokens[above + 1] }
        }
        if column > 0 { ids[own - 1] = tokens[place - 1] }
        ids[own] = tokens[place]
      }
    }
  }
}

extension Tokenizer {
  /// The parts of a row in the order of the published system: shape, picture, caption.
  public static let publishedArrangement: [RowPart] = [.shape, .image, .caption]

  /// Returns the tokens of a row, its parts in the order of `arrangement`; without a picture only its caption has any.
  public func tokens(
    _ image: IndexedImage?, caption: String, arrangement: [RowPart] = publishedArrangement
  ) -> EncodedRow {
    var row = EncodedRow()
    for part in arrangement {
      switch (part, image) {
      case (.shape, let image?): row.append(ids(ofText: shapeText(of: image)))
      case (.image, let image?): row.append(ids(of: image), rowLength: image.width + 1)
      case (.caption, _): row.append(ids(ofText: normalized(caption)))
      default: break
      }
    }
    return row
  }

  /// The ids of a text as it is, then of the newline that ends it; bytes without a token become id 0.
  private func ids(ofText text: String) -> [UInt8] {
    var ids: [UInt8] = []
    ids.reserveCapacity(text.utf8.count + 1)
    for byte in text.utf8 {
      if Safepoint.mustStop(after: 2) { break }
      ids.append(vocabulary.id(ofByte: byte))
    }
    ids.append(Vocabulary.newline)
    return ids
  }

  /// The ids of a picture row by row: every row ends in a tab, the last in a newline.
  private func ids(of image: IndexedImage) -> [UInt8] {
    precondition(image.palette == vocabulary.palette, "a picture in another palette than the vocabulary's")
    var ids: [UInt8] = []
    ids.reserveCapacity(image.height * (image.width + 1))
    for y in 0..<image.height {
      for x in 0..<image.width { ids.append(vocabulary.id(ofColor: image[x, y])) }
      ids.append(y == image.height - 1 ? Vocabulary.newline : Vocabulary.tab)
    }
    return ids
  }

  /// Returns the patches of a text as it is, then of the newline that ends it; bytes without a token become id 0.
  public func encode(text: String) -> PatchSequence {
    var row = EncodedRow()
    row.append(ids(ofText: text))
    return row.patches
  }

  /// Returns the `height * (width + 1)` patches of a picture: every row ends in a tab, the last in a newline.
  ///
  /// The picture must be in the palette of the vocabulary; another palette is a programmer's mistake.
  public func encode(_ image: IndexedImage) -> PatchSequence {
    var row = EncodedRow()
    row.append(ids(of: image), rowLength: image.width + 1)
    return row.patches
  }

  /// Returns the text that stands before a picture in a row: the number of its patches, as in "(272, 3)".
  public func shapeText(of image: IndexedImage) -> String { "(\(image.height * (image.width + 1)), 3)" }

  /// Returns the number of patches that such a text states; nil for any other text.
  static func statedPatches(_ text: String) -> Int? {
    guard text.hasPrefix("("), text.hasSuffix(", 3)") else { return nil }
    return Int(text.dropFirst().dropLast(4))
  }

  /// Returns the patches of a row, by default the shape text, the picture, and the normalized caption.
  public func encode(
    _ image: IndexedImage?, caption: String, arrangement: [RowPart] = publishedArrangement
  ) -> PatchSequence {
    tokens(image, caption: caption, arrangement: arrangement).patches
  }
}
