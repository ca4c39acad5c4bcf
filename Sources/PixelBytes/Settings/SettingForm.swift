/// Something whose settings are declared in a table.
public protocol Configurable: Sendable {
  /// One with the default of every setting.
  static var initial: Self { get }
  /// The settings, in the order of the command that takes them.
  static var settings: [Setting<Self>] { get }
}

extension Configurable {
  /// Throws where a setting is outside its range.
  func checkSettings() throws(ConfigurationError) {
    for setting in Self.settings { try setting.check(setting.value(of: self)) }
  }
}

/// What the value of a setting may be.
public enum SettingForm: Sendable {
  /// A whole number of a range.
  case count(ClosedRange<Int>)
  /// A number of a range.
  case number(NumberRange)
  /// True or false.
  case flag
  /// A number of epochs, or a text with one of steps.
  case interval
  /// One of these texts.
  case choice([String])
  /// A whole number of a range, or a list of such.
  case counts(ClosedRange<Int>)
  /// Numbers of a range, so many where a count is given.
  case numbers(NumberRange, count: Int?)
  /// Numbers from 0 on, or one of these texts that stands for some.
  case weights([String])
  /// Some of these texts.
  case choices([String])
}

/// The numbers that a setting may be.
public enum NumberRange: Sendable {
  /// More than 0 and finite.
  case positive
  /// More than 0, maybe without end.
  case positiveOrInfinite
  /// 0 or more.
  case notNegative
  /// At least 0 and less than 1: a share that leaves something.
  case share
  /// Any number.
  case any

  func contains(_ number: Double) -> Bool {
    switch self {
    case .positive: number > 0 && number.isFinite
    case .positiveOrInfinite: number > 0
    case .notNegative: number >= 0
    case .share: number >= 0 && Float(number) < 1
    case .any: true
    }
  }

  var expected: String {
    switch self {
    case .positive, .positiveOrInfinite: "more than 0"
    case .notNegative: "0 or more"
    case .share: "at least 0 and less than 1"
    case .any: "a number"
    }
  }
}
