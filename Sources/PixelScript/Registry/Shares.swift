import Safepoint

/// A share from 0 to 1, or several as a list: what `quantile` asks for.
public struct Shares: ScriptConvertible {
  /// The shares in order.
  public let numbers: [Double]
  /// True when they were given as a list, so that the answer is one too.
  public let isList: Bool

  /// "number or list of numbers".
  public static let scriptName = "number or list of numbers"

  /// A number, or a list or range of them.
  public static func convert(_ value: Value) throws(Stopped) -> Shares? {
    if let share = Double.convert(value) { return Shares(numbers: [share], isList: false) }
    return try [Double].convert(value).map { Shares(numbers: $0, isList: true) }
  }

  /// As it was given.
  public var scriptValue: Value { isList ? numbers.scriptValue : .number(numbers[0]) }

  /// Throws a value error when one is none from 0 to 1.
  public func check(argument: String = "share") throws(ScriptError) {
    guard let strange = numbers.first(where: { !(0...1).contains($0) }) else { return }
    throw ScriptError(
      .value, "`quantile` expects a share from 0 to 1, found \(Display.text(of: strange))", argument: argument)
  }
}
