/// What a type stands for beyond its bytes, as far as it changes how they are read.
enum ParquetMeaning: Equatable {
  /// What times are counted in.
  enum Unit: Int {
    case seconds, milliseconds, microseconds, nanoseconds

    /// How many are a second.
    var perSecond: Int {
      switch self {
      case .seconds: 1
      case .milliseconds: 1000
      case .microseconds: 1_000_000
      case .nanoseconds: 1_000_000_000
      }
    }
  }

  /// What the numbers of pandas' periods count, from that with the first of 1970.
  enum Period: Equatable {
    case years, quarters, months
    /// Weeks, the first of which begins on that day.
    case weeks(start: Int)
    /// Days from Monday to Friday.
    case workdays
    case days, hours, minutes
    case fractions(Unit)

    private static let yearEnds = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    private static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    /// By the name that pandas gives it, such as `Q-MAR`; nil for one that is not known. Those that span several, as `2M`, are counted
    /// by ones, and years and quarters are called after the year that they end in, whichever month that is.
    init?(frequency: String) {
      let parts = frequency.drop { $0.isNumber }.split(separator: "-", omittingEmptySubsequences: false)
      guard let base = parts.first, parts.count < 3 else { return nil }
      let end = parts.count == 2 ? String(parts[1]) : nil
      switch base {
      case "Y", "A", "YE": self = .years
      case "Q", "QE": self = .quarters
      case "W":
        guard let day = Self.weekdays.firstIndex(of: end ?? "SUN") else { return nil }
        self = .weeks(start: day - 10)
        return
      case "M", "ME": self = .months
      case "B": self = .workdays
      case "D": self = .days
      case "h", "H": self = .hours
      case "min", "T": self = .minutes
      case "s", "S": self = .fractions(.seconds)
      case "ms", "L": self = .fractions(.milliseconds)
      case "us", "U": self = .fractions(.microseconds)
      case "ns", "N": self = .fractions(.nanoseconds)
      default: return nil
      }
      if let end, !(self == .years || self == .quarters) || !Self.yearEnds.contains(end) { return nil }
    }
  }

  case text, json, list, map, unsigned, uuid, half, date, interval
  /// Truth values of a byte each, of which 0 alone is false.
  case truth
  /// Nulls alone, whatever type they are stored as.
  case nothing
  /// Whole numbers of 128 bits, the lowest byte first, as Arrow has them in memory.
  case wide(isSigned: Bool)
  /// Days that are counted in milliseconds.
  case dayInMilliseconds
  /// Whole numbers that stand for those with as many digits behind the point; `precision` is the most digits, if it is stated.
  case decimal(scale: Int, precision: Int?)
  case time(Unit)
  /// Moments; `isUTC` where they are the same everywhere, else what a clock shows.
  case timestamp(Unit, isUTC: Bool)
  case duration(Unit)
  case period(Period)

  /// Reads a logical type; nil for one that changes nothing.
  init?(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(ParquetFault) {
    guard field.form == .structure else {
      try reader.skip(field)
      return nil
    }
    var meaning: ParquetMeaning?
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1, 4: meaning = .text
      case 2: meaning = .map
      case 3: meaning = .list
      case 5: return meaning = try Self.decimal(&reader)
      case 6: meaning = .date
      case 7, 8: return meaning = try Self.time(&reader, isTimestamp: field.id == 8)
      case 10: return meaning = try Self.integer(&reader)
      case 11: meaning = .nothing
      case 12: meaning = .json
      case 14: meaning = .uuid
      case 15: meaning = .half
      default: break
      }
      try reader.skip(field)
    }
    guard let meaning else { return nil }
    self = meaning
  }

  private static func decimal(_ reader: inout ThriftReader) throws(ParquetFault) -> ParquetMeaning {
    var (scale, precision): (Int, Int?) = (0, nil)
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1: scale = try reader.integer(field)
      case 2: precision = try reader.integer(field)
      default: try reader.skip(field)
      }
    }
    return .decimal(scale: scale, precision: precision)
  }

  private static func integer(_ reader: inout ThriftReader) throws(ParquetFault) -> ParquetMeaning? {
    var meaning: ParquetMeaning?
    try reader.fields { (reader, field) throws(ParquetFault) in
      if field.id == 2 { meaning = try reader.boolean(field) ? nil : .unsigned } else { try reader.skip(field) }
    }
    return meaning
  }

  private static func time(_ reader: inout ThriftReader, isTimestamp: Bool) throws(ParquetFault) -> ParquetMeaning? {
    var (unit, isUTC): (Unit?, Bool) = (nil, false)
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1: isUTC = try reader.boolean(field)
      case 2:
        try reader.fields { (reader, field) throws(ParquetFault) in
          unit = Unit(rawValue: field.id)
          try reader.skip(field)
        }
      default: try reader.skip(field)
      }
    }
    return unit.map { isTimestamp ? .timestamp($0, isUTC: isUTC) : .time($0) }
  }

  /// The meaning in files from before logical types, whose timestamps tell nothing about zones.
  init?(converted: Int, scale: Int, precision: Int?) {
    switch converted {
    case 0, 4: self = .text
    case 1, 2: self = .map
    case 3: self = .list
    case 5: self = .decimal(scale: scale, precision: precision)
    case 6: self = .date
    case 7: self = .time(.milliseconds)
    case 8: self = .time(.microseconds)
    case 9: self = .timestamp(.milliseconds, isUTC: false)
    case 10: self = .timestamp(.microseconds, isUTC: false)
    case 11...14: self = .unsigned
    case 19: self = .json
    case 21: self = .interval
    default: return nil
    }
  }

  /// Whether some of the values may be more than numbers of 64 bits hold, which have every decimal of 15 digits.
  var isLongDecimal: Bool {
    guard case .decimal(let scale, let precision) = self else { return false }
    return (precision ?? .max) > DecimalDigits.held || scale > DecimalDigits.held
  }

  /// What values stored as `type` are read as.
  func content(_ type: PhysicalType, width: Int) -> ParquetType? {
    let isWhole = type == .int32 || type == .int64
    switch self {
    case .text, .json: return type == .bytes ? .text : nil
    case .decimal: return isWhole || type == .bytes || type == .fixedBytes ? .double : nil
    case .date: return type == .int32 ? .text : nil
    case .dayInMilliseconds: return type == .int64 ? .text : nil
    case .wide: return type == .fixedBytes && width == 16 ? .integer : nil
    case .time, .timestamp, .duration, .period: return isWhole ? .text : nil
    case .uuid: return type == .fixedBytes && width == 16 ? .text : nil
    case .interval: return type == .fixedBytes && width == 12 ? .text : nil
    case .half: return type == .fixedBytes && width == 2 ? .float : nil
    case .truth: return type == .int32 ? .boolean : nil
    case .list, .map, .unsigned, .nothing: return nil
    }
  }
}
