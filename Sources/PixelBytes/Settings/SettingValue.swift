import Formats

/// The value of a setting, as config.json, training.json and `net.config` show it.
public enum SettingValue: Equatable, Sendable {
  case count(Int)
  case fraction(Double)
  case flag(Bool)
  case text(String)
  case list([SettingValue])

  /// A whole number as a count, another as the decimal number that was written.
  static func number(_ value: Float) -> SettingValue {
    Int(exactly: value).map { .count($0) } ?? .fraction(Double("\(value)") ?? Double(value))
  }

  /// A whole number as a count, another as it is.
  static func number(_ value: Double) -> SettingValue { Int(exactly: value).map { .count($0) } ?? .fraction(value) }

  /// Its JSON.
  package var json: JSON {
    switch self {
    case .count(let value): .integer(value)
    case .fraction(let value): .number(value)
    case .flag(let value): .bool(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    }
  }

  /// How messages tell it.
  var shown: String {
    switch self {
    case .count(let value): "\(value)"
    case .fraction(let value): value.brief
    case .flag(let value): "\(value)"
    case .text(let value): "\"\(value)\""
    case .list(let values): "[\(values.map(\.shown).joined(separator: ", "))]"
    }
  }

  /// The numbers of a list of numbers alone.
  var numbers: [Double]? {
    guard case .list(let values) = self else { return nil }
    let numbers = values.compactMap(\.number)
    return numbers.count == values.count ? numbers : nil
  }

  /// A count or a fraction.
  var number: Double? {
    switch self {
    case .count(let count): Double(count)
    case .fraction(let fraction): fraction
    case .flag, .text, .list: nil
    }
  }
}

extension SettingValue: Codable {
  /// Reads a truth value, a number, a text or a list.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let count = try? value.decode(Int.self) {
      self = .count(count)
    } else if let fraction = try? value.decode(Double.self) {
      self = .fraction(fraction)
    } else if let values = try? value.decode([SettingValue].self) {
      self = .list(values)
    } else {
      self = .text(try value.decode(String.self))
    }
  }

  /// Writes the value itself.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let value): try container.encode(value)
    case .fraction(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}

extension Double {
  /// The number as texts show it, a whole one without a point.
  var brief: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
