/// Rows of texts in one piece of memory, so that millions of them take little and go at once; nil stands for a text that is not there.
public struct PackedTexts: Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends, complemented for one that is not there.
  private var ends: [Int] = []
  /// How many texts there are up to the end of each row.
  private var rows: [Int] = []

  /// Creates a table without rows.
  public init() {}

  /// The number of rows.
  public var count: Int { rows.count }

  /// Adds a row.
  public mutating func append(_ row: [String?]) {
    for text in row {
      bytes += (text ?? "").utf8
      ends.append(text == nil ? ~bytes.count : bytes.count)
    }
    rows.append(ends.count)
  }

  /// The texts of a row.
  public subscript(row: Int) -> [String?] {
    ((row == 0 ? 0 : rows[row - 1])..<rows[row]).map { place in
      guard ends[place] >= 0 else { return nil }
      return String(decoding: bytes[(place == 0 ? 0 : end(of: place - 1))..<ends[place]], as: UTF8.self)
    }
  }

  private func end(of place: Int) -> Int { ends[place] < 0 ? ~ends[place] : ends[place] }
}
