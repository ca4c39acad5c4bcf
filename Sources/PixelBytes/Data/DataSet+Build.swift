import Formats
import Safepoint
import Tensors

/// How the rows of a data set become tokens.
public struct BuildOptions: Sendable {
  /// What turns pictures and captions into tokens; pictures get the colors of its palette.
  public var tokenizer = Tokenizer()
  /// The longest side of a picture, larger ones are reduced; nil keeps every size.
  public var maxSize: Int?
  /// Whether larger pictures are reduced by `pixelized`; else by taking the nearest pixels.
  public var pixelizes = true
  /// The parts of a row's sequence, in their order.
  public var arrangement = Tokenizer.publishedArrangement
  /// How many threads work; the result does not depend on it.
  public var threads = 1

  /// The published arrangement and vocabulary, every size kept, one thread.
  public init() {}

  func check() throws(DataError) {
    if let maxSize, maxSize < 1 {
      throw DataError(.value, "pictures of at most \(maxSize) pixels a side are impossible")
    }
    guard !arrangement.isEmpty, Set(arrangement).count == arrangement.count else {
      throw DataError(.value, "the parts of a row are some of shape, image and caption, each once")
    }
  }

  /// Returns the row with its picture in palette colors, and its tokens; throws where the options make no build.
  public func built(_ row: DataRow) throws(DataError) -> (row: DataRow, tokens: EncodedRow) {
    try check()
    var row = row
    row.indexed = row.image.map { indexed($0, known: row.indexed) }
    row.image = row.indexed?.raster
    row.patches = nil
    let tokens = tokenizer.tokens(row.indexed, caption: row.caption, arrangement: arrangement)
    return (row, tokens)
  }

  /// Returns a picture in palette colors; one whose colors are known already, in a size that is kept, stays as it is.
  public func indexed(_ image: RasterImage, known: IndexedImage? = nil) -> IndexedImage {
    let palette = tokenizer.vocabulary.palette
    guard let maxSize, max(image.width, image.height) > maxSize else {
      return known.flatMap { $0.palette == palette ? $0 : nil } ?? image.quantized(to: palette)
    }
    return pixelizes
      ? image.pixelized(to: palette, maxSize: maxSize) : image.fitted(to: maxSize).quantized(to: palette)
  }
}

extension DataSet {
  /// Returns the rows with their pictures in palette colors and their patches, in memory.
  ///
  /// `report` is called with the number of rows done and stops the work by throwing. The first row that cannot be read
  /// throws, and so do rows that take more than `memoryLimit` together: `DataFolder.write` has no such limit.
  public func built(
    _ options: BuildOptions = BuildOptions(), report: (Int) throws -> Void = { _ in }
  ) throws -> DataSet {
    var (rows, encoded, bytes): ([DataRow], [EncodedRow], Int) = ([], [], 0)
    try options.check()
    try build(options) {
      ($0, $1)
    } take: { row, tokens in
      bytes += row.memoryCost + tokens.memoryCost
      guard bytes <= DataSet.memoryLimit else {
        throw DataError(
          .limit,
          "the first \(rows.count) of \(count) built rows take \(DataSet.memoryLimit >> 30) GB; "
            + "build it into a folder with path:, which is not held in memory")
      }
      rows.append(row)
      encoded.append(tokens)
    } report: {
      try report($0)
    }
    return DataSet(
      source: MemoryRows(
        rows, tokens: RowStore(rows: encoded, vocabulary: options.tokenizer.vocabulary), classes: source.classes),
      name: name)
  }

  /// The tokens of the rows for a model to learn from; rows that are not built are built in memory, as `options` say.
  public func encoded(_ options: BuildOptions = BuildOptions()) throws -> TokenSequences {
    guard let sequences = try (isBuilt ? self : built(options)).sequences else { return TokenSequences([]) }
    return sequences
  }

  /// Calls `take` with every row in order, built and then worked on by `finish`; rows are read, built and finished on several
  /// threads, some hundred at a time.
  func build<Result>(
    _ options: BuildOptions, finish: (DataRow, EncodedRow) throws -> Result, take: (Result) throws -> Void,
    report: (Int) throws -> Void
  ) throws {
    let part = 256
    for start in stride(from: 0, to: count, by: part) {
      try Safepoint.check()
      try report(start)
      let results = try Parallel.map(min(part, count - start), threads: options.threads) { index in
        let row = try self[start + index]
        guard row.hasCaption || !options.arrangement.contains(.caption) else {
          throw DataError(
            .value,
            "row \(start + index) has no caption, which is a part of its tokens; `filter(data, fn(row) = row.caption != nil)` "
              + "leaves such rows out")
        }
        for column in row.extra { try column.checkPictures(at: "row \(start + index)") }
        let (built, tokens) = try options.built(row)
        return try finish(built, tokens)
      }
      for result in results { try take(result) }
    }
    try report(count)
  }
}
