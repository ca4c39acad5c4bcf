import Kernels
import Safepoint

/// A function of a number in double precision.
package struct NumberFunction: Sendable {
  fileprivate let function: pb_double_function
  fileprivate var unit = 1.0
  /// About the nanoseconds of a thousand numbers.
  fileprivate let cost: Int

  private init(_ function: pb_double_function, cost: Int = 300) { (self.function, self.cost) = (function, cost) }

  package static let exp = Self(PB_DOUBLE_EXP, cost: 800)
  package static let log = Self(PB_DOUBLE_LOG, cost: 1000)
  package static let log2 = Self(PB_DOUBLE_LOG2, cost: 1000)
  package static let sin = Self(PB_DOUBLE_SIN, cost: 1000)
  package static let cos = Self(PB_DOUBLE_COS, cost: 1000)
  package static let tan = Self(PB_DOUBLE_TAN, cost: 2000)
  package static let tanh = Self(PB_DOUBLE_TANH, cost: 1500)
  package static let sqrt = Self(PB_DOUBLE_SQRT, cost: 500)
  package static let abs = Self(PB_DOUBLE_ABS)
  package static let negate = Self(PB_DOUBLE_NEGATE)
  package static let floor = Self(PB_DOUBLE_FLOOR)
  package static let ceil = Self(PB_DOUBLE_CEIL)
  /// The nearest whole number, of two the even one.
  package static let round = Self(PB_DOUBLE_ROUND)

  /// The nearest number with so many digits behind the point, from 1 to 22; a half goes to the even neighbor.
  package static func round(digits: Int) -> Self {
    precondition((1...22).contains(digits), "a power of ten that is no double")
    var function = Self(PB_DOUBLE_DIGITS, cost: 600)
    function.unit = (0..<digits).reduce(1) { unit, _ in unit * 10 }
    return function
  }
}

/// A function of two numbers in double precision.
package struct NumberPairFunction: Sendable {
  fileprivate let function: pb_double_pair
  /// About the nanoseconds of a thousand pairs.
  fileprivate var cost = 300

  package static let add = Self(function: PB_DOUBLE_ADD)
  package static let subtract = Self(function: PB_DOUBLE_SUBTRACT)
  package static let multiply = Self(function: PB_DOUBLE_MULTIPLY)
  package static let divide = Self(function: PB_DOUBLE_DIVIDE)
  /// The quotient rounded down; the quotient where the divisor is 0.
  package static let floorDivide = Self(function: PB_DOUBLE_FLOOR_DIVIDE, cost: 1500)
  /// What division rounded down leaves, with the sign of the divisor.
  package static let remainder = Self(function: PB_DOUBLE_REMAINDER, cost: 1500)
  package static let power = Self(function: PB_DOUBLE_POWER, cost: 3000)
  /// The larger one, NaN where one is.
  package static let maximum = Self(function: PB_DOUBLE_MAXIMUM)
  /// The smaller one, NaN where one is.
  package static let minimum = Self(function: PB_DOUBLE_MINIMUM)
}

/// What is asked of two numbers in double precision, or of the first alone.
package struct NumberComparison: Sendable {
  fileprivate let function: pb_double_pair

  package static let equal = Self(function: PB_DOUBLE_EQUAL)
  package static let notEqual = Self(function: PB_DOUBLE_NOT_EQUAL)
  package static let less = Self(function: PB_DOUBLE_LESS)
  package static let lessOrEqual = Self(function: PB_DOUBLE_LESS_OR_EQUAL)
  package static let isNaN = Self(function: PB_DOUBLE_IS_NAN)
  package static let isInfinite = Self(function: PB_DOUBLE_IS_INFINITE)
}

