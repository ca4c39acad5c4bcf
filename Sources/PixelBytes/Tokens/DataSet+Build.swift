import Formats

extension DataSet {
  /// Returns the rows with their pictures in palette colors and their patches.
  ///
  /// A picture of more than `maxSize` pixels a side is reduced first; nil keeps every size. Rows whose picture and patches
  /// are already those of the tokenizer are kept as they are. `poll` is called for each row and stops the work by throwing.
  public func built(
    with tokenizer: Tokenizer = Tokenizer(), maxSize: Int? = nil, poll: () throws -> Void = {}
  ) throws -> DataSet {
    if let maxSize, maxSize < 1 {
      throw DataError(.value, "pictures of at most \(maxSize) pixels a side are impossible")
    }
    let palette = tokenizer.vocabulary.palette
    return DataSet(
      try rows.map { row in
        try poll()
        var row = row
        let fits = maxSize.map { Swift.max(row.image.width, row.image.height) <= $0 } ?? true
        let known = row.indexed.flatMap { fits && $0.palette == palette ? $0 : nil }
        let indexed = known ?? (maxSize.map { row.image.fitted(to: $0) } ?? row.image).quantized(to: palette)
        row.indexed = indexed
        row.patches = tokenizer.encode(indexed, caption: row.caption)
        return row
      })
  }
}
