/// What a leaf of lists and structures has of values: its levels, and those that are there as they are stored.
///
/// The levels are those of Dremel (Melnik et al. 2010): how many of the lists around a value go on, and how much of the way to it is there.
struct LeafValues {
  private let leaf: ParquetField.Leaf
  private(set) var repetitions: [UInt8] = []
  private(set) var definitions: [UInt8] = []
  private(set) var values: [UInt8] = []

  init(_ leaf: ParquetField.Leaf) { self.leaf = leaf }

  /// Adds the value of a row; false for one of another kind.
  mutating func add(_ value: ParquetValue) -> Bool { add(value, step: 0, repetition: 0, definition: 0, lists: 0) }

  private mutating func add(
    _ value: ParquetValue, step: Int, repetition: UInt8, definition: UInt8, lists: UInt8
  ) -> Bool {
    if case .null = value {
      note(repetition, definition)
      return true
    }
    guard step < leaf.steps.count else {
      note(repetition, definition + 1)
      return store(value)
    }
    switch (leaf.steps[step], value) {
    case (.part(let name), .structure(let parts)):
      let part = parts.first { $0.name == name }?.value ?? .null
      return add(part, step: step + 1, repetition: repetition, definition: definition + 1, lists: lists)
    case (.element, .list(let elements)):
      if elements.isEmpty { note(repetition, definition + 1) }
      for (place, element) in elements.enumerated() {
        let isAdded = add(
          element, step: step + 1, repetition: place == 0 ? repetition : lists + 1, definition: definition + 2,
          lists: lists + 1)
        if !isAdded { return false }
      }
      return true
    default: return false
    }
  }

  private mutating func note(_ repetition: UInt8, _ definition: UInt8) {
    if leaf.repetition > 0 { repetitions.append(repetition) }
    definitions.append(definition)
  }

  private mutating func store(_ value: ParquetValue) -> Bool {
    switch (leaf.kind, value) {
    case (.text, .text(let text)), (.json, .text(let text)):
      values.appendLittleEndian(UInt32(truncatingIfNeeded: text.utf8.count))
      values.append(contentsOf: text.utf8)
    case (.bytes, .bytes(let bytes)):
      values.appendLittleEndian(UInt32(truncatingIfNeeded: bytes.count))
      values += bytes
    case (.integer, .integer(let number)), (.unsigned, .integer(let number)):
      values.appendLittleEndian(UInt64(bitPattern: Int64(number)))
    case (.integer, .text(let text)), (.unsigned, .text(let text)), (.unsigned, .digits(let text)):
      guard let number = ParquetShape.LongNumber(text) else { return false }
      values.appendLittleEndian(number.bits)
    case (.number, .integer(let number)): values.appendLittleEndian(Double(number).bitPattern)
    case (.number, .number(let number)): values.appendLittleEndian(number.bitPattern)
    case (.boolean, .boolean(let flag)): values.append(flag ? 1 : 0)
    default: return false
    }
    return true
  }
}
