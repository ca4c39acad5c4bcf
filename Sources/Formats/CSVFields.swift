import Safepoint

/// Where the fields of a table of separated texts are among its bytes, so that a million rows are found without making a text of each.
///
/// Fields may be quoted and then hold separators, line ends and doubled quotes; lines end in LF, CRLF or CR; a byte order mark and
/// blank lines are skipped. Spaces around names are left out, and those behind what parts the fields where all names but the first have
/// some.
public struct CSVFields: Sendable {
  @usableFromInline struct Place: Sendable {
    @usableFromInline var start: UInt32
    @usableFromInline var end: UInt32
    @usableFromInline var isQuoted = false
    /// Whether quotes in it are doubled.
    var isDoubled = false
  }

  /// The most bytes that are read.
  public static let sizeLimit = 1 << 30

  /// The names of the columns.
  public private(set) var columns: [String] = []
  /// The number of the first line of each record after the header, counted from 1.
  public private(set) var lines: [Int32] = []
  /// Whether every field is quoted, those of the header too, so that quotes say nothing about a field.
  public private(set) var areAllQuoted = true
  /// The bytes of the file.
  public let bytes: [UInt8]
  /// What parts the fields.
  public let separator: UInt8
  /// Whether spaces behind what parts the fields belong to none of them, as the header shows.
  public private(set) var skipsSpaces = false

  /// What tells that such spaces of a file are left out.
  public static func note(ofSpacesBehind separator: UInt8, in file: String) -> String {
    let name =
      switch separator {
      case UInt8(ascii: ","): "the commas"
      case UInt8(ascii: ";"): "the semicolons"
      case UInt8(ascii: "\t"): "the tabs"
      default: "each \(UnicodeScalar(separator))"
      }
    return "spaces behind \(name) in \(file) are left out"
  }

  private let form: CSVForm
  /// Where the part of the bytes ends that was read, and the line there: the beginning of a record that goes on behind the bytes.
  private(set) var end = 0
  private(set) var endLine = 1
  private let file: String
  /// Whether the file ends with the bytes.
  private let isLast: Bool
  @usableFromInline private(set) var places: [Place] = []
  private var place = 0
  private var line: Int32 = 1
  /// Whether the bytes end within a line that is left out.
  private var endsInComment = false

  /// The number of records after the header.
  public var count: Int { lines.count }

  /// Finds the fields of the file at `path`; throws a `FormatError` with the number of the wrong line.
  public init(_ path: String, separator: UInt8? = nil, limit: Int = sizeLimit) throws(FormatError) {
    try self.init(decoding: try readFile(path, limit: min(limit, Self.sizeLimit)), file: path, separator: separator)
  }

  /// Finds the fields of the bytes of a file; throws a `FormatError` with the number of the wrong line.
  ///
  /// Without a separator it is the one that a line `sep=;` before the header states, the comma, or, where the header has no comma, a
  /// semicolon, tab or bar that stands in the header and parts the first row alike; none where it has no such and the comma is a sign of
  /// numbers.
  public init(decoding bytes: [UInt8], file: String = "CSV", separator: UInt8? = nil) throws(FormatError) {
    try self.init(decoding: bytes, file: file, form: CSVForm(separator: separator), isLast: true)
  }

  /// As without `isLast`, which says whether the file ends with the bytes.
  init(decoding bytes: [UInt8], file: String, separator: UInt8?, isLast: Bool) throws(FormatError) {
    try self.init(decoding: bytes, file: file, form: CSVForm(separator: separator), isLast: isLast)
  }

  /// Finds the fields of the bytes that a file begins with; there are no columns where the header, or the first record, which decides
  /// about the separator, goes on behind them.
  init(decoding bytes: [UInt8], file: String, form: CSVForm, isLast: Bool) throws(FormatError) {
    if !bytes.isEmpty { try ForeignFile.refuse(bytes, in: file, expected: "a table of separated texts") }
    if isLast { try checkUTF8(bytes, file: file) }
    let other = form.separator ?? Self.statedSeparator(bytes) ?? Self.otherSeparator(bytes, form, isLast)
    try self.init(checked: bytes, file, other ?? UInt8(ascii: ","), form, isLast, most: .max)
    if isLast { return }
    if lines.isEmpty { (columns, end) = ([], 0) }
    try checkUTF8(bytes, upTo: end, file: file)
  }

  /// Finds the fields of records further on in a file, of which the first stands on `line`; at most so many.
  init(
    piece bytes: [UInt8], columns: [String], _ separator: UInt8, form: CSVForm = CSVForm(), skipsSpaces: Bool = false,
    file: String, line: Int, isLast: Bool, most: Int = .max
  ) throws(FormatError) {
    (self.bytes, self.file, self.separator, self.columns, self.isLast) = (bytes, file, separator, columns, isLast)
    (self.form, self.skipsSpaces) = (form, skipsSpaces)
    self.line = Int32(clamping: line)
    try readRecords(most: most)
    try checkUTF8(bytes, upTo: end, file: file, line: line)
  }

