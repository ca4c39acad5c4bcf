import Foundation
import Safepoint
import Tensors
import Testing

/// Functions of numbers in double precision, with every instruction set, beside those of the C library.
struct NumberFunctionTests {
  static let instructionSets = ["avx512", "avx2", "portable"]
  private static let missing = Double(bitPattern: 0x7FF8_0000_6E69_6C21)

  /// A function, its twin, and the units in the last place by which both may differ: the C library's tanh is itself off by up to two.
  private static let functions: [(name: String, NumberFunction, ulps: Int64, twin: @Sendable (Double) -> Double)] = [
    ("exp", .exp, 1, { Foundation.exp($0) }), ("log", .log, 1, { Foundation.log($0) }),
    ("log2", .log2, 1, { Foundation.log2($0) }), ("sin", .sin, 1, { Foundation.sin($0) }),
    ("cos", .cos, 1, { Foundation.cos($0) }), ("tan", .tan, 1, { Foundation.tan($0) }),
    ("tanh", .tanh, 2, { Foundation.tanh($0) }), ("sqrt", .sqrt, 0, { $0.squareRoot() }),
    ("abs", .abs, 0, { Swift.abs($0) }), ("negate", .negate, 0, { -$0 }), ("floor", .floor, 0, { $0.rounded(.down) }),
    ("ceil", .ceil, 0, { $0.rounded(.up) }), ("round", .round, 0, { $0.rounded(.toNearestOrEven) }),
  ]

  private static let special: [Double] = [
    0, -0.0, .infinity, -.infinity, .nan, -.nan, missing, -missing, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2, 8, 22, -22,
    709.78, 709.79,
    -708.5, -745.1, -746, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, 0x1p52, 0x1p53, -0x1p53, 1e-300, 1e22, -1e22, .pi, .pi / 2, -.pi / 2, .pi / 4, 524_288,
    524_289, 1e300,
    1.0.nextUp, 1.0.nextDown, 0x1p-30, -0x1p-30, 0x1p1023,
  ]

  private static let numbers: [Double] = {
    var random = Random(seed: 3, stream: "numbers")
    var numbers = special
    for _ in 0..<20_000 {
      let part = random.unit() - 0.5
      numbers += [
        part, 8 * part, 1500 * part, 1e6 * part, part * Foundation.pow(2, (200 * random.unit() - 100).rounded()),
        ((40_000 * part).rounded() * .pi / 4).nextUp, 1 + part * 1e-3, Double(bitPattern: random.next()),
      ]
    }
    return numbers
  }()

