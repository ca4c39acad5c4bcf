import Formats
import PixelBytes
import PixelScript
import Safepoint

/// JSON as values of a script; the keys of objects keep their order.
enum JSONText {
  /// The most bytes that are written.
  private static let sizeLimit = 1 << 28

  /// Returns a value as a line of JSON; throws a type error for what JSON has no form for, such as a function.
  ///
  /// Numbers that are not finite are written as `NaN`, `Infinity` and `-Infinity`, as Python's json does.
  static func encode(_ value: Value) throws -> [UInt8] {
    var writer = JSONWriter(.spaced)
    try write(value, depth: 0, to: &writer)
    try Safepoint.check()
    writer.endLine()
    return writer.bytes
  }

  /// Returns a value as JSON of the standard; throws as `encode` does, and a value error for numbers that are not finite.
  static func standard(_ value: Value) throws -> JSON {
    let bytes = try encode(value)
    do throws(JSONFault) { return try JSON(bytes) } catch {
      throw ScriptError(.value, "JSON has no numbers that are not finite, found them in \(value.brief)")
    }
  }

  /// Returns a value as JSON in which numbers may be infinite or none, as columns of data have it; throws as `encode` does, and a value
  /// error for a map with two keys of one text.
  static func column(_ value: Value) throws -> JSON {
    switch value {
    case .nil: return .null
    case .bool(let truth): return .bool(truth)
    case .number(let number): return number.isFinite ? JSON(exact: number) : .number(number)
    case .string(let text): return .string(text)
    default:
      let bytes = try encode(value)
      do throws(JSONFault) { return try JSON(bytes, readsEndless: true) } catch {
        throw ScriptError(.value, "\(value.brief) is no JSON: \(error.reason)")
      }
    }
  }

  /// Returns the value of a JSON file; throws a value error with the line for anything else.
  static func decode(_ bytes: [UInt8], file: String) throws -> Value {
    do {
      var reader = JSONReader(bytes, readsEndless: true)
      let charge = MemoryCharge()
      let value = try withExtendedLifetime(charge) { try Self.value(from: try reader.next(), &reader, charge) }
      _ = try reader.next()
      return value
    } catch let fault as JSONFault {
      if fault.kind == .stopped { try Safepoint.check() }
      if let found = ForeignFile(bytes) {
        if found.isOtherText { throw found.error(in: file, expected: "JSON") }
        throw ScriptError(.value, "\(file) is not JSON; it is \(found)".onOneLine)
      }
      if fault.kind == .encoding {
        throw FormatError.notUTF8(.file, in: file, "is not JSON: line \(fault.line): \(fault.reason)")
      }
      throw ScriptError(
        .value, "\(file) is not JSON: line \(fault.line): \(fault.reason)".onOneLine,
        help: JSONLine.areLines(bytes)
          ? "it seems to hold JSON lines, which `read_table(\(Display.quoted(file)))` reads"
          : isTable(bytes) ? "it begins as a CSV file does, whose name ends in .csv" : nil)
    }
  }

  /// Whether the first two lines are parted alike by commas, semicolons or tabs, and the first is no JSON.
  private static func isTable(_ bytes: [UInt8]) -> Bool {
    let lines = bytes.prefix(1 << 12).split(maxSplits: 2) { $0 == 0x0A || $0 == 0x0D }
    guard lines.count > 1, let first = lines[0].first, !"{[".utf8.contains(first) else { return false }
    return [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].contains { sign in
      let count = lines[0].count { $0 == sign }
      return count > 0 && lines[1].count { $0 == sign } >= count
    }
  }

  /// The value that begins with a part; what it takes is counted by `charge` until a script has it.
  private static func value(
    from part: JSONReader.Part, _ reader: inout JSONReader, _ charge: MemoryCharge
  ) throws -> Value {
    switch part {
    case .bool(let truth): return .bool(truth)
    case .integer(let number): return Value(whole: number)
    case .number(let number): return .number(number)
    case .string(let text), .literal(let text):
      charge.add(128 + text.utf8.count)
      return .string(text)
    case .arrayStart:
      charge.add(128)
      let list = ScriptList()
      while true {
        let part = try reader.next()
        if part == .arrayEnd { return .list(list) }
        charge.add(32)
        list.append(try value(from: part, &reader, charge))
      }
    case .objectStart:
      charge.add(352)
      let map = ScriptMap()
      while case .name(let name) = try reader.next() {
        charge.add(240)
        let value = try value(from: try reader.next(), &reader, charge)
        try map.makeRoom()
        map[name] = value
      }
      return .map(map)
    case .null, .name, .arrayEnd, .objectEnd, .end: return .nil
    }
  }

  private static func write(_ value: Value, depth: Int, to writer: inout JSONWriter) throws {
    guard depth < JSONReader.depthLimit else {
      throw ScriptError(
        .limit, "JSON is written to a depth of \(JSONReader.depthLimit) at most; does the value contain itself?")
    }
    try Safepoint.check(after: 100)
    try checkSize(writer)
    switch value {
    case .nil: writer.null()
    case .bool(let truth): writer.bool(truth)
    case .number(let number):
      if number.isFinite { writer.number(number) } else { writer.endless(number) }
    case .string(let text):
      try checkSize(writer, more: text.utf8.count)
      writer.string(text)
    case .list(let list): try write(list.count, depth, to: &writer) { list[$0] }
    case .range(let range): try write(range.count, depth, to: &writer) { .number(range[$0]) }
    case .map(let map):
      writer.startObject()
      for (key, value) in map.entries {
        writer.name(key.description)
        try write(value, depth: depth + 1, to: &writer)
      }
      writer.endObject()
    case .object(let tensor as TensorObject): try write(try tensor.nested(), depth: depth, to: &writer)
    case .object(let tokens as TokensObject):
      try write(try tokens.tensor.nested(), depth: depth, to: &writer)
    case .object(let list as any ListLike):
      try write(list.listCount, depth, to: &writer) { list.listElement(at: $0) }
    case .object(let row as RowObject): try write(.map(try row.map), depth: depth, to: &writer)
    case .object(let data as DataSetObject):
      try write(data.data.count, depth, to: &writer) { .object(try data.row($0)) }
    case .object(let table as TableObject) where table.isRecord:
      try write(table.table.map(ofRow: 0), depth: depth, to: &writer)
    case .object(let table as TableObject):
      try write(table.table.count, depth, to: &writer) { table.table.map(ofRow: $0) }
    default: throw ScriptError(.type, "JSON has no form for \(describe(value))")
    }
  }

  private static func write(
    _ count: Int, _ depth: Int, to writer: inout JSONWriter, _ element: (Int) throws -> Value
  ) throws {
    writer.startArray()
    for place in 0..<count { try write(try element(place), depth: depth + 1, to: &writer) }
    writer.endArray()
  }

  /// Lists that share their elements could have no end.
  private static func checkSize(_ writer: JSONWriter, more: Int = 0) throws {
    guard writer.bytes.count + more < sizeLimit else {
      throw ScriptError(.limit, "the value takes more than \(Display.bytes(sizeLimit)) as JSON")
    }
    // What is written moves to a place of twice the size when it is full.
    if writer.bytes.count + more + 64 > writer.bytes.capacity {
      try Safepoint.reserve(2, times: writer.bytes.capacity, for: "a JSON text")
    }
  }
}
