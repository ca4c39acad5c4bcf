import Foundation

/// The schema that Arrow writes beside that of a file. It says what columns hold where the writer has no type of parquet for it: durations,
/// days and moments that are counted in other units, whole numbers of 128 bits.
///
/// It is a message in the form of FlatBuffers (Apache Arrow, Schema.fbs); what is no such message tells nothing.
struct ArrowSchema {
  /// The kinds of types that say more than the bytes of their values.
  private enum Kind: UInt8 {
    case integer = 2
    case float
    case decimal = 7
    case date, time, timestamp
    case duration = 18
  }

  private static let limit = 100_000

  private let bytes: [UInt8]
  /// For each leaf in order, what its values stand for as far as Arrow's type says; empty where nothing can be told.
  private(set) var leaves: [ParquetMeaning?] = []
  /// The sides of the arrays of columns whose rows are arrays of one shape.
  private(set) var shapes: [String: [Int]] = [:]
  /// Those whose arrays have their elements in another order than row by row.
  private(set) var turned: Set<String> = []

  /// Reads the text that files have it as.
  init(_ text: String) {
    bytes = Data(base64Encoded: text).map { Array($0) } ?? []
    if !read() { (leaves, shapes, turned) = ([], [:], []) }
  }

  private mutating func read() -> Bool {
    // A message stands behind its length, in newer files behind 0xFFFFFFFF too.
    guard let first = word(0), let message = table(first == UInt32.max ? 8 : 4),
      let header = field(message, 2).flatMap(table), let fields = field(header, 1).flatMap(vector)
    else { return false }
    for place in fields.prefix(Self.limit) {
      guard let table = table(place), let name = field(table, 0).flatMap(self.text),
        let (shape, isTurned) = shape(of: table)
      else { continue }
      if isTurned { turned.insert(name) } else { shapes[name] = shape }
    }
    var (open, seen) = (Array(fields.reversed()), 0)
    while let place = open.popLast() {
      seen += 1
      guard seen + open.count < Self.limit, let table = table(place) else { return false }
      let children = field(table, 5).flatMap(vector) ?? []
      if children.isEmpty { leaves.append(meaning(of: table)) } else { open += children.reversed() }
    }
    return true
  }

  /// What the values of a field stand for; nil where that is what parquet says.
  private func meaning(of table: Int) -> ParquetMeaning? {
    let notes = notes(of: table)
    if let period = period(notes) { return .period(period) }
    if notes[Self.extensionName] == "arrow.bool8" { return .truth }
    guard let place = field(table, 2), place < bytes.count, let kind = Kind(rawValue: bytes[place]),
      let type = field(table, 3).flatMap(self.table)
    else { return nil }
    func byte(_ number: Int, or usual: Int) -> Int {
      field(type, number).flatMap { $0 < bytes.count ? Int(bytes[$0]) : nil } ?? usual
    }
    func long(_ number: Int) -> Int { field(type, number).flatMap(word).map { Int(Int32(bitPattern: $0)) } ?? 0 }
    func unit(or usual: ParquetMeaning.Unit) -> ParquetMeaning.Unit {
      ParquetMeaning.Unit(rawValue: byte(0, or: usual.rawValue)) ?? usual
    }
    switch kind {
    case .integer: return long(0) == 128 ? .wide(isSigned: byte(1, or: 0) != 0) : nil
    case .float: return byte(0, or: 0) == 0 ? .half : nil
    case .decimal: return 0...100 ~= long(1) ? .decimal(scale: long(1), precision: long(0)) : nil
    case .date: return byte(0, or: 1) == 1 ? .dayInMilliseconds : .date
    case .time: return .time(unit(or: .milliseconds))
    case .timestamp:
      let zone = field(type, 1).flatMap(self.table).flatMap(word) ?? 0
      return .timestamp(unit(or: .seconds), isUTC: zone > 0)
    case .duration: return .duration(unit(or: .milliseconds))
    }
  }

  private static let extensionName = "ARROW:extension:name"

  /// What is noted beside a field.
  private func notes(of table: Int) -> [String: String] {
    var notes: [String: String] = [:]
    for pair in (field(table, 6).flatMap(vector) ?? []).prefix(16) {
      guard let pair = self.table(pair), let key = field(pair, 0).flatMap(text) else { continue }
      notes[key] = field(pair, 1).flatMap(text)
    }
    return notes
  }

  /// What is noted of an extension of a name, as JSON; nil for other fields.
  private func extensionNotes(_ notes: [String: String], of name: String) -> JSON? {
    guard notes[Self.extensionName] == name, let written = notes["ARROW:extension:metadata"] else { return nil }
    do throws(JSONFault) { return try JSON(Array(written.utf8)) } catch { return nil }
  }

  /// What the numbers of a field of pandas' periods count; nil for other fields, and for periods that begin elsewhere.
  private func period(_ notes: [String: String]) -> ParquetMeaning.Period? {
    extensionNotes(notes, of: "pandas.period")?["freq"]?.string.flatMap(ParquetMeaning.Period.init(frequency:))
  }

  /// The sides of the arrays of a field that holds such of one shape, and whether their elements stand in another order than row by row;
  /// nil for other fields.
  private func shape(of table: Int) -> (shape: [Int], isTurned: Bool)? {
    guard let notes = extensionNotes(notes(of: table), of: "arrow.fixed_shape_tensor"),
      let shape: [Int] = notes["shape"].flatMap([Int].init), 2...ParquetLimit.depth ~= shape.count,
      shape.allSatisfy({ 1...ParquetLimit.values ~= $0 })
    else { return nil }
    let order: [Int] = notes["permutation"].flatMap([Int].init) ?? Array(shape.indices)
    return (shape, order != Array(shape.indices))
  }

  /// The text that the offset at `place` leads to.
  private func text(_ place: Int) -> String? {
    guard let start = table(place), let count = word(start), Int(count) <= bytes.count - start - 4 else { return nil }
    return String(decoding: bytes[start + 4..<start + 4 + Int(count)], as: UTF8.self)
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
