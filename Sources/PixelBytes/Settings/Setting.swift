/// One thing that can be set of an owner, such as a training option or the states of a Mamba, declared once: parameters of commands,
/// help, completion, checks, configuration files, records and tables follow from it. Its default is what the owner's `initial` has.
public struct Setting<Owner>: Sendable {
  /// Where the value of a setting is kept.
  public typealias Path<Value> = any WritableKeyPath<Owner, Value> & Sendable

  /// The name in scripts.
  public let name: String
  /// The key in config.json.
  public let key: String
  /// What it means, in a few words.
  public let summary: String
  /// What its value may be.
  public let form: SettingForm
  /// Whether there may be no value.
  public let isOptional: Bool
  /// Whether config.json keeps it; what only decides the first values of a model is not kept.
  public private(set) var isStored = true
  /// Whether a command must be given it, so that its default stands for nothing.
  public private(set) var isRequired = false
  /// Whether a command takes it by name only.
  public private(set) var isByName = false
  /// The setting in place of which it decides, so that a command does not take both.
  public private(set) var replaced: String?
  private let read: @Sendable (Owner) -> SettingValue?
  private let write: @Sendable (inout Owner, SettingValue?) -> Void

  init(
    _ name: String, key: String?, _ form: SettingForm, isOptional: Bool = false, _ summary: String,
    read: @escaping @Sendable (Owner) -> SettingValue?, write: @escaping @Sendable (inout Owner, SettingValue?) -> Void
  ) {
    (self.name, self.key, self.form, self.isOptional, self.summary) = (name, key ?? name, form, isOptional, summary)
    (self.read, self.write) = (read, write)
  }

  /// The value that an owner has.
  public func value(of owner: Owner) -> SettingValue? { read(owner) }

  /// Sets a value of the right form; throws where it is outside the range, or missing.
  public func set(_ value: SettingValue?, of owner: inout Owner) throws(ConfigurationError) {
    try check(value)
    write(&owner, value)
  }

  /// Throws where a value is outside the range.
  func check(_ value: SettingValue?) throws(ConfigurationError) {
    switch (form, value) {
    case (.counts(_), .list(let values)?) where values.isEmpty:
      throw ConfigurationError("\(name) must have a number", setting: name)
    case (.counts(let range), .list(let values)?):
      for case .count(let number) in values { try check(number, within: range) }
    case (.count(let range), .count(let number)?), (.counts(let range), .count(let number)?):
      try check(number, within: range)
    case (.number(let range), let value?):
      guard let number = value.number, !range.contains(number) else { return }
      throw ConfigurationError("\(name) must be \(range.expected), found \(number.brief)", setting: name)
    case (.interval, let value?):
      switch EvaluationInterval(value) {
      case .epochs(let count)?, .steps(let count)?:
        if count > 0 { return }
        throw ConfigurationError("\(name) must be 1 or more, found \(count)", setting: name)
      case nil:
        throw ConfigurationError(
          "\(name) is a number of epochs or a text such as \"500 steps\", found \(value.shown)", setting: name)
      }
    case (.numbers(let range, let count), .list(let values)?):
      if let count, values.count != count {
        throw ConfigurationError("\(name) must be \(count) numbers, found \(values.count)", setting: name)
      }
      for value in values { try check(value, within: range) }
    case (.weights, .list(let values)?):
      for value in values { try check(value, within: .notNegative) }
    case (.weights(let words), .text(let text)?), (.choice(let words), .text(let text)?):
      try check(text, among: words)
    case (.choices(let words), .list(let values)?):
      for case .text(let text) in values { try check(text, among: words) }
    default: return
    }
  }

  private func check(_ number: Int, within range: ClosedRange<Int>) throws(ConfigurationError) {
    guard !range.contains(number) else { return }
    let expected =
      range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
    throw ConfigurationError("\(name) must be \(expected), found \(number)", setting: name)
  }

  private func check(_ value: SettingValue, within range: NumberRange) throws(ConfigurationError) {
    guard let number = value.number, range.contains(number), number.isFinite else {
      throw ConfigurationError("numbers of \(name) must be \(range.expected), found \(value.shown)", setting: name)
    }
  }

  private func check(_ text: String, among words: [String]) throws(ConfigurationError) {
    guard !words.contains(text) else { return }
    let expected = words.map { "\"\($0)\"" }.joined(separator: ", ")
    throw ConfigurationError("\(name) can be \(expected), found \"\(text)\"", setting: name)
  }

  /// The same setting, which config.json does not keep.
  public func unstored() -> Setting { with(\.isStored, false) }

