import Formats

/// A table or JSON Lines read at once and row by row, which must come to the same.
struct RowTrial {
  private let bytes: [UInt8]
  private let isTable: Bool

  init(_ bytes: [UInt8], isTable: Bool) { (self.bytes, self.isTable) = (bytes, isTable) }

  /// What was read in two ways and is not the same.
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads the bytes, and the file that `write` makes of them in pieces of a few bytes.
  func readBothWays(write: () throws -> String) throws {
    let whole = Result { try rows() }
    let path = try write()
    let file = Result { try RowFile(path, isTable ? .table(separator: nil) : .lines, pieceSize: 7 + bytes.count % 60) }
    switch (whole, file) {
    case (.failure(let error), .failure): throw error
    case (.failure(let error), .success): throw Difference(description: "read in pieces, and as a whole not: \(error)")
    case (.success, .failure(let error)): throw Difference(description: "read as a whole, and in pieces not: \(error)")
    case (.success(let rows), .success(let file)):
      guard file.count == rows.count else {
        throw Difference(description: "\(rows.count) rows as a whole, \(file.count) in pieces")
      }
      for (index, row) in rows.enumerated().reversed() {
        let found = try file.row(at: index)
        let isEqual = zip(file.names, found.values).allSatisfy { name, value in
          // As texts, since what is no number equals nothing.
          (row.values[name] ?? .null).text(writesEndless: true) == value.text(writesEndless: true)
        }
        guard found.line == row.line, isEqual else {
          throw Difference(description: "row \(index) is \(row) as a whole, \(found) in pieces")
        }
      }
    }
  }

  private func rows() throws -> [(line: Int, values: [String: JSON])] {
    if isTable {
      let table = try CSV(decoding: bytes, file: "x")
      return table.rows.map { row in
        (row.line, Dictionary(zip(table.columns, row.fields.map { .string($0) }), uniquingKeysWith: { $1 }))
      }
    }
    return try JSONLine.decode(bytes, file: "x").map { line in
      (line.number, Dictionary(line.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
  }
}
