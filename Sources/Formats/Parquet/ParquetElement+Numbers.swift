/// Numbers that stand for something else, read as the texts of it.
extension String {
  /// Adds timestamps of 96 bits: the nanoseconds of a day and the day's number, counted as astronomers do.
  static func oldTimestamps(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String]
  ) throws(ParquetFault) {
    let source = try fixedBytes(count, encoding, of: leaf, from: &input)
    for place in stride(from: source.place, to: source.place + 12 * count, by: 12) {
      let nanoseconds: UInt64 = source.bytes.littleEndian(at: place)
      let day: UInt32 = source.bytes.littleEndian(at: place + 8)
      values.append(
        CalendarText.timestamp(
          day: Int(Int32(bitPattern: day)) - 2_440_588, nanoseconds: Int(truncatingIfNeeded: nanoseconds)))
    }
  }

  /// Adds what whole numbers of 32 or 64 bits stand for.
  static func numbers(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String], _ text: (Int) -> String
  ) throws(ParquetFault) {
    var (numbers, store) = ([Int](), ByteStore())
    try Int.decode(count, encoding, of: leaf, from: &input, into: &numbers, &store)
    values.reserveCapacity(values.count + count)
    for number in numbers { values.append(text(number)) }
  }

  /// Adds whole numbers of 64 bits without a sign, or of 128 bits, as their digits.
  static func digits(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String]
  ) throws(ParquetFault) {
    if leaf.type == .fixedBytes {
      try pieces(count, encoding, of: leaf, from: &input, into: &values) { WideNumber($0, of: leaf).digits }
    } else if encoding == .deltas {
      for number in try DeltaDecoder.read(count, from: &input) { values.append(String(UInt64(bitPattern: number))) }
    } else {
      let source = try fixedBytes(count, encoding, of: leaf, from: &input)
      for index in 0..<count {
        values.append(String(source.bytes.littleEndian(at: source.place + 8 * index) as UInt64))
      }
    }
  }

  /// Adds what values of bytes stand for.
  static func pieces(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String], _ text: (ArraySlice<UInt8>) throws(ParquetFault) -> String
  ) throws(ParquetFault) {
    var (spans, store) = ([ByteSpan](), ByteStore())
    try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &spans, &store)
    values.reserveCapacity(values.count + count)
    for span in spans { values.append(try text(span.count == 0 ? [] : store.buffers[Int(span.buffer)][span.range])) }
  }

  /// Adds decimals, which are stored as whole numbers.
  static func decimals(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, scale: Int, from input: inout ByteReader,
    into values: inout [String]
  ) throws(ParquetFault) {
    if leaf.type == .int32 || leaf.type == .int64 {
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) {
        DecimalDigits.text(String($0.magnitude), isNegative: $0 < 0, scale: scale)
      }
    }
    try pieces(count, encoding, of: leaf, from: &input, into: &values) { (bytes) throws(ParquetFault) in
      try DecimalDigits.text(bytes, scale: scale)
    }
  }

  /// The usual form of an identifier of 16 bytes.
  static func uuid(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (place, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A whole number of 128 bits, the lowest byte first.
struct WideNumber {
  private let bits: UInt128
  private let isSigned: Bool

  init(_ bytes: ArraySlice<UInt8>, of leaf: ParquetSchema.Leaf) {
    bits = bytes.reversed().reduce(0) { $0 << 8 | UInt128($1) }
    isSigned = leaf.meaning == .wide(isSigned: true)
  }

  var digits: String { isSigned ? String(Int128(bitPattern: bits)) : String(bits) }

  /// The number as one of 64 bits, nil where it is beyond them.
  var integer: Int? { isSigned ? Int(exactly: Int128(bitPattern: bits)) : Int(exactly: bits) }
}

/// Decimals as texts.
enum DecimalDigits {
  /// A number of 64 bits has every decimal of so many digits, and is written as the same one.
  static let held = 15

  /// What a number of any length is: a whole one, one that is written with the same digits, or the text.
  static func value(_ text: String) -> ParquetValue {
    if let whole = Int(text) { return .integer(whole) }
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return .digits(text) }
    let fraction = text[text.index(after: point)...]
    let zeros = fraction.utf8.reversed().prefix { $0 == UInt8(ascii: "0") }.count
    if zeros == fraction.utf8.count, let whole = Int(text[..<point]), whole.magnitude <= 1 << 53 {
      return .integer(whole)
    }
    let digits = text.utf8.drop { !(UInt8(ascii: "1")...UInt8(ascii: "9") ~= $0) }
    guard digits.count - (digits.contains(UInt8(ascii: ".")) ? 1 : 0) - zeros <= held, let number = Double(text) else {
      return .text(text)
    }
    return .number(number)
  }

  /// A whole number whose highest byte is first, with `scale` of its digits behind the point.
  static func text(_ bytes: ArraySlice<UInt8>, scale: Int) throws(ParquetFault) -> String {
    guard bytes.count <= 64 else {
      throw ParquetFault(.unsupported, "holds decimals of \(bytes.count) bytes; at most 64 are read")
    }
    let isNegative = bytes.first ?? 0 >= 0x80
    // Groups of nine digits, the lowest first.
    var groups: [UInt64] = [0]
    func add(_ groups: inout [UInt64], times factor: UInt64, _ more: UInt64) {
      var carry = more
      for index in groups.indices {
        let sum = groups[index] * factor + carry
        (groups[index], carry) = (sum % 1_000_000_000, sum / 1_000_000_000)
      }
      if carry > 0 { groups.append(carry) }
    }
    for byte in bytes { add(&groups, times: 256, UInt64(isNegative ? ~byte : byte)) }
    // The number below zero is that of the opposite bits and one more.
    if isNegative { add(&groups, times: 1, 1) }
    var digits = String(groups[groups.count - 1])
    for group in groups.dropLast().reversed() {
      let text = String(group)
      digits += String(repeating: "0", count: 9 - text.count) + text
    }
    return text(digits, isNegative: isNegative, scale: scale)
  }

  /// A number of so many digits behind the point.
  static func text(_ digits: String, isNegative: Bool, scale: Int) -> String {
    var digits = digits
    if scale > 0 {
      digits = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
    }
    return isNegative ? "-" + digits : digits
  }
}
