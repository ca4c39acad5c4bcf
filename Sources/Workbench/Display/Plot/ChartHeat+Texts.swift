import Foundation
import PixelScript

extension Chart.Heat {
  /// What stands in the cells, at most a twentieth off: nothing for what is missing.
  var texts: [String] {
    guard !values.isEmpty else { return [] }
    let form = Self.form(of: values.filter(\.isFinite))
    return values.map { value in
      if value.isNaN { return "" }
      let text = form.text(value)
      // Two digits where one would be far from the number.
      guard value.isFinite, let read = Double(text), abs(read - value) > 0.05 * abs(value) else { return text }
      return NumberForm.digits(2).text(value)
    }
  }

  /// The form of the numbers of cells, of finite ones: short, and so that numbers differ in it whose colors do, and none but 0 reads as 0.
  static func form(of numbers: [Double]) -> NumberForm {
    guard let low = numbers.min(), let high = numbers.max() else { return .decimals(0) }
    let size = max(abs(low), abs(high))
    if size < 1e9, numbers.allSatisfy({ $0 == $0.rounded() }) { return .decimals(0) }
    func decimals(of step: Double) -> Int { Int((-log10(step) - 1e-9).rounded(.up)) }
    // Colors of a fiftieth of their range are told apart.
    let span = high - low
    let step = max((span.isFinite && span > size * 1e-14 ? span : size) / 50, .leastNonzeroMagnitude)
    let smallest = numbers.lazy.map { abs($0) }.filter { $0 > 0 }.min() ?? size
    let least = max(decimals(of: smallest), size < 10 ? 2 : size < 1000 ? 1 : 0)
    let told = max(decimals(of: step), size < 10 ? 2 : 0)
    // Of few numbers those that still look the same get a digit more.
    let more = numbers.count <= 100 ? 1 : 0
    let most = max(least, told) + more
    // What is as small as this has powers of ten beside the colors too.
    if size >= 5e-5, least <= told + 2, most + max(Int(log10(size)), 0) < 9 {
      return .telling(numbers, least, most) { .decimals($0) }
    }
    let digits = Int(floor(log10(size))) - Int(floor(log10(step) + 1e-9)) + 1 + more
    return .telling(numbers, 2, min(max(digits, 2), 17)) { .digits($0) }
  }
}
