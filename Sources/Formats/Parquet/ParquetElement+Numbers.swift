/// Numbers that no type of Swift holds as they are, read as texts.
extension String {
  /// Adds timestamps of 96 bits: the nanoseconds of a day and the day's number.
  static func timestamps(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String]
  ) throws(ParquetFault) {
    let source = try fixedBytes(count, encoding, of: leaf, from: &input)
    for place in stride(from: source.place, to: source.place + 12 * count, by: 12) {
      let nanoseconds: UInt64 = source.bytes.littleEndian(at: place)
      let day: UInt32 = source.bytes.littleEndian(at: place + 8)
      guard nanoseconds < 86_400_000_000_000 else {
        throw ParquetFault(.malformed, "a timestamp has \(nanoseconds) nanoseconds in a day")
      }
      values.append(timestamp(day: Int(Int32(bitPattern: day)), nanoseconds: Int(nanoseconds)))
    }
  }

  /// A time as ISO 8601 writes it; `day` is counted as astronomers do, in which 1970 begins with 2440588.
  private static func timestamp(day: Int, nanoseconds: Int) -> String {
    // The calendar repeats every 400 years of 146097 days; years begin in March, so that leap days are last.
    let days = day - 1_721_120
    let (era, rest) = days.quotientAndRemainder(dividingBy: 146_097)
    let (cycle, dayOfEra) = rest < 0 ? (era - 1, rest + 146_097) : (era, rest)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civil = (
      year: 400 * cycle + yearOfEra + (month < 10 ? 0 : 1), month: month < 10 ? month + 3 : month - 9,
      day: dayOfYear - (153 * month + 2) / 5 + 1
    )
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(abs(number))
      return (number < 0 ? "-" : "") + String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
    let seconds = nanoseconds / 1_000_000_000
    var text = padded(civil.year, 4) + "-" + padded(civil.month, 2) + "-" + padded(civil.day, 2)
    text += "T" + [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    var fraction = padded(nanoseconds % 1_000_000_000, 9)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return fraction.isEmpty ? text : text + "." + fraction
  }

  /// Adds decimals, which are stored as whole numbers: of fixed size or, highest byte first, as bytes.
  static func decimals(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, scale: Int, from input: inout ByteReader,
    into values: inout [String]
  ) throws(ParquetFault) {
    var store = ByteStore()
    if leaf.type == .int32 || leaf.type == .int64 {
      var numbers: [Int] = []
      try Int.decode(count, encoding, of: leaf, from: &input, into: &numbers, &store)
      values += numbers.map { decimal(Int128($0), scale: scale) }
      return
    }
    var spans: [ByteSpan] = []
    try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &spans, &store)
    for span in spans {
      guard span.count <= 16 else {
        throw ParquetFault(.unsupported, "holds decimals of \(span.count) bytes; at most 16 are read")
      }
      var number: Int128 = 0
      for (index, byte) in store.buffers[Int(span.buffer)][span.range].enumerated() {
        number = index == 0 ? Int128(Int8(bitPattern: byte)) : number << 8 | Int128(byte)
      }
      values.append(decimal(number, scale: scale))
    }
  }

  private static func decimal(_ number: Int128, scale: Int) -> String {
    var digits = String(number.magnitude)
    if scale > 0 {
      digits = String(repeating: "0", count: Swift.max(0, scale + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
    }
    return number < 0 ? "-" + digits : digits
  }
}
