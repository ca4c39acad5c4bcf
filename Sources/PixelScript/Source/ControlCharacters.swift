/// Characters that would act on a terminal instead of being seen, and how they are shown.
///
/// They are the control characters of ASCII and of the block behind it, such as U+009B, which begins a command as ESC [ does,
/// and the marks that turn the direction of text or break lines.
public enum ControlCharacters {
  /// The escape of a character as a string of the language has it, nil for one that is only seen.
  public static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x20..<0x7F: nil
    case 0: "\\0"
    case 9: "\\t"
    case 10: "\\n"
    case 13: "\\r"
    case ..<0x20, 0x7F: "\\x" + String(scalar.value + 256, radix: 16).dropFirst()
    case 0x80..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
      "\\u{" + String(scalar.value, radix: 16) + "}"
    default: nil
    }
  }

  /// Returns a text in which nothing acts on a terminal: line ends and tabs stay, the other characters of this kind are
  /// escaped.
  ///
  /// With `keepingColors` the sequences that select colors stay as well, for text that is drawn by us.
  public static func escaped(_ text: String, keepingColors: Bool = false) -> String {
    guard mayContain(text) else { return text }
    var output = ""
    let scalars = text.unicodeScalars
    var place = scalars.startIndex
    while place < scalars.endIndex {
      let scalar = scalars[place]
      if keepingColors, scalar == "\u{1B}", let end = endOfColor(scalars, from: place) {
        output.unicodeScalars.append(contentsOf: scalars[place..<end])
        place = end
        continue
      }
      if scalar != "\n", scalar != "\t", let escape = escape(scalar) {
        output += escape
      } else {
        output.unicodeScalars.append(scalar)
      }
      scalars.formIndex(after: &place)
    }
    return output
  }

  /// Returns the text of JSON objects with what a JSON encoder may leave in strings escaped, so that nothing acts on a
  /// terminal; it means the same.
  public static func escapedJSON(_ text: String) -> String {
    guard mayContain(text) else { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      if scalar.value >= 0x7F, escape(scalar) != nil {
        let code = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// False for a text that has none for sure; quick.
  private static func mayContain(_ text: String) -> Bool {
    text.utf8.contains { byte in
      switch byte {
      case 9, 10: false
      // The first bytes of the characters from U+0080, U+0600 and U+2000.
      case ..<0x20, 0x7F, 0xC2, 0xD8, 0xE2: true
      default: false
      }
    }
  }

  /// The end of a sequence `ESC [ 1 ; 31 m` that starts at `start`; nil for any other.
  private static func endOfColor(
    _ scalars: String.UnicodeScalarView, from start: String.Index
  ) -> String.Index? {
    var place = scalars.index(after: start)
    guard place < scalars.endIndex, scalars[place] == "[" else { return nil }
    repeat {
      scalars.formIndex(after: &place)
    } while place < scalars.endIndex
      && (scalars[place] == ";" || ("0"..."9").contains(scalars[place]))
    return place < scalars.endIndex && scalars[place] == "m" ? scalars.index(after: place) : nil
  }
}
