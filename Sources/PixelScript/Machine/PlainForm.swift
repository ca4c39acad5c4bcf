/// What the usual format specifications ask for, in bytes: `.2f`, `05d`, `>8` and the like of numbers and of strings of ASCII.
struct PlainForm {
  private enum Kind { case any, text, whole, fixed }

  private let kind: Kind
  private let fill, alignment, sign: UInt8
  private let width: Int
  private let precision: Int?

  /// Longer texts take the way of all others.
  private static let widest = 128

  /// The form of a specification; nil when it asks for more.
  init?(_ form: FormatSpecification) {
    guard form.grouping == nil, !form.isAlternate, form.width <= PlainForm.widest, form.fill.utf8.count == 1,
      let fill = form.fill.asciiValue, let sign = form.sign.asciiValue
    else { return nil }
    switch form.type {
    case nil where form.precision == nil: kind = .any
    case "s" where form.precision == nil: kind = .text
    case "d" where form.precision == nil: kind = .whole
    case "f" where form.precision ?? 6 <= DecimalText.longestQuick: kind = .fixed
    default: return nil
    }
    (self.fill, self.sign, width) = (fill, sign, form.width)
    alignment = form.alignment?.asciiValue ?? 0
    precision = form.precision
  }

  /// The text of a value in the form, which the caller owns; nil where the way of all others is to be taken.
  func text(of value: Slot, _ machine: Machine) -> Slot? {
    if value.tag == .string {
      guard kind == .any || kind == .text else { return nil }
      return value.with(StringBox.self) { text in
        guard text.size <= PlainForm.widest, text.isKnownASCII || text.isShortASCII else { return nil }
        return unsafe padded(0, text.bytes, natural: UInt8(ascii: "<"), machine)
      }
    }
    guard value.isNumber, value.number.isFinite else { return nil }
    let number = value.number
    let isNegative = number.sign == .minus
    let shown = isNegative && number != 0 ? UInt8(ascii: "-") : isNegative || sign == UInt8(ascii: "-") ? 0 : sign
    switch kind {
    case .text: return nil
    case .any, .whole:
      guard value.isSmallWhole else { return nil }
      return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
        var writer = unsafe TextWriter(buffer)
        writer.write(Int(number.magnitude))
        let digits = unsafe UnsafeBufferPointer(rebasing: buffer[..<writer.count])
        return unsafe padded(shown, digits, natural: UInt8(ascii: ">"), machine)
      }
    case .fixed:
      return unsafe DecimalText.fixed(number.magnitude, precision ?? 6) { digits in
        unsafe padded(shown, digits, natural: UInt8(ascii: ">"), machine)
      }
    }
  }

  /// A sign, or none where it is 0, and a text, filled up to the width.
  private func padded(
    _ sign: UInt8, _ text: UnsafeBufferPointer<UInt8>, natural: UInt8, _ machine: Machine
  ) -> Slot {
    let length = text.count + (sign == 0 ? 0 : 1)
    let missing = max(width - length, 0)
    let place = alignment == 0 ? natural : alignment
    let before =
      switch place {
      case UInt8(ascii: "<"), UInt8(ascii: "="): 0
      case UInt8(ascii: "^"): missing / 2
      default: missing
      }
    let between = place == UInt8(ascii: "=") ? missing : 0
    let padded = unsafe machine.newString(size: length + missing) { target in
      var writer = unsafe TextWriter(target)
      writer.write(fill, times: before)
      if sign != 0 { writer.write(sign) }
      writer.write(fill, times: between)
      unsafe writer.write(text)
      writer.write(fill, times: missing - before - between)
      return writer.count
    }
    padded.with(StringBox.self) { $0.noteASCII() }
    return padded
  }
}
