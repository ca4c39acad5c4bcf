import PixelScript

/// A number, a text or a truth value of Python as one of a script.
struct PythonLiteral {
  /// What it is.
  enum Kind { case number, string, other }

  /// How a script writes it.
  let text: String
  /// What it is.
  let kind: Kind
  /// Whether `print` of Python writes it as `print` of a script does.
  let isPrintedAlike: Bool

  /// Reads the text of a literal; nil for anything else, and for numbers that a script does not hold exactly.
  init?(_ text: String) {
    if text.wholeMatch(of: /-?(0|[1-9](_?\d)*)/) != nil {
      let digits = text.replacing("_", with: "")
      guard let number = Int(digits), number.magnitude <= 1 << 53 else { return nil }
      self.init(digits, .number, isPrintedAlike: Display.text(of: Double(number)) == digits)
    } else if let match = text.wholeMatch(
      of: /(-?)(0|[1-9](?:_?\d)*)?(?:(\.)(\d(?:_?\d)*)?)?(?:[eE]([+-]?\d+))?/),
      match.2 != nil || match.4 != nil, match.3 != nil || match.5 != nil
    {
      let (whole, part) = (match.2.map { String($0) } ?? "0", match.4.map { ".\($0)" } ?? "")
      let power = match.5.map { "e\($0.first == "+" ? $0.dropFirst() : $0)" } ?? ""
      let text = "\(match.1)\(whole)\(part)\(power)".replacing("_", with: "")
      guard let number = Double(text), number.isFinite else { return nil }
      // Python writes 1.0, and powers of ten in another way.
      let isPlain = number.rounded() != number && (1e-4..<1e16).contains(abs(number))
      self.init(text, .number, isPrintedAlike: isPlain)
    } else if let match = text.wholeMatch(of: /"([^"\\{}\n]*)"|'([^'"\\{}\n]*)'/) {
      self.init(Display.quoted(String(match.1 ?? match.2 ?? "")), .string, isPrintedAlike: true)
    } else if let word = ["True": "true", "False": "false", "None": "nil"][text] {
      self.init(word, .other, isPrintedAlike: false)
    } else {
      return nil
    }
  }

  private init(_ text: String, _ kind: Kind, isPrintedAlike: Bool) {
    (self.text, self.kind, self.isPrintedAlike) = (text, kind, isPrintedAlike)
  }
}
