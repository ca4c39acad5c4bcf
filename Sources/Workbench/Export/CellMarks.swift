import PixelScript

/// Comments in the code of a cell that read like the line with which a cell begins: in a script each has a blank more before it, so that it
/// begins none.
enum CellMarks {
  /// Code of a cell as it stands in a script.
  static func indented(_ code: String) -> String { lines(of: code) { " " + $0 } }

  /// Code of a script as it stands in a cell elsewhere.
  static func bare(_ code: String) -> String { lines(of: code) { $0.first == " " ? $0.dropFirst() : $0 } }

  /// The same code with each line changed that reads like the beginning of a cell, blanks before it aside; not in texts of several lines.
  private static func lines(of code: String, _ change: (Substring) -> Substring) -> String {
    guard code.contains("%%") else { return code }
    let texts = Lexer.tokens(of: SourceText(name: "", bytes: Array(code.utf8))).tokens.filter {
      switch $0.kind {
      case .string, .interpolation: true
      default: false
      }
    }
    var (result, rest, start) = ("", code[...], 0)
    while true {
      let line = rest.prefix { !$0.isNewline }
      let isInText = texts.contains { Int($0.span.start) < start && start < Int($0.span.end) }
      result += line.prefixMatch(of: /[ ]*# ?%%/) != nil && !isInText ? change(line) : line
      guard line.endIndex < rest.endIndex else { return result }
      result.append(rest[line.endIndex])
      start += line.utf8.count + rest[line.endIndex].utf8.count
      rest = rest[code.index(after: line.endIndex)...]
    }
  }
}