  /// The same setting, which a command must be given.
  public func required() -> Setting { with(\.isRequired, true) }

  /// The same setting, which a command takes by name only.
  public func byName() -> Setting { with(\.isByName, true) }

  /// The same setting, which decides in place of another one.
  public func replacing(_ other: String) -> Setting {
    var setting = self
    setting.replaced = other
    return setting
  }

  private func with(_ trait: WritableKeyPath<Setting, Bool>, _ value: Bool) -> Setting {
    var setting = self
    setting[keyPath: trait] = value
    return setting
  }

  /// The same setting of what holds the owner.
  func of<Whole>(_ part: any WritableKeyPath<Whole, Owner> & Sendable) -> Setting<Whole> {
    let (read, write) = (read, write)
    var setting = Setting<Whole>(
      name, key: key, form, isOptional: isOptional, summary, read: { read($0[keyPath: part]) },
      write: { write(&$0[keyPath: part], $1) })
    (setting.isStored, setting.isRequired, setting.isByName) = (isStored, isRequired, isByName)
    setting.replaced = replaced
    return setting
  }
}

extension Setting {
  /// A whole number.
  public static func count(
    _ name: String, key: String? = nil, _ path: Path<Int>, _ range: ClosedRange<Int>,
    _ summary: String
  ) -> Setting {
    Setting(
      name, key: key, .count(range), summary, read: { .count($0[keyPath: path]) },
      write: { if case .count(let number)? = $1 { $0[keyPath: path] = number } })
  }

  /// A width, a count or another size from 1 on; the product of two is a number too.
  public static func size(_ name: String, _ path: Path<Int>, _ summary: String) -> Setting {
    count(name, path, 1...1 << 28, summary)
  }

  /// A whole number that need not be given.
  public static func count(
    _ name: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, _ summary: String
  ) -> Setting {
    count(name, path, range, summary) { $0[keyPath: path] }
  }

  /// A whole number that need not be given; files and tables tell what it then stands for.
  public static func count(
    _ name: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, _ summary: String,
    shown: @escaping @Sendable (Owner) -> Int?
  ) -> Setting {
    Setting(
      name, key: nil, .count(range), isOptional: true, summary, read: { shown($0).map { .count($0) } },
      write: { if case .count(let number)? = $1 { $0[keyPath: path] = number } else { $0[keyPath: path] = nil } })
  }

  /// A number in double precision.
  public static func number(
    _ name: String, _ path: Path<Double>, _ range: NumberRange, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .number(range), summary, read: { .fraction($0[keyPath: path]) },
      write: { if let number = $1?.number { $0[keyPath: path] = number } })
  }

  /// A number in single precision.
  public static func number(
    _ name: String, _ path: Path<Float>, _ range: NumberRange, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .number(range), summary, read: { .number($0[keyPath: path]) },
      write: { if let number = $1?.number { $0[keyPath: path] = Float(number) } })
  }

  /// A number in single precision that need not be given.
  public static func number(
    _ name: String, _ path: Path<Float?>, _ range: NumberRange, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .number(range), isOptional: true, summary,
      read: { $0[keyPath: path].map { .number($0) } },
      write: { $0[keyPath: path] = $1?.number.map { Float($0) } })
  }

  /// True or false.
  public static func flag(
    _ name: String, key: String? = nil, _ path: Path<Bool>, _ summary: String
  ) -> Setting {
    Setting(
      name, key: key, .flag, summary, read: { .flag($0[keyPath: path]) },
      write: { if case .flag(let flag)? = $1 { $0[keyPath: path] = flag } })
  }

  /// How far it is from one evaluation to the next.
  public static func interval(_ name: String, _ path: Path<EvaluationInterval>, _ summary: String) -> Setting {
    Setting(
      name, key: nil, .interval, summary, read: { $0[keyPath: path].value },
      write: { if let interval = $1.flatMap(EvaluationInterval.init) { $0[keyPath: path] = interval } })
  }

  /// One of the cases of a type, or none.
  public static func choice<T: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<T?>, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .choice(T.allCases.map(\.rawValue)), isOptional: true, summary,
      read: { $0[keyPath: path].map { .text($0.rawValue) } },
      write: {
        if case .text(let text)? = $1 { $0[keyPath: path] = T(rawValue: text) } else { $0[keyPath: path] = nil }
      })
  }

  /// One of the cases of a type.
  public static func choice<T: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<T>, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .choice(T.allCases.map(\.rawValue)), summary, read: { .text($0[keyPath: path].rawValue) },
      write: { if case .text(let text)? = $1, let chosen = T(rawValue: text) { $0[keyPath: path] = chosen } })
  }
}
