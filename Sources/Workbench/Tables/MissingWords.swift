import PixelScript

/// What says in a CSV file that nothing is there: some words among numbers, truth values and dates, and in any column what the reader of the
/// file calls missing.
struct MissingWords: Sendable {
  /// Those of pandas, and how this language, Postgres and others write it.
  private static let words = [
    "NA", "N/A", "n/a", "<NA>", "#NA", "#N/A", "#N/A N/A", "NULL", "null", "nil", "None", "none", "NaN", "nan", "-NaN",
    "-nan", "\\N", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ].map { Array($0.utf8) }
  private static let longest = words.map(\.count).max() ?? 0
  private static let beginnings: [Bool] = (0..<256).map { byte in words.contains { Int($0[0]) == byte } || byte == 0x20
  }

  private let given: [[UInt8]]
  /// Whether the reader of the file calls nothing missing.
  var isEmpty: Bool { given.isEmpty }

  /// The words that any column may have; those of a file's reader stand as they do in it.
  init(_ given: [String] = []) { self.given = given.map { Array($0.utf8) } }

  /// The words of the reader of the file.
  var texts: [String] { given.map { String(decoding: $0, as: UTF8.self) } }

  /// Whether a field is what the reader of the file calls missing.
  @inline(__always) func isGiven(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    given.isEmpty ? false : isGiven(bytes[start..<end])
  }

  /// Whether a field, but for spaces around it, is what the reader of the file calls missing.
  func isGiven(_ field: ArraySlice<UInt8>) -> Bool {
    guard !given.isEmpty else { return false }
    let inner = Self.trimmed(field)
    return given.contains { $0.elementsEqual(field) || $0.elementsEqual(inner) }
  }

  /// Whether a field may be a word that says nothing, which its beginning tells.
  @inline(__always) static func mayBe(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    start < end && beginnings[Int(bytes[start])]
  }

  /// Whether a field, but for spaces around it, is a word that says nothing.
  static func are(_ field: ArraySlice<UInt8>) -> Bool {
    let inner = trimmed(field)
    return inner.count <= longest && words.contains { $0.elementsEqual(inner) }
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard field.first == 0x20 || field.last == 0x20 else { return field }
    var inner = field.drop { $0 == 0x20 }
    while inner.last == 0x20 { inner.removeLast() }
    return inner
  }
}

extension PackedTexts {
  /// The texts without those of some rows, where all others are dates and one is there; nil otherwise.
  func dates(without rows: [Int]) throws -> PackedTexts? {
    guard !rows.isEmpty else { return nil }
    var codes = codes
    for row in rows { codes[row] = -1 }
    var isDate = [Bool?](repeating: nil, count: entryCount)
    var hasDate = false
    for code in codes where code >= 0 {
      let known = isDate[Int(code)] ?? (CalendarTime.seconds(ofISO: text(ofEntry: Int(code))) != nil)
      guard known else { return nil }
      (isDate[Int(code)], hasDate) = (known, true)
    }
    return hasDate ? withCodes(codes) : nil
  }

  /// The rows whose texts are no numbers, where fewer are that than are numbers: how many, the first, and the different texts, at most five;
  /// those of `words`, which say nothing among numbers, do not count.
  func oddOnesAmongNumbers(
    _ form: CSVNumberForm, without words: [Int]
  ) throws -> (count: Int, first: Int, texts: [String])? {
    func isNumber(_ entry: Int) -> Bool {
      let range = range(ofEntry: entry)
      return form.read(bytes, range.lowerBound, range.upperBound) != nil
    }
    let sample = codes.prefix(1000).filter { $0 >= 0 }
    guard 2 * sample.count(where: { isNumber(Int($0)) }) > sample.count else { return nil }
    let areNumbers = try Pieces.map(entryCount) { isNumber($0) }
    let words = Set(words)
    var (odd, numbers, first, entries) = (0, 0, -1, [Int]())
    for (row, code) in codes.enumerated() where code >= 0 {
      if areNumbers[Int(code)] {
        numbers += 1
      } else if !words.contains(row) {
        odd += 1
        if first < 0 { first = row }
        if entries.count < 5, !entries.contains(Int(code)) { entries.append(Int(code)) }
      }
    }
    return odd > 0 && odd < numbers ? (odd, first, entries.map { text(ofEntry: $0) }) : nil
  }
}
