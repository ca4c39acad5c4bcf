import Foundation

/// How numbers are written for people; what stands together has one form.
enum NumberForm: Equatable, Codable {
  /// So many digits behind the point.
  case decimals(Int)
  /// So many digits in all, with an exponent where they are not enough.
  case digits(Int)
  /// An exponent, and so many digits behind the point before it.
  case exponent(Int)

  /// The form of a number that stands alone: four figures at most.
  init(of value: Double) {
    let size = abs(value)
    if size < 1e7, size.rounded() == size {
      self = .decimals(0)
    } else {
      self = size < 0.001 || size >= 1e7 ? .exponent(2) : .decimals(size < 10 ? 3 : size < 1000 ? 1 : 0)
    }
  }

  /// The form of ticks at multiples of `step` on an axis that reaches as far from 0 as `size`.
  init(step: Double, size: Double) {
    guard size >= 1e6 || step < 1e-5 else {
      self = .decimals(max(0, Int((-log10(step) - 1e-9).rounded(.up))))
      return
    }
    // As many digits as tell two neighbors apart.
    let needed = Int(floor(log10(size)) - floor(log10(step) + 1e-9)) + 1
    self = needed > 3 && step >= 1 && size < 1e15 ? .decimals(0) : .digits(min(max(needed, 3), 17))
  }

  /// The first form, of `least` to `most` digits, in which as many numbers differ as in the last.
  static func telling(
    _ numbers: [Double], _ least: Int, _ most: Int, _ form: (Int) -> NumberForm
  ) -> NumberForm {
    // Writing very many numbers takes longer than rounding them, which differs at ties alone.
    func told(_ digits: Int) -> Int {
      numbers.count <= 1000
        ? Set(numbers.map { form(digits).text($0) }).count : Set(numbers.map(form(digits).rounded)).count
    }
    let all = told(most)
    return form((least..<most).first { told($0) == all } ?? most)
  }

  private func rounded(_ value: Double) -> Double {
    switch self {
    case .decimals(let count):
      let power = pow(10, Double(count))
      return (value * power).rounded() / power
    case .digits(let count), .exponent(let count):
      guard value != 0, value.isFinite else { return value }
      let more = if case .exponent = self { 1 } else { 0 }
      let power = pow(10, Double(count + more - 1) - floor(log10(abs(value))))
      return (value * power).rounded() / power
    }
  }

  /// A number in this form; what is written as zero has no sign.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let format =
      switch self {
      case .decimals(let count): "%.\(count)f"
      case .digits(let count): "%.\(count)g"
      case .exponent(let count): "%.\(count)e"
      }
    let text = String(format: format, value)
    return text.hasPrefix("-0") && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
  }
}
