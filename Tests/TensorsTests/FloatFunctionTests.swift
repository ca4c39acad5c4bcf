import Foundation
import Tensors
import Testing

/// Functions of floats over their whole range, with every instruction set, beside those of the C library in double precision.
struct FloatFunctionTests {
  /// A function, its twin, and how far it may be off: units in the last place, and a part of 1 beside them.
  struct Function: Sendable {
    let name: String
    let found: @Sendable (Tensor) -> Tensor
    let twin: @Sendable (Double) -> Double
    let ulps: Double
    let beside: Double
  }

  private static let functions: [Function] = [
    Function(name: "exp", found: { $0.exp() }, twin: { Foundation.exp($0) }, ulps: 2, beside: 0),
    Function(
      name: "softplus", found: { $0.softplus() },
      twin: { max($0, 0) + Foundation.log1p(Foundation.exp(-Swift.abs($0))) },
      ulps: 4, beside: 0),
    Function(name: "sigmoid", found: { $0.sigmoid() }, twin: { 1 / (1 + Foundation.exp(-$0)) }, ulps: 4, beside: 1e-38),
    Function(name: "tanh", found: { $0.tanh() }, twin: { Foundation.tanh($0) }, ulps: 4, beside: 0),
    Function(name: "log", found: { $0.log() }, twin: { Foundation.log($0) }, ulps: 3, beside: 0),
    Function(name: "sqrt", found: { $0.sqrt() }, twin: { $0.squareRoot() }, ulps: 0.6, beside: 0),
  ]

  private static let numbers: [Float] = {
    var random = Random(seed: 5, stream: "floats")
    var numbers: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 88.37626, 88.3763, 88.5, 88.72283, 88.72284, 88.73, 89, -87.33654, -87.3366,
      -88,
      -103.2, -103.9, -104, -105, -1000, 1000, .leastNormalMagnitude, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]
    for _ in 0..<20_000 {
      let part = random.unit() - 0.5
      numbers += [
        Float(part), Float(part * 10), Float(part * 240), Float(88 + part), Float(-88 + 40 * part),
        Float(bitPattern: UInt32(truncatingIfNeeded: random.next())),
      ]
    }
    return numbers
  }()

  /// Functions that are 0 at 0 have the sign of that 0, but for those that are never below 0, whichever lane of a vector it is in.
  @Test(arguments: NumberFunctionTests.instructionSets) func zeroKeepsItsSign(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    let functions: [(name: String, isOdd: Bool, of: (Tensor) -> Tensor)] = [
      ("sin", true, { $0.sin() }), ("tan", true, { $0.tan() }), ("tanh", true, { $0.tanh() }),
      ("round", true, { $0.rounded(.toNearestOrEven) }), ("floor", true, { $0.rounded(.down) }),
      ("ceil", true, { $0.rounded(.up) }), ("truncated", true, { $0.rounded(.towardZero) }),
      ("sqrt", true, { $0.sqrt() }), ("cube", true, { $0.power(Tensor(3)) }), ("itself", true, { $0.power(Tensor(1)) }),
      ("clamp", true, { $0.clamp(-1, 1) }), ("relu", true, { $0.relu() }), ("gelu", true, { $0.gelu() }),
      ("silu", true, { $0.silu() }), ("abs", false, { $0.abs() }), ("sign", false, { $0.sign() }),
    ]
    for function in functions {
      for count in [1, 5, 16, 37] {
        let values = (0..<count).map { Float($0.isMultiple(of: 3) ? -0.0 : 0) }
        for (number, value) in zip(values, function.of(Tensor(values, [count])).values) {
          #expect(value == 0 && value.sign == (function.isOdd ? number.sign : .plus), "\(function.name)(\(number))")
        }
      }
    }
  }

  @Test(arguments: NumberFunctionTests.instructionSets) func areNearTheExactOnes(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for function in Self.functions {
      let found = function.found(Tensor(Self.numbers, [Self.numbers.count])).values
      for (number, value) in zip(Self.numbers, found) {
        let expected = function.twin(Double(number))
        let nearest = Float(expected)
        if nearest.isNaN || nearest.isInfinite {
          #expect(
            nearest.isNaN ? value.isNaN : value == nearest, "\(function.name)(\(number)) is \(nearest), found \(value)")
        } else {
          let off = Swift.abs(Double(value) - expected)
          #expect(
            off <= function.ulps * Double(nearest.ulp) + function.beside,
            "\(function.name)(\(number)) is \(expected), found \(value)")
        }
      }
    }
  }
}
