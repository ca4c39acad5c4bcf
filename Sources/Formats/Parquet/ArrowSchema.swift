import Foundation

/// The schema that Arrow writes beside that of a file, of which one thing is needed: what columns hold durations, for which parquet
/// has no type.
///
/// It is a message in the form of FlatBuffers (Apache Arrow, Schema.fbs); what is no such message tells nothing.
struct ArrowSchema {
  private static let duration = 18
  private static let limit = 100_000

  private let bytes: [UInt8]
  private var durations: [ParquetMeaning.Unit?] = []

  /// For each leaf in order, what it counts if it holds durations; empty where nothing can be told.
  static func durations(_ text: String) -> [ParquetMeaning.Unit?] {
    guard let data = Data(base64Encoded: text) else { return [] }
    var schema = ArrowSchema(bytes: Array(data))
    return schema.read() ? schema.durations : []
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read() -> Bool {
    // A message stands behind its length, in newer files behind 0xFFFFFFFF too.
    guard let first = word(0), let message = table(first == UInt32.max ? 8 : 4),
      let header = field(message, 2).flatMap(table), let fields = field(header, 1).flatMap(vector)
    else { return false }
    return fields.allSatisfy { append($0, depth: 0) }
  }

  /// Adds the leaves of a field.
  private mutating func append(_ place: Int, depth: Int) -> Bool {
    guard depth < ParquetLimit.depth, durations.count < Self.limit, let table = table(place) else { return false }
    let children = field(table, 5).flatMap(vector) ?? []
    if !children.isEmpty { return children.allSatisfy { append($0, depth: depth + 1) } }
    var unit: ParquetMeaning.Unit?
    if let kind = field(table, 2), kind < bytes.count, bytes[kind] == Self.duration,
      let type = field(table, 3).flatMap(self.table)
    {
      let number = self.field(type, 0).flatMap { $0 < bytes.count ? Int(bytes[$0]) : nil }
      unit = ParquetMeaning.Unit(rawValue: number ?? ParquetMeaning.Unit.milliseconds.rawValue)
    }
    durations.append(unit)
    return true
  }

  private func word(_ place: Int) -> UInt32? {
    place >= 0 && place <= bytes.count - 4 ? bytes.littleEndian(at: place) : nil
  }

  /// The table that the offset at `place` leads to.
  private func table(_ place: Int) -> Int? { word(place).map { place + Int($0) } }

  /// Where the field `number` of a table is; nil where it has none.
  private func field(_ table: Int, _ number: Int) -> Int? {
    guard let offset = word(table) else { return nil }
    let places = table - Int(Int32(bitPattern: offset))
    guard let sizes = word(places), Int(sizes & 0xFFFF) >= 6 + 2 * number, places + 6 + 2 * number <= bytes.count else {
      return nil
    }
    let step: UInt16 = bytes.littleEndian(at: places + 4 + 2 * number)
    return step == 0 ? nil : table + Int(step)
  }

  /// Where the elements of a vector of tables are.
  private func vector(_ place: Int) -> [Int]? {
    guard let start = table(place), let count = word(start), Int(count) <= (bytes.count - start) / 4 else { return nil }
    return Array(stride(from: start + 4, to: start + 4 + 4 * Int(count), by: 4))
  }
}
