import Formats
import Safepoint

/// The values of a CSV, JSONL or parquet file that describes pictures beside it, column by column.
struct TextTable {
  private static let sizeLimit = 1 << 28

  /// The values of one column: texts as they are, others as JSON.
  private struct Column {
    var texts = PackedTexts()
    /// Whether each value is other than a text; empty while none is.
    var isJSON: [Bool] = []

    mutating func append(_ value: JSON) {
      switch value {
      case .null: texts.append(nil)
      case .string(let text): texts.append(text)
      default:
        if isJSON.isEmpty { isJSON = [Bool](repeating: false, count: texts.count) }
        texts.append(value.text(writesEndless: true))
        return isJSON.append(true)
      }
      if !isJSON.isEmpty { isJSON.append(false) }
    }

    subscript(row: Int) -> JSON {
      guard let text = texts[row] else { return .null }
      if isJSON.isEmpty || !isJSON[row] { return .string(text) }
      // What was written as JSON is JSON.
      do { return try JSON(Array(text.utf8), readsEndless: true) } catch { return .null }
    }
  }

  /// The names of the columns.
  private(set) var names: [String] = []
  /// What a row is called in errors: "line 7" of a text, "row 6" of parquet.
  private let place: String
  private var lines: [Int] = []
  private var columns: [Column] = []

  /// Reads the file; `poll` is called now and then.
  init(_ file: String, poll: () throws -> Void) throws {
    place = file.hasSuffix(".parquet") ? "row" : "line"
    if file.hasSuffix(".parquet") {
      try readParquet(file, poll: poll)
    } else if file.hasSuffix(".jsonl") {
      try readLines(file)
    } else {
      try readTable(file)
    }
  }

  /// The number of rows.
  var count: Int { lines.count }

  /// Whether a column holds anything but texts.
  func hasOthers(_ column: Int) -> Bool { !columns[column].isJSON.isEmpty }

  /// Where a row is in the file.
  func place(of row: Int) -> String { "\(place) \(lines[row])" }

  /// The value of a row and a column, null where the row has none.
  subscript(row: Int, column: Int) -> JSON { columns[column][row] }

  /// Whether a column of a row has a text that begins so.
  func text(_ row: Int, _ column: Int) -> String? { columns[column][row].string }

  private mutating func readTable(_ file: String) throws {
    let fields = try CSVFields(
      file, separator: file.hasSuffix(".tsv") ? UInt8(ascii: "\t") : nil, limit: Self.sizeLimit)
    names = fields.columns
    lines = fields.lines.map(Int.init)
    for place in names.indices {
      var column = Column(texts: PackedTexts(capacity: fields.count))
      for row in 0..<fields.count {
        if Safepoint.mustStop(after: 50) { throw FormatError(.limit, in: file, "was not read to its end") }
        column.texts.append(utf8: fields[row, place].text)
      }
      columns.append(column)
    }
  }

  private mutating func readLines(_ file: String) throws {
    var places: [String: Int] = [:]
    try JSONLine.read(file, limit: Self.sizeLimit) { line in
      var values = [JSON](repeating: .null, count: names.count)
      for field in line.fields {
        if let place = places[field.name] {
          values[place] = field.value
        } else {
          places[field.name] = names.count
          names.append(field.name)
          values.append(field.value)
          columns.append(Column())
          for _ in lines { columns[columns.count - 1].append(.null) }
        }
      }
      lines.append(line.number)
      for (place, value) in values.enumerated() { columns[place].append(value) }
    }
  }

  private mutating func readParquet(_ path: String, poll: () throws -> Void) throws {
    let file = try ParquetFile(path)
    let read = file.columns.filter { file.obstacle(in: $0) == nil }
    names = read.map(\.name)
    columns = names.map { _ in Column() }
    try Safepoint.reserve(16, times: file.rowCount, names.count, for: "a data set")
    for group in file.groups.indices {
      try poll()
      let values = try file.values(group: group, columns: names).map(\.withTexts)
      for (place, values) in values.enumerated() {
        for row in 0..<values.count {
          try Safepoint.check(after: 100)
          columns[place].append(values[row].json)
        }
      }
    }
    lines = Array(0..<file.rowCount)
  }
}