extension Kernel {
  /// f(x) of every number; NaN stays as it is, with all its bits.
  package static func map(_ f: NumberFunction, _ x: [Double]) -> [Double] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe made(x.count, nanoseconds(x.count, f.cost)) { y, part in
        guard let x = x.baseAddress else { return }
        let first = part.lowerBound
        unsafe pb_map_doubles(f.function, part.count, f.unit, x + first, y + first)
      }
    }
  }

  /// f(a, b) of `count` numbers; an array of one number serves for all. What is made with the NaN `missing` is that one.
  package static func combine(
    _ f: NumberPairFunction, _ a: [Double], _ b: [Double], count: Int, missing: Double
  ) -> [Double] {
    unsafe pairs(a, b, count, missing, f.cost) { y, part, a, stepA, b, stepB, bits in
      unsafe pb_combine_doubles(f.function, part.count, a, stepA, b, stepB, bits, y)
    }
  }

  /// 1 where a comparison holds, else 0; the NaN `missing` is equal to itself.
  package static func compare(
    _ f: NumberComparison, _ a: [Double], _ b: [Double], count: Int, missing: Double
  ) -> [UInt8] {
    unsafe pairs(a, b, count, missing) { y, part, a, stepA, b, stepB, bits in
      unsafe pb_compare_doubles(f.function, part.count, a, stepA, b, stepB, bits, y)
    }
  }

  /// a where a mask is 1, b where it is 0, else `missing`; an array of one number serves for all.
  package static func select(_ mask: [UInt8], _ a: [Double], _ b: [Double], missing: Double) -> [Double] {
    unsafe mask.withUnsafeBufferPointer { mask in
      let count = mask.count
      return unsafe pairs(a, b, count, missing) { y, part, a, stepA, b, stepB, bits in
        guard let mask = mask.baseAddress else { return }
        unsafe pb_select_doubles(part.count, mask + part.lowerBound, a, stepA, b, stepB, bits, y)
      }
    }
  }

  /// What some of the numbers times a factor and less a center add up to, and their squares, without those that are the NaN `missing`.
  package static func sums(
    _ x: [Double], _ part: Range<Int>, missing: Double, times factor: Double = 1, from center: Double = 0
  ) -> (plain: CompensatedSum, squares: CompensatedSum) {
    precondition(part.lowerBound >= 0 && part.upperBound <= x.count, "numbers that are not there")
    var there = 0
    var sums = [0.0, 0, 0, 0]
    unsafe x.withUnsafeBufferPointer { x in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        guard let x = x.baseAddress, let sums = sums.baseAddress else { return }
        unsafe pb_sum_doubles(
          part.count, x + part.lowerBound, Int64(bitPattern: missing.bitPattern), factor, center, &there, sums)
      }
    }
    return (
      CompensatedSum(sum: sums[0], rest: sums[1], count: there),
      CompensatedSum(sum: sums[2], rest: sums[3], count: there)
    )
  }

  /// Numbers as floats; NaN stays NaN.
  package static func floats(_ x: [Double]) -> [Float] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe made(x.count, nanoseconds(x.count, 400)) { y, part in
        guard let x = x.baseAddress else { return }
        for k in part { unsafe y[k] = Float(x[k]) }
      }
    }
  }

  /// 0 where a mask is 1, else 1.
  package static func opposite(of x: [UInt8]) -> [UInt8] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe made(x.count, nanoseconds(x.count, 30)) { y, part in
        guard let x = x.baseAddress else { return }
        unsafe pb_flip_bytes(part.count, x + part.lowerBound, y + part.lowerBound)
      }
    }
  }

  /// 1 where a mask is 1, else 0.
  package static func floats(ofMask x: [UInt8]) -> [Float] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe made(x.count, nanoseconds(x.count, 300)) { y, part in
        guard let x = x.baseAddress else { return }
        for k in part { unsafe y[k] = x[k] == 1 ? 1 : 0 }
      }
    }
  }

  private static func pairs<Element: BitwiseCopyable>(
    _ a: [Double], _ b: [Double], _ count: Int, _ missing: Double, _ cost: Int = 300,
    _ body: (
      UnsafeMutablePointer<Element>, Range<Int>, UnsafePointer<Double>, Int, UnsafePointer<Double>, Int, Int64
    ) -> Void
  ) -> [Element] {
    precondition((a.count == count || a.count == 1) && (b.count == count || b.count == 1), "numbers of other lengths")
    let (stepA, stepB) = (a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
    let bits = Int64(bitPattern: missing.bitPattern)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe made(count, nanoseconds(count, cost)) { y, part in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          let first = part.lowerBound
          unsafe body(y + first, part, a + first * stepA, stepA, b + first * stepB, stepB, bits)
        }
      }
    }
  }

  /// `count` elements that `body` writes, in pieces on several threads where the work is worth it. Nobody may use them once the work must stop.
  private static func made<Element: BitwiseCopyable>(
    _ count: Int, _ nanoseconds: Int, _ body: (UnsafeMutablePointer<Element>, Range<Int>) -> Void
  ) -> [Element] {
    if count >= 1 << 21 { Safepoint.mayMake(MemoryLayout<Element>.stride * count) }
    return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, made in
      let buffer = unsafe buffer
      if let start = buffer.baseAddress {
        Parallel.pieces(count, nanoseconds: nanoseconds) { unsafe body(start, $0) }
      }
      made = count
    }
  }
}
