import Formats
import PixelScript

/// The cells of tables in Markdown.
enum MarkdownCell {
  /// A text as GitHub shows it letter by letter: whatever would be emphasis, a link, a formula, code or HTML is escaped.
  static func escaped(_ text: String) -> String {
    let letters = Array(Markup.escaped(ControlCharacters.escaped(text)))
    var output = ""
    for (place, letter) in letters.enumerated() {
      switch letter {
      case "|", "\\", "*", "`", "[", "]", "~", "$": output += "\\\(letter)"
      case "_":
        // Inside of a word it is a letter.
        let isInside =
          place > 0 && place + 1 < letters.count && isWord(letters[place - 1]) && isWord(letters[place + 1])
        output += isInside ? "_" : "\\_"
      case "\n": output += "<br>"
      default: output.append(letter)
      }
    }
    return output
  }

  private static func isWord(_ letter: Character) -> Bool { letter.isLetter || letter.isNumber }
}
