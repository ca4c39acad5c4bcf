import Foundation
import Tensors

/// Many numbers rounded, halves to the even neighbor.
enum ColumnRounding {
  /// The numbers with so many digits behind the point, or, below 0, that many zeros before it.
  static func rounded(_ numbers: [Double], digits: Int) throws -> [Double] {
    if digits <= 0 {
      let unit = pow(10, Double(-digits))
      return try Pieces.filled(from: numbers) { number in
        // A missing number stays the missing one, whatever is done with it.
        let many = number / unit
        return abs(many) < whole ? Double(signOf: number, magnitudeOf: abs(nearest(many)) * unit) : large(many) * unit
      }
    }
    let unit = digits <= 22 ? pow(10, Double(digits)) : .infinity
    var rounded = try Pieces.filled(from: numbers) { number in
      Double(signOf: number, magnitudeOf: abs(nearest(number * unit)) / unit)
    }
    // Where the product does not tell, the digits do.
    let hard = try Pieces.filled(from: numbers) { isHard($0 * unit) ? UInt8(1) : 0 }
    for place in try Pieces.places(numbers.count, where: { hard[$0] == 1 }) where !numbers[place].isNaN {
      rounded[place] = Double(String(format: "%.\(digits)f", numbers[place])) ?? numbers[place]
    }
    return rounded
  }

  /// Above it there are no halves.
  private static let whole = 0x1p51

  /// The nearest whole number of one below 2^51: so far up there is room for whole numbers alone.
  @inline(__always) private static func nearest(_ number: Double) -> Double { (number + 0x1.8p52) - 0x1.8p52 }

  private static func large(_ number: Double) -> Double { number.rounded(.toNearestOrEven) }

  /// Near a half the product with a power of ten, which is rounded itself, does not tell which whole number is nearer; far from one it does, and
  /// a whole number below 2^53 over a power of ten below 10^23 is rounded once.
  @inline(__always) private static func isHard(_ many: Double) -> Bool {
    !(abs(many) < 0x1p40) || abs(abs(many - nearest(many)) - 0.5) <= 0.001
  }
}
