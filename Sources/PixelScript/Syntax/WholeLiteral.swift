/// The digits of a whole number, which a double holds exactly or not at all.
enum WholeLiteral {
  /// The number that decimal digits spell; nil where no number holds it exactly.
  static func number(decimal digits: String) -> Double? {
    guard let value = Double(digits), value.isFinite else { return nil }
    if value < 9_007_199_254_740_992 { return value }
    let spelt = digits.utf8.drop { $0 == UInt8(ascii: "0") }
    return DecimalText.text(of: value, "f", 0).utf8.elementsEqual(spelt) ? value : nil
  }

  /// The number that hexadecimal digits spell; nil where no number holds it exactly.
  static func number(hexadecimal digits: String) -> Double? {
    let significant = String(digits.drop { $0 == "0" }.reversed().drop { $0 == "0" }.reversed())
    let count = digits.drop { $0 == "0" }.count
    guard !significant.isEmpty else { return 0 }
    guard significant.count <= 16, let bits = UInt64(significant, radix: 16), let value = Double(exactly: bits) else {
      return nil
    }
    let scaled = (significant.count..<count).reduce(value) { product, _ in product * 16 }
    return scaled.isFinite ? scaled : nil
  }
}
