/// What the elements of a tensor stand for; whole numbers are kept exactly over the whole range of their type.
public enum ElementType: String, CaseIterable, Sendable {
  case float32, int32, uint8, bool

  /// The whole numbers of this type; nil where it is not one of whole numbers.
  public var range: ClosedRange<Double>? {
    switch self {
    case .float32: nil
    case .int32: -2_147_483_648...2_147_483_647
    case .uint8: 0...255
    case .bool: 0...1
    }
  }

  /// Whether a tensor of this type can hold a number unchanged; floats are rounded and hold all.
  public func holds(_ number: Double) -> Bool {
    guard let range else { return true }
    return range.contains(number) && number == number.rounded()
  }

  /// What a tensor of this type holds, for errors.
  var contents: String {
    guard let range else { return "numbers" }
    return self == .bool ? "0 and 1" : "whole numbers from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
  }
}

/// A number that a tensor of some type can't hold; its text says which, where, and what fits.
public struct ElementError: Error, Equatable, CustomStringConvertible {
  /// The number.
  public let number: Double
  /// Its index along each axis.
  public let index: [Int]
  /// The type.
  public let type: ElementType

  /// One sentence without a point.
  public var description: String {
    let text =
      if number.isNaN { "nan" } else if number == number.rounded(), abs(number) < 1e18 { "\(Int(number))" } else {
        "\(number)"
      }
    return description(found: text)
  }

  /// The same with the number as a text, which may have more digits than a float.
  public func description(found text: String) -> String {
    let place = index.isEmpty ? "" : " at \(index)"
    return "a tensor of \(type.rawValue) holds \(type.contents), found \(text)\(place)"
  }
}
