import Formats
import PixelScript
import Safepoint
import Tensors

/// The type of a column of a CSV file, which stands nowhere in it.
///
/// A column is of numbers or truth values when all fields are that say anything, and of missing numbers when none does: an empty one and
/// words such as `NA` say nothing. Any other column is of texts, in which empty fields are missing, such words too where all others are
/// dates, and what the reader of the file calls missing. What stands in quotes is a text, unless the whole file stands in quotes; an empty
/// text in quotes says nothing among numbers.
struct CSVColumn {
  /// The values of a part of the file.
  private enum Part {
    /// Numbers, whether one is there, and whether a field is an empty text in quotes, which without numbers makes a column of texts.
    case numbers([Double], hasNumber: Bool, saysSomething: Bool)
    case bools([UInt8], hasBool: Bool)
    /// Texts, and the rows where a word stands that may say nothing.
    case texts(PackedTexts, words: [Int])

    var count: Int {
      switch self {
      case .numbers(let numbers, _, _): numbers.count
      case .bools(let bools, _): bools.count
      case .texts(let texts, _): texts.count
      }
    }

    var type: ValueType {
      switch self {
      case .numbers: .numbers
      case .bools: .bools
      case .texts: .texts
      }
    }
  }

  private enum ValueType { case numbers, bools, texts }

  private let place: Int
  private let isText: Bool
  private let form: CSVNumberForm
  private let missing: MissingWords
  private var parts: [Part] = []

  /// The column at a place of the records, with the form of its numbers; `isText` takes its values as they stand.
  init(place: Int, isText: Bool, form: CSVNumberForm = CSVNumberForm(), missing: MissingWords = MissingWords()) {
    (self.place, self.isText, self.form, self.missing) = (place, isText, form, missing)
  }

  /// Reads columns part by part, so that where the fields are is known of few parts at a time; gives the number of rows.
  static func read(_ columns: inout [CSVColumn], of text: CSVText) throws -> Int {
    let unread = columns
    let found = try Parallel.map(text.count, threads: Parallel.available) { part in
      let fields = try text.fields(ofPart: part)
      return (count: fields.count, values: try unread.map { try $0.part(fields, as: nil) })
    }
    for place in columns.indices { columns[place].parts = found.map { $0.values[place] } }
    // What is of numbers in one part may be of texts in another.
    let types = columns.map(\.type)
    let again = found.indices.filter { part in
      columns.indices.contains { columns[$0].parts[part].type != types[$0] }
    }
    let (first, parts) = (columns, again)
    let read = try Parallel.map(again.count, threads: Parallel.available) { number -> [Part?] in
      let fields = try text.fields(ofPart: parts[number])
      return try first.indices.map {
        first[$0].parts[parts[number]].type == types[$0] ? nil : try first[$0].part(fields, as: types[$0])
      }
    }
    for (number, part) in again.enumerated() {
      for (place, values) in read[number].enumerated() { if let values { columns[place].parts[part] = values } }
    }
    return found.reduce(0) { $0 + $1.count }
  }

  /// The type that all parts have, or can be read as.
  private var type: ValueType {
    var (hasNumber, hasBool, saysSomething, areNumbers, areBools) = (false, false, false, true, true)
    for part in parts {
      switch part {
      case .numbers(_, let isThere, let says):
        (hasNumber, saysSomething) = (hasNumber || isThere, saysSomething || says)
        if isThere { areBools = false }
      case .bools(_, let isThere): (areNumbers, hasBool) = (false, hasBool || isThere)
      case .texts: return .texts
      }
    }
    if areNumbers, hasNumber || !saysSomething { return .numbers }
    return areBools && hasBool ? .bools : .texts
  }

  /// The values of all parts, which are of one type.
  var column: Column { get throws { try contents.column } }

  /// The values of all parts, and the rows of texts where a word stands that says nothing elsewhere.
  var contents: (column: Column, words: [Int]) {
    get throws {
      var (numbers, bools, texts, words) = ([Double](), [UInt8](), PackedTexts(), [Int]())
      if parts.count > 1 { try Safepoint.reserve(8, times: parts.reduce(0) { $0 + $1.count }, for: "a column") }
      for part in parts {
        try Safepoint.check()
        switch part {
        case .numbers(let more, _, _): if numbers.isEmpty { numbers = more } else { numbers += more }
        case .bools(let more, _): if bools.isEmpty { bools = more } else { bools += more }
        case .texts(let more, let rows):
          words += rows.map { $0 + texts.count }
          if texts.count == 0 { texts = more } else { try texts.append(contentsOf: more) }
        }
      }
      switch type {
      case .numbers: return (.numbers(numbers), [])
      case .bools: return (.bools(bools), [])
      case .texts:
        if !isText, let dates = try texts.dates(without: words) { return (.texts(dates), []) }
        return (.texts(texts), isText ? [] : words)
      }
    }
  }

