import Foundation

extension Builtins {
  /// Numbers near a number.
  static var rounding: [Command] {
    [
      Command(
        "round", "Returns the nearest number with so many digits after the point; halves go to the even neighbor.",
        Parameter<Double>("x", "the number"), Parameter<Int>("digits", "after the point", default: 0),
        example: """
          print round(2.567, 2), round(2.5), round(-1.5)  # expect: 2.57 2 -2
          """
      ) { _, x, digits in rounded(x, digits: digits) },
      Command(
        "floor", "Returns the largest whole number that is not larger.", Parameter<Double>("x", "the number"),
        example: """
          print floor(2.7), floor(-2.1)  # expect: 2 -3
          """
      ) { _, x in x.rounded(.down) },
      Command(
        "ceil", "Returns the smallest whole number that is not smaller.", Parameter<Double>("x", "the number"),
        example: """
          print ceil(2.1), ceil(-2.7)  # expect: 3 -2
          """
      ) { _, x in x.rounded(.up) },
      Command(
        "abs", "Returns the number without its sign.", Parameter<Double>("x", "the number"),
        example: """
          print abs(-3), abs(2)  # expect: 3 2
          """
      ) { _, x in abs(x) },
    ]
  }

  /// Functions of a real number.
  static var functions: [Command] {
    [
      function("sqrt", "the square root", of: "a number that is not negative", "sqrt(9)", "3", where: { $0 >= 0 }) {
        $0.squareRoot()
      },
      function("exp", "the exponential", "exp(0)", "1", exp),
      function("log", "the natural logarithm", of: "a positive number", "log(1)", "0", where: { $0 > 0 }, log),
      function(
        "log2", "the logarithm to the base 2", of: "a positive number", "log2(8)", "3", where: { $0 > 0 },
        Foundation.log2),
      function("sin", "the sine of an angle in radians", "sin(0)", "0", sin),
      function("cos", "the cosine of an angle in radians", "cos(0)", "1", cos),
      function("tan", "the tangent of an angle in radians", "tan(0)", "0", tan),
      function("tanh", "the hyperbolic tangent", "tanh(0)", "0", tanh),
    ]
  }

  private static func function(
    _ name: String, _ meaning: String, of domain: String = "the number", _ call: String, _ result: String,
    where isDefined: @escaping @Sendable (Double) -> Bool = { _ in true },
    _ function: @escaping @Sendable (Double) -> Double
  ) -> Command {
    Command(
      name, "Returns \(meaning).", Parameter<Double>("x", domain), example: "print \(call)  # expect: \(result)"
    ) { _, x in
      guard isDefined(x) || x.isNaN else {
        throw ScriptError(.value, "`\(name)` expects \(domain), found \(Display.text(of: x))", argument: "x")
      }
      return function(x)
    }
  }

  /// Rounds by exact arithmetic: the product with a power of ten and the error of that product; nil for large numbers.
  private static func quicklyRounded(_ x: Double, digits: Int) -> Double? {
    let unit = powersOfTen[digits]
    let product = x * unit
    guard product.magnitude < 0x1p52 else { return nil }
    let error = (-product).addingProduct(x, unit)
    var whole = product.rounded(.toNearestOrEven)
    let rest = product - whole
    if rest == 0.5, error > 0 { whole += 1 }
    if rest == -0.5, error < 0 { whole -= 1 }
    return whole / unit
  }

  /// Those that a double holds exactly.
  private static let powersOfTen: [Double] = (0...22).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// Rounds by way of decimal digits, so that 2.675 with two digits, which is a little less, gives 2.67.
  private static func rounded(_ x: Double, digits: Int) -> Double {
    guard x.isFinite else { return x }
    if digits == 0 { return x.rounded(.toNearestOrEven) }
    if digits < 0 {
      let unit = pow(10, Double(-max(digits, -308)))
      return (x / unit).rounded(.toNearestOrEven) * unit
    }
    if digits <= 22, let quick = quicklyRounded(x, digits: digits) { return quick }
    return digits > 300 ? x : Double(String(format: "%.\(digits)f", x)) ?? x
  }
}