  /// How many numbers lie between two of them; NaN is one number, and both zeros are different.
  private func distance(_ a: Double, _ b: Double) -> Int64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    func place(_ number: Double) -> Int64 {
      let bits = Int64(bitPattern: number.bitPattern)
      return bits < 0 ? Int64.min &- bits &- 1 : bits
    }
    let (difference, isBeyond) = place(a).subtractingReportingOverflow(place(b))
    return isBeyond ? .max : Swift.abs(difference)
  }

  @Test(arguments: instructionSets) func areNearTheExactOnes(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for (function, kernel, ulps, twin) in Self.functions {
      for count in [1, 2, 3, 15, 16, 17, Self.numbers.count] {
        let numbers = Array(Self.numbers.prefix(count))
        for (number, found) in zip(numbers, Kernel.map(kernel, numbers)) {
          if number.isNaN, function != "negate" {
            #expect(found.bitPattern == number.bitPattern, "\(function) of NaN")
          } else {
            let expected = twin(number)
            #expect(distance(found, expected) <= ulps, "\(function)(\(number)) is \(expected), found \(found)")
          }
        }
      }
    }
  }

  @Test(arguments: instructionSets) func digitsAreThoseOfTheDecimal(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    var random = Random(seed: 4, stream: "numbers")
    for digits in 1...22 {
      let unit = Double("1e\(digits)") ?? 0
      var numbers = Self.special
      for _ in 0..<500 {
        let part = random.unit() - 0.5
        numbers += [
          100 * part, (part * 1e5).rounded() / unit / 10, ((1000 * part).rounded() + 0.5) / unit,
          (part * 1e6).rounded() / 8,
          part * 0x1p53 / unit, part * 0x1p55 / unit,
        ]
      }
      for (number, found) in zip(numbers, Kernel.map(.round(digits: digits), numbers)) where number.isFinite {
        let expected = Double(String(format: "%.\(digits)f", number))
        #expect(found == expected && found.sign == number.sign, "\(number) with \(digits) digits is \(found)")
      }
    }
  }

  @Test(arguments: instructionSets) func powersAreNearTheExactOnes(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    var pairs = Self.special.flatMap { x in Self.special.map { (x, $0) } }
    var random = Random(seed: 5, stream: "numbers")
    for _ in 0..<20_000 {
      let (x, y) = (random.unit(), random.unit() - 0.5)
      pairs += [
        (x, 1.7), (10 * x, 100 * y), (1 + (x - 0.5) * 1e-6, 1e8 * y), (20 * x - 10, (10 * y).rounded()),
        (x * 0x1p300, 2 * y),
        (Double(bitPattern: random.next()), (20 * y).rounded() / 2), (x, 0.5), (x * 100, -1),
      ]
    }
    let found = Kernel.combine(
      .power, pairs.map(\.0), pairs.map(\.1), count: pairs.count, missing: Self.missing)
    for ((x, y), result) in zip(pairs, found) {
      let isMissing = [x, y].contains { $0.magnitude.bitPattern == Self.missing.bitPattern }
      let expected = isMissing ? .nan : Foundation.pow(x, y)
      #expect(distance(result, expected) <= 1, "\(x) ** \(y) is \(expected), found \(result)")
      #expect((result.bitPattern == Self.missing.bitPattern) == isMissing)
    }
  }

  /// All pairs of special numbers, and one beside all, by the operators of Swift; what is missing stays missing.
  @Test(arguments: instructionSets) func pairsAreThoseOfSwift(_ name: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    func isMissing(_ x: Double) -> Bool { x.magnitude.bitPattern == Self.missing.bitPattern }
    func extreme(_ a: Double, _ b: Double, _ isMaximum: Bool) -> Double {
      a.isNaN || b.isNaN ? .nan : (a < b) == isMaximum ? b : a
    }
    func rest(_ a: Double, _ b: Double) -> Double {
      let rest = a.truncatingRemainder(dividingBy: b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    func quotient(_ a: Double, _ b: Double) -> Double {
      if b == 0 { return a / b }
      let rest = a.truncatingRemainder(dividingBy: b)
      let quotient = (a - rest) / b - (rest != 0 && (rest < 0) != (b < 0) ? 1 : 0)
      let down = quotient.rounded(.down)
      return quotient - down > 0.5 ? down + 1 : down
    }
    let functions: [(NumberPairFunction, (Double, Double) -> Double)] = [
      (.remainder, rest), (.floorDivide, quotient), (.add, +), (.subtract, -), (.multiply, *), (.divide, /),
      (.maximum, { extreme($0, $1, true) }),
      (.minimum, { extreme($0, $1, false) }),
    ]
    let comparisons: [(NumberComparison, (Double, Double) -> Bool)] = [
      (.equal, { $0 == $1 || isMissing($0) && isMissing($1) }),
      (.notEqual, { $0 != $1 && !(isMissing($0) && isMissing($1)) }),
      (.less, { $0 < $1 }), (.lessOrEqual, { $0 <= $1 }), (.isNaN, { a, _ in a.isNaN }),
      (.isInfinite, { a, _ in a.isInfinite }),
    ]
    let all = Self.special
    var pairs = all.flatMap { a in all.map { (a, $0) } }
    var random = Random(seed: 6, stream: "numbers")
    for _ in 0..<5000 {
      let (x, y) = (random.unit() - 0.5, random.unit() - 0.5)
      let more: [(Double, Double)] = [
        (x, y), (1000 * x, y), (1e9 * x, 1e-5 * y), ((1e6 * x).rounded(), (20 * y).rounded()), (x, (x / 3).nextUp),
        ((100 * x).rounded() / 10, 0.1), (7 * y, y), (y.nextDown * 3, y), (x * 0x1p1000, y),
        (x * 0x1p-1010, y * 0x1p-1000),
      ]
      pairs += more
    }
    var trials = all.map { (a: [$0], b: all) } + all.map { (a: all, b: [$0]) }
    trials.append((a: pairs.map(\.0), b: pairs.map(\.1)))
    for (a, b) in trials {
      let count = max(a.count, b.count)
      func pair(_ place: Int) -> (Double, Double) { (a[a.count == 1 ? 0 : place], b[b.count == 1 ? 0 : place]) }
      for (function, twin) in functions {
        let found = Kernel.combine(function, a, b, count: count, missing: Self.missing)
        for place in 0..<count {
          let (x, y) = pair(place)
          let (result, expected) = (found[place], twin(x, y))
          if isMissing(x) || isMissing(y) {
            #expect(isMissing(result))
          } else {
            #expect(!isMissing(result) && (result == expected || result.isNaN && expected.isNaN), "\(x) \(y)")
          }
        }
      }
      for (comparison, twin) in comparisons {
        let found = Kernel.compare(comparison, a, b, count: count, missing: Self.missing)
        for place in 0..<count { #expect(found[place] == (twin(pair(place).0, pair(place).1) ? 1 : 0)) }
      }
      let mask = (0..<count).map { UInt8($0 % 3) }
      let found = Kernel.select(mask, a, b, missing: Self.missing)
      for place in 0..<count {
        let expected = [pair(place).1, pair(place).0, Self.missing][place % 3]
        #expect(found[place].bitPattern == expected.bitPattern)
      }
    }
  }

  /// Sums, and those of squares of distances, are rounded once: those of pairs, all but the last of which are opposites, are the last, whatever
  /// the length, and the same with every instruction set.
  @Test func sumsAreRoundedOnce() {
    let chosen = Kernel.instructionSet
    defer { _ = Kernel.use(chosen) }
    for count in [0, 1, 2, 7, 15, 16, 17, 33, 100, 1001] {
      var large: [Double] = []
      for place in 0..<count { large.append(0x1p30 * Double((place % 7 + 1) * (place + 1))) }
      var numbers = large
      numbers.append(3)
      numbers.append(0.5)
      for number in large.reversed() { numbers.append(-number) }
      numbers.append(Self.missing)
      for place in stride(from: 0, to: numbers.count, by: 5) { numbers.insert(Self.missing, at: place) }
      let there = 2 * count + 2
      for name in Self.instructionSets where Kernel.use(name) {
        let sums = Kernel.sums(numbers, 0..<numbers.count, missing: Self.missing)
        #expect(sums.plain.value == 3.5 && sums.plain.count == there, "\(name) \(count)")
        let moved = Kernel.sums(numbers, 0..<numbers.count, missing: Self.missing, times: 2, from: 1)
        let expected = Double(7 - there)
        #expect(moved.plain.value == expected, "\(name) \(count)")
        let small = Kernel.sums([1, Self.missing, 2, 3], 1..<4, missing: Self.missing, from: 2)
        #expect(small.squares.value == 1 && small.plain.value == 1 && small.squares.count == 2)
      }
    }
    #expect(CompensatedSum([0x1p60, 1, -0x1p60]).value == 1 && CompensatedSum([]).mean.isNaN)
    #expect(CompensatedSum([.infinity, 1]).value == .infinity && CompensatedSum([.infinity, -.infinity]).value.isNaN)
  }
}
