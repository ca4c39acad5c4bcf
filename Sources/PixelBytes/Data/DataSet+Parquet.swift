import Formats

extension DataSet {
  /// Reads pictures and captions from parquet files, one after the other, as the Hugging Face Hub serves them.
  ///
  /// The column `image` holds the bytes of a picture's file, by themselves or as the part `bytes` of a structure; `caption`
  /// holds texts. Other columns are kept as texts, lists and structures as JSON; one called `pixelbyte` that holds lists of
  /// 3 x 3 ids becomes the tokens of the rows. At most `limit` rows are read, row group by row group. Rows that cannot be
  /// loaded are told as by `imageFolder`, counted from 0. `willRead` is called with the path of each file before it is
  /// read, `poll` for each row; both stop the work by throwing.
  public static func parquet(
    _ paths: [String], image: String = "image", caption: String = "caption", limit: Int? = nil,
    willRead: (String) throws -> Void = { _ in }, poll: () throws -> Void = {}
  ) throws -> DataSet {
    let limit = Swift.max(0, limit ?? .max)
    var loaded = LoadedRows(of: paths.count == 1 ? paths[0] : "\(paths.count) parquet files")
    for path in paths where loaded.count < limit {
      try willRead(path)
      do {
        let file = try ParquetFile(path)
        let columns = try ParquetRows.Columns(file, image: image, caption: caption)
        var first = 0
        for group in file.groups.indices where loaded.count < limit {
          let rows = try ParquetRows(file, group, columns)
          for row in 0..<Swift.min(rows.count, limit - loaded.count) {
            try poll()
            let place = paths.count == 1 ? "row \(first + row)" : "\(path), row \(first + row)"
            try loaded.append(place) { try rows.row(row) }
          }
          first += rows.count
        }
      } catch let error as FormatError {
        throw DataError(error.kind == .limit ? .limit : .io, error.description)
      }
    }
    return try loaded.dataSet()
  }
}

/// The rows of one row group.
private struct ParquetRows {
  /// Which columns of a file mean what.
  struct Columns {
    let image: String
    let caption: String
    let patches: String?
    let extra: [String]

    init(_ file: ParquetFile, image: String, caption: String) throws(DataError) {
      func expect(_ name: String, _ what: String, _ fits: (ParquetType) -> Bool) throws(DataError) {
        guard let column = file.columns.first(where: { $0.name == name }) else {
          let found = file.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
          throw DataError(.value, "\(file.path): expected the column \"\(name)\" for \(what), found \(found)")
        }
        guard fits(column.type) else {
          throw DataError(.value, "\(file.path): expected \(what) in the column \"\(name)\", found \(column.type)")
        }
      }
      try expect(image, "the picture's bytes") { type in
        if case .structure(let parts) = type {
          parts.contains { $0.name == "bytes" && $0.type == .bytes }
        } else {
          type == .bytes
        }
      }
      try expect(caption, "the caption's text") { $0 == .text }
      (self.image, self.caption) = (image, caption)
      patches = file.columns.first { $0.name == "pixelbyte" && "\($0.type)" == "list<list<list<integer>>>" }?.name
      extra = file.columns.map(\.name).filter { [patches] in $0 != image && $0 != caption && $0 != patches }
    }
  }

  let count: Int
  private let images: ParquetValues
  private let captions: ParquetValues
  private let patches: ParquetValues?
  private let extra: [(name: String, values: ParquetValues)]

  init(_ file: ParquetFile, _ group: Int, _ columns: Columns) throws(FormatError) {
    let values = try file.values(
      group: group, columns: [columns.image, columns.caption] + columns.extra + (columns.patches.map { [$0] } ?? []))
    count = file.groups[group]
    (images, captions) = (values[0], values[1])
    extra = Array(zip(columns.extra, values[2...]))
    patches = columns.patches == nil ? nil : values.last
  }

  /// The row at `index`, its picture decoded.
  func row(_ index: Int) throws(RowError) -> DataRow {
    guard case .texts(let texts) = captions.content, !captions.isNull(at: index) else {
      throw RowError(reason: "has no caption")
    }
    return DataRow(
      caption: texts[index], image: try picture(index),
      patches: try patches.map { (values) throws(RowError) in
        try Self.sequence(values[index])
      },
      extra: extra.compactMap { name, values in values[index].text.map { NamedText(name, $0) } })
  }

  private func picture(_ index: Int) throws(RowError) -> RasterImage {
    var values = images
    var name = "picture"
    if case .structures(let parts) = images.content {
      for part in parts {
        if part.name == "bytes" { values = part.values }
        if part.name == "path", case .text(let path) = part.values[index] { name = path }
      }
    }
    guard case .bytes(let bytes) = values.content, !values.isNull(at: index) else {
      throw RowError(reason: "\(name): its bytes are not in the file")
    }
    do throws(FormatError) { return try RasterImage.decode(Array(bytes[index]), file: name) } catch {
      throw RowError(reason: error.description)
    }
  }

  /// Nested lists as tokens.
  private static func sequence(_ value: ParquetValue) throws(RowError) -> PatchSequence {
    let wrong = RowError(
      reason: "the column \"pixelbyte\" does not hold 3 x 3 ids below \(Vocabulary.pixelbytes.count)")
    func list(_ value: ParquetValue, of count: Int?) throws(RowError) -> [ParquetValue] {
      guard case .list(let values) = value, count == nil || values.count == count else { throw wrong }
      return values
    }
    var ids: [UInt8] = []
    for patch in try list(value, of: nil) {
      for line in try list(patch, of: 3) {
        for cell in try list(line, of: 3) {
          guard case .integer(let id) = cell, 0..<Vocabulary.pixelbytes.count ~= id else { throw wrong }
          ids.append(UInt8(id))
        }
      }
    }
    return PatchSequence(ids: ids)
  }
}