  /// The separator that a first line of its own states, as spreadsheets take and write it: `sep=;`.
  private static func statedSeparator(_ bytes: [UInt8]) -> UInt8? {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard bytes.count > start + 5, bytes[start..<start + 4].elementsEqual("sep=".utf8) else { return nil }
    let (separator, end) = (bytes[start + 4], bytes[start + 5])
    let isSeparator = separator < 0x80 && ![0x0A, 0x0D, UInt8(ascii: "\"")].contains(separator)
    return isSeparator && (end == 0x0A || end == 0x0D) ? separator : nil
  }

  /// The one separator beside the comma that stands in the header, outside of quotes; nil where the comma or none stands there.
  private static func otherSeparator(_ bytes: [UInt8], _ form: CSVForm, _ isLast: Bool) -> UInt8? {
    let separators = Array(",;\t|".utf8)
    var found: Set<UInt8> = []
    // A quote opens a field where it begins, or again right behind one that closed it.
    var (isQuoted, mayOpen) = (false, true)
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    for byte in text.dropFirst(form.blanks(text)) {
      if byte == UInt8(ascii: "\""), isQuoted || mayOpen {
        (isQuoted, mayOpen) = (!isQuoted, isQuoted)
        continue
      }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      mayOpen = separators.contains(byte)
      if mayOpen { found.insert(byte) }
    }
    // A bar parts fields where nothing else does.
    if found.count > 1 { found.remove(UInt8(ascii: "|")) }
    if found.isEmpty, form.numberSigns.contains(UInt8(ascii: ",")) { return UInt8(ascii: ";") }
    guard found.count == 1, let other = found.first, other != UInt8(ascii: ",") else { return nil }
    do { _ = try CSVFields(checked: bytes, "", other, form, isLast, most: 1) } catch { return nil }
    return other
  }

  /// Finds the fields of the header and of at most so many records.
  private init(
    checked bytes: [UInt8], _ file: String, _ separator: UInt8, _ form: CSVForm, _ isLast: Bool, most: Int
  ) throws(FormatError) {
    (self.bytes, self.file, self.separator, self.form, self.isLast) = (bytes, file, separator, form, isLast)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    if Self.statedSeparator(bytes) != nil { place += 5 }
    skipLineEnds()
    guard place < bytes.count else {
      if !isLast { return }
      throw FormatError(.malformed, in: file, form.hasHeader ? "has no header line" : "has no rows")
    }
    guard !endsInComment else { return }
    let header = line
    let start = (place, line)
    guard try readWholeRecord(bytes) else { return }
    if separator != 0x20, places.count > 1, places.dropFirst().allSatisfy({ beginsWithSpace($0) }) {
      skipsSpaces = true
      (places, place, line) = ([], start.0, start.1)
      guard try readWholeRecord(bytes) else { return }
    }
    switch form.header {
    case .line: columns = places.indices.map { name(of: places[$0]) }
    case .none: columns = places.indices.map(String.init)
    case .names(let names): columns = names
    }
    if !form.hasHeader { (place, line) = start }
    var names: Set<String> = []
    for name in columns where !names.insert(name).inserted {
      throw FormatError(.malformed, in: file, "line \(header): the column \"\(name)\" is there twice")
    }
    places = []
    try readRecords(most: most)
  }

  /// The place where a record begins, but for a quote that it begins with.
  func start(ofRow row: Int) -> Int {
    let first = places[row * columns.count]
    return Int(first.start) - (first.isQuoted ? 1 : 0)
  }

  private mutating func readRecords(most: Int) throws(FormatError) {
    let bytes = bytes
    // Short fields are many.
    if most == .max, bytes.count <= 1 << 21 { places.reserveCapacity(bytes.count / 8) }
    while lines.count < most {
      skipLineEnds()
      (end, endLine) = (place, Int(line))
      guard !isAtEnd, !endsInComment else { return }
      let (start, before) = (line, places.count)
      guard try readWholeRecord(bytes) else { return }
      lines.append(start)
      guard places.count - before == columns.count else {
        let expected = "\(columns.count) field\(columns.count == 1 ? "" : "s")"
        throw FormatError(.malformed, in: file, "line \(start): expected \(expected), found \(places.count - before)")
      }
      if Safepoint.mustStop(after: 40 * columns.count) {
        throw FormatError(.limit, in: file, "was not read to its end")
      }
      // A few fields are not worth the question.
      let isLarge = places.count >= 1 << 16 && places.count == places.capacity
      if isLarge, !Safepoint.mayMake(2 * places.count * MemoryLayout<Place>.stride) {
        throw FormatError(.limit, in: file, "has more fields than there is memory for")
      }
    }
    (end, endLine) = (place, Int(line))
  }

  /// Whether what stands here cannot be told: at the end of the file nothing, before that what the next byte decides.
  private var isAtEnd: Bool { place >= (isLast ? bytes.count : bytes.count - 1) }

  /// Reads a record; false, and nothing read, for one that goes on behind the bytes.
  private mutating func readWholeRecord(_ bytes: [UInt8]) throws(FormatError) -> Bool {
    let count = places.count
    do throws(FormatError) { try readRecord(bytes) } catch { if isLast || !isAtEnd { throw error } }
    if isLast || !isAtEnd { return true }
    places.removeSubrange(count...)
    return false
  }

