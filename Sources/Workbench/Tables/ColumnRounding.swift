import Foundation
import Tensors

/// Many numbers rounded, halves to the even neighbor.
enum ColumnRounding {
  /// The numbers with so many digits behind the point, or, below 0, that many zeros before it.
  static func rounded(_ numbers: [Double], digits: Int) throws -> [Double] {
    if digits == 0 { return try NumberKernels.map(.round, numbers) }
    if digits < 0 {
      let unit = pow(10, Double(-digits))
      return try Pieces.filled(from: numbers) { number in
        // A missing number stays the missing one, whatever is done with it.
        let many = number / unit
        return abs(many) < whole ? Double(signOf: number, magnitudeOf: abs(nearest(many)) * unit) : large(many) * unit
      }
    }
    if digits <= 22 { return try NumberKernels.map(.round(digits: digits), numbers) }
    // The power of ten is no double: the digits themselves tell.
    return try Pieces.map(numbers.count) { place in
      let number = numbers[place]
      return number.isNaN ? number : Double(String(format: "%.\(digits)f", number)) ?? number
    }
  }

  /// Above it there are no halves.
  private static let whole = 0x1p51

  /// The nearest whole number of one below 2^51: so far up there is room for whole numbers alone.
  @inline(__always) private static func nearest(_ number: Double) -> Double { (number + 0x1.8p52) - 0x1.8p52 }

  private static func large(_ number: Double) -> Double { number.rounded(.toNearestOrEven) }
}
