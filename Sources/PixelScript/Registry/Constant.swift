/// A number with a name of its own; a variable of that name goes before it.
public struct Constant: Sendable {
  /// The name.
  public let name: String
  /// The number.
  public let value: Double

  /// The constants of the language.
  public static let all = [
    Constant(name: "pi", value: .pi), Constant(name: "inf", value: .infinity), Constant(name: "nan", value: .nan),
  ]

  /// The constant with a name, or nil.
  public static func named(_ name: String) -> Constant? { all.first { $0.name == name } }
}
