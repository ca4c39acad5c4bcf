import Foundation
import PixelScript

/// The cells of tables in LaTeX, which every engine of it reads: what means something to it is escaped, and signs of other alphabets than
/// the Latin one are commands.
enum LaTeXCell {
  private static let commands: [Character: String] = [
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "|": "\\textbar{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "\"": "\\char34{}", "`": "\\textasciigrave{}",
    // Behind the end of a row these would be arguments of it.
    "[": "{[}", "]": "{]}", "*": "{*}", "\n": " ", "\t": " ",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "\\ldots{}", "•": "\\textbullet{}",
    "\u{A0}": "~", "µ": "$\\mu$", "°": "$^\\circ$", "²": "$^2$", "³": "$^3$", "·": "$\\cdot$", "×": "$\\times$",
    "÷": "$\\div$", "±": "$\\pm$", "−": "$-$", "≈": "$\\approx$", "≠": "$\\neq$", "≤": "$\\leq$", "≥": "$\\geq$",
    "∞": "$\\infty$", "√": "$\\surd$", "∑": "$\\sum$", "∆": "$\\Delta$", "∂": "$\\partial$", "∈": "$\\in$",
    "→": "$\\rightarrow$", "←": "$\\leftarrow$", "↑": "$\\uparrow$", "↓": "$\\downarrow$", "⇒": "$\\Rightarrow$",
  ]
  private static let greek: [Character: String] = Dictionary(
    uniqueKeysWithValues: zip(
      "αβγδεζηθικλνξπρσςτυφχψωΓΔΘΛΞΠΣΥΦΨΩμ",
      [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "nu", "xi",
        "pi", "rho", "sigma", "varsigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta",
        "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "mu",
      ]
    ).map { ($0, "$\\\($1)$") })

  /// A text, as it is.
  static func escaped(_ text: String) -> String {
    var output = ""
    for letter in ControlCharacters.escaped(text) {
      let form =
        switch letter {
        case "&", "%", "$", "#", "_", "{", "}": "\\\(letter)"
        default: commands[letter] ?? greek[letter] ?? String(letter)
        }
      // Two of such signs side by side are another one.
      if let last = output.last, last == form.first, "-'`,".contains(last) { output += "{}" }
      output += form
    }
    return output
  }

  /// A list of numbers as bars, as the terminal draws it.
  static func line(_ numbers: [Double]) -> String {
    Sparkline.shares(numbers).map { share in
      guard let share else { return "\\hspace{0.3em}" }
      return "\\rule{0.3em}{\(String(format: "%.2f", 0.2 + 1.4 * share))ex}"
    }.joined()
  }

  /// The first letter of some texts that LaTeX, unless it is XeLaTeX or LuaLaTeX, has no form for; nil for none.
  static func stranger(in texts: some Sequence<String>) -> Character? {
    for text in texts {
      for letter in text where commands[letter] == nil && greek[letter] == nil {
        if letter.unicodeScalars.contains(where: { $0.value > 0x17F }) { return letter }
      }
    }
    return nil
  }
}
