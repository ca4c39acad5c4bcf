import Foundation
import FuzzInputs
import PixelScript
import Testing

@Suite struct FormatTests {
  @Test func fixedFormsRoundAsC() throws {
    var random = FuzzRandom(7)
    let special = [
      0, 0.5, 1.5, 2.5, 0.125, 0.375, 1e-9, 5e-11, 0.005, 0.015, 1.005, 999.9995, 4503599627370497.5, 8.9e15, 1e16,
    ]
    let drawn = (0..<20_000).map { _ in
      Double.random(in: 0..<1, using: &random) * pow(10, Double.random(in: -12...16, using: &random))
    }
    for number in special + drawn {
      for precision in [0, 1, 2, 3, 6, 10] {
        let expected = String(format: "%.\(precision)f", number)
        #expect(try FormatSpecification.format(.number(number), ".\(precision)f") == expected, "\(number)")
      }
    }
  }

  @Test(arguments: [
    (-3.14159, "8.2f", "   -3.14"), (-3, "05", "-0003"), (3, "+", "+3"), (3, " ", " 3"), (1234.5, ",", "1,234.5"),
    (1_234_567, "_", "1_234_567"), (-0.0, ".1f", "0.0"), (.infinity, "8.2f", "     inf"), (.nan, "", "nan"),
    (0.5, "%", "50.000000%"), (65, "c", "A"), (8, "#o", "0o10"), (1e100, ".0f", String(format: "%.0f", 1e100)),
    (7, "*^9", "****7****"), (-7, "=+6", "-    7"), (1e6, "n", "1e+06"),
  ])
  func numbers(number: Double, specification: String, text: String) throws {
    #expect(try FormatSpecification.format(.number(number), specification) == text)
  }

  @Test(arguments: ["q", "5.", ".f", "99999999999999999999", "10001d", "..2f", "5 f", "+-5"])
  func badOnesAreErrors(specification: String) {
    #expect(throws: ScriptError.self) { try FormatSpecification.format(.number(1), specification) }
  }
}