  /// The values of a part as a type, or as the first one that fits.
  private func part(_ fields: CSVFields, as type: ValueType?) throws -> Part {
    try Safepoint.reserve(16, times: fields.count, for: "a column")
    if !isText {
      if type != .texts, type != .bools, let numbers = try numbers(fields) { return numbers }
      if type != .texts, let bools = try bools(fields) { return bools }
    }
    return try texts(fields)
  }

  private func texts(_ fields: CSVFields) throws -> Part {
    var (texts, words) = (PackedTexts(capacity: fields.count), [Int]())
    let bytes = fields.bytes
    try Pieces.forEach(fields.count) { piece in
      for row in piece {
        let (start, end, isQuoted) = fields.place(row, place)
        if !isQuoted || fields.areAllQuoted, MissingWords.mayBe(bytes, start, end), MissingWords.are(bytes[start..<end])
        {
          words.append(row)
        }
        let isEmpty = start == end && (!isQuoted || fields.areAllQuoted)
        if isEmpty || missing.isGiven(bytes, start, end) {
          texts.append(nil)
        } else if isQuoted {
          let text = Array(fields[row, place].text)
          texts.append(text, 0..<text.count)
        } else {
          texts.append(bytes, start..<end)
        }
      }
    }
    return .texts(texts, words: words.filter { !texts.isMissing(at: $0) })
  }

  private func numbers(_ fields: CSVFields) throws -> Part? {
    var (isNumeric, hasNumber, saysSomething) = (true, false, false)
    let (bytes, areAllQuoted) = (fields.bytes, fields.areAllQuoted)
    // A number stands in quotes where a sign in it would part it.
    let parting = [form.decimal, form.thousands].contains(fields.separator) ? fields.separator : nil
    let numbers = try [Double](capacity: fields.count) { numbers in
      try Pieces.forEach(fields.count) { piece in
        guard isNumeric else { return }
        for row in piece {
          let (start, end, isQuoted) = fields.place(row, place)
          if start == end {
            numbers.append(MissingNumber.value)
            saysSomething = saysSomething || isQuoted && !areAllQuoted
          } else if missing.isGiven(bytes, start, end) {
            numbers.append(MissingNumber.value)
          } else if isQuoted, !areAllQuoted, !(parting.map { bytes[start..<end].contains($0) } ?? false) {
            isNumeric = false
            break
          } else if let number = form.read(bytes, start, end) {
            numbers.append(MissingNumber.present(number))
            hasNumber = true
          } else if MissingWords.are(bytes[start..<end]) {
            numbers.append(MissingNumber.value)
          } else {
            isNumeric = false
            break
          }
        }
      }
    }
    return isNumeric ? .numbers(numbers, hasNumber: hasNumber, saysSomething: saysSomething) : nil
  }

  private func bools(_ fields: CSVFields) throws -> Part? {
    var (bools, hasBool) = ([UInt8](), false)
    for row in 0..<fields.count {
      try Safepoint.check(after: 10)
      let field = fields[row, place]
      if field.bytes.isEmpty || missing.isGiven(field.bytes) {
        bools.append(Column.missingBool)
      } else if field.isQuoted, !fields.areAllQuoted {
        return nil
      } else if let truth = CSVWord.bool(field.bytes) {
        bools.append(truth ? 1 : 0)
        hasBool = true
      } else if MissingWords.are(field.bytes) {
        bools.append(Column.missingBool)
      } else {
        return nil
      }
    }
    return .bools(bools, hasBool: hasBool)
  }
}

/// Words of CSV files that are no texts.
enum CSVWord {
  private static let yes = ["true", "True", "TRUE"].map { Array($0.utf8) }
  private static let no = ["false", "False", "FALSE"].map { Array($0.utf8) }

  /// The truth value of a field, or nil.
  static func bool(_ field: ArraySlice<UInt8>) -> Bool? {
    guard field.count <= 5 else { return nil }
    if yes.contains(where: { $0.elementsEqual(field) }) { return true }
    return no.contains { $0.elementsEqual(field) } ? false : nil
  }

  /// Whether a text would be read as something else unless it stood in quotes.
  static func needsQuotes(_ field: ArraySlice<UInt8>) -> Bool {
    field.isEmpty || MissingWords.are(field) || bool(field) != nil || DecimalNumber.read(field) != nil
  }
}
