/// Makes texts of the words of the language without its grammar, and damages scripts.
struct TextMutator {
  var random: FuzzRandom

  private static let words = [
    "x", "f", " ", " ", "\n", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==", "+", "-", "**", "//", "@", "+=",
    "?", ";", "1", "0xff", "1e-3", ".5", "\"a\"", "\"", "'", "\"\"\"", "f\"{", "f\"\"\"{", "}\"", ":.3f}", "!r}", "=}",
    "r\"\\\"", "\\u{", "\\x4", "fn", "fn(", "if ", "else ", "elif ", "for ", "in ", "while ", "not ", "and ", "or ",
    "return ",
    "try ", "catch ", "param ", "import ", "as ", "raise ", "assert ", "def ", "lambda ", "break", "continue", "true",
    "nil", "# c\n", "# %% t\n", "# %% [markdown]\n", "é", "日", "👍", "👩‍👧", "e\u{301}", "\t", "\r", "&&", "!", "\u{FEFF}",
    "\0",
    "\u{202E}",
  ]

  /// Up to 30 words, one behind the other.
  mutating func words() -> [UInt8] {
    (0...random.below(30)).map { _ in random.pick(Self.words) }.joined().utf8.map { $0 }
  }

  /// A text with up to six changes: bytes changed, dropped, doubled, words put in, parts of the other text put in.
  mutating func damaged(_ text: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = text
    for _ in 0...random.below(6) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(6) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: random.pick(Self.words).utf8, at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.below(40)))
      case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(80))], at: place)
      default:
        let start = random.below(other.count)
        bytes.insert(contentsOf: other[start..<min(other.count, start + random.below(80))], at: place)
      }
    }
    return bytes
  }
}
