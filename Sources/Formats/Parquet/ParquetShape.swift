/// The column of parquet that holds some values, found value by value.
public struct ParquetShape: Sendable {
  /// The most leaves of a column: maps of which each has names of its own are no structures.
  private static let leafLimit = 256

  private enum Kind: Sendable {
    case nothing, boolean, integer, number, text, bytes, list, structure, picture
    /// Texts that are all whole numbers no number of a script holds.
    case longNumbers
    /// Values that no one type holds.
    case mixed
  }

  /// A whole number that no number of a script holds, as a text has it.
  struct LongNumber {
    /// Its 64 bits.
    let bits: UInt64
    /// Whether it is below 0.
    let isNegative: Bool
    /// Whether it is more than a number with a sign holds.
    var isUnsigned: Bool { !isNegative && bits > UInt64(Int64.max) }

    /// Nil for any other text, and for a number that 64 bits do not hold.
    init?(_ text: String) {
      guard (16...20).contains(text.utf8.count) else { return nil }
      if let number = Int64(text) {
        guard number.magnitude > 1 << 53, String(number) == text else { return nil }
        (bits, isNegative) = (UInt64(bitPattern: number), number < 0)
      } else {
        guard let number = UInt64(text), String(number) == text else { return nil }
        (bits, isNegative) = (number, false)
      }
    }
  }

  private struct Part: Sendable {
    let name: String
    var shape: ParquetShape
    /// Whether a structure lacks it, whether one has it as null, and how many have it.
    var (isAbsent, isNull): (Bool, Bool)
    var count: Int
  }

  private var kind = Kind.nothing
  /// Whether a whole number is there that one of 64 bits with a point may not hold.
  private var isLong = false
  /// Whether a whole number is there that one with a sign does not hold, and one below 0.
  private var (hasUnsigned, hasNegative) = (false, false)
  /// Of lists their elements, at most one.
  private var elements: [ParquetShape] = []
  private var parts: [Part] = []
  private var places: [String: Int] = [:]
  private var structures = 0

  /// Whether texts among whole numbers may be such numbers.
  private let takesTexts: Bool

  /// Values of which nothing is known yet. Where texts are `longNumbers`, those among whole numbers are such numbers that a number of a
  /// script does not hold.
  public init(longNumbers: Bool = false) { takesTexts = longNumbers }

  /// Takes one more value; nil is one that parquet does not have.
  public mutating func add(_ value: ParquetValue?) {
    if kind == .mixed { return }
    switch value {
    case nil: kind = .mixed
    case .null: break
    case .boolean: join(.boolean)
    case .integer(let number):
      join(.integer)
      isLong = isLong || number.magnitude > 1 << 53
      hasNegative = hasNegative || number < 0
    case .number: join(.number)
    case .digits(let text): if !add(text, as: .integer) { kind = .mixed }
    case .text(let text): if !takesTexts || !add(text, as: .longNumbers) { join(.text) }
    case .bytes: join(.bytes)
    case .document: kind = .mixed
    case .list(let values):
      join(.list)
      if elements.isEmpty { elements.append(ParquetShape(longNumbers: takesTexts)) }
      for value in values { elements[0].add(value) }
    case .structure(let values): add(values)
    }
  }

  /// Takes a text that is a whole number of 64 bits; false for another, and beside values that are no such numbers.
  private mutating func add(_ text: String, as other: Kind) -> Bool {
    guard [.nothing, .integer, .longNumbers].contains(kind), let number = LongNumber(text) else { return false }
    join(other)
    isLong = true
    hasUnsigned = hasUnsigned || number.isUnsigned
    hasNegative = hasNegative || number.isNegative
    return true
  }

  private mutating func join(_ other: Kind) {
    switch (kind, other) {
    case (.nothing, _): kind = other
    case (.integer, .longNumbers), (.longNumbers, .integer): kind = .integer
    case (.longNumbers, .text): kind = .text
    case (.integer, .number), (.number, .integer): kind = .number
    default: if kind != other { kind = .mixed }
    }
  }

  private mutating func add(_ values: [(name: String, value: ParquetValue)]) {
    // A picture has no parts that it shares with maps.
    if values.map(\.name) == ["bytes", "path"], case .bytes = values[0].value { return join(.picture) }
    join(.structure)
    for (name, value) in values {
      let place = places[name] ?? parts.count
      if place == parts.count {
        guard place < Self.leafLimit else { return kind = .mixed }
        places[name] = place
        parts.append(
          Part(
            name: name, shape: ParquetShape(longNumbers: takesTexts), isAbsent: structures > 0, isNull: false,
            count: structures))
      }
      parts[place].count += 1
      if case .null = value { parts[place].isNull = true } else { parts[place].shape.add(value) }
    }
    structures += 1
    for place in parts.indices where parts[place].count < structures {
      parts[place].isAbsent = true
      parts[place].count = structures
    }
    // A name that stands twice is one too often.
    if parts.contains(where: { $0.count > structures }) { kind = .mixed }
  }

  /// Whether no value is known.
  public var isNothing: Bool { kind == .nothing }

  /// The column of a name that holds the values, of texts where all are null but for those that count `classes`; nil where no type of parquet holds them: values of several
  /// kinds, whole numbers beyond 64 bits, maps without names or with more than 256, values in more than 32 levels, and names that one map
  /// lacks and another has as null, unless what is missing may become null.
  public func field(
    named name: String, fillsAbsences: Bool = false, classes: ClassNames = ClassNames()
  ) -> ParquetField? {
    guard let kind = kind([name], depth: 1, fillsAbsences, classes) else { return nil }
    let field = ParquetField(name: name, kind: kind).naming(classes)
    return field.leaves.count <= Self.leafLimit ? field : nil
  }

  private func kind(
    _ place: [String], depth: Int, _ fillsAbsences: Bool, _ classes: ClassNames
  ) -> ParquetField.Kind? {
    guard depth <= ParquetLimit.depth else { return nil }
    switch kind {
    case .mixed: return nil
    case .nothing where !classes[place].isEmpty: return .integer
    case .nothing, .text, .longNumbers: return .text
    case .boolean: return .boolean
    case .integer where hasUnsigned: return hasNegative ? nil : .unsigned
    case .integer: return .integer
    case .number: return isLong ? nil : .number
    case .bytes: return .bytes
    case .picture: return .picture
    case .list: return elements[0].kind(place, depth: depth + 2, fillsAbsences, classes).map { .list($0) }
    case .structure:
      let fields = parts.compactMap { part -> ParquetField? in
        guard !(part.isAbsent && part.isNull) || fillsAbsences,
          let kind = part.shape.kind(place + [part.name], depth: depth + 1, fillsAbsences, classes)
        else { return nil }
        return ParquetField(name: part.name, kind: kind, mayBeAbsent: part.isAbsent && !part.isNull)
      }
      return fields.count < parts.count || fields.isEmpty ? nil : .structure(fields)
    }
  }
}
