import Formats
import PixelScript

/// Writes a table as CSV so that `read_table` reads it back equal: what is missing is empty, and a text that would be read as something else
/// stands in quotes.
struct CSVWriter {
  /// What is written so far.
  private(set) var bytes: [UInt8] = []
  private let separator: UInt8

  /// Starts with a header.
  init(_ names: [String], separator: UInt8 = UInt8(ascii: ",")) {
    self.separator = separator
    for (place, name) in names.enumerated() {
      if place > 0 { bytes.append(separator) }
      CSV.append(name.utf8, mustQuote: name.hasPrefix(" ") || name.hasSuffix(" "), to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes a row.
  mutating func append(_ cells: [TableCell]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { bytes.append(separator) }
      switch cell {
      case .none: missing(isOnly: cells.count == 1)
      case .string(let text): append(text: Array(text.utf8)[...])
      default: CSV.append(cell.text.utf8, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// A line without anything would be no row.
  private mutating func missing(isOnly: Bool) { if isOnly { bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")] } }

  private mutating func append(text: ArraySlice<UInt8>) {
    CSV.append(text, mustQuote: CSVWord.needsQuotes(text), to: &bytes)
  }

  /// Writes all rows of a table.
  mutating func append(_ table: Table) throws {
    let isOnly = table.columns.count == 1
    try Pieces.forEach(table.count) { piece in
      for row in piece {
        for (place, column) in table.columns.enumerated() {
          if place > 0 { bytes.append(separator) }
          switch column {
          case _ where column.isMissing(at: row): missing(isOnly: isOnly)
          case .texts(let texts): append(text: texts.bytes[texts.range(at: row)])
          case .numbers(let numbers): bytes.append(contentsOf: Display.text(of: numbers[row]).utf8)
          case .bools(let bools): bytes.append(contentsOf: (bools[row] == 1 ? "true" : "false").utf8)
          case .values(let values):
            if case .string(let text) = values[row] {
              append(text: Array(text.utf8)[...])
            } else {
              CSV.append(try TableFile.text(of: values[row], column: table.names[place], row: row).utf8, to: &bytes)
            }
          }
        }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
  }
}