  /// Goes past empty lines, and those that are left out.
  private mutating func skipLineEnds() {
    while !endsInComment {
      if takeLineEnd() { continue }
      guard let comment = form.comment, place < bytes.count, bytes[place] == comment else { return }
      let end = bytes[place...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      endsInComment = end == nil && !isLast
      if !endsInComment { place = end ?? bytes.count }
    }
  }

  private mutating func takeLineEnd() -> Bool {
    guard !isAtEnd, isLineEnd else { return false }
    let isPair = bytes[place] == UInt8(ascii: "\r") && place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "\n")
    place += isPair ? 2 : 1
    line += 1
    return true
  }

  private var isLineEnd: Bool {
    place < bytes.count && (bytes[place] == UInt8(ascii: "\n") || bytes[place] == UInt8(ascii: "\r"))
  }

  private mutating func readRecord(_ bytes: [UInt8]) throws(FormatError) {
    let (separator, skipsSpaces, count) = (separator, skipsSpaces, bytes.count)
    var place = place
    while true {
      if skipsSpaces { while place < count, bytes[place] == 0x20 { place += 1 } }
      if place < count, bytes[place] == UInt8(ascii: "\"") {
        self.place = place
        try readQuoted()
        place = self.place
      } else {
        let start = place
        var end = start
        while end < count {
          let byte = bytes[end]
          // Line ends are below whatever text is made of.
          if byte == separator || byte <= 0x0D && (byte == 0x0A || byte == 0x0D) { break }
          end += 1
        }
        place = end
        areAllQuoted = false
        places.append(Place(start: UInt32(start), end: UInt32(end)))
      }
      guard place < count, bytes[place] == separator else { break }
      place += 1
    }
    self.place = place
    _ = takeLineEnd()
  }

  private mutating func readQuoted() throws(FormatError) {
    let opened = line
    place += 1
    var field = Place(start: UInt32(place), end: 0, isQuoted: true)
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      let isPair = byte == UInt8(ascii: "\r") && place < bytes.count && bytes[place] == UInt8(ascii: "\n")
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && !isPair { line += 1 }
      guard byte == UInt8(ascii: "\"") else { continue }
      if place < bytes.count, bytes[place] == byte {
        field.isDoubled = true
        place += 1
        continue
      }
      field.end = UInt32(place - 1)
      guard place == bytes.count || bytes[place] == separator || isLineEnd else {
        let isEscaped = field.end > field.start && bytes[Int(field.end) - 1] == UInt8(ascii: "\\")
        throw FormatError(
          .malformed, in: file,
          "line \(line): text follows a closing quote; double quotes inside a field"
            + (isEscaped
              ? ", before which a backslash says nothing; Spark doubles them with `option(\"escape\", \"\\\"\")`" : ""))
      }
      return places.append(field)
    }
    throw FormatError(.malformed, in: file, "line \(opened): a quoted field is never closed")
  }
}

extension CSVFields {
  /// A field as it stands in the file, without the quotes around it.
  public struct Field {
    /// Its bytes; doubled quotes are still doubled.
    public let bytes: ArraySlice<UInt8>
    /// Whether it stands in quotes.
    public let isQuoted: Bool
    fileprivate let isDoubled: Bool

    /// The bytes of the text that it stands for.
    public var text: ArraySlice<UInt8> {
      guard isDoubled else { return bytes }
      var text: [UInt8] = []
      var isSecond = false
      for byte in bytes {
        isSecond = byte == UInt8(ascii: "\"") && !isSecond
        if byte != UInt8(ascii: "\"") || isSecond { text.append(byte) }
      }
      return text[...]
    }
  }

  /// Where a field is among the bytes, without its quotes, and whether it stands in them.
  @inlinable
  public func place(_ row: Int, _ column: Int) -> (start: Int, end: Int, isQuoted: Bool) {
    let place = places[row * columns.count + column]
    return (Int(place.start), Int(place.end), place.isQuoted)
  }

  /// The field of a record and a column.
  public subscript(row: Int, column: Int) -> Field { field(of: places[row * columns.count + column]) }

  /// The texts of a record.
  public func texts(ofRow row: Int) -> [String] {
    columns.indices.map { text(of: places[row * columns.count + $0]) }
  }

  private func field(of place: Place) -> Field {
    Field(bytes: bytes[Int(place.start)..<Int(place.end)], isQuoted: place.isQuoted, isDoubled: place.isDoubled)
  }

  /// The name of a column, without spaces around it unless it stands in quotes.
  private func name(of place: Place) -> String {
    var text = field(of: place).text
    if !place.isQuoted {
      text = text.drop { $0 == 0x20 }
      while text.last == 0x20 { text.removeLast() }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func beginsWithSpace(_ place: Place) -> Bool {
    !place.isQuoted && place.start < place.end && bytes[Int(place.start)] == 0x20
  }

  private func text(of place: Place) -> String { String(decoding: field(of: place).text, as: UTF8.self) }
}
