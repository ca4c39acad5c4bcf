import Formats
import PixelScript
import Safepoint

/// A table as JSON, an array with an object for each row: written from the columns, the name of each and each different text once.
struct TableJSON {
  private let table: Table
  /// What stands before the value of each column.
  private let heads: [[UInt8]]
  /// The texts of each column of texts in quotes, one after the other, and where each ends.
  private let texts: [(bytes: [UInt8], ends: [Int])]

  init(_ table: Table) throws {
    self.table = table
    heads = table.names.enumerated().map { place, name in
      Array((place == 0 ? "{" : ", ").utf8) + Self.quoted(name) + Array(": ".utf8)
    }
    texts = try table.columns.map { column in
      guard case .texts(let texts) = column else { return ([], []) }
      var (bytes, ends) = ([UInt8](), [Int]())
      try Pieces.forEach(texts.entryCount) { piece in
        for entry in piece {
          bytes += Self.quoted(texts.text(ofEntry: entry))
          ends.append(bytes.count)
        }
      }
      return (bytes, ends)
    }
  }

  private static func quoted(_ text: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.string(text)
    return writer.bytes
  }

  /// All rows, each on a line of its own.
  var lines: [UInt8] { get throws { try joined(start: [], between: [UInt8(ascii: "\n")], end: []) } }

  /// All rows as a list. Numbers that are not finite are written as `NaN`, `Infinity` and `-Infinity`, as Python's json does; throws a type error for a value
  /// that JSON has no form for.
  var bytes: [UInt8] {
    get throws { try joined(start: Array("[".utf8), between: Array(", ".utf8), end: Array("]".utf8)) }
  }

  private func joined(start: [UInt8], between: [UInt8], end: [UInt8]) throws -> [UInt8] {
    try Safepoint.reserve(30, times: table.count, table.columns.count, for: "a JSON text")
    let parts = try Pieces.parts(table.count) { part in
      var bytes: [UInt8] = []
      try Pieces.forEach(part) { piece in
        for row in piece {
          if row > 0 { bytes += between }
          try append(row, to: &bytes)
        }
        try Safepoint.reserve(bytes.count, for: "a JSON text")
      }
      return bytes
    }
    var bytes = start
    bytes.reserveCapacity(parts.reduce(3) { $0 + $1.count })
    for part in parts {
      try Safepoint.check()
      bytes += part
    }
    return start.isEmpty && table.count == 0 ? [] : bytes + end + [UInt8(ascii: "\n")]
  }

  private func append(_ row: Int, to bytes: inout [UInt8]) throws {
    if table.columns.isEmpty { bytes.append(UInt8(ascii: "{")) }
    for (place, column) in table.columns.enumerated() {
      bytes += heads[place]
      switch column {
      case _ where column.isMissing(at: row): bytes += "null".utf8
      case .numbers(let numbers): Self.append(numbers[row], to: &bytes)
      case .bools(let bools): bytes += (bools[row] == 1 ? "true" : "false").utf8
      case .texts(let texts):
        let (entry, quoted) = (Int(texts.codes[row]), self.texts[place])
        bytes += quoted.bytes[(entry == 0 ? 0 : quoted.ends[entry - 1])..<quoted.ends[entry]]
      case .values(let values): bytes += try TableFile.json(values[row], column: table.names[place], row: row)
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ number: Double, to bytes: inout [UInt8]) {
    if number.rounded() == number, abs(number) <= 0x1p53 {
      bytes += String(Int(number)).utf8
    } else if number.isFinite {
      bytes += number.description.utf8
    } else {
      bytes += (number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity").utf8
    }
  }
}
