import Foundation
import PixelScript

/// How the numbers of a column are written for people: with the digits that tell them apart, and no more.
struct ColumnForm: Codable {
  private enum Form: Codable {
    case exact
    /// Thousands and millions by letters.
    case units
    case form(NumberForm)
  }

  /// Whole numbers from here on get units.
  private static let large = 100_000.0
  /// The digits beyond which numbers count as equal; a float has as many.
  static let mostDigits = 8
  private let form: Form

  /// The form of numbers that stand below each other; whole ones are written in full unless they are amounts, whose digits say little.
  init(_ numbers: [Double], areAmounts: Bool = true) {
    let finite = numbers.filter(\.isFinite)
    let size = finite.map { abs($0) }.max() ?? 0
    if finite.allSatisfy({ $0 == $0.rounded() }) {
      let isTold =
        areAmounts && size >= Self.large && Set(finite.map(Self.unitText)).count == Set(finite).count
      form = isTold ? .units : .exact
      return
    }
    if let decimals = Self.written(finite) {
      form = .form(.decimals(decimals))
      return
    }
    let smallest = finite.map { abs($0) }.filter { $0 > 0 }.min() ?? 1
    guard smallest >= 0.001, size < 1e7 else {
      form = .form(NumberForm.telling(finite, 4, Self.mostDigits) { .digits($0) })
      return
    }
    let most = size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1
    // The smallest keeps two digits.
    let needed = smallest >= 1 ? 1 : Int((-log10(smallest)).rounded(.up)) + 1
    let decimals = min(max(most, needed), 4)
    let limit = max(Self.mostDigits - 1 - Int(floor(log10(size))), decimals)
    var form = NumberForm.telling(finite, decimals, limit) { .decimals($0) }
    // Zeros at the end that say nothing go: those of all numbers, and only where more digits would be zeros too.
    if form == .decimals(decimals) {
      let texts = finite.map { NumberForm.decimals(limit).text($0) }
      let unused = (texts.map { $0.reversed().prefix { $0 == "0" }.count }.min() ?? 0) - (limit - decimals)
      form = .decimals(max(decimals - max(unused, 0), 1))
    }
    self.form = .form(form)
  }

  /// The decimals, at most four, with which all numbers are what somebody wrote, such as prices; nil for figures with more.
  private static func written(_ numbers: [Double]) -> Int? {
    let size = numbers.map { abs($0) }.max() ?? 0
    var scale = 1.0
    for decimals in 1...4 {
      scale *= 10
      guard size * scale < 1e15 else { return nil }
      if numbers.allSatisfy({ isWritten($0, ($0 * scale).rounded() / scale) }) { return decimals }
    }
    return nil
  }

  /// Whether a number is what a rounded one is as a number of its size: a float that of single precision.
  private static func isWritten(_ number: Double, _ rounded: Double) -> Bool {
    number == rounded || Double(Float(number)) == number && Float(rounded) == Float(number)
  }

  /// A number in the form.
  func text(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    switch form {
    case .exact: return Display.text(of: number)
    case .units: return Self.unitText(number)
    case .form(let form): return form.text(number)
    }
  }

  /// Four digits and a letter: `618.7k`, `1.205M`.
  private static func unitText(_ number: Double) -> String {
    var (size, letter) = (number, "")
    for next in ["k", "M", "G", "T"] where abs(size) >= 999.95 {
      size /= 1000
      letter = next
    }
    guard !letter.isEmpty else { return Display.text(of: number) }
    guard abs(size) < 999.95 else { return NumberForm.exponent(3).text(number) }
    let decimals = abs(size) < 9.9995 ? 3 : abs(size) < 99.995 ? 2 : 1
    var text = String(format: "%.\(decimals)f", size)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + letter
  }
}

/// Columns that tell how much there is of something, as far as their name tells.
enum Amount {
  private static let words: Set = [
    "parameters", "params", "weights", "tokens", "bytes", "flops", "macs", "elements", "pixels",
  ]

  /// Whether a name is that of amounts; a whole number of another column, such as an id or a seed, says something by each of its digits.
  static func isTold(by name: String) -> Bool {
    !words.isDisjoint(with: name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }
}

/// Which values of a figure are good, as far as its name tells.
enum Goodness {
  case low, high

  private static let lowWords: Set = ["loss", "error", "err", "perplexity", "nll", "mse", "mae", "rmse", "ppl"]
  private static let highWords: Set = ["accuracy", "acc", "f1", "precision", "recall", "auc"]
  private static let others: Set = ["std", "count", "seconds"]

  /// What is good of a column by its name; nil where the name does not tell.
  init?(_ name: String) {
    let words = Set(name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    guard words.isDisjoint(with: Self.others) else { return nil }
    if !words.isDisjoint(with: Self.lowWords) {
      self = .low
    } else if !words.isDisjoint(with: Self.highWords) {
      self = .high
    } else {
      return nil
    }
  }

  /// The best of some numbers; nil unless two of them are different.
  func best(_ numbers: [Double]) -> Double? {
    let finite = numbers.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low < high else { return nil }
    return self == .low ? low : high
  }
}
